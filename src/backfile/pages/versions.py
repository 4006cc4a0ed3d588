"""The history of an article of which there are several captures: what changed from each to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from backfile.catalog import Catalog
from backfile.choices import carried, read_text
from backfile.compare import Passage, compare, text_paragraphs
from backfile.dates import instant
from backfile.markdown import load_article
from backfile.model import Article, Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.shelves import VERSIONED
from backfile.receipts import StoredReceipt, read_stored
from backfile.report import FrontMatterError, ReadError


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One capture of a story, and how it differs from the one before."""

    id: str
    article: Article
    leads: bool
    words: int
    changes: tuple[Passage, ...] = ()
    """Against the version before; none for the first, and where nothing changed."""
    retitled: bool = False
    declared: bool = False
    """True where the page itself says that it was updated since the version before."""

    @property
    def when(self) -> str:
        """The time of the capture, or that which the page says."""
        return self.article.captured or self.article.modified or self.article.published

    @property
    def added(self) -> int:
        """Words that came."""
        return self._words("added")

    @property
    def removed(self) -> int:
        """Words that went."""
        return self._words("removed")

    @property
    def silent(self) -> bool:
        """True where the text changed and the page does not say so."""
        return bool(self.added or self.removed or self.retitled) and not self.declared

    def _words(self, kind: str) -> int:
        pieces = (piece for passage in self.changes for piece in passage.pieces if piece.kind == kind)
        return sum(len(piece.text.split()) for piece in pieces)


def history(content: Path, entry: Entry) -> list[Version]:
    """Every version of an article, oldest first; those whose receipts are gone are left out.

    What the user put back or took out in one of them is so in all: it is no change of the page's.
    """
    known = filter(None, (_stored(content, each) for each in (*entry.versions, entry.id)))
    found = sorted(_decided(known), key=_age)
    versions: list[Version] = []
    before: list[str] = []
    for article in found:
        paragraphs = text_paragraphs(article.body)
        last = versions[-1].article if versions else None
        changed = last is not None and before != paragraphs
        versions.append(
            Version(
                id=article.id,
                article=article,
                leads=article.id == entry.id,
                words=sum(len(text.split()) for text in paragraphs),
                changes=tuple(compare(before, paragraphs)) if changed else (),
                retitled=last is not None and last.title != article.title,
                declared=last is not None and bool(article.modified) and instant(article.modified) > _said(last),
            )
        )
        before = paragraphs
    return versions


def page_of_versions(entry: Entry) -> str:
    """The page of an article's history."""
    return f"versions/{entry.output}"


def _said(article: Article) -> str:
    return instant(article.modified or article.published)


def _age(article: Article) -> tuple[str, str, str]:
    return (instant(article.captured) or _said(article), _said(article), article.id)


def _stored(content: Path, identity: str) -> tuple[Article, StoredReceipt] | None:
    try:
        stored = read_stored(content / "receipts", identity)
        return (load_article(stored.markdown).article, stored) if stored else None
    except (ReadError, FrontMatterError):
        return None


def _decided(known: Iterable[tuple[Article, StoredReceipt]]) -> Iterator[Article]:
    """Versions with the choices of all of them, as far as they fit."""
    versions = list(known)
    choices = dict.fromkeys(choice for _, stored in versions for choice in stored.choices)
    for article, stored in versions:
        others = [choice for choice in choices if choice not in stored.choices]
        text, fitting = carried(read_text(article.body, stored.receipt.removed), others)
        yield replace(article, body=text.body) if fitting else article


def _text_keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    if entry.versions:
        yield entry.source


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from (entry.source for entry in catalog.entries(VERSIONED, ""))


def _pages(catalog: Catalog, view: View, source: str) -> Iterator[Page]:
    entry = catalog.entry(source)
    if entry and entry.versions:
        context = {"entry": entry, "versions": history(view.content, entry)}
        yield Page(path=page_of_versions(entry), template="versions.html", context=context)


PAGE_TYPE = PageType(name="versions", text_keys=_text_keys, every=_every, pages=_pages)
