"""The files of the index, made from its tables. `docs/search.md` describes each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby, takewhile
from operator import itemgetter

import msgspec
import numpy as np

from backfile.catalog import Catalog
from backfile.model import Entry
from backfile.search.layout import KEPT, Layout, Segment, digest, file_name, spans
from backfile.search.letters import letters_data
from backfile.search.packing import Packed, column, deltas, pack, text_column
from backfile.search.postings import NONE, Postings, joined, shown
from backfile.search.store import Store, Told

FORMAT = 2
FOLDER = "search"


def path_of(key: str) -> str:
    """Where a file of the index stands in the site."""
    return f"{FOLDER}/{key}.js"


def spelling_key(start: str) -> str:
    """The file of spellings that begins there."""
    return f"w/{file_name(start)}"


def shelf_key(segment: Segment, start: str) -> str:
    """The file of postings of a segment that begins with a term."""
    return f"t/{segment.name}/{file_name(start)}"


def block_key(block: int) -> str:
    """The file of a block of texts."""
    return f"d/{block:x}"


def facet_keys(segment: Segment) -> tuple[str, ...]:
    """The files with publishers and languages, topics, authors of a segment."""
    return tuple(f"{kind}/{segment.name}" for kind in "fga")


def entry_file(layout: Layout, stamps: dict[str, int]) -> bytes:
    """The file that a search begins with: how the index is cut, and the stamp of every file."""
    content = {
        "format": FORMAT,
        "count": layout.count,
        "bits": layout.bits,
        "blocks": layout.blocks,
        "kept": KEPT,
        "segments": [(segment.start, segment.bits, segment.count, segment.step) for segment in layout.segments],
        "shelves": layout.shelves,
        "spellings": layout.spellings,
    }
    ordered = [stamps[key] for key in keys(layout)]
    sections = (msgspec.json.encode(content), column(ordered))
    return pack(Packed(name="index", stamp=FORMAT, sections=sections))


def keys(layout: Layout) -> Iterator[str]:
    """Every file but the entry, in the order of its stamps there."""
    yield "letters"
    yield from map(spelling_key, layout.spellings)
    names = [file_name(start) for start in layout.shelves]
    for segment in layout.segments:
        folder = f"t/{segment.name}"
        yield from (f"{folder}/{name}" for name in names[:: segment.step])
    yield from map(block_key, range(layout.blocks))
    yield from (key for segment in layout.segments for key in facet_keys(segment))


def file_of(catalog: Catalog, layout: Layout, key: str, stamp: int) -> bytes:
    """A file of the index."""
    kind, _, rest = key.partition("/")
    store = Store(catalog)
    if kind == "w":
        start, end = _named(layout.spellings)[rest]
        sections: tuple[bytes, ...] = (spelling_lines(store.spellings(start, end)).encode("utf-8", "surrogatepass"),)
    elif kind == "t":
        segment, _, name = rest.partition("/")
        start, end = _named(layout.starts(_segment(layout, segment)))[name]
        sections = _shelf(store, segment, start, end)
    elif kind == "d":
        sections = (_block(catalog, store, int(rest, 16)),)
    elif kind == "letters":
        sections = (letters_data(),)
    else:
        sections = (_FACETS[kind](store.told(_segment(layout, rest))),)
    return pack(Packed(name=key, stamp=stamp, sections=sections))


def _segment(layout: Layout, name: str) -> Segment:
    return next(segment for segment in layout.segments if segment.name == name)


@lru_cache(8)
def _named(starts: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """The ranges of files by the files' names."""
    return {file_name(start): (start, end) for start, end in spans(starts)}


def spelling_lines(rows: Iterable[tuple[str, str, int]]) -> str:
    """A line for each spelling: how frequent it is, and what it counts as.

    The frequency is one character, its order of magnitude from `0` upwards. Each term is a character that says how many
    letters at the end of the spelling fall away, and then those that come in their place.
    """
    return "\n".join(_spelling(spelling, list(found)) for spelling, found in groupby(rows, key=itemgetter(0)))


