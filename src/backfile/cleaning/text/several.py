"""Several articles in one dump: a blog's front page, a page that goes on with the next story."""

from __future__ import annotations

import re
from itertools import pairwise

from backfile.cleaning.text.features import Seen
from backfile.cleaning.text.words import listed_terms

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_YEAR_DIGITS = 4
_SHORT, _LONGEST_HEADLINE, _FEWEST_WORDS = 80, 160, 3
_ABOVE, _BELOW = 2, 4
_SAMPLE, _ALIKE = 4000, 0.12
_ENOUGH = 400
"""Characters of kept text that make an article of what stands below a headline with its date."""


def articles_in(seen: Seen, keep: list[bool]) -> list[range]:
    """The lines of each article where there are several; empty where there is one.

    A further article starts at a headline with a line of date or signature right below it and running text below that.
    Nothing is looked for below the readers' comments.
    """
    starts = _starts(seen)
    parts = [range(a, b) for a, b in pairwise([0, *starts, _end(seen)])]
    long = [part for part in parts if sum(seen.prose[i] for i in part if keep[i]) >= _ENOUGH]
    joined: list[range] = []
    for part in long:
        if joined and _alike(seen, keep, joined[-1], part):
            joined[-1] = range(joined[-1].start, part.stop)
        else:
            joined.append(part)
    return joined if len(joined) > 1 else []


def _alike(seen: Seen, keep: list[bool], first: range, second: range) -> bool:
    """Whether two parts speak of the same: chapters of one article, not two articles."""
    one, other = (
        frozenset(listed_terms(" ".join([seen.texts[i] for i in part if keep[i]])[:_SAMPLE]))
        for part in (first, second)
    )
    return len(one & other) >= _ALIKE * min(len(one), len(other))


def _end(seen: Seen) -> int:
    """The first line of the comments, or the end."""
    for i, said in enumerate(seen.said):
        if "comments" in (said.reason, said.opener) and any(map(str.isdigit, seen.texts[i][:40])):
            return i
    return len(seen.texts)


def _starts(seen: Seen) -> list[int]:
    starts: list[int] = []
    for i in [i for i, digits in enumerate(seen.digits[: _end(seen)]) if i and digits >= _YEAR_DIGITS]:
        if not _signs(seen, i) or not any(seen.prose[i + 1 : i + 1 + _BELOW]):
            continue
        above = [k for k in range(max(0, i - _ABOVE), i) if _heads(seen, k)]
        if above and (not starts or any(seen.prose[starts[-1] : above[0]])):
            starts.append(above[0])
    return starts


def _signs(seen: Seen, i: int) -> bool:
    """Whether a line is a date with its year, and little else."""
    return seen.size[i] < _SHORT and not seen.prose[i] and _YEAR.search(seen.texts[i]) is not None


def _heads(seen: Seen, i: int) -> bool:
    said = seen.said[i]
    return (
        seen.words[i] >= _FEWEST_WORDS
        and seen.size[i] <= _LONGEST_HEADLINE
        and seen.end[i] in (0, 2)
        and not (said.labelled or said.dated or said.cue or seen.lines[i].bullet)
    )
