"""What keeps its form inside an article: tables, terms, notes, posts, and the menus that are read at once."""

from __future__ import annotations

import pytest

from backfile.cleaning import blocks as b
from backfile.cleaning.blocks import page_blocks
from backfile.cleaning.body.choose import settle
from backfile.cleaning.body.features import Anchors
from backfile.cleaning.body.phrases import signature
from backfile.cleaning.clean import clean_capture
from backfile.cleaning.page import decode_page, parse_page
from backfile.limits import Limits, limited
from backfile.model import Capture

BEFORE = (
    "The council voted on Tuesday evening to keep the ferry, after three hours of debate and a long list of speakers.",
    "Opponents of the plan said that the boats were too old, and that nobody had asked the islanders what they wanted.",
)
AFTER = (
    "The mayor promised a new timetable before the summer, and the first new boat is to arrive in the harbour in May.",
    "Fares will stay as they are until then, the council said, although the cost of fuel has risen by a third.",
)


def body(inner: str) -> str:
    """What becomes of a part in the midst of an article."""
    before, after = ("".join(f"<p>{text}</p>" for text in some) for some in (BEFORE, AFTER))
    page = (
        f"<html lang=en><head><title>Ferry kept</title></head><body><nav><a href=/>Home</a></nav><main><article>"
        f"<h1>Ferry kept</h1>{before}{inner}{after}</article></main></body></html>"
    )
    found = clean_capture(Capture(data=page.encode(), url="https://quay.example/ferry")).article.body
    start, end = found.index(BEFORE[1]) + len(BEFORE[1]), found.index(AFTER[0])
    return found[start:end].strip("\n")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<table><caption>Boats</caption><thead><tr><th>Boat</th><th>Built</th></tr></thead><tbody><tr><td>Anna</td>"
            "<td>1971</td></tr><tr><td>Berta</td><td>1980</td></tr></tbody></table>",
            "Boats\n\n| Boat | Built |\n| --- | --- |\n| Anna | 1971 |\n| Berta | 1980 |",
        ),
        (
            "<dl><dt>Ferry</dt><dd>A boat for people.</dd><dd>Also for cars.</dd><dt>Quay</dt>"
            "<dd>Where boats lie.</dd></dl>",
            "-   **Ferry**\n    -   A boat for people.\n    -   Also for cars.\n-   **Quay**\n    -   Where boats lie.",
        ),
        (
            "<p>The sea is wide,<br>the boat is small,<br>we wait for tide<br>or none at all.</p>",
            "The sea is wide,  \nthe boat is small,  \nwe wait for tide  \nor none at all.",
        ),
        (
            "<pre><code>def fare(age):\n    return 0 if age &lt; 6 else 3\n</code></pre>",
            "    def fare(age):\n        return 0 if age < 6 else 3",
        ),
        (
            "<p>The new engine needs 12 m<sup>2</sup> of space and CO<sub>2</sub> filters, and the crew is glad.</p>",
            "The new engine needs 12 m² of space and CO₂ filters, and the crew is glad.",
        ),
    ],
    ids=["table", "terms", "poem", "code", "superscript"],
)
def test_a_structure_keeps_all_its_parts(markup: str, expected: str) -> None:
    assert body(markup) == expected


def test_notes_that_the_text_refers_to_stay_below_it() -> None:
    markup = (
        "<p>The fares rose twice in that year, said the owners.<sup><a href='#n1'>1</a></sup> And again in the winter"
        " that followed.<sup><a href='#n2'>[2]</a></sup></p><section class=footnotes><ol>"
        "<li id=n1>Council minutes, 3 May. <a href='#r1'>↩</a></li><li id=n2>Council minutes, 4 June.</li></ol>"
    )
    assert body(markup).endswith("1.  Council minutes, 3 May.\n2.  Council minutes, 4 June.")


def test_a_post_is_a_quotation_with_author_date_and_address() -> None:
    markup = (
        "<blockquote class='twitter-tweet'><p lang=en>The ferry stays!</p>&mdash; Jane Doe (@jane)"
        " <a href='https://twitter.com/jane/status/123'>May 3, 2024</a></blockquote><script src=x></script>"
    )
    assert body(markup) == (
        "> The ferry stays!\n>\n> — Jane Doe (@jane) [May 3, 2024](https://twitter.com/jane/status/123)"
    )


def test_a_list_of_links_in_the_text_is_not_a_structure_of_it() -> None:
    assert body("<ul><li><a href=/1>The storm, hour by hour</a></li><li><a href=/2>The flood</a></li></ul>") == ""


def blocks_of(markup: str) -> list[b.TextBlock]:
    return page_blocks(parse_page(f"<html><body>{markup}</body></html>".encode()).tree).blocks


