"""The walk over a page, the choice of the article's blocks, the standfirst, and bodies that stand in scripts."""

from __future__ import annotations

import json

import pytest

from backfile.cleaning import blocks as b
from backfile.cleaning.blocks import PageBlocks, page_blocks
from backfile.cleaning.body.choose import settle
from backfile.cleaning.body.features import NAMES, Anchors, block_features
from backfile.cleaning.body.forest import probabilities
from backfile.cleaning.body.names import name_tokens, name_weights
from backfile.cleaning.body.phrases import ends_in_credit
from backfile.cleaning.body.standfirst import standfirst_blocks
from backfile.cleaning.body.state import show_unscripted, state_markup
from backfile.cleaning.clean import clean_capture
from backfile.cleaning.page import parse_page
from backfile.model import Capture

LONG = (
    "The council voted on Tuesday evening to keep the ferry, after three hours of debate and a long list of speakers."
)
OTHER = (
    "Opponents of the plan said that the boats were too old, and that nobody had asked the islanders what they wanted."
)


def blocks_of(markup: str) -> PageBlocks:
    return page_blocks(parse_page(f"<html><body>{markup}</body></html>".encode()).tree)


def texts(markup: str) -> list[str]:
    return [x.text for x in blocks_of(markup).blocks]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("<div>before<p>in it</p>after</div>", ["before", "in it", "after"]),
        ("<p>one <b>bold</b> <a href='x'>link</a> end</p>", ["one bold link end"]),
        ("<div>first line<br>same paragraph<br><br>second</div>", ["first line same paragraph", "second"]),
        ("<table><tr><td>cell</td><td>next <b>cell</b></td></tr></table>", ["cell next cell"]),
        ("<table><tr><td><p>one</p><p>two</p></td></tr></table>", ["one", "two"]),
        ("<p>text<script>no()</script> goes <noscript>no</noscript>on</p>", ["text goes on"]),
        ("<a href='x'><div>card</div></a>", ["card"]),
        ("<p> \n </p><p>&nbsp;</p>", []),
        ("<ul><li>one<ul><li>two</li></ul></li></ul>", ["one", "two"]),
    ],
)
def test_blocks_are_runs_of_text_between_boxes(markup: str, expected: list[str]) -> None:
    assert texts(markup) == expected


def test_a_block_knows_its_links_its_flags_and_its_pictures() -> None:
    page = blocks_of(
        "<nav><a href='/'>Home</a></nav><figure><img alt='A boat'><figcaption>The boat</figcaption></figure>"
        "<div hidden><p>unseen</p></div><p style='display: none'>unseen too</p><p>half <a href='x'>full</a></p>"
        "<div class='card' role='navigation'>x</div><p>上海的天气</p>"
    )
    home, caption, unseen, also, half, card, wide = page.blocks
    assert home.flags & b.NAV
    assert home.linked == 1.0
    assert caption.flags & b.FIGURE
    assert caption.media == 1
    assert page.alts == ["A boat"]
    assert unseen.flags & b.HIDDEN
    assert also.flags & b.HIDDEN
    assert half.linked == pytest.approx(4 / 9)
    assert card.flags & b.NAV
    assert card.box.names == "card"
    assert wide.size > len(wide.text)


def test_a_link_around_blocks_reaches_into_them() -> None:
    (card,) = blocks_of("<a href='/x'><div><h3>Headline</h3></div></a>").blocks
    assert card.linked == 1.0
    assert card.flags & b.HEADING


def test_names_are_read_as_words() -> None:
    assert name_tokens("articleBody js-lead_text TOCList a1") == (
        "article",
        "body",
        "js",
        "lead",
        "text",
        "toc",
        "list",
    )
    low, high, total = name_weights("related-links")
    assert low < 0 <= high
    assert total < 0
    assert name_weights("zzqx") == (0.0, 0.0, 0.0)


