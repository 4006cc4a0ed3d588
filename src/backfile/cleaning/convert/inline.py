"""Runs of text into a line of CommonMark that means the same to every engine.

Emphasis is written flat: neighbouring runs never nest, so that no engine has to guess which delimiter closes which.
Where the flanking rules (CommonMark 0.31.2, §6.2) would not take a delimiter, the mark gives way, never the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from backfile.cleaning.convert.nodes import Run
from backfile.commonmark import escape_inline, guard_lines, link

_GAPS = re.compile("[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
# Soft hyphens, zero-width blanks and marks that carry no words.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0e-\x1b\x7f\ufffe\uffff\ud800-\udfff]")
BREAK = Run("\n")


def tidy(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs with white space collapsed, marks off the white space at their ends, and equal neighbours merged."""
    runs = list(runs)
    if len(runs) == 1 and runs[0] == Run(runs[0].text) and runs[0] is not BREAK:  # as in most paragraphs
        text = _collapsed(runs[0].text).strip()
        return (Run(text),) if text else ()
    out: list[Run] = []
    blank = True  # what precedes ends in white space, or nothing precedes
    for run in runs:
        if run is BREAK:
            _strip_end(out)
            if out and out[-1] is not BREAK:
                out.append(BREAK)
            blank = True
            continue
        text = _collapsed(run.text)
        if blank and text[:1] == " ":
            text = text[1:]
        if not text:
            continue
        blank = text[-1] == " "
        # Code is never bold, and holds no backticks: no engine has to count them.
        out.extend(_apart(Run(text, code="`" not in text, href=run.href) if run.code else run.saying(text)))
    while out and (out[-1] is BREAK or not out[-1].text.strip()):
        out.pop()
    _strip_end(out)
    return _settle(_merge(_without_start(out)))


def _collapsed(text: str) -> str:
    if text.isprintable() and "  " not in text:  # nothing of either kind is printable, but for the blank
        return text
    return _GAPS.sub(" ", _INVISIBLE.sub("", text))


def plain(runs: Iterable[Run]) -> str:
    """The words of tidy runs on one line."""
    return "".join(" " if run is BREAK else run.text for run in runs).strip()


def lines(runs: Iterable[Run]) -> str:
    """Tidy runs as CommonMark, a line for each line break."""
    return guard_lines(_inline(runs, "  \n"))


def line(runs: Iterable[Run]) -> str:
    """Tidy runs as CommonMark on one line."""
    return guard_lines(_inline(runs, " "))


def cell(runs: Iterable[Run]) -> str:
    """Tidy runs as a cell of a pipe table."""
    return _inline((run._replace(code=False) if run.code else run for run in runs), " ").replace("|", "\\|")


def _without_start(runs: list[Run]) -> list[Run]:
    """The runs without the white space at the start of each line."""
    out: list[Run] = []
    for run in runs:
        text = run.text.lstrip() if run is not BREAK and (not out or out[-1] is BREAK) else run.text
        if text and (run is not BREAK or out):
            out.append(run if text == run.text else run.saying(text))
    return out


def _strip_end(out: list[Run]) -> None:
    if out and out[-1] is not BREAK:
        text = out[-1].text.rstrip()
        if text:
            out[-1] = out[-1].saying(text)
        else:
            out.pop()


def _apart(run: Run) -> list[Run]:
    """A marked run without the white space at its ends, and that white space as plain runs."""
    if not (run.strong or run.em or run.code or run.href):
        return [run]
    inner = run.text.strip()
    if not inner:
        return [Run(run.text)]
    start = run.text.index(inner)
    end = start + len(inner)
    parts = [Run(run.text[:start]), run.saying(inner), Run(run.text[end:])]
    return [part for part in parts if part.text]


