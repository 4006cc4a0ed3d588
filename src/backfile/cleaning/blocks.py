"""The one walk over a page: its visible text as leaf blocks, each with the boxes it stands in.

A *box* is a block-level element. A *block* is a run of text and inline elements between two box boundaries; it is made
of *slots*: the `text` or `tail` of an element. Menus and footers are read at once, as one block each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from lxml import etree

from backfile.limits import limits

INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "math", "nobr", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
])  # fmt: skip
UNSEEN = frozenset([
    "script", "style", "template", "noscript", "head", "iframe", "object", "embed", "svg", "canvas", "video", "audio",
    "map", "select", "datalist", "textarea", "title", "link", "meta", "base", "param", "source", "track", "noembed",
    "noframes", "applet", "amp-img", "amp-ad", "amp-analytics",
])  # fmt: skip
IMAGES = ("img", "amp-img")
MEDIA = frozenset([
    "img", "picture", "video", "audio", "iframe", "object", "embed", "svg", "canvas", "amp-img", "amp-video",
    "amp-youtube", "amp-iframe",
])  # fmt: skip
(
    LINK, HIDDEN, NAV, ASIDE, FOOTER, HEADER, FORM, FIGURE, TABLE, LIST, ARTICLE, MAIN, QUOTE, BODY_PROP, BUTTON,
    HEADING,
) = (1 << n for n in range(16))  # fmt: skip
_TAG_FLAGS = {
    "nav": NAV, "menu": NAV, "aside": ASIDE, "footer": FOOTER, "header": HEADER, "form": FORM, "figure": FIGURE,
    "figcaption": FIGURE, "table": TABLE, "ul": LIST, "ol": LIST, "dl": LIST, "article": ARTICLE, "main": MAIN,
    "blockquote": QUOTE, "button": BUTTON, "dialog": HIDDEN, "h1": HEADING, "h2": HEADING, "h3": HEADING, "h4": HEADING,
    "h5": HEADING, "h6": HEADING,
}  # fmt: skip
_ROLE_FLAGS = {
    "navigation": NAV, "menu": NAV, "menubar": NAV, "complementary": ASIDE, "contentinfo": FOOTER, "banner": HEADER,
    "main": MAIN, "article": ARTICLE, "search": FORM, "dialog": ASIDE, "button": BUTTON, "heading": HEADING,
}  # fmt: skip
_NAMING = frozenset([
    "class", "id", "data-testid", "data-test-id", "data-component", "data-component-name", "data-qa", "data-type",
    "data-name", "data-module",
])  # fmt: skip
_CONCEALED = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HAS_WIDE = re.compile("[\u2e80-\U0010ffff]")
_MENUS = frozenset(("nav", "menu", "footer"))
_MENU_ROLES = frozenset(("navigation", "menu", "menubar", "contentinfo"))
_ARTICLES = frozenset(("article", "main"))
_PARAGRAPH = 160
_STRONG = 1 << 20
_STRONG_TAGS = frozenset(("b", "strong", "em", "i", "mark", "big"))
_PASSED_ON = LINK | HIDDEN


@dataclass(slots=True, eq=False)
class Box:
    """A block-level element on the page that holds text."""

    element: etree._Element
    parent: Box | None
    tag: str
    names: str
    """Class and id as written."""
    depth: int
    flags: int
    order: int


@dataclass(slots=True, eq=False)
class TextBlock:
    """A leaf block of visible text; or all of a menu or a page's footer, a line for each of its parts."""

    box: Box
    text: str
    words: int
    slots: list[tuple[etree._Element, bool]]
    """(element, True) for its `text`, (element, False) for its `tail`."""
    flags: int
    size: float
    """Characters, a character of a script without spaces counted as several."""
    linked: float
    """The share of its characters that are links, 0 to 1."""
    strong: float
    """The share of its characters in bold or emphasis."""
    index: int
    media: int
    """How many pictures and players came before it on the page."""


@dataclass(frozen=True, slots=True)
class PageBlocks:
    """All blocks of a page in reading order, and its boxes, outer ones before those inside."""

    blocks: list[TextBlock]
    boxes: list[Box]
    root: Box
    alts: list[str]
    """The text alternatives of pictures and players, in order; empty where there is none."""
    images: list[tuple[int, etree._Element]]
    """The pictures in order, each with the number of blocks before it; those of menus are left out."""


@dataclass(slots=True, eq=False)
class _Level:
    """An element that the walk is in. Its box is made when text is found in it: many hold none."""

    element: etree._Element
    children: Iterator[etree._Element]
    flags: int
    is_box: bool
    box: Box | None = None


def page_blocks(tree: etree._Element) -> PageBlocks:
    """The blocks of a page, hidden ones included (their `flags` say so). One pass, never recursive."""
    body = tree.find("body")
    walk = _Walk(tree if body is None else body)
    walk.run()
    return PageBlocks(walk.blocks, walk.boxes, walk.boxes[0], walk.alts, walk.images)


