"""The files of an index, read: what a spelling counts as, where a term stands, what is known of the articles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

import msgspec

from backfile.report import ReadError
from backfile.search.files import FORMAT, block_key, facet_keys, keys, path_of, shelf_key, spelling_key
from backfile.search.layout import Layout, Segment, block_of
from backfile.search.packing import Columns, unpack

AGAIN = "Build the site again"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Where a term stands in a segment."""

    frequency: int
    """How many articles of the segment have it; more than `weights` holds where only the heaviest are kept."""
    weights: dict[int, int]
    """Place → weight."""
    positions: dict[int, tuple[int, ...]]

    @property
    def partial(self) -> bool:
        """True where only the heaviest are kept."""
        return self.frequency > len(self.weights)


@dataclass(frozen=True, kw_only=True, slots=True)
class Spelling:
    """A spelling, how frequent it is (by order of magnitude), and the terms that it counts as."""

    spelling: str
    frequency: int
    terms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """What the index knows of an article."""

    place: int
    path: str
    published: str
    language: str
    publisher: str
    authors: list[str]
    tags: list[str]
    url: str
    picture: str
    text: str
    """Title, standfirst and body, a line each."""

    @property
    def title(self) -> str:
        """The headline; empty where there is none."""
        return self.text.partition("\n")[0]


@dataclass(kw_only=True)
class Index:
    """An index in the folder of a built site. Raises ReadError where the entry file cannot be used."""

    site: Path
    troubles: list[str] = field(default_factory=list)
    """Files that could not be used, with the reason; each once."""
    _files: dict[str, tuple[bytes, ...]] = field(default_factory=dict)

    @cached_property
    def _entry(self) -> tuple[Layout, dict[str, int]]:
        path = self.site / path_of("index")
        try:
            packed = unpack(path.read_bytes())
            content = msgspec.json.decode(packed.sections[0])
            if content["format"] != FORMAT:
                raise ReadError(f"{path}: written by another version of Backfile. {AGAIN}")
            cut = tuple(
                msgspec.convert(dict(zip(Segment.__struct_fields__, each, strict=True)), Segment)
                for each in content["segments"]
            )
            facts = {name: content[name] for name in ("bits", "count", "blocks", "shelves", "spellings")}
            layout = msgspec.convert({**facts, "segments": cut}, Layout)
            names = list(keys(layout))
            stamps = dict(zip(names, Columns(packed.sections[1]).numbers(len(names)), strict=True))
        except OSError as error:
            raise ReadError(f"{path}: there is no search index ({error.strerror}). Build the site first") from error
        except (ReadError, KeyError, TypeError, ValueError) as error:
            raise ReadError(f"{path}: {error}. {AGAIN}") from error
        return layout, stamps

    @property
    def layout(self) -> Layout:
        """How the index is cut."""
        return self._entry[0]

    def look_up(self, word: str) -> Spelling | None:
        """A spelling; None where no article has it."""
        start = self._start(self.layout.spellings, word)
        return next((found for found in self._spellings(start) if found.spelling == word), None)

    def beginning(self, prefix: str) -> Iterator[Spelling]:
        """Every spelling that begins so, in order."""
        first = self._start(self.layout.spellings, prefix)
        for start in islice(self.layout.spellings, self.layout.spellings.index(first), None):
            if start > prefix and not start.startswith(prefix):
                break
            yield from (found for found in self._spellings(start) if found.spelling.startswith(prefix))

    def rows(self, segment: Segment, term: str) -> Rows:
        """Where a term stands in a segment."""
        sections = self._file(shelf_key(segment, self._start(self.layout.starts(segment), term)))
        nothing = Rows(frequency=0, weights={}, positions={})
        return _shelf(sections).get(term, nothing) if sections else nothing

    def facets(self, segment: Segment) -> Facets:
        """What narrows a search, for each article of a segment."""
        facts, topics, authors = facet_keys(segment)
        head = self._file(facts)
        if not head:
            return Facets(places=(), values={"publisher": [], "lang": [], "tag": [], "author": []})
        columns = Columns(head[0])
        count = columns.numbers(1)[0]
        places = tuple(segment.start + place for place in _summed(columns.numbers(count)))
        values = {"publisher": _named(columns, count), "lang": _named(columns, count)}
        for name, key in (("tag", topics), ("author", authors)):
            sections = self._file(key)
            values[name] = _named(Columns(sections[0]), count) if sections else [()] * count
        return Facets(places=places, values=values)

    def hit(self, place: int) -> Hit | None:
        """What is known of an article; None where its file cannot be used."""
        sections = self._file(block_key(block_of(place, self.layout.blocks)))
        for row in msgspec.json.decode(sections[0]) if sections else ():
            if row[0] == place:
                return Hit(**dict(zip(Hit.__dataclass_fields__, row, strict=True)))
        return None

    def _spellings(self, start: str) -> Iterator[Spelling]:
        sections = self._file(spelling_key(start))
        for line in sections[0].decode("utf-8", "surrogatepass").split("\n") if sections else ():
            if line:
                spelling, frequency, *codes = line.split("\t")
                terms = tuple(spelling[: len(spelling) - ord(code[0]) + 48] + code[1:] for code in codes)
                yield Spelling(spelling=spelling, frequency=ord(frequency) - 48, terms=terms)

    def _start(self, starts: Sequence[str], word: str) -> str:
        return starts[bisect_right(starts, word) - 1]

    def _file(self, key: str) -> tuple[bytes, ...]:
        """The sections of a file; none where it cannot be used, which is noted once."""
        if key not in self._files:
            self._files[key] = ()
            path = self.site / path_of(key)
            try:
                packed = unpack(path.read_bytes())
                if (packed.name, packed.stamp) != (key, self._entry[1][key]):
                    raise ReadError("belongs to another build")
                self._files[key] = packed.sections
            except OSError as error:
                self.troubles.append(f"{path_of(key)}: {error.strerror}")
            except ReadError as error:
                self.troubles.append(f"{path_of(key)}: {error}")
        return self._files[key]


