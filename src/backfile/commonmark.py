"""Text into CommonMark that reads back as the same text.

What is written here means the same to a CommonMark engine and to Python-Markdown (with its `tables` extension), which
know different escapes: a backslash where both take it, a character reference where only that works in both.
Specification: CommonMark 0.31.2, §2.4 (backslash escapes), §2.5 (entity references).
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import quote

# Control characters carry no words, and Python-Markdown keeps its own marks in U+0002 and U+0003.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_SPECIAL = re.compile("[\\\\`*\\[\\]_<&\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_ALWAYS = re.compile(r"[\\`*\[\]]")
# Intraword underscores mark nothing; all others might.
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_TAG = re.compile("<(?! )")
_MARK = re.compile("==")
_ENTITY = re.compile(r"&(?=#|\w*(?:;|\Z))")
_HEADING_OR_QUOTE = re.compile(r"^([#>])")
_BULLET = re.compile(r"^([-+])(?=\s|$|-)")
_NUMBER = re.compile(r"^(\d+)([.)])(?=\s|$)")
# Underlines of setext headings, fences, and rows of a table's rule.
_RULE = re.compile(r"^([=~:|])(?=[=~:|\-\s]*$|~~)")
_DASHES = re.compile(r"^(-)(?=[-:|\s]*$)")
_STARTS = frozenset("#>-+0123456789=~:|")
_HOST = re.compile(r"(https?://)([^/?#@:]+)", re.IGNORECASE)
_LAST_HASH = re.compile(r"(?<!\\)((?:\\\\)*)#$")


def escape_inline(text: str) -> str:
    """Text as it stands inside a line of CommonMark; line breaks are kept, control characters are left out."""
    if "==" not in text and not _SPECIAL.search(text):  # nearly every text
        return text
    text = _CONTROL.sub("", text)
    text = _ALWAYS.sub(r"\\\g<0>", text)
    text = _UNDERSCORE.sub(r"\\_", text)
    return _MARK.sub("=&#61;", _TAG.sub("&lt;", _ENTITY.sub("&amp;", text)))


def guard_lines(markdown: str) -> str:
    """Assembled inline CommonMark, with what would start a block at the start of a line made into text."""
    return "\n".join(_guard(line) for line in markdown.split("\n"))


def escape_text(text: str) -> str:
    """Plain text as a CommonMark paragraph, or a part of one: what looks like markup stays text."""
    # A run may be followed by another one that completes an entity or a tag; a paragraph is followed by nothing.
    return guard_lines(escape_inline(f"{text}\n")[:-1])


def link(markdown: str, url: str) -> str:
    """An inline link; `markdown` is the escaped text of it."""
    return f"[{markdown}]({destination(url)})"


def image(alt: str, url: str, caption: str = "") -> str:
    """An image with plain-text alternative and caption."""
    title = f' "{_attribute(caption)}"' if caption else ""
    return f"![{escape_inline(_one_line(alt))}]({destination(url)}{title})"


def destination(url: str) -> str:
    """An address as it stands in the parentheses of a link: nothing in it can end them.

    A host in another script is written in its ASCII form (RFC 3490), since quoting would name another host.
    """
    found = _HOST.match(url)
    if found and not found[2].isascii():
        with suppress(UnicodeError):
            url = f"{found[1]}{found[2].encode('idna').decode()}{url[found.end() :]}"
    return quote(_CONTROL.sub("", url).strip(), safe="%/:?#@!$&'+,;=~-._")


def _guard(line: str) -> str:
    line = line.lstrip(" \t")
    if line[:1] not in _STARTS and line[-1:] != "#":
        return line
    line = _HEADING_OR_QUOTE.sub(r"\\\1", line)
    line = _DASHES.sub(r"\\\1", line)
    line = _BULLET.sub(r"\\\1", line)
    line = _NUMBER.sub(r"\1\\\2", line)
    line = _RULE.sub(lambda m: f"&#{ord(m[1])};", line)
    return _LAST_HASH.sub(r"\1\\#", line)


def _attribute(text: str) -> str:
    return (
        _one_line(_CONTROL.sub("", text))
        .replace("&", "&amp;")
        .replace("\\", "&#92;")
        .replace('"', "&quot;")
        .replace("<", "&lt;")
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
