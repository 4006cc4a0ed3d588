"""The marked page: every block's fate, nothing of the page's markup, nothing to load."""

from __future__ import annotations

import re

from backfile.cleaning.marked import marked_page
from backfile.model import Article, Candidate, Capture, Cleaned, Figure, Receipt, Removal

PAGE = """<html><body><nav>Home</nav><h1>The harbour</h1><p>By Jane Doe</p>
<p>The council agreed on a budget for the year, and the mayor was pleased with it.</p>
<figure><figcaption>Boats. <b>John Roe</b></figcaption></figure>
<div>Share <script>alert(1)</script></div><p>A last word from the <i>council</i> &lt;img src=x onerror=y&gt;</p>
<p hidden>Not seen</p><p>Never told of</p><ul><li>Read also: one</li><li>two</li></ul></body></html>"""


def cleaned(refusal: str = "") -> Cleaned:
    article = Article(
        title="The harbour", authors=("Jane Doe",), figures=(Figure(caption="Boats.", credit="John Roe"), Figure())
    )
    receipt = Receipt(
        id="1",
        origin="saved/a.html",
        profile="example",
        confidence=0.9,
        candidates=(Candidate(field="title", value="The <harbour>", source="h1", chosen=True, reason="agreement"),),
        removed=(
            Removal(step="outside", reason="menu", text="Home"),
            Removal(step="chrome", reason="share <buttons>", text="Share"),
            Removal(step="chrome", reason="related headlines", text="Read also: one two"),
        ),
    )
    text = (
        "The council agreed on a budget for the year, and the mayor was pleased with it all.\n"
        "A last word from the council <img src=x onerror=y>"
    )
    return Cleaned(article=article, receipt=receipt, text=text, refusal=refusal)


def sections(html: str) -> list[tuple[str, str, list[str]]]:
    return [
        (kind, label, re.findall(r'<p class="[hp]" dir="auto">(.*?)</p>', body))
        for kind, label, body in re.findall(r'<section class="(\w+)" title="([^"]*)">(.*?)</section>', html, re.S)
    ]


def test_every_block_has_its_fate() -> None:
    assert sections(marked_page(Capture(data=PAGE.encode()), cleaned())) == [
        ("removed", "removed: outside: menu", ["Home"]),
        ("field", "read as title", ["The harbour"]),
        ("field", "read as author", ["By Jane Doe"]),
        ("kept", "kept", ["The council agreed on a budget for the year, and the mayor was pleased with it."]),
        ("field", "read as caption and credit", ["Boats. John Roe"]),
        ("removed", "removed: chrome: share &lt;buttons&gt;", ["Share"]),
        ("kept", "kept", ["A last word from the council &lt;img src=x onerror=y&gt;"]),
        ("unmarked", "not accounted for", ["Never told of"]),
        ("removed", "removed: chrome: related headlines", ["Read also: one", "two"]),
    ]


def test_the_page_runs_and_loads_nothing() -> None:
    html = marked_page(Capture(data=PAGE.encode()), cleaned())
    assert "default-src &#x27;none&#x27;" in html
    assert not re.search(r"<(?:script|img|iframe|link|a|form|object)\b|\bon\w+=\"|https?:|url\(", html, re.I)


def test_the_summary_shows_fields_and_refusal() -> None:
    html = marked_page(Capture(data=PAGE.encode()), cleaned(refusal="a list of headlines"))
    assert "<td>The &lt;harbour&gt;</td><td>h1</td><td>yes</td><td>agreement</td>" in html
    assert "Not an article: a list of headlines." in html
    assert "saved/a.html · confidence 0.90 · profile example" in html


def test_a_text_dump_is_marked_line_by_line() -> None:
    html = marked_page(Capture(data=b"Home\n\nThe harbour\n", media_type="text/plain"), cleaned())
    assert [texts for _, _, texts in sections(html)] == [["Home"], ["The harbour"]]


def test_nothing_known_is_nothing_claimed() -> None:
    html = marked_page(
        Capture(data=b"<p>Words.</p>"), Cleaned(article=Article(title=""), receipt=Receipt(id=""), text="")
    )
    assert "<title>A saved page" in html
    assert sections(html) == [("unmarked", "not accounted for", ["Words."])]
