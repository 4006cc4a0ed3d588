"""Texts → terms: where each term stands in which article, and how much it weighs there.

A posting's weight is the saturated part of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009)
with weights of fields, on a scale of 1 to 31. It depends on the article alone: the length it is measured against is
fixed, so that a new article changes no other one's postings.

Every word of all texts becomes a number first; the rest is done with columns of them.
"""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backfile.search.letters import composed, fold, word_pattern
from backfile.search.postings import Postings, joined, spread
from backfile.search.stems import primary, stems

TITLE, STANDFIRST, TOPICS, PEOPLE = 5, 2, 3, 2
"""How often a word counts there; once in the body."""
BEYOND = 0xFFFF
"""The position of every word after the 65,535th: known to be there, and no more."""
HEAVIEST = 31
_TYPICAL = 500
"""Words of the article that others are measured against."""
_SATURATION, _LENGTH = 1.2, 0.6
"""k1 and b of BM25."""
_CLASS, _CLASSES = 32, 999
"""Words a class of lengths is wide, and the last class."""
_MOST = 255
"""Occurrences of a term in an article that count."""
_NOTHING, _LINE = 0, 1
"""Terms that are none: what is empty once it is levelled, and the end of a line."""

_Numbers = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """An article to be taken in."""

    place: int
    """Its number, from the start of its segment."""
    language: str
    lines: str
    counted: bool = True
    """False where its spellings are counted already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What some texts hold."""

    terms: tuple[str, ...]
    """In order."""
    rows: Postings
    """Of all terms, one after another."""
    row_starts: NDArray[np.intp]
    """Where the rows of each term start, and at last where they end."""
    position_starts: NDArray[np.intp]
    """The same of the positions."""
    spellings: Counter[tuple[str, str]]
    """(spelling, term) → in how many articles, each way to write it in capitals counted apart."""

    def postings(self) -> Iterator[tuple[str, Postings]]:
        """Each term with its rows."""
        return ((term, self._of(number)) for number, term in enumerate(self.terms))

    def _of(self, number: int) -> Postings:
        rows, (start, end) = self.rows, self.row_starts[number : number + 2].tolist()
        first, last = self.position_starts[number : number + 2].tolist()
        return Postings(
            rows.places[start:end], rows.weights[start:end], rows.counts[start:end], rows.positions[first:last]
        )


def merged(parts: Sequence[Terms]) -> Iterator[tuple[str, Postings]]:
    """Each term of several parts, in order, with its rows in all of them; each part is of later places."""
    found = heapq.merge(*(zip(part.terms, repeat(number), range(len(part.terms))) for number, part in enumerate(parts)))
    for term, places in groupby(found, itemgetter(0)):
        yield term, joined([parts[number]._of(place) for _, number, place in places])


class _Words(dict[str, int]):
    """Run of letters in one language → its number in `_Vocabulary`, given when first asked."""

    def __init__(self, language: str, vocabulary: _Vocabulary) -> None:
        super().__init__()
        self._language, self._vocabulary = language, vocabulary

    def __missing__(self, run: str) -> int:
        number = self[run] = self._vocabulary.add(self._language, run)
        return number


