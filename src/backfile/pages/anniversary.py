"""On this day: for each day of the year, what was published on it, year by year."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping

from backfile.catalog import Catalog
from backfile.dates import day
from backfile.i18n import interface
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.grids import Day, shade
from backfile.pages.shelves import ALL, Node

_LEAP_YEAR = 2000
_EACH = 12
"""Articles of one year on a day's page; the day itself shows all."""


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    when = day(entry.published)
    if when:
        yield ""
        yield when[5:]


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""
    yield from sorted({when[5:] for when in catalog.days("")})


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    if key:
        yield from _day(catalog, key)
    else:
        yield _overview(catalog, view)


def page_of_day(when: str) -> str:
    """The page of a day of the year (`05-22`)."""
    return f"on-this-day/{when}.html"


def _overview(catalog: Catalog, view: View) -> Page:
    counts: dict[str, int] = {}
    for when, count in catalog.days("").items():
        counts[when[5:]] = counts.get(when[5:], 0) + count
    ui = interface(view.language)
    months = [(ui.month(month), _squares(month, counts)) for month in range(1, 13)]
    return Page(path="on-this-day/index.html", template="on-this-day.html", context={"months": months})


def _squares(month: int, counts: Mapping[str, int]) -> tuple[tuple[Day, ...], ...]:
    """The days of a month in rows of seven; every February has 29."""
    last = calendar.monthrange(_LEAP_YEAR, month)[1]
    squares = [_square(f"{month:02}-{number:02}", number, counts) for number in range(1, last + 1)]
    squares += [Day(number=0)] * (-last % 7)
    return tuple(tuple(squares[start : start + 7]) for start in range(0, len(squares), 7))


def _square(when: str, number: int, counts: Mapping[str, int]) -> Day:
    count = counts.get(when, 0)
    return Day(number=number, path=page_of_day(when) if count else "", count=count, shade=shade(count))


def _day(catalog: Catalog, key: str) -> Iterator[Page]:
    years = sorted((when for when in catalog.days("") if when[5:] == key), reverse=True)
    groups = [
        (when, Node(shelf=ALL, key="", period=when).path, catalog.entries(ALL, "", when, _EACH)) for when in years
    ]
    if groups:
        yield Page(path=page_of_day(key), template="day-of-year.html", context={"day": f"2000-{key}", "groups": groups})


PAGE_TYPE = PageType(name="anniversary", keys=_keys, every=_every, pages=_pages)
