"""Texts → terms: where each term stands in which article, and how much it weighs there.

A posting's weight is the saturated part of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009)
with weights of fields, on a scale of 1 to 31. It depends on the article alone: the length it is measured against is
fixed, so that a new article changes no other one's postings.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from backfile.search.letters import composed, fold, word_pattern
from backfile.search.postings import Postings
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
_CLASS = 32
"""Words a class of lengths is wide."""


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

    postings: dict[str, Postings]
    spellings: Counter[tuple[str, str]]
    """(spelling, term) → in how many articles, each way to write it in capitals counted apart."""


def analyse(texts: Sequence[Text]) -> Terms:
    """The terms of at most 65,536 texts, which are in order of their places."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    heavier: defaultdict[str, dict[int, int]] = defaultdict(dict)
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    lengths: list[int] = []
    cut = word_pattern().findall
    for index, text in enumerate(texts):
        runs = cut(composed(text.lines))
        terms = _terms(runs, primary(text.language))
        start = index << 16
        for number, term in enumerate(terms[:BEYOND], start):
            found[term].append(number)
        for term in terms[BEYOND:]:
            found[term].append(start | BEYOND)
        lengths.append(len(terms))
        _weigh(heavier, terms, index)
        if text.counted:
            written[primary(text.language)].update(set(runs))
    for nothing in ("", "\n"):
        found.pop(nothing, None)
    tables = [_weights(min(length // _CLASS, 999)) for length in lengths]
    places = [text.place for text in texts]
    postings = {term: _postings(numbers, heavier.get(term), places, tables) for term, numbers in found.items()}
    return Terms(postings=postings, spellings=_spellings(written))


def _terms(runs: Iterable[str], language: str) -> list[str]:
    """A term for each position; the end of a line is one."""
    language_stems = stems(language)
    known = list(map(language_stems.__getitem__, runs))
    if not language_stems.has_pairs:
        return known  # type: ignore[return-value]  # none of them is a run of pairs
    flat: list[str] = []
    for each in known:
        if isinstance(each, str):
            flat.append(each)
        else:
            flat.extend(each)
    return flat


def _weigh(heavier: defaultdict[str, dict[int, int]], terms: list[str], index: int) -> None:
    """Note what stands in heavier fields."""
    title = terms.index("\n")
    standfirst = terms.index("\n", title + 1)
    people = len(terms) - 1 - terms[::-1].index("\n")
    topics = people - 1 - terms[people - 1 :: -1].index("\n")
    for part, weight in (
        (terms[:title], TITLE),
        (terms[title + 1 : standfirst], STANDFIRST),
        (terms[topics + 1 : people], TOPICS),
        (terms[people + 1 :], PEOPLE),
    ):
        for term in part:
            more = heavier[term]
            more[index] = more.get(index, 0) + weight - 1


def _spellings(written: Mapping[str, Counter[str]]) -> Counter[tuple[str, str]]:
    """(spelling, term) → count, from how many articles of a language have a run of letters."""
    found: Counter[tuple[str, str]] = Counter()
    for language, counts in written.items():
        known = stems(language)
        for run, count in counts.items():
            term = known[run]
            if isinstance(term, tuple):
                for pair in set(term):
                    found[pair, pair] += count
            elif term and run != "\n":
                found[fold(run), term] += count
    return found


_LOW = 0 if sys.byteorder == "little" else 1
_MOST = 255
"""Occurrences of a term in an article that count."""
_SHORT = 24
"""With so few occurrences, a plain loop is faster than counting."""


def _postings(
    numbers: list[int], heavier: Mapping[int, int] | None, places: Sequence[int], tables: Sequence[Sequence[int]]
) -> Postings:
    """Rows from occurrences as `index of the text << 16 | position`."""
    halves = array("H", array("I", numbers).tobytes())
    counts: dict[int, int] = {}
    if len(numbers) < _SHORT:
        for number in numbers:
            counts[number >> 16] = counts.get(number >> 16, 0) + 1
    else:
        counts = Counter(halves[1 - _LOW :: 2])
    weights = counts
    if heavier:
        weights = dict(counts)
        for index, more in heavier.items():
            weights[index] += more
    most = max(weights.values())
    if most > _MOST:
        weights = {index: min(weight, _MOST) for index, weight in weights.items()}
    return Postings(
        array("I", map(places.__getitem__, counts)),
        bytearray([tables[index][weight] for index, weight in weights.items()]),
        array("H", counts.values()),
        halves[_LOW::2],
    )


@cache
def _weights(length: int) -> bytes:
    """Weighted count → weight, in texts of a class of lengths."""
    norm = _SATURATION * (1 - _LENGTH + _LENGTH * length * _CLASS / _TYPICAL)
    return bytes(max(1, round(HEAVIEST * count / (count + norm))) for count in range(_MOST + 1))
