"""How likely each line of a dump belongs to the article: two passes of small decision trees, then the best sequence.

The first pass judges a line by what is seen of it and around it. The second sees the first one's verdicts too: whether
its neighbours were kept, whether it stands inside the page's main run. A sequence of keep and drop is chosen as a whole
(Viterbi), because an article is one or a few runs. `trees.json` is written by `tools/train_text.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from backfile.clean.text.features import CONTEXT, FEATURES

_MASS12 = len(FEATURES) + CONTEXT.index("mass12")
_SWITCH = 0.3
"""What a change between keep and drop costs, as log odds."""
_EDGE = 1e-3

Tree = list[list[float]]
"""Nodes `[feature, threshold, left, right]`, go left where the value is not above the threshold; leaves `[value]`."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose leaves add up to the log odds of keeping."""

    bias: float
    trees: tuple[Tree, ...]

    def odds(self, row: list[float]) -> float:
        """Log odds of one line."""
        total = self.bias
        for tree in self.trees:
            node = tree[0]
            while len(node) > 1:
                node = tree[int(node[2] if row[int(node[0])] <= node[1] else node[3])]
            total += node[0]
        return total


@dataclass(frozen=True, slots=True)
class Weights:
    """The two passes."""

    first: Forest
    second: Forest


@cache
def _read(path: str) -> Weights:
    text = Path(path).read_text("utf-8") if path else (resources.files(__package__) / "trees.json").read_text("utf-8")
    table = json.loads(text)
    return Weights(*(Forest(stage["bias"], tuple(stage["trees"])) for stage in (table["first"], table["second"])))


_path = ""


@contextmanager
def weights_from(path: Path) -> Iterator[None]:
    """Use other weights for a while: those of a fold, to measure pages that these weights have not seen."""
    global _path  # noqa: PLW0603 - one switch for measuring, restored at once
    before, _path = _path, str(path)
    try:
        yield
    finally:
        _path = before


def judge(rows: list[list[float]], sizes: list[float]) -> list[float]:
    """For each line the probability that it belongs to the article."""
    weights = _read(_path)
    first = [_chance(weights.first.odds(row)) if _open(row) else 0.0 for row in rows]
    context = verdict_context(first, sizes)
    return [
        _chance(weights.second.odds(row + more)) if _open(row) else 0.0 for row, more in zip(rows, context, strict=True)
    ]


def _open(row: list[float]) -> bool:
    """Whether there is running text near the line: far from any it is not judged, it is chrome."""
    return row[_MASS12] > 0


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


VERDICTS = (
    "p", "p_prev", "p_next", "p_prev2", "p_next2", "kept_back3", "kept_ahead3", "kept_back8", "kept_ahead8", "done", "to_come",
    "in_run", "from_run_start", "from_run_end", "kept_mass_back8", "kept_mass_ahead8", "kept_total", "run_mass",
)  # fmt: skip


def verdict_context(first: list[float], sizes: list[float]) -> list[list[float]]:
    """What the first pass thinks of each line's surroundings."""
    n = len(first)
    weight = [min(400.0, max(8.0, size)) ** 0.7 for size in sizes]
    kept, lost = [0.0], [0.0]
    for p, w in zip(first, weight, strict=True):
        kept.append(kept[-1] + p * w)
        lost.append(lost[-1] + (1 - p) * w)
    start, end, mass = main_run(first, weight)
    total = kept[-1] + 1e-9

    def share(a: int, b: int) -> float:
        a, b = max(0, a), min(n, max(0, b))
        inside, outside = kept[b] - kept[a], lost[b] - lost[a]
        return inside / (inside + outside + 1)

    padded = [0.0, 0.0, *first, 0.0, 0.0]
    rows = []
    for i in range(n):
        back, ahead = kept[i] - kept[max(0, i - 8)], kept[min(n, i + 9)] - kept[i + 1]
        rows.append([
            first[i], padded[i + 1], padded[i + 3], padded[i], padded[i + 4],
            share(i - 3, i), share(i + 1, i + 4), share(i - 8, i), share(i + 1, i + 9),
            kept[i] / total, (total - kept[i + 1]) / total,
            float(start <= i <= end), float(max(-30, min(30, i - start))), float(max(-30, min(30, i - end))),
            back, ahead, total, mass,
        ])  # fmt: skip
    return rows


def main_run(chances: list[float], weight: list[float]) -> tuple[int, int, float]:
    """First and last line of the run with most weight for keeping, and that weight (Kadane's maximum subarray)."""
    best = current = 0.0
    start = end = begin = 0
    for i, (p, w) in enumerate(zip(chances, weight, strict=True)):
        if current <= 0:
            current, begin = 0.0, i
        current += (p - 0.5) * w
        if current > best:
            best, start, end = current, begin, i
    return start, end, best


def best_sequence(chances: list[float]) -> list[bool]:
    """Keep or drop for each line, so that the whole is likeliest when each change has its cost (Viterbi)."""
    if not chances:
        return []
    odds = [math.log(p / (1 - p)) for p in (min(1 - _EDGE, max(_EDGE, c)) for c in chances)]
    drop, keep = 0.0, odds[0] - _SWITCH
    came: list[tuple[bool, bool]] = []
    for odd in odds[1:]:
        to_drop, to_keep = keep - _SWITCH > drop, keep >= drop - _SWITCH
        came.append((to_drop, to_keep))
        drop, keep = max(drop, keep - _SWITCH), max(keep, drop - _SWITCH) + odd
    state = keep > drop
    states = [state]
    for to_drop, to_keep in reversed(came):
        state = to_keep if state else to_drop
        states.append(state)
    return states[::-1]
