"""A story in two languages, side by side: paragraph against paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.aligning import align
from backfile.catalog import Catalog
from backfile.compare import text_paragraphs
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.paths import shelf_slug
from backfile.twins import portrait, twins


def page_of_twins(entry: Entry, language: str) -> str:
    """The page of an article beside its twin in a language."""
    return f"side-by-side/{shelf_slug(language)}/{entry.output}"


def _text_keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    if others := catalog.all_clued(entry):
        yield entry.source
        yield from others


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from catalog.with_clues()


def _pages(catalog: Catalog, view: View, source: str) -> Iterator[Page]:
    entry = catalog.entry(source)
    others = twins(catalog, view.content, entry) if entry else []
    mine = portrait(view.content, entry) if entry and others else None
    if not entry or not mine:
        return
    for other in others:
        pairs = align(text_paragraphs(mine.article.body), text_paragraphs(other.article.body))
        context = {"entry": entry, "other": other.entry, "pairs": pairs}
        yield Page(path=page_of_twins(entry, other.language), template="twins.html", context=context)


PAGE_TYPE = PageType(name="twins", text_keys=_text_keys, every=_every, pages=_pages)
