"""Marked words of an article: the reader's `==marks==`, and highlights that came with an import.

Marks are set in the Markdown as signs that no text uses, so that they pass any engine, and become elements in the HTML:
a run of text at a time, wherever other elements begin and end. A highlight counts where its words stand once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from backfile.commonmark import escape_inline

_ON, _OFF, _SHOWN, _HIDDEN = "\ue006", "\ue007", "\ue008", "\ue009"
"""A mark of the reader's begins and ends; a highlight begins and ends."""
_ALL_SIGNS = (_ON, _OFF, _SHOWN, _HIDDEN)
_SIGNS = re.compile("[\ue006-\ue009]")
_MARK = re.compile(r"(?<![\w=\\])==(?=[^\s=])((?:[^=\n]|\n(?![ \t]*\n)|=(?!=)){1,2000}?)(?<=[^\s=\\])==(?![\w=])")
_TOKEN = re.compile(r"<[^<>]*>|[\ue006-\ue009]|[^<\ue006-\ue009]+|<")
_QUOTED = "%EE%80%8"
_IN_ADDRESS = re.compile(f"{_QUOTED}([6-9])|([\ue006-\ue009])")
"""The signs where they stand in a tag."""
_BETWEEN = r"(?:[\s\\*_`\[]|\]\([^)\n]{0,2000}\)|\])+"
"""What may stand between two words of a passage in its Markdown."""
_REMARK = " — "
_LEAST = 3
"""Words of a highlight, or signs where they are not set apart."""
_LEAST_SIGNS = 12
_MOST = 400
_WORK = 1 << 28
"""Letters of an article times words of its highlights that are compared; highlights beyond are not marked."""


def with_marks(markdown: str, highlights: Iterable[str] = ()) -> str:
    """CommonMark with signs where marks and highlights begin and end; see `marked`."""
    if _holds_signs(markdown):
        return markdown
    if "==" in markdown:
        markdown = _MARK.sub(rf"{_ON}\1{_OFF}", markdown)
    work = _WORK
    for highlight in highlights:
        work -= len(markdown) * (len(highlight.split()) + 1)
        if work < 0:
            break
        markdown = _highlighted(markdown, highlight)
    return markdown


def without_marks(markdown: str) -> str:
    """CommonMark without the reader's marks, for those who want its words."""
    return _SIGNS.sub("", with_marks(markdown)) if "==" in markdown else markdown


def marked(html: str, markdown: str) -> str:
    """The HTML of some CommonMark `with_marks`, with elements for the signs; code stays as it was written."""
    has_marks = (_holds_signs(html) or _QUOTED in html) and not _holds_signs(markdown)
    return "".join(_elements(html)) if has_marks else html


def _holds_signs(text: str) -> bool:
    """Looking for one after another takes a tenth of a pattern's time."""
    return any(sign in text for sign in _ALL_SIGNS)


def _elements(html: str) -> Iterator[str]:
    open_marks = code = 0
    for token in _TOKEN.findall(html):
        if token in (_ON, _OFF) and code:
            yield "=="
        elif token in (_ON, _SHOWN):
            open_marks += 1
        elif token in (_OFF, _HIDDEN):
            open_marks = max(open_marks - 1, 0)
        elif token.startswith("<") and len(token) > 1:
            code += token.startswith(("<code", "<pre")) - token.startswith(("</code", "</pre"))
            yield _IN_ADDRESS.sub(_as_written, token)
        elif open_marks and not code and not token.isspace():
            yield f"<mark>{token}</mark>"
        else:
            yield token


def _as_written(found: re.Match[str]) -> str:
    return "==" if found[0] in (_ON, _OFF, quote(_ON), quote(_OFF)) else ""


def _highlighted(markdown: str, highlight: str) -> str:
    """The Markdown with a highlight where it stands, once; as it is where it stands nowhere, or more than once."""
    for passage in dict.fromkeys((highlight, highlight.rpartition(_REMARK)[0])):
        words = passage.split()
        if len(words) > _MOST or (len(words) < _LEAST and len(passage) < _LEAST_SIGNS):
            continue
        pattern = _BETWEEN.join(f"[{_ON}{_OFF}{_SHOWN}{_HIDDEN}]*{re.escape(escape_inline(word))}" for word in words)
        found = list(re.finditer(pattern, markdown))
        if len(found) == 1 and "\n\n" not in found[0][0]:
            start, end = found[0].span()
            return f"{markdown[:start]}{_SHOWN}{markdown[start:end]}{_HIDDEN}{markdown[end:]}"
    return markdown
