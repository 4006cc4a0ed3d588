"""Decision trees asked about many rows at once.

Each leaf of a tree is a bit. A split that a row is above rules out the leaves on its one side; the lowest bit left
of a tree is the leaf that the row ends in. All splits of all trees are answered for all rows at once. (The idea of
traversing trees by bit masks is that of QuickScorer: Lucchese and others, 2015.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_LEAVES = 32
_ALL = np.uint32(0xFFFFFFFF)
_EXPONENT, _BIAS = 52, 1023
"""Where the exponent stands in the bits of a double, and what is added to it."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose leaves add up."""

    measures: NDArray[np.intp]
    """The measure that each question is about."""
    thresholds: NDArray[np.float64]
    """What it has to be above."""
    questions: NDArray[np.intp]
    """The question of each split, tree by tree, parents first."""
    above: NDArray[np.uint32]
    """Which leaves of its tree are left for rows above the threshold of a split."""
    starts: NDArray[np.intp]
    """The first split of each tree that has any."""
    leaves: NDArray[np.float64]
    """What each leaf of these trees adds, one tree a row."""
    base: float
    """What trees without a split add."""

    def sums(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the leaves of each row add up to."""
        if not len(rows) or not len(self.starts):
            return np.full(len(rows), self.base)
        answers = rows.T[self.measures] > self.thresholds[:, None]
        left = np.where(answers[self.questions], self.above[:, None], _ALL)
        ends = np.bitwise_and.reduceat(left, self.starts, axis=0)
        lowest = (ends & (~ends + np.uint32(1))).astype(np.float64)
        places = (lowest.view(np.int64) >> _EXPONENT) - _BIAS
        found: NDArray[np.float64] = np.take_along_axis(self.leaves, places, axis=1).sum(axis=0)
        return self.base + found


def forest_from(trees: list[Any]) -> Forest:
    """Trees of at most 32 leaves as they are written: a leaf is a number, a split `[measure, threshold, not above,
    above]`."""
    asked: dict[tuple[int, float], int] = {}
    questions: list[int] = []
    above: list[int] = []
    starts: list[int] = []
    leaves: list[list[float]] = []
    for tree in trees:
        if not isinstance(tree, list):
            continue
        values, splits = _read(tree)
        starts.append(len(questions))
        leaves.append(values + [0.0] * (_MOST_LEAVES - len(values)))
        for measure, threshold, ruled_out in splits:
            questions.append(asked.setdefault((measure, threshold), len(asked)))
            above.append(0xFFFFFFFF ^ ruled_out)
    return Forest(
        measures=np.array([measure for measure, _ in asked], dtype=np.intp),
        thresholds=np.array([threshold for _, threshold in asked], dtype=np.float64),
        questions=np.array(questions, dtype=np.intp),
        above=np.array(above, dtype=np.uint32),
        starts=np.array(starts, dtype=np.intp),
        leaves=np.array(leaves, dtype=np.float64).reshape(-1, _MOST_LEAVES),
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
