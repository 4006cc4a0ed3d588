"""A publisher profile at work: its selectors decide where the general cleaner would have guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cssselect import HTMLTranslator
from lxml import etree

from backfile.cleaning.blocks import Box, PageBlocks, TextBlock
from backfile.cleaning.body.choose import Choice
from backfile.cleaning.publishers import Layout, Profile, profiles_for
from backfile.model import Candidate, PageMetadata


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
    title: str = ""
    """The headline, where the layout says where it stands."""
    publisher: str = ""
    """The publisher's name, where the profile tells it."""
    authors: tuple[str, ...] = ()
    """Those who sign, where site rules say where they stand."""
    published: str = ""


def fit_profile(tree: etree._Element, url: str, published: str, own: Sequence[Profile] = ()) -> Fitted | None:
    """The layout of the page's publisher that this page has; None where there is no profile or no layout fits."""
    for profile, layout in ((each, layout) for each in profiles_for(url, own) for layout in each.layouts):
        body = frozenset(_select(tree, layout.body))
        if body and layout.fits(published):
            drop = {box: reason for reason, selectors in layout.drop.items() for box in _select(tree, selectors)}
            headline = next(iter(_select(tree, layout.title)), None)
            return Fitted(
                name=profile.name,
                publisher=profile.name,
                layout=layout,
                body=body,
                standfirst=frozenset(_select(tree, layout.standfirst)),
                drop=drop,
                title="" if headline is None else " ".join("".join(map(str, headline.itertext())).split()),
            )
    return None


def with_profile_fields(found: PageMetadata, fitted: Fitted | None) -> PageMetadata:
    """The metadata with the profile's name for the publisher, and the headline from where the profile wants it."""
    if not fitted:
        return found
    found = replace(found, publisher=fitted.publisher or found.publisher)
    reason = f"profile {fitted.name}"
    offered = [
        c for source in fitted.layout.title_from for c in found.candidates if (c.field, c.source) == ("title", source)
    ]
    if fitted.title:
        offered = [Candidate(field="title", value=fitted.title, source=" ".join(fitted.layout.title) or fitted.name)]
    if not offered:
        return found
    chosen = replace(offered[0], chosen=True, reason=reason)
    others = (replace(c, chosen=False) if c.field == "title" else c for c in found.candidates if c is not offered[0])
    return replace(found, title=chosen.value, candidates=(chosen, *others))


def with_profile_body(page: PageBlocks, choice: Choice, fitted: Fitted | None) -> Choice:
    """The choice of blocks that the profile makes."""
    if not fitted:
        return choice
    dropped = {block.index: _drop_reason(block, fitted) for block in page.blocks}
    reasons = dict(choice.reasons)
    chosen: list[bool] = []
    for block, picked in zip(page.blocks, choice.chosen, strict=True):
        inside = _is_in(block, fitted.body)
        chosen.append(not dropped[block.index] and (_is_in(block, fitted.standfirst) or (inside and picked)))
        if inside and dropped[block.index]:
            reasons[block.index] = f"{dropped[block.index]} (profile {fitted.name})"
    if not any(chosen):
        return choice
    return replace(choice, chosen=tuple(chosen), reasons=reasons, confidence=1.0)


def profile_dropped(page: PageBlocks, fitted: Fitted | None) -> frozenset[int]:
    """The blocks that the profile drops, by their index."""
    return frozenset(block.index for block in page.blocks if _drop_reason(block, fitted)) if fitted else frozenset()


def _drop_reason(block: TextBlock, fitted: Fitted) -> str:
    return next((fitted.drop[box.element] for box in _boxes(block.box) if box.element in fitted.drop), "")


def _is_in(block: TextBlock, elements: frozenset[etree._Element]) -> bool:
    return any(box.element in elements for box in _boxes(block.box))


def profile_standfirst(page: PageBlocks, kept: Sequence[bool], fitted: Fitted | None) -> list[TextBlock]:
    """The blocks that are the standfirst by the profile."""
    if not fitted:
        return []
    picked = (block for block in page.blocks if kept[block.index])
    return [block for block in picked if _is_in(block, fitted.standfirst)]


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
