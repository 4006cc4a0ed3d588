"""The Atom feed of the newest articles (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import Catalog
from backfile.dates import instant
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View

NEWEST = 30


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield ""


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    entries = [entry for entry in catalog.latest(NEWEST) if entry.published]
    times = [_moment(entry.modified or entry.published) for entry in entries]
    context = {"items": list(zip(entries, times, strict=True)), "updated": max(times, default="1970-01-01T00:00:00Z")}
    yield Page(path="feed.xml", template="feed.xml", context=context)


def _moment(date: str) -> str:
    """RFC 3339, as Atom wants it: always with a clock time and an offset."""
    return f"{instant(date)}Z"


PAGE_TYPE = PageType(name="feed", keys=_keys, every=_every, pages=_pages)
