"""Which pages are no longer true: from changes of content, theme and configuration to dirty page keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from backfile.catalog import Catalog, Changes, Read, Rows, Standing, rows_of
from backfile.files import asked_twice
from backfile.model import Entry
from backfile.pages.base import View
from backfile.pages.media import SHELF as MEDIA
from backfile.pages.media import media_standings
from backfile.report import Notice, advice
from backfile.scanning import EVERYTHING, Look, Seen, Share, halves, look_through, scan
from backfile.theme import theme_digest
from backfile.version import __version__
from backfile.workers import Pool, chunks, executor, run

MANY = 2000
"""With more changed articles than this, everything is written anew: finding out what is not would cost more."""

RECORDED = "recorded"
"""The catalog's setting of what `fixity` has yet to record: a JSON list, or nothing where that is not known."""
_CHUNK = 200
_LARGE = 20_000
"""Articles from which on two processes look at their files: starting one takes some hundredths of a second."""

PageKey = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """What is not as it was at the last build."""

    changes: Changes
    written: tuple[str, ...]
    """The hand-written pages that changed."""
    digests: dict[str, str]
    """Hand-written page → digest of its file."""
    media: dict[str, Seen | None]
    """The pictures that changed; None for those that are gone."""
    look: str
    """A digest of what every page depends on."""
    whole: bool
    """True where every page is to be written anew."""

    def __bool__(self) -> bool:
        return self.whole or bool(self.changes or self.written or self.media)


def find_news(catalog: Catalog, view: View, notices: list[Notice], *, force: bool, jobs: int = 0) -> News:
    """Look at content, theme and configuration without reading an article.

    What is passed over on the way is said in `notices`.
    """
    changes = catalog.changes(_look_at_articles(catalog, view.content / "articles", notices, jobs))
    look = _look(view)
    was = msgspec.json.decode(catalog.setting("written") or "{}", type=dict[str, str])
    now = {page.source: _digest((view.content / "pages" / page.source).read_bytes()) for page in view.written}
    found = catalog.changed_media(scan(view.content / "media", notices=notices))
    media = {name: _readable(view.content / "media", name, seen, notices) for name, seen in found.items()}
    return News(
        changes=changes,
        written=tuple(source for source in sorted(now.keys() | was.keys()) if now.get(source) != was.get(source)),
        digests=now,
        media=media,
        look=look,
        whole=force or catalog.fresh or look != catalog.setting("look") or len(changes.changed) > MANY,
    )


def _look_at_articles(catalog: Catalog, articles: Path, notices: list[Notice], jobs: int) -> list[Look]:
    """How the folders of articles look; of a large archive, another process looks at half of them."""
    known = catalog.folders()
    if jobs < 2 or catalog.count("all", "") < _LARGE:
        return list(look_through(articles, ".md", notices, known, EVERYTHING))
    ours, theirs = halves(articles)
    with executor(1) as helper:
        rest = helper.executor.submit(_look_at_share, articles, known, theirs) if helper else None
        found = list(look_through(articles, ".md", notices, known, ours))
        there, said = rest.result() if rest else ([], [])
    notices += said
    return found + there


def _look_at_share(articles: Path, known: dict[str, str], share: Share) -> tuple[list[Look], list[Notice]]:
    said: list[Notice] = []
    return list(look_through(articles, ".md", said, known, share)), said


def _readable(folder: Path, name: str, seen: Seen | None, notices: list[Notice]) -> Seen | None:
    """A picture as it was seen. One that cannot be read is told of, and looked at again by each build until it can."""
    try:
        if seen:
            asked_twice(_first_byte, folder / name)
        return seen
    except FileNotFoundError:  # gone since it was listed
        return None
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        notices.append(Notice(level="error", what=what, where=f"content/media/{name}", hint=advice(error)))
        return replace(seen, stamp="") if seen else None


def _first_byte(path: Path) -> bytes:
    with path.open("rb", buffering=0) as file:
        return file.read(1)


def take_in(catalog: Catalog, view: View, news: News, pool: Pool | None) -> None:
    """Read what changed since the last build, and mark the pages that it makes dirty, in one transaction."""
    articles = view.content / "articles"
    parts = chunks(sorted(news.changes.changed.items()), _CHUNK)
    pool = pool if len(news.changes.changed) > _CHUNK else None  # one chunk is done sooner here
    with catalog.transaction():
        if news.whole:
            catalog.remember(_noting(run(pool, partial(_rows_chunk, articles), parts), again := []))
            catalog.forget(news.changes.removed)
            catalog.mark_dirty(every_page(catalog, view))
            catalog.set_setting("look", news.look)
        else:
            reads = [read for done in run(pool, partial(_read_chunk, articles), parts) for read in done]
            again = [read.source for read in reads if not read.seen.stamp]
            catalog.mark_dirty(_update(catalog, news.changes, reads))
        catalog.remember_folders(news.changes.folders, again)
        for name in news.media:
            catalog.mark_dirty([(MEDIA, name), *(("article", e.source) for e in catalog.entries(MEDIA, name))])
        catalog.remember_media(news.media)
        catalog.mark_dirty(("written", source) for source in news.written)
        catalog.set_setting("indexed", "")
        catalog.set_setting(RECORDED, _unrecorded(catalog.setting(RECORDED), news))
        catalog.set_setting("written", msgspec.json.encode(news.digests).decode())