def _spelling(spelling: str, rows: list[tuple[str, str, int]]) -> str:
    terms = [term for _, term, _ in rows]
    frequency = sum(n for _, _, n in rows).bit_length()
    codes = []
    for term in terms:
        common = len(term) if spelling.startswith(term) else _common(spelling, term)
        codes.append(chr(48 + len(spelling) - common) + term[common:])
    return "\t".join((spelling, chr(48 + frequency), *codes))


def _common(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in alike)


def _shelf(store: Store, segment: str, start: str, end: str) -> tuple[bytes, ...]:
    terms: list[str] = []
    frequencies: list[int] = []
    parts: list[Postings] = []
    for term, rows in store.shelf(segment, start, end):
        part, frequency = shown(rows, KEPT)
        terms.append(term)
        frequencies.append(frequency)
        parts.append(part)
    kept = [len(part.places) for part in parts]
    rows = joined(parts or [NONE])
    steps = rows.places.copy()
    steps[1:] -= rows.places[:-1]  # below zero only where a term begins
    firsts = np.cumsum([0, *kept[:-1]])[: len(kept)]
    steps[firsts] = rows.places[firsts]
    head = text_column("\n".join(terms)) + column([len(terms)]) + column(kept) + column(frequencies)
    positions = column([len(rows.positions)]) + column(rows.positions)
    return head + column(steps) + rows.weights.tobytes(), column(rows.counts) + positions


def _block(catalog: Catalog, store: Store, block: int) -> bytes:
    rows = []
    for kept in store.of_block(block):
        entry = catalog.entry(kept.source)
        if entry:
            rows.append(
                (
                    *(kept.place, entry.output, entry.published[:10], entry.lang, _name(entry.publisher)),
                    *(
                        _names(_people(entry)),
                        _names(entry.tags),
                        entry.url,
                        _picture(entry),
                        kept.text.rsplit("\n", 2)[0],
                    ),
                )
            )
    return msgspec.json.encode(rows)


def _picture(entry: Entry) -> str:
    """The lead picture where it is in the archive: as its path from the article's page."""
    url = entry.lead.url if entry.lead else ""
    return "" if ":" in url or url.startswith(("/", "\\")) else url


def _people(entry: Entry | Told) -> tuple[str, ...]:
    return (*entry.authors, *entry.agencies)


def _names(names: Iterable[str]) -> list[str]:
    return list(map(_name, names))


def _name(name: str) -> str:
    return " ".join(name.split())


def facts(entry: Entry | Told) -> int:
    """A digest of what facets tell of an article."""
    return digest("\0".join((_name(entry.publisher), entry.lang, *_names(entry.tags), "", *_names(_people(entry)))))


def _facts(rows: list[tuple[int, Told]]) -> bytes:
    """Numbers, publishers, languages."""
    publishers = _numbered([[_name(entry.publisher)] for _, entry in rows])
    languages = _numbered([[entry.lang] for _, entry in rows])
    return column([len(rows)]) + column(deltas(place for place, _ in rows)) + publishers + languages


def _topics(rows: list[tuple[int, Told]]) -> bytes:
    return _numbered([_names(entry.tags) for _, entry in rows])


def _authors(rows: list[tuple[int, Told]]) -> bytes:
    return _numbered([_names(_people(entry)) for _, entry in rows])


def _numbered(lists: list[list[str]]) -> bytes:
    """Names in order, then how many of them each article has, and which."""
    names = sorted({name for names in lists for name in names if name})
    number = {name: index for index, name in enumerate(names)}
    chosen = [[number[name] for name in dict.fromkeys(names) if name] for names in lists]
    flat = [each for some in chosen for each in some]
    return text_column("\n".join(names)) + column([len(some) for some in chosen]) + column([len(flat)]) + column(flat)


_FACETS: dict[str, Callable[[list[tuple[int, Told]]], bytes]] = {"f": _facts, "g": _topics, "a": _authors}
