"""The step of a build that brings the index up to date: what changed → tables → files to be written anew.

Few changes are put into the postings of their segments one by one; a segment that changed much, or is newly cut, is
made from the texts of its articles. Both end in the same tables, and the files are made from the tables.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import deflate

from backfile.catalog import Catalog, read_catalog
from backfile.files import text_of_file
from backfile.model import Entry
from backfile.report import FrontMatterError
from backfile.search.analysis import Terms, Text, analyse, merged
from backfile.search.files import block_key, facet_keys, facts, keys, shelf_key, spelling_key, spelling_lines
from backfile.search.layout import (
    Layout,
    Segment,
    begins_file,
    block_count,
    block_of,
    cut_again,
    digest,
    file_name,
    segments,
    shelves,
    size_class,
    spans,
    spelling_starts,
)
from backfile.search.letters import letters
from backfile.search.places import bits_for, day_number, numbers_of_day
from backfile.search.postings import NONE, Postings, exchanged, to_bytes
from backfile.search.store import Kept, Store
from backfile.search.text import text_of
from backfile.workers import Pool, chunks, run

FILE = "searchfile"
"""The page type of the index's files."""
PAGE = "search"
"""The page type of the search page, and of the entry file of the index."""
_CHUNK = 2000
_PATCHED = 100
"""With more changed articles than this, a segment is made anew."""
_STAMP = 0xFFFF
_MANY = 1000
"""Files of which the stamps are asked for one by one, at most."""

Progress = Callable[[str, int, int], None]


@dataclass(kw_only=True, slots=True)
class _Changes:
    """Articles that leave their number, and articles that get one."""

    out: dict[str, Kept] = field(default_factory=dict)
    """As they were, by file."""
    into: dict[str, int] = field(default_factory=dict)
    """File → number."""
    fresh: set[str] = field(default_factory=set)
    """Files whose content is new, not only their number."""
    everything: bool = False
    """True where all numbers are new."""


def drop_index(catalog: Catalog) -> None:
    """Forget the index: the site has none."""
    Store(catalog).drop()


def update_index(catalog: Catalog, content: Path, path: Path, pool: Pool | None, progress: Progress) -> None:
    """Bring the index up to date with the catalog, and mark the files of it that are dirty.

    `path` is the catalog's file, for the processes that help.
    """
    store = Store(catalog)
    store.prepare()
    todo = store.todo()
    if not todo and store.layout():
        return
    with catalog.transaction():
        old = store.layout()
        changes, bits = _changes(catalog, store, todo)
        touched = _apply(store, changes, bits, _Helper(catalog=path, content=content), pool, progress)
        catalog.mark_dirty(_dirty(store, old, changes, touched))
        store.done()


def _changes(catalog: Catalog, store: Store, todo: Sequence[str]) -> tuple[_Changes, int]:
    """What is to be done, and how many bits tell articles of a day apart."""
    changes = _Changes()
    days: dict[int, set[str]] = {}
    notes: list[Kept] = []
    first = not store.layout()
    for source in todo:
        was, entry = None if first else store.kept(source), catalog.entry(source)
        if was and entry and (was.sha256, was.day) == (entry.sha256, day_number(entry.published, source)):
            continue
        if was:
            changes.out[source] = was
            days.setdefault(was.day, set())
            store.remove(source)
        if entry:
            day = day_number(entry.published, source)
            days.setdefault(day, set()).add(source)
            changes.fresh.add(source)
            notes.append(_note(entry, day))
    store.keep(notes)
    bits = bits_for(store.busiest())
    layout = store.layout()
    if not layout or layout.bits != bits:
        changes.everything = True
        days.update((day, set()) for day in store.days() if day not in days)
    for day, new in days.items():
        before = store.of_day(day)
        for source, place in numbers_of_day(day, before, bits).items():
            if source not in new and place != before[source] and not changes.everything:
                changes.out[source] = _known(store, source)
            if source in new or place != before[source]:
                changes.into[source] = place
    return changes, bits


def _note(entry: Entry, day: int) -> Kept:
    """An article of which the text is still to be read."""
    return Kept(
        source=entry.source,
        place=-1,
        day=day,
        sha256=entry.sha256,
        facts=facts(entry),
        language=entry.lang,
        lines=b"",
    )


