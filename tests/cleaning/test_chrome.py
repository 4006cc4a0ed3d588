"""What is not the article: the steps inside the chosen part, the account of the rest, and what is no article at all."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag

from backfile.cleaning.blocks import page_blocks
from backfile.cleaning.body.cut import cut, drop_beside
from backfile.cleaning.chrome.account import Known, account
from backfile.cleaning.chrome.hints import hinted_reason, marked_reason
from backfile.cleaning.chrome.strip import strip_chrome
from backfile.cleaning.clean import clean_capture
from backfile.cleaning.lexicon import lexicon
from backfile.cleaning.page import parse_page
from backfile.cleaning.verdict import refusal
from backfile.model import Capture, PageMetadata

WORDS = lexicon("en")
LONG = (
    "The council voted on Tuesday evening to keep the ferry, after three hours of debate and a long list of speakers."
)


def part(markup: str) -> Tag:
    found = BeautifulSoup(f"<div>{markup}</div>", "html.parser").find("div")
    assert isinstance(found, Tag)
    return found


@pytest.mark.parametrize(
    ("markup", "reason", "left"),
    [
        ("<p>Text.</p><p>Advertisement</p><p>It goes on.</p>", "advertising marker", "Text.It goes on."),
        ("<p>Text.<span class='sr-only'>Opens elsewhere</span></p>", "for screen readers only", "Text."),
        ("<h2>Text.<span class='mw-editsection'>[<a href='/e'>edit</a>]</span></h2>", "edit link", "Text."),
        ("<p>Text.</p><figcaption>A boat</figcaption>", "caption without a picture", "Text."),
        ("<p>Text.</p><p>Read more: <a href='x'>Ferry saved at last</a></p>", "related headlines", "Text."),
    ],
)
def test_chrome_in_the_midst_is_taken_out_with_its_reason(markup: str, reason: str, left: str) -> None:
    root = part(markup)
    (removal,) = strip_chrome(root, WORDS)
    assert removal.reason == reason
    assert removal.step == "chrome"
    assert root.get_text() == left


@pytest.mark.parametrize(
    "markup",
    [
        "<p>We share this island.</p>",
        "<p>Share of votes in the <a href='x'>last election</a> by town and by party</p>",
        "<ul><li>Email</li><li>Print</li></ul>",
        "<p>Read more books, the teacher said; she has a <a href='x'>list</a> of them for every age and taste.</p>",
    ],
)
def test_a_phrase_inside_a_sentence_or_a_list_stays(markup: str) -> None:
    root = part(markup)
    assert strip_chrome(root, WORDS) == []


def test_names_give_reasons() -> None:
    assert hinted_reason("social-share") == "share buttons"
    assert hinted_reason("story text") == ""
    assert hinted_reason("") == ""
    assert marked_reason("x visually-hidden") == "for screen readers only"
    assert marked_reason("visible") == ""


def test_the_account_gives_reasons_related_headlines_and_author_notes() -> None:
    page = page_blocks(
        parse_page(
            f"""<nav>Home</nav><p class="x">By Ada Lovelace</p><p>{LONG}</p><p>Share</p><p>{LONG}</p>
            <div class="author-bio">Ada Lovelace writes about machines, numbers and the sea for this newspaper.</div>
            <h3>Related articles</h3><ul><li><a href="/boats">Old boats get new engines</a></li></ul>
            <p hidden>unseen</p><form>Postcode</form><footer>Imprint</footer>""".encode()
        ).tree
    )
    kept = [x.text == LONG for x in page.blocks]
    known = Known(title="", authors=("Ada Lovelace",), words=WORDS, base_url="https://quay.example/a", reasons={})
    found = account(page, kept, known)
    assert [(r.step, r.reason) for r in found.removed] == [
        ("outside", "menu"),
        ("byline", "byline"),
        ("chrome", "share buttons"),
        ("outside", "author biography"),
        ("outside", "related headlines"),
        ("outside", "form"),
        ("outside", "page footer"),
    ]
    assert [(link.title, link.url) for link in found.related] == [
        ("Old boats get new engines", "https://quay.example/boats")
    ]
    assert found.notes == ("Ada Lovelace writes about machines, numbers and the sea for this newspaper.",)
    assert found.removed[2].before == len(LONG.split())


def test_the_cut_has_the_chosen_blocks_and_the_pictures_among_them() -> None:
    page = page_blocks(
        parse_page(
            f"""<div id="a"><img src="before.jpg"><p>{LONG}</p><div class="ad"><p>Buy now</p></div>
            <figure><img src="boat.jpg"><figcaption>A boat</figcaption></figure>
            <p>{LONG} <b>End</b><br>.</p>drop</div>""".encode()
        ).tree
    )
    root = cut(page, [LONG in x.text for x in page.blocks])
    assert [img["src"] for img in root.find_all("img")] == ["before.jpg", "boat.jpg"]
    assert root.get_text(" ", strip=True) == f"{LONG} A boat {LONG} End ."
    assert [str(text) for text in root.beside] == ["A boat"]
    drop_beside(root)
    assert root.get_text(" ", strip=True) == f"{LONG} {LONG} End ."
    drop_beside(root)
    assert cut(page, [False] * len(page.blocks)).get_text() == ""


def test_words_beside_a_picture_that_are_not_about_it_do_not_become_text() -> None:
    told = "Read this page aloud"
    page = f"""<h1>The ferry stays</h1><article><p>{LONG}</p>
        <figure><img src="data:image/gif;base64,R0lGOD"><p>{told}</p></figure><p>{LONG} No more.</p></article>"""
    cleaned = clean_capture(Capture(data=page.encode(), url="https://quay.example/ferry"))
    assert cleaned.text == f"{LONG}\n{LONG} No more."
    assert told in " ".join(removal.text for removal in cleaned.receipt.removed)


@pytest.mark.parametrize(
    ("markup", "found", "expected"),
    [
        (f"<p>{LONG}</p><p>{LONG}</p>", PageMetadata(), ""),
        ("<p>Sorry</p>", PageMetadata(title="404 Not Found"), "an error page"),
        (
            "<p>We use cookies</p><button>Accept all</button><button>Manage cookies</button>",
            PageMetadata(),
            "a consent wall",
        ),
        ("<p>Short</p>", PageMetadata(access="locked"), "a paywall without the article's text"),
        (f"<p>{LONG}</p><p>{LONG}</p>", PageMetadata(access="locked"), "a paywall without the article's text"),
        ("<p>Short</p>", PageMetadata(kind="video"), "a video without text"),
        ("<p>Short</p>", PageMetadata(), "no article text found"),
        ("<a href='x'><p>A headline of many words</p></a>" * 12, PageMetadata(), "a list of headlines"),
        (
            "<a href='x'><p>A headline of many words</p></a>" * 30 + f"<p>{LONG}</p>" * 3,
            PageMetadata(),
            "a list of headlines",
        ),
        (
            "<a href='x'><p>A headline of many words</p></a>" * 30 + f"<p>{LONG}</p>" * 9,
            PageMetadata(url="https://x.org/"),
            "a home page",
        ),
        (
            "<a href='x'><p>A headline of many words</p></a>" * 30 + f"<p>{LONG}</p>" * 9,
            PageMetadata(url="https://x.org/", published="2024-01-01"),
            "",
        ),
    ],
)
def test_what_is_no_article_is_told(markup: str, found: PageMetadata, expected: str) -> None:
    page = page_blocks(parse_page(f"<html><body>{markup}</body></html>".encode()).tree)
    assert refusal(page, [LONG in x.text for x in page.blocks], found, WORDS) == expected
