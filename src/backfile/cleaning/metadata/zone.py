"""The lines that a reader sees around the headline: where bylines and dates stand, and nothing of sidebars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, count, islice

from lxml.html import HtmlElement

from backfile.cleaning.metadata.facts import squeeze

_SILENT = frozenset({
    "script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form", "button", "select", "option",
    "figure", "figcaption", "iframe", "video", "audio", "object", "textarea", "picture", "dialog", "map", "blockquote",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "address", "b", "bdi", "bdo", "cite", "data", "em", "font", "i", "ins", "label", "mark", "small",
    "span", "strong", "sub", "sup", "time", "u", "var", "s", "q", "meta", "link", "img",
})  # fmt: skip
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:related|sidebar|comments?|popular|recommend\w*|newsletter|promos?|teasers?|trending|latest|"
    r"most-?read|cookies?|consent|breadcrumbs?|share|sharing|shariff|social|menu|nav|navbar|navigation|footer|(?<!elementor-)widget|"
    r"advert\w*|read-?more|login|popup|modal|subscribe|sign-?(?:in|up)|search|skip-\w+|toc|cart)(?:$|[\s_-])",
    re.I,
)
_COMMENT = re.compile(r"(?:^|[\s_-])comments?(?:$|[\s_-])", re.I)
_WHOLE = frozenset({"html", "body", "main", "article"})
"""Elements that are never set aside for a name: it may be of something inside them."""
PROSE = 140
"""Characters from which on a line is taken for a paragraph of the article."""
_MAX_STEPS, _MAX_LINES, _MAX_PROSE, _MAX_BEFORE = 500, 60, 4, 8
_MAX_ALL_STEPS, _MAX_NAMES = 3000, 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of visible text, with the elements that begin in it."""

    text: str
    elements: tuple[HtmlElement, ...]


class Zone:
    """The lines just before and just after the headline, in page order, read as far as they are asked for."""

    def __init__(self, tree: HtmlElement, headline: HtmlElement | None) -> None:
        """The zone around the element with the headline; without one, the first lines of the page's article."""
        self._headline = headline
        self._start = headline
        if self._start is None:
            self._start = next(chain(tree.iter("article"), tree.iter("main"), tree.iter("body")), tree)
        self._read: list[Line] = []
        self._unread = _until_prose(_lines(self._start, opening=headline is None, steps=_MAX_STEPS))

    @property
    def after(self) -> Iterator[Line]:
        """The lines to the end of the article's first paragraphs or to another headline."""
        for n in count():
            if n == len(self._read):
                line = next(self._unread, None)
                if line is None:
                    return
                self._read.append(line)
            yield self._read[n]

    @cached_property
    def before(self) -> tuple[Line, ...]:
        """The lines before the headline inside the nearest elements around it."""
        return tuple(_before(self._headline)) if self._headline is not None else ()

    def lines(self) -> Iterator[Line]:
        """Nearest first: those after the headline, then those before it, from below upwards."""
        yield from self.after
        yield from reversed(self.before)

    def to_end(self) -> Iterator[Line]:
        """Every line from the headline to the end of the page, or nearly."""
        return _lines(self._start, opening=False, steps=_MAX_ALL_STEPS)


def _lines(start: HtmlElement, *, opening: bool, steps: int, within: HtmlElement | None = None) -> Iterator[Line]:
    """The visible lines in page order: from the opening of `start` on, or from its end; at most to that of `within`."""
    pieces: list[str] = []
    elements: list[HtmlElement] = []
    element: HtmlElement | None = start
    for _ in range(steps):
        if element is None or (element is within and not opening):
            break
        opens = opening and not is_silent(element)
        if pieces and element.tag not in _INLINE:
            yield from _line(pieces, elements)
            pieces, elements = [], []
        if opens:
            elements.append(element)
            _add(pieces, element.text)
            if len(element):
                element = element[0]
                continue
            if element is within:
                break
            if pieces and element.tag not in _INLINE:
                yield from _line(pieces, elements)
                pieces, elements = [], []
        _add(pieces, element.tail)
        following = element.getnext()
        opening = following is not None
        element = element.getparent() if following is None else following
    yield from _line(pieces, elements)


def _add(pieces: list[str], text: str | None) -> None:
    if text and (pieces or not text.isspace()):
        pieces.append(text)


def _line(pieces: list[str], elements: list[HtmlElement]) -> Iterator[Line]:
    text = squeeze("".join(pieces))
    if text:
        yield Line(text=text, elements=tuple(elements))


def is_silent(element: HtmlElement) -> bool:
    """Whether an element shows no text, or text that is not about this article."""
    if not isinstance(element.tag, str) or (element.tag in _SILENT and not _is_own_footer(element)):
        return True
    style = element.get("style")
    if element.get("hidden") is not None or (style is not None and "display:none" in style.replace(" ", "")):
        return True
    if is_comment(element):
        return True
    names = element.get("class")
    return bool(names) and len(names) < _MAX_NAMES and element.tag not in _WHOLE and _is_elsewhere(names)


def is_comment(element: HtmlElement) -> bool:
    """Whether an element is a reader's comment, or the box of them, by its type or its names."""
    if (element.get("itemtype") or "").endswith("/Comment"):
        return True
    names = element.get("class") or element.get("id")
    return bool(names) and element.tag not in _WHOLE and len(names) < _MAX_NAMES and bool(_COMMENT.search(names))


def _is_own_footer(element: HtmlElement) -> bool:
    """Whether an element is the footer of an article, where some sites put byline and date."""
    return element.tag == "footer" and any(a.tag == "article" for a in islice(element.iterancestors(), 6))


@lru_cache(4096)
def _is_elsewhere(names: str) -> bool:
    return bool(_ELSEWHERE.search(names))


def _until_prose(lines: Iterator[Line]) -> Iterator[Line]:
    prose = 0
    for line in islice(lines, _MAX_LINES):
        prose += len(line.text) >= PROSE
        if prose > _MAX_PROSE or any(e.tag == "h1" for e in line.elements):
            return
        yield line


def _before(headline: HtmlElement) -> list[Line]:
    """The lines before the headline inside the nearest elements around it, as long as these hold few."""
    lines: list[Line] = []
    element: HtmlElement | None = headline
    left = False
    for _ in range(5):
        if element is None or element.tag in ("body", "html") or len(lines) >= _MAX_BEFORE:
            break
        left = left or element.tag in ("article", "main")
        sibling = element.getprevious()
        for _ in range(_MAX_BEFORE):
            if sibling is None:
                break
            if not (is_silent(sibling) or (left and sibling.tag == "header")):  # that is the site's
                inside = list(_lines(sibling, opening=True, steps=80, within=sibling))
                lines = inside + lines if len(inside) <= _MAX_BEFORE else lines
            sibling = sibling.getprevious()
        element = element.getparent()
    return lines[-_MAX_BEFORE:]
