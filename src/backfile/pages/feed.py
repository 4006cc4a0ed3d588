"""Feeds of the newest articles: of the whole archive, and of each publisher, author, topic and language.

Atom (RFC 4287) and JSON Feed 1.1. A list of few articles has none: an archive has very many such lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from backfile.catalog import Catalog
from backfile.dates import instant
from backfile.i18n import interface, language_tag
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.shelves import ALL, SHELVES, Node, standings
from backfile.paths import url_path, web_address

NEWEST = 30
FEWEST = 3
"""Articles of a list that has a feed."""

Item = tuple[Entry, str, str]
"""(article, when it last changed, when it was published)"""

_SHELVES = ("publisher", "author", "tag", "language")


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """What a feed is of."""

    title: str
    folder: str
    """Where its files are: a path from the site's root that ends in `/`, or nothing."""
    home: str
    """The page with the same articles."""


def feed_of(catalog: Catalog, view: View, node: Node) -> Feed | None:
    """The feed of a list; None where it has none. The whole archive has one whatever it holds."""
    if node.shelf == ALL:
        return Feed(title=view.title, folder="", home="index.html")
    if node.shelf not in _SHELVES or catalog.count(node.shelf, node.key) < FEWEST:
        return None
    name = catalog.name(node.shelf, node.key)
    shown = interface(view.language).name_of(name) if node.shelf == "language" else name
    folder = f"{SHELVES[node.shelf].folder}/{node.key}/"
    return Feed(title=f"{shown} – {view.title}", folder=folder, home=f"{folder}index.html")


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    for each in standings(entry):
        if each.shelf in (ALL, *_SHELVES) and catalog.may_be_among(NEWEST, each.shelf, each.key, entry):
            yield f"{each.shelf}/{each.key}"


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield f"{ALL}/"
    for shelf in _SHELVES:
        yield from (f"{shelf}/{key}" for key, (_, count) in catalog.keys(shelf).items() if count >= FEWEST)


def _pages(catalog: Catalog, view: View, page_key: str) -> Iterator[Page]:
    shelf, _, key = page_key.partition("/")
    feed = feed_of(catalog, view, Node(shelf=shelf, key=key))
    if not feed:
        return
    entries = [entry for entry in catalog.entries(shelf, key, limit=NEWEST) if entry.published]
    items = [(entry, _moment(entry.modified or entry.published), _moment(entry.published)) for entry in entries]
    context = {
        "feed": feed,
        "id": f"{view.address}{feed.folder}" if view.address else _urn(view, feed),
        "up": "../" * feed.folder.count("/"),
        "items": items,
        "updated": max((changed for _, changed, _ in items), default="1970-01-01T00:00:00Z"),
    }
    yield Page(path=f"{feed.folder}feed.xml", template="feed.xml", context=context)
    yield Page(path=f"{feed.folder}feed.json", data=msgspec.json.encode(_json_feed(view, feed, items)))


def _urn(view: View, feed: Feed) -> str:
    return ":".join(filter(None, ("urn:backfile", url_path(view.title), feed.folder.rstrip("/"))))


def _moment(date: str) -> str:
    """RFC 3339, as Atom wants it: always with a clock time and an offset."""
    return f"{instant(date)}Z"


def _json_feed(view: View, feed: Feed, items: list[Item]) -> dict[str, object]:
    facts: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": view.description,
        "language": view.language,
        "home_page_url": view.address and f"{view.address}{feed.home}",
        "feed_url": view.address and f"{view.address}{feed.folder}feed.json",
        "icon": view.address and f"{view.address}assets/icon.svg",
    }
    known = {name: value for name, value in facts.items() if value}
    return {**known, "items": [_json_item(view, feed, item) for item in items]}


def _json_item(view: View, feed: Feed, item: Item) -> dict[str, object]:
    entry, changed, published = item
    root = view.address or "../" * feed.folder.count("/")
    facts: dict[str, object] = {
        "id": f"urn:backfile:{entry.id or url_path(entry.source)}",
        "url": f"{root}{url_path(entry.output)}",
        "external_url": web_address(entry.url),
        "title": entry.title,
        "content_text": entry.description or entry.opening or entry.title,
        "date_published": published,
        "date_modified": changed,
        "authors": [{"name": name} for name in entry.authors],
        "tags": entry.tags,
        "language": language_tag(entry.lang),
    }
    return {name: value for name, value in facts.items() if value}


PAGE_TYPE = PageType(name="feed", keys=_keys, every=_every, pages=_pages)
