"""What a page type is, and what its pages know of the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backfile.catalog import Catalog
from backfile.model import Entry, Page


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenPage:
    """A hand-written page, as the menu shows it."""

    source: str
    """Its file in `content/pages/`."""
    path: str
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """The site as its pages see it."""

    title: str
    description: str
    language: str
    address: str
    accent: str
    footer: str
    licence: str
    extensions: tuple[str, ...]
    """Of Python-Markdown, for hand-written pages."""
    home: tuple[str, ...]
    """The parts of the home page, by name."""
    menu: tuple[tuple[str, str], ...]
    """(page, label) of the main ways in, which every page shows above."""
    ways: tuple[tuple[str, str], ...]
    """(page, label) of the others, which every page shows below."""
    search: bool
    """True where the site has a search page."""
    written: tuple[WrittenPage, ...]
    content: Path
    """The folder with articles, receipts and pages."""
    templates: Path
    """The site's own templates."""


def _none(catalog: Catalog, entry: Entry) -> Iterable[str]:
    """Of no page."""
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PageType:
    """A kind of page.

    `keys`, `text_keys` and `pages` together are what makes incremental builds exact: an article that comes, goes or
    changes makes the pages of its keys dirty (before and after the change), and every page is made by `pages` from what
    the catalog holds then. A key whose `pages` are none any more loses its files.
    """

    name: str
    keys: Callable[[Catalog, Entry], Iterable[str]] = _none
    """The keys of the pages that show something of this article, whatever it is."""
    every: Callable[[Catalog, View], Iterable[str]]
    """All keys that there are."""
    pages: Callable[[Catalog, View, str], Iterator[Page]]
    """The files of a key."""
    text_keys: Callable[[Catalog, Entry], Iterable[str]] = _none
    """The keys of the pages that show its text or its length: the only ones made anew where nothing else changes."""
