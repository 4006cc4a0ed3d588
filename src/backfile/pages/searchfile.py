"""The files of the search index. The index itself marks those that are dirty (`search.update`)."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import Catalog
from backfile.model import Page
from backfile.pages.base import PageType, View


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    return iter(())


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    if view.search:
        from backfile.search.files import file_of, path_of  # sites without search do without its libraries
        from backfile.search.store import Store

        store = Store(catalog)
        layout, stamp = store.layout(), store.stamp(key)
        if layout and stamp is not None:
            yield Page(path=path_of(key), data=file_of(catalog, layout, key, stamp))


PAGE_TYPE = PageType(name="searchfile", every=_every, pages=_pages)
