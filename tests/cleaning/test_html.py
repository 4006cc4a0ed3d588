"""The recipe for a saved page, end to end on small pages of our own."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backfile.cleaning.blocks import HIDDEN, page_blocks
from backfile.cleaning.clean import clean_capture
from backfile.cleaning.page import parse_page
from backfile.model import Capture

PARAGRAPHS = [
    "The harbour of the old town was closed on Monday morning, after a ship had lost part of its cargo in the night.",
    "Nobody was hurt, the harbour master said, but the ferries to the islands would stay in port until the evening.",
    "“We have asked the owners to send divers as soon as the wind drops,” she told reporters at the quay, where a "
    "small crowd had gathered to watch the cranes at work.",
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
    cleaned = clean_capture(
        Capture(data=PAGE.encode(), url="https://quay.example/harbour", origin="saved/harbour.html")
    )
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


def test_a_body_that_stands_only_in_a_script_is_found() -> None:
    markup = "".join(f"<p>{p}</p>" for p in PARAGRAPHS * 2)
    page = (
        f"<html><body><div id='app'>Loading</div><script>state = {json.dumps({'body': markup})}</script></body></html>"
    )
    cleaned = clean_capture(Capture(data=page.encode()))
    assert cleaned.text.split("\n")[: len(PARAGRAPHS)] == PARAGRAPHS
    assert [(r.reason, r.text) for r in cleaned.receipt.removed][:1] == [("stands in for the text", "Loading")]


def test_the_standfirst_is_the_description_and_not_in_the_body() -> None:
    lead = "A ship lost part of its cargo in the night, and the ferries stay in port."
    page = PAGE.replace('<div class="article-body">', f'<h2 class="standfirst">{lead}</h2><div class="article-body">')
    cleaned = clean_capture(Capture(data=page.encode()))
    assert cleaned.article.standfirst
    assert cleaned.article.description == lead
    assert lead not in cleaned.article.body
    assert cleaned.text.startswith(lead)


def test_a_member_of_a_container_is_named() -> None:
    assert (
        clean_capture(Capture(data=b"<p>x</p>", origin="saved/a.warc", member="3")).article.original == "saved/a.warc#3"
    )


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "span", "ul><li", "table><tr><td", "custom-box"])
def test_deep_nesting_keeps_the_words(tag: str) -> None:
    data = f"<{tag}>".encode() * 100_000 + PAGE[PAGE.index("<article") :].encode()
    assert PARAGRAPHS[0] in clean_capture(Capture(data=data)).text


def test_removals_inside_the_body_say_before_which_block_they_stood() -> None:
    page = PAGE.replace(f"<p>{PARAGRAPHS[1]}</p>", f"<div class='ad-slot'>Advertisement</div><p>{PARAGRAPHS[1]}</p>")
    cleaned = clean_capture(Capture(data=page.encode()))
    assert [(r.before, r.reason) for r in cleaned.receipt.removed if r.text == "Advertisement"] == [
        (1, "advertising marker")
    ]


_WORDS = st.sampled_from(
    ["ferry", "harbour", "night", "quay", "storm", "wind", "boat", "mast", "rope", "anchor", "tide"]
)
_TEXT = st.lists(_WORDS, min_size=1, max_size=25).map(" ".join)
_INLINE = st.one_of(_TEXT, _TEXT.map(lambda t: f"<b>{t}</b>"), _TEXT.map(lambda t: f'<a href="/x">{t}</a>'))
_CONTENT = st.lists(_INLINE, min_size=1, max_size=3).map(" ".join)
_NAMES = st.sampled_from(["", "article-body", "share", "related", "teaser", "caption", "sidebar", "author"])
_TAGS = st.sampled_from(
    ["p", "div", "h1", "h2", "li", "blockquote", "figure", "figcaption", "aside", "nav", "footer", "span", "td", "ul"]
)


def _element(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, name, inner: f'<{tag} class="{name}">{" ".join(inner)}</{tag}>',
        _TAGS,
        _NAMES,
        st.lists(content, max_size=4),
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.recursive(_CONTENT, _element, max_leaves=20), max_size=6))
def test_every_visible_word_is_in_the_article_or_in_the_receipt(parts: list[str]) -> None:
    data = f"<html><body>{' '.join(parts)}</body></html>".encode()
    cleaned = clean_capture(Capture(data=data))
    shown = Counter(" ".join(parse_page(data).tree.itertext()).split())
    told = Counter(" ".join((cleaned.text, *(r.text for r in cleaned.receipt.removed))).split())
    assert shown <= told


def test_real_pages_lose_no_words() -> None:
    corpus = Path(__file__).parents[3] / "shared" / "corpus"
    if not corpus.is_dir():
        pytest.skip("the labelled pages are not here")
    for file in sorted((corpus / "pages").glob("fundus-*.gz"))[::15]:
        data = gzip.decompress(file.read_bytes())
        cleaned = clean_capture(Capture(data=data))
        shown = Counter(
            w for x in page_blocks(parse_page(data).tree).blocks if not x.flags & HIDDEN for w in x.text.split()
        )
        figures = (f"{f.caption} {f.credit}" for f in cleaned.article.figures)
        told = Counter(
            " ".join(
                (cleaned.text, cleaned.article.title, *figures, *(r.text for r in cleaned.receipt.removed))
            ).split()
        )
        assert (shown - told).total() <= shown.total() // 500, file.name


@pytest.mark.parametrize(
    ("head", "last", "expected"),
    [
        ("", "<p><strong>Mary Quay</strong></p>", ("Mary Quay",)),
        ('<meta property="og:site_name" content="The Daily Quay"><meta name="author" content="The Daily Quay">',
         "<p><strong>Mary Quay</strong></p>", ("Mary Quay",)),
        ('<meta name="author" content="John Crane">', "<p><strong>Mary Quay</strong></p>", ("John Crane",)),
        ("", "<p>Mary Quay</p>", ()),
        ("", "<p><strong>Read more about the storm</strong></p>", ()),
        ("", "</div><div><p><strong>Mary Quay</strong></p>", ()),
    ],
)  # fmt: skip
def test_a_name_in_bold_under_the_text_signs_it_where_nobody_else_does(
    head: str, last: str, expected: tuple[str, ...]
) -> None:
    page = PAGE.replace("</head>", head + "</head>").replace(PARAGRAPHS[-1] + "</p>", PARAGRAPHS[-1] + "</p>" + last)
    cleaned = clean_capture(Capture(data=page.encode(), url="https://quay.example/harbour"))

    assert cleaned.article.authors == expected
    assert any(c.source == "signature" for c in cleaned.receipt.candidates) == (expected == ("Mary Quay",))
