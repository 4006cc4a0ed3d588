"""Cleaned captures → content/: articles and receipts on disk, where nothing of the user's is ever overwritten.

The article is written first, its receipt after it: a receipt says that its capture is in the archive. A run killed
between the two finds its own article again by the id in its front matter. An article that changes has its receipt
written first: a run killed between the two finds the text that the receipt already names, and ends the change.

An address without a page is an article of its own below `links/`, under the id that all forms of the address share.
A capture of the page takes its place: it inherits tags and notes, and the address's receipt then names its file. What
the user has edited stays as it is, and is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from backfile.addresses import link_id
from backfile.dates import day
from backfile.files import asked_twice, text_of_file, write_new
from backfile.markdown import dump_article, load_article
from backfile.model import Article, Cleaned, Receipt, Said
from backfile.paths import slug
from backfile.receipts import StoredReceipt, read_stored, write_receipt
from backfile.report import FrontMatterError
from backfile.revising import Revision, finish, revise
from backfile.sources import earlier, gathered, retold, retold_page, said_of, telling

Outcome = Literal["added", "updated", "link only", "already there", "another version", "deleted by you"]

_TELLING = 16
"""Letters of a title."""

LINKS = "links"
"""The folder of entries of which only the address is there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What became of a cleaned capture."""

    outcome: Outcome
    article: str
    """The article's file below `content/articles/`."""
    edited: str = ""
    """A file that would have been changed, or changed more, had the user not edited it."""
    beside: str = ""
    """The name of a file beside that one, with what would have become of it."""
    joined: str = ""
    """The entry, of which only the address was there, whose place the article took."""


def keep(cleaned: Cleaned, articles: Path, receipts: Path, *, known: str = "", alike: str = "") -> Kept:
    """Put an article into the archive, unless it is there. Raises OSError; the archive is then as it was before.

    `known` is the file of an article at an address that comes without its page; `alike` the address of an entry with
    the article's title and date.
    """
    stored = read_stored(receipts, cleaned.receipt.id)
    if stored:
        again = (telling(cleaned.article, cleaned.receipt),) if cleaned.article.link_only else ()
        return keep_again(stored, again, articles, receipts)
    if known:
        stored = StoredReceipt(article=known, markdown="", receipt=cleaned.receipt)
        kept = keep_said(stored, (telling(cleaned.article, cleaned.receipt),), articles, receipts)
        write_receipt(receipts, stored)
        return kept
    urls = () if cleaned.article.link_only else (cleaned.article.url, cleaned.receipt.url, alike)
    link = _link(urls, articles, receipts)
    article, said = retold_page(cleaned.article, link.said if link else ())
    text = dump_article(article)
    name = _write_article(article, text, articles)
    write_receipt(receipts, StoredReceipt(article=name, markdown=text, receipt=cleaned.receipt, said=said))
    outcome: Outcome = "link only" if article.link_only else "added"
    if not link:
        return Kept(outcome=outcome, article=name)
    edited = _replace_link(link, name, articles, receipts)
    return Kept(outcome=outcome, article=name, edited=edited, joined=link.stored.article)


def keep_again(stored: StoredReceipt, said: tuple[Said, ...], articles: Path, receipts: Path) -> Kept:
    """`keep_said` of a capture whose receipt is there, ending what a killed run began of it.

    The receipt of an address names the first of the files in which it stands, whichever came first.
    """
    finish(stored, articles, receipts)
    kept = keep_said(stored, said, articles, receipts)
    if said and not stored.receipt.sha256 and earlier(said[0], stored.receipt):
        now = read_stored(receipts, stored.receipt.id) or stored
        write_receipt(receipts, replace(now, receipt=_receipt_of(now.receipt, said[0])))
    link = None if stored.article.startswith(f"{LINKS}/") else _link(urls_of(stored), articles, receipts)
    if link:
        _replace_link(link, stored.article, articles, receipts)
    return kept


def urls_of(stored: StoredReceipt) -> tuple[str, ...]:
    """The addresses at which a capture's article is found: its own, and where the capture was taken."""
    try:
        own = load_article(stored.markdown).article.url
    except FrontMatterError:
        own = ""
    return tuple(dict.fromkeys(filter(None, (own, stored.receipt.url))))


