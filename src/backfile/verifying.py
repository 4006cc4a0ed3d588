"""`backfile verify`: is everything in `content/` still as it was recorded, and is each article what its original gives?

Four things are compared: files with their recorded digests (`fixity`), receipts with their seals, the records of WARC
and WACZ files with the digests in them, and articles with what cleaning their originals gives now. Nothing is changed
but for a line in `content/fixity.log`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from backfile.config import Site
from backfile.findings import Finding, Findings, Kind
from backfile.fixity import (
    LOG,
    MANIFEST,
    accept,
    append_log,
    damaged_log_lines,
    digest_of,
    moved_files,
    read_manifest,
    recorded_files,
    recorded_sizes,
)
from backfile.importers import file_source, find_importer
from backfile.importers.base import Failed, Warned
from backfile.importers.warc import records_unlike_their_digests
from backfile.markdown import dump_article, load_article
from backfile.model import Article, Hints
from backfile.pipeline import BuildOptions, locked
from backfile.ready import with_hints
from backfile.receipts import is_sealed
from backfile.recleaning import Place, all_stored, clean_again
from backfile.report import FrontMatterError, Notice, ReadError, Report, SiteError
from backfile.revising import Revision
from backfile.rules import cleaning_of
from backfile.scanning import Seen, look_at, scan, unlisted
from backfile.workers import Pool, chunks, executor, run

_COPY = "put it back from a copy"
KINDS = {
    "changed": Kind(
        what="files whose bytes are not those recorded",
        mend=f"{_COPY}; if you changed it yourself: backfile verify --accept FILE",
        level="error",
    ),
    "missing": Kind(
        what="files that are gone",
        mend=f"{_COPY}; if you deleted it yourself: backfile verify --accept FILE",
        level="error",
    ),
    "moved": Kind(
        what="files that were moved",
        mend="nothing: reclean finds them; to forget an old name: backfile verify --accept OLD-NAME",
        level="info",
    ),
    "unreadable": Kind(
        what="files and folders that cannot be read", mend="check its permissions and the disk", level="error"
    ),
    "receipt": Kind(
        what="receipts that are not as they were written",
        mend=f"{_COPY}, or delete it and run: backfile build --force",
        level="error",
    ),
    "no receipt": Kind(
        what="articles whose receipt is gone",
        mend=f"{_COPY} into content/receipts; without one: backfile build --force makes it anew from the original",
        level="error",
    ),
    "list": Kind(
        what="the list of digests itself is damaged",
        mend=f"{_COPY}, or delete it and run: backfile build (which records everything as it is then)",
        level="error",
    ),
    "log": Kind(
        what="lines of the log that are not as they were written", mend=f"{_COPY}, or delete it", level="error"
    ),
    "record": Kind(
        what="records in web archives that are not those of their digests",
        mend="fetch the page again; what could be read of it is in the archive",
        level="error",
    ),
    "no original": Kind(what="articles whose original is gone or is another page by now", mend=_COPY, level="error"),
    "drifted": Kind(
        what="articles that would be cleaned otherwise by now", mend="backfile reclean ARTICLE", level="info"
    ),
    "edited": Kind(what="articles edited by hand", mend="nothing: they are yours", level="info"),
    "new": Kind(what="files not recorded yet", mend="backfile build", level="info"),
}
_FILES = 200
_WEB_ARCHIVES = (".warc", ".warc.gz", ".wacz", ".arc", ".arc.gz")


def verify_site(site: Site, options: BuildOptions, *, quick: bool = False, accepted: Sequence[Path] = ()) -> Findings:
    """Compare everything in `content/` with what was recorded, after recording `accepted` files as they are.

    `quick` leaves out cleaning. Raises SiteError where another run is at work, or for an accepted file outside of
    `content/`; OSError where the disk fails.
    """
    content = (site.root / "content").resolve()
    with locked(site, recorded=False), executor(options.jobs) as pool:
        names = [path.absolute().parent.resolve() / path.name for path in accepted]
        strangers = [path for path in names if not path.is_relative_to(content)]
        if strangers:
            raise SiteError(f"{strangers[0]} is not in {content}. Name a file of this archive")
        if names:
            accept(content, (path.relative_to(content).as_posix() for path in names))
        return _verify(site, pool, quick=quick)


def _verify(site: Site, pool: Pool | None, *, quick: bool) -> Findings:
    content = site.root / "content"
    counts: Counter[str] = Counter()
    notices: list[Notice] = []
    there = recorded_files(content, notices)
    receipts = sorted(scan(content / "receipts", notices=notices))
    hidden = unlisted(notices)
    found = [Finding(kind="unreadable", where=where) for where in hidden]
    found += _fixity(content, site.cache / "fixity", counts, pool, _There(files=there, hidden=hidden))
    found += _receipts(content, counts, pool, receipts, hidden)
    found += _web_archives(site, pool)
    found += [Finding(kind="log", where=f"content/{LOG}", detail=f"line {n}") for n in damaged_log_lines(content)]
    if not quick:
        unread = tuple(each.where for each in found if each.kind == "unreadable")
        damaged = {each.where for each in found}
        found += _derived(site, pool, counts, damaged, unread)
    findings = Findings(kinds=KINDS, found=tuple(found), counts=counts)
    problems = findings.of_level("error")
    words = ", ".join(f"{number} {what}" for what, number in counts.items())
    append_log(content, f"{'sound' if not problems else f'{problems} problems'}: {words}")
    return findings


@dataclass(frozen=True, kw_only=True, slots=True)
class _There:
    """What can be seen of `content/`."""

    files: Mapping[str, Seen]
    hidden: tuple[str, ...]
    """Folders that cannot be listed."""


def _fixity(content: Path, cache: Path, counts: Counter[str], pool: Pool | None, seen: _There) -> Iterator[Finding]:
    manifest, there, sizes = read_manifest(content), seen.files, recorded_sizes(cache)
    if manifest.damaged:
        yield Finding(kind="list", where=f"content/{MANIFEST}")
    moved = moved_files(content, there)
    for name in sorted(manifest.digests.keys() - there.keys()):
        if name in moved:
            yield Finding(kind="moved", where=f"content/{moved[name]}", detail=f"was content/{name}")
        elif not f"content/{name}".startswith(seen.hidden):
            yield Finding(kind="missing", where=f"content/{name}")
    for name in sorted(there.keys() - manifest.digests.keys()):
        yield Finding(kind="new", where=f"content/{name}")
    names = sorted(manifest.digests.keys() & there.keys())
    for part in run(pool, partial(_digests, content), chunks(names, _FILES)):
        for name, digest in part:
            if digest == manifest.digests[name]:
                counts["files as recorded"] += 1
            elif len(digest) != 64:
                yield Finding(kind="unreadable", where=f"content/{name}", detail=digest)
            elif name in sizes and sizes[name] != there[name].size:
                counts["edited since the last build"] += 1
            else:
                yield Finding(kind="changed", where=f"content/{name}")


def _digests(content: Path, names: Sequence[str]) -> list[tuple[str, str]]:
    """(name, digest, or why there is none)"""
    found = []
    for name in names:
        try:
            found.append((name, digest_of(content / name)))
        except OSError as error:
            found.append((name, error.strerror or str(error)))
    return found


def _receipts(
    content: Path, counts: Counter[str], pool: Pool | None, names: Sequence[str], hidden: tuple[str, ...]
) -> Iterator[Finding]:
    receipts = content / "receipts"
    for part in run(pool, partial(_unsealed, receipts), chunks(names, _FILES)):
        counts["receipts as written"] += part[0]
        yield from (Finding(kind="receipt", where=f"content/receipts/{name}") for name in part[1])
    known = {Path(name).stem for name in names}
    sources = sorted(scan(content / "articles", ".md", []))
    for part_of_ids in run(pool, partial(_ids, content / "articles"), chunks(sources, _FILES)):
        for source, identity in part_of_ids:
            file = f"content/receipts/{identity[:2]}/{identity}.json"
            if identity and identity not in known and not file.startswith(hidden):
                yield Finding(kind="no receipt", where=f"content/articles/{source}", detail=f"{identity}.json")


def _unsealed(receipts: Path, names: Sequence[str]) -> tuple[int, list[str]]:
    """How many are sealed, and those that are not."""
    wrong = []
    for name in names:
        try:
            sealed = is_sealed((receipts / name).read_bytes())
        except OSError:
            sealed = False
        if not sealed:
            wrong.append(name)
    return len(names) - len(wrong), wrong


def _ids(articles: Path, sources: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    for source in sources:
        try:
            found.append((source, _id((articles / source).read_text("utf-8", "replace"))))
        except OSError:
            continue
    return found


def _id(text: str) -> str:
    try:
        return load_article(text).article.id
    except FrontMatterError:
        return ""


def _web_archives(site: Site, pool: Pool | None) -> Iterator[Finding]:
    names = [name for name in sorted(scan(site.saved, notices=[])) if name.lower().endswith(_WEB_ARCHIVES)]
    for some in run(pool, partial(_records, site.root), names):
        yield from some


def _records(root: Path, name: str) -> list[Finding]:
    """What is wrong with the records of a web archive, by the digests in it."""
    origin = f"content/saved/{name}"
    wrong: dict[str, str] = {}
    try:
        importer, source = find_importer(file_source(root / origin, origin))
        for item in importer.items(source):
            if isinstance(item, Warned | Failed):
                wrong[item.member] = item.what if isinstance(item, Warned) else item.why
        if importer.name == "warc":
            with source.open() as file:
                for place in records_unlike_their_digests(file):
                    wrong.setdefault(place, "its bytes are not those of its digest")
    except (ReadError, OSError) as error:
        wrong[""] = str(error)
    return [Finding(kind="record", where=origin, detail=f"{place}: {what}") for place, what in wrong.items()]


def _derived(
    site: Site, pool: Pool | None, counts: Counter[str], damaged: set[str], unread_files: tuple[str, ...]
) -> Iterator[Finding]:
    """Articles beside what their originals give now; those that cannot be read are passed over."""
    unread = Report()
    stored = [
        each
        for each in all_stored(site.articles, site.receipts, unread, [])
        if each.receipt.origin not in damaged
        and not each.receipt.origin.startswith(unread_files)
        and not f"content/articles/{each.article}".startswith(unread_files)
        and look_at(site.articles / each.article)
    ]
    cleaning = cleaning_of(site)
    left = {each.receipt.id: each for each in stored}
    captures = frozenset(left)
    place = Place(root=site.root, media=None, options=cleaning)
    for again in clean_again(place, stored, pool, unread):
        left.pop(again.stored.receipt.id, None)
        yield from _beside(site, again, counts, captures)
    for each in left.values():
        yield Finding(kind="no original", where=f"content/articles/{each.article}", detail=each.receipt.origin)


def _beside(site: Site, again: Revision, counts: Counter[str], captures: frozenset[str]) -> Iterator[Finding]:
    where = f"content/articles/{again.stored.article}"
    text = (site.articles / again.stored.article).read_bytes().decode("utf-8", "replace")
    if _id(text) in captures - {again.stored.receipt.id}:  # an earlier capture of the article
        text = again.stored.markdown
    if text != again.stored.markdown:
        counts["edited by hand"] += 1
        yield Finding(kind="edited", where=where)
    elif dump_article(_with_tags_of(text, again.article)) != text:
        counts["drifted"] += 1
        yield Finding(kind="drifted", where=where, detail=f"cleaned by {again.stored.receipt.cleaned_by}")
    else:
        counts["identical"] += 1


def _with_tags_of(text: str, article: Article) -> Article:
    """An article with what lists of links have said of it since."""
    known = load_article(text).article
    return with_hints(article, Hints(tags=known.tags, saved=known.saved))
