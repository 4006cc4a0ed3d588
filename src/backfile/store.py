"""Cleaned captures → content/: articles and receipts on disk, where nothing of the user's is ever overwritten.

The article is written first, its receipt after it: a receipt says that its capture is done with. A run killed between
the two finds its own article again by the id in its front matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from backfile.files import write_new
from backfile.markdown import dump_article, load_article
from backfile.model import Article, Cleaned
from backfile.paths import slug
from backfile.receipts import StoredReceipt, read_stored, write_receipt
from backfile.report import FrontMatterError

Outcome = Literal["added", "already there", "deleted by you"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What became of a cleaned capture."""

    outcome: Outcome
    article: str
    """The article's file below `content/articles/`."""


def keep(cleaned: Cleaned, articles: Path, receipts: Path) -> Kept:
    """Put an article into the archive, unless it is there. Raises OSError; the archive is then as it was before."""
    stored = read_stored(receipts, cleaned.receipt.id)
    if stored:
        there = (articles / stored.article).exists()
        return Kept(outcome="already there" if there else "deleted by you", article=stored.article)
    text = dump_article(cleaned.article)
    name = _write_article(cleaned.article, text, articles)
    write_receipt(receipts, StoredReceipt(article=name, markdown=text, receipt=cleaned.receipt))
    return Kept(outcome="added", article=name)


def _write_article(article: Article, text: str, articles: Path) -> str:
    """The file's path; where another article has the name already, the capture's id is added to it."""
    folder = f"{article.published[:4]}/{article.published[5:7]}" if article.published else "undated"
    name = slug(article.title)
    for candidate in (
        f"{folder}/{name}.md",
        f"{folder}/{name}-{article.id[:6]}.md",
        f"{folder}/{name}-{article.id}.md",
    ):
        path = articles / candidate
        try:
            write_new(path, text.encode("utf-8", "surrogatepass"))
        except FileExistsError:
            if _id_of(path) != article.id:
                continue
        return candidate
    raise FileExistsError(f"{articles / candidate} belongs to another article")


def _id_of(path: Path) -> str:
    try:
        return load_article(path.read_text("utf-8", "replace")).article.id
    except FrontMatterError:
        return ""
