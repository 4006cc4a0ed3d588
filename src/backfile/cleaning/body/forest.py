"""The fitted model: decision trees kept as readable JSON, evaluated in plain Python.

Each tree in `trees.json` is a list [feature, threshold, low side, high side], a leaf is a number. Trees are turned into
one Python expression each when they are first used, with an argument for each feature: a walk over nested lists takes
four times as long.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any

_FIRST = 30
_SURE = 1.6
"""Log odds after the first trees beyond which the others change nothing."""

Score = Callable[..., float]


def probabilities(rows: Sequence[Sequence[float] | None]) -> list[float]:
    """For each row of features the probability that the block is the article's text; 0 where there is no row."""
    first, rest = _scores()
    found = []
    for row in rows:
        if row is None:
            found.append(0.0)
            continue
        total = first(*row)
        if -_SURE < total < _SURE:
            total += rest(*row)
        found.append(1.0 / (1.0 + math.exp(-total)))
    return found


@cache
def _scores() -> tuple[Score, Score]:
    """The sum of the first trees and the sum of the others."""
    data: dict[str, list[Any]] = json.loads((resources.files(__package__) / "trees.json").read_text("utf-8"))
    trees = [_expression(tree) for tree in data["trees"]]
    count = len(data["features"])
    return _function(trees[:_FIRST], count), _function(trees[_FIRST:], count)


def _function(expressions: Sequence[str], count: int) -> Score:
    names = ",".join(f"r{n}" for n in range(count))
    score: Score = eval(f"lambda {names}: {'+'.join(expressions) or '0.0'}", {"__builtins__": {}})
    return score


def _expression(node: Any) -> str:
    """A tree as a Python expression over the row `r0`, `r1` …, made of numbers and nothing else."""
    if isinstance(node, list):
        feature, threshold, low, high = node
        return f"({_expression(low)} if r{int(feature)}<={float(threshold)!r} else {_expression(high)})"
    return repr(float(node))
