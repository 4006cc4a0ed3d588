"""The one walk over a page: its visible text as leaf blocks, each with the boxes it stands in.

A *box* is a block-level element. A *block* is a run of text and inline elements between two box boundaries; it is made
of *slots*: the `text` or `tail` of an element. Whoever removes a block empties its slots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from backfile.cleaning.body.names import name_weights

INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "math",
        "nobr",
        "q",
        "rb",
        "rp",
        "rt",
        "rtc",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
UNSEEN = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "video",
        "audio",
        "map",
        "select",
        "datalist",
        "textarea",
        "title",
        "link",
        "meta",
        "base",
        "param",
        "source",
        "track",
        "noembed",
        "noframes",
        "applet",
        "amp-img",
        "amp-ad",
        "amp-analytics",
    ]
)
MEDIA = frozenset(
    [
        "img",
        "picture",
        "video",
        "audio",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "amp-img",
        "amp-video",
        "amp-youtube",
        "amp-iframe",
    ]
)
(
    LINK,
    HIDDEN,
    NAV,
    ASIDE,
    FOOTER,
    HEADER,
    FORM,
    FIGURE,
    TABLE,
    LIST,
    ARTICLE,
    MAIN,
    QUOTE,
    BODY_PROP,
    BUTTON,
    HEADING,
) = (1 << n for n in range(16))
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
_NAMING = frozenset(
    [
        "class",
        "id",
        "data-testid",
        "data-test-id",
        "data-component",
        "data-component-name",
        "data-qa",
        "data-type",
        "data-name",
        "data-module",
    ]
)
_CONCEALED = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_WEIGHTS = (0.0, 0.0, 0.0)
_HAS_WIDE = re.compile("[\u2e80-\U0010ffff]")


@dataclass(slots=True, eq=False)
class Box:
    """A block-level element on the page, with what the blocks inside it add up to."""

    element: etree._Element
    parent: Box | None
    tag: str
    names: str
    """Class and id as written."""
    depth: int
    flags: int
    low: float
    """The least weight of a class or id token here or above."""
    high: float
    sum: float
    own_low: float
    own_high: float
    order: int
    prose: float = 0.0
    """Size of the prose in it, at any depth."""
    size: float = 0.0
    linked: float = 0.0


@dataclass(slots=True, eq=False)
class TextBlock:
    """A leaf block of visible text."""

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
    links: int
    strong: float
    """The share of its characters in bold or emphasis."""
    index: int = 0
    loose: bool = False
    """True where the box holds other blocks besides this."""
    media: int = 0
    """How many pictures and players came before it on the page."""


@dataclass(slots=True)
class _Run:
    slots: list[tuple[etree._Element, bool]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    strong: int = 0
    links: int = 0
    flags: int = 0
    broken: int = 0


@dataclass(slots=True)
class PageBlocks:
    """All blocks of a page in reading order, and its boxes."""

    blocks: list[TextBlock]
    boxes: list[Box]
    root: Box
    alts: list[str]
    """The text alternatives of pictures and players, in order; empty where there is none."""


class _Walk:
    """The state of the walk."""

    def __init__(self, root: etree._Element) -> None:
        self.blocks: list[TextBlock] = []
        self.boxes: list[Box] = []
        self.alts: list[str] = []
        self.run = _Run()
        self.box = self.open_box(root, None, 0)
        self.root = self.box
        self.stack: list[tuple[etree._Element, Iterator[etree._Element], int, bool]] = []

    def open_box(self, element: etree._Element, parent: Box | None, extra: int) -> Box:
        flags, names = _marks(element)
        flags |= _TAG_FLAGS.get(element.tag, 0) | extra
        low, high, total = name_weights(names) if names else _NO_WEIGHTS
        if parent is None:
            box = Box(element, None, element.tag, names, 0, flags, low, high, total, low, high, 0)
        else:
            box = Box(
                element, parent, element.tag, names, parent.depth + 1, parent.flags | flags,
                low if low < parent.low else parent.low, high if high > parent.high else parent.high,
                0.6 * parent.sum + total, low, high, len(self.boxes),
            )  # fmt: skip
        self.boxes.append(box)
        return box

    def add(self, element: etree._Element, is_text: bool, value: str, flags: int) -> None:
        run = self.run
        run.slots.append((element, is_text))
        run.parts.append(value)
        if flags:
            run.flags |= flags
            if flags & LINK:
                run.linked += len(value)
            if flags & _STRONG:
                run.strong += len(value)
        if run.broken and not value.isspace():
            run.broken = 0

    def close_run(self, box: Box) -> None:
        run = self.run
        if not run.slots:
            run.parts.clear()
            run.links = run.broken = 0
            return
        self.run = _Run()
        words = "".join(run.parts).split()
        if not words:
            return
        text = " ".join(words)
        length = len(text)
        size = float(length) if text.isascii() or not _HAS_WIDE.search(text) else length * 2.5
        raw = sum(map(len, run.parts)) if run.linked or run.strong else 1
        block = TextBlock(
            box, text, len(words), run.slots, box.flags | (run.flags & ~_STRONG), size,
            min(1.0, run.linked / raw) if run.linked else 0.0, run.links, run.strong / raw, len(self.blocks),
        )  # fmt: skip
        block.media = len(self.alts)
        self.blocks.append(block)


_STRONG = 1 << 20
_STRONG_TAGS = frozenset(("b", "strong", "em", "i", "mark", "big"))


def page_blocks(tree: etree._Element) -> PageBlocks:
    """The blocks of a page, hidden ones included (their `flags` say so). One pass, never recursive."""
    body = tree.find("body")
    root = tree if body is None else body
    walk = _Walk(root)
    stack = walk.stack
    if root.text:
        walk.add(root, True, root.text, 0)
    stack.append((root, iter(root), 0, True))
    inline_flags = 0
    while stack:
        parent, children, flags, is_box = stack[-1]
        for child in children:
            tag = child.tag
            if tag in INLINE:
                inline_flags = flags | _inline_flags(child, tag, walk)
                text = child.text
                if text:
                    walk.add(child, True, text, inline_flags)
                if len(child):
                    stack.append((child, iter(child), inline_flags, False))
                    break
            elif tag == "br":
                _break(walk)
            elif (tag == "td" or tag == "th") and _is_plain_cell(child):
                walk.run.parts.append(" ")
                if child.text:
                    walk.add(child, True, child.text, flags)
                if len(child):
                    stack.append((child, iter(child), flags, False))
                    break
            elif tag in UNSEEN:
                if tag in MEDIA:
                    walk.alts.append("")
            elif tag == "img":
                walk.alts.append(child.get("alt") or "")
            elif isinstance(tag, str):
                if walk.run.parts or walk.run.links:
                    walk.close_run(walk.box)
                walk.box = walk.open_box(child, walk.box, flags & (LINK | HIDDEN))
                text = child.text
                if text and not text.isspace():
                    walk.add(child, True, text, flags & LINK)
                stack.append((child, iter(child), walk.box.flags & (LINK | HIDDEN), True))
                break
            tail = child.tail
            if tail and (walk.run.slots or not tail.isspace()):
                walk.add(child, False, tail, flags)
        else:
            stack.pop()
            if is_box:
                if walk.run.parts or walk.run.links:
                    walk.close_run(walk.box)
                walk.box = walk.box.parent or walk.box
            tail = parent.tail
            if tail and stack and (walk.run.slots or not tail.isspace()):
                walk.add(parent, False, tail, stack[-1][2])
    return PageBlocks(walk.blocks, walk.boxes, walk.root, walk.alts)


def _inline_flags(element: etree._Element, tag: str, walk: _Walk) -> int:
    flags = 0
    if tag == "a":
        if element.get("href") is not None:
            walk.run.links += 1
            flags = LINK
    elif tag in _STRONG_TAGS:
        flags = _STRONG
    if element.get("hidden") is not None or ((style := element.get("style")) and _CONCEALED.search(style)):
        flags |= HIDDEN
    return flags


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


def _break(walk: _Walk) -> None:
    """Two line breaks in a row end a paragraph; one is white space."""
    run = walk.run
    run.broken += 1
    if run.broken > 1 and run.slots:
        walk.close_run(walk.box)
        walk.run.broken = 2
    elif run.slots:
        run.parts.append(" ")
