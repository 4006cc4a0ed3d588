"""A question → the articles that answer it, best first. The page's script does the same, step by step.

All numbers are such that both sides come to the same ones: sums and products of doubles in one order, and an inverse
frequency from halvings instead of a logarithm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from backfile.search.analysis import BEYOND
from backfile.search.layout import Segment
from backfile.search.letters import split
from backfile.search.places import DAYS, UNDATED, first_day, is_dated
from backfile.search.query import Clause, Filter, Question
from backfile.search.reader import Facets, Index, Rows

EXPANDED = 32
"""Spellings that a beginning stands for at most: the most frequent."""
_ENDING, _STEM = 3, 4
"""An unknown word counts as a known one that lacks its last letters, at most three, and has at least four."""
_MANY = 3
"""With at least so many words or groups of them, one may be missing where few articles have all."""
_FEW = 10
_NEAR = 8
"""Weight of two words of the question that stand side by side."""


@dataclass(kw_only=True, slots=True)
class Word:
    """A word of a question as the index knows it."""

    spelling: str
    terms: tuple[str, ...]
    frequency: int = 0
    """Articles that have it."""
    rarity: float = 0.0
    """Its inverse frequency."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An answer."""

    place: int
    score: float
    lacks: tuple[str, ...] = ()
    """What of the question does not stand in it: it counts half."""


@dataclass(kw_only=True, slots=True)
class Answer:
    """All answers, best first, and what there is to say of the question."""

    found: list[Found] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    """Words that no article has → one that was maybe meant, or an empty string."""
    common: list[str] = field(default_factory=list)
    """Words so frequent that only their heaviest articles are known."""
    loose: bool = False
    """True where few articles have all the words, and those that lack one are among these."""


_Words = dict[Clause, list[Word]]


def answer(index: Index, question: Question, *, by_date: bool = False) -> Answer:
    """The articles that answer a question. What cannot be read of the index is in `index.troubles`."""
    result = Answer()
    if question.is_empty or question.odd:
        return result
    clauses = [clause for group in question.groups for clause in group] + list(question.without)
    words = {clause: [_word(index, clause, each, result) for each in clause.words] for clause in clauses}
    rows = {
        (segment, word.spelling): _merged([index.rows(segment, term) for term in word.terms])
        for segment in index.layout.segments
        for some in words.values()
        for word in some
    }
    for some in words.values():
        for word in some:
            word.frequency = sum(rows[segment, word.spelling].frequency for segment in index.layout.segments)
            word.rarity = rarity(index.layout.count, word.frequency)
    here = {
        segment.start: {word: found for (where, word), found in rows.items() if where is segment}
        for segment in index.layout.segments
    }
    common = [word for some in here.values() for word, found in some.items() if found.partial]
    result.common = list(dict.fromkeys(common))
    for missing in (0, 1) if len(question.groups) >= _MANY else (0,):
        result.found = []
        for segment in index.layout.segments:
            result.found += _in_segment(index, segment, question, words, here[segment.start], missing)
        result.loose = missing > 0 and bool(result.found)
        if len(result.found) >= _FEW:
            break
    dated = by_date or not question.groups
    result.found.sort(key=lambda hit: (is_dated(hit.place >> index.layout.bits) if dated else hit.score, hit.place))
    result.found.reverse()
    return result


def rarity(articles: int, frequency: int) -> float:
    """1 + log2(articles / frequency), straight between powers of two."""
    ratio, whole = articles / max(frequency, 1), 1
    while ratio >= 2:
        ratio /= 2
        whole += 1
    return whole + max(ratio - 1, 0.0)


def _word(index: Index, clause: Clause, spelling: str, result: Answer) -> Word:
    known = None if clause.prefix else index.look_up(spelling)
    if known:
        return Word(spelling=spelling, terms=known.terms)
    if (clause.prefix or clause.last) and len(spelling) > (1 if spelling.isascii() else 0):
        best = sorted(index.beginning(spelling), key=lambda found: (-found.frequency, found.spelling))[:EXPANDED]
        if best:
            terms = dict.fromkeys(term for found in best for term in found.terms)
            return Word(spelling=f"{spelling}*", terms=tuple(terms))
    for cut in range(1, _ENDING + 1) if not clause.prefix else ():
        shorter = index.look_up(spelling[:-cut]) if len(spelling) - cut >= _STEM else None
        if shorter:
            return Word(spelling=spelling, terms=shorter.terms)
    result.unknown[spelling] = suggestion(index, spelling)
    return Word(spelling=f"{spelling}*" if clause.prefix else spelling, terms=())


def suggestion(index: Index, word: str) -> str:
    """The most frequent spelling with the same first letter that is one edit away; empty where there is none."""
    near = (found for found in index.beginning(word[:1]) if is_near(word, found.spelling))
    best = min(near, key=lambda found: (-found.frequency, found.spelling), default=None)
    return best.spelling if best else ""


