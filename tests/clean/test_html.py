"""The recipe for a saved page, end to end on small pages of our own."""

from __future__ import annotations

from backfile.clean import clean_capture
from backfile.model import Capture

PARAGRAPHS = [
    "The harbour of the old town was closed on Monday morning, after a ship had lost part of its cargo in the night.",
    "Nobody was hurt, the harbour master said, but the ferries to the islands would stay in port until the evening.",
    "“We have asked the owners to send divers as soon as the wind drops,” she told reporters at the quay, where a small "
    "crowd had gathered to watch the cranes at work.",
]
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Harbour closed - The Daily Quay</title>
<meta property="og:title" content="Harbour closed after ship loses cargo"></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article class="article"><h1>Harbour closed after ship loses cargo</h1>
<div class="article-body">{"".join(f"<p>{p}</p>" for p in PARAGRAPHS)}</div>
<div class="share-bar"><a href="#">Facebook</a> <a href="#">Twitter</a></div></article>
<aside class="related"><h3>Most read</h3><ul><li><a href="/a">Storm warning for the coast</a></li></ul></aside></main>
<footer><p>© The Daily Quay</p></footer></body></html>"""


def test_the_paragraphs_are_the_text_and_the_rest_is_told() -> None:
    cleaned = clean_capture(Capture(data=PAGE.encode(), url="https://quay.example/harbour", origin="saved/harbour.html"))
    assert cleaned.text.split("\n") == PARAGRAPHS
    assert cleaned.article.title == "Harbour closed after ship loses cargo"
    assert cleaned.article.original == "saved/harbour.html"
    removed = " ".join(r.text for r in cleaned.receipt.removed)
    assert "Storm warning for the coast" in removed
    assert "Facebook Twitter" in removed


def test_an_empty_page_is_refused() -> None:
    cleaned = clean_capture(Capture(data=b""))
    assert cleaned.refusal
    assert cleaned.text == ""
