"""What stands in the archive, asked of the catalog: articles, lists, neighbours, links, copies."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from backfile.catalog.rows import UNDATED, term_rows
from backfile.dates import day, instant
from backfile.model import Entry

_decode = lru_cache(10_000)(msgspec.msgpack.Decoder(Entry).decode)
"""An article stands in ten lists and beside ten others."""
_decode_prints = msgspec.msgpack.Decoder(tuple[int, ...]).decode
_KEPT = 5000
_MANY = 100
"""Questions after which it is found out of all articles at once which have anything to answer."""
_TWINS = 12
"""Articles that are looked at as the twins of one."""
_CLUED = """
FROM article mine JOIN clue m ON m.article = mine.id JOIN clue o ON o.clue = m.clue AND o.language <> m.language
JOIN article a ON a.id = o.article WHERE mine.source = ?
"""


class Lists:
    """The catalog as those ask who read it."""

    _db: sqlite3.Connection
    _answers: dict[tuple[object, ...], list[Any]] | None
    _asked: Counter[str]
    _among: dict[str, frozenset[str]]

    def copies(self, entry: Entry) -> list[Entry]:
        """The articles of other outlets that have a sentence in common with this one, by their files."""
        if self._is_not_among(self.with_copies, entry):
            return []
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

    def clued(self, entry: Entry) -> list[Entry]:
        """The few articles in other languages with the strongest clues in common with this one, then the most."""
        if self._is_not_among(self.with_clues, entry):
            return []
        rows = self._db.execute(
            f"SELECT a.data {_CLUED} GROUP BY a.id ORDER BY max(m.clue) >> 48 DESC, count(*) DESC, a.source LIMIT ?",
            (entry.source, _TWINS),
        )
        return [_decode(data) for (data,) in rows]

    def all_clued(self, entry: Entry) -> list[str]:
        """The files of all articles in other languages with a clue in common with this one."""
        return [source for (source,) in self._db.execute(f"SELECT DISTINCT a.source {_CLUED}", (entry.source,))]

    def with_clues(self) -> list[str]:
        """The files of all articles with a clue in common with one in another language, in order."""
        shared = "SELECT clue FROM clue GROUP BY clue HAVING min(language) < max(language)"
        rows = self._db.execute(
            f"SELECT DISTINCT a.source FROM clue c JOIN article a ON a.id = c.article WHERE c.clue IN ({shared})"
            " ORDER BY a.source"
        )
        return [source for (source,) in rows]

    def _is_not_among(self, those: Callable[[], list[str]], entry: Entry) -> bool:
        """True only where an article is surely none of those that a question gives, of a catalog that cannot change."""
        if self._answers is None:
            return False
        name = those.__name__
        if name not in self._among:
            self._asked[name] += 1
            if self._asked[name] < _MANY:
                return False
            self._among[name] = frozenset(those())
        return entry.source not in self._among[name]

    def entry(self, source: str) -> Entry | None:
        """One article."""
        row = self._db.execute("SELECT data FROM article WHERE source = ?", (source,)).fetchone()
        return _decode(row[0]) if row else None

    def captures(self) -> Iterator[tuple[str, str]]:
        """The file and the capture's id of each article that is not written by hand."""
        for source, data in self._db.execute("SELECT source, data FROM article"):
            identity = _decode(data).id
            if identity:
                yield source, identity

    def numbered(self, numbers: Collection[int]) -> dict[int, Entry]:
        """The articles of numbers (`sharing`), by these."""
        marks = ",".join("?" * len(numbers))
        rows = self._db.execute(f"SELECT id, data FROM article WHERE id IN ({marks})", tuple(numbers))
        return {number: _decode(data) for number, data in rows}

    def sharing(self, entry: Entry, width: int) -> list[list[tuple[int, int]]]:
        """For each term of an article, the articles with the same term: up to `width` just before it, then just after.

        Each is (minute, number of the article); who is near whom is mutual.
        """
        return [
            self._db.execute(_SHARING, (term, minute, number, width)).fetchall()
            for term, minute, number in term_rows(entry)
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
        select = "SELECT data FROM article WHERE +words >= 0"  # the sign: found by time, not by length
        earlier = f"{select} AND sort > '' AND (sort, source) < (?, ?) ORDER BY sort DESC, source DESC LIMIT 1"
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
        rows = self._db.execute(
            "SELECT a.data FROM link l JOIN article a ON a.id = l.article"
            " WHERE l.target = (SELECT page FROM article WHERE source = ? AND page <> '')"
            " GROUP BY a.id ORDER BY a.sort DESC, a.source",
            (entry.source,),
        )
        return [_decode(data) for (data,) in rows]

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
        if limit > 0:
            low = max(low, self._long_ago(limit, shelf, key, low, high))
        rows = self._db.execute(
            "SELECT a.data FROM standing s JOIN article a ON a.id = s.article"
            " WHERE s.shelf = ? AND s.key = ? AND s.day >= ? AND s.day < ? ORDER BY a.sort DESC, a.source LIMIT ?",
            (shelf, key, low, high, limit),
        )
        return [_decode(data) for (data,) in rows]

    def _long_ago(self, limit: int, *shelf_key_low_high: str) -> str:
        """A day before that of the newest `limit` articles of a list, so that the others need not be sorted.

        They are found by their own days, which are within a day of the UTC that they are sorted by.
        """
        query = (
            "SELECT day FROM standing WHERE shelf = ? AND key = ? AND day >= ? AND day < ? AND day < ?"
            " ORDER BY day DESC LIMIT 1 OFFSET ?"
        )
        row = self._db.execute(query, (*shelf_key_low_high, UNDATED, limit - 1)).fetchone()
        latest = date.fromisoformat(row[0][:10]).toordinal() if row else 0
        return date.fromordinal(latest - 2).isoformat() if latest > 2 else ""

    def may_be_among(self, limit: int, shelf: str, key: str, entry: Entry) -> bool:
        """False only where an article is surely not among the newest `limit` of a list that has as many dated ones."""
        return day(entry.published) >= self._long_ago(limit, shelf, key, *_bounds(""))

    def latest(self, limit: int) -> list[Entry]:
        """The newest articles of all; undated ones come last."""
        query = "SELECT data FROM article WHERE words >= 0 ORDER BY sort DESC, source LIMIT ?"
        rows = self._db.execute(query, (limit,))
        return [_decode(data) for (data,) in rows]

    def count(self, shelf: str, key: str, period: str = "") -> int:
        """How many articles stand there."""
        if not period:
            found = self._db.execute("SELECT n FROM list WHERE shelf = ? AND key = ?", (shelf, key)).fetchone()
            return int(found[0]) if found else 0
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

    def months(self) -> dict[str, int]:
        """How many articles of the whole archive each month has, in order; months without any are left out."""
        found: dict[str, int] = {}
        place = "shelf = 'all' AND key = '' AND day >= ? AND day < ?"
        after = ""
        while True:  # counting in an index is far quicker than cutting each of its days
            first = self._db.execute(f"SELECT min(day) FROM standing WHERE {place}", (after, UNDATED)).fetchone()[0]
            if not first:
                return found
            low, after = _bounds(first[:7])
            found[low] = self._db.execute(f"SELECT count(*) FROM standing WHERE {place}", (low, after)).fetchone()[0]

    def lengths(self) -> dict[int, int]:
        """Words → how many articles have so many, in order."""
        query = "SELECT words, count(*) FROM article WHERE words >= 0 GROUP BY words ORDER BY words"
        return dict(self._db.execute(query).fetchall())

    def shares_removed(self) -> dict[int, int]:
        """Share of a page's words that is not in the article, in tenths → how many articles, where that is known."""
        query = (
            "SELECT min(removed * 10 / (removed + words), 9) s, count(*) FROM article"
            " WHERE words > 0 AND removed >= 0 GROUP BY s ORDER BY s"
        )
        return dict(self._db.execute(query).fetchall())

    def keys(self, shelf: str) -> dict[str, tuple[str, int]]:
        """key → (name, how many articles) for every list of a shelf."""
        query = "SELECT key, name, n FROM list WHERE shelf = ? ORDER BY key"
        return {key: (name, n) for key, name, n in self._answer(query, shelf)}

    def name(self, shelf: str, key: str) -> str:
        """The name of a list, as articles write it; empty for a list of nothing."""
        found = self._db.execute("SELECT name FROM list WHERE shelf = ? AND key = ?", (shelf, key)).fetchone()
        return str(found[0]) if found else ""

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


_SHARING = """
SELECT * FROM (SELECT minute, article FROM term WHERE term = ?1 AND (minute, article) < (?2, ?3)
               ORDER BY minute DESC, article DESC LIMIT ?4)
UNION ALL
SELECT * FROM (SELECT minute, article FROM term WHERE term = ?1 AND (minute, article) > (?2, ?3)
               ORDER BY minute, article LIMIT ?4)
"""


def _width_below(period: str) -> int:
    """How many characters tell the periods one step below this one apart."""
    if not period:
        return 4
    head, _, steps = period.partition(".")
    if not steps and head != UNDATED and len(head) < 10:
        return len(head) + 3
    return len(head) + 1 + (2 * len(steps) or 1)


def _bounds(period: str) -> tuple[str, str]:
    """The range of days of a period; a tilde sorts after every digit and before nothing else that a day can hold."""
    if not period:
        return "", "~"
    return period, f"{period}~"
