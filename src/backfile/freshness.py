"""Which pages are no longer true: from changes of content, theme and configuration to dirty page keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import msgspec

from backfile.catalog import Catalog, Changes, Read, Seen, Standing, scan
from backfile.model import Entry
from backfile.pages import page_types
from backfile.pages.base import View
from backfile.pages.media import SHELF as MEDIA
from backfile.pages.media import media_standings
from backfile.pages.shelves import Node, nodes, signature, standings, with_pages
from backfile.reading import read_article
from backfile.report import Notice
from backfile.theme import theme_digest
from backfile.version import __version__
from backfile.workers import chunks, run

MANY = 2000
"""With more changed articles than this, everything is written anew: finding out what is not would cost more."""

_CHUNK = 200

PageKey = tuple[str, str]


def refresh(catalog: Catalog, view: View, pool: Executor | None, notices: list[Notice], *, force: bool) -> None:
    """Take in what changed since the last build, and mark the pages that it makes dirty.

    What is passed over on the way is said in `notices`.
    """
    articles = view.content / "articles"
    changes = catalog.changes(scan(articles, ".md", notices))
    look = _look(view)
    whole = force or catalog.fresh or look != catalog.setting("look") or len(changes.changed) > MANY
    reads = (read for done in run(pool, partial(_read_chunk, articles), list(_parts(changes.changed))) for read in done)
    with catalog.transaction():
        if whole:
            catalog.remember(reads, _places)
            catalog.forget(changes.removed)
            catalog.mark_dirty(every_page(catalog, view))
            catalog.set_setting("look", look)
        elif changes.changed or changes.removed:
            catalog.mark_dirty(_update(catalog, changes, list(reads)))
        catalog.mark_dirty(_changed_pages(catalog, view))
        for name in catalog.changed_media(scan(view.content / "media", notices=notices)):
            catalog.mark_dirty([(MEDIA, name), *(("article", e.source) for e in catalog.entries(MEDIA, name))])


def every_page(catalog: Catalog, view: View) -> Iterator[PageKey]:
    """All pages there are, and all there were."""
    for kind in page_types().values():
        yield from ((kind.name, key) for key in kind.every(catalog, view))
    yield from set(catalog.outputs().values())


def _update(catalog: Catalog, changes: Changes, reads: Sequence[Read]) -> set[PageKey]:
    """Take in changed and removed files; returns the pages that this makes dirty."""
    real = [read for read in reads if not read.sha256 or read.sha256 != catalog.sha256(read.source)]
    gone = [*(read.source for read in real), *changes.removed]
    old = [entry for entry in map(catalog.entry, gone) if entry]
    new = [read.entry for read in real if read.entry]
    touched = {node for entry in (*old, *new) for node in nodes(entry)}
    before = signature(catalog, touched)
    dirty = set(_keys(catalog, old))
    catalog.restamp(reads)
    catalog.remember(real, _places)
    catalog.forget(changes.removed)
    dirty.update(_keys(catalog, new))
    after = signature(catalog, touched)
    for shelf, key in (where for where in before if before[where] != after[where]):
        dirty.update(("shelf", node.page_key) for node in with_pages(catalog, shelf, key))
        dirty.update(catalog.pages_like("shelf", Node(shelf=shelf, key=key).page_key))
    return dirty


def _places(entry: Entry) -> Iterator[Standing]:
    yield from standings(entry)
    yield from media_standings(entry)


def _keys(catalog: Catalog, entries: Iterable[Entry]) -> Iterator[PageKey]:
    for entry in entries:
        for kind in page_types().values():
            yield from ((kind.name, key) for key in kind.keys(catalog, entry))


def _changed_pages(catalog: Catalog, view: View) -> list[PageKey]:
    """Hand-written pages and receipts that changed; they are few, or change only with their article."""
    now = {page.source: _digest((view.content / "pages" / page.source).read_bytes()) for page in view.written}
    was = msgspec.json.decode(catalog.setting("written") or "{}", type=dict[str, str])
    catalog.set_setting("written", msgspec.json.encode(now).decode())
    return [("written", source) for source in sorted(now.keys() | was.keys()) if now.get(source) != was.get(source)]


def _look(view: View) -> str:
    """A digest of what every page depends on: version, theme, configuration, menu."""
    facts = (view.title, view.description, view.language, view.address, view.accent, view.footer, view.licence)
    menu = [f"{page.path}\0{page.title}" for page in view.written]
    ways = (*view.home, *(path for path, _ in (*view.menu, *view.ways)))
    everything = "\n".join((__version__, *facts, *menu, *ways, theme_digest(view.templates)))
    return _digest(everything.encode("utf-8", "surrogatepass"))


def _read_chunk(folder: Path, files: Sequence[tuple[str, Seen]]) -> list[Read]:
    return [read_article(folder, source, seen) for source, seen in files]


def _parts(changed: dict[str, Seen]) -> Iterator[Sequence[tuple[str, Seen]]]:
    return chunks(sorted(changed.items()), _CHUNK)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
