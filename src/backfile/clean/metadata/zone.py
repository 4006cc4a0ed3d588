"""The lines that a reader sees around the headline: where bylines and dates stand, and nothing of sidebars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

_SILENT = frozenset({
    "script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form", "button", "select", "option",
    "figure", "figcaption", "iframe", "video", "audio", "object", "textarea", "picture", "dialog", "map", "blockquote",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "address", "b", "bdi", "bdo", "cite", "data", "em", "font", "i", "ins", "label", "mark", "small", "span",
    "strong", "sub", "sup", "time", "u", "var", "s", "q", "meta", "link", "img",
})  # fmt: skip
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:related|sidebar|comments?|popular|recommend\w*|newsletter|promo\w*|teasers?|trending|latest|most-?read|"
    r"cookies?|consent|breadcrumbs?|share|social|menu|nav\w*|footer|widget|advert\w*|read-?more|mehr|also)(?:$|[\s_-])", re.I
)
_BLANKS = re.compile(r"[\s\u200b\u200e\u200f\u2060\ufeff]+")
PROSE = 140
"""Characters from which on a line is taken for a paragraph of the article."""
_MAX_STEPS, _MAX_LINES, _MAX_PROSE, _MAX_BEFORE = 500, 60, 4, 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of visible text, with the elements that begin in it."""

    text: str
    elements: tuple[HtmlElement, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Zone:
    """The lines just before and just after the headline, in page order."""

    before: tuple[Line, ...] = ()
    after: tuple[Line, ...] = ()

    def lines(self) -> Iterator[Line]:
        """Nearest first: those after the headline, then those before it, from below upwards."""
        yield from self.after
        yield from reversed(self.before)


def read_zone(headline: HtmlElement | None) -> Zone:
    """The lines around the element that holds the headline."""
    if headline is None:
        return Zone()
    return Zone(before=tuple(_before(headline)), after=tuple(_after(headline)))


def lines_after(element: HtmlElement, steps: int = _MAX_STEPS) -> Iterator[Line]:
    """The lines from the end of an element on, in page order, at most so many steps through the tree."""
    return _lines(_events(element, opening=False, steps=steps))


def _lines(events: Iterator[tuple[HtmlElement, bool]]) -> Iterator[Line]:
    pieces: list[str] = []
    elements: list[HtmlElement] = []
    for element, opens in events:
        if element.tag not in _INLINE:
            text = _squeeze(pieces)
            if text:
                yield Line(text=text, elements=tuple(elements))
                elements = []
            pieces = []
        if opens:
            elements.append(element)
        pieces.append((element.text if opens else element.tail) or "")
    text = _squeeze(pieces)
    if text:
        yield Line(text=text, elements=tuple(elements))


def _events(
    start: HtmlElement, *, opening: bool, steps: int, within: HtmlElement | None = None
) -> Iterator[tuple[HtmlElement, bool]]:
    """(element, True) where an element opens, (element, False) where one closes, in page order from `start` on."""
    element: HtmlElement | None = start
    for _ in range(steps):
        if element is None or (element is within and not opening):
            return
        if opening and not is_silent(element):
            yield element, True
            if len(element):
                element = element[0]
                continue
            if element is within:
                return
        yield element, False
        following = element.getnext()
        opening = following is not None
        element = element.getparent() if following is None else following


def is_silent(element: HtmlElement) -> bool:
    """Whether an element shows no text, or text that is not about this article."""
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return True
    if element.get("hidden") is not None or "display:none" in element.get("style", "").replace(" ", ""):
        return True
    names = element.get("class", "")
    return len(names) < 400 and bool(_ELSEWHERE.search(names))


def _squeeze(pieces: list[str]) -> str:
    return _BLANKS.sub(" ", "".join(pieces)).strip()


def _after(headline: HtmlElement) -> Iterator[Line]:
    prose = 0
    for number, line in enumerate(lines_after(headline)):
        prose += len(line.text) >= PROSE
        if prose > _MAX_PROSE or number > _MAX_LINES or any(e.tag == "h1" for e in line.elements):
            return
        yield line


def _before(headline: HtmlElement) -> list[Line]:
    """The lines before the headline inside the nearest elements around it, as long as these hold few."""
    lines: list[Line] = []
    element: HtmlElement | None = headline
    for _ in range(5):
        if element is None or element.tag in ("body", "html") or len(lines) >= _MAX_BEFORE:
            break
        sibling = element.getprevious()
        for _ in range(_MAX_BEFORE):
            if sibling is None:
                break
            if not is_silent(sibling):
                lines = _inside(sibling) + lines
            sibling = sibling.getprevious()
        element = element.getparent()
    return lines[-_MAX_BEFORE:]


def _inside(element: HtmlElement) -> list[Line]:
    """The lines inside one element, if it has few."""
    lines = list(_lines(_events(element, opening=True, steps=80, within=element)))
    return lines if len(lines) <= _MAX_BEFORE else []
