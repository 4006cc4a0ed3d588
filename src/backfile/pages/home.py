"""The home page: the newest articles, and every way in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backfile.catalog import UNDATED, Catalog
from backfile.i18n import interface
from backfile.model import Entry, Page
from backfile.pages import changes, missing
from backfile.pages.base import PageType, View
from backfile.pages.grids import time_plot
from backfile.pages.shelves import ALL, SHELVES, Node

NEWEST = 12
_YEARS = 5
LARGEST = 10
"""How many of the fullest lists of a shelf the home page names."""


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield ""


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    days = catalog.days("")
    context = {
        "count": catalog.count(ALL, ""),
        "span": sorted({min(days)[:4], max(days)[:4]}) if days else [],
        "entries": catalog.latest(NEWEST) if "latest" in view.home else [],
        "plot": time_plot(days),
        "undated": (Node(shelf=ALL, key="", period=UNDATED).path, catalog.count(ALL, "", UNDATED)),
        "largest": {
            shelf.folder: (shelf, _largest(catalog, view, shelf.name))
            for shelf in SHELVES.values()
            if shelf.folder in view.home
        },
        "anniversary": _anniversary(catalog, days),
        "changes": changes.PAGE if any(changes.changed_stories(catalog, view)) else "",
        "missing": missing.PAGE if catalog.most_cited(1) else "",
    }
    yield Page(path="index.html", template="home.html", context=context)


def _anniversary(catalog: Catalog, days: Mapping[str, int]) -> tuple[str, list[Entry]]:
    """The newest day of the archive, and what was published on it in earlier years: no clock tells a build the day."""
    newest = max(days, default="")
    same = sorted((when for when in days if when[4:] == newest[4:] and when != newest), reverse=True)
    return newest, [catalog.entries(ALL, "", when, 1)[0] for when in same[:_YEARS]]


def _largest(catalog: Catalog, view: View, shelf: str) -> list[tuple[str, str, int]]:
    """(name, page, how many) of the fullest lists of a shelf."""
    found = sorted(catalog.keys(shelf).items(), key=lambda item: (-item[1][1], item[0]))
    ui = interface(view.language)
    return [
        (ui.name_of(name) if shelf == "language" else name, Node(shelf=shelf, key=key).path, count)
        for key, (name, count) in found[:LARGEST]
    ]


PAGE_TYPE = PageType(name="home", keys=_keys, every=_every, pages=_pages)
