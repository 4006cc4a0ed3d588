"""`backfile check`: what a reader of the archive would stumble over, grouped, each group with what mends it.

Everything is found from `content/` and the built site as they are; nothing is changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from backfile.addresses import link_id
from backfile.catalog import read_catalog
from backfile.config import Site
from backfile.dates import day
from backfile.doubting import doubts
from backfile.findings import Finding, Findings, Kind
from backfile.frontmatter import split_front_matter
from backfile.markdown import load_article
from backfile.model import Entry
from backfile.pipeline import BuildOptions, locked
from backfile.reading import read_article
from backfile.receipts import StoredReceipt, read_stored
from backfile.report import FrontMatterError, Notice, ReadError
from backfile.scanning import Seen, look_at, scan, scan_saved, unlisted
from backfile.site import existing_files
from backfile.wording import missing_translations
from backfile.workers import Pool, chunks, executor, run

_EDIT = "edit the file, then run: backfile build"
KINDS = {
    "folder": Kind(what="folders that cannot be listed", mend="check their permissions and the disk", level="error"),
    "unreadable": Kind(what="articles that are left out of the site", mend=_EDIT, level="error"),
    "link": Kind(
        what="links and pictures of the built site that lead nowhere",
        mend="mend the article that has it, or write the pages anew with: backfile build --force",
        level="error",
    ),
    "receipt": Kind(
        what="receipts that cannot be read", mend="see what is damaged with: backfile verify", level="error"
    ),
    "front matter": Kind(what="fields of front matter that are not understood", mend=_EDIT),
    "saved": Kind(
        what="saved files that gave no article, or not all of what is in them",
        mend="see why with: backfile explain FILE; import it all the same with: backfile build --all",
    ),
    "date": Kind(what="articles without a date", mend=f"add `date:` to the front matter: {_EDIT}"),
    "odd date": Kind(what="articles with a date that cannot be right", mend=_EDIT),
    "author": Kind(
        what="articles without an author or an agency",
        mend=f"add `authors:` where you know them: {_EDIT}",
        level="info",
    ),
    "doubt": Kind(
        what="fields that are doubtful, the most doubtful first",
        mend="look at what the page offers with: backfile explain --fields FILE; then edit the article",
    ),
    "confidence": Kind(
        what="cleanings the cleaner is not sure of",
        mend="compare with: backfile explain --html FILE; put a part back with: backfile restore ARTICLE PART",
    ),
    "duplicate": Kind(
        what="articles that are there more than once", mend="delete all but one file, then run: backfile build"
    ),
    "picture": Kind(
        what="articles with pictures that are not in the archive",
        mend="fetch them with: backfile fetch-missing --pictures; or save the page with its pictures, and add it",
        level="info",
    ),
    "media": Kind(what="files in content/media that no article shows", mend="delete them", level="info"),
    "translation": Kind(
        what="words of the site that its language lacks, so that they are in English",
        mend="add them to the language's .po file (docs/extending.md), or choose another language",
        level="info",
    ),
}
_FILES = 200
_SURE = 0.5
"""Confidence below which a person had better look."""
_WORDS = 40
"""The fewest words of an article that tell it from another."""
_LINK = re.compile(r'<(?!link rel="canonical")[a-z][^<>]{0,2000}?\s(?:href|src)="([^"]{0,4000})"')
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """What one article's file and receipt show."""

    source: str
    entry: Entry | None
    notices: tuple[Notice, ...]
    body: str
    """A digest of the words, for finding the same text twice."""
    media: frozenset[str]
    absent: int
    """Pictures that are not in the archive."""
    doubts: tuple[tuple[float, str], ...]
    confidence: float
    origin: str
    damaged: str


def check_site(site: Site, options: BuildOptions) -> Findings:
    """Look at every article, receipt, saved file and built page.

    Raises SiteError where another run is at work, OSError where the disk fails.
    """
    with locked(site, recorded=False), executor(options.jobs) as pool:
        return _check(site, pool)


def _check(site: Site, pool: Pool | None) -> Findings:
    notices: list[Notice] = []
    files = sorted(scan(site.articles, ".md", notices).items())
    media = scan(site.root / "content" / "media", notices=notices)
    hidden = unlisted(notices)
    parts = run(pool, partial(_look_at_some, site.articles, site.receipts), chunks(files, _FILES))
    looks = [look for part in parts for look in part]
    counts: Counter[str] = Counter({"articles": sum(look.entry is not None for look in looks)})
    found = [Finding(kind="folder", where=where) for where in hidden]
    found += [*_of_articles(looks), *_duplicates(looks), *_saved(site)]
    found += [] if hidden else _unused(sorted(media), looks)
    found += (
        Finding(kind="translation", where=site.config.language, detail=message)
        for message in missing_translations(site.config.language, site.templates)
    )
    found += _links(site, pool, counts, {look.entry.output: look.source for look in looks if look.entry})
    return Findings(kinds=KINDS, found=tuple(found), counts=counts)


def _look_at_some(articles: Path, receipts: Path, files: Sequence[tuple[str, Seen]]) -> list[_Look]:
    return [_look_at(articles, receipts, source, seen) for source, seen in files]


