"""content/ → Catalog: what there is, kept in a SQLite cache that is made anew when missing, damaged or of another age.

A build asks the catalog three things: what changed since the last one (`refresh`), which pages that touches (`dirty`),
and what stands in a list (`entries`, `counts`). Pages still to be written are kept in the same transaction as the
change that made them so: a build killed at any moment is finished by the next one.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from backfile.addresses import link_id
from backfile.dates import day, instant
from backfile.model import Entry
from backfile.paths import letter_steps
from backfile.report import Notice, SiteError
from backfile.scanning import Folder, Seen
from backfile.version import __version__

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE folder (prefix TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID;
CREATE TABLE file (source TEXT PRIMARY KEY, size INTEGER, stamp TEXT, sha256 TEXT, notices BLOB) WITHOUT ROWID;
CREATE TABLE article (
    id INTEGER PRIMARY KEY, source TEXT UNIQUE, sort TEXT, words INTEGER, removed INTEGER, data BLOB, page TEXT,
    outlet INTEGER, prints BLOB
);
CREATE INDEX article_by_page ON article (page) WHERE page <> '';
CREATE INDEX article_by_time ON article (sort, source);
CREATE INDEX article_by_length ON article (words);
CREATE TABLE standing (
    shelf TEXT, key TEXT, day TEXT, article INTEGER, name TEXT, sort TEXT, PRIMARY KEY (shelf, key, day, article)
) WITHOUT ROWID;
CREATE INDEX publisher_by_time ON standing (key, sort) WHERE shelf = 'publisher';
CREATE INDEX standing_of_article ON standing (article);
CREATE TABLE link (target TEXT, article INTEGER, url TEXT, PRIMARY KEY (target, article, url)) WITHOUT ROWID;
CREATE INDEX link_of_article ON link (article);
CREATE TABLE cited (target TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID;
CREATE INDEX cited_most ON cited (n) WHERE n > 1;
CREATE TABLE term (
    term INTEGER, minute INTEGER, article INTEGER, PRIMARY KEY (term, minute, article)
) WITHOUT ROWID;
CREATE TABLE print (
    print INTEGER, outlet INTEGER, article INTEGER, PRIMARY KEY (print, outlet, article)
) WITHOUT ROWID;
CREATE TABLE dirty (type TEXT, key TEXT, PRIMARY KEY (type, key)) WITHOUT ROWID;
CREATE TABLE saved (origin TEXT PRIMARY KEY, size INTEGER, stamp TEXT, refused INTEGER, notices BLOB) WITHOUT ROWID;
CREATE TABLE medium (name TEXT PRIMARY KEY, size INTEGER, stamp TEXT) WITHOUT ROWID;
CREATE TABLE address (id TEXT PRIMARY KEY, source TEXT) WITHOUT ROWID;
CREATE INDEX address_of_article ON address (source);
CREATE TABLE output (
    folder TEXT, name TEXT, type TEXT, key TEXT, PRIMARY KEY (folder, name)
) WITHOUT ROWID;
CREATE TABLE made (folder TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID;
CREATE INDEX output_of_page ON output (type, key);
"""
_FORMAT = f"11 {__version__}"
"""Changes with the tables and with the version, whose pages may differ. What is only a link has -1 words."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Entry).decode
_decode_prints = msgspec.msgpack.Decoder(tuple[int, ...]).decode
_decode_notices = msgspec.msgpack.Decoder(tuple[Notice, ...]).decode

UNDATED = "undated"
"""The day of an article without a date."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """An article stands on a shelf (`tag`, `publisher`…) under a key, with the name as the article writes it."""

    shelf: str
    key: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A file as it was read: the entry, or None where there is none to show (a draft, or `notices` tell why)."""

    source: str
    seen: Seen
    sha256: str
    entry: Entry | None
    notices: tuple[Notice, ...] = ()
    prints: tuple[int, ...] = ()
    """Of its sentences, by which copies of one dispatch find each other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """Files that are not as the catalog remembers them."""

    changed: dict[str, Seen]
    removed: tuple[str, ...]
    folders: dict[str, str | None]
    """Prefix → stamp of the folders that are not as remembered: None for one that is gone."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed or self.folders)


