"""The home page: the newest articles, and every way in."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import UNDATED, Catalog
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.shelves import ALL, SHELVES, Node

NEWEST = 24
LARGEST = 12
"""How many of the fullest lists of a shelf the home page names."""


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield ""


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    years = catalog.periods(ALL, "")
    undated = years.pop(UNDATED, 0)
    context = {
        "count": catalog.count(ALL, ""),
        "entries": catalog.latest(NEWEST),
        "years": [
            (year, Node(shelf=ALL, key="", period=year).path, n) for year, n in sorted(years.items(), reverse=True)
        ],
        "undated": (Node(shelf=ALL, key="", period=UNDATED).path, undated),
        "largest": {shelf: _largest(catalog, shelf) for shelf in SHELVES},
    }
    yield Page(path="index.html", template="home.html", context=context)


def _largest(catalog: Catalog, shelf: str) -> list[tuple[str, str, int]]:
    """(name, page, how many) of the fullest lists of a shelf."""
    found = sorted(catalog.keys(shelf).items(), key=lambda item: (-item[1][1], item[0]))
    return [(name, Node(shelf=shelf, key=key).path, count) for key, (name, count) in found[:LARGEST]]


PAGE_TYPE = PageType(name="home", keys=_keys, every=_every, pages=_pages)
