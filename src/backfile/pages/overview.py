"""The overview of a shelf: all publishers, all tags, all authors…, with how many articles each has."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import Catalog
from backfile.i18n import interface
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.shelves import SHELVES, Node


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield from SHELVES


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from SHELVES


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    ui = interface(view.language)
    lists = [
        (ui.name_of(name) if key == "language" else name, Node(shelf=key, key=slug).path, count)
        for slug, (name, count) in catalog.keys(key).items()
    ]
    lists.sort(key=lambda item: (item[0].casefold(), item[1]))
    context = {"shelf": SHELVES[key], "lists": lists}
    yield Page(path=f"{SHELVES[key].folder}/index.html", template="overview.html", context=context)


PAGE_TYPE = PageType(name="overview", keys=_keys, every=_every, pages=_pages)
