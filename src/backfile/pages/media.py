"""The pictures that articles show, in the widths in which pages ask for them."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import Catalog, Standing
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View

SHELF = "media"


def media_standings(entry: Entry) -> Iterator[Standing]:
    """Which pictures an article shows: each is a page of its own, of which a change makes the article's page dirty."""
    yield from (Standing(shelf=SHELF, key=name, name="") for name in entry.media)


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield from entry.media


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from catalog.keys(SHELF)


def _pages(catalog: Catalog, view: View, name: str) -> Iterator[Page]:
    if not catalog.count(SHELF, name):
        return
    from backfile.media.variants import copies  # with Pillow, which sites without pictures do without

    for path, data in copies(view.content / "media", name, view.content.parent / ".backfile" / "media"):
        yield Page(path=path, data=data)


PAGE_TYPE = PageType(name="media", keys=_keys, every=_every, pages=_pages)
