"""What each construct of HTML becomes, and that hostile nesting does no harm."""

from __future__ import annotations

import re

import pyromark
import pytest
from bs4 import BeautifulSoup, Tag

from backfile.cleaning.convert import to_blocks
from backfile.model import Block

BASE = "https://example.org/news/story.html"


def blocks(html: str, base: str = BASE) -> tuple[Block, ...]:
    root = BeautifulSoup(f"<main>{html}</main>", "lxml").main
    assert isinstance(root, Tag)
    return to_blocks(root, base)


def md(html: str, base: str = BASE) -> str:
    return "\n\n".join(block.markdown for block in blocks(html, base))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<div>One.<div>Two.</div>three</div>", "One.\n\nTwo.\n\nthree"),
        ("loose <b>text</b><br><br>and more<br>lines", "loose **text**\n\nand more  \nlines"),
        ("<p> a \n  b\u00ad\u200bc </p>", "a bc"),
        ("<h1>Part</h1><p>x</p><h3>Sub</h3>", "## Part\n\nx\n\n#### Sub"),
        ("<h3>Only <em>threes</em></h3>", "## Only *threes*"),
        ("<h2><div>A</div><br><div>B</div></h2>", "## A B"),
        ("<h2> </h2><p>x</p>", "x"),
        ("<h4>" + "long " * 80 + "</h4>", ("long " * 80).strip()),
        ("<p>a</p><hr><hr><p>b</p><hr>", "a\n\n* * *\n\nb"),
        ("<ul><li>a</li><li><p>b</p></li></ul>", "-   a\n-   b"),
        ("<ul><li>a<ol start=4><li>b<li>c</ol></ul>", "-   a\n    4.  b\n    5.  c"),
        ("<ol><li><p>a</p><p>b</p></li><li>c</li></ol>", "1.  a\n\n    b\n\n2.  c"),
        ("<ul><li></li></ul><p>x</p>", "x"),
        ("<ul>text<li>a</li></ul>", "-   text\n-   a"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "-   a\n-   b"),
        ("<ul><li><h3>Headline</h3><p>News.</p></li></ul>", "## Headline\n\nNews."),
        ("<li>alone</li>", "alone"),
        ('<ol start="x"><li>a</li></ol>', "1.  a"),
        ("<blockquote><p>a</p><ul><li>b</li></ul></blockquote>", "> a\n>\n> -   b"),
        ("<blockquote> </blockquote><p>x</p>", "x"),
        ("<pre>\n\tcode\n  &lt;b&gt;\n\n</pre>", "        code\n      <b>"),
        ("<ul><li>a</li></ul><pre>code</pre>", "-   a\n\n>     code"),
        ("<pre> </pre><p>x</p>", "x"),
        ("<dl><dt>Term</dt><dd>One</dd><dd>Two</dd></dl>", "-   **Term**\n    -   One\n    -   Two"),
        ("<dl><dd>Only</dd></dl>", "-   Only"),
        ("<dl><dt>T</dt><dd><h2>H</h2></dd></dl>", "**T**\n\n## H"),
        ("<p>see <code>a_b*c</code> and <code>x`y</code></p>", "see `a_b*c` and x\\`y"),
        ("<p>10<sup>6</sup> H<sub>2</sub>O 1<sup>er</sup></p>", "10⁶ H₂O 1er"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"),
        ("<p>She said <q>no</q>.</p>", "She said “no”."),
        ("<p>a<script>x()</script><style>y</style><!-- z -->b</p>", "ab"),
        ("<p dir=rtl>مرحبا <b>بالعالم</b></p>", "مرحبا **بالعالم**"),
    ],
)
def test_constructs(html: str, expected: str) -> None:
    assert md(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>a</b><b>b</b> <strong>c</strong>", "**ab c**"),
        ("<b> a </b>b", "**a** b"),
        ("<b>“a”</b>b", "**“a**”b"),
        ("x<i>(a)</i>", "x(*a)*"),
        ("<i>a</i><b>b</b>", "a**b**"),
        ("<b>a<i>b</i></b>", "**ab**"),
        ("<b><i>a</i></b> b", "***a*** b"),
        ("<b>€</b>a", "€a"),
        ("<b><code>x</code></b>", "`x`"),
        ("<b> </b>a", "a"),
    ],
)
def test_emphasis_gives_way_where_no_engine_could_read_it(html: str, expected: str) -> None:
    assert md(f"<p>{html}</p>") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/a b?c=(1)">x</a>', "[x](https://example.org/a%20b?c=%281%29)"),
        ('<a href="mailto:a@example.org">x</a>', "[x](mailto:a@example.org)"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<a href="#note">x</a>', "x"),
        ('<a href="tel:1">x</a>', "x"),
        ('<a href="http://[bad">x</a>', "[x](http://%5Bbad)"),
        ('<a href="//[bad">x</a>', "x"),
        ('<a href="https://">x</a>', "x"),
        ('<a href="/x"> <img alt=""> </a>y', "y"),
        ('wow!<a href="/x">a</a>', "wow\\![a](https://example.org/x)"),
        ('<a href="/x">a<br>b</a>', "[a](https://example.org/x)  \n[b](https://example.org/x)"),
    ],
)
def test_links(html: str, expected: str) -> None:
    assert md(f"<p>{html}</p>") == expected


