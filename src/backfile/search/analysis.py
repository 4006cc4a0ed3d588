"""Texts → terms: where each term stands in which article, and how much it weighs there.

A posting's weight is the saturated part of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009)
with weights of fields, on a scale of 1 to 31. It depends on the article alone: the length it is measured against is
fixed, so that a new article changes no other one's postings.

Every word of all texts becomes a number first; the rest is done with columns of them.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from backfile.search.letters import composed, fold, word_pattern
from backfile.search.postings import Postings, spread
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

_Numbers = NDArray[np.int64]


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
    rows: Postings
    """Of all terms, one after another."""
    starts: tuple[tuple[int, int], ...]
    """Where the rows and the positions of each term start, and at last where they end."""
    spellings: Counter[tuple[str, str]]
    """(spelling, term) → in how many articles, each way to write it in capitals counted apart."""

    def postings(self) -> Iterator[tuple[str, Postings]]:
        """Each term with its rows."""
        rows = self.rows
        for term, (row, position), (row_end, end) in zip(self.terms, self.starts, self.starts[1:], strict=False):
            one = slice(row, row_end)
            yield term, Postings(rows.places[one], rows.weights[one], rows.counts[one], rows.positions[position:end])


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
        self.starts = array("q", [0])
        """Where the terms of each run start in `flat`, and at last where they end."""
        self.flat = array("q")
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
    """The words of all texts, one after another."""

    terms: _Numbers
    owners: _Numbers
    """Index of the text."""
    positions: _Numbers
    more: _Numbers
    """How much more than once a word counts."""

    def chosen(self, which: NDArray[np.bool_] | _Numbers) -> _Columns:
        """Some of the words."""
        return _Columns(
            terms=self.terms[which],
            owners=self.owners[which],
            positions=self.positions[which],
            more=self.more[which],
        )


def analyse(texts: Sequence[Text]) -> Terms:
    """The terms of texts that are in order of their places."""
    vocabulary = _Vocabulary()
    cut = word_pattern().findall
    runs, counts = array("q"), array("q")
    for text in texts:
        words = cut(composed(text.lines))
        counts.append(len(words))
        runs.fromlist(list(map(vocabulary.of(primary(text.language)).__getitem__, words)))
    numbers, owners = _column(runs), np.repeat(np.arange(len(texts)), _column(counts))
    starts = _column(vocabulary.starts)
    widths = np.diff(starts)[numbers]
    terms = _column(vocabulary.flat)[spread(starts[numbers], widths)]
    owners_of_terms = np.repeat(owners, widths)
    lengths = np.bincount(owners_of_terms, minlength=len(texts))
    columns = _Columns(
        terms=terms,
        owners=owners_of_terms,
        positions=np.minimum(spread(np.zeros(len(texts), np.int64), lengths), BEYOND),
        more=_more(terms, owners_of_terms, len(texts)),
    )
    order = np.argsort(terms, kind="stable")
    sorted_words = columns.chosen(order[np.count_nonzero(terms <= _LINE) :])
    spellings = _spellings(vocabulary, numbers, owners, [text.counted for text in texts])
    return _rows(sorted_words, texts, lengths, tuple(vocabulary.terms), spellings)


def _column(numbers: array[int]) -> _Numbers:
    return np.frombuffer(numbers, np.int64) if numbers else np.empty(0, np.int64)


def _more(terms: _Numbers, owners: _Numbers, count: int) -> _Numbers:
    """How much more the words of heavier fields count; fields are lines (`text.text_of`)."""
    steps = np.zeros(len(terms) + 1, np.int64)
    ends = np.flatnonzero(terms == _LINE)
    if not len(ends):
        return steps[:-1]
    first = np.searchsorted(owners[ends], np.arange(count))
    last = np.searchsorted(owners[ends], np.arange(count), side="right") - 1
    begin = np.searchsorted(owners, np.arange(count))
    end = np.searchsorted(owners, np.arange(count), side="right")
    for start, stop, weight in (
        (begin, ends[first], TITLE),
        (ends[first], ends[first + 1], STANDFIRST),
        (ends[last - 1], ends[last], TOPICS),
        (ends[last], end, PEOPLE),
    ):
        np.add.at(steps, start, weight - 1)
        np.add.at(steps, stop, 1 - weight)
    return np.cumsum(steps)[:-1]


def _rows(
    words: _Columns,
    texts: Sequence[Text],
    lengths: _Numbers,
    names: tuple[str, ...],
    spellings: Counter[tuple[str, str]],
) -> Terms:
    """Rows of words that are sorted by term, those of a term by text."""
    heads = _heads(words.terms, words.owners)
    counts = np.diff(np.append(heads, len(words.terms)))
    owners, of_term = words.owners[heads], words.terms[heads]
    summed = np.add.reduceat(words.more + 1, heads) if len(heads) else heads
    classes = np.minimum(lengths // _CLASS, _CLASSES)
    tables = np.frombuffer(b"".join(map(_weights, classes.tolist())), np.uint8).reshape(-1, _MOST + 1)
    rows = Postings(
        np.array([text.place for text in texts], np.uint32)[owners],
        tables[owners, np.minimum(summed, _MOST)],
        counts.astype(np.uint32),
        words.positions.astype(np.uint16),
    )
    first = _heads(of_term)
    bounds = zip([*first.tolist(), len(of_term)], [*heads[first].tolist(), len(words.terms)], strict=True)
    terms = tuple(names[term] for term in of_term[first].tolist())
    return Terms(terms=terms, rows=rows, starts=tuple(bounds), spellings=spellings)


def _heads(*columns: _Numbers) -> _Numbers:
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
    pairs = np.sort(owners[which] * total + numbers[which])  # np.unique hashes, which takes ten times as long
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
