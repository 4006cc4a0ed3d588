"""Microdata and RDFa: the values that elements of the page mark as the article's."""

from __future__ import annotations

from itertools import islice

from lxml.html import HtmlElement

from backfile.cleaning.metadata.facts import Facts, plain, words_of
from backfile.cleaning.metadata.zone import is_comment

_VALUES = ("content", "datetime", "value")
_ADDRESSES = ("href", "src", "data-src")
_PROPERTY_PREFIXES = ("schema:", "dc:", "dcterms:", "og:", "article:")
_OTHER_THINGS = ("comment", "product", "offer", "rating", "breadcrumb", "itemlist")
_THING = ("itemtype", "itemscope", "typeof")
_MAX_DEPTH = 200


def marked_values(facts: Facts, wanted: frozenset[str]) -> dict[str, list[str]]:
    """Property as in `wanted`, without prefix → its values, in page order; case does not matter.

    A property of a nested thing (the picture's author) is left to that thing; of several articles only the first is
    read, since the others are teasers; of properties outside of any thing the first that is about this article."""
    names = {name.lower(): name for name in wanted}
    found: dict[str, list[str]] = {}
    article: HtmlElement | None = None
    for element in facts.marked:
        scope = _scope(element)
        if scope is not None and _is_article(scope):
            if article is None:
                article = scope
            elif scope is not article:
                continue
        elif (article is not None or _is_other(scope)) if scope is not None else _is_beside(element):
            continue
        for key in _keys(element):
            name = names.get(key, "")
            value = value_of(element) if name and (scope is not None or name not in found) else ""
            if value:
                found.setdefault(name, []).append(value)
    return found


def value_of(element: HtmlElement) -> str:
    """What a marked element says: its attribute made for that, the name inside it, or its text."""
    value = next((element.get(a) for a in _VALUES if element.get(a)), None)
    if value is not None:
        return plain(value)
    if _is_thing(element):
        for part in element.iterdescendants():
            if "name" in (part.get("itemprop") or part.get("property") or "").lower().split():
                return value_of(part)
    text = words_of(element)
    return text or plain(next((element.get(a) for a in _ADDRESSES if element.get(a)), ""))


def _keys(element: HtmlElement) -> list[str]:
    keys = (element.get("itemprop") or element.get("property") or "").lower().split()
    for prefix in _PROPERTY_PREFIXES:
        keys = [k.removeprefix(prefix) for k in keys]
    return keys


def _is_thing(element: HtmlElement) -> bool:
    return any(element.get(attribute) is not None for attribute in _THING)


def _kind(element: HtmlElement) -> str:
    return (element.get("itemtype") or element.get("typeof") or "").lower().rstrip("/ ")


def _is_article(element: HtmlElement) -> bool:
    return _kind(element).endswith(("article", "posting", "report"))


def _is_other(element: HtmlElement) -> bool:
    return any(name in _kind(element) for name in _OTHER_THINGS)


def _is_beside(element: HtmlElement) -> bool:
    return any(map(is_comment, element.iterancestors()))


def _scope(element: HtmlElement) -> HtmlElement | None:
    return next((a for a in islice(element.iterancestors(), _MAX_DEPTH) if _is_thing(a)), None)