@dataclass(frozen=True, kw_only=True, slots=True)
class Facets:
    """The articles of a segment in order, and the values of each field for each of them."""

    places: tuple[int, ...]
    values: dict[str, list[tuple[str, ...]]]


def _shelf(sections: tuple[bytes, ...]) -> dict[str, Rows]:
    columns, rest = Columns(sections[0]), Columns(sections[1])
    names = columns.text().split("\n")
    count = columns.numbers(1)[0]
    kept, frequencies = columns.numbers(count), columns.numbers(count)
    total = sum(kept)
    gaps, weights, counts = columns.numbers(total), columns.bytes(total), rest.numbers(total)
    positions = rest.numbers(rest.numbers(1)[0])
    found: dict[str, Rows] = {}
    at = place_at = 0
    for name, number, frequency in zip(names, kept, frequencies, strict=False):
        span = slice(at, at + number)
        places = _summed(gaps[span])
        where: dict[int, tuple[int, ...]] = {}
        for place, n in zip(places, counts[span], strict=True):
            where[place] = tuple(positions[place_at : place_at + n])
            place_at += n
        found[name] = Rows(frequency=frequency, weights=dict(zip(places, weights[span], strict=True)), positions=where)
        at += number
    return found


def _named(columns: Columns, count: int) -> list[tuple[str, ...]]:
    """For each article its values, which are numbers of names."""
    names = columns.text().split("\n")
    counts = columns.numbers(count)
    flat = iter(columns.numbers(columns.numbers(1)[0]))
    return [tuple(names[number] for number in islice(flat, n)) for n in counts]


def _summed(gaps: Sequence[int]) -> list[int]:
    found: list[int] = []
    for gap in gaps:
        found.append(gap + found[-1] if found else gap)
    return found
