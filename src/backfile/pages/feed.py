"""The feeds of the newest articles: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from backfile.catalog import Catalog
from backfile.dates import instant
from backfile.i18n import language_tag
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.paths import url_path, web_address

NEWEST = 30


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield ""


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    entries = [entry for entry in catalog.latest(NEWEST) if entry.published]
    times = [_moment(entry.modified or entry.published) for entry in entries]
    items = list(zip(entries, times, strict=True))
    context = {"items": items, "updated": max(times, default="1970-01-01T00:00:00Z")}
    yield Page(path="feed.xml", template="feed.xml", context=context)
    yield Page(path="feed.json", data=msgspec.json.encode(_json_feed(view, items)))


def _moment(date: str) -> str:
    """RFC 3339, as Atom wants it: always with a clock time and an offset."""
    return f"{instant(date)}Z"


def _json_feed(view: View, items: list[tuple[Entry, str]]) -> dict[str, object]:
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": view.title,
        "description": view.description,
        "language": view.language,
        "home_page_url": view.address,
        "feed_url": view.address and f"{view.address}feed.json",
    }
    known = {name: value for name, value in feed.items() if value}
    return {**known, "items": [_json_item(view, entry, time) for entry, time in items]}


def _json_item(view: View, entry: Entry, time: str) -> dict[str, object]:
    item: dict[str, object] = {
        "id": f"urn:backfile:{entry.id or url_path(entry.source)}",
        "url": f"{view.address}{url_path(entry.output)}",
        "external_url": web_address(entry.url),
        "title": entry.title,
        "content_text": entry.description or entry.opening or entry.title,
        "date_published": _moment(entry.published),
        "date_modified": time,
        "authors": [{"name": name} for name in entry.authors],
        "tags": entry.tags,
        "language": language_tag(entry.lang),
    }
    return {name: value for name, value in item.items() if value}


PAGE_TYPE = PageType(name="feed", keys=_keys, every=_every, pages=_pages)
