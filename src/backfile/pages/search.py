"""The search page, the entry file of its index, and its description for browsers (OpenSearch 1.1)."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import Catalog
from backfile.model import Page
from backfile.pages.base import PageType, View


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    if not view.search:
        return
    from backfile.search.files import entry_file, path_of  # sites without search do without its libraries
    from backfile.search.store import Store

    store = Store(catalog)
    layout = store.layout()
    if layout:
        yield Page(path=path_of("index"), data=entry_file(layout, store.files()))
    yield Page(path="search.html", template="search.html")


PAGE_TYPE = PageType(name="search", every=_every, pages=_pages)
