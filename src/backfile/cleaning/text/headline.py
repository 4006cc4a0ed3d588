"""Which line is the headline: the page's title repeated, or what looks most like one above the text.

Each line above the text that could be one is measured, and the measures are weighed: `headline.toml` holds a weight for
each, written by `tools/train_text.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from backfile.cleaning.text.features import INNER_STOP, Seen, headline_words, listed_terms
from backfile.cleaning.text.lines import Line, plain
from backfile.cleaning.text.weights import current

_SITE = re.compile(r"(\s+[|–—»·•-]\s+|\s*[|»｜]\s*)")
_PATH = re.compile(r"\s+[»>›/]\s+|\s*»\s*")
_SITE_MARKS = " |–—»·•-｜"
_SITE_WORDS = 5
_LONGEST_TITLE, _SUMMARY, _SHORT, _SHORTEST = 300, 140, 24, 6
_ABOVE = 60
"""How many lines above the text are looked at."""
_MOST = 24
"""How many of them are weighed: the likeliest by their shape, nearest to the text first."""
_OPENING = 1500
_PARAGRAPH, _SENTENCE, _STOPS = 200, 60, ".。"
"""A line of this length is text, not a headline; a shorter one is where it ends in a full stop."""
MEASURES = (
    "first_line", "echoes_first_line", "like_first_line", "near_text", "distance", "prose_between", "tiny", "short",
    "middle", "long", "very_long", "full_stop", "question", "colon", "item", "about_the_text", "repeated", "often",
    "labelled", "dated", "byline", "picture", "lower", "gap_before", "gap_after", "few_words", "inner_stop",
    "likely_text", "date_below", "byline_below", "label_above", "above_like", "below_like", "best_echo",
    "starts_first_line", "in_body", "after_start",
)  # fmt: skip


def repeated_title(lines: list[Line]) -> int:
    """Where the first line stands again, whole or without the name of the site that it carries; -1 where it does not.

    Of several places the last one before the text: a path or a menu may hold the headline too.
    """
    if len(lines) < 2 or len(lines[0].text) > _LONGEST_TITLE:
        return -1
    first = plain(lines[0].text)
    words = headline_words(lines[0].text)
    longest = len(lines[0].text)
    found, holding, close = -1, -1, -1
    for i, line in enumerate(lines[1:], 1):
        size = len(line.text)
        if found >= 0 and (size > _PARAGRAPH or (size > _SENTENCE and line.text[-1] in _STOPS)):
            break
        if size > _LONGEST_TITLE or size * 3 < longest or size > 2 * longest:
            continue
        bare = plain(line.text)
        if found >= 0:
            found = i if bare == plain(lines[found].text) else found
        elif len(bare) >= _SHORT // 2 and bare in first and len(bare) * 2 >= len(first):
            found = i
        elif holding < 0 and len(first) >= _SHORT // 2 and first in bare and len(first) * 3 >= 2 * len(bare):
            holding = i
        elif close < 0 and holding < 0:
            own = headline_words(line.text)
            close = i if len(own) >= 4 and len(own & words) >= 0.7 * len(own | words) else -1
    return next((at for at in (found, holding, close) if at >= 0), -1)


def headline_text(seen: Seen, at: int) -> str:
    """The headline of line `at` as a title: without the path before it, without the site's name after it."""
    if at == 0:
        return _shown_again(seen) or _without_site(seen.texts[0])
    text = seen.texts[at]
    steps = _PATH.split(text)
    return steps[-1] if len(steps) > 2 and len(steps[-1]) >= _SHORT // 2 else text


def _shown_again(seen: Seen) -> str:
    """The line that shows what the page's title says, without the name of the site that stands before or after it."""
    first = plain(seen.texts[0])
    longest = ""
    for text, size in zip(seen.texts[1:], seen.size[1:], strict=True):
        if max(_SHORTEST, len(longest)) < len(text) <= len(seen.texts[0]) and size * 2 > seen.size[0]:
            bare = plain(text)
            if first.startswith(bare) or first.endswith(bare):
                longest = text
    return longest


def _without_site(text: str) -> str:
    pieces = _SITE.split(text)
    while len(pieces) > 2 and len(pieces[-1].split()) <= _SITE_WORDS and len(text) - len(pieces[-1]) > _SHORT // 2:
        text = text[: text.rfind(pieces[-1])].rstrip(_SITE_MARKS)
        pieces = _SITE.split(text)
    return text


