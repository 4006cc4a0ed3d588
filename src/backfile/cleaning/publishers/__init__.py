"""Publisher profiles: what is known of the pages of some publishers, one TOML file each.

    name = "…"                      the publisher, as people write it; receipts name the profile by it
    domains = ["…"]                 its domains; all hosts below them count
    [[layouts]]                     how its pages look, newest first; the first one that fits a page is used
    until = 2024-10-14              pages published later look otherwise (optional)
    body = ["…"]                    CSS selectors of the boxes that hold the article's text
    standfirst = ["…"]              … of the standfirst
    title = ["…"]                   … of the headline, where the page's `h1` holds more than that
    title_from = ["meta og:title"]  where the headline is taken from, by the names that receipts give to sources
    [layouts.drop]                  reason → CSS selectors of boxes inside the body that are not the article's
    [[checks]]                      pages in our own words, one for each layout at least: what must come of them
    page = "…"                      the markup
    title = "…"                     its headline
    text = "…"                      its text, a paragraph a line

A profile that does no better than the general cleaner on its pages is deleted. A site's own profiles stand in its
`content/publishers/` (`rules`), in the same form; `checks` may be left out there.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import msgspec

_SELECTORS = 300
"""Of one profile."""
_LONGEST = 400
"""Characters of a selector."""
_STEPS = 5
"""Of a selector, and how deep its brackets may stand: what it costs grows with each."""


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a publisher's pages look, up to a date."""

    body: tuple[str, ...]
    standfirst: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    title_from: tuple[str, ...] = ()
    drop: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    until: dt.date | None = None

    def fits(self, published: str) -> bool:
        """False for a page published after this layout ended."""
        return not (self.until and published) or published[:10] <= self.until.isoformat()


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A page in one of the layouts, and what cleaning makes of it."""

    page: str
    title: str
    text: str


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known of a publisher's pages."""

    name: str
    domains: tuple[str, ...]
    layouts: tuple[Layout, ...]
    checks: tuple[Check, ...] = ()


@cache
def profiles() -> tuple[Profile, ...]:
    """Every profile of this folder, by name. Raises msgspec.ValidationError for a file that is wrong."""
    files = [file for file in resources.files(__name__).iterdir() if file.name.endswith(".toml")]
    found = [msgspec.convert(tomllib.loads(file.read_text("utf-8")), Profile) for file in files]
    return tuple(sorted(found, key=lambda profile: profile.name))


def profile_in(table: Mapping[str, Any]) -> Profile:
    """The profile that a person wrote. Raises ValueError, which says what is wrong: a key, or a selector."""
    found = msgspec.convert(table, Profile)
    selectors = [each for layout in found.layouts for each in _selectors(layout)]
    if len(selectors) > _SELECTORS:
        raise ValueError(f"it has more than {_SELECTORS} selectors")
    for selector in selectors:
        _check_selector(selector)
    return found


def _selectors(layout: Layout) -> Iterator[str]:
    yield from (*layout.body, *layout.standfirst, *layout.title)
    for some in layout.drop.values():
        yield from some


def _check_selector(selector: str) -> None:
    from cssselect import HTMLTranslator, SelectorError
    from lxml import etree

    costly = selector.count("(") > _STEPS or any(len(one.split()) > _STEPS for one in selector.split(","))
    if len(selector) > _LONGEST or costly:
        raise ValueError(f"`{selector[:40]}…` is too long a selector: at most {_STEPS} steps, {_LONGEST} characters")
    try:
        etree.XPath(HTMLTranslator().css_to_xpath(selector))(etree.Element("html"))
    except (SelectorError, etree.XPathError, ValueError) as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from error


@cache
def _by_domain() -> dict[str, Profile]:
    return {domain: profile for profile in profiles() for domain in profile.domains}


def profiles_for(url: str, own: Sequence[Profile] = ()) -> Iterator[Profile]:
    """The profiles of the publisher that an address belongs to: a site's own before that of this folder."""
    try:
        host = (urlsplit(url).hostname or "").split(".")
    except ValueError:
        return
    suffixes = [".".join(host[start:]) for start in range(len(host))]
    for known in ({domain: profile for profile in own for domain in profile.domains}, _by_domain()):
        yield from (known[suffix] for suffix in suffixes if suffix in known)
