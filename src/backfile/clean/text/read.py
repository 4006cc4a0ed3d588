"""Lines → measures: language, words, the headline's place, and the rows that are judged."""

from __future__ import annotations

from dataclasses import dataclass

from backfile.clean.language import detect_language
from backfile.clean.lexicon import Lexicon, lexicon
from backfile.clean.text.features import Seen, headline_words, see, surroundings
from backfile.clean.text.lines import Line, plain

_LONGEST_TITLE = 300
_SAMPLE_LINES = 30


@dataclass(frozen=True, slots=True)
class Measured:
    """A dump as numbers."""

    lang: str
    words: Lexicon
    seen: list[Seen]
    rows: list[list[float]]
    title_at: int
    """The line that repeats the page's first line, which is often its title; -1 where none does."""

    @property
    def sizes(self) -> list[float]:
        """The size of each line."""
        return [s.size for s in self.seen]


def measure(lines: list[Line]) -> Measured:
    """What is seen of these lines."""
    longest = sorted((line.text for line in lines), key=len, reverse=True)[:_SAMPLE_LINES]
    lang = detect_language("\n".join(longest))
    words = lexicon(lang, "en") if lang else lexicon()
    first = lines[0].text if lines else ""
    title_at = _repeated_title(lines)
    seen = see(lines, words, lang, headline_words(first) if title_at >= 0 else frozenset())
    context = surroundings(seen, title_at)
    return Measured(lang, words, seen, [s.own + c for s, c in zip(seen, context, strict=True)], title_at)


def _repeated_title(lines: list[Line]) -> int:
    """Where the first line stands again, whole or without the name of the site that it carries."""
    if len(lines) < 2 or len(lines[0].text) > _LONGEST_TITLE:
        return -1
    first = plain(lines[0].text)
    words = headline_words(lines[0].text)
    close = -1
    for i, line in enumerate(lines[1:], 1):
        if len(line.text) > _LONGEST_TITLE or len(line.text) * 3 < len(lines[0].text):
            continue
        bare = plain(line.text)
        if len(bare) >= 12 and (bare in first or (len(first) >= 12 and first in bare)):
            return i
        if close < 0:
            own = headline_words(line.text)
            close = i if len(own) >= 4 and len(own & words) >= 0.7 * len(own | words) else -1
    return close