class _Walk:
    """The state of the walk: the elements it is in, and the run of text that is being read."""

    def __init__(self, root: etree._Element) -> None:
        self.blocks: list[TextBlock] = []
        self.boxes: list[Box] = []
        self.alts: list[str] = []
        self.images: list[tuple[int, etree._Element]] = []
        self.stack = [_Level(root, iter(root), 0, True, self.make_box(root, None, 0))]
        self.slots: list[tuple[etree._Element, bool]] = []
        self.parts: list[str] = []
        self.flags = self.linked = self.strong = self.broken = 0
        self.prosy: etree._Element | None = None
        self.rest: list[str] = []
        self.most = limits().blocks

    def run(self) -> None:
        stack, parts = self.stack, self.parts
        root = stack[0].element
        if root.text:
            self.add(root, True, root.text, 0)
        while stack:
            level = stack[-1]
            flags = level.flags
            for child in level.children:
                tag = child.tag
                if tag in INLINE:
                    if self.enter_inline(child, tag, flags):
                        break
                elif tag in UNSEEN or tag == "img":
                    self.pass_by(child, tag)
                elif tag == "br":
                    self.line_break()
                elif isinstance(tag, str) and self.enter_box(child, tag, flags):
                    break
                tail = child.tail
                if tail and (parts or not tail.isspace()):
                    self.add(child, False, tail, flags)
            else:
                if level.is_box and parts:
                    self.close_run()
                stack.pop()
                tail = level.element.tail
                if tail and stack and (parts or not tail.isspace()):
                    self.add(level.element, False, tail, stack[-1].flags)
        self.put(self.boxes[0], "\n".join(self.rest), 0.0)

    def pass_by(self, child: etree._Element, tag: str) -> None:
        """Take note of a picture, a player, or what holds the picture for readers without scripts."""
        if tag in MEDIA:
            self.alts.append((tag == "img" and child.get("alt")) or "")
        if tag in IMAGES or len(child):
            self.images.extend([(len(self.blocks), image) for image in child.iter(*IMAGES)])

    def enter_inline(self, child: etree._Element, tag: str, flags: int) -> bool:
        """Read what an inline element begins with; True where its children come next."""
        if tag == "a":
            if child.get("href") is not None:
                flags |= LINK
        elif tag in _STRONG_TAGS:
            flags |= _STRONG
        if child.get("hidden") is not None or ((style := child.get("style")) and _CONCEALED.search(style)):
            flags |= HIDDEN
        text = child.text
        if text:
            self.add(child, True, text, flags)
        if len(child):
            self.stack.append(_Level(child, iter(child), flags, False))
            return True
        return False

    def enter_box(self, child: etree._Element, tag: str, flags: int) -> bool:
        """Read what a block-level element begins with; True where its children come next."""
        text = child.text
        if (tag == "td" or tag == "th") and _is_plain_cell(child):
            self.parts.append(" ")
            if text:
                self.add(child, True, text, flags)
            self.stack.append(_Level(child, iter(child), flags, False))
            return True
        if self.parts:
            self.close_run()
        if len(self.blocks) >= self.most:
            self.rest += _Menu(child, whole=True).lines()
            return False
        if tag in _MENUS or child.get("role") in _MENU_ROLES:
            menu = _Menu(child) if self.may_be_menu(tag) else None
            if menu is not None and not menu.is_prose:
                lines = menu.lines()
                if lines:
                    self.put(self.make_box(child, self.box(), 0), "\n".join(lines), menu.linked)
                return False
            self.prosy = child
        flags &= _PASSED_ON
        if len(child):
            self.stack.append(_Level(child, iter(child), flags, True))
            if text and not text.isspace():
                self.add(child, True, text, flags)
            return True
        if text and not text.isspace():
            self.add(child, True, text, flags)
            self.close_run(self.make_box(child, self.box(), flags))
        return False

    def may_be_menu(self, tag: str) -> bool:
        """Whether a menu or footer can be one here: not in one that holds prose, and footers not in an article."""
        inside = [level.element for level in self.stack]
        return self.prosy not in inside and (tag != "footer" or all(e.tag not in _ARTICLES for e in inside))

    def add(self, element: etree._Element, is_text: bool, value: str, flags: int) -> None:
        self.slots.append((element, is_text))
        self.parts.append(value)
        if flags:
            self.flags |= flags
            if flags & LINK:
                self.linked += len(value)
            if flags & _STRONG:
                self.strong += len(value)
        if self.broken and not value.isspace():
            self.broken = 0

    def line_break(self) -> None:
        """Two line breaks in a row end a paragraph; one is white space."""
        self.broken += 1
        if self.broken > 1 and self.slots:
            self.close_run()
            self.broken = 2
        elif self.slots:
            self.parts.append(" ")

    def close_run(self, box: Box | None = None) -> None:
        """End the block that is being read; it stands in `box`, or in the innermost element that the walk is in."""
        joined = "".join(self.parts)
        words = joined.split()
        if words:
            text = " ".join(words)
            whole = len(joined)
            box = box or self.box()
            self.blocks.append(
                TextBlock(
                    box, text, len(words), self.slots, box.flags | (self.flags & ~_STRONG), _size(text),
                    self.linked / whole, self.strong / whole, len(self.blocks), len(self.alts),
                )
            )  # fmt: skip
            self.slots = []
        else:
            self.slots.clear()
        self.parts.clear()
        self.flags = self.linked = self.strong = self.broken = 0

    def put(self, box: Box, text: str, linked: float) -> None:
        """Add what has been read at once as one block, where it is anything."""
        if text:
            slots = [(box.element, True)]
            self.blocks.append(
                TextBlock(
                    box, text, len(text.split()), slots, box.flags, _size(text), min(1.0, linked / len(text)), 0.0,
                    len(self.blocks), len(self.alts),
                )
            )  # fmt: skip

    def box(self) -> Box:
        """The box of the element that the walk is in."""
        levels = self.stack
        n = len(levels) - 1
        while (box := levels[n].box) is None:
            n -= 1
        for level in levels[n + 1 :]:
            if level.is_box:
                box = level.box = self.make_box(level.element, box, level.flags)
        return box

    def make_box(self, element: etree._Element, parent: Box | None, flags: int) -> Box:
        own, names = _marks(element)
        flags |= own | _TAG_FLAGS.get(element.tag, 0)
        depth = 0
        if parent is not None:
            flags |= parent.flags
            depth = parent.depth + 1
        box = Box(element, parent, element.tag, names, depth, flags, len(self.boxes))
        self.boxes.append(box)
        return box


