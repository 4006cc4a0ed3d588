"""Which line is the headline: the page's title repeated, or what looks most like one above the text."""

from __future__ import annotations

import re

from backfile.cleaning.text.features import INNER_STOP, Seen, headline_words, terms
from backfile.cleaning.text.lines import Line, plain

_SITE = re.compile(r"(\s+[|–—»·•-]\s+|\s*[|»｜]\s*)")
_SITE_MARKS = " |–—»·•-｜"
_SITE_WORDS = 5
_LONGEST_TITLE, _SHORTEST = 300, 12
_ABOVE = 40
"""How many lines above the text are looked at."""
_ENOUGH = 1.0
_SUMMARY_BELOW = 3
_PARAGRAPH, _SENTENCE, _STOPS = 200, 60, ".。"
"""A line of this length is text, not a headline; a shorter one is where it ends in a full stop."""


def repeated_title(lines: list[Line]) -> int:
    """Where the first line stands again, whole or without the name of the site that it carries; -1 where it does not.

    Of several places the last one before the text: a path or a menu may hold the headline too.
    """
    if len(lines) < 2 or len(lines[0].text) > _LONGEST_TITLE:
        return -1
    first = plain(lines[0].text)
    words = headline_words(lines[0].text)
    found, holding, close = -1, -1, -1
    for i, line in enumerate(lines[1:], 1):
        size = len(line.text)
        if found >= 0 and (size > _PARAGRAPH or (size > _SENTENCE and line.text[-1:] in _STOPS)):
            break
        if size > _LONGEST_TITLE or size * 3 < len(lines[0].text):
            continue
        bare = plain(line.text)
        if found >= 0:
            found = i if bare == plain(lines[found].text) else found
        elif len(bare) >= _SHORTEST and bare in first and len(bare) * 2 >= len(first):
            found = i
        elif holding < 0 and len(first) >= _SHORTEST and first in bare and len(first) * 3 >= 2 * len(bare):
            holding = i
        elif close < 0 and holding < 0:
            own = headline_words(line.text)
            close = i if len(own) >= 4 and len(own & words) >= 0.7 * len(own | words) else -1
    return next((at for at in (found, holding, close) if at >= 0), -1)


def headline_text(lines: list[Line], at: int) -> str:
    """The headline of line `at` as a title: without the path before it, without the site's name after it."""
    text, first = lines[at].text, lines[0].text
    if at and plain(first) != plain(text):
        return first if plain(first) in plain(text) and len(first) >= _SHORTEST else text
    pieces = _SITE.split(text)
    longest = _SITE_WORDS if at == 0 else _SITE_WORDS - 2
    while len(pieces) > 2 and len(pieces[-1].split()) <= longest and len(text) - len(pieces[-1]) > _SHORTEST:
        text = text[: text.rfind(pieces[-1])].rstrip(_SITE_MARKS)
        pieces = _SITE.split(text)
    return text


def headline_above(seen: list[Seen], start: int, body: list[int]) -> int:
    """The line above line `start` that looks most like the headline of the text in the lines `body`; -1 for none."""
    if not seen:
        return -1
    opening = _telling(" ".join(seen[i].line.text for i in body[:8]))
    page = _telling(seen[0].line.text) if not seen[0].labelled else frozenset()
    low = max(0, start - _ABOVE)
    scores = [_likeness(seen, i, opening, page) - (start - i) / _ABOVE for i in range(low, start)]
    best = max(range(len(scores)), key=scores.__getitem__, default=-1)
    if _titles_page(seen, opening, page) and (best < 0 or _shared(seen, low + best, page) < 0.3):
        return 0
    if best < 0 or scores[best] < _ENOUGH:
        return -1
    # The line above a summary is the headline, where it looks like one too.
    for upper in range(max(0, best - _SUMMARY_BELOW), best):
        if scores[upper] < max(_ENOUGH, scores[best] - 0.7):
            continue
        if seen[low + best].size >= 0.8 * seen[low + upper].size >= 24:
            return low + upper
    return low + best


def _titles_page(seen: list[Seen], opening: frozenset[str], page: frozenset[str]) -> bool:
    """Whether the first line is the page's title, which speaks of what the text speaks of."""
    s = seen[0]
    return not s.labelled and not s.full_stop and 20 <= s.size <= 220 and len(page & opening) >= max(2, len(page) // 3)


def _shared(seen: list[Seen], i: int, page: frozenset[str]) -> float:
    own = _telling(seen[i].line.text)
    return len(own & page) / max(1, len(own))


def _telling(text: str) -> frozenset[str]:
    """The longer words of a line: the short ones are in any line."""
    return terms(text, frozenset())


def _likeness(seen: list[Seen], i: int, opening: frozenset[str], page: frozenset[str]) -> float:
    s = seen[i]
    if not 12 <= s.size <= 220 or (s.words < 2 and s.size < 25) or s.labelled or s.line.cells > 1:
        return 0.0
    own = _telling(s.line.text)
    score = 2.0 * len(own & opening) / max(3, len(own))
    if i:
        score += 1.0 * len(own & page) / max(3, len(own))
    score += 0.4 if s.line.gap else 0.0
    score += 0.3 if i + 1 < len(seen) and seen[i + 1].line.gap else 0.0
    score += 0.5 if 25 <= s.size <= 130 else 0.0
    score -= 1.3 if s.full_stop and s.line.text[-1:] not in '?!？！"”»' else 0.0
    score -= 0.6 if s.line.bullet else 0.0
    score -= 0.4 if INNER_STOP.search(s.line.text) else 0.0
    score -= 1.5 if s.credited else 0.0
    score -= 0.8 if s.dated and s.size < 60 else 0.0
    score -= 0.7 if s.cue in ("byline", "photo", "published", "updated") else 0.0
    score -= 0.5 if s.repeats > 2 else 0.0
    return score - (0.5 if s.line.text[:1].islower() else 0.0)
