"""Decision trees asked about many rows at once.

Each leaf of a tree is a bit. A split that a row is above rules out the leaves on its one side; the lowest bit left
of a tree is the leaf that the row ends in. All splits of all trees are answered for all rows at once. (The idea of
traversing trees by bit masks is that of QuickScorer: Lucchese and others, 2015.)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise, zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_LEAVES = 32
_EXPONENT, _BIAS = 52, 1023
"""Where the exponent stands in the bits of a double, and what is added to it."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose leaves add up, the ones with most splits first."""

    measures: NDArray[np.intp]
    """The measure that each question is about."""
    thresholds: NDArray[np.float64]
    """What it has to be above, a question a row."""
    questions: NDArray[np.intp]
    """The question of each split: the first split of every tree, then the second of those that have two…"""
    above: NDArray[np.uint32]
    """Which leaves of its tree are left for rows above the threshold of a split, a split a row."""
    bounds: tuple[int, ...]
    """Where the first splits start, the second ones…, and where the last ones end."""
    leaves: NDArray[np.float64]
    """What each leaf of these trees adds, one tree after the other."""
    base: float
    """What trees without a split add."""

    def sums(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the leaves of each row add up to."""
        if not len(rows) or not len(self.leaves):
            return np.full(len(rows), self.base)
        asked = np.ascontiguousarray(rows.T).take(self.measures, axis=0)
        # All bits where a row is not above, none where it is.
        kept = np.negative((asked <= self.thresholds).astype(np.uint32))
        left = kept.take(self.questions, axis=0)
        left |= self.above
        ends = left[: self.bounds[1]]
        for start, stop in pairwise(self.bounds[1:]):
            ends[: stop - start] &= left[start:stop]
        lowest = (ends & (~ends + np.uint32(1))).astype(np.float64)
        places = lowest.view(np.int64) >> _EXPONENT
        places += np.arange(-_BIAS, _MOST_LEAVES * len(ends) - _BIAS, _MOST_LEAVES)[:, None]
        found: NDArray[np.float64] = self.leaves.take(places).sum(axis=0)
        return self.base + found


def forest_from(trees: list[Any]) -> Forest:
    """Trees of at most 32 leaves as they are written: a leaf is a number, a split `[measure, threshold, not above,
    above]`."""
    asked: dict[tuple[int, float], int] = {}
    read = sorted((_read(tree) for tree in trees if isinstance(tree, list)), key=lambda tree: -len(tree[1]))
    ranks = list(zip_longest(*(splits for _, splits in read)))
    splits = [split for rank in ranks for split in rank if split]
    questions = [asked.setdefault((measure, threshold), len(asked)) for measure, threshold, _ in splits]
    return Forest(
        measures=np.array([measure for measure, _ in asked], dtype=np.intp),
        thresholds=np.array([threshold for _, threshold in asked], dtype=np.float64)[:, None],
        questions=np.array(questions, dtype=np.intp),
        above=np.array([0xFFFFFFFF ^ ruled_out for *_, ruled_out in splits], dtype=np.uint32)[:, None],
        bounds=tuple(accumulate((sum(split is not None for split in rank) for rank in ranks), initial=0)),
        leaves=np.array([leaf for values, _ in read for leaf in values + [0.0] * (_MOST_LEAVES - len(values))]),
        base=float(sum(tree for tree in trees if not isinstance(tree, list))),
    )


def _read(tree: list[Any]) -> tuple[list[float], list[tuple[int, float, int]]]:
    """The leaves of a tree from left to right, and each split with the bits of the leaves on its left."""
    values: list[float] = []
    splits: list[tuple[int, float, int]] = []
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            measure, threshold, first = node
            splits.append((measure, threshold, (1 << len(values)) - (1 << first)))
        elif isinstance(node, list):
            measure, threshold, no, yes = node
            waiting += [yes, (measure, threshold, len(values)), no]
        else:
            values.append(node)
    return values, splits