def _look_at(articles: Path, receipts: Path, source: str, seen: Seen) -> _Look:
    read = read_article(articles, source, seen)
    entry = read.entry
    stored: StoredReceipt | None = None
    damaged = ""
    try:
        stored = read_stored(receipts, entry.id) if entry and entry.id else None
    except ReadError as error:
        damaged = str(error)
    receipt = stored.receipt if stored else None
    text = (articles / source).read_text("utf-8", "replace") if entry else ""
    words = re.findall(r"\w+", split_front_matter(text)[1].casefold())
    digest = hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()
    return _Look(
        source=source,
        entry=entry,
        notices=read.notices,
        body=digest if len(words) > _WORDS else "",
        media=frozenset(re.findall(r"media/([\w./-]{1,200})", text)),
        absent=len(re.findall(r"!\[[^\[\]\n]{0,500}\]\(<?https?:", text)),
        doubts=_doubts(text, stored) if stored and entry and not entry.link_only else (),
        confidence=receipt.confidence if receipt and entry and not entry.link_only else 1.0,
        origin=receipt.origin if receipt else "",
        damaged=damaged,
    )


def _doubts(text: str, stored: StoredReceipt) -> tuple[tuple[float, str], ...]:
    try:
        now, machine = load_article(text).article, load_article(stored.markdown).article
        return tuple(doubts(now, machine, stored.receipt, dt.datetime.now(dt.UTC).date().isoformat()))
    except FrontMatterError:  # told as such already
        return ()


def _of_articles(looks: Iterable[_Look]) -> Iterator[Finding]:
    for look in looks:
        where = f"content/articles/{look.source}"
        for notice in look.notices:
            kind = "unreadable" if notice.level == "error" else "front matter"
            yield Finding(kind=kind, where=where, detail=notice.what)
        if look.damaged:
            yield Finding(kind="receipt", where=where, detail=look.damaged)
        yield from (Finding(kind="doubt", where=where, detail=what, weight=weight) for weight, what in look.doubts)
        if look.confidence < _SURE:
            detail = f"{look.confidence:.0%} sure; from {look.origin}"
            yield Finding(kind="confidence", where=where, detail=detail)
        if look.entry and not look.entry.link_only:
            yield from _of_fields(look, look.entry, where)


def _of_fields(look: _Look, entry: Entry, where: str) -> Iterator[Finding]:
    if not entry.published:
        yield Finding(kind="date", where=where)
    if not entry.authors and not entry.agencies:
        yield Finding(kind="author", where=where)
    if entry.published and entry.modified and day(entry.modified) < day(entry.published):
        detail = f"changed on {day(entry.modified)}, before it was published on {day(entry.published)}"
        yield Finding(kind="odd date", where=where, detail=detail)
    if look.absent:
        yield Finding(kind="picture", where=where, detail=f"{look.absent}")


def _duplicates(looks: Iterable[_Look]) -> Iterator[Finding]:
    """Articles of one address, or of the same words."""
    same: dict[str, list[str]] = defaultdict(list)
    for look in looks:
        if look.entry and not look.entry.link_only:
            keys = {f"address {link_id(look.entry.url)}" if look.entry.url else "", look.body}
            for key in keys - {""}:
                same[key].append(look.source)
    told: set[tuple[str, ...]] = set()
    for sources in same.values():
        group = tuple(sorted(sources))
        if len(group) > 1 and group not in told:
            told.add(group)
            others = ", ".join(f"content/articles/{source}" for source in group[1:5])
            yield Finding(kind="duplicate", where=f"content/articles/{group[0]}", detail=f"also {others}")


def _saved(site: Site) -> Iterator[Finding]:
    """What the last import said of saved files."""
    notices: list[Notice] = []
    scan_saved(site.root, notices)
    path = site.catalog
    try:
        with read_catalog(path) as catalog:
            notices += catalog.saved_notices()
    except sqlite3.DatabaseError:  # a cache, which the next build makes anew
        pass
    for notice in notices:
        if notice.level != "info":
            kind = "folder" if unlisted([notice]) else "saved"
            yield Finding(kind=kind, where=notice.where, detail=notice.what)


def _unused(media: Iterable[str], looks: Iterable[_Look]) -> Iterator[Finding]:
    shown = {name for look in looks for name in look.media}
    for name in media:
        if name not in shown:
            yield Finding(kind="media", where=f"content/media/{name}")


def _links(site: Site, pool: Pool | None, counts: Counter[str], sources: dict[str, str]) -> Iterator[Finding]:
    """Links of built pages to files that are not there."""
    if not site.build.is_dir():
        return
    hidden: list[str] = []
    there = existing_files(site.build, hidden)
    yield from (Finding(kind="folder", where=f"{site.build.name}/{prefix}") for prefix in hidden)
    pages = sorted(name for name in there if name.endswith(".html"))
    counts["built pages"] = len(pages)
    for part in run(
        pool, partial(_broken, site.build, urlsplit(site.config.address).path, tuple(hidden)), chunks(pages, _FILES)
    ):
        for page, target in part:
            where = f"content/articles/{sources[page]}" if page in sources else f"{site.build.name}/{page}"
            yield Finding(kind="link", where=where, detail=target)


def _broken(build: Path, top: str, hidden: tuple[str, ...], pages: Sequence[str]) -> list[tuple[str, str]]:
    """(page, link) for links to nowhere; what lies in hidden folders may be there.

    The page for addresses that are none has links from `top`, the path of the site's own address.
    """
    found = []
    for page in pages:
        text = (build / page).read_text("utf-8", "replace")
        for link in dict.fromkeys(_LINK.findall(text)):
            address = html.unescape(link)
            if _ELSEWHERE.match(address):
                continue
            path = unquote(address.partition("#")[0].partition("?")[0])
            path = normpath(path.removeprefix(top) if top and path.startswith(top) else join(dirname(page), path))
            if path.startswith(("../", "/")) or not (path.startswith(hidden) or look_at(build / path)):
                found.append((page, address))
    return found