Row = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """What the catalog keeps of a file, ready to be put into its tables."""

    file: Row
    article: Row | None = None
    prints: tuple[Row, ...] = ()
    standings: tuple[Row, ...] = ()
    terms: tuple[Row, ...] = ()
    links: tuple[Row, ...] = ()
    cited: tuple[Row, ...] = ()


def rows_of(read: Read, standings: Callable[[Entry], Iterable[Standing]]) -> Rows:
    """A file as it was read, as rows of the catalog."""
    file = (read.source, read.seen.size, read.seen.stamp, read.sha256, _encode(read.notices) if read.notices else None)
    entry = read.entry
    if not entry:
        return Rows(file=file)
    number, sort, when = _number(entry.source), instant(entry.published), place_in_time(entry)
    words = -1 if entry.link_only else entry.words
    page = link_id(entry.url) if entry.url and not entry.link_only else ""
    outlet = zlib.crc32(outlet_of(entry).encode("utf-8", "replace"))
    links = tuple((target, number, url) for url in entry.links if (target := link_id(url)) and target != page)
    return Rows(
        file=file,
        article=(number, entry.source, sort, words, entry.removed, _encode(entry), page, outlet, _encode(read.prints)),
        prints=tuple((each, outlet, number) for each in read.prints),
        standings=tuple((s.shelf, s.key, when, number, s.name, sort) for s in standings(entry)),
        terms=tuple(_term_rows(entry)),
        links=links,
        cited=tuple((target,) for target in sorted({link[0] for link in links})),
    )