def is_near(word: str, other: str) -> bool:
    """True where one letter put in, left out, changed, or swapped with the next makes one of the other."""
    if abs(len(word) - len(other)) > 1 or word == other:
        return False
    start = next((n for n, pair in enumerate(zip(word, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    if len(word) != len(other):
        longer, shorter = (word, other) if len(word) > len(other) else (other, word)
        return longer[start + 1 :] == shorter[start:]
    swapped = word[start : start + 2] == other[start : start + 2][::-1] and word[start + 2 :] == other[start + 2 :]
    return swapped or word[start + 1 :] == other[start + 1 :]


def _merged(found: list[Rows]) -> Rows:
    """The rows of a word from those of its terms."""
    if len(found) == 1:
        return found[0]
    weights: dict[int, int] = {}
    positions: dict[int, tuple[int, ...]] = {}
    for rows in found:
        for place, weight in rows.weights.items():
            weights[place] = max(weight, weights.get(place, 0))
            positions[place] = tuple(sorted((*positions.get(place, ()), *rows.positions[place])))
    partial = [rows.frequency for rows in found if rows.partial]
    return Rows(frequency=max(len(weights) + bool(partial), *partial, 0), weights=weights, positions=positions)


def _in_segment(
    index: Index, segment: Segment, question: Question, words: _Words, rows: dict[str, Rows], missing: int
) -> Iterator[Found]:
    sets = [[_places(words[clause], rows) for clause in group] for group in question.groups]
    whole = [_union(group) for group in sets if not any(partial for _, partial in group)]
    filtering = whole or [_union(group) for group in sets]
    missing = missing if whole else 0  # a word of which only the heaviest articles are known may stand in any
    facets = index.facets(segment) if question.filters or not question.groups else None
    if filtering:
        had = Counter(place for group in filtering for place in group)
        places = {place for place, count in had.items() if count >= len(filtering) - missing}
    else:
        places = {place - segment.start for place in facets.places} if facets else set()
    for clause in question.without:
        places -= _places(words[clause], rows)[0]
    for each in question.filters if facets else ():
        places &= {place - segment.start for place in _fitting(facets, each)} if facets else set()
    low, high = _bounds(question, index.layout.bits)
    pairs = _pairs(question, words)
    for place in sorted(place for place in places if low <= place + segment.start < high):
        score = 0.0
        for word in _found_words(question, sets, words, place):
            score += word.rarity * rows[word.spelling].weights.get(place, 0)
        for one, other in pairs:
            if _beside(rows[one.spelling], rows[other.spelling], place):
                score += (one.rarity + other.rarity) * _NEAR
        lacks = _lacking(question, sets, place) if missing else ()
        yield Found(place=place + segment.start, score=score / 2 if lacks else score, lacks=lacks)


def _found_words(
    question: Question, sets: list[list[tuple[set[int], bool]]], words: _Words, place: int
) -> Iterator[Word]:
    """The words of the clauses that stand in an article, in the order of the question."""
    for group, found in zip(question.groups, sets, strict=True):
        for clause, (there, _) in zip(group, found, strict=True):
            if place in there:
                yield from words[clause]


def _lacking(question: Question, sets: list[list[tuple[set[int], bool]]], place: int) -> tuple[str, ...]:
    """The groups of a question that are surely not in an article, as they are asked for."""
    groups = (
        group
        for group, found in zip(question.groups, sets, strict=True)
        if not any(partial or place in there for there, partial in found)
    )
    return tuple(" OR ".join(" ".join(clause.words) for clause in group) for group in groups)


def _union(group: list[tuple[set[int], bool]]) -> set[int]:
    return set().union(*(places for places, _ in group))


def _places(words: list[Word], rows: dict[str, Rows]) -> tuple[set[int], bool]:
    """Where a clause stands, and whether more may have it. A phrase's very frequent words may be any word."""
    known = [(offset, rows[word.spelling]) for offset, word in enumerate(words)]
    checked = [(offset, found) for offset, found in known if not found.partial] or known
    partial = checked[0][1].partial
    first, rest = checked[0], checked[1:]
    places = set(first[1].weights)
    for _, found in rest:
        places &= found.weights.keys()
    if rest:
        places = {place for place in places if _stands(place, first, rest)}
    return places, partial


def _stands(place: int, first: tuple[int, Rows], rest: list[tuple[int, Rows]]) -> bool:
    offset, rows = first
    others = [(other - offset, found.positions[place]) for other, found in rest]
    return any(
        position != BEYOND
        and all(position + step in positions and position + step != BEYOND for step, positions in others)
        for position in rows.positions[place]
    )


def _beside(one: Rows, other: Rows, place: int) -> bool:
    if place not in one.weights or place not in other.weights:
        return False
    return _stands(place, (0, one), [(1, other)])


def _pairs(question: Question, words: _Words) -> list[tuple[Word, Word]]:
    """Single words that follow one another in the question."""
    single = [words[group[0]][0] if len(group) == 1 and len(group[0].words) == 1 else None for group in question.groups]
    return [(one, other) for one, other in pairwise(single) if one and other]


def _fitting(facets: Facets, wanted: Filter) -> Iterator[int]:
    for place, values in zip(facets.places, facets.values[wanted.field], strict=True):
        if any(_fits(value, wanted) for value in values) != wanted.negative:
            yield place


def _fits(value: str, wanted: Filter) -> bool:
    words = split(value)
    if wanted.exact:
        return words == list(wanted.words)
    if wanted.field == "lang":
        return words[: len(wanted.words)] == list(wanted.words)
    return set(wanted.words) <= set(words)


def _bounds(question: Question, bits: int) -> tuple[int, int]:
    """The numbers within the question's time; those of undated articles lie above every time."""
    above = UNDATED << bits
    low = first_day(question.after) << bits if question.after else 0
    high = first_day(question.before) << bits if question.before else 1 << (DAYS + bits)
    return low, min(high, above) if question.after else high