def find_headline(seen: Seen, chances: Sequence[float], start: int, body: Sequence[int]) -> int:
    """The line that is likeliest the headline of the text in the lines `body`, which starts at line `start`; -1 for
    none."""
    weights = current().headline
    own = [weights[name] for name in MEASURES]
    best, at = weights["none"], -1
    for i, row in headline_rows(seen, chances, start, body):
        score = sum(map(mul, own, row))
        if score > best:
            best, at = score, i
    return at


@dataclass(frozen=True, slots=True)
class _Around:
    """What a headline is compared with."""

    start: int
    """The first line of the text."""
    opening: frozenset[str]
    first: str
    """The page's first line, where it may be its title."""
    echo: dict[int, float]
    like: dict[int, float]


def headline_rows(
    seen: Seen, chances: Sequence[float], start: int, body: Sequence[int]
) -> list[tuple[int, list[float]]]:
    """The lines that could be the headline, each with its `MEASURES`."""
    places = _places(seen, start)
    opening = frozenset(listed_terms(" ".join([seen.texts[i] for i in body[:8]])[:_OPENING]))
    first = seen.texts[0] if len(seen.texts[0]) <= _LONGEST_TITLE and not seen.said[0].reason else ""
    whole, page = plain(first), headline_words(first)
    like = {i: _likeness(headline_words(seen.texts[i]), page) for i in places}
    echo = {i: _echo(seen.texts[i], whole) for i in places}
    around = _Around(start, opening, first, echo, like)
    return [(i, _measured(seen, chances, i, around)) for i in places]


def _likeness(own: frozenset[str], page: frozenset[str]) -> float:
    return len(own & page) / max(1, len(own | page))


def _places(seen: Seen, start: int) -> list[int]:
    found = []
    for i in range(min(start + 1, len(seen.texts) - 1), max(-1, start - _ABOVE - 1), -1):
        n = seen.size[i]
        text = n > _LONGEST_TITLE or (n > _SUMMARY and (seen.stops(i) or seen.texts[i][-1] == ":"))
        if n >= _SHORTEST and not text and not seen.said[i].reason and not seen.said[i].credited:
            found.append(i)
    found.sort(key=lambda i: (seen.size[i] < _SHORT, start - i))
    return sorted({*found[:_MOST], 0})


def _echo(text: str, first: str) -> float:
    """How much of the page's first line a line repeats, 0 where it is no part of it."""
    bare = plain(text)
    if len(bare) >= _SHORTEST and first and (bare in first or first in bare):
        return min(len(bare), len(first)) / max(len(bare), len(first))
    return 0.0


def _measured(seen: Seen, chances: Sequence[float], i: int, around: _Around) -> list[float]:
    text, said, line = seen.texts[i], seen.said[i], seen.lines[i]
    n, start, like = seen.size[i], around.start, around.like
    shared = sum(word in around.opening for word in listed_terms(text))
    below = seen.said[i + 1 : i + 5]
    gap_after = seen.lines[i + 1].gap if i + 1 < len(seen.lines) else 1
    return [
        i == 0, around.echo[i] if i else 0.0, like[i] if i else 0.0, start - i <= 3, min(start - i, 40) / 10.0,
        any(seen.prose[k] > 0 and chances[k] > 0.5 for k in range(i + 1, start)), n < 15, 15 <= n < 25,
        25 <= n <= 110, 110 < n <= 160, n > 160, text[-1] in ".。", seen.end[i] == 2, seen.end[i] == 3,
        line.bullet != "", min(shared, 5) / 5.0, seen.repeats[i] == 2, seen.repeats[i] > 2, said.labelled,
        said.dated and n < 60, said.cue == "byline", said.cue == "photo" or "©" in text, text[0].islower(),
        line.gap > 0, gap_after > 0, seen.words[i] < 3, INNER_STOP.search(text) is not None, chances[i],
        any(other.dated for other in below), any(other.cue == "byline" for other in below),
        i > 0 and seen.said[i - 1].labelled,
        max((like[k] + (k == 0) for k in (i - 1, i - 2) if k in like), default=0.0),
        max((like[k] for k in (i + 1, i + 2) if k in like), default=0.0),
        max((like[k] + around.echo[k] for k in like if k), default=0.0) if i == 0 else 0.0,
        i > 0 and around.first.startswith(text), chances[i] > 0.5, i > start,
    ]  # fmt: skip