def test_every_row_has_every_feature_and_plain_chrome_has_none() -> None:
    markup = "<h1>Ferry kept</h1>" + f"<div><p>{LONG}</p><p>{OTHER}</p></div>" + "<nav><a href='/'>Home</a></nav>" * 9
    rows = block_features(blocks_of(f"<main>{markup}</main>"), Anchors(title="Ferry kept", article_body=LONG * 9))
    assert all(row is None or len(row) == len(NAMES) for row in rows)
    assert rows[1] is not None
    assert rows[-1] is None
    assert dict(zip(NAMES, rows[1], strict=True))["body_share"] == 1.0
    assert probabilities([None]) == [0.0]
    assert block_features(blocks_of(""), Anchors()) == []


def test_prose_is_more_likely_text_than_links() -> None:
    markup = (
        f"<article><h1>Ferry kept</h1><p>{LONG}</p><p>{OTHER}</p><p>{LONG}</p></article>"
        + "<p class='related'><a href='x'>More on this</a></p>"
    )
    likely = probabilities(block_features(blocks_of(markup), Anchors(title="Ferry kept")))
    assert min(likely[1:4]) > 0.5 > likely[4]


def test_the_headline_and_a_pull_quote_and_a_last_heading_are_not_text() -> None:
    page = blocks_of(
        f"<h1>Ferry kept</h1><p>{LONG}</p><div class='pull'>keep the ferry, after three hours of debate</div>"
        f"<p>{OTHER}</p><h2>More</h2>"
    )
    choice = settle(page, Anchors(title="Ferry kept"), [0.9] * 5)
    assert choice.chosen == (False, True, False, True, False)
    assert list(choice.reasons.values()) == [
        "repeats the headline",
        "repeats a part of the text",
        "a heading with nothing under it",
    ]
    assert 0.8 < choice.confidence < 1.0


def test_nothing_chosen_is_no_confidence() -> None:
    assert settle(blocks_of("<p>x</p>"), Anchors(), [0.1]).confidence == 0.0


@pytest.mark.parametrize(
    ("top", "description", "expected"),
    [
        ("<h2 class='standfirst'>What the council decided, and why</h2>", "", ["What the council decided, and why"]),
        (
            "<p><b>What the council decided on ferries, and why</b></p>",
            "",
            ["What the council decided on ferries, and why"],
        ),
        (
            "<div>The ferry to the islands stays in service</div>",
            "The ferry to the islands stays in service.",
            ["The ferry to the islands stays in service"],
        ),
        ("<h2>A first section of it</h2>", "", []),
        ("", LONG, []),
    ],
)
def test_the_standfirst_is_told_from_the_first_paragraph(top: str, description: str, expected: list[str]) -> None:
    page = blocks_of(f"<header>{top}</header><div>" + f"<p>{LONG}</p><p>{OTHER}</p>" * 2 + "</div>")
    found = standfirst_blocks(page, [True] * len(page.blocks), description)
    assert [x.text for x in found] == expected


def test_markup_in_scripts_is_found_even_inside_other_strings() -> None:
    markup = f"<p>{LONG}</p><p>{OTHER}</p><p>{LONG}</p>"
    once = json.dumps({"state": {"content": markup}})
    for script in (once, f"push({json.dumps(once)})"):
        assert state_markup(parse_page(f"<script>{script}</script>".encode()).tree) == markup
    assert state_markup(parse_page(b"<script>var x = '<p>'</script>").tree) == ""
    assert state_markup(parse_page(b'<script>"' + b"<p>" * 200 + b'\\x"</script>').tree) == ""


def test_what_is_for_readers_without_scripts_is_text_where_nothing_else_is() -> None:
    paragraphs = "".join(f"<p>{LONG} {n}. {OTHER}</p>" for n in ("one", "two", "three"))
    page = f"<h1>Ferry</h1><noscript><p>Turn on scripts</p><div class='text'>{paragraphs}</div>"
    cleaned = clean_capture(Capture(data=page.encode(), url="https://quay.example/a"))
    assert [line.split(LONG)[1][:4] for line in cleaned.text.splitlines() if LONG in line] == [" one", " two", " thr"]
    assert not show_unscripted(parse_page(b"<noscript><p>Turn on scripts</p></noscript>").tree)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A boat at the quay (Photo: Jane Doe)", True),
        ("© Jane Doe", True),
        ("The boat. Picture by Jane Doe", True),
        (LONG, False),
        ("Stop", False),
    ],
)
def test_captions_end_in_credits(text: str, expected: bool) -> None:
    assert ends_in_credit(text) is expected


