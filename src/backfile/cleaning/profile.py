"""A publisher profile at work: its selectors decide where the general cleaner would have guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cssselect import HTMLTranslator
from lxml import etree

from backfile.cleaning.blocks import Box, PageBlocks, TextBlock
from backfile.cleaning.body.choose import Choice
from backfile.cleaning.publishers import Layout, profile_for
from backfile.model import PageMetadata


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """A page's layout, found on the page."""

    name: str
    """The profile's."""
    layout: Layout
    body: frozenset[etree._Element]
    standfirst: frozenset[etree._Element]
    drop: dict[etree._Element, str]
    """Box → reason."""


def fit_profile(tree: etree._Element, url: str, published: str) -> Fitted | None:
    """The layout of the page's publisher that this page has; None where there is no profile or no layout fits."""
    profile = profile_for(url)
    for layout in profile.layouts if profile else ():
        body = frozenset(_select(tree, layout.body))
        if profile and body and layout.fits(published):
            drop = {box: reason for reason, selectors in layout.drop.items() for box in _select(tree, selectors)}
            standfirst = frozenset(_select(tree, layout.standfirst))
            return Fitted(name=profile.name, layout=layout, body=body, standfirst=standfirst, drop=drop)
    return None


def with_profile_fields(found: PageMetadata, fitted: Fitted | None) -> PageMetadata:
    """The metadata with the profile's name for the publisher, and the headline from where the profile wants it."""
    if not fitted:
        return found
    found = replace(found, publisher=fitted.name)
    for source in fitted.layout.title_from:
        offered = next((c for c in found.candidates if c.field == "title" and c.source == source), None)
        if offered:
            reason = f"profile {fitted.name}"
            others = (
                replace(c, chosen=False) if c.field == "title" else c for c in found.candidates if c is not offered
            )
            chosen = replace(offered, chosen=True, reason=reason)
            return replace(found, title=offered.value, candidates=(chosen, *others))
    return found


def with_profile_body(page: PageBlocks, choice: Choice, fitted: Fitted | None) -> Choice:
    """The choice of blocks that the profile makes."""
    if not fitted:
        return choice
    chosen: list[bool] = []
    reasons = dict(choice.reasons)
    for block in page.blocks:
        why = next((fitted.drop[box.element] for box in _boxes(block.box) if box.element in fitted.drop), "")
        inside = any(box.element in fitted.body or box.element in fitted.standfirst for box in _boxes(block.box))
        chosen.append(inside and not why and block.index not in choice.reasons)
        if inside and why:
            reasons[block.index] = f"{why} (profile {fitted.name})"
    if not any(chosen):
        return choice
    return replace(choice, chosen=tuple(chosen), reasons=reasons, confidence=1.0)


def profile_standfirst(page: PageBlocks, kept: Sequence[bool], fitted: Fitted | None) -> list[TextBlock]:
    """The blocks that are the standfirst by the profile."""
    if not fitted:
        return []
    picked = (block for block in page.blocks if kept[block.index])
    return [block for block in picked if any(box.element in fitted.standfirst for box in _boxes(block.box))]


def _boxes(box: Box | None) -> Iterable[Box]:
    while box:
        yield box
        box = box.parent


def _select(tree: etree._Element, selectors: tuple[str, ...]) -> list[etree._Element]:
    found = (_compiled(selector)(tree) for selector in selectors)
    elements = (element for some in found if isinstance(some, list) for element in some)
    return [element for element in elements if isinstance(element, etree._Element)]


@lru_cache(512)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(HTMLTranslator().css_to_xpath(selector))
