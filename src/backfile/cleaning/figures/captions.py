"""The words around a picture: its caption and its credit, apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from backfile.cleaning.convert.links import attribute
from backfile.cleaning.convert.names import BLOCKS, SKIPPED
from backfile.cleaning.figures.dom import has, tags
from backfile.cleaning.figures.names import NAMED, told
from backfile.cleaning.figures.signed import CREDIT_LENGTH, credit_start, is_credit, split_credit

_LETTER = re.compile(r"[^\W\d_]")
_GAPS = re.compile(r"\s+")
_CAPTION_LENGTH = 1500
_SIBLING_LENGTH = 600
_MEDIA = ("img", "picture", "iframe", "video")
_NEVER_FOLLOWING = ("img", "h2", "h3", "iframe")
_SIGNED = ("cite", "small")
_NEW_LINE = NavigableString("\n")
_SILENT = SKIPPED | {"button"}
_ATTRIBUTES = {
    "caption": ("data-caption", "data-image-caption", "data-description"),
    "credit": ("data-credit", "data-source", "data-copyright", "data-credits", "data-photographer"),
}


class Words(NamedTuple):
    """What is said about a picture."""

    caption: str = ""
    credit: str = ""


def names_of(tag: Tag) -> str:
    """The names on an element as one string."""
    return " ".join(attribute(tag, name) for name in tag.attrs if name in NAMED)


def text_of(tag: Tag, limit: int = 10_000) -> str:
    """The words in an element on one line, without those of buttons; cut off a little after `limit` characters."""
    return " ".join(lines_of(tag, limit))


def all_text(tag: Tag, limit: int) -> str:
    """The words in an element on one line, with those of buttons; cut off a little after `limit` characters."""
    return " ".join(_lines(tag, limit, SKIPPED))


def lines_of(tag: Tag, limit: int = 10_000) -> list[str]:
    """The words in an element, without those of buttons, a line for each part that blocks or pictures set apart."""
    return _lines(tag, limit, _SILENT)


def _lines(tag: Tag, limit: int, silent: frozenset[str]) -> list[str]:
    parts: list[str] = []
    size = 0
    todo = tag.contents[::-1]
    while todo:
        node = todo.pop()
        if isinstance(node, Tag):
            if node.name in silent:
                continue
            if node.name in BLOCKS or node.name in ("br", "img"):
                parts.append("\n")
                todo.append(_NEW_LINE)
            todo.extend(reversed(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            parts.append(node if node is _NEW_LINE else node.replace("\n", " "))
            size += len(node)
            if size > limit:
                break
    return [line for line in (" ".join(part.split()) for part in "".join(parts).split("\n")) if line]


def take_words(frame: Tag, *, whole: bool) -> Words:
    """The caption and credit in a picture's frame, taken out of it; `whole` where all its text is about the picture."""
    signed = [text_of(tag) for tag in _told(frame, "credit", CREDIT_LENGTH)]
    captions = [line for tag in _captions(frame) for line in lines_of(tag)]
    if whole:
        rest = lines_of(frame)
        if not captions:
            captions = [line for line in rest if _LETTER.search(line)]
            _empty(frame)
        elif not signed and len(rest) == 1 and is_credit(rest[0]):
            signed = rest
            _empty(frame)
    lines = [line for line in captions if not _starts_as_credit(line)]
    signed += [line for line in captions if _starts_as_credit(line)]
    return parted(" ".join(_once(lines)), _once(signed))


def take_following(frame: Tag) -> Words:
    """The caption and credit in the elements right after a picture's frame, taken out of the flow."""
    caption, signed = "", []
    for _ in range(2):
        sibling = frame.find_next_sibling()
        if not isinstance(sibling, Tag) or _text_between(frame, sibling):
            break
        text = text_of(sibling, _SIBLING_LENGTH)
        if not text or len(text) > _SIBLING_LENGTH or has(sibling, _NEVER_FOLLOWING):
            break
        names = names_of(sibling)
        if sibling.name == "figcaption" or (told(names, "caption") and not caption):
            words = take_words(sibling, whole=True)
            caption = f"{caption} {words.caption}".strip()
            signed.append(words.credit)
        elif len(text) <= CREDIT_LENGTH and (told(names, "credit") or _starts_as_credit(text)):
            signed.append(text)
        else:
            break
        sibling.decompose()
    return parted(caption, [c for c in signed if c])


def told_by_image(image: Tag) -> Words:
    """The caption and credit that the picture's own attributes give."""
    found = {
        kind: next(filter(None, (attribute(image, name) for name in names)), "") for kind, names in _ATTRIBUTES.items()
    }
    credit = found["credit"] or split_credit(attribute(image, "title"))[1]
    return Words(_GAPS.sub(" ", found["caption"]), _GAPS.sub(" ", credit))


def parted(text: str, signed: list[str]) -> Words:
    """A caption without the credit at its end."""
    if not text:
        return Words("", _said_once(signed))
    whole = text.strip()
    for credit in signed:
        if text.endswith(credit):
            text = text[: -len(credit)].strip()
    caption, found = split_credit(text)
    if found and not any(found in credit or credit in found for credit in signed):
        signed = [found, *signed]
    caption = caption.strip()
    bare = caption.rstrip(" -–—|·")
    # Without a credit, marks that are written to the last word are the caption's own.
    own = caption == whole and not caption[len(bare) :].startswith(" ")
    return Words(caption if own else bare, _said_once(signed))


def _said_once(signed: list[str]) -> str:
    """Credits on one line; pages show one twice, once for each width of screen."""
    words = " ".join(signed).split()
    half = len(words) // 2
    return " ".join(words[:half] if half and words[:half] == words[half:] else words)


def _starts_as_credit(text: str) -> bool:
    return len(text) <= CREDIT_LENGTH and credit_start(text) == 0


def _captions(frame: Tag) -> list[Tag]:
    found = list(tags(frame, ("figcaption",)))
    if found:
        return [tag.extract() for tag in found]
    return _told(frame, "caption", _CAPTION_LENGTH)


def _told(frame: Tag, kind: str, limit: int) -> list[Tag]:
    """The outermost elements whose names tell of this kind and that hold little but words, taken out of the frame."""
    out: list[Tag] = []
    inside: set[int] = set()
    for tag in [node for node in frame.descendants if isinstance(node, Tag)]:
        if id(tag.parent) in inside:
            inside.add(id(tag))
            continue
        if not (told(names_of(tag), kind) or (kind == "credit" and tag.name in _SIGNED)) or has(tag, _MEDIA):
            continue
        text = text_of(tag, limit)
        if text and len(text) <= limit:
            out.append(tag)
            inside.add(id(tag))
    return [tag.extract() for tag in out]


def _empty(frame: Tag) -> None:
    for string in [node for node in frame.descendants if isinstance(node, NavigableString)]:
        string.extract()


def _text_between(a: Tag, b: Tag) -> bool:
    node = a.next_sibling
    while node is not None and node is not b:
        if isinstance(node, NavigableString) and node.strip():
            return True
        node = node.next_sibling
    return False


def _once(texts: list[str]) -> list[str]:
    out: list[str] = []
    for text in texts:
        if text and not any(text in other for other in out):
            out.append(text)
    return out