class Catalog:
    """What the archive holds. Read it from several processes at once; write it from one."""

    def __init__(self, connection: sqlite3.Connection, *, fresh: bool = False, killed: bool = False) -> None:
        self._db = connection
        self._answers: dict[tuple[object, ...], list[Any]] | None = None
        self.fresh = fresh
        """True where nothing is remembered: every article is new, and what `build/` holds is unknown."""
        self.killed = killed
        """True where the run before did not end: `build/` may hold more than is remembered."""

    @property
    def connection(self) -> sqlite3.Connection:
        """The database, for what keeps tables of its own in it."""
        return self._db

    def changes(self, found: Iterable[Folder]) -> Changes:
        """How the files found differ from those remembered, by names, sizes and times."""
        known = dict(self._db.execute("SELECT prefix, stamp FROM folder").fetchall())
        changed: dict[str, Seen] = {}
        removed: list[str] = []
        stamps: dict[str, str | None] = {}
        for folder in found:
            stamp = folder.stamp()
            was = known.pop(folder.prefix, None)
            if stamp and stamp == was:
                continue
            stamps[folder.prefix] = stamp
            seen = folder.seen()
            there = self._files_in(folder.prefix) if was is not None else {}
            changed.update((path, s) for path, s in seen.items() if not s.stamp or there.get(path) != (s.size, s.stamp))
            removed += sorted(there.keys() - seen.keys())
        for prefix in known:
            removed += sorted(self._files_in(prefix))
            stamps[prefix] = None
        return Changes(changed=changed, removed=tuple(removed), folders=stamps)

    def _files_in(self, prefix: str) -> dict[str, tuple[int, str]]:
        """Path → (size, stamp) of the remembered files that stand directly in a folder."""
        query = "SELECT source, size, stamp FROM file WHERE source >= ? AND source < ?"
        rows = self._db.execute(query, (prefix, prefix + "\U0010ffff"))
        return {source: (size, stamp) for source, size, stamp in rows if "/" not in source[len(prefix) :]}

    def remember_folders(self, stamps: Mapping[str, str | None], again: Iterable[str]) -> None:
        """Note how folders look now that their files are taken in; those of the files `again` are looked at again."""
        unsure = {f"{source.rpartition('/')[0]}/".removeprefix("/") for source in again}
        there = ((prefix, "" if prefix in unsure else stamp) for prefix, stamp in stamps.items() if stamp is not None)
        self._db.executemany("INSERT OR REPLACE INTO folder VALUES (?, ?)", there)
        gone = ((prefix,) for prefix, stamp in stamps.items() if stamp is None)
        self._db.executemany("DELETE FROM folder WHERE prefix = ?", gone)

    def new_saved(self, found: Mapping[str, Seen], *, refused_too: bool = False) -> list[str]:
        """The saved files not imported as they are now, in order; on demand also those that gave no article."""
        rows = self._db.execute("SELECT origin, size, stamp FROM saved WHERE NOT (refused AND ?)", (refused_too,))
        known = {origin: (size, stamp) for origin, size, stamp in rows}
        return sorted(o for o, seen in found.items() if not seen.stamp or known.get(o) != (seen.size, seen.stamp))

    def knows_saved(self, origin: str) -> bool:
        """True where a saved file of this name was imported before, as it is or otherwise."""
        return self._db.execute("SELECT 1 FROM saved WHERE origin = ?", (origin,)).fetchone() is not None

    def remember_saved(self, origin: str, seen: Seen, notices: Iterable[Notice], *, refused: bool) -> None:
        """Note that a saved file was imported, and what there was to say of it."""
        kept = _encode(tuple(notices)) if notices else None
        self._db.execute(
            "INSERT OR REPLACE INTO saved VALUES (?, ?, ?, ?, ?)", (origin, seen.size, seen.stamp, refused, kept)
        )

    def forget_saved(self, found: Iterable[str]) -> None:
        """Keep only what is said of these saved files."""
        gone = {origin for (origin,) in self._db.execute("SELECT origin FROM saved")} - set(found)
        self._db.executemany("DELETE FROM saved WHERE origin = ?", ((origin,) for origin in gone))

    def lacks_saved(self, found: Mapping[str, Seen]) -> bool:
        """True where a saved file that was imported is gone."""
        return any(origin not in found for (origin,) in self._db.execute("SELECT origin FROM saved"))

    def saved_notices(self) -> Iterator[Notice]:
        """What there is to say of saved files, in their order."""
        for (blob,) in self._db.execute("SELECT notices FROM saved WHERE notices IS NOT NULL ORDER BY origin"):
            yield from _decode_notices(blob)

    def changed_media(self, found: Mapping[str, Seen]) -> dict[str, Seen | None]:
        """The pictures that are not as they are remembered; None for those that are gone."""
        rows = self._db.execute("SELECT name, size, stamp FROM medium")
        known = {name: (size, stamp) for name, size, stamp in rows}
        changed = {n: seen for n, seen in found.items() if not seen.stamp or known.get(n) != (seen.size, seen.stamp)}
        return {**changed, **dict.fromkeys(known.keys() - found.keys())}

    def remember_media(self, changed: Mapping[str, Seen | None]) -> None:
        """Note how pictures are now."""
        self._db.executemany("DELETE FROM medium WHERE name = ?", ((name,) for name in changed))
        new = ((name, seen.size, seen.stamp) for name, seen in changed.items() if seen)
        self._db.executemany("INSERT INTO medium VALUES (?, ?, ?)", new)

    def note_addresses(self, source: str, ids: Iterable[str]) -> None:
        """Note under which ids of addresses (`addresses.link_id`) an article's page may come again."""
        self._db.executemany("INSERT OR IGNORE INTO address VALUES (?, ?)", ((each, source) for each in ids))

    def article_at(self, link: str) -> str:
        """The file of the article at an address, by its id; an empty string where none is known."""
        row = self._db.execute("SELECT source FROM address WHERE id = ?", (link,)).fetchone()
        return str(row[0]) if row else ""

    def sha256(self, source: str) -> str:
        """The digest of a file when it was last read; empty for a new one."""
        row = self._db.execute("SELECT sha256 FROM file WHERE source = ?", (source,)).fetchone()
        return str(row[0]) if row else ""

    def file_notices(self) -> Iterator[Notice]:
        """What there is to say of articles' files, in their order."""
        for (blob,) in self._db.execute("SELECT notices FROM file WHERE notices IS NOT NULL ORDER BY source"):
            yield from _decode_notices(blob)

    def remember(self, files: Iterable[Rows]) -> None:
        """Take in files as they were read."""
        left = iter(files)
        while some := list(islice(left, _BATCH)):
            if not self.fresh:
                for rows in some:
                    self._forget_article(rows.file[0])
            articles = [rows.article for rows in some if rows.article]
            self._db.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)", (rows.file for rows in some))
            self._db.executemany("INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", articles)
            self._db.executemany(
                "INSERT OR IGNORE INTO address VALUES (?, ?)", ((row[6], row[1]) for row in articles if row[6])
            )
            self._insert("INSERT OR IGNORE INTO standing VALUES (?, ?, ?, ?, ?, ?)", (r.standings for r in some))
            self._insert("INSERT OR IGNORE INTO print VALUES (?, ?, ?)", (rows.prints for rows in some))
            self._insert("INSERT OR IGNORE INTO term VALUES (?, ?, ?)", (rows.terms for rows in some))
            self._insert("INSERT INTO link VALUES (?, ?, ?)", (rows.links for rows in some))
            self._insert(
                "INSERT INTO cited VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1", (rows.cited for rows in some)
            )

    def _insert(self, query: str, parts: Iterable[Sequence[Row]]) -> None:
        self._db.executemany(query, sorted(chain.from_iterable(parts)))

    def restamp(self, reads: Iterable[Read]) -> None:
        """Note the times of files whose bytes may be as they were."""
        rows = ((read.seen.size, read.seen.stamp, read.source) for read in reads)
        self._db.executemany("UPDATE file SET size = ?, stamp = ? WHERE source = ?", rows)

    def forget(self, sources: Iterable[str]) -> None:
        """Leave out files that are gone."""
        for source in sources:
            self._db.execute("DELETE FROM file WHERE source = ?", (source,))
            self._forget_article(source)

    def _forget_article(self, source: str) -> None:
        known = self.entry(source)
        if known:
            number = (_number(source),)
            self._db.executemany("DELETE FROM term WHERE term = ? AND minute = ? AND article = ?", _term_rows(known))
            self._db.execute("DELETE FROM standing WHERE article = ?", number)
            outlet, prints = self._prints(number[0])
            self._db.executemany(
                "DELETE FROM print WHERE print = ? AND outlet = ? AND article = ?",
                ((p, outlet, *number) for p in prints),
            )
            self._db.execute(
                "UPDATE cited SET n = n - 1 WHERE target IN (SELECT target FROM link WHERE article = ?)", number
            )
            self._db.execute("DELETE FROM link WHERE article = ?", number)
            self._db.execute("DELETE FROM address WHERE source = ?", (source,))
            self._db.execute("DELETE FROM article WHERE id = ?", number)

    def _prints(self, number: int) -> tuple[int, tuple[int, ...]]:
        outlet, blob = self._db.execute("SELECT outlet, prints FROM article WHERE id = ?", (number,)).fetchone()
        return outlet, _decode_prints(blob)

    def copies(self, entry: Entry) -> list[Entry]:
        """The articles of other outlets that have a sentence in common with this one, by their files."""
        row = self._db.execute("SELECT outlet, prints FROM article WHERE source = ?", (entry.source,)).fetchone()
        prints = _decode_prints(row[1]) if row else ()
        if not prints:
            return []
        marks = ",".join("?" * len(prints))
        found = self._db.execute(
            f"SELECT data FROM article WHERE id IN (SELECT article FROM print WHERE print IN ({marks}) AND outlet < ?"
            f" UNION SELECT article FROM print WHERE print IN ({marks}) AND outlet > ?) ORDER BY source",
            (*prints, row[0], *prints, row[0]),
        )
        return [_decode(data) for (data,) in found]

    def with_copies(self) -> list[str]:
        """The files of all articles that have a sentence in common with one of another outlet, in order."""
        shared = "SELECT print FROM print GROUP BY print HAVING min(outlet) < max(outlet)"
        rows = self._db.execute(
            f"SELECT DISTINCT a.source FROM print p JOIN article a ON a.id = p.article WHERE p.print IN ({shared})"
            " ORDER BY a.source"
        )
        return [source for (source,) in rows]

    def entry(self, source: str) -> Entry | None:
        """One article."""
        row = self._db.execute("SELECT data FROM article WHERE source = ?", (source,)).fetchone()
        return _decode(row[0]) if row else None

    def numbered(self, number: int) -> Entry | None:
        """The article of a number (`sharing`)."""
        row = self._db.execute("SELECT data FROM article WHERE id = ?", (number,)).fetchone()
        return _decode(row[0]) if row else None

    def sharing(self, entry: Entry, width: int) -> list[list[tuple[int, int]]]:
        """For each term of an article, the articles with the same term: up to `width` just before it, then just after.

        Each is (minute, number of the article); who is near whom is mutual.
        """
        return [
            self._db.execute(_SHARING, (term, minute, number, width)).fetchall()
            for term, minute, number in _term_rows(entry)
        ]

    def sources(self) -> list[str]:
        """Every article's file, in order."""
        return [source for (source,) in self._db.execute("SELECT source FROM article ORDER BY source")]

    def neighbours(self, entry: Entry, publisher: str = "") -> tuple[Entry | None, Entry | None]:
        """The articles just before and after in time, of all or of a publisher; (None, None) for an undated one."""
        sort = instant(entry.published)
        if not sort or entry.link_only:
            return None, None
        if publisher:
            return self._of_publisher(entry, sort, publisher)
        select = "SELECT data FROM article WHERE sort > '' AND words >= 0"
        earlier = f"{select} AND (sort, source) < (?, ?) ORDER BY sort DESC, source DESC LIMIT 1"
        later = f"{select} AND (sort, source) > (?, ?) ORDER BY sort, source LIMIT 1"
        rows = [self._db.execute(query, (sort, entry.source)).fetchone() for query in (earlier, later)]
        before, after = (_decode(row[0]) if row else None for row in rows)
        return before, after

    def _of_publisher(self, entry: Entry, sort: str, key: str) -> tuple[Entry | None, Entry | None]:
        found: list[Entry | None] = []
        for sign, order, least in (("<", "DESC", "AND s.sort > ''"), (">", "ASC", "")):
            row = self._db.execute(
                "SELECT a.data FROM standing s JOIN article a ON a.id = s.article"
                f" WHERE s.shelf = 'publisher' AND s.key = ? AND s.sort {sign}= ? {least}"
                f" AND (s.sort {sign} ? OR a.source {sign} ?) ORDER BY s.sort {order}, a.source {order} LIMIT 1",
                (key, sort, sort, entry.source),
            ).fetchone()
            found.append(_decode(row[0]) if row else None)
        return found[0], found[1]

    def linked(self, entry: Entry) -> dict[str, Entry]:
        """The archive's own articles that an article links to, by the address that it gives."""
        rows = self._db.execute(
            "SELECT l.url, min(a.source), a.data FROM link l JOIN article a ON a.page = l.target AND a.page <> ''"
            " WHERE l.article = (SELECT id FROM article WHERE source = ?) GROUP BY l.url ORDER BY l.url",
            (entry.source,),
        )
        return {url: _decode(data) for url, _, data in rows}

    def citing(self, entry: Entry) -> list[Entry]:
        """The articles that link to an article, newest first."""
        page = link_id(entry.url) if entry.url and not entry.link_only else ""
        rows = self._db.execute(
            "SELECT a.data FROM link l JOIN article a ON a.id = l.article WHERE l.target = ?"
            " GROUP BY a.id ORDER BY a.sort DESC, a.source",
            (page,),
        )
        return [_decode(data) for (data,) in rows] if page else []

    def most_cited(self, limit: int) -> list[tuple[str, int]]:
        """(address, how many articles link to it) of pages that are not here, from two links on, most cited first."""
        rows = self._db.execute(
            "SELECT (SELECT min(url) FROM link WHERE target = c.target) url, n FROM cited c"
            " WHERE n > 1 AND NOT EXISTS (SELECT 1 FROM article WHERE page = c.target AND page <> '')"
            " ORDER BY n DESC, url LIMIT ?",
            (limit,),
        )
        return rows.fetchall()

    def entries(self, shelf: str, key: str, period: str = "", limit: int = -1) -> list[Entry]:
        """The articles on a shelf, newest first, of a period (`2025`, `2025-01`, `2025-01-05`, `undated`, all)."""
        low, high = _bounds(period)
        rows = self._db.execute(
            "SELECT a.data FROM standing s JOIN article a ON a.id = s.article"
            " WHERE s.shelf = ? AND s.key = ? AND s.day >= ? AND s.day < ? ORDER BY a.sort DESC, a.source LIMIT ?",
            (shelf, key, low, high, limit),
        )
        return [_decode(data) for (data,) in rows]

    def latest(self, limit: int) -> list[Entry]:
        """The newest articles of all; undated ones come last."""
        query = "SELECT data FROM article WHERE words >= 0 ORDER BY sort DESC, source LIMIT ?"
        rows = self._db.execute(query, (limit,))
        return [_decode(data) for (data,) in rows]

    def count(self, shelf: str, key: str, period: str = "") -> int:
        """How many articles stand there."""
        low, high = _bounds(period)
        query = "SELECT count(*) FROM standing WHERE shelf = ? AND key = ? AND day >= ? AND day < ?"
        return int(self._answer(query, shelf, key, low, high)[0][0])

    def periods(self, shelf: str, key: str, period: str = "") -> dict[str, int]:
        """How many articles stand on a shelf in each period one step below this one, in order.

        Below all time: years and `undated`; below a year: months; below a month: days; below a day and below
        `undated`: steps of the alphabet (`place_in_time`).
        """
        low, high = _bounds(period)
        width = _width_below(period)
        query = (
            "SELECT substr(day, 1, iif(day >= ?, ?, ?)) p, count(*) FROM standing"
            " WHERE shelf = ? AND key = ? AND day >= ? AND day < ? GROUP BY p ORDER BY p"
        )
        return dict(self._answer(query, UNDATED, max(width, len(UNDATED)), width, shelf, key, low, high))

    def days(self, period: str) -> dict[str, int]:
        """How many articles of the whole archive each day of a period has, in order; days without any are left out."""
        low, high = _bounds(period)
        query = (
            "SELECT substr(day, 1, 10) d, count(*) FROM standing WHERE shelf = 'all' AND key = ''"
            " AND day >= ? AND day < ? AND day < ? GROUP BY d ORDER BY d"
        )
        return dict(self._answer(query, low, high, UNDATED))

    def lengths(self) -> dict[int, int]:
        """Words → how many articles have so many, in order."""
        query = "SELECT words, count(*) FROM article WHERE words >= 0 GROUP BY words ORDER BY words"
        return dict(self._db.execute(query).fetchall())

    def shares_removed(self) -> dict[int, int]:
        """Share of a page's words that is not in the article, in tenths → how many articles, where that is known."""
        query = (
            "SELECT min(removed * 10 / (removed + words), 9) s, count(*) FROM article"
            " WHERE removed >= 0 AND words > 0 GROUP BY s ORDER BY s"
        )
        return dict(self._db.execute(query).fetchall())

    def keys(self, shelf: str) -> dict[str, tuple[str, int]]:
        """key → (name, how many articles) for every list of a shelf."""
        query = "SELECT key, min(name), count(*) FROM standing WHERE shelf = ? GROUP BY key ORDER BY key"
        return {key: (name, n) for key, name, n in self._answer(query, shelf)}

    def name(self, shelf: str, key: str) -> str:
        """The name of a list, as articles write it; empty for a list of nothing."""
        found = self._answer("SELECT min(name) FROM standing WHERE shelf = ? AND key = ?", shelf, key)
        return str(found[0][0] or "")

    def _answer(self, query: str, *values: object) -> list[Any]:
        """The rows of a question that a list's pages ask again and again; a catalog that cannot change keeps them."""
        if self._answers is None:
            return self._db.execute(query, values).fetchall()
        found = self._answers.get((query, *values))
        if found is None:
            if len(self._answers) > _KEPT:
                self._answers.clear()
            found = self._answers[(query, *values)] = self._db.execute(query, values).fetchall()
        return found

    def mark_dirty(self, pages: Iterable[tuple[str, str]]) -> None:
        """Note (page type, key) pairs whose files must be written."""
        self._db.executemany("INSERT OR IGNORE INTO dirty VALUES (?, ?)", pages)

    def dirty(self) -> list[tuple[str, str]]:
        """(page type, key) pairs still to be written, in order."""
        return self._db.execute("SELECT type, key FROM dirty ORDER BY type, key").fetchall()

    def has_dirty(self) -> bool:
        """True where pages are still to be written."""
        return self._db.execute("SELECT 1 FROM dirty LIMIT 1").fetchone() is not None

    def outputs(self) -> dict[str, tuple[str, str]]:
        """path → (page type, key) of every file of the site that was written."""
        rows = self._db.execute("SELECT folder || name, type, key FROM output")
        return {path: (kind, key) for path, kind, key in rows}

    def outputs_in(self, folder: str) -> dict[str, tuple[str, str]]:
        """name → (page type, key) of every file that was written directly into a folder (with `/` at its end)."""
        rows = self._db.execute("SELECT name, type, key FROM output WHERE folder = ?", (folder,))
        return {name: (kind, key) for name, kind, key in rows}

    def is_output(self, path: str) -> bool:
        """True where a file of the site is some page's."""
        query = "SELECT 1 FROM output WHERE folder = ? AND name = ?"
        return self._db.execute(query, _parted(path)).fetchone() is not None

    def made_folders(self) -> dict[str, str]:
        """The folders of the site, with the stamp that each had after the last build."""
        query = "SELECT f.folder, coalesce(m.stamp, '') FROM (SELECT DISTINCT folder FROM output) f"
        return dict(self._db.execute(f"{query} LEFT JOIN made m ON m.folder = f.folder").fetchall())

    def note_made(self, stamps: Mapping[str, str]) -> None:
        """Note how the folders of the site look after a build."""
        self._db.execute("DELETE FROM made")
        self._db.executemany("INSERT INTO made VALUES (?, ?)", stamps.items())

    def written(self, pages: Sequence[tuple[str, str, tuple[str, ...]]]) -> list[str]:
        """Note the files that pages now are, as (page type, key, paths).

        The files that they were before and are no more come back, to be removed.
        """
        stale: list[str] = []
        new: list[tuple[str, str, str, str]] = []
        for kind, key, paths in pages:
            query = "SELECT folder || name FROM output WHERE type = ? AND key = ?"
            was = set() if self.fresh else {path for (path,) in self._db.execute(query, (kind, key))}
            gone = was.difference(paths)
            self._db.executemany("DELETE FROM output WHERE folder = ? AND name = ?", map(_parted, gone))
            stale += sorted(gone)
            new += ((*_parted(path), kind, key) for path in paths if path not in was)
        self._db.executemany("INSERT OR REPLACE INTO output VALUES (?, ?, ?, ?)", new)
        self._db.executemany("DELETE FROM dirty WHERE type = ? AND key = ?", (page[:2] for page in pages))
        return stale

    def pages_like(self, kind: str, prefix: str) -> list[tuple[str, str]]:
        """(page type, key) of the written pages whose key starts with a prefix."""
        query = "SELECT DISTINCT type, key FROM output WHERE type = ? AND substr(key, 1, ?) = ?"
        return self._db.execute(query, (kind, len(prefix), prefix)).fetchall()

    def setting(self, key: str) -> str:
        """A remembered value, or an empty string."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_setting(self, key: str, value: str) -> None:
        """Remember a value."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def snapshot(self, path: Path) -> Path:
        """A copy of the catalog as it is, which other machines can read on a shared disk; gives back its path."""
        path.unlink(missing_ok=True)
        self._db.execute("VACUUM INTO ?", (str(path),))
        return path

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done inside, or nothing of it."""
        with self._db:
            self._db.execute("BEGIN")
            yield


def _parted(path: str) -> tuple[str, str]:
    """A path of the site as folder, with `/` at its end, and name."""
    folder, slash, name = path.rpartition("/")
    return folder + slash, name


_SHARING = """
SELECT * FROM (SELECT minute, article FROM term WHERE term = ?1 AND (minute, article) < (?2, ?3)
               ORDER BY minute DESC, article DESC LIMIT ?4)
