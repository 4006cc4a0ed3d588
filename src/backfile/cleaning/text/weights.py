"""What was learned of dumps: the trees that judge lines, and what speaks for a line's being the headline.

`trees.json` and `headline.toml` are written by `tools/train_text.py`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from backfile.cleaning.text.forest import Forest, forest_from
from backfile.cleaning.text.headline import HeadlineWeights, headline_weights


@dataclass(frozen=True, slots=True)
class Weights:
    """The two passes of trees, and what speaks for a headline."""

    first: Forest
    second: Forest
    headline: HeadlineWeights


_chosen: Path | None = None


@contextmanager
def weights_from(path: Path) -> Iterator[None]:
    """Use other weights for a while, `path.json` and `path.toml`: those of a fold, to measure pages that these weights
    have not seen."""
    global _chosen  # noqa: PLW0603 - one switch for measuring, restored at once
    before, _chosen = _chosen, path
    try:
        yield
    finally:
        _chosen = before


def current() -> Weights:
    """The weights in use."""
    return _read(_chosen)


@cache
def _read(path: Path | None) -> Weights:
    own = resources.files(__package__)
    trees: Traversable = path.with_suffix(".json") if path else own / "trees.json"
    headline: Traversable = path.with_suffix(".toml") if path else own / "headline.toml"
    table = json.loads(trees.read_text("utf-8"))
    return Weights(
        forest_from(table["first"]),
        forest_from(table["second"]),
        headline_weights(tomllib.loads(headline.read_text("utf-8"))),
    )