class _Vocabulary:
    """The runs of letters of some texts, and the terms that each counts as."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, str]] = []
        """(language, run)."""
        self.terms = {"": _NOTHING, "\n": _LINE}
        self.starts = array("i", [0])
        """Where the terms of each run start in `flat`, and at last where they end."""
        self.flat = array("i")
        self._words: dict[str, _Words] = {}

    def of(self, language: str) -> _Words:
        """The words of a language."""
        return self._words.setdefault(language, _Words(language, self))

    def add(self, language: str, run: str) -> int:
        """Take in a run, and return its number."""
        known = stems(language)[run]
        for term in (known,) if isinstance(known, str) else known:
            self.flat.append(self.terms.setdefault(term, len(self.terms)))
        self.starts.append(len(self.flat))
        self.runs.append((language, run))
        return len(self.runs) - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class _Columns:
    """The words of all texts, those of a term together, in order of the terms and then of the texts."""

    terms: _Numbers
    owners: _Numbers
    """Index of the text."""
    positions: NDArray[np.uint16]
    more: NDArray[np.int8]
    """How much more than once a word counts."""


def analyse(texts: Sequence[Text]) -> Terms:
    """The terms of texts that are in order of their places."""
    vocabulary, numbers, owners = _read(texts)
    spellings = _spellings(vocabulary, numbers, owners, [text.counted for text in texts])
    words, lengths = _sorted(vocabulary, numbers, owners, len(texts))
    return _rows(words, texts, lengths, tuple(sorted(vocabulary.terms)), spellings)


def _read(texts: Sequence[Text]) -> tuple[_Vocabulary, _Numbers, _Numbers]:
    """The runs of letters of all texts, one after another: their numbers, and the indices of their texts."""
    vocabulary = _Vocabulary()
    cut = word_pattern().findall
    runs, counts = array("i"), array("i")
    for text in texts:
        words = cut(composed(text.lines))
        counts.append(len(words))
        runs.fromlist(list(map(vocabulary.of(primary(text.language)).__getitem__, words)))
    return vocabulary, _column(runs), np.repeat(np.arange(len(texts), dtype=np.int32), _column(counts))


def _sorted(vocabulary: _Vocabulary, numbers: _Numbers, owners: _Numbers, count: int) -> tuple[_Columns, _Numbers]:
    """The words as columns, with terms numbered in their order, and how many each text has."""
    starts = _column(vocabulary.starts)
    widths = np.diff(starts)[numbers]
    ranks = np.empty(len(vocabulary.terms), np.int32)  # what is no term stays first
    ranks[[vocabulary.terms[term] for term in sorted(vocabulary.terms)]] = np.arange(len(ranks), dtype=np.int32)
    terms = ranks[_column(vocabulary.flat)][spread(starts[numbers], widths)]
    owners = np.repeat(owners, widths)
    del widths
    lengths = np.bincount(owners, minlength=count).astype(np.int32)
    positions = np.minimum(spread(np.zeros(count, np.int32), lengths), BEYOND).astype(np.uint16)
    more = _more(np.flatnonzero(terms == _LINE), owners, count)
    order = np.argsort(terms, kind="stable")[np.count_nonzero(terms <= _LINE) :].astype(np.int32)
    return _Columns(terms=terms[order], owners=owners[order], positions=positions[order], more=more[order]), lengths


def _column(numbers: array[int]) -> _Numbers:
    return np.frombuffer(numbers, np.int32) if numbers else np.empty(0, np.int32)


def _more(ends: NDArray[np.intp], owners: _Numbers, texts: int) -> NDArray[np.int8]:
    """How much more the words of heavier fields count; fields are lines (`text.text_of`), which end at `ends`."""
    steps = np.zeros(len(owners) + 1, np.int8)
    if not len(ends):
        return steps[:-1]
    first = np.searchsorted(owners[ends], np.arange(texts))
    last = np.searchsorted(owners[ends], np.arange(texts), side="right") - 1
    begin = np.searchsorted(owners, np.arange(texts))
    end = np.searchsorted(owners, np.arange(texts), side="right")
    for start, stop, weight in (
        (begin, ends[first], TITLE),
        (ends[first], ends[first + 1], STANDFIRST),
        (ends[last - 1], ends[last], TOPICS),
        (ends[last], end, PEOPLE),
    ):
        np.add.at(steps, start, weight - 1)
        np.add.at(steps, stop, 1 - weight)
    return np.cumsum(steps, dtype=np.int8)[:-1]


def _rows(
    words: _Columns,
    texts: Sequence[Text],
    lengths: _Numbers,
    names: tuple[str, ...],
    spellings: Counter[tuple[str, str]],
) -> Terms:
    """Rows of words that are sorted by term, those of a term by text."""
    heads = _heads(words.terms, words.owners)
    owners, of_term = words.owners[heads], words.terms[heads]
    summed = np.add.reduceat(words.more + np.int8(1), heads, dtype=np.int32) if len(heads) else heads
    classes = np.minimum(lengths // _CLASS, _CLASSES)
    tables = np.frombuffer(b"".join(map(_weights, classes.tolist())), np.uint8).reshape(-1, _MOST + 1)
    rows = Postings(
        np.array([text.place for text in texts], np.uint32)[owners],
        tables[owners, np.minimum(summed, _MOST)],
        np.diff(np.append(heads, len(words.terms))).astype(np.uint32),
        words.positions,
    )
    first = _heads(of_term)
    return Terms(
        terms=tuple(names[term] for term in of_term[first].tolist()),
        rows=rows,
        row_starts=np.append(first, len(of_term)),
        position_starts=np.append(heads[first], len(words.terms)),
        spellings=spellings,
    )


def _heads(*columns: NDArray[np.signedinteger[Any]]) -> NDArray[np.intp]:
    """Where something new begins in any of the columns."""
    new = np.ones(len(columns[0]), np.bool_)
    new[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.flatnonzero(new)


def _spellings(
    vocabulary: _Vocabulary, numbers: _Numbers, owners: _Numbers, counted: Sequence[bool]
) -> Counter[tuple[str, str]]:
    """(spelling, term) → count, from how many articles have a run of letters."""
    which = np.array(counted, np.bool_)[owners] if counted else np.zeros(0, np.bool_)
    total = len(vocabulary.runs)
    pairs = np.sort(
        owners[which].astype(np.int64) * total + numbers[which]
    )  # np.unique hashes, which takes ten times as long
    once = pairs[_heads(pairs)] % max(total, 1)
    found: Counter[tuple[str, str]] = Counter()
    for number, count in enumerate(np.bincount(once, minlength=total).tolist()):
        if not count:
            continue
        language, run = vocabulary.runs[number]
        term = stems(language)[run]
        if isinstance(term, tuple):
            for pair in set(term):
                found[pair, pair] += count
        elif term and run != "\n":
            found[fold(run), term] += count
    return found


@cache
def _weights(length: int) -> bytes:
    """Weighted count → weight, in texts of a class of lengths."""
    norm = _SATURATION * (1 - _LENGTH + _LENGTH * length * _CLASS / _TYPICAL)
    return bytes(max(1, round(HEAVIEST * count / (count + norm))) for count in range(_MOST + 1))
