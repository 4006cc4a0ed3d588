"""Which line is the headline: the page's title repeated, or what looks most like one above the text.

Each line above the text that could be one is measured (`titles.py`), and the measures are weighed: `headline.toml` says
how, written by `tools/train_text.py`. Lines that say the same speak for each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backfile.cleaning.text.features import Column, Matrix, Seen
from backfile.cleaning.text.lines import Line, plain
from backfile.cleaning.text.titles import LONGEST_TITLE, MEASURES, Candidate, likeness, measured_candidates
from backfile.cleaning.text.words import headline_words

_PARAGRAPH, _SENTENCE, _STOPS = 200, 60, ".。"
"""A line of this length is text, not a headline; a shorter one is where it ends in a full stop."""
_LEAST_SIGNS = 12
"""Letters and digits that a line has at least to be the page's first one repeated."""
_LIKE = 0.25
"""The share of words that a headline has in common with the page's first line, where that gives the title."""
_LIKE_ALONE, _BEHIND = 0.3, 3.0
"""A page's first line that stands nowhere else, whole or cut, is the title made for search engines: the headline is the
line above the text that has so many words in common with it, if it weighs but so much less."""
_TOLD = 6.0
"""What it adds that the file around the page gives the same title; a part of it for a like one. Set by hand: the pages
learned from have no such file."""


@dataclass(frozen=True, slots=True)
class HeadlineWeights:
    """How much each measure speaks for a line's being the headline."""

    slopes: Column
    """For each of the `MEASURES` what a unit of it adds."""
    stepped: NDArray[np.intp]
    """The measure of each step."""
    thresholds: Column
    """What it has to be above."""
    added: Column
    """What is added then."""
    none: float
    """What the likeliest has to weigh."""

    def weigh(self, rows: Matrix) -> Column:
        """What the measures of each candidate add up to."""
        return np.asarray(rows @ self.slopes + (rows[:, self.stepped] > self.thresholds) @ self.added)


def headline_weights(table: dict[str, Any]) -> HeadlineWeights:
    """The weights as they are written: `none`, a number for each measure in `slopes`, and in `steps` for each measure
    pairs of a threshold and what is added above it."""
    steps = [(MEASURES.index(name), *pair) for name, pairs in table["steps"].items() for pair in pairs]
    return HeadlineWeights(
        slopes=np.array([float(table["slopes"].get(name, 0.0)) for name in MEASURES]),
        stepped=np.array([measure for measure, *_ in steps], dtype=np.intp),
        thresholds=np.array([threshold for _, threshold, _ in steps], dtype=np.float64),
        added=np.array([value for *_, value in steps], dtype=np.float64),
        none=float(table["none"]),
    )


def repeated_title(lines: list[Line], spelled: list[list[str]]) -> int:
    """Where the first line stands again, whole or without the name of the site that it carries; -1 where it does not.

    Of several places the last one before the text: a path or a menu may hold the headline too. `spelled` are the words
    of each line.
    """
    if len(lines) < 2 or len(lines[0].text) > LONGEST_TITLE:
        return -1
    first = plain(lines[0].text)
    words = frozenset(spelled[0])
    longest = len(lines[0].text)
    apart = len(words) > 1
    found, holding, close = -1, -1, -1
    for i, line in enumerate(lines[1:], 1):
        size = len(line.text)
        if found >= 0 and (size > _PARAGRAPH or (size > _SENTENCE and line.text[-1] in _STOPS)):
            break
        if size > LONGEST_TITLE or size * 3 < longest or size > 2 * longest or (apart and words.isdisjoint(spelled[i])):
            continue
        bare = plain(line.text)
        if found >= 0:
            found = i if bare == plain(lines[found].text) else found
        elif len(bare) >= _LEAST_SIGNS and bare in first and len(bare) * 2 >= len(first):
            found = i
        elif holding < 0 and len(first) >= _LEAST_SIGNS and first in bare and len(first) * 3 >= 2 * len(bare):
            holding = i
        elif close < 0 and holding < 0:
            own = frozenset(spelled[i])
            close = i if len(own) >= 4 and len(own & words) >= 0.7 * len(own | words) else -1
    return next((at for at in (found, holding, close) if at >= 0), -1)


@dataclass(frozen=True, slots=True)
class Headline:
    """The title of an article, and where its head stands."""

    title: Candidate
    shown: int
    """The line of the headline over the text: another than the title's where that is the page's first line."""


def find_headline(
    seen: Seen, chances: Sequence[float], body: Sequence[int], weights: HeadlineWeights, told: str
) -> Headline | None:
    """The likeliest headline of the text in the lines `body`; None where nothing looks like one.

    `told` is the title that the file around the page gives, if any.
    """
    candidates, rows = measured_candidates(seen, chances, body)
    scores = weights.weigh(rows).tolist()
    if told:
        words = headline_words(told)
        scores = [s + _TOLD * likeness(headline_words(c.text), words) for s, c in zip(scores, candidates, strict=True)]
    best = max(scores, default=weights.none)
    if best <= weights.none:
        return None
    together: dict[str, float] = {}
    for score, candidate in zip(scores, candidates, strict=True):
        together[candidate.bare] = together.get(candidate.bare, 0.0) + math.exp(score - best)
    likeliest = max(together, key=together.__getitem__)
    title = max((each for each in candidates if each.bare == likeliest), key=lambda each: each.at)
    like = rows[:, MEASURES.index("like_first")]
    text_at = next((i for i in body if seen.prose[i] >= _PARAGRAPH), len(seen.texts))
    above = [k for k, each in enumerate(candidates) if each.at <= text_at and like[k] >= _LIKE]
    if not title.at and not told and rows[rows[:, MEASURES.index("first")] > 0, MEASURES.index("offered")].max() <= 1:
        rivals = [k for k in above if like[k] >= _LIKE_ALONE and scores[k] > best - _BEHIND]
        title = candidates[max(rivals, key=scores.__getitem__)] if rivals else title
    shown = candidates[max(above, key=scores.__getitem__)].at if above and not title.at else title.at
    return Headline(title, shown)