def _known(store: Store, source: str) -> Kept:
    found = store.kept(source)
    if not found:
        raise KeyError(source)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class _Helper:
    """What a process needs to read texts."""

    catalog: Path
    content: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class _Task:
    """Articles of one segment in order of their numbers: (number, file, text where it is known, counted)."""

    segment: Segment
    articles: tuple[tuple[int, str, Kept | None, bool], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Result:
    """The terms of a task, and the texts that were read for it."""

    segment: Segment
    terms: Terms
    texts: tuple[tuple[str, bytes], ...]


@dataclass(kw_only=True, slots=True)
class _Touched:
    """What is no longer as it was."""

    segments: set[str] = field(default_factory=set)
    """Those made anew."""
    terms: dict[str, set[str]] = field(default_factory=dict)
    """Segment → terms, of the others."""
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(spelling, term) → how many more, or fewer."""

    def spellings(self) -> set[str]:
        """Those that are not as frequent as they were."""
        return {spelling for (spelling, _), n in self.counts.items() if n}

    def terms_counted(self) -> Counter[str]:
        """Term → how many more, or fewer."""
        found: Counter[str] = Counter()
        for (_, term), n in self.counts.items():
            found[term] += n
        return found


def _apply(
    store: Store, changes: _Changes, bits: int, helper: _Helper, pool: Pool | None, progress: Progress
) -> _Touched:
    """Put the changes into the tables."""
    old = store.layout()
    store.move(changes.into)
    cut, count = _cut(store, old, changes, bits)
    rebuilt = _rebuilt(old, cut, changes)
    whole = {segment.name for segment in rebuilt}
    if changes.everything:
        store.clear_all()
    else:
        before = {segment.name for segment in old.segments} if old else set()
        for name in whole | before - {segment.name for segment in cut}:
            store.clear(name)
    gone = _count_out(store, changes)
    touched = _Touched(segments=whole, counts=_make(store, rebuilt, changes, helper, pool, progress))
    touched.counts.subtract(gone)
    for segment in cut:
        if segment.name not in whole:
            _patch(store, segment, changes, helper, touched)
    blocks = block_count(count)
    moved = store.places() if not old or old.blocks != blocks else list(changes.into.values())
    store.set_blocks((block_of(number, blocks), number) for number in moved)
    starts = _shelves(store, old, count, touched)
    named = _distinct(starts)
    store.set_layout(
        Layout(
            bits=bits,
            count=count,
            blocks=blocks,
            segments=cut,
            shelves=tuple(named),
            spellings=_spellings(store, old, touched),
            clash=len(named) < len(starts),
        )
    )
    return touched


def _cut(store: Store, old: Layout | None, changes: _Changes, bits: int) -> tuple[tuple[Segment, ...], int]:
    """The segments, and how many articles there are: as before where no number came or went."""
    if old and not changes.everything and {kept.place for kept in changes.out.values()} == set(changes.into.values()):
        return old.segments, old.count
    numbers = store.places()
    return tuple(segments(numbers, bits)), len(numbers)


def _shelves(store: Store, old: Layout | None, articles: int, touched: _Touched) -> list[str]:
    """Where shelves begin: where they did, but around terms that came, went, or are frequent enough to weigh more."""
    if not old or old.clash or size_class(old.count) != size_class(articles):
        return list(shelves(store.terms(), articles))
    counted = {term: (store.frequency(term), n) for term, n in touched.terms_counted().items() if n}
    moved = [term for term, (now, more) in counted.items() if now.bit_length() != (now - more).bit_length()]
    starts = list(old.shelves)
    for first, end in cut_again(old.shelves, moved):
        span = slice(bisect_left(starts, first), bisect_left(starts, end) if end else None)
        starts[span] = shelves(store.terms(first, end), articles, first)
    return starts


def _spellings(store: Store, old: Layout | None, touched: _Touched) -> tuple[str, ...]:
    """Where files of spellings begin: where they did, unless it was one of these that came or went."""
    if old and not any(begins_file(spelling) for spelling in touched.spellings()):
        return old.spellings
    return tuple(_distinct(spelling_starts(dict.fromkeys(row[0] for row in store.spellings()))))


def _distinct(starts: Iterable[str]) -> list[str]:
    """Starts whose files have names of their own: of two with the same name, the first."""
    return list({file_name(start): start for start in reversed(list(starts))}.values())[::-1]


def _rebuilt(old: Layout | None, cut: Sequence[Segment], changes: _Changes) -> list[Segment]:
    """The segments to be made anew."""
    known = {segment.name for segment in old.segments} if old and not changes.everything else set()
    touched = [*changes.into.values(), *(kept.place for kept in changes.out.values())]
    return [
        segment
        for segment in cut
        if segment.name not in known or sum(segment.start <= place < segment.end for place in touched) > _PATCHED
    ]


def _count_out(store: Store, changes: _Changes) -> Counter[tuple[str, str]]:
    """Take the spellings of what is gone out of the counts; returns how many."""
    gone = [kept for source, kept in changes.out.items() if source in changes.fresh or source not in changes.into]
    found: Counter[tuple[str, str]] = Counter()
    for some in chunks(gone, _CHUNK):
        texts = [Text(place=kept.place, language=kept.language, lines=kept.text) for kept in some]
        spellings = analyse(texts).spellings
        store.count(spellings, -1)
        found.update(spellings)
    return found


def _make(
    store: Store,
    rebuilt: Sequence[Segment],
    changes: _Changes,
    helper: _Helper,
    pool: Pool | None,
    progress: Progress,
) -> Counter[tuple[str, str]]:
    """Make segments anew, one after another: memory holds the postings of one. Returns the spellings counted."""
    tasks = [task for segment in rebuilt for task in _tasks(store, segment, changes)]
    spellings: Counter[tuple[str, str]] = Counter()
    parts: list[Terms] = []
    done, total = 0, sum(segment.count for segment in rebuilt)
    following = [*(task.segment for task in tasks[1:]), None][: len(tasks)]
    for task, result, after in zip(tasks, run(pool, partial(_analysed, helper), tasks), following, strict=True):
        store.set_lines(result.texts)
        spellings.update(result.terms.spellings)
        parts.append(result.terms)
        if after != task.segment:
            store.set_postings(task.segment.name, merged(parts))
            parts.clear()
        done += len(task.articles)
        progress("Indexing", done, total)
    store.count(spellings, 1)
    return spellings


def _tasks(store: Store, segment: Segment, changes: _Changes) -> list[_Task]:
    rows = [
        (place, source, None if source in changes.fresh else _known(store, source), source in changes.fresh)
        for place, source in store.sources(segment)
    ]
    return [_Task(segment=segment, articles=tuple(some)) for some in chunks(rows, _CHUNK)]


def _analysed(helper: _Helper, task: _Task) -> _Result:
    """Read what is new and take it apart."""
    texts: list[Text] = []
    read: list[tuple[str, bytes]] = []
    with read_catalog(helper.catalog) as catalog:
        for place, source, kept, counted in task.articles:
            entry = None if kept else catalog.entry(source)
            lines = kept.text if kept else _read(helper.content, entry) if entry else "\n\n\n"
            language = kept.language if kept else entry.lang if entry else ""
            if not kept:
                read.append((source, bytes(deflate.zlib_compress(lines.encode("utf-8", "surrogatepass"), 1))))
            texts.append(Text(place=place - task.segment.start, language=language, lines=lines, counted=counted))
    return _Result(segment=task.segment, terms=analyse(texts), texts=tuple(read))


def _read(content: Path, entry: Entry) -> str:
    """The lines of an article; without its body where the file is gone meanwhile. Raises OSError."""
    try:
        return text_of(entry, text_of_file(content / "articles" / entry.source))
    except (FileNotFoundError, FrontMatterError):
        return text_of(entry, "")


def _patch(store: Store, segment: Segment, changes: _Changes, helper: _Helper, touched: _Touched) -> None:
    """Take articles out of a segment's postings and put others in, where they say otherwise."""
    inside = range(segment.start, segment.end)
    out = sorted((kept for kept in changes.out.values() if kept.place in inside), key=lambda kept: kept.place)
    texts = [Text(place=kept.place - segment.start, language=kept.language, lines=kept.text) for kept in out]
    before = dict(analyse(texts).postings())
    rows = [
        (place, source, None if source in changes.fresh else _known(store, source), source in changes.fresh)
        for source, place in changes.into.items()
        if place in inside
    ]
    after: dict[str, Postings] = {}
    if rows:
        result = _analysed(helper, _Task(segment=segment, articles=tuple(sorted(rows, key=lambda row: row[0]))))
        store.set_lines(result.texts)
        store.count(result.terms.spellings, 1)
        touched.counts.update(result.terms.spellings)
        after = dict(result.terms.postings())
    pairs = {term: (before.get(term, NONE), after.get(term, NONE)) for term in {*before, *after}}
    moved = {term: pair for term, pair in pairs.items() if to_bytes(pair[0]) != to_bytes(pair[1])}
    now = {term: exchanged(store.postings(segment.name, term), old, new) for term, (old, new) in moved.items()}
    store.set_postings(segment.name, now.items())
    touched.terms[segment.name] = set(now)


def _dirty(store: Store, old: Layout | None, changes: _Changes, touched: _Touched) -> list[tuple[str, str]]:
    """The files that are not what they were, after noting what they are now."""
    layout = store.layout()
    now: dict[str, int] = {"letters": digest(letters().unicode)}
    if layout:
        for part in (_spelling_files, _shelf_files, _article_files):
            now.update(part(_Stamping(store=store, old=old, new=layout), changes, touched))
    gone: Set[str] = set()
    if not old or not layout or _cuts(old) != _cuts(layout):
        gone = store.files().keys() - set(keys(layout) if layout else now)
    before = store.files() if len(now) > _MANY else {key: store.stamp(key) for key in now}
    changed = {key: stamp & _STAMP for key, stamp in now.items() if before.get(key) != stamp & _STAMP}
    store.set_files(changed, gone)
    return [(PAGE, ""), *((FILE, key) for key in sorted({*changed, *gone}))]


def _cuts(layout: Layout) -> tuple[object, ...]:
    """What decides which files there are."""
    return (
        [(segment.name, segment.step) for segment in layout.segments],
        layout.blocks,
        layout.shelves,
        layout.spellings,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stamping:
    """What stamps are made from. A file cut as before, in which nothing was touched, keeps the one it has."""

    store: Store
    old: Layout | None
    new: Layout


def _spelling_files(stamping: _Stamping, changes: _Changes, touched: _Touched) -> Iterator[tuple[str, int]]:
    starts = stamping.new.spellings
    same = set(spans(stamping.old.spellings)) if stamping.old else set()
    changed = {starts[bisect_right(starts, spelling) - 1] for spelling in touched.spellings()}
    for start, end in spans(starts):
        if start in changed or (start, end) not in same:
            yield spelling_key(start), digest(spelling_lines(stamping.store.spellings(start, end)))


def _shelf_files(stamping: _Stamping, changes: _Changes, touched: _Touched) -> Iterator[tuple[str, int]]:
    old, new = stamping.old, stamping.new
    before = {segment.name: segment for segment in old.segments} if old else {}
    for segment in new.segments:
        starts = new.starts(segment)
        was = before.get(segment.name)
        if not old or not was or segment.name in touched.segments:
            changed = set(spans(starts))
        elif old.shelves != new.shelves or was.step != segment.step:
            changed = set(spans(starts)) - set(spans(old.starts(was)))
        else:
            changed = set()
        ends = (*starts[1:], "")
        numbers = {bisect_right(starts, term) - 1 for term in touched.terms.get(segment.name, ())}
        changed.update((starts[number], ends[number]) for number in numbers)
        for start, end in sorted(changed):
            yield shelf_key(segment, start), stamping.store.shelf_stamp(segment.name, start, end)


def _article_files(stamping: _Stamping, changes: _Changes, touched: _Touched) -> Iterator[tuple[str, int]]:
    """Blocks of texts, and what facets need of each segment."""
    store, blocks = stamping.store, stamping.new.blocks
    places = [*changes.into.values(), *(kept.place for kept in changes.out.values())]
    if changes.everything or not stamping.old or stamping.old.blocks != blocks:
        known = store.block_stamps()
        yield from ((block_key(block), known.get(block, 0)) for block in range(blocks))
    else:
        for block in sorted({block_of(place, blocks) for place in places}):
            yield block_key(block), store.block_stamp(block)
    patched = any(segment.name not in touched.segments for segment in stamping.new.segments)
    told = _told_otherwise(store, changes) if patched else set()
    for segment in stamping.new.segments:
        if segment.name in touched.segments or any(segment.start <= place < segment.end for place in told):
            stamp = store.segment_stamp(segment)
            yield from ((key, stamp) for key in facet_keys(segment))


def _told_otherwise(store: Store, changes: _Changes) -> set[int]:
    """The numbers of which facets tell something else than before: those of most edited articles do not."""
    before = {(kept.place, kept.facts) for kept in changes.out.values()}
    now = {(place, store.facts(source)) for source, place in changes.into.items()}
    return {place for place, _ in before ^ now}
