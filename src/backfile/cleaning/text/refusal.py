"""Is it an article at all: program text, settings, logs, tables and lists of words are saved as text files too."""

from __future__ import annotations

import re

from backfile.cleaning.text.features import Seen

_FEWEST = 140
"""Characters of text that an article has at least."""
_LOOKED_AT, _FIRST, _ENOUGH = 200, 40, 4
"""How many lines are looked at, how many for a log, and how many there are before their form tells anything."""
_MOSTLY, _OFTEN, _RARELY, _TOLD = 0.5, 0.35, 0.2, 0.2
"""Shares of all lines: those that make a form, those that do where hardly any is a sentence, those of every fourth line
that rule a form out, and the sentences that make a text whatever else there is."""
_SAMPLED = 80
_ERROR = re.compile(r"^\W*(?:error\W*)?[45]\d\d\b|\b(?:404|403|500|502|503)\b")
_PROGRAM = re.compile(
    r"[;{}]$|[)\]]\s?[:,]?$|^(?:[#/%-]{2,}|/\*|\*|[#@<!$.\[{}(\\|]|\w+\(|[\w.\"'\[\]-]{1,60} ?(?:[+|:]?=|=>|->)|"
    r"(?:import|from|def|class|return|function|var|let|const|if|elif|else|for|while|public|private|static|package|use|"
    r"using|namespace|include|SELECT|INSERT|CREATE|fn|impl|struct|export|set|alias)\b)"
)
_SETTING = re.compile(
    r"^(?:[#;!]|\[[\w .:/-]+\]$|-? ?[\"']?[\w.$/-]{1,50}[\"']?\s?[:=](?: ?\S{0,80}$| [\"'\[{])|- [\w./:-]+$)"
)
_LOGGED = re.compile(
    r"^\W{0,2}(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d[-/.]\d\d[-/.]\d{2,4}|[A-Z][a-z]{2} {1,2}\d{1,2})?[ T,|]?\d\d:\d\d:\d\d|"
    r"^\[ *\d+\.\d{3,}\]|^\d{1,3}(?:\.\d{1,3}){3} "
)
_TIME_DIGITS = 4
"""Digits that a line has at least that starts with a time or an address."""
_LEVEL = re.compile(r"^\W?(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|TRACE)\b")
_NO_TEXT = "no text: numbers, signs or damaged bytes"
_START, _DAMAGED, _LETTERS = 4000, 0.02, 0.3
"""Characters looked at, what share of them may be control signs, and how many are letters at least."""
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_DAMAGE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")


def why_no_article(text: str, seen: Seen, size: float) -> str:
    """Why a text, of which `size` characters were kept, is no article; empty where it is one."""
    if not seen.texts:
        return "the file is empty"
    if len(_DAMAGE.findall(text[:_START])) > _DAMAGED * min(_START, len(text)):
        return _NO_TEXT
    form = _form(seen)
    if form:
        return form
    if size >= _FEWEST:
        return ""
    if any(_ERROR.search(text) for text in seen.texts[:8] if len(text) < 60):
        return "an error page"
    return "no running text: a menu or a list of headlines" if len(seen.texts) >= _ENOUGH else "hardly any text"


def _letters(text: str) -> int:
    """How many letters there are; of a text that has enough of them perhaps only those of ASCII."""
    found = len(text.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    return found if found > max(20, _LETTERS * len(text)) else sum(map(str.isalpha, text))


def _is_logged(seen: Seen, i: int) -> bool:
    timed = seen.digits[i] >= _TIME_DIGITS and _LOGGED.match(seen.texts[i])
    return bool(timed or _LEVEL.match(seen.texts[i]))


def _share(pattern: re.Pattern[str], lines: list[str]) -> float:
    """The share of lines in which a pattern is found; of many lines only of every fourth where that is small."""
    sample = [pattern.search(line) is not None for line in lines[::4]]
    if len(lines) > _SAMPLED and sum(sample) < _RARELY * len(sample):
        return sum(sample) / len(sample)
    return sum(pattern.search(line) is not None for line in lines) / len(lines)


def _form(seen: Seen) -> str:
    """What most of the lines are, where they are no sentences, menus or headlines."""
    lines = seen.texts[:_LOOKED_AT]
    n = len(lines)
    letters = _letters("".join(lines)[:_START])
    if letters < _LETTERS * min(_START, sum(map(len, lines))) and (n >= _ENOUGH or letters < 20):
        return _NO_TEXT
    if n < _ENOUGH:
        return ""
    if sum(_is_logged(seen, i) for i in range(min(n, _FIRST))) > _MOSTLY * min(n, _FIRST):
        return "a log: most lines start with a time or a level"
    sentences = sum([prose > 0 and stop in (1, 2) for prose, stop in zip(seen.prose, seen.end, strict=True)]) / n
    if sentences > _TOLD:
        return ""
    if _share(_SETTING, lines) > _MOSTLY:
        return "settings: most lines are names with values"
    program = _share(_PROGRAM, lines)
    if program > _MOSTLY or (program > _OFTEN and sentences < 0.1):
        return "program text or settings"
    cells = sum(line.cells > 2 for line in seen.lines[:_LOOKED_AT])
    commas = [line.count(",") for line in lines]
    usual = max(set(commas), key=commas.count)
    even = usual > 2 and commas.count(usual) > 0.8 * n and sentences < 0.2
    return "a table" if even or (cells > 0.7 * n and sentences < 0.1) else ""