UNION ALL
SELECT * FROM (SELECT minute, article FROM term WHERE term = ?1 AND (minute, article) > (?2, ?3)
               ORDER BY minute, article LIMIT ?4)
"""


def place_in_time(entry: Entry) -> str:
    """Where an article stands in lists: its day or `undated`, and after a dot its steps of the alphabet."""
    return f"{day(entry.published) or UNDATED}.{letter_steps(entry.output)}"


def _number(source: str) -> int:
    """A number for an article, the same in every catalog, so that ties are broken alike in each."""
    return int.from_bytes(hashlib.blake2b(source.encode("utf-8", "surrogatepass"), digest_size=7).digest())


def _term_rows(entry: Entry) -> list[tuple[int, int, int]]:
    sort = instant(entry.published)
    moment = datetime.fromisoformat(sort) if sort else datetime.min
    minute = moment.toordinal() * 1440 + moment.hour * 60 + moment.minute
    number = _number(entry.source)
    return [(zlib.crc32(term.encode()), minute, number) for term in entry.terms]


def _width_below(period: str) -> int:
    """How many characters tell the periods one step below this one apart."""
    if not period:
        return 4
    head, _, steps = period.partition(".")
    if not steps and head != UNDATED and len(head) < 10:
        return len(head) + 3
    return len(head) + 1 + (2 * len(steps) or 1)


def outlet_of(entry: Entry) -> str:
    """Whose article it is: its publisher or site, or nobody's but its own."""
    return entry.publisher.casefold() or urlsplit(entry.url).hostname or entry.source


