"""Which line is the headline: the page's title repeated, or what looks most like one above the text."""

from __future__ import annotations

from backfile.clean.text.features import Seen, headline_words
from backfile.clean.text.lines import Line, plain

_LONGEST_TITLE = 300
_ABOVE = 40
"""How many lines above the text are looked at."""
_ENOUGH = 1.0
_SUMMARY_BELOW = 3
_PARAGRAPH = 200
"""A line of this length is text, not a headline."""


def repeated_title(lines: list[Line]) -> int:
    """Where the first line stands again, whole or without the name of the site that it carries; -1 where it does not.

    Of several places the last one before the text: a path or a menu may hold the headline too.
    """
    if len(lines) < 2 or len(lines[0].text) > _LONGEST_TITLE:
        return -1
    first = plain(lines[0].text)
    words = headline_words(lines[0].text)
    found, close = -1, -1
    for i, line in enumerate(lines[1:], 1):
        size = len(line.text)
        if found >= 0 and size > _PARAGRAPH:
            break
        if size > _LONGEST_TITLE or size * 3 < len(lines[0].text):
            continue
        bare = plain(line.text)
        if len(bare) >= 12 and (bare in first or (first in bare and len(first) >= 12 and found < 0)):
            found = i
        elif close < 0 and found < 0:
            own = headline_words(line.text)
            close = i if len(own) >= 4 and len(own & words) >= 0.7 * len(own | words) else -1
    return found if found >= 0 else close


def headline_above(seen: list[Seen], start: int, body: list[int]) -> int:
    """The line above line `start` that looks most like the headline of the text in the lines `body`; -1 where none does."""
    opening = headline_words(" ".join(seen[i].line.text for i in body[:8]))
    page = headline_words(seen[0].line.text) if seen and not seen[0].labelled else frozenset()
    low = max(0, start - _ABOVE)
    scores = [_likeness(seen, i, opening, page) - (start - i) / _ABOVE for i in range(low, start)]
    best = max(range(len(scores)), key=scores.__getitem__, default=-1)
    if best < 0 or scores[best] < _ENOUGH:
        return -1
    # The line above a summary is the headline, where it looks like one too.
    for upper in range(max(0, best - _SUMMARY_BELOW), best):
        if scores[upper] >= max(_ENOUGH, scores[best] - 0.7) and seen[low + best].size > 1.2 * seen[low + upper].size >= 30:
            return low + upper
    return low + best


def _likeness(seen: list[Seen], i: int, opening: frozenset[str], page: frozenset[str]) -> float:
    s = seen[i]
    if not 12 <= s.size <= 220 or (s.words < 2 and s.size < 25) or s.labelled or s.line.cells > 1:
        return 0.0
    own = headline_words(s.line.text)
    score = 2.0 * len(own & opening) / max(4, len(own))
    if i:
        score += 1.0 * len(own & page) / max(4, len(own))
    score += 0.4 if s.line.gap else 0.0
    score += 0.3 if i + 1 < len(seen) and seen[i + 1].line.gap else 0.0
    score += 0.5 if 25 <= s.size <= 130 else 0.0
    score -= 1.3 if s.full_stop and s.line.text[-1:] not in "?!？！\"”»" else 0.0
    score -= 0.6 if s.line.bullet else 0.0
    score -= 0.8 if s.dated and s.size < 60 else 0.0
    score -= 0.7 if s.cue in ("byline", "photo", "published", "updated") else 0.0
    score -= 0.5 if s.repeats > 2 else 0.0
    return score - (0.5 if s.line.text[:1].islower() else 0.0)
