"""content/ → Catalog: what there is, kept in a SQLite cache that is made anew when missing, damaged or of another age.

A build asks the catalog three things: what changed since the last one (`changes`), which pages that touches (`dirty`),
and what stands in a list (`entries`, `counts`). Pages still to be written are kept in the same transaction as the
change that made them so: a build killed at any moment is finished by the next one.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgspec

from backfile.catalog.lists import Lists
from backfile.catalog.outputs import Outputs
from backfile.catalog.rows import (
    UNDATED,
    Changes,
    Read,
    Row,
    Rows,
    Standing,
    number_of,
    place_in_time,
    rows_of,
    term_rows,
)
from backfile.catalog.tables import IN_USE, connect, create, read_seal, stamp
from backfile.files import write_replaceable
from backfile.report import Notice, SiteError
from backfile.scanning import Look, Seen

__all__ = [
    "UNDATED",
    "Catalog",
    "Changes",
    "Read",
    "Rows",
    "Standing",
    "open_catalog",
    "place_in_time",
    "read_catalog",
    "rows_of",
]

_decode_prints = msgspec.msgpack.Decoder(tuple[int, ...]).decode
_encode = msgspec.msgpack.Encoder().encode
_decode_notices = msgspec.msgpack.Decoder(tuple[Notice, ...]).decode
_BATCH = 500
_STANDS = "shelf, key, name"


class Catalog(Lists, Outputs):
    """What the archive holds. Read it from several processes at once; write it from one."""

    def __init__(self, connection: sqlite3.Connection, *, fresh: bool = False, killed: bool = False) -> None:
        self._db = connection
        self._answers: dict[tuple[object, ...], list[Any]] | None = None
        self._asked: Counter[str] = Counter()
        self._among: dict[str, frozenset[str]] = {}
        self._stood: Counter[tuple[str, str, str]] = Counter()
        self.fresh = fresh
        """True where nothing is remembered: every article is new, and what `build/` holds is unknown."""
        self.killed = killed
        """True where the run before did not end: `build/` may hold more than is remembered."""

    @property
    def connection(self) -> sqlite3.Connection:
        """The database, for what keeps tables of its own in it."""
        return self._db

    def folders(self) -> dict[str, str]:
        """The folders of articles by their prefixes, as they are remembered."""
        return dict(self._db.execute("SELECT prefix, stamp FROM folder").fetchall())

    def changes(self, found: Iterable[Look]) -> Changes:
        """How the files found differ from those remembered, by names, sizes and times."""
        known = self.folders()
        changed: dict[str, Seen] = {}
        removed: list[str] = []
        stamps: dict[str, str | None] = {}
        for look in found:
            was = known.pop(look.prefix, None)
            if look.seen is None:
                continue
            stamps[look.prefix] = look.stamp
            there = self._files_in(look.prefix) if was is not None else {}
            changed.update(
                (path, s) for path, s in look.seen.items() if not s.stamp or there.get(path) != (s.size, s.stamp)
            )
            removed += sorted(there.keys() - look.seen.keys())
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

    def take_again(self, origins: Iterable[str]) -> None:
        """Let these saved files be imported once more."""
        self._db.executemany("DELETE FROM saved WHERE origin = ?", ((origin,) for origin in origins))

    def lacks_saved(self, found: Mapping[str, Seen]) -> bool:
        """True where a saved file that was imported is gone."""
        return any(origin not in found for (origin,) in self._db.execute("SELECT origin FROM saved"))

    def add_to_batch(self, ids: Iterable[str]) -> None:
        """Note captures that are about to come into the archive: what they have in common is still to be learnt."""
        if self._db.executemany("INSERT OR IGNORE INTO batch VALUES (?)", ((each,) for each in ids)).rowcount > 0:
            self.set_setting("unlearnt", "yes")

    def batch(self) -> list[str]:
        """The captures that came since all saved files were last taken in."""
        return [identity for (identity,) in self._db.execute("SELECT id FROM batch")]

    def end_batch(self) -> None:
        """All saved files are taken in."""
        self._db.execute("DELETE FROM batch")
        self._db.execute("DELETE FROM meta WHERE key = 'learnt'")

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

    def move_addresses(self, source: str, to: str) -> None:
        """Note that the file of an article has another name now."""
        self._db.execute("UPDATE address SET source = ? WHERE source = ?", (to, source))

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
                # One that cannot be read by now is still the article of its page.
                self._db.executemany("DELETE FROM address WHERE source = ?", [r.file[:1] for r in some if r.article])
            articles = [rows.article for rows in some if rows.article]
            self._db.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)", (rows.file for rows in some))
            self._db.executemany("INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", articles)
            self._db.executemany(
                "INSERT OR IGNORE INTO address VALUES (?, ?)", ((row[6], row[1]) for row in articles if row[6])
            )
            self._insert("INSERT OR IGNORE INTO standing VALUES (?, ?, ?, ?, ?, ?)", (r.standings for r in some))
            self._insert("INSERT OR IGNORE INTO print VALUES (?, ?, ?)", (rows.prints for rows in some))
            self._insert("INSERT OR IGNORE INTO clue VALUES (?, ?, ?)", (rows.clues for rows in some))
            self._insert("INSERT OR IGNORE INTO term VALUES (?, ?, ?)", (rows.terms for rows in some))
            self._insert("INSERT INTO link VALUES (?, ?, ?)", (rows.links for rows in some))
            self._insert(
                "INSERT INTO cited VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1", (rows.cited for rows in some)
            )
            if not self.fresh:
                stands = f"SELECT {_STANDS} FROM standing WHERE article = ?"
                for article in articles:
                    self._stood.update(self._db.execute(stands, article[:1]))
        self._count_lists()

    def _count_lists(self) -> None:
        """Note the names and lengths of lists in which something came or went; what lost some is counted."""
        counted = "SELECT shelf, key, min(name), count(*) FROM standing"
        if self.fresh:
            self._db.execute("DELETE FROM list")
            self._db.execute(f"INSERT INTO list {counted} GROUP BY shelf, key")
            return
        less = {(shelf, key) for (shelf, key, _), n in self._stood.items() if n < 0}
        more = ((*stands, n) for stands, n in self._stood.items() if n > 0 and stands[:2] not in less)
        self._db.executemany(
            "INSERT INTO list VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET n = n + excluded.n, name = min(name, excluded.name)",
            sorted(more),
        )
        self._db.executemany("DELETE FROM list WHERE shelf = ? AND key = ?", less)
        self._db.executemany(f"INSERT INTO list {counted} WHERE shelf = ? AND key = ? GROUP BY key", sorted(less))
        self._stood.clear()

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
            self._db.execute("DELETE FROM address WHERE source = ?", (source,))
            self._forget_article(source)
        self._count_lists()

    def _forget_article(self, source: str) -> None:
        known = self.entry(source)
        if known:
            number = (number_of(source),)
            self._db.executemany("DELETE FROM term WHERE term = ? AND minute = ? AND article = ?", term_rows(known))
            gone = self._db.execute(f"DELETE FROM standing WHERE article = ? RETURNING {_STANDS}", number)
            self._stood.subtract(gone.fetchall())
            self._db.execute("DELETE FROM clue WHERE article = ?", number)
            outlet, prints = self._prints(number[0])
            self._db.executemany(
                "DELETE FROM print WHERE print = ? AND outlet = ? AND article = ?",
                ((p, outlet, *number) for p in prints),
            )
            self._db.execute(
                "UPDATE cited SET n = n - 1 WHERE target IN (SELECT target FROM link WHERE article = ?)", number
            )
            self._db.execute("DELETE FROM link WHERE article = ?", number)
            self._db.execute("DELETE FROM article WHERE id = ?", number)

    def _prints(self, number: int) -> tuple[int, tuple[int, ...]]:
        outlet, blob = self._db.execute("SELECT outlet, prints FROM article WHERE id = ?", (number,)).fetchone()
        return outlet, _decode_prints(blob)

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


@contextmanager
def open_catalog(path: Path) -> Iterator[Catalog]:
    """The catalog in a file; made anew, with `fresh` set, where it is missing, damaged or of another version.

    Raises SiteError where the disk does not let it be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    seal = path.with_suffix(".seal")
    sealed = read_seal(seal)
    try:
        found = connect(path, sealed)
        connection = found or create(path)
        try:
            write_replaceable(seal, IN_USE.encode())
            yield Catalog(connection, fresh=found is None, killed=sealed == IN_USE)
        finally:
            connection.close()
    except sqlite3.Error as error:
        what = f"{path} cannot be used ({error}). Check permissions and free space, then run the same command again"
        raise SiteError(what) from error
    write_replaceable(seal, stamp(path).encode())


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