def keep_said(stored: StoredReceipt, said: tuple[Said, ...], articles: Path, receipts: Path) -> Kept:
    """Add what is newly said of an article that is there; a file that the user has edited is left as it is."""
    path = articles / stored.article
    try:
        text = path.read_bytes().decode("utf-8", "surrogatepass")
        now = load_article(text).article
    except (FileNotFoundError, IsADirectoryError):
        return Kept(outcome="deleted by you", article=stored.article)
    except (FrontMatterError, UnicodeDecodeError):
        return Kept(outcome="already there", article=stored.article)
    own = read_stored(receipts, now.id) if now.id else None
    if not own or text != own.markdown:
        ours = telling(now, (own or stored).receipt)
        edited = stored.article if retold(now, gathered((ours, *said))) != now else ""
        return Kept(outcome="already there", article=stored.article, edited=edited)
    known = said_of(own, now)
    more = gathered((*known, *said))
    if more == known:
        return Kept(outcome="already there", article=stored.article)
    more_known = replace(own, said=more)
    result = revise(Revision(stored=more_known, article=retold(now, more), receipt=own.receipt), articles, receipts)
    if result.outcome == "unchanged":
        write_receipt(receipts, more_known)
        return Kept(outcome="already there", article=stored.article)
    return Kept(outcome="updated", article=stored.article)


def _receipt_of(receipt: Receipt, said: Said) -> Receipt:
    return replace(receipt, origin=said.origin, member=said.member, url=said.url)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Link:
    """An entry whose page has come."""

    stored: StoredReceipt
    now: Article
    text: str

    @property
    def edited(self) -> bool:
        """Whether the user has."""
        return self.text != self.stored.markdown

    @property
    def said(self) -> tuple[Said, ...]:
        """What it knows of the page; nothing where its file is gone."""
        if not self.now.title:
            return ()
        return (telling(self.now, self.stored.receipt),) if self.edited else said_of(self.stored, self.now)


def _link(urls: Iterable[str], articles: Path, receipts: Path) -> _Link | None:
    for url in dict.fromkeys(urls):
        identity = link_id(url) if url else ""
        stored = read_stored(receipts, identity) if identity else None
        if not stored or not stored.article.startswith(f"{LINKS}/"):
            continue
        try:
            text = asked_twice(Path.read_bytes, articles / stored.article).decode("utf-8", "surrogatepass")
            return _Link(stored=stored, now=load_article(text).article, text=text)
        except FileNotFoundError:  # deleted by the user, or by a run killed right after
            return _Link(stored=stored, now=Article(title=""), text=stored.markdown)
        except (OSError, FrontMatterError, UnicodeDecodeError):
            continue
    return None


def link_in(path: Path) -> Article | None:
    """The entry without a page in a file; None where it is none."""
    try:
        article = load_article(asked_twice(Path.read_bytes, path).decode("utf-8", "surrogatepass")).article
    except (OSError, FrontMatterError, UnicodeDecodeError):
        return None
    return article if article.link_only and article.url else None


def likeness(article: Article) -> tuple[str, str] | None:
    """Title and day, by which an entry and a page under another address may be one; None where they say too little."""
    title = "".join(char for char in article.title.casefold() if char.isalnum())
    return (title, day(article.published)) if len(title) >= _TELLING and day(article.published) else None


def links_by_likeness(articles: Path) -> dict[tuple[str, str], str]:
    """Title and day → address of the entries without a page; those that several share are left out."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted((articles / LINKS).glob("*.md")):
        entry = link_in(path)
        key = likeness(entry) if entry else None
        if entry and key:
            found[key] = "" if key in found else entry.url
    return found


def join_link(url: str, name: str, articles: Path, receipts: Path) -> str:
    """Let an article take the place of the entry of another address that leads to it; what it knew is added.

    Returns the entry's or the article's file where it was edited by the user, and so stays. Raises OSError, ReadError.
    """
    link = _link((url,), articles, receipts)
    if link is None:
        return ""
    stored = StoredReceipt(article=name, markdown="", receipt=link.stored.receipt)
    kept = keep_said(stored, link.said, articles, receipts)
    return kept.edited or _replace_link(link, name, articles, receipts)


def _replace_link(link: _Link, name: str, articles: Path, receipts: Path) -> str:
    """Let an entry's receipt name the article; returns the entry's file where it stays because it was edited.

    The receipt is then that of an entry that came after its page: what it says must not tell which came first.
    """
    path = articles / link.stored.article
    if not link.edited:
        path.unlink(missing_ok=True)
    text = link.stored.markdown if link.edited else ""
    write_receipt(receipts, StoredReceipt(article=name, markdown=text, receipt=link.stored.receipt))
    return link.stored.article if link.edited else ""


def _write_article(article: Article, text: str, articles: Path) -> str:
    """The file's path; where another article has the name already, the capture's id is added to it."""
    folder = f"{article.published[:4]}/{article.published[5:7]}" if article.published else "undated"
    folder = LINKS if article.link_only else folder
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
        return load_article(text_of_file(path)).article.id
    except FrontMatterError:
        return ""
