"""Which blocks are the article's."""

from __future__ import annotations

from collections.abc import Sequence

from backfile.clean.blocks import PageBlocks
from backfile.clean.body.features import Anchors, block_features
from backfile.clean.body.forest import probabilities

_TAKEN = 0.5


def choose_body(page: PageBlocks, anchors: Anchors) -> tuple[list[bool], list[float]]:
    """For each block whether it is the article's text, and the probability that it is."""
    likely = probabilities(block_features(page, anchors))
    return taken(likely), likely


def taken(likely: Sequence[float]) -> list[bool]:
    """The choice that the probabilities make."""
    return [p >= _TAKEN for p in likely]
