"""The dates that a page shows: how they stand against those of its head, and which of them are of something else."""

from __future__ import annotations

import lxml.html
import pytest

from backfile.cleaning.metadata import read_metadata
from backfile.cleaning.metadata.stamps import local_form
from backfile.model import PageMetadata

PROSE = (
    "<p>" + "The council met on Tuesday and spoke at length about the harbour, its boats and its cranes. " * 3 + "</p>"
)


def read(head: str, body: str, *, lang: str = "en", captured: str = "") -> PageMetadata:
    tree = lxml.html.document_fromstring(f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>')
    return read_metadata(tree, captured=captured)


def published(value: str) -> str:
    return f'<meta property="article:published_time" content="{value}">'


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        # An earlier day, marked or announced, is that of the first publication.
        ("2025-06-24T10:00:00Z", '<div class="text__date">August 25, 2024</div>', "2024-08-25"),
        ("2025-06-24T10:00:00Z", "<p>Published August 25, 2024</p>", "2024-08-25"),
        # An unmarked date in a longer line is no ground to doubt the head.
        ("2025-06-24T10:00:00Z", "<p>Since August 25, 2024 the boats have stayed in.</p>", "2025-06-24T10:00:00+00:00"),
        # A later day is an update's.
        ("2025-06-24T10:00:00Z", '<div class="date">July 1, 2025</div>', "2025-06-24T10:00:00+00:00"),
        # The page shows the head's day as well.
        (
            "2025-06-24T10:00:00Z",
            '<time>August 25, 2024</time><p class="date">June 24, 2025</p>',
            "2025-06-24T10:00:00+00:00",
        ),
        # The same moment, by the newsroom's clock.
        ("2020-02-25T02:25:54Z", '<p class="byline-date">February 24, 2020 | 9:25pm</p>', "2020-02-24T21:25:54-05:00"),
        ("2020-02-25T02:25:54Z", "<p>February 24, 2020 9:25pm</p>", "2020-02-24T21:25:54-05:00"),
    ],
)
def test_the_head_is_checked_against_the_date_that_the_page_shows(head: str, line: str, expected: str) -> None:
    found = read(published(head), f"<h1>Boats</h1>{line}{PROSE}")

    assert found.published == expected


def test_a_clear_date_goes_before_a_weak_one_of_the_head() -> None:
    head = '<meta name="date" content="2021-12-20">'

    assert read(head, f'<h1>Boats</h1><span class="date">27 January 2022</span>{PROSE}').published == "2022-01-27"
    assert read(head, f"<h1>Boats</h1>{PROSE}").published == "2021-12-20"


def test_the_same_day_shown_decides_between_two_of_the_head() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2022-01-04T07:29:00Z"}</script>'
        + published("2022-01-06T08:29:34")
        + '<meta name="date" content="2022-01-06">'
    )

    assert read(head, f'<h1>Boats</h1><p class="date">6 January 2022</p>{PROSE}').published == "2022-01-06T08:29:34"


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ('<p class="post-updated-date">9 December 2025</p>', "", "2025-12-09"),
        ('<p class="date published updated">9 December 2025</p>', "2025-12-09", ""),
        ('<span itemprop="dateModified">9 December 2025</span>', "", "2025-12-09"),
        ("<p>Last updated 4 June 2020, originally created 17 June 2019</p>", "2019-06-17", "2020-06-04"),
        ("<p>Published: 8 November 2023 | Updated: 9 November 2023</p>", "2023-11-08", "2023-11-09"),
        ("<p>Updated 9 November 2023, published 8 November 2023</p>", "2023-11-08", "2023-11-09"),
        ("<p>Harbour, 25 January 2022 – " + "The boats stayed in for a third day. " * 6 + "</p>", "2022-01-25", ""),
        ('<div class="elementor-widget"><time datetime="2022-10-08">8 Oct 2022</time></div>', "2022-10-08", ""),
        ("<p>Posted 28.09.2019:44</p>", "", ""),
    ],
)
def test_updates_and_publications_are_told_apart(line: str, first: str, last: str) -> None:
    found = read("", f"<h1>Boats</h1>{line}{PROSE}")

    assert (found.published, found.modified) == (first, last)


