"""Lines → measures: language, words, the headline's place, and the rows that are judged."""

from __future__ import annotations

from dataclasses import dataclass

from backfile.cleaning.language import detect_language
from backfile.cleaning.lexicon import Lexicon, lexicon
from backfile.cleaning.text.features import Matrix, Seen, rows_of, see
from backfile.cleaning.text.headline import repeated_title
from backfile.cleaning.text.lines import Line

_SAMPLE_LINES, _SAMPLE_LINE, _SAMPLE = 8, 300, 1500
_LEAST_BELOW = 0.25
"""What share of the running text a headline has below it at least."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A dump as numbers."""

    lang: str
    told_by: list[int]
    """The lines that the language was told by."""
    words: Lexicon
    seen: Seen
    judged: list[int]
    """The lines that are judged: those with running text near them."""
    rows: Matrix
    """Their measures, a line a row."""
    title_at: int
    """The line that repeats the page's first line, which is often its title; -1 where none does."""


def measure(lines: list[Line]) -> Measured:
    """What is seen of these lines."""
    longest = sorted(range(len(lines)), key=lambda i: -len(lines[i].text))[:_SAMPLE_LINES]
    lang = detect_language("\n".join([lines[i].text[:_SAMPLE_LINE] for i in longest])[:_SAMPLE])
    seen = see(lines, lang)
    title_at = repeated_title(lines, seen.spelled)
    if title_at >= 0 and sum(seen.prose[title_at:]) < _LEAST_BELOW * sum(seen.prose):
        title_at = -1
    title = frozenset(seen.spelled[0] if title_at >= 0 else ())
    judged, rows = rows_of(seen, title_at, title)
    return Measured(
        lang=lang, told_by=longest, words=lexicon(*seen.langs), seen=seen, judged=judged, rows=rows, title_at=title_at
    )
