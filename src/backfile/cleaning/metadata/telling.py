"""Whether a line with a date says when the page was published, or tells of another day: an event's, a life's."""

from __future__ import annotations

import re

from backfile.cleaning.lexicon import Lexicon, fold
from backfile.cleaning.metadata.people import is_sentence
from backfile.cleaning.metadata.stamps import Reading, find_date

_LABEL = re.compile(r"\w\s*:\s*\Z")
_DASH = re.compile(r"\s*[-–—]")
_DATELINE = re.compile(r"\(?([^.|–—:()]{0,25}?[^|–—:()]{6,30}?\d{4})(?:\)|\s?[|–—:]|\.\s)")
_NEAR = 20
"""Characters that may stand between the two dates of a span."""


def tells_of_a_day(text: str, lead: str, words: Lexicon, how: Reading) -> bool:
    """Whether a date, with `lead` before it, is one that a line tells of.

    Such a line is a sentence, a span of time ("12 June 1924 – died 3 May 2001"), or the date stands behind a label
    ("Tickets: 12 June 2024"). A dateline and words that make the date the page's go before.
    """
    is_other = _LABEL.search(lead) or is_span(text, how) or (is_sentence(text, words) and not opening(text))
    return bool(is_other) and not is_cued(lead, words)


def is_cued(lead: str, words: Lexicon) -> bool:
    """Whether the words before a date hold any that make it the page's."""
    before = fold(lead)
    return any(cue in before for name in ("published", "updated") for cue in words.cues.get(name, ()) if len(cue) > 3)


def is_span(text: str, how: Reading) -> bool:
    """Whether a line holds two dates with a dash between them, and none of the words that introduce the page's."""
    first = find_date(text, how)
    rest = text[first[2] :] if first else ""
    second = find_date(rest, how) if _DASH.match(rest) else None
    return second is not None and second[1] <= _NEAR and second[0] != (first or second)[0]


def opening(text: str) -> str:
    """What stands before the sign that ends the dateline of a paragraph ("Berlin, 25 January 2022 – …")."""
    match = _DATELINE.match(text)
    return match[1] if match else ""