def _bounds(period: str) -> tuple[str, str]:
    """The range of days of a period; a tilde sorts after every digit and before nothing else that a day can hold."""
    if not period:
        return "", "~"
    return period, f"{period}~"


@contextmanager
def open_catalog(path: Path) -> Iterator[Catalog]:
    """The catalog in a file; made anew, with `fresh` set, where it is missing, damaged or of another version.

    Raises SiteError where the disk does not let it be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    seal = path.with_suffix(".seal")
    sealed = _read(seal)
    try:
        found = _connect(path, sealed)
        connection = found or _create(path)
        try:
            seal.write_text(_IN_USE)
            yield Catalog(connection, fresh=found is None, killed=sealed == _IN_USE)
        finally:
            connection.close()
    except sqlite3.Error as error:
        what = f"{path} cannot be used ({error}). Check permissions and free space, then run the same command again"
        raise SiteError(what) from error
    seal.write_text(_stamp(path))


@contextmanager
def read_catalog(path: Path, *, copied: bool = False) -> Iterator[Catalog]:
    """The catalog, for reading only. `copied` tells that it is a snapshot, which takes no locks to read."""
    how = "immutable=1" if copied else "mode=ro"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA cache_size = -16384")
        catalog = Catalog(connection)
        catalog._answers = {}
        yield catalog
    finally:
        connection.close()


_IN_USE = "in use"
_BATCH = 500
_KEPT = 5000


def _connect(path: Path, seal: str) -> sqlite3.Connection | None:
    """The database as it is, or None where it cannot be trusted.

    The seal tells how the file was left. A seal that says "in use" is a killed run's: SQLite's own journal makes
    the file whole again. Any other difference means that something else has written to it.
    """
    killed = seal == _IN_USE
    if not path.exists() or not (killed or seal == _stamp(path)):
        return None
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        _configure(connection)
        found = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        sound = not killed or connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        if sound and found == (_FORMAT,):
            return connection
    except sqlite3.DatabaseError:
        pass
    connection.close()
    return None


def _create(path: Path) -> sqlite3.Connection:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    _configure(connection)
    connection.executescript(f"BEGIN; {_SCHEMA} INSERT INTO meta VALUES ('format', '{_FORMAT}'); COMMIT;")
    return connection


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -65536")


def _stamp(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
