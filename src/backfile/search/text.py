"""An article as lines of plain text: what is searched, and what passages are shown of.

The first line is the title, the second the standfirst, the last two the topics and then people, publisher, section and
month; what lies between is the body, a line for each paragraph. Positions of words count on over the ends of lines.
"""

from __future__ import annotations

import html
import re
from functools import cache

import pyromark

from backfile.dates import day
from backfile.frontmatter import split_front_matter
from backfile.i18n import interface, language_tag
from backfile.marks import without_marks
from backfile.model import Entry

_OPTIONS = pyromark.Options.ENABLE_TABLES
_GONE = re.compile(
    r"<(script|style|svg|math|template|noscript|iframe|object|textarea|title|select|xmp)\b.*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_PICTURE = re.compile(r'<img src="[^"]*" alt="([^"]*)"(?: title="([^"]*)")? />')
_END = re.compile(
    r"</(?:p|h[1-6]|li|blockquote|pre|tr|td|th|div|figure|figcaption|dd|dt)>|<br ?/?>|<!--.*?(?:-->|\Z)", re.DOTALL
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0b-\x1f\ud800-\udfff]")


def text_of(entry: Entry, source: str) -> str:
    """The lines of an article, from its entry and the text of its file."""
    body = plain_lines(split_front_matter(source)[1])
    people = (*entry.authors, *entry.agencies, entry.publisher, entry.section, *_month(entry))
    head = [_line(entry.title), _line(entry.description)]
    return "\n".join([*head, *body, _line(" · ".join(entry.tags)), _line(" · ".join(p for p in people if p))])


def plain_lines(markdown: str) -> list[str]:
    """CommonMark as plain text, a line for each block; captions of pictures are lines too."""
    rendered = pyromark.html(without_marks(markdown), options=_OPTIONS)
    if "<img" in rendered:
        rendered = _PICTURE.sub(_caption, rendered)
    bare = _TAG.sub("", _END.sub("\n", _GONE.sub(" ", rendered)))
    return [line for line in (_line(part) for part in html.unescape(bare).split("\n")) if line]


def _caption(found: re.Match[str]) -> str:
    alt, caption = found[1], found[2] or ""
    return f"\n{caption}\n" if not alt or alt in caption else f"\n{alt}\n{caption}\n"


def _line(text: str) -> str:
    return " ".join(_UNSEEN.sub("", text).split())


def _month(entry: Entry) -> tuple[str, ...]:
    """Month and year of publication in the article's own language, so that they are found as words."""
    when = day(entry.published)
    return (_month_name(when[5:7], language_tag(entry.lang) or "en"), when[:4]) if when else ()


@cache
def _month_name(month: str, language: str) -> str:
    return interface(language).month(int(month))
