"""What changed in the archive's stories from one capture to the next: a page and a feed of the newest."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import Catalog
from backfile.dates import instant
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.shelves import VERSIONED
from backfile.pages.versions import Version, history, page_of_versions

NEWEST = 60
"""Stories on the page and in the feed."""
PAGE = "changes/index.html"


def _text_keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    if entry.versions:
        yield ""


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    changed = list(changed_stories(catalog, view))
    if not changed:
        return
    context = {"stories": changed, "count": catalog.count(VERSIONED, "")}
    yield Page(path=PAGE, template="changes.html", context=context)
    items = [
        (entry, page, version, f"{instant(version.when)}Z") for entry, page, versions in changed for version in versions
    ]
    updated = max((time for *_, time in items), default="")
    yield Page(path="changes/feed.xml", template="changes.xml", context={"items": items, "updated": updated})


def changed_stories(catalog: Catalog, view: View) -> Iterator[tuple[Entry, str, list[Version]]]:
    """(article, the page of its history, the versions that changed something, newest first); there is a page if any."""
    for entry in catalog.entries(VERSIONED, "", limit=NEWEST):
        versions = [version for version in history(view.content, entry) if version.changes or version.retitled]
        if versions:
            yield entry, page_of_versions(entry), versions[::-1]


PAGE_TYPE = PageType(name="changes", text_keys=_text_keys, every=_every, pages=_pages)
