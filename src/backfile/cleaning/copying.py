"""Parts of a page as a BeautifulSoup tree: what of their text and which of their pictures, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from lxml import etree

_PICTURES = frozenset(("img", "amp-img", "picture", "video", "audio", "iframe", "object", "embed", "noscript"))
_EMPTY = frozenset(("br", "hr", "source"))
_UNREAD = frozenset(("script", "style", "template"))
_MOST_MEDIA = 1000
_MANY_CHILDREN = 100
Slot = tuple[etree._Element, bool]


class Part(Tag):
    """A tag with many children, which are taken out in their order: each is searched from the last one's place."""

    near = 0
    beside: tuple[NavigableString, ...] = ()
    """Text in it that came along with pictures and is not the article's."""

    def index(self, element: PageElement) -> int:
        """The place of a child, by identity."""
        contents = self.contents
        for places in (range(min(self.near, len(contents)), len(contents)), range(len(contents))):
            for i in places:
                if contents[i] is element:
                    self.near = max(0, i - 2)
                    return i
        raise ValueError("not a child of this tag")


def copy_chosen(
    top: etree._Element, slots: set[Slot], dropped: set[etree._Element], beside: frozenset[Slot] = frozenset()
) -> Part:
    """The contents of `top` as a `div`: the text in `slots`, and pictures that stand in none of the `dropped`.

    The text of slots that are also in `beside` is told apart by the result's `beside`.
    """
    copier = _Copier(slots, _needed(slots, top), dropped, beside)
    if (top, True) in slots and top.text:
        copier.put_text(copier.root, top.text, (top, True))
    copier.copy(top, copier.root)
    copier.root.beside = tuple(copier.apart)
    return copier.root


def copy_whole(elements: Iterable[etree._Element]) -> Tag:
    """The elements with all their text, in a `div`."""
    slots: set[Slot] = set()
    needed: set[etree._Element] = set()
    for element in elements:
        needed.add(element)
        for inner in element.iterdescendants(etree.Element):
            if inner.tag not in _UNREAD:
                needed.add(inner)
                slots.add((inner, True))
            slots.add((inner, False))
        slots.add((element, True))
    copier = _Copier(slots, needed, set(), frozenset())
    for element in elements:
        inside = copier.enter(element, copier.root)
        if inside is not None:
            copier.copy(element, inside)
    return copier.root


def _needed(slots: set[Slot], top: etree._Element) -> set[etree._Element]:
    needed = {top}
    for element, is_text in slots:
        node = element if is_text else element.getparent()
        while node is not None and node not in needed:
            needed.add(node)
            node = node.getparent()
    return needed


def _tag(kind: type[Tag], element: etree._Element) -> Tag:
    """An empty tag with an element's name and attributes."""
    new = kind(name=element.tag)
    new.attrs.update(cast("list[tuple[str, str]]", element.items()))
    return new


class _Copier:
    def __init__(
        self, slots: set[Slot], needed: set[etree._Element], dropped: set[etree._Element], beside: frozenset[Slot]
    ) -> None:
        self.slots = slots
        self.needed = needed
        self.dropped = dropped
        self.beside = beside
        self.apart: list[NavigableString] = []
        self.media = 0
        self.root = Part(name="div")
        self.last: Tag | NavigableString = self.root

    def copy(self, top: etree._Element, root: Tag) -> None:
        """Put copies of the children of `top` into `root`."""
        stack: list[tuple[etree._Element, Iterator[etree._Element], Tag]] = [(top, iter(top), root)]
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
            self.put(tag, _tag(Tag, child))
            return None
        if child in self.needed or self.is_media(child):
            new = _tag(Part if len(child) > _MANY_CHILDREN else Tag, child)
            self.put(tag, new)
            if child.text and ((child, True) in self.slots or name == "noscript"):
                self.put_text(new, child.text, (child, True))
            return new
        if name in _EMPTY:
            self.put(tag, _tag(Tag, child))
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
            self.put_text(tag, child.tail, (child, False))

    def put_text(self, tag: Tag, text: str, slot: Slot) -> None:
        new = NavigableString(text)
        if slot in self.beside:
            self.apart.append(new)
        self.put(tag, new)

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
