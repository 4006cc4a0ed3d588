"""Decision trees asked about many rows at once, in whole numbers of any length.

Each row has a lane of 16 bits in one long number. A question (is this measure above that threshold?) is such a number
with a one in the lane of every row that it holds for; which rows reach a leaf comes from `&` and `^`, and what the leaf
adds to their sums from one multiplication and one addition. The cost hardly grows with the number of rows, and there is
nothing to import. (The idea of traversing trees by bit masks is that of QuickScorer: Lucchese and others, 2015.)
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

_LANE, _HIGHEST = 2, 65535
"""Bytes of a row's lane, and the largest sum it can hold."""
_ABOVE = tuple(bytes(int(number > k) for number in range(256)) for k in range(255))
"""For each k, which of the numbers 0 to 255 are above it."""


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree. Place 0 holds the rows that enter it; each split fills two further places."""

    splits: tuple[tuple[int, int, int, int], ...]
    """The question, the place of the rows that are asked, and the places for yes and no."""
    leaves: tuple[tuple[int, int], ...]
    """The place, and what is added to the sums of its rows, in units."""
    size: int
    """How many places there are."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose leaves add up."""

    thresholds: tuple[tuple[int, tuple[float, ...]], ...]
    """The measures that are asked about, each with its thresholds from low to high."""
    questions: tuple[tuple[int, int], ...]
    """Number in `thresholds`, and which of its thresholds a value has to be above."""
    trees: tuple[Tree, ...]
    base: float
    unit: float

    def sums(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """What the leaves of each row add up to."""
        if not rows:
            return []
        columns = list(zip(*rows, strict=True))
        levels = []
        for measure, thresholds in self.thresholds:
            level = bytearray(_LANE * len(rows))
            level[::_LANE] = bytes(map(partial(bisect_left, thresholds), columns[measure]))
            levels.append(level)
        answers = [int.from_bytes(levels[column].translate(_ABOVE[k]), "little") for column, k in self.questions]
        total = 0
        everyone = int.from_bytes(b"\1\0" * len(rows), "little")
        for tree in self.trees:
            places = [everyone] * tree.size
            for question, place, yes, no in tree.splits:
                asked = places[place]
                places[yes] = above = asked & answers[question]
                places[no] = asked ^ above
            for place, units in tree.leaves:
                total += places[place] * units
        lanes = total.to_bytes(_LANE * len(rows), "little")
        return [self.base + self.unit * (low + 256 * high) for low, high in zip(lanes[::2], lanes[1::2], strict=True)]


def forest_from(trees: list[Any]) -> Forest:
    """Trees as they are written: a leaf is a number, a split `[measure, threshold, not above, above]`."""
    found: dict[int, set[float]] = {}
    for tree in trees:
        for measure, threshold in _asked(tree):
            found.setdefault(measure, set()).add(threshold)
    thresholds = tuple((measure, tuple(sorted(values))) for measure, values in sorted(found.items()))
    questions: dict[tuple[int, float], int] = {}
    places: list[tuple[int, int]] = []
    for number, (measure, values) in enumerate(thresholds):
        for k, value in enumerate(values):
            questions[measure, value] = len(places)
            places.append((number, k))
    low = [min(_values(tree)) for tree in trees]
    span = sum(max(_values(tree)) - least for tree, least in zip(trees, low, strict=True))
    unit = span / (_HIGHEST - len(trees)) or 1.0
    built = tuple(_tree(tree, questions, least, unit) for tree, least in zip(trees, low, strict=True))
    return Forest(thresholds, tuple(places), built, sum(low), unit)


def _asked(root: Any) -> list[tuple[int, float]]:
    return [(node[0], node[1]) for node in _nodes(root) if isinstance(node, list)]


def _values(root: Any) -> list[float]:
    return [node for node in _nodes(root) if not isinstance(node, list)]


def _nodes(root: Any) -> list[Any]:
    """Every node of a tree as it is written, parents first."""
    nodes = [root]
    for node in nodes:
        if isinstance(node, list):
            nodes += node[2:]
    return nodes


def _tree(root: Any, questions: dict[tuple[int, float], int], low: float, unit: float) -> Tree:
    splits, leaves = [], []
    waiting = [(root, 0)]
    size = 1
    for node, place in waiting:
        if isinstance(node, list):
            measure, threshold, no, yes = node
            splits.append((questions[measure, threshold], place, size + 1, size))
            waiting += [(no, size), (yes, size + 1)]
            size += 2
        else:
            leaves.append((place, round((node - low) / unit)))
    return Tree(tuple(splits), tuple(leaves), size)
