"""Into which files the index is cut. Everything here is a function of what the archive holds, and of nothing else.

Articles are cut into *segments* by their numbers: halves of halves of the range of numbers, until none has more than
`SEGMENT` articles; in an archive of many segments the newest articles are cut further, since that is where most come.
Terms are cut into *shelves* by their order. A file of postings is a shelf of a segment, or several of a small one. So
one article more touches files of one segment only, and of that only the shelves of its terms; and no file depends on
what came first.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from backfile.search.places import UNDATED

SEGMENT = 16384
"""Articles of a segment at most."""
RECENT = 256
"""Articles at most of the segment with the newest ones, in archives of many segments."""
_AHEAD = 16
"""So many of the newest may stand behind that segment: dates that lie ahead are mostly mistakes."""
KEPT = 1536
"""A term's postings in a segment at most: of a very frequent one, the heaviest."""
_ROOT = 32
"""Bits of the numbers in the widest segment."""
_BLOCK = 10
"""Articles in a block of texts, at most on average."""
_SPELLINGS = 1024
"""Spellings in a file, on average."""
_ANCHOR = 256
"""One term in so many always begins a shelf, so that a change moves the bounds of few."""
_FULL = (7000, 1000)
"""Postings of a shelf in a segment, about: in archives of few segments and of many."""
_FEW = 2


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """Articles with numbers from `start`, below `start + 2 ** bits`."""

    start: int
    bits: int
    count: int
    step: int
    """How many shelves a file of its postings holds."""

    @property
    def name(self) -> str:
        """The segment in names of files."""
        return f"{self.bits}-{self.start >> self.bits:x}"

    @property
    def end(self) -> int:
        """The first number behind it."""
        return self.start + (1 << self.bits)


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """How an index is cut."""

    bits: int
    """Bits of a number that tell articles of a day apart."""
    count: int
    """Articles."""
    blocks: int
    """Blocks of texts, a power of two."""
    segments: tuple[Segment, ...]
    shelves: tuple[str, ...]
    """The first term of each shelf; that of the first is empty."""
    spellings: tuple[str, ...]
    """The first spelling of each file of spellings; that of the first is empty."""
    clash: bool = False
    """True where two shelves would have had one name, so that one of them does not begin where it should."""

    def starts(self, segment: Segment) -> tuple[str, ...]:
        """The first terms of the files of a segment's postings."""
        return self.shelves[:: segment.step]


def segments(numbers: Sequence[int], bits: int) -> Iterator[Segment]:
    """The segments of articles with these numbers, which are in order; `bits` of each tell articles of a day apart."""
    newest = _newest(numbers, bits)
    for root in dict.fromkeys(number >> _ROOT for number in numbers):
        yield from _halves(numbers, root << _ROOT, _ROOT, newest)


def size_class(articles: int) -> int:
    """How many segments so many articles fill, about: a power of two, lest one article more changes it."""
    return 1 << max((articles - 1).bit_length() - (SEGMENT - 1).bit_length(), 0)


def _newest(numbers: Sequence[int], bits: int) -> int:
    """The number whose segment is kept small; below zero where there is none."""
    dated = bisect_left(numbers, UNDATED << bits)
    return numbers[dated - _AHEAD] if dated >= _AHEAD and size_class(len(numbers)) > _FEW else -1


def _halves(numbers: Sequence[int], start: int, bits: int, newest: int) -> Iterator[Segment]:
    count = bisect_left(numbers, start + (1 << bits)) - bisect_left(numbers, start)
    if 0 < count <= (RECENT if start <= newest < start + (1 << bits) else SEGMENT):
        full = min(len(numbers), SEGMENT - 1)
        yield Segment(start=start, bits=bits, count=count, step=1 << max(full.bit_length() - count.bit_length(), 0))
    elif count:
        yield from _halves(numbers, start, bits - 1, newest)
        yield from _halves(numbers, start + (1 << (bits - 1)), bits - 1, newest)


def block_count(articles: int) -> int:
    """How many blocks the texts of so many articles are cut into."""
    return 1 << max((articles - 1) // _BLOCK, 0).bit_length()


def block_of(number: int, blocks: int) -> int:
    """The block of an article (multiplicative hashing with 2^32 divided by the golden ratio)."""
    return (number * 2654435769 & 0xFFFFFFFF) * blocks >> 32


def shelves(frequencies: Iterable[tuple[str, int]], articles: int, start: str = "") -> Iterator[str]:
    """The first terms of shelves, from the terms since `start`, in order, and how frequent each is.

    Frequencies count by their order of magnitude only, lest one article more moves the bounds.
    """
    segment_count = size_class(articles)
    full = _FULL[segment_count > _FEW]
    filled = 0
    yield start
    for term, frequency in frequencies:
        size = min((1 << frequency.bit_length()) // segment_count, KEPT) + 8
        if filled and (filled + size > full or is_anchor(term)):
            yield term
            filled = 0
        filled += size


def is_anchor(term: str) -> bool:
    """True for the terms that begin a shelf whatever stands before them."""
    return digest(term) % _ANCHOR == 0


def cut_again(old: Sequence[str], moved: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Ranges of terms, in order, outside of which no shelf begins elsewhere when terms come, go or weigh otherwise.

    Each goes from an anchor that stays, or the first shelf, to the next one; an empty end is that of all terms.
    """
    terms = sorted(moved)
    anchors = sorted({start for start in old if is_anchor(start)}.difference(terms))
    done: str | None = None
    for term in terms:
        if done is None or (done and term >= done):
            at = bisect_right(anchors, term)
            end = max(at, 2)  # the first of them begins a shelf only where a term stands before it
            done = anchors[end] if end < len(anchors) else ""
            yield anchors[at - 1], done


def spelling_starts(spellings: Iterable[str]) -> Iterator[str]:
    """The first spellings of files, from all spellings in order."""
    yield ""
    yield from filter(begins_file, spellings)


def begins_file(spelling: str) -> bool:
    """True for the spellings with which a file of them begins."""
    return digest(spelling) % _SPELLINGS == 0


def digest(text: str) -> int:
    """CRC-32 of a text."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def file_name(start: str) -> str:
    """The name of the file that begins with this term or spelling."""
    return f"{digest(start):08x}" if start else "first"


def spans(starts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(start, start of the next) of files cut at these starts; the last one has no end."""
    yield from zip(starts, [*starts[1:], ""], strict=True)