def test_links_without_a_base_stay_text() -> None:
    assert md('<a href="/x">a</a>', base="") == "a"


def test_figures_stand_by_themselves() -> None:
    found = blocks('<p>a<img src="/i.jpg" alt="x" title="Say &quot;hi&quot;">b</p>')
    assert [block.kind for block in found] == ["paragraph", "figure", "paragraph"]
    assert found[1].markdown == '![x](https://example.org/i.jpg "Say &quot;hi&quot;")'
    assert found[1].text == ""


def test_pictures_saved_beside_the_page_keep_their_relative_address() -> None:
    assert md('<img src="page_files/i.jpg" alt="">', base="") == "![](page_files/i.jpg)"
    assert md('<img src="ftp://example.org/i.jpg"><p>x</p>') == "x"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/abcdefghijk?autoplay=1" title="A film"></iframe>',
            "[A film](https://www.youtube.com/watch?v=abcdefghijk)",
        ),
        ('<iframe data-src="//player.vimeo.com/video/12"></iframe>', "[vimeo.com/12](https://vimeo.com/12)"),
        (
            '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2F1"></iframe>',
            "[facebook.com/a/1](https://www.facebook.com/a/1)",
        ),
        (
            '<iframe src="https://datawrapper.dwcdn.net/x/1/"></iframe>',
            "[datawrapper.dwcdn.net/x/1](https://datawrapper.dwcdn.net/x/1/)",
        ),
        (
            '<lite-youtube videoid="abcdefghijk"></lite-youtube>',
            "[youtube.com/watch?v=abcdefghijk](https://www.youtube.com/watch?v=abcdefghijk)",
        ),
        (
            '<amp-twitter data-tweetid="12"></amp-twitter>',
            "[twitter.com/i/status/12](https://twitter.com/i/status/12)",
        ),
        (
            '<video><source src="/film.mp4"></video>',
            "[example.org/film.mp4](https://example.org/film.mp4)",
        ),
        ('<iframe src="https://ads.example.com/x"></iframe>', ""),
        ('<iframe src="https://[bad"></iframe>', ""),
        ("<iframe></iframe>", ""),
    ],
)
def test_players_become_links_to_the_original(html: str, expected: str) -> None:
    assert md(html) == expected


def test_an_embedded_post_is_a_quotation_with_author_date_and_link() -> None:
    [post] = blocks(
        '<blockquote class="twitter-tweet"><p>Words &amp; more</p>&mdash; A (@a)'
        ' <a href="https://twitter.com/a/status/1">May 1</a></blockquote>'
    )
    assert post.kind == "quote"
    assert post.markdown == "> Words & more\n>\n> — A (@a) [May 1](https://twitter.com/a/status/1)"
    assert post.text == "Words & more\n— A (@a) May 1"


