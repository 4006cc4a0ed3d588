"""What the archive's articles link to most and the archive does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import Catalog
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.paths import web_address

MOST = 100
"""Addresses on the page."""
PAGE = "missing/index.html"


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    if entry.links or entry.url:
        yield ""


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    found = [(web_address(url), n) for url, n in catalog.most_cited(MOST)]
    if found:
        yield Page(path=PAGE, template="missing.html", context={"addresses": found})


PAGE_TYPE = PageType(name="missing", keys=_keys, every=_every, pages=_pages)