def _merge(runs: Sequence[Run]) -> list[Run]:
    """Equal neighbours as one; a blank between two runs of one style takes their style."""
    out: list[Run] = []
    for run in runs:
        if run is BREAK or not out or out[-1] is BREAK:
            out.append(run)
        elif out[-1][1:] == run[1:]:
            out[-1] = run.saying(out[-1].text + run.text)
        elif len(out) > 1 and out[-1].text.isspace() and out[-2] is not BREAK and out[-2][1:] == run[1:]:
            out[-2:] = [run.saying(out[-2].text + out[-1].text + run.text)]
        else:
            out.append(run)
    return out


def _settle(runs: list[Run]) -> tuple[Run, ...]:
    """Marks that no engine could read given up, until nothing changes."""
    if not any(run.strong or run.em for run in runs):
        return tuple(runs)
    for _ in range(4):
        settled = _merge(_part_styles(_part_edges(runs)))
        if settled == runs:
            break
        runs = settled
    return tuple(runs)


def _part_styles(runs: list[Run]) -> list[Run]:
    """Two runs in different emphasis never touch: the lesser one gives way."""
    out: list[Run] = []
    for run in runs:
        before, after = _untangled(out[-1], run) if out and _touching(out[-1], run) else (None, run)
        if before is not None:
            out[-1] = before
        out.append(after)
    return out


def _untangled(a: Run, b: Run) -> tuple[Run, Run]:
    if a.strong and b.strong:
        a, b = a._replace(em=False), b._replace(em=False)
    elif a.em:
        a = a._replace(em=False)
    else:
        b = b._replace(em=False)
    return a, b._replace(strong=False, em=False) if _touching(a, b) else b


def _touching(a: Run, b: Run) -> bool:
    if a is BREAK or b is BREAK or a.href != b.href or (a.strong, a.em) == (b.strong, b.em):
        return False
    return (a.strong or a.em) and (b.strong or b.em)


def _part_edges(runs: list[Run]) -> list[Run]:
    """Punctuation at the end of an emphasis goes out of it where a letter follows on the other side."""
    out: list[Run] = []
    for n, run in enumerate(runs):
        if not (run.strong or run.em):
            out.append(run)
            continue
        before = runs[n - 1] if n else BREAK
        after = runs[n + 1] if n + 1 < len(runs) else BREAK
        head = _loose(run.text, before.text[-1] if _same_line(before, run) else " ")
        tail = _loose(run.text[head:][::-1], after.text[0] if _same_line(after, run) else " ")
        end = len(run.text) - tail
        bare = run._replace(strong=False, em=False)
        parts = ((bare, run.text[:head]), (run, run.text[head:end]), (bare, run.text[end:]))
        out.extend(part.saying(text) for part, text in parts if text)
    return out


def _same_line(a: Run, b: Run) -> bool:
    return a is not BREAK and b is not BREAK and a.href == b.href


def _loose(text: str, outside: str) -> int:
    """How many characters at the start of `text` cannot stand beside a delimiter that follows `outside`."""
    n = 0
    while n < len(text) and not _is_letter(text[n]) and (text[n].isspace() or not _is_edge(outside)):
        outside = text[n]
        n += 1
    return n


# Symbols outside ASCII are punctuation to some engines only: they are neither a letter nor an edge.
def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] not in "PSZ"


def _is_edge(char: str) -> bool:
    return char.isspace() or unicodedata.category(char)[0] == "P" or (char.isascii() and not char.isalnum())


def _inline(runs: Iterable[Run], line_break: str) -> str:
    parts: list[str] = []
    for href, group in groupby(runs, key=lambda run: run.href):
        written = "".join(line_break if run is BREAK else _styled(run) for run in group)
        if href and parts and parts[-1].endswith("!"):
            parts[-1] = parts[-1][:-1] + "\\!"
        parts.append(link(written, href) if href else written)
    return "".join(parts)


def _styled(run: Run) -> str:
    if run.code:
        return f"`{run.text}`"
    mark = "*" * (run.em + 2 * run.strong)
    return f"{mark}{escape_inline(run.text)}{mark}"
