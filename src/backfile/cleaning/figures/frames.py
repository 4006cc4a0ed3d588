"""The frames of pictures on the whole page, before it is known what is text: what a picture's words must be kept in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast

from lxml import etree

from backfile.cleaning.figures.names import NAMED, told

_LEVELS = 10
_OWN_TEXT = 300
_SHORT_TEXT = 120
_FRAME_TEXT = 1200
_IMAGES = ("img", "amp-img")
_WITHIN = ("a", "p", "span", "button")
_UNSEEN = frozenset(["script", "style", "template", "noscript", "svg", "button"])
_NEVER_ABOUT = ("h1", "h2", "h3", "h4", "ul", "ol", "dl", "iframe", "time", "table", "form")


def picture_frames(images: Iterable[etree._Element], region: etree._Element) -> set[etree._Element]:
    """The elements in `region` that hold one of these pictures and, besides it, only few words that are about it."""
    frames = set()
    for image in images:
        frame = _frame(image, region)
        if frame is not None:
            frames.add(frame)
    return frames


def _frame(image: etree._Element, region: etree._Element) -> etree._Element | None:
    found = None
    levels = 0
    around = list(image.iterancestors())
    inside = around[: around.index(region)] if region in around else []
    for parent in inside:
        tag = parent.tag
        levels += tag not in ("source", "picture")
        if levels > _LEVELS or tag in ("td", "body") or _has_more_pictures(parent):
            break
        text = visible_text(parent, _FRAME_TEXT)
        if len(text) > _FRAME_TEXT:
            break
        if text and (_is_about(parent, text) or _has_words(parent)):
            found = parent
        elif text and parent.tag not in _WITHIN:
            break
    return found


def visible_text(element: etree._Element, limit: int) -> str:
    """The words in an element on one line, without those of buttons; cut off a little after `limit` characters."""
    parts: list[str] = []
    size = 0
    for text in _texts(element):
        parts.append(text)
        size += len(text)
        if size > limit:
            break
    return " ".join("".join(parts).split())


def _texts(element: etree._Element) -> Iterator[str]:
    todo: list[etree._Element | str] = [element]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            yield node
            continue
        tag = node.tag
        if tag in _UNSEEN or not isinstance(tag, str):
            continue
        text = node.text
        if text:
            yield f" {text}"
        for child in reversed(node):
            tail = child.tail
            if tail:
                todo.append(f" {tail}")
            todo.append(child)


def _has_more_pictures(element: etree._Element) -> bool:
    """Whether an element holds several pictures, those for readers without scripts not counted."""
    if len(list(islice(element.iter(*_IMAGES), 2))) < 2:
        return False
    silent = {image for tag in element.iter("noscript") for image in tag.iter(*_IMAGES)}
    return len(list(islice((image for image in element.iter(*_IMAGES) if image not in silent), 2))) > 1


def _is_about(frame: etree._Element, text: str) -> bool:
    if len(text) > _OWN_TEXT or frame.tag in ("p", "a") or next(frame.iter(*_NEVER_ABOUT), None) is not None:
        return False
    if sum(len(visible_text(link, _OWN_TEXT)) for link in frame.iter("a")) * 2 > len(text):
        return False
    # Paragraphs are prose, but for a short one, or a caption and a credit in what is called a picture's box.
    allowed = 2 if told(names_of(frame), "frame") else int(len(text) <= _SHORT_TEXT)
    return sum(1 for _ in frame.iter("p")) <= allowed


def _has_words(frame: etree._Element) -> bool:
    for child in frame.iter(etree.Element):
        names = names_of(child)
        if child.tag == "figcaption" or (names and (told(names, "caption") or told(names, "credit"))):
            return True
    return False


def names_of(element: etree._Element) -> str:
    """The names on an element (class, id, test id) as one string."""
    return " ".join([value for name, value in _items(element) if name in NAMED])


def _items(element: etree._Element) -> list[tuple[str, str]]:
    return cast("list[tuple[str, str]]", element.items())


def attributes_of(element: etree._Element) -> dict[str, str]:
    """The attributes of an element."""
    return dict(_items(element))
