"""The words around a picture: its caption and its credit, apart."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from bs4 import NavigableString, Tag
from bs4.element import PreformattedString

from backfile.clean.convert.links import attribute
from backfile.clean.convert.names import BLOCKS, SKIPPED
from backfile.clean.figures.names import told
from backfile.clean.lexicon import lexicon

_GAPS = re.compile(r"\s+")
_CREDIT_LENGTH = 160
_CAPTION_LENGTH = 1500
_SIBLING_LENGTH = 600
_NAMES = ("class", "id", "data-testid", "data-component", "itemprop", "data-qa", "data-test", "data-type")
_BRACKETS = {")": "(", "]": "[", "）": "（", "】": "【"}
_EDGES = " \t\n|–—-/;,·•"


class Words(NamedTuple):
    """What is said about a picture."""

    caption: str = ""
    credit: str = ""


def names_of(tag: Tag) -> str:
    """The names on an element as one string."""
    return " ".join(filter(None, (attribute(tag, name) for name in _NAMES)))


def text_of(tag: Tag, limit: int = 10_000) -> str:
    """The words in an element on one line, blocks and line breaks apart; cut off a little after `limit` characters."""
    parts: list[str] = []
    size = 0
    for node in tag.descendants:
        if isinstance(node, Tag):
            if node.name in BLOCKS or node.name == "br":
                parts.append(" ")
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            parent = node.parent
            if parent is not None and parent.name not in SKIPPED:
                parts.append(node)
                size += len(node)
                if size > limit:
                    break
    return _GAPS.sub(" ", "".join(parts)).strip()


def take_words(frame: Tag, *, whole: bool) -> Words:
    """The caption and credit in a picture's frame, taken out of it; `whole` where all its text is about the picture."""
    credits = [text_of(tag) for tag in _told(frame, "credit", _CREDIT_LENGTH)]
    captions = [text_of(tag) for tag in _captions(frame)]
    if whole and not captions:
        captions = [text_of(frame)]
        _empty(frame)
    return parted(" ".join(_once(captions)), _once(credits))


def take_following(frame: Tag) -> Words:
    """The caption and credit in the elements right after a picture's frame, taken out of the flow."""
    caption, credits = "", []
    for _ in range(2):
        sibling = frame.find_next_sibling()
        if not isinstance(sibling, Tag) or _text_between(frame, sibling):
            break
        text = text_of(sibling, _SIBLING_LENGTH)
        if not text or len(text) > _SIBLING_LENGTH or sibling.find(("img", "h2", "h3", "iframe")):
            break
        names = names_of(sibling)
        if sibling.name == "figcaption" or (told(names, "caption") and not caption):
            words = take_words(sibling, whole=True)
            caption = f"{caption} {words.caption}".strip()
            credits.append(words.credit)
        elif len(text) <= _CREDIT_LENGTH and (told(names, "credit") or _is_credit(text)):
            credits.append(text)
        else:
            break
        sibling.decompose()
    return parted(caption, [c for c in credits if c])


def parted(text: str, credits: list[str]) -> Words:
    """A caption without the credit at its end."""
    if not text:
        return Words("", " ".join(credits))
    for credit in credits:
        if text.endswith(credit):
            text = text[: -len(credit)].strip()
    caption, found = split_credit(text)
    if found and not any(found in credit or credit in found for credit in credits):
        credits = [found, *credits]
    elif found and not credits:
        credits = [found]
    return Words(caption.strip(), " ".join(credits))


def split_credit(text: str) -> tuple[str, str]:
    """A caption and the credit at its end ("… (Photo: Jane Doe/AFP)", "… © Jane Doe")."""
    text = text.strip()
    opening = _BRACKETS.get(text[-1:])
    if opening:
        start = text.rfind(opening)
        inner = text[start + 1 : -1].strip()
        if start >= 0 and len(inner) <= _CREDIT_LENGTH and (_cues().search(inner) or "/" in inner or "©" in inner):
            return text[:start].strip(_EDGES), inner
    last = None
    for match in _cues().finditer(text):
        last = match
        if len(text) - match.start() <= _CREDIT_LENGTH:
            break
    if last is not None and len(text) - last.start() <= _CREDIT_LENGTH:
        return text[: last.start()].strip(_EDGES + "("), text[last.start() :].strip(_EDGES)
    return text, ""


def _is_credit(text: str) -> bool:
    match = _cues().search(text)
    return match is not None and match.start() <= 1


@cache
def _cues() -> re.Pattern[str]:
    words = "|".join(re.escape(cue) for cue in lexicon().cues.get("photo", ()) if cue)
    return re.compile(rf"©|\(c\)|(?<!\w)(?:{words})(?:\s+(?:by|von|par|de|di|por|door|av|af))?\s*[:|]\s*|(?<!\w)(?:{words})\s+by\s+|(?<!\w)image source,\s*", re.I)


def _captions(frame: Tag) -> list[Tag]:
    found = frame.find_all("figcaption")
    if found:
        return [_out(tag) for tag in found if isinstance(tag, Tag)]
    return _told(frame, "caption", _CAPTION_LENGTH)


def _told(frame: Tag, kind: str, limit: int) -> list[Tag]:
    """The outermost elements whose names tell of this kind and that hold little but words, taken out of the frame."""
    out: list[Tag] = []
    for tag in frame.find_all(True):
        if tag.decomposed or any(parent in out for parent in tag.parents):
            continue
        if tag.name in ("img", "picture", "source", "figure", "a") and not text_of(tag, 1):
            continue
        if not told(names_of(tag), kind) or tag.find(("img", "picture", "iframe", "video")):
            continue
        text = text_of(tag, limit)
        if text and len(text) <= limit:
            out.append(tag)
    return [_out(tag) for tag in out]


def _out(tag: Tag) -> Tag:
    return tag.extract()


def _empty(frame: Tag) -> None:
    for string in frame.find_all(string=True):
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