def choice_of(markup: str, likely: list[float], *, description: str = "") -> tuple[tuple[bool, ...], list[str]]:
    choice = settle(blocks_of(markup), Anchors(description=description), likely)
    return choice.chosen, list(choice.reasons.values())


def test_paragraphs_of_one_look_in_two_containers_stand_or_fall_together() -> None:
    part = f"<div class='stream'><p>{LONG}</p><p>{OTHER}</p></div>"
    chosen, _ = choice_of(f"<div>{part}<div class='ad'></div>{part}</div>", [0.9, 0.9, 0.9, 0.2])
    assert chosen == (True, True, True, True)


def test_the_text_ends_at_the_headline_of_the_next_article() -> None:
    article = f"<article><h1>Headline</h1><p>{LONG}</p><p>{OTHER}</p></article>"
    chosen, reasons = choice_of(article * 2, [0.1, 0.9, 0.9] * 2)
    assert chosen == (False, True, True, False, False, False)
    assert reasons == ["another article"] * 2


def test_another_post_inside_the_article_is_not_in_it() -> None:
    more = f"<h3>More</h3><article class='post-12 box'><p>{OTHER}</p><p>{OTHER}</p><p>{OTHER}</p></article>"
    chosen, reasons = choice_of(f"<article class='post-7 box'><p>{LONG}</p>{more}</article>", [0.9] * 5)
    assert chosen == (True, False, False, False, False)
    assert reasons == ["another article"] * 3 + ["a heading with nothing under it"]
    part = f"<article class='entry'><p>{OTHER}</p></article>"
    assert choice_of(f"<article class='post-7'><p>{LONG}</p>{part}</article>", [0.9] * 2)[0] == (True, True)


def test_a_doubtful_line_that_says_the_description_is_the_standfirst() -> None:
    markup = f"<h1>Ferry</h1><p class='intro'>{OTHER}</p><p>Published on the island</p><p>{LONG}</p>"
    told = f"{OTHER} More"
    assert choice_of(markup, [0.1, 0.3, 0.3, 0.9], description=told)[0] == (False, True, False, True)
    assert choice_of(markup, [0.1, 0.3, 0.3, 0.9])[0] == (False, False, False, True)
    assert choice_of(markup, [0.1, 0.1, 0.3, 0.9], description=told)[0] == (False, False, False, True)


def test_a_second_h1_within_the_article_is_a_heading() -> None:
    markup = f"<article><h1>Headline</h1><p>{LONG}</p><h1>Section</h1><p>{OTHER}</p></article>"
    assert choice_of(markup, [0.1, 0.9, 0.4, 0.9])[0] == (False, True, False, True)


def test_hidden_text_is_taken_only_where_nothing_is_shown() -> None:
    markup = f"<p>{LONG}</p><p>{LONG} {OTHER}</p><p hidden>{OTHER}</p>"
    assert choice_of(markup, [0.9] * 3)[0] == (True, True, False)
    assert choice_of(f"<p hidden>{LONG}</p>", [0.9])[0] == (True,)


def test_a_box_beside_the_text_is_left_out_and_an_article_in_an_aside_is_not() -> None:
    markup = f"<div><p>{LONG}</p><p>{OTHER} {LONG}</p><p>{LONG}</p></div><aside><p>{OTHER}</p></aside>"
    assert choice_of(markup, [0.9] * 4)[0] == (True, True, True, False)
    assert choice_of(f"<aside><p>{LONG}</p></aside>", [0.9])[0] == (True,)


def test_a_note_that_stands_three_times_is_no_text_and_nor_is_its_heading() -> None:
    stand_in = f"<div class='embed'><h3>Not loaded</h3><p>{OTHER}</p></div>"
    markup = f"<div>{f'<p>{LONG}</p><p>x {LONG}</p>{stand_in}' * 3}<p>{LONG} And so on.</p></div>"
    chosen, _ = choice_of(markup, [0.9] * 13)
    assert chosen == (True, True, False, False) * 3 + (True,)
