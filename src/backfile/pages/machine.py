"""Ways in for programs: metadata in chunks, sitemap, OpenSearch, robots.txt, web app manifest, and the page for
addresses that lead nowhere.

The sitemap (sitemaps.org 0.9) and OpenSearch 1.1 need absolute addresses, so they are made only where the site has one.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from backfile.catalog import UNDATED, Catalog
from backfile.dates import day
from backfile.i18n import is_rtl
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.shelves import ALL


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield ""


def _text_keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield day(entry.published)[:7] or UNDATED


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""
    yield from _periods(catalog)


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    if not key:
        yield from _for_the_site(catalog, view)
        return
    entries = catalog.entries(ALL, "", key)
    if entries:
        yield Page(path=f"data/{key}.json", data=msgspec.json.format(_json([_facts(e) for e in entries]), indent=1))
        if view.address:
            yield Page(path=f"data/{key}.xml", template="sitemap.xml", context={"entries": entries})


def _for_the_site(catalog: Catalog, view: View) -> Iterator[Page]:
    periods = _periods(catalog)
    index = {"title": view.title, "language": view.language, "chunks": [f"data/{period}.json" for period in periods]}
    yield Page(path="archive.json", data=msgspec.json.format(_json(index), indent=1))
    yield Page(path="404.html", template="404.html")
    yield Page(path="site.webmanifest", data=_json(_manifest(view)))
    lines = ["User-agent: *", "Allow: /"]
    if view.address and view.search:
        yield Page(path="opensearch.xml", template="opensearch.xml")
    if view.address:
        yield Page(path="sitemap.xml", template="sitemap-index.xml", context={"periods": periods})
        lines.append(f"Sitemap: {view.address}sitemap.xml")
    yield Page(path="robots.txt", data="\n".join([*lines, ""]).encode())


def _manifest(view: View) -> dict[str, object]:
    """The web app manifest (W3C)."""
    icon = {"src": "assets/icon.svg", "type": "image/svg+xml", "sizes": "any", "purpose": "any"}
    facts: dict[str, object] = {
        "name": view.title,
        "short_name": view.title[:30],
        "description": view.description,
        "lang": view.language,
        "dir": "rtl" if is_rtl(view.language) else "ltr",
        "id": "index.html",
        "start_url": "index.html",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": "#fdfcf8",
        "icons": [icon],
    }
    return {name: value for name, value in facts.items() if value}


def _periods(catalog: Catalog) -> list[str]:
    """The months that have articles, newest first, the undated last."""
    months = sorted({when[:7] for when in catalog.days("")}, reverse=True)
    return [*months, UNDATED] if catalog.count(ALL, "", UNDATED) else months


def _facts(entry: Entry) -> dict[str, object]:
    """What `archive.json` tells of an article; what is not known is left out."""
    facts = {
        "title": entry.title,
        "page": entry.output,
        "published": entry.published,
        "modified": entry.modified,
        "authors": entry.authors,
        "agencies": entry.agencies,
        "publisher": entry.publisher,
        "section": entry.section,
        "tags": entry.tags,
        "lang": entry.lang,
        "kind": entry.kind,
        "url": entry.url,
        "words": entry.words,
        "description": entry.description,
        "id": entry.id,
    }
    return {name: value for name, value in facts.items() if value}


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)


PAGE_TYPE = PageType(name="machine", keys=_keys, text_keys=_text_keys, every=_every, pages=_pages)
