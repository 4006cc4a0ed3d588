"""Files of articles as the catalog keeps them: what was read, and the rows of its tables."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from backfile.addresses import link_id
from backfile.dates import day, instant
from backfile.model import Entry
from backfile.paths import letter_steps
from backfile.report import Notice
from backfile.scanning import Seen

_encode = msgspec.msgpack.Encoder().encode

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
    clues: tuple[int, ...] = ()
    """By which it and its twins in other languages find each other."""


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
    clues: tuple[Row, ...] = ()
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
    number, sort, when = number_of(entry.source), instant(entry.published), place_in_time(entry)
    words = -1 if entry.link_only else entry.words
    page = link_id(entry.url) if entry.url and not entry.link_only else ""
    outlet = zlib.crc32(outlet_of(entry).encode("utf-8", "replace"))
    links = tuple((target, number, url) for url in entry.links if (target := link_id(url)) and target != page)
    return Rows(
        file=file,
        article=(number, entry.source, sort, words, entry.removed, _encode(entry), page, outlet, _encode(read.prints)),
        prints=tuple((each, outlet, number) for each in read.prints),
        clues=tuple((each, entry.lang.lower().partition("-")[0], number) for each in read.clues),
        standings=tuple((s.shelf, s.key, when, number, s.name, sort) for s in standings(entry)),
        terms=tuple(term_rows(entry)),
        links=links,
        cited=tuple((target,) for target in sorted({link[0] for link in links})),
    )


def place_in_time(entry: Entry) -> str:
    """Where an article stands in lists: its day or `undated`, and after a dot its steps of the alphabet."""
    return f"{day(entry.published) or UNDATED}.{letter_steps(entry.output)}"


def number_of(source: str) -> int:
    """A number for an article, the same in every catalog, so that ties are broken alike in each."""
    return int.from_bytes(hashlib.blake2b(source.encode("utf-8", "surrogatepass"), digest_size=7).digest())


def term_rows(entry: Entry) -> list[tuple[int, int, int]]:
    sort = instant(entry.published)
    moment = datetime.fromisoformat(sort) if sort else datetime.min
    minute = moment.toordinal() * 1440 + moment.hour * 60 + moment.minute
    number = number_of(entry.source)
    return [(zlib.crc32(term.encode()), minute, number) for term in entry.terms]


def outlet_of(entry: Entry) -> str:
    """Whose article it is: its publisher or site, or nobody's but its own."""
    return entry.publisher.casefold() or urlsplit(entry.url).hostname or entry.source
