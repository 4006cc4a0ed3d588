"""What a page says about itself, gathered in one pass over the tree: the marks that every field is read from."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import cast
from urllib.parse import SplitResult, urlsplit

from lxml import etree
from lxml.html import HtmlElement

_TAGS = re.compile(r"<[/!a-zA-Z][^<>]{0,300}>")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u2060\ufeff]+")
_NAMED = ("meta", "link", "script", "time", "h1", "title")
# By way of the attributes, which is fast for a few; of many, libxml2 compares the parents all with all.
_MARKED = etree.XPath(
    "(descendant::*/@itemprop)[position() <= 600]/parent::*"
    " | (/html/body/descendant::*/@property)[position() <= 600]/parent::*"
)
_TEXTS = etree.XPath(
    "descendant::text()[not(parent::script or parent::style or parent::noscript or parent::title)]", smart_strings=False
)
_PREFIXES = {
    "dc:": "dc.",
    "dcterms:": "dcterms.",
    "http://ogp.me/ns#": "og:",
    "http://ogp.me/ns/article#": "article:",
}
"""Other ways to write the vocabulary of a key → ours."""
_KEY_PREFIX = re.compile(r"\A(?:" + "|".join(map(re.escape, _PREFIXES)) + ")")
_META_KEYS = ("property", "name", "itemprop", "http-equiv")
MAX_TEXT = 20_000
"""Longer values of the head are cut: no field but the body's text needs more."""
MAX_VALUES = 100
"""Of one key of the head."""
MAX_MARKED = 600
"""Pages with more marked elements are lists; the article's come early."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkTag:
    """A `<link>` of the head."""

    rel: frozenset[str]
    href: str
    hreflang: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The marks of one page. Elements are those of the tree, in page order."""

    tree: HtmlElement
    metas: dict[str, tuple[str, ...]]
    """Lower-case `name`, `property`, `itemprop` or `http-equiv` → contents, in page order."""
    links: tuple[LinkTag, ...]
    scripts: tuple[str, ...]
    """The texts of the JSON-LD blocks."""
    title: str
    h1: tuple[HtmlElement, ...]
    times: tuple[HtmlElement, ...]
    marked: tuple[HtmlElement, ...]
    """Elements with microdata or RDFa attributes."""

    def meta(self, *keys: str) -> str:
        """The first value under any of these keys, in the order of the keys; empty where none has one."""
        return next((v for key in keys for v in self.metas.get(key, ())), "")


def split_url(url: str) -> SplitResult:
    """The parts of an address; all of them empty where it is malformed."""
    try:
        return urlsplit(url.strip())
    except ValueError:
        return urlsplit("")


def plain(text: str) -> str:
    """Text of an attribute or of JSON as a reader would see it: entities read, tags dropped, blanks collapsed."""
    text = text[:MAX_TEXT]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAGS.sub(" ", text)
    return squeeze(text)


def squeeze(text: str) -> str:
    """The text with its blanks collapsed, without invisible signs, in Unicode's composed form."""
    text = " ".join(text.split())
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).strip()


def words_of(element: HtmlElement) -> str:
    """The element's visible text, blanks collapsed; a blank where the words of two elements would run together."""
    pieces: list[str] = []
    for piece in cast(list[str], _TEXTS(element)):
        if pieces and pieces[-1][-1].islower() and piece[0].isupper():
            pieces.append(" ")
        pieces.append(piece)
    return squeeze("".join(pieces)[:MAX_TEXT])


def gather(tree: HtmlElement) -> Facts:
    """One walk over the named elements, one over the marked ones."""
    metas: dict[str, dict[str, None]] = {}
    links: list[LinkTag] = []
    scripts: list[str] = []
    title = ""
    h1: list[HtmlElement] = []
    times: list[HtmlElement] = []
    for element in tree.iter(*_NAMED):
        match element.tag:
            case "meta":
                _add_meta(metas, element)
            case "link":
                if element.get("href") and element.get("rel"):
                    links.append(_link(element))
            case "script":
                if "ld+json" in element.get("type", "") and element.text:
                    scripts.append(element.text)
            case "title":
                title = title or ("" if _in_svg(element) else plain(element.text or ""))
            case "h1":
                h1.append(element)
            case _:
                times.append(element)
    return Facts(
        tree=tree,
        metas={key: tuple(values) for key, values in metas.items()},
        links=tuple(links),
        scripts=tuple(scripts),
        title=title,
        h1=tuple(h1),
        times=tuple(times),
        marked=tuple(cast(list[HtmlElement], _MARKED(tree))[:MAX_MARKED]),
    )


def _in_svg(element: HtmlElement) -> bool:
    return next(element.iterancestors("svg"), None) is not None


def _link(element: HtmlElement) -> LinkTag:
    return LinkTag(
        rel=frozenset(element.get("rel", "").lower().split()),
        href=element.get("href", "").strip(),
        hreflang=element.get("hreflang", "").strip(),
    )


def _known_prefix(match: re.Match[str]) -> str:
    return _PREFIXES[match[0]]


def _add_meta(metas: dict[str, dict[str, None]], element: HtmlElement) -> None:
    content = element.get("content")
    value = plain(content if content is not None else element.get("value", ""))
    if not value:
        return
    for attribute in _META_KEYS:
        for key in element.get(attribute, "").lower().split():
            values = metas.setdefault(_KEY_PREFIX.sub(_known_prefix, key), {})
            if len(values) < MAX_VALUES:
                values[value] = None
