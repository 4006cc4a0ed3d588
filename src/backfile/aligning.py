"""The paragraphs of a text in two languages, set against each other.

Paragraphs that translate each other have lengths in proportion and share their numbers and names. The cheapest way
through both texts is found by a dynamic programme over both (Gale and Church, "A Program for Aligning Sentences in
Bilingual Corpora", Computational Linguistics 19, 1993), to which shared numbers and names are added as anchors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backfile.facts import facts_of

_MOVES = {(1, 1): 0.11, (1, 2): 2.4, (2, 1): 2.4, (1, 0): 4.6, (0, 1): 4.6}
"""Paragraphs taken of each text → what that costs before they are looked at: the negative logarithms of how often."""
_VARIANCE = 6.8
"""Of the length in characters that a character is translated into, as the paper measured it."""
_WORST = 14.0
_ANCHOR = 3.0
"""What a shared number or name takes off the costs; the second takes half of that, and so on."""
_BAND = 40
"""Paragraphs off the diagonal that are looked at, and an eighth of the longer text's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Paragraphs that say the same; one side is empty where only the other text has it."""

    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Text:
    paragraphs: Sequence[str]
    lengths: tuple[int, ...]
    facts: tuple[frozenset[str], ...]


def align(left: Sequence[str], right: Sequence[str]) -> list[Pair]:
    """Two texts, given as their paragraphs, as pairs in order; every paragraph is in one of them."""
    one, other = _text(left), _text(right)
    ratio = (sum(other.lengths) or 1) / (sum(one.lengths) or 1)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i, j in _cells(len(left), len(right)):
        ways = (
            (best[i - a, j - b][0] + price + _cost(one, other, (i - a, i), (j - b, j), ratio), (a, b))
            for (a, b), price in _MOVES.items()
            if (i - a, j - b) in best
        )
        found = min(ways, default=None)
        if found:
            best[i, j] = found
    return list(_way_back(best, left, right))


def _way_back(
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]], left: Sequence[str], right: Sequence[str]
) -> Iterator[Pair]:
    i, j = len(left), len(right)
    pairs: list[Pair] = []
    while i or j:
        a, b = best[i, j][1]
        pairs.append(Pair(left=tuple(left[i - a : i]), right=tuple(right[j - b : j])))
        i, j = i - a, j - b
    yield from reversed(pairs)


def _text(paragraphs: Sequence[str]) -> _Text:
    return _Text(
        paragraphs=paragraphs,
        lengths=tuple(max(1, len(text)) for text in paragraphs),
        facts=tuple(frozenset(facts_of(text)) for text in paragraphs),
    )


def _cells(height: int, width: int) -> Iterator[tuple[int, int]]:
    """Where both texts may have been read up to, near the diagonal; its ends are always among them."""
    reach = _BAND + max(height, width) // 8
    for i in range(height + 1):
        low, high = ((i + step) * width // max(1, height) + step * reach for step in (-1, 1))
        yield from ((i, j) for j in range(max(0, low), min(width, high) + 1) if i or j)


def _cost(one: _Text, other: _Text, rows: tuple[int, int], columns: tuple[int, int], ratio: float) -> float:
    if rows[0] == rows[1] or columns[0] == columns[1]:
        return 0.0
    here, there = sum(one.lengths[slice(*rows)]), sum(other.lengths[slice(*columns)])
    off = abs(there - here * ratio) / math.sqrt(_VARIANCE * (here * ratio + there) / 2)
    unlikely = math.erfc(off / math.sqrt(2))
    length = min(_WORST, -math.log(unlikely)) if unlikely > 0 else _WORST
    shared = len(frozenset().union(*one.facts[slice(*rows)]) & frozenset().union(*other.facts[slice(*columns)]))
    return length - _ANCHOR * 2 * (1 - 0.5**shared)