def _unrecorded(before: str, news: News) -> str:
    """The files whose digests are to be recorded, as a JSON list; empty where everything is to be looked at."""
    if not before or news.whole or news.media:
        return ""
    names = {*msgspec.json.decode(before, type=list[str])}
    names.update(f"articles/{source}" for source in (*news.changes.changed, *news.changes.removed))
    names.update(f"pages/{source}" for source in news.written)
    return msgspec.json.encode(sorted(names)).decode()


def _noting(parts: Iterable[list[Rows]], again: list[str]) -> Iterator[Rows]:
    """The rows of all parts; `again` takes the files that must be looked at again."""
    for part in parts:
        again += (rows.file[0] for rows in part if not rows.file[2])
        yield from part


def every_page(catalog: Catalog, view: View) -> Iterator[PageKey]:
    """All pages there are, and all there were."""
    from backfile.pages import page_types

    for kind in page_types().values():
        yield from ((kind.name, key) for key in kind.every(catalog, view))
    yield from set(catalog.outputs().values())


def _update(catalog: Catalog, changes: Changes, reads: Sequence[Read]) -> set[PageKey]:
    """Take in changed and removed files; returns the pages that this makes dirty."""
    from backfile.pages.shelves import Node, nodes, signature, with_pages

    real = [read for read in reads if not read.sha256 or read.sha256 != catalog.sha256(read.source)]
    gone = [*(read.source for read in real), *changes.removed]
    old = [entry for entry in map(catalog.entry, gone) if entry]
    new = [read.entry for read in real if read.entry]
    same = {_elsewhere(entry) for entry in old} & {_elsewhere(entry) for entry in new}
    touched = {node for entry in (*old, *new) if _elsewhere(entry) not in same for node in nodes(entry)}
    before = signature(catalog, touched)
    dirty = set(_keys(catalog, old, same))
    catalog.restamp(reads)
    named = {entry.id: entry.source for entry in new if entry.id}
    gone_files = set(changes.removed)
    for entry in old:
        if entry.source in gone_files and entry.id in named:
            catalog.move_addresses(entry.source, named[entry.id])
    catalog.remember(rows_of(read, _places) for read in real)
    catalog.forget(changes.removed)
    dirty.update(_keys(catalog, new, same))
    after = signature(catalog, touched)
    for shelf, key in (where for where in before if before[where] != after[where]):
        dirty.add(("feed", f"{shelf}/{key}"))
        dirty.update(("shelf", node.page_key) for node in with_pages(catalog, shelf, key))
        dirty.update(catalog.pages_like("shelf", Node(shelf=shelf, key=key).page_key))
    return dirty


def _places(entry: Entry) -> Iterator[Standing]:
    from backfile.pages.shelves import standings

    yield from standings(entry)
    yield from media_standings(entry)


def _elsewhere(entry: Entry) -> Entry:
    """What pages without an article's text or length know of it."""
    return replace(entry, sha256="", words=0, removed=0)


def _keys(catalog: Catalog, entries: Iterable[Entry], same: Set[Entry]) -> Iterator[PageKey]:
    """The pages that show something of articles; where the rest is the `same` before and after, of the text alone."""
    from backfile.pages import page_types

    for entry in entries:
        elsewhere = _elsewhere(entry) not in same
        for kind in page_types().values():
            yield from ((kind.name, key) for key in kind.text_keys(catalog, entry))
            if elsewhere:
                yield from ((kind.name, key) for key in kind.keys(catalog, entry))


def _look(view: View) -> str:
    """A digest of what every page depends on: version, theme, configuration, menu."""
    facts = (view.title, view.description, view.language, view.address, view.accent, view.footer, view.licence)
    menu = [f"{page.path}\0{page.title}" for page in view.written]
    ways = (str(view.search), *view.extensions, *view.home, *(path for path, _ in (*view.menu, *view.ways)))
    everything = "\n".join((__version__, *facts, *menu, *ways, theme_digest(view.templates)))
    return _digest(everything.encode("utf-8", "surrogatepass"))


def _read_chunk(folder: Path, files: Sequence[tuple[str, Seen]]) -> list[Read]:
    from backfile.reading import read_article

    return [read_article(folder, source, seen) for source, seen in files]


def _rows_chunk(folder: Path, files: Sequence[tuple[str, Seen]]) -> list[Rows]:
    return [rows_of(read, _places) for read in _read_chunk(folder, files)]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
