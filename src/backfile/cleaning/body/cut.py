"""The chosen blocks and the media among them as a BeautifulSoup tree: nothing else of the page gets there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from lxml import etree

from backfile.cleaning import blocks as b
from backfile.cleaning.blocks import Box, PageBlocks, TextBlock
from backfile.cleaning.figures.frames import picture_frames

_PICTURES = frozenset(("img", "amp-img", "picture", "video", "audio", "iframe", "object", "embed", "noscript"))
_WITH_MEDIA = re.compile(r"caption|credit|legend|copyright|photo|bild|foto|figure|image", re.IGNORECASE)
_CAPTION_SIZE = 600
_MOST_MEDIA = 1000
_FRAME_DEPTH = 6
_MANY_CHILDREN = 100


class Part(Tag):
    """A tag with many children, which are taken out in their order: each is searched from the last one's place."""

    near = 0

    def index(self, element: PageElement) -> int:
        """The place of a child, by identity."""
        contents = self.contents
        for places in (range(min(self.near, len(contents)), len(contents)), range(len(contents))):
            for i in places:
                if contents[i] is element:
                    self.near = max(0, i - 2)
                    return i
        raise ValueError("not a child of this tag")


def cut(page: PageBlocks, chosen: Sequence[bool], without: frozenset[int] = frozenset()) -> Tag:
    """The smallest part of the page with every chosen block, emptied of all others, as a `div`.

    Blocks beside pictures come along, to be read with them, except those in `without`.
    """
    root = Part(name="div")
    picked = [x for x, yes in zip(page.blocks, chosen, strict=True) if yes]
    if not picked:
        return root
    region = _common(picked)
    frames = picture_frames(region.element)
    captions = [
        x
        for x in page.blocks[: picked[-1].index + 1]
        if not (chosen[x.index] or x.index in without)
        and ((x.index > picked[0].index and _is_caption(x)) or _is_framed(x, frames))
    ]
    slots = {slot for x in (*picked, *captions) for slot in x.slots}
    needed = _needed(slots, region.element)
    dropped = _dropped(page, chosen, captions)
    _Copier(slots, needed, dropped).copy(region.element, root)
    return root


def _is_caption(x: TextBlock) -> bool:
    """Whether a block that is not text belongs to a picture: figures are read later, with the words about them."""
    return (
        bool(x.flags & b.FIGURE or _WITH_MEDIA.search(x.box.names))
        and x.size < _CAPTION_SIZE
        and not x.flags & b.HIDDEN
    )


def _is_framed(x: TextBlock, frames: set[etree._Element]) -> bool:
    """Whether a block stands in the frame of a picture."""
    box: Box | None = x.box
    for _ in range(_FRAME_DEPTH):
        if box is None or x.flags & b.HIDDEN:
            return False
        if box.element in frames:
            return True
        box = box.parent
    return False


def _common(picked: list[TextBlock]) -> Box:
    box = picked[0].box
    for x in picked[1:]:
        other = x.box
        while box is not other:
            if box.depth >= other.depth and box.parent is not None:
                box = box.parent
            elif other.parent is not None:
                other = other.parent
    return box


def _needed(slots: set[tuple[etree._Element, bool]], top: etree._Element) -> set[etree._Element]:
    needed = {top}
    for element, is_text in slots:
        node = element if is_text else element.getparent()
        while node is not None and node not in needed:
            needed.add(node)
            node = node.getparent()
    return needed


def _dropped(page: PageBlocks, chosen: Sequence[bool], captions: list[TextBlock]) -> set[etree._Element]:
    """Boxes that hold text but none of the article's: their pictures go with them."""
    stays = {x.index for x in captions}
    kept: set[int] = set()
    gone: set[etree._Element] = set()
    for x in page.blocks:
        box: Box | None = x.box
        while (chosen[x.index] or x.index in stays) and box is not None and box.order not in kept:
            kept.add(box.order)
            box = box.parent
    for x in page.blocks:
        box = x.box
        while box is not None and box.order not in kept and box.element not in gone:
            gone.add(box.element)
            box = box.parent
    return gone


def _attributes(element: etree._Element) -> dict[str, str]:
    return dict(cast("list[tuple[str, str]]", element.items()))


class _Copier:
    def __init__(
        self, slots: set[tuple[etree._Element, bool]], needed: set[etree._Element], dropped: set[etree._Element]
    ) -> None:
        self.slots = slots
        self.needed = needed
        self.dropped = dropped
        self.media = 0
        self.last: Tag | NavigableString = Tag(name="div")

    def copy(self, top: etree._Element, root: Tag) -> None:
        self.last = root
        if (top, True) in self.slots and top.text:
            self.put(root, NavigableString(top.text))
        stack = [(top, iter(top), root)]
        while stack:
            element, children, tag = stack[-1]
            for child in children:
                inner = self.enter(child, tag)
                if inner is not None:
                    stack.append((child, iter(child), inner))
                    break
                self.tail(child, tag)
            else:
                stack.pop()
                if stack:
                    self.tail(element, stack[-1][2])

    def enter(self, child: etree._Element, tag: Tag) -> Tag | None:
        name = child.tag
        if name == "br" and not len(child):
            self.put(tag, Tag(name=name, attrs=_attributes(child)))
            return None
        if child in self.needed or self.is_media(child):
            new = (Part if len(child) > _MANY_CHILDREN else Tag)(name=name, attrs=_attributes(child))
            self.put(tag, new)
            if child.text and ((child, True) in self.slots or name == "noscript"):
                self.put(new, NavigableString(child.text))
            return new
        if name in ("br", "hr", "source"):
            self.put(tag, Tag(name=name, attrs=_attributes(child)))
        return None

    def is_media(self, child: etree._Element) -> bool:
        """Whether this is a picture or a player, or a box without text that has some; no page has more than enough."""
        if self.media >= _MOST_MEDIA:
            return False
        if child.tag in _PICTURES:
            self.media += 1
            return True
        return (
            child not in self.dropped
            and next(child.iter("img", "iframe", "video", "audio", "amp-img"), None) is not None
        )

    def tail(self, child: etree._Element, tag: Tag) -> None:
        if child.tail and (child, False) in self.slots:
            self.put(tag, NavigableString(child.tail))

    def put(self, parent: Tag, new: Tag | NavigableString) -> None:
        """Append in document order: BeautifulSoup's own `append` searches for the neighbours that are known here."""
        siblings = parent.contents
        if siblings:
            new.previous_sibling = siblings[-1]
            siblings[-1].next_sibling = new
        new.parent = parent
        new.previous_element = self.last
        self.last.next_element = new
        self.last = new
        siblings.append(new)
