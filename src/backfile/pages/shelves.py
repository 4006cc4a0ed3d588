"""Shelves: every way in which articles stand together (all, publisher, tag, author…), cut by the calendar.

A shelf's list shows all its articles while they are few. A longer one shows the newest and a calendar of its years,
each year likewise its months, each month its days. So lists never grow without end, and a list's address never
shifts when an article comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from backfile.catalog import UNDATED, Catalog, Standing, place_in_time
from backfile.model import Entry
from backfile.paths import shelf_slug

CUT = 120
"""A list with more articles than this is cut."""

_STEPS = (1, 2, 4)
"""How many letters the steps of an alphabet take, the last with hex digits that part what begins alike."""

ALL = "all"
VERSIONED = "versioned"
"""The shelf of the articles of which there are several captures. It has a page type of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """A way in which articles stand together."""

    name: str
    folder: str
    """Where its pages are, from the site's root."""
    label: str
    """Its heading, in English: a message of the interface."""


SHELVES = {
    shelf.name: shelf
    for shelf in (
        Shelf(name="publisher", folder="publishers", label="Publishers"),
        Shelf(name="author", folder="authors", label="Authors"),
        Shelf(name="agency", folder="agencies", label="Agencies"),
        Shelf(name="section", folder="sections", label="Sections"),
        Shelf(name="tag", folder="tags", label="Topics"),
        Shelf(name="language", folder="languages", label="Languages"),
        Shelf(name="link", folder="links", label="Links only"),
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A shelf's list in a period: `""` for all time, `2025`, `2025-01`, `2025-01-05` or `undated`.

    Where even a day or the undated are too many, an alphabet goes on: `undated.h`, `undated.ha`, `undated.ha3f`.
    """

    shelf: str
    key: str
    period: str = ""

    @property
    def page_key(self) -> str:
        """The node as the key of a page."""
        return f"{self.shelf}/{self.key}/{self.period}"

    @property
    def path(self) -> str:
        """Its page."""
        if self.shelf == ALL:
            folder, _, letters = self.period.replace("-", "/").partition(".")
            return "/".join(filter(None, (folder, "a-z" if letters else "", f"{letters or 'index'}.html")))
        return f"{SHELVES[self.shelf].folder}/{self.key}/{self.period or 'index'}.html"


def node_of(page_key: str) -> Node:
    """The node that a page key names."""
    shelf, key, period = page_key.split("/")
    return Node(shelf=shelf, key=key, period=period)


def standings(entry: Entry) -> Iterator[Standing]:
    """Every shelf on which an article stands; what is only a link stands apart, under its site."""
    if entry.link_only:
        site = urlsplit(entry.url).hostname or ""
        yield Standing(shelf="link", key=shelf_slug(site), name=site.removeprefix("www."))
        return
    yield Standing(shelf=ALL, key="", name="")
    if entry.versions:
        yield Standing(shelf=VERSIONED, key="", name="")
    names = {
        "publisher": (entry.publisher,),
        "author": entry.authors,
        "agency": entry.agencies,
        "section": (entry.section,),
        "tag": entry.tags,
        "language": (entry.lang,),
    }
    for shelf, values in names.items():
        yield from (Standing(shelf=shelf, key=shelf_slug(name), name=name) for name in values if name.strip())


def nodes(entry: Entry) -> Iterator[Node]:
    """Every list in which an article might show."""
    when, _, steps = place_in_time(entry).partition(".")
    heads = ("", UNDATED) if when == UNDATED else ("", when[:4], when[:7], when)
    periods = (*heads, *(f"{when}.{steps[:length]}" for length in _STEPS))
    for standing in standings(entry):
        if standing.shelf == VERSIONED:
            continue
        yield from (Node(shelf=standing.shelf, key=standing.key, period=period) for period in periods)


def is_cut(catalog: Catalog, node: Node) -> bool:
    """True where the periods below the node have pages of their own; those of the whole archive always have."""
    head, _, letters = node.period.partition(".")
    if len(letters) == _STEPS[-1]:
        return False
    whole = node.shelf == ALL and len(head) < 8 and head != UNDATED
    return whole or catalog.count(node.shelf, node.key, node.period) > CUT


def has_page(catalog: Catalog, node: Node) -> bool:
    """True where a node is a page of its own: something stands there, and the list above it is cut."""
    if not catalog.count(node.shelf, node.key, node.period):
        return False
    return not node.period or is_cut(catalog, parent(node))


def parent(node: Node) -> Node:
    """The list one step up."""
    head, _, letters = node.period.partition(".")
    if letters:
        above = ".".join(filter(None, (head, letters[: len(letters) // 2])))
    else:
        above = "" if head == UNDATED or len(head) == 4 else head[:-3]
    return Node(shelf=node.shelf, key=node.key, period=above)


def below(catalog: Catalog, node: Node) -> Iterator[Node]:
    """The nodes one step below, whether they have a page or not."""
    for period in catalog.periods(node.shelf, node.key, node.period):
        yield Node(shelf=node.shelf, key=node.key, period=period)


def with_pages(catalog: Catalog, shelf: str, key: str) -> Iterator[Node]:
    """Every node of a list that has a page."""
    waiting = [Node(shelf=shelf, key=key)]
    while waiting:
        node = waiting.pop()
        yield node
        if is_cut(catalog, node):
            waiting.extend(below(catalog, node))


def signature(catalog: Catalog, touched: Iterable[Node]) -> dict[tuple[str, str], tuple[str, ...]]:
    """What decides which pages the touched lists have and what heads them, to be compared before and after a change.

    (shelf, key) → its name and the touched periods that are cut.
    """
    lists: dict[tuple[str, str], list[str]] = {}
    cut: set[Node] = set()
    for node in sorted(set(touched), key=lambda n: n.page_key):
        facts = lists.setdefault((node.shelf, node.key), [catalog.name(node.shelf, node.key)])
        if (not node.period or parent(node) in cut) and is_cut(catalog, node):
            cut.add(node)
            facts.append(node.period)
    return {where: tuple(facts) for where, facts in lists.items()}