def test_a_table_of_data() -> None:
    [caption, table] = blocks(
        "<table><caption>Prices</caption><tr><th>a|b</th><th>c</th></tr>"
        "<tr><td>1<br>2</td><td><p>x</p><ul><li>y</li></ul></td></tr><tr><td></td><td></td></tr></table>"
    )
    assert caption.markdown == "Prices"
    assert table.markdown == "| a\\|b | c |\n| --- | --- |\n| 1 2 | x y |"
    assert table.text == "a|b | c\n1 2 | x y"


def test_spans_keep_the_columns_in_line() -> None:
    [table] = blocks(
        "<table><tbody><tr><th colspan=2>a<th>b</tr><tr><td rowspan=2>1<td>2<td>3</tr><tr><td>4<td>5</tr>"
        "</tbody></table>"
    )
    assert table.markdown.split("\n") == ["| a |  | b |", "| --- | --- | --- |", "| 1 | 2 | 3 |", "|  | 4 | 5 |"]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>",
        "<table role=presentation><tr><td>a</td><td>b</td></tr></table>",
        "<table><tr><td>a</td><td>b</td></tr></table>",
        "<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>",
        "<table><tr><td>a</td><td></td></tr><tr><td></td><td><h2></h2>b</td></tr></table>",
    ],
)
def test_tables_of_layout_are_unwrapped(table: str) -> None:
    assert md(table) == "a\n\nb"


def test_tables_have_bounds() -> None:
    wide = "<table>" + ("<tr>" + "<td>x</td>" * 40 + "</tr>") * 2 + "</table>"
    long_cell = f"<table><tr><td>a</td><td>b</td></tr><tr><td>{'word ' * 300}</td><td>c</td></tr></table>"
    huge = "<table><tr><td>a</td><td colspan=99999>b</td></tr><tr><td>c</td><td colspan=abc>d</td></tr></table>"
    assert [block.kind for block in blocks(wide)] == ["paragraph"] * 80
    assert {block.kind for block in blocks(long_cell)} == {"paragraph"}
    assert {block.kind for block in blocks(huge)} == {"paragraph"}


@pytest.mark.parametrize(
    "tag", ["b", "blockquote", "ul", "ol", "li", "dl", "dd", "table", "td", "a", "h2", "p", "ruby", "rt"]
)
def test_deeply_nested_tags_come_through(tag: str) -> None:
    root = BeautifulSoup(f"<{tag}>" * 3000 + "words", "html.parser")
    assert "words" in "\n".join(block.text for block in to_blocks(root, BASE))


def test_the_root_may_be_a_list_or_a_table() -> None:
    root = BeautifulSoup("<ol><li>a</li></ol>", "lxml").ol
    assert isinstance(root, Tag)
    assert [block.markdown for block in to_blocks(root, BASE)] == ["1.  a"]


def test_text_is_a_line_for_each_paragraph_and_item() -> None:
    found = blocks("<ul><li>a<br>b<ul><li>c</li></ul></li></ul><pre>x\ny</pre><hr><p>z</p>")
    assert [block.text for block in found] == ["a b\nc", "x\ny", "", "z"]


def test_the_whole_of_it_renders() -> None:
    html = "<h2>H</h2><p>a <a href='/x'>b</a></p><ul><li>c</li></ul><table><tr><th>d<th>e<tr><td>f<td>g</table>"
    rendered = pyromark.html(md(html), options=pyromark.Options.ENABLE_TABLES)
    assert re.findall(r"<(h2|p|a|ul|li|table|th|td)\b", rendered) == [
        "h2",
        "p",
        "a",
        "ul",
        "li",
        "table",
        "th",
        "th",
        "td",
        "td",
    ]