def _marks(element: etree._Element) -> tuple[int, str]:
    """What the attributes say: flags, and the names as one string."""
    flags, names = 0, ""
    for name, value in cast("list[tuple[str, str]]", element.items()):
        if name in _NAMING:
            names = f"{names} {value}" if names else value
        elif name == "style":
            if _CONCEALED.search(value):
                flags |= HIDDEN
        elif name == "hidden" or (name == "aria-hidden" and value == "true"):
            flags |= HIDDEN
        elif name == "role":
            flags |= _ROLE_FLAGS.get(value, 0)
        elif name == "itemprop":
            if "articleBody" in value:
                flags |= BODY_PROP
            names = f"{names} {value}"
    return flags, names


def _is_plain_cell(cell: etree._Element) -> bool:
    """Whether a table cell holds no blocks: the row is the block then."""
    return len(cell) < 12 and all(child.tag in INLINE or child.tag == "br" for child in cell)


def _size(text: str) -> float:
    length = len(text)
    return float(length) if text.isascii() or not _HAS_WIDE.search(text) else length * 2.5


class _Menu:
    """What a menu says: its visible text with a null at each end of a block, and how much of it is in links.

    The reading ends where it turns out to be prose, unless the `whole` is wanted anyway.
    """

    def __init__(self, top: etree._Element, *, whole: bool = False) -> None:
        self.parts: list[str] = []
        self.linked = 0
        self.is_prose = False
        stack: list[tuple[etree._Element, Iterator[etree._Element]]] = []
        if self.enter(top):
            stack.append((top, iter(top)))
        while stack and (whole or not self.is_prose):
            parent, children = stack[-1]
            for child in children:
                if self.enter(child):
                    stack.append((child, iter(child)))
                    break
                self.leave(child)
            else:
                stack.pop()
                if stack:
                    self.leave(parent)

    def enter(self, element: etree._Element) -> bool:
        """Read what an element begins with; True where its children come next."""
        tag = element.tag
        if tag in UNSEEN or not isinstance(tag, str) or _is_hidden(element):
            return False
        if tag not in INLINE:
            self.parts.append("\0")
        text = element.text
        if text:
            if len(text) > _PARAGRAPH and len(text.strip()) > _PARAGRAPH:
                self.is_prose = True
            if tag == "a":
                self.linked += len(text)
            self.parts.append(text)
        return len(element) > 0

    def leave(self, element: etree._Element) -> None:
        """Read what follows an element."""
        if element.tag not in INLINE:
            self.parts.append("\0")
        if element.tail:
            self.parts.append(element.tail)

    def lines(self) -> list[str]:
        found = (" ".join(line.split()) for line in "".join(self.parts).split("\0"))
        return [line for line in found if line]


def _is_hidden(element: etree._Element) -> bool:
    for name, value in cast("list[tuple[str, str]]", element.items()):
        if name == "hidden" or (name == "aria-hidden" and value == "true"):
            return True
        if name == "style" and _CONCEALED.search(value):
            return True
    return False
