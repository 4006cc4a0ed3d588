"""Site rules at work: they say what a publisher profile would say, for hosts that have none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from lxml import etree

from backfile.cleaning.profile import Fitted
from backfile.cleaning.publishers import Layout
from backfile.cleaning.rules import Rules, compiled, rules_for
from backfile.dates import normal_date
from backfile.model import Candidate, PageMetadata

_NESTING = 400_000
"""Elements of a page, each counted as often as it is deep: what `//a//b` looks at. A page with more is left to the
general cleaner."""
_FOUND = 2_000
"""Elements that one rule may name."""
_AUTHORS = 20
_LONG = 300
"""Characters of a headline, a name or a date."""


def fit_rules(tree: etree._Element, url: str, folder: str) -> Fitted | None:
    """What the rules for a page's host say of it; None where there are none, or none of them finds a body.

    Pictures that the rules strip are taken out of the tree: they hold no words.
    """
    rules = rules_for(folder, url)
    if not rules or _is_nested(tree):
        return None
    body = next(filter(None, (frozenset(_elements(tree, xpath)) for xpath in rules.of("body"))), frozenset())
    if not body:
        return None
    for box in list(tree.iter("img")):
        if any(part.strip("'\"") in (box.get("src") or "") for part in rules.of("strip_image_src")):
            _take_out(box)
    reason = "site rules"
    drop = {box: reason for xpath in rules.of("strip") for box in _elements(tree, xpath)}
    drop |= dict.fromkeys(_named(tree, rules), reason)
    for box in body:
        drop.pop(box, None)
    return Fitted(
        name=f"{reason} {rules.name}",
        publisher="",
        layout=Layout(body=()),
        body=body,
        standfirst=frozenset(),
        drop=drop,
        title=next(_texts(tree, rules.of("title")), ""),
        authors=tuple(islice(_texts(tree, rules.of("author")), _AUTHORS)),
        published=next(filter(None, map(normal_date, _texts(tree, rules.of("date")))), ""),
    )


def with_rule_fields(found: PageMetadata, fitted: Fitted | None) -> PageMetadata:
    """The metadata with the authors and the date that rules find, where the page itself gives none."""
    if not fitted:
        return found
    reason = f"by {fitted.name}"
    if fitted.authors and not found.authors:
        named = (
            Candidate(field="author", value=name, source=fitted.name, chosen=True, reason=reason)
            for name in fitted.authors
        )
        found = replace(found, authors=fitted.authors, candidates=(*found.candidates, *named))
    if fitted.published and not found.published:
        told = Candidate(field="published", value=fitted.published, source=fitted.name, chosen=True, reason=reason)
        found = replace(found, published=fitted.published, candidates=(*found.candidates, told))
    return found


def _is_nested(tree: etree._Element) -> bool:
    depth = total = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        total += depth if event == "start" else 0
        if total > _NESTING:
            return True
    return False


def _results(tree: etree._Element, xpath: str) -> list[object]:
    path = compiled(xpath)
    try:
        found = path(tree) if path else []
    except etree.XPathError:
        return []
    return list(found[:_FOUND]) if isinstance(found, list) else [found]


def _elements(tree: etree._Element, xpath: str) -> list[etree._Element]:
    return [box for box in _results(tree, xpath) if isinstance(box, etree._Element) and isinstance(box.tag, str)]


def _named(tree: etree._Element, rules: Rules) -> Iterator[etree._Element]:
    """Elements with a part of an id or a class that is to go."""
    parts = [part.strip("'\"") for part in rules.of("strip_id_or_class")]
    for box in tree.iter(etree.Element) if parts else ():
        names = f"{box.get('id') or ''}\n{box.get('class') or ''}"
        if len(names) > 1 and any(part in names for part in parts):
            yield box


def _texts(tree: etree._Element, xpaths: tuple[str, ...]) -> Iterator[str]:
    for xpath in xpaths:
        for found in _results(tree, xpath):
            if isinstance(found, etree._Element):
                text = found.get("datetime") or "".join(map(str, found.itertext()))
            else:
                text = str(found) if isinstance(found, str) else ""
            text = " ".join(text.split())
            if 0 < len(text) <= _LONG:
                yield text


def _take_out(box: etree._Element) -> None:
    parent = box.getparent()
    if parent is None:
        return
    before = box.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (box.tail or "")
    else:
        parent.text = (parent.text or "") + (box.tail or "")
    parent.remove(box)