FAR = PROSE * 6


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("<div><p>April 8, 2024</p></div>", "2024-04-08"),
        ("<p>April 8, 2024</p><p>May 9, 2024</p>", ""),
        ("<p>Posted on the 15/12/2025 at 19:00 by a friend</p><p>May 9, 2024</p>", "2025-12-15T19:00:00"),
        ("<div class='post-date'>April 8, 2024</div><p>May 9, 2024</p>", "2024-04-08"),
        ("<div class='comment'><p>April 8, 2024</p></div>", ""),
        ("<p>© April 8, 2024 by the Harbour Post, all rights are reserved</p>", ""),
        ("<p><b>Updated</b> <span>April 8, 2024</span></p>", ""),
    ],
)
def test_a_date_away_from_the_headline_counts_if_it_can_be_no_other(end: str, expected: str) -> None:
    assert read("", f"<h1>Boats</h1>{FAR}{end}").published == expected


def test_the_date_of_the_update_alone_is_not_the_publications() -> None:
    head = '<meta property="article:modified_time" content="2024-04-08T10:00:00Z">'

    assert read(head, f"<h1>Boats</h1>{FAR}<p>April 8, 2024</p>").published == ""


def test_every_date_read_is_a_candidate_with_the_reason_of_its_fate() -> None:
    head = published("2025-06-24T10:00:00Z") + '<meta name="pubdate" content="2031-01-01">'
    found = read(head, f'<h1>Boats</h1><p class="date">August 25, 2024</p>{PROSE}', captured="2026-01-01T00:00:00Z")
    told = {c.value: (c.source, c.chosen, c.reason) for c in found.candidates if c.field == "published"}

    assert told["2024-08-25"] == ("visible", True, "clearer than what the head says")
    assert told["2031-01-01"] == ("meta pubdate", False, "lies after the capture")
    assert told["2025-06-24T10:00:00+00:00"][1:] == (False, "trust 93 of 100")


@pytest.mark.parametrize(
    ("stamp", "clock", "expected"),
    [
        ("2024-04-30T14:00:34+00:00", "2024-04-30T16:00:00", "2024-04-30T16:00:34+02:00"),
        ("2024-04-30T14:00:34+00:00", "2024-04-30T16:07:00", ""),
        ("2024-04-30T14:00:34+00:00", "2024-05-02T14:00:00", ""),
        ("2024-04-30T14:00:34+02:00", "2024-04-30T16:00:00", ""),
        ("2024-04-30T14:00:34+00:00", "2024-04-30", ""),
    ],
)
def test_a_clock_tells_the_offset_of_a_time_in_utc(stamp: str, clock: str, expected: str) -> None:
    assert local_form(stamp, clock) == expected


def test_one_source_that_another_and_the_update_speak_against_gives_no_date() -> None:
    node = '{{"@type": "NewsArticle", "headline": "Boats", "dateCreated": "{}", {}}}'
    data = f'<script type="application/ld+json">{node}</script>'
    times = '"datePublished": "2025-11-29", "dateModified": "2025-11-29"'

    assert read(data.format("2025-08-08", times), f"<h1>Boats</h1>{PROSE}").published == ""
    # A day apart is a night's work, and a second source settles it.
    assert read(data.format("2025-11-28", times), f"<h1>Boats</h1>{PROSE}").published == "2025-11-29"
    both = published("2025-11-29") + data.format("2025-08-08", times)
    assert read(both, f"<h1>Boats</h1>{PROSE}").published == "2025-11-29"
    # So does the page itself.
    line = '<p class="date">29 November 2025</p>'
    assert read(data.format("2025-08-08", times), f"<h1>Boats</h1>{line}{PROSE}").published == "2025-11-29"


def test_an_address_that_names_a_much_earlier_day_than_a_head_nobody_sees_leaves_none() -> None:
    address = '<link rel="canonical" href="https://example.org/2017/7/12/boats">'

    assert read(address + published("2019-06-17"), f"<h1>Boats</h1>{PROSE}").published == ""
    assert read(address + published("2017-07-13"), f"<h1>Boats</h1>{PROSE}").published == "2017-07-13"
    line = '<p class="date">17 June 2019</p>'
    assert read(address + published("2019-06-17"), f"<h1>Boats</h1>{line}{PROSE}").published == "2019-06-17"


@pytest.mark.parametrize("empty", ["1970-01-01T01:00:00+01:00", "1969-12-31T19:00:00-05:00", "1970-01-01 00:00:00"])
def test_the_second_that_computers_count_from_is_no_date(empty: str) -> None:
    line = '<p class="date">28 April 2021</p>'

    assert read(published(empty), f"<h1>Boats</h1>{PROSE}").published == ""
    assert read(published(empty), f"<h1>Boats</h1>{line}{PROSE}").published == "2021-04-28"
    assert read(published("1970-01-01T08:00:00+00:00"), f"<h1>Boats</h1>{PROSE}").published.startswith("1970-01-01")
