"""Articles that a page does not show: in the markup that a JSON state carries, or for readers without scripts."""

from __future__ import annotations

import json
import re

import lxml.html

_LITERAL = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_MARKUP = re.compile(r"<(?:p|div|br|h[2-6]|span)\b[^>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LEAST = 300
_SCRIPT_LIMIT = 3_000_000


def state_markup(tree: lxml.html.HtmlElement) -> str:
    """The longest markup in a string literal of the page's scripts; empty where none has the length of an article."""
    best, best_size = "", _LEAST
    for script in tree.iter("script"):
        text = script.text or ""
        if len(text) < _LEAST or len(text) > _SCRIPT_LIMIT or ("<" not in text and "u003c" not in text.lower()):
            continue
        for markup in _strings(text, 2):
            size = len(_TAG.sub("", markup))
            if size > best_size:
                best, best_size = markup, size
    return best


def show_unscripted(tree: lxml.html.HtmlElement) -> bool:
    """Let what is meant for readers without scripts be seen, in place, where it has the length of an article.

    An element that was never closed holds the rest of its page. False where there is none.
    """
    found = [e for e in tree.iter("noscript") if len("".join(e.itertext())) >= _LEAST and e.find(".//p") is not None]
    for element in found:
        element.tag = "div"
    return bool(found)


def _strings(text: str, levels: int) -> list[str]:
    """The string literals that are markup, those inside other literals too."""
    found = []
    for match in _LITERAL.finditer(text):
        if len(match[1]) < _LEAST:
            continue
        try:
            value = json.loads(match[0], strict=False)
        except ValueError:
            continue
        if value.lstrip().startswith("<") and len(_MARKUP.findall(value)) >= 2:
            found.append(value)
        elif levels > 1 and '"' in value:
            found.extend(_strings(value, levels - 1))
    return found
