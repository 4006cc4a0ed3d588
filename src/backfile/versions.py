"""Several captures of one story → one article with a history.

Captures belong together that have one address and tell one story. The newest that is a whole article leads: its text is
the article's. The others stand in the article's `versions`, each with its text in its own receipt. Whatever the order
in which captures come, the same one leads.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from backfile.choices import carried, read_text
from backfile.dates import instant
from backfile.files import asked_twice
from backfile.markdown import dump_article, load_article
from backfile.model import Article, Choice, Cleaned, Hints, Receipt
from backfile.ready import with_hints
from backfile.receipts import StoredReceipt, read_stored, write_receipt
from backfile.report import FrontMatterError, ReadError
from backfile.revising import Result, Revision, revise
from backfile.sources import retold_page
from backfile.store import Kept

_SHINGLE = 8
_ALIKE = 0.15
"""The share of the shorter text that the longer one has, from which two texts are taken for one story."""
_STUB = 0.4
"""A text that has less than this share of another's length does not take its place."""


def keep_version(cleaned: Cleaned, source: str, articles: Path, receipts: Path) -> Kept | None:
    """Take a new capture in as a version of the article that is there under its address.

    None where that is no version of this story: hand-written, gone, or another story. Raises OSError and ReadError; the
    archive is then as it was, or the next run ends what was begun.
    """
    try:
        now = load_article(asked_twice(Path.read_bytes, articles / source).decode("utf-8", "surrogatepass")).article
    except FrontMatterError as error:
        raise ReadError(
            f"the article of this page, content/articles/{source}, cannot be read ({error}). Mend it"
        ) from error
    except (OSError, UnicodeDecodeError):
        return None
    stored = read_stored(receipts, now.id) if now.id else None
    if not stored or not stored.receipt.sha256:
        return None
    lead = load_article(stored.markdown).article
    if not same_story(lead, cleaned.article):
        return None
    stored = replace(stored, article=source)
    new = with_hints(cleaned.article, Hints(saved=lead.saved))
    if not now.pinned and leads(new, lead):
        result = _lead_with(new, cleaned, stored, articles, receipts)
    else:
        article = replace(lead, versions=_with(lead.versions, cleaned.receipt.id))
        result = revise(Revision(stored=stored, article=article, receipt=stored.receipt), articles, receipts)
        write_receipt(receipts, _kept(source, cleaned.article, cleaned, stored))
    edited = source if result.conflicts else ""
    return Kept(outcome="another version", article=source, edited=edited, beside=result.beside)


def pin(articles: Path, receipts: Path, source: str, identity: str) -> Result:
    """Let a version lead, whatever comes later. Raises ReadError where the article has no such version, OSError."""
    now = load_article((articles / source).read_text("utf-8", "replace")).article
    stored = read_stored(receipts, now.id) if now.id else None
    known = [each for each in (now.id, *now.versions) if each.startswith(identity)]
    chosen = read_stored(receipts, known[0]) if len(known) == 1 else None
    if not stored or not chosen:
        raise ReadError(f"{source} has no version {identity}. `backfile versions {source}` lists them")
    lead = load_article(stored.markdown).article
    more = tuple(choice for choice in stored.choices if choice not in chosen.choices)
    article, receipt, choices = _decided(load_article(chosen.markdown).article, chosen.receipt, more)
    others = tuple(each for each in _with(lead.versions, lead.id) if each != chosen.receipt.id)
    article = replace(article, versions=others, pinned=True)
    choices = (*chosen.choices, *choices)
    base = replace(stored, article=source, receipt=chosen.receipt, choices=choices, said=chosen.said)
    return revise(Revision(stored=base, article=article, receipt=receipt), articles, receipts)


def list_versions(articles: Path, receipts: Path, source: str) -> list[dict[str, Any]]:
    """The captures of an article as JSON-ready rows, oldest first. Raises ReadError where a receipt is damaged."""
    now = load_article((articles / source).read_text("utf-8", "replace")).article
    found = [stored for each in (*now.versions, now.id) if each and (stored := read_stored(receipts, each))]
    rows = [(load_article(stored.markdown).article, stored.receipt) for stored in found]
    rows.sort(key=lambda row: _age(row[0]))
    return [
        {
            "id": receipt.id,
            "when": article.captured or article.modified or article.published,
            "leads": receipt.id == now.id,
            "title": article.title,
            "original": f"{receipt.origin}#{receipt.member}" if receipt.member else receipt.origin,
        }
        for article, receipt in rows
    ]


def same_story(one: Article, other: Article) -> bool:
    """True where two texts under one address tell one story: one headline, or a share of the text in common."""
    if one.title and one.title.casefold() == other.title.casefold():
        return True
    first, second = _shingles(one.body), _shingles(other.body)
    shorter = min(len(first), len(second))
    return shorter > 0 and len(first & second) >= _ALIKE * shorter


def leads(new: Article, old: Article) -> bool:
    """True where a capture's text takes another's place: the newer one, unless it is a stub of it."""
    if len(new.body) < _STUB * len(old.body):
        return False
    if len(old.body) < _STUB * len(new.body):
        return True
    return _age(new) > _age(old)


def _age(article: Article) -> tuple[str, str, int, str]:
    said = article.modified or article.published
    return (instant(article.captured), instant(said), len(article.body), article.id)


def _lead_with(new: Article, cleaned: Cleaned, stored: StoredReceipt, articles: Path, receipts: Path) -> Result:
    lead = load_article(stored.markdown).article
    new, said = retold_page(new, stored.said)
    article, receipt, choices = _decided(new, cleaned.receipt, stored.choices)
    article = replace(article, versions=_with(lead.versions, lead.id))
    base = replace(stored, receipt=cleaned.receipt, choices=choices, said=said)
    return revise(Revision(stored=base, article=article, receipt=receipt), articles, receipts)


def _decided(
    article: Article, receipt: Receipt, choices: tuple[Choice, ...]
) -> tuple[Article, Receipt, tuple[Choice, ...]]:
    """A capture with what the user chose for the one that led before, as far as it fits, and these choices."""
    text, fitting = carried(read_text(article.body, receipt.removed), choices)
    if fitting:
        article, receipt = replace(article, body=text.body), replace(receipt, removed=text.removed)
    return article, receipt, fitting


def _kept(source: str, article: Article, cleaned: Cleaned, stored: StoredReceipt) -> StoredReceipt:
    said = retold_page(article, stored.said)[1]
    return StoredReceipt(article=source, markdown=dump_article(article), receipt=cleaned.receipt, said=said)


def _with(versions: tuple[str, ...], identity: str) -> tuple[str, ...]:
    return tuple(sorted({*versions, identity}))


def _shingles(body: str) -> set[str]:
    letters = "".join(body.casefold().split())
    return {letters[n : n + _SHINGLE] for n in range(max(1, len(letters) - _SHINGLE + 1))} if letters else set()
