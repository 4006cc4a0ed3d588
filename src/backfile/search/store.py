"""What the index remembers between builds: tables in the catalog's database, kept in step by its own transactions.

A trigger notes every article that comes, goes or changes, in the transaction that makes it so: a killed build leaves
nothing behind that the next one does not know of.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import msgspec

from backfile.catalog import Catalog
from backfile.search.layout import KEPT, Layout, Segment, digest
from backfile.search.postings import NONE, Postings, from_bytes, shown, to_bytes

_SCHEMA = """
CREATE TABLE IF NOT EXISTS search_todo (source TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS search_article (
    source TEXT PRIMARY KEY, place INTEGER, day INTEGER, block INTEGER, sha256 TEXT, facts INTEGER, language TEXT,
    lines BLOB
);
CREATE INDEX IF NOT EXISTS search_place ON search_article (place);
CREATE INDEX IF NOT EXISTS search_day ON search_article (day);
CREATE INDEX IF NOT EXISTS search_block ON search_article (block);
CREATE TABLE IF NOT EXISTS search_term (term TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS search_spelling (
    spelling TEXT, term TEXT, n INTEGER, PRIMARY KEY (spelling, term)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS search_posting (
    segment TEXT, term TEXT, stamp INTEGER, data BLOB, PRIMARY KEY (segment, term)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS search_file (key TEXT PRIMARY KEY, stamp INTEGER) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS search_came AFTER INSERT ON article
    BEGIN INSERT OR IGNORE INTO search_todo VALUES (new.source); END;
CREATE TRIGGER IF NOT EXISTS search_went AFTER DELETE ON article
    BEGIN INSERT OR IGNORE INTO search_todo VALUES (old.source); END;
"""
_TABLES = ("article", "term", "spelling", "posting", "file", "todo")
_LAYOUT = "search layout"
_LAST = b""
"""Sorts after every text (SQLite, "Datatypes": a blob is greater than any text)."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An article as the index remembers it."""

    source: str
    place: int
    """Its number (`places`)."""
    day: int
    sha256: str
    facts: int
    """A digest of what facets tell of it."""
    language: str
    lines: bytes
    """Its text, deflated."""

    @property
    def text(self) -> str:
        """Its lines (`text.text_of`)."""
        return zlib.decompress(self.lines).decode("utf-8", "surrogatepass")


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What facets tell of an article: the same fields of its `Entry`."""

    publisher: str
    lang: str
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    agencies: tuple[str, ...]


_decode_told = msgspec.msgpack.Decoder(Told).decode


@lru_cache(1)
def _layout(text: str) -> Layout:
    """Each of the files that a build writes asks for it."""
    return msgspec.json.decode(text, type=Layout)


_ROW = "source, place, day, sha256, facts, language, lines"


class Store:
    """The tables."""

    def __init__(self, catalog: Catalog) -> None:
        self._db: sqlite3.Connection = catalog.connection
        self._catalog = catalog

    def prepare(self) -> None:
        """Make the tables, where they are not there yet, with every article still to be taken in."""
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_todo'").fetchone():
            self._db.executescript(f"BEGIN; {_SCHEMA} INSERT INTO search_todo SELECT source FROM article; COMMIT;")

    def drop(self) -> None:
        """Forget everything."""
        triggers = "".join(f"DROP TRIGGER IF EXISTS search_{name};" for name in ("came", "went"))
        tables = "".join(f"DROP TABLE IF EXISTS search_{name};" for name in _TABLES)
        self._db.executescript(f"BEGIN; {triggers} {tables} DELETE FROM meta WHERE key = '{_LAYOUT}'; COMMIT;")

    def layout(self) -> Layout | None:
        """How the index is cut; None before the first time."""
        text = self._catalog.setting(_LAYOUT)
        return _layout(text) if text else None

    def set_layout(self, layout: Layout) -> None:
        """Remember how the index is cut."""
        self._catalog.set_setting(_LAYOUT, msgspec.json.encode(layout).decode())

    def todo(self) -> list[str]:
        """Articles that came, went or changed, in order."""
        return [source for (source,) in self._db.execute("SELECT source FROM search_todo ORDER BY source")]

    def done(self) -> None:
        """Nothing is to do any more."""
        self._db.execute("DELETE FROM search_todo")

    def kept(self, source: str) -> Kept | None:
        """An article by its file."""
        return next(self._kept("source = ?", source), None)

    def at(self, place: int) -> Kept | None:
        """An article by its number."""
        return next(self._kept("place = ?", place), None)

    def of_day(self, day: int) -> dict[str, int]:
        """The files of a day with their numbers."""
        return dict(self._db.execute("SELECT source, place FROM search_article WHERE day = ?", (day,)).fetchall())

    def of_block(self, block: int) -> Iterator[Kept]:
        """The articles of a block in order of their numbers."""
        yield from self._kept("block = ? ORDER BY place", block)

    def told(self, segment: Segment) -> list[tuple[int, Told]]:
        """(number from the start of the segment, what facets tell) of the articles of a segment, in order."""
        rows = self._db.execute(
            "SELECT s.place, a.data FROM search_article s JOIN article a ON a.source = s.source"
            " WHERE s.place >= ? AND s.place < ? ORDER BY s.place",
            (segment.start, segment.end),
        )
        return [(place - segment.start, _decode_told(data)) for place, data in rows]

    def sources(self, segment: Segment) -> list[tuple[int, str]]:
        """(number, file) of the articles of a segment, in order."""
        query = "SELECT place, source FROM search_article WHERE place >= ? AND place < ? ORDER BY place"
        return self._db.execute(query, (segment.start, segment.end)).fetchall()

    def places(self) -> list[int]:
        """Every number, in order."""
        return [place for (place,) in self._db.execute("SELECT place FROM search_article ORDER BY place")]

    def days(self) -> list[int]:
        """Every day that has articles."""
        return [day for (day,) in self._db.execute("SELECT DISTINCT day FROM search_article")]

    def busiest(self) -> int:
        """How many articles the fullest day has."""
        query = "SELECT max(n) FROM (SELECT count(*) n FROM search_article GROUP BY day)"
        return int(self._db.execute(query).fetchone()[0] or 0)

    def remove(self, source: str) -> None:
        """Forget an article."""
        self._db.execute("DELETE FROM search_article WHERE source = ?", (source,))

    def keep(self, articles: Iterable[Kept]) -> None:
        """Remember articles."""
        rows = ((k.source, k.place, k.day, 0, k.sha256, k.facts, k.language, k.lines) for k in articles)
        self._db.executemany("INSERT OR REPLACE INTO search_article VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def move(self, places: Mapping[str, int]) -> None:
        """Give articles other numbers."""
        rows = ((place, source) for source, place in places.items())
        self._db.executemany("UPDATE search_article SET place = ? WHERE source = ?", rows)

    def set_lines(self, texts: Iterable[tuple[str, bytes]]) -> None:
        """Remember the texts of articles, deflated."""
        rows = ((lines, source) for source, lines in texts)
        self._db.executemany("UPDATE search_article SET lines = ? WHERE source = ?", rows)

    def set_blocks(self, rows: Iterable[tuple[int, int]]) -> None:
        """(block, number) of articles whose block is another one."""
        self._db.executemany("UPDATE search_article SET block = ? WHERE place = ?", rows)

    def block_stamps(self) -> dict[int, int]:
        """Block → a sum that tells its content."""
        found: dict[int, int] = {}
        for block, place, sha256 in self._db.execute("SELECT block, place, sha256 FROM search_article"):
            found[block] = found.get(block, 0) + digest(f"{place} {sha256}")
        return found

    def block_stamp(self, block: int) -> int:
        """A sum that tells the content of one block."""
        rows = self._db.execute("SELECT place, sha256 FROM search_article WHERE block = ?", (block,))
        return sum(digest(f"{place} {sha256}") for place, sha256 in rows)

    def facts(self, source: str) -> int:
        """A digest of what facets tell of an article."""
        return int(self._db.execute("SELECT facts FROM search_article WHERE source = ?", (source,)).fetchone()[0])

    def segment_stamp(self, segment: Segment) -> int:
        """A sum that tells what facets hold of a segment."""
        query = "SELECT place, facts FROM search_article WHERE place >= ? AND place < ?"
        rows = self._db.execute(query, (segment.start, segment.end))
        return sum(digest(f"{place} {facts}") for place, facts in rows)

    def count(self, spellings: Mapping[tuple[str, str], int], sign: int) -> None:
        """Count spellings and terms of articles in (1) or out (-1)."""
        terms: dict[str, int] = {}
        for (_, term), n in spellings.items():
            terms[term] = terms.get(term, 0) + n
        self._db.executemany(
            "INSERT INTO search_spelling VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            ((spelling, term, sign * n) for (spelling, term), n in spellings.items()),
        )
        self._db.executemany(
            "INSERT INTO search_term VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            ((term, sign * n) for term, n in terms.items()),
        )
        if sign < 0:
            gone = "DELETE FROM search_spelling WHERE spelling = ? AND term = ? AND n = 0"
            self._db.executemany(gone, spellings)
            self._db.executemany("DELETE FROM search_term WHERE term = ? AND n = 0", ((term,) for term in terms))

    def terms(self, start: str = "", end: str = "") -> Iterator[tuple[str, int]]:
        """The terms of a range with how often each was counted, in order; without an end, to the last one."""
        query = "SELECT term, n FROM search_term WHERE term >= ? AND term < ? ORDER BY term"
        yield from self._db.execute(query, (start, end or _LAST))

    def frequency(self, term: str) -> int:
        """How often a term was counted."""
        row = self._db.execute("SELECT n FROM search_term WHERE term = ?", (term,)).fetchone()
        return int(row[0]) if row else 0

    def spellings(self, start: str = "", end: str = "") -> Iterator[tuple[str, str, int]]:
        """(spelling, term, how often counted) of a range in order; without an end, to the last one."""
        query = "SELECT spelling, term, n FROM search_spelling WHERE spelling >= ? AND spelling < ?"
        yield from self._db.execute(f"{query} ORDER BY spelling, term", (start, end or _LAST))

    def postings(self, segment: str, term: str) -> Postings:
        """Where a term stands in a segment."""
        query = "SELECT data FROM search_posting WHERE segment = ? AND term = ?"
        row = self._db.execute(query, (segment, term)).fetchone()
        return from_bytes(row[0]) if row else NONE

    def shelf(self, segment: str, start: str, end: str) -> Iterator[tuple[str, Postings]]:
        """The terms of a range in a segment; without an end, to the last one."""
        query = "SELECT term, data FROM search_posting WHERE segment = ? AND term >= ? AND term < ?"
        for term, data in self._db.execute(f"{query} ORDER BY term", (segment, start, end or _LAST)):
            yield term, from_bytes(data)

    def shelf_stamp(self, segment: str, start: str, end: str) -> int:
        """A sum that tells what such a range holds."""
        query = "SELECT sum(stamp) FROM search_posting WHERE segment = ? AND term >= ? AND term < ?"
        return int(self._db.execute(query, (segment, start, end or _LAST)).fetchone()[0] or 0)

    def set_postings(self, segment: str, postings: Iterable[tuple[str, Postings]]) -> None:
        """Remember where terms stand in a segment; a term that stands nowhere is forgotten.

        Its stamp is of what files say of it, so that an article which is not among the heaviest changes none.
        """
        empty = []

        def full() -> Iterator[tuple[str, str, int, bytes]]:
            for term, rows in postings:
                if len(rows.places):
                    data = to_bytes(rows)
                    part, frequency = shown(rows, KEPT)
                    told = data if part is rows else to_bytes(part) + frequency.to_bytes(4, "little")
                    yield segment, term, zlib.crc32(told, digest(term)), data
                else:
                    empty.append((segment, term))

        self._db.executemany("INSERT OR REPLACE INTO search_posting VALUES (?, ?, ?, ?)", full())
        self._db.executemany("DELETE FROM search_posting WHERE segment = ? AND term = ?", empty)

    def clear(self, segment: str) -> None:
        """Forget a segment's postings."""
        self._db.execute("DELETE FROM search_posting WHERE segment = ?", (segment,))

    def clear_all(self) -> None:
        """Forget all postings."""
        self._db.execute("DELETE FROM search_posting")

    def files(self) -> dict[str, int]:
        """Key → stamp of every file of the index."""
        return dict(self._db.execute("SELECT key, stamp FROM search_file").fetchall())

    def stamp(self, key: str) -> int | None:
        """The stamp of one file; None where there is no such file any more."""
        row = self._db.execute("SELECT stamp FROM search_file WHERE key = ?", (key,)).fetchone()
        return int(row[0]) if row else None

    def set_files(self, files: Mapping[str, int], gone: Iterable[str]) -> None:
        """Remember stamps of files, and forget files."""
        self._db.executemany("INSERT OR REPLACE INTO search_file VALUES (?, ?)", files.items())
        self._db.executemany("DELETE FROM search_file WHERE key = ?", ((key,) for key in gone))

    def _kept(self, condition: str, value: str | int) -> Iterator[Kept]:
        for row in self._db.execute(f"SELECT {_ROW} FROM search_article WHERE {condition}", (value,)):
            yield Kept(**dict(zip(Kept.__struct_fields__, row, strict=True)))