def test_a_menu_is_one_block_with_a_line_for_each_part() -> None:
    markup = (
        "<nav><ul><li><a href=/>Home</a> page</li><li><a href=/n><b>News</b> and more</a></li></ul>"
        "<svg><title>x</title></svg><p hidden>no</p><p style='display:none'>no</p><p aria-hidden=true>no</p></nav>"
        "<footer>© Quay<p>Terms</p></footer>"
    )
    menu, footer = blocks_of(markup)
    assert (menu.text, menu.words, menu.flags) == ("Home page\nNews and more", 5, b.NAV)
    assert 0.1 < menu.linked < 0.9
    assert (footer.text, footer.flags) == ("© Quay\nTerms", b.FOOTER)
    assert blocks_of("<nav hidden><p>no</p></nav>") == []


def test_menus_and_footers_that_hold_prose_are_read_as_all_else() -> None:
    long = f"<p>{BEFORE[0]} {BEFORE[1]}</p><p>It goes on.</p>"
    assert len(blocks_of(f"<nav><div><nav>{long}</nav></div></nav>")) == 2
    assert len(blocks_of("<article><p>One.</p><footer><p>Two.</p><p>Three.</p></footer></article>")) == 3


def test_pictures_are_noted_with_the_blocks_before_them() -> None:
    page = page_blocks(
        parse_page(
            b"<body><p>one</p><img src=a><noscript><img src=b></noscript><p>two</p>"
            b"<picture><source><img src=c></picture><nav><img src=d>x</nav></body>"
        ).tree
    )
    assert [(n, image.get("src")) for n, image in page.images] == [(1, "a"), (1, "b"), (2, "c")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Jane Doe", "byline"),
        ("Jane Doe", "byline"),
        ("Published 3 May 2024, 10:00", "date"),
        ("Published in many languages", ""),
        ("Jane Doe has lived on the island since 1990", ""),
        ("Thanks to Jane Doe!", ""),
        ("Updated in 2024.", ""),
    ],
)
def test_lines_that_only_sign_an_article(text: str, expected: str) -> None:
    assert signature(text, ["jane doe"]) == expected


def test_signatures_are_taken_out_at_the_ends_of_a_text_only() -> None:
    inside = "".join(f"<p>{text}</p>" for text in (*BEFORE, *AFTER) * 3)
    page = page_blocks(parse_page(f"<body><p>By Jane Doe</p>{inside}<p>Jane Doe</p>{inside}</body>".encode()).tree)
    choice = settle(page, Anchors(authors=("Jane Doe",)), [0.9] * 26)
    assert choice.reasons == {0: "byline"}


def test_another_form_of_the_headline_is_no_text() -> None:
    page = page_blocks(parse_page(f"<body><h1>Ferry kept, council says</h1><p>{BEFORE[0]}</p></body>".encode()).tree)
    assert settle(page, Anchors(title="Ferry kept"), [0.9, 0.9]).chosen == (False, True)


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_text_that_was_encoded_twice_is_read_as_it_was(wrong: str) -> None:
    text = "We’ve “all” seen the café – at last, a naïve coöperation of São Tomé"
    if wrong == "cp1252":
        text = text.replace("”", "’")  # its last byte is none of windows-1252
    page = f"<meta charset=utf-8><p>{text}</p>".encode()
    assert decode_page(page.decode(wrong).encode())[0] == page.decode()
    assert decode_page(page.decode(wrong).encode())[2] == ("UTF-8 encoded twice",)
    assert decode_page(page) == (page.decode(), "utf-8", ())


def test_signs_that_only_look_encoded_twice_are_left() -> None:
    for text in ("Ã© is what é becomes, and ö and ü and ß", "<p>SÃO © Â© â‚¬</p> 日本語の本文"):
        assert decode_page(text.encode())[0] == text


def test_what_follows_the_longest_article_is_read_at_once_and_told() -> None:
    rest = "".join(f"<p>{BEFORE[0]}</p><div><p>part {n} <b>of</b> it</p></div>" for n in range(3))
    text = "".join(f"<p>{line}</p>" for line in (*BEFORE, AFTER[0]))
    page = f"<html><body><article><h1>Ferry kept</h1>{text}{rest}</article>"
    with limited(Limits(blocks=4)):
        cleaned = clean_capture(Capture(data=page.encode()))
    told = [removal.text for removal in cleaned.receipt.removed if removal.reason == "beyond the longest article"]
    assert told == ["\n".join(line for n in range(3) for line in (BEFORE[0], f"part {n} of it"))]
    assert BEFORE[1] in cleaned.text
    assert "part 1" not in cleaned.text
