"""The fitted model: decision trees kept as readable JSON, evaluated in plain Python."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any


def probabilities(rows: Sequence[Sequence[float] | None]) -> list[float]:
    """For each row of features the probability that the block is the article's text; 0 where there is no row."""
    trees = _trees()
    found = []
    for row in rows:
        if row is None:
            found.append(0.0)
            continue
        total = 0.0
        for node in trees:
            while type(node) is list:
                node = node[2] if row[node[0]] <= node[1] else node[3]
            total += node
        found.append(1.0 / (1.0 + math.exp(-total)))
    return found


@cache
def _trees() -> list[Any]:
    """Each tree is a list [feature, threshold, low side, high side]; a leaf is a number."""
    data: dict[str, list[Any]] = json.loads((resources.files(__package__) / "trees.json").read_text("utf-8"))
    return data["trees"]
