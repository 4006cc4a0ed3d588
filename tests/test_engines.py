"""Articles and hand-written pages have two Markdown engines: on what the cleaner writes both say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree, html

from backfile.cleaning.clean import clean_capture
from backfile.model import Capture, CleanOptions
from backfile.prose import article_html, page_html
from tests.importers.helpers import SENTENCES

PAGES = sorted((Path(__file__).parent / "pages").rglob("*.html"))
CONSTRUCTS = {
    "signs": "<p>A star * and *two* of them, under_lines_, &amp;amp; and &lt;b&gt;, [brackets](x), and `ticks`.</p>",
    "first signs": "<p>1. No list at all, only a number.</p><p># no heading either</p><p>- nor a list with a sign</p>",
    "inline": "<p>One <em>leaning</em>, <strong>strong</strong> word, <code>a * b</code>, <a href='/a_b'>link</a>.</p>",
    "break": "<p>A line of an address,<br>and the next line of it.</p>",
    "headings": "<h2>A part of it</h2><p>Some words of that part.</p><h3>A smaller part</h3><p>Its words are here.</p>",
    "lists": "<ul><li>one thing</li><li><p>first of two</p><p>second of two</p></li></ul><ol><li>a</li><li>b</li></ol>",
    "nested": "<ul><li>outer thing<ul><li>inner thing</li><li>another</li></ul></li><li>last thing</li></ul>",
    "quotation": "<blockquote><p>A quotation of two parts.</p><p>The second part of it.</p></blockquote>",
    "table": "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td>3</td></tr></table>",
    "code": "<pre>first line\n    second line &lt;b&gt;\n\nlast line</pre>",
}
PROSE = "".join(f"<p>{text} ({number})</p>" for number in range(3) for text in SENTENCES)


def shape(rendered: str) -> list[str]:
    """Elements and words in their order; of attributes only what leads or shows, since anchors are an article's own."""
    found: list[str] = []
    for event, element in etree.iterwalk(html.fragment_fromstring(rendered, create_parent="div"), ("start", "end")):
        kept = [f"{name}={element.get(name)}" for name in ("href", "src", "alt", "title", "start") if element.get(name)]
        found.append(" ".join([event, str(element.tag), *kept]))
        found += ((element.text if event == "start" else element.tail) or "").split()
    return found


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_each_construct_is_the_same(name):
    page = f"<article><h1>A bridge at last</h1>{PROSE}{CONSTRUCTS[name]}{PROSE.replace('0', '4')}</article>"
    text = clean_capture(Capture(data=page.encode(), url="https://e.org/"), CleanOptions()).article.body
    assert shape(article_html(text)) == shape(page_html(text))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_cleaned_articles_are_the_same(page):
    body = clean_capture(Capture(data=page.read_bytes()), CleanOptions()).article.body
    text = "\n\n".join(block for block in body.split("\n\n") if not block.startswith("!["))
    assert shape(article_html(text)) == shape(page_html(text))
