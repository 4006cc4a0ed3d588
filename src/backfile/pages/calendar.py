"""The calendar: every year of the archive with its months."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import UNDATED, Catalog
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.grids import shade, time_plot
from backfile.pages.shelves import ALL, Node


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield ""


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    days = catalog.days("")
    years: dict[str, dict[int, int]] = {}
    for when, count in days.items():
        months = years.setdefault(when[:4], {})
        months[int(when[5:7])] = months.get(int(when[5:7]), 0) + count
    context = {
        "plot": time_plot(days),
        "years": [_year(year, months) for year, months in sorted(years.items(), reverse=True)],
        "undated": (Node(shelf=ALL, key="", period=UNDATED).path, catalog.count(ALL, "", UNDATED)),
    }
    yield Page(path="calendar/index.html", template="calendar.html", context=context)


def _year(year: str, months: dict[int, int]) -> tuple[str, str, int, list[tuple[str, int, int]]]:
    """(year, page, how many articles, (page, how many, shade) of each month)."""
    cells = [
        (
            Node(shelf=ALL, key="", period=f"{year}-{m:02}").path,
            months.get(m, 0),
            shade(months.get(m, 0) // 4 + bool(months.get(m, 0))),
        )
        for m in range(1, 13)
    ]
    return year, Node(shelf=ALL, key="", period=year).path, sum(months.values()), cells


PAGE_TYPE = PageType(name="calendar", keys=_keys, every=_every, pages=_pages)
