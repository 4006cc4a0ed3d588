"""The page of one list: a publisher, a tag, an author, a year, a month, a day."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import UNDATED, Catalog
from backfile.i18n import interface
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.feed import feed_of
from backfile.pages.grids import Month, month_grid
from backfile.pages.shelves import ALL, CUT, SHELVES, Node, has_page, is_cut, node_of, nodes, parent, with_pages

NEWEST = 20
"""How many articles a list that is cut shows beside its calendar."""


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    for node in nodes(entry):
        if _is_home(node):
            continue
        yield node.page_key


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    for node in with_pages(catalog, ALL, ""):
        if not _is_home(node):
            yield node.page_key
    for shelf in SHELVES:
        for key in catalog.keys(shelf):
            yield from (node.page_key for node in with_pages(catalog, shelf, key))


def _pages(catalog: Catalog, view: View, page_key: str) -> Iterator[Page]:
    node = node_of(page_key)
    when, _, letters = node.period.partition(".")
    if not has_page(catalog, node):
        return
    cut = is_cut(catalog, node)
    count = catalog.count(node.shelf, node.key, node.period)
    shortened = cut and count > CUT
    shown = (NEWEST if not node.period.startswith(UNDATED) else 0) if shortened else -1
    grids = _grids(catalog, view, node)
    context = {
        "shelf": SHELVES.get(node.shelf),
        "name": catalog.name(node.shelf, node.key),
        "front_page": node.shelf == ALL and len(node.period) == 10,
        "period": when,
        "letters": letters,
        "count": count,
        "trail": _trail(node),
        "feed": feed_of(catalog, view, node) if node.shelf != ALL and not node.period else None,
        "calendar": _calendar(catalog, node) if cut and not grids else [],
        "months": grids,
        "entries": catalog.entries(node.shelf, node.key, node.period, shown),
        "shortened": shortened,
    }
    yield Page(path=node.path, template="shelf.html", context=context)


def _grids(catalog: Catalog, view: View, node: Node) -> list[Month]:
    """The months of a year, or the one month, of the whole archive, with a link to each day."""
    if node.shelf != ALL or node.period == UNDATED or len(node.period) > 7:
        return []
    days = catalog.days(node.period)
    months = sorted({when[:7] for when in days})
    return [month_grid(interface(view.language), month, days) for month in months]


def _calendar(catalog: Catalog, node: Node) -> list[tuple[str, str, int]]:
    """(period, its page, how many articles) for each period below, newest first, the undated last; or an alphabet."""
    found = catalog.periods(node.shelf, node.key, node.period)
    alphabet = any("." in period for period in found)
    order = sorted(found, key=lambda period: (alphabet or period != UNDATED, period), reverse=not alphabet)
    return [(p, Node(shelf=node.shelf, key=node.key, period=p).path, found[p]) for p in order]


def _trail(node: Node) -> list[tuple[str, str]]:
    """(period, page) of the lists above in the same list, from the top; the period of the first is empty."""
    trail: list[tuple[str, str]] = []
    while node.period:
        node = parent(node)
        if not _is_home(node):
            trail.insert(0, (node.period, node.path))
    return trail


def _is_home(node: Node) -> bool:
    return node.shelf == ALL and not node.period


PAGE_TYPE = PageType(name="shelf", keys=_keys, every=_every, pages=_pages)
