"""Parts of a text that stay together: tables, lists of terms and of points, quoted posts, notes below the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from backfile.cleaning.blocks import HIDDEN, LINK, LIST, QUOTE, TABLE, Box, TextBlock
from backfile.cleaning.chrome.hints import is_post

_TAGS = frozenset(("table", "dl", "ul", "ol"))
_CELL_SIZE = 800
_LEVELS = 8
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z*†‡§])[\])]?")
_NOTE_LEVELS = 2
_MARK_LENGTH = 5


def structures(blocks: Sequence[TextBlock]) -> list[tuple[Box, list[TextBlock]]]:
    """The tables and lists among these blocks, each with its own; not tables that only lay out a page."""
    found: dict[int, tuple[Box, list[TextBlock]]] = {}
    for x in blocks:
        home = _around(x.box, _TAGS) if x.flags & (TABLE | LIST) else None
        if home is not None:
            found.setdefault(home.order, (home, []))[1].append(x)
    return [
        (home, parts) for home, parts in found.values() if len(parts) > 1 and all(x.size < _CELL_SIZE for x in parts)
    ]


def posts(blocks: Sequence[TextBlock]) -> list[TextBlock]:
    """The blocks of quoted posts of social networks among these."""
    found = []
    for x in blocks:
        home = _around(x.box, ("blockquote",)) if x.flags & QUOTE and not x.flags & HIDDEN else None
        if home is not None and is_post(home.names):
            found.append(x)
    return found


def notes(blocks: Sequence[TextBlock], chosen: Sequence[bool]) -> list[TextBlock]:
    """The blocks not chosen that marks in the text lead to ("¹", "[2]")."""
    wanted = {name for x in blocks if chosen[x.index] and x.flags & LINK for name in _marks(x)}
    if not wanted:
        return []
    first = next(x.index for x in blocks if chosen[x.index])
    return [x for x in blocks[first:] if not chosen[x.index] and not x.flags & HIDDEN and wanted & _ids(x)]


def _around(box: Box | None, tags: Sequence[str] | frozenset[str]) -> Box | None:
    """The nearest box with one of these tags."""
    for _ in range(_LEVELS):
        if box is None or box.tag in tags:
            return box
        box = box.parent
    return None


def _marks(x: TextBlock) -> set[str]:
    """The places on the page that the marks of notes in a block lead to."""
    found = set()
    for element, is_text in x.slots:
        if is_text and len(text := (element.text or "").strip()) <= _MARK_LENGTH and _MARK.fullmatch(text):
            link: etree._Element | None = element if element.tag == "a" else element.getparent()
            href = link.get("href") if link is not None and link.tag == "a" else None
            if href and href.startswith("#") and len(href) > 1:
                found.add(href[1:])
    return found


def _ids(x: TextBlock) -> set[str]:
    """The names of the places where a block begins."""
    found = {x.slots[0][0].get("id") or x.slots[0][0].get("name") or ""}
    box: Box | None = x.box
    for _ in range(_NOTE_LEVELS):
        if box is not None:
            found.add(box.element.get("id") or "")
            box = box.parent
    return found - {""}
