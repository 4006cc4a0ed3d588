"""The page of one article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backfile.catalog import Catalog
from backfile.markdown import load_article
from backfile.model import Entry, Figure, Page, Receipt
from backfile.pages.base import PageType, View
from backfile.pages.shelves import SHELVES, Node, standings
from backfile.prose import article_html
from backfile.receipts import read_receipt


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield entry.source
    yield from (neighbour.source for neighbour in catalog.neighbours(entry) if neighbour)


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from catalog.sources()


def _pages(catalog: Catalog, view: View, source: str) -> Iterator[Page]:
    entry = catalog.entry(source)
    if not entry:
        return
    text = (view.content / "articles" / source).read_text("utf-8", "replace")
    article = load_article(text).article
    receipt = read_receipt(view.content / "receipts", article.id) if article.id else None
    before, after = catalog.neighbours(entry)
    context = {
        "entry": entry,
        "article": article,
        "body": article_html(article.body, {figure.url: figure for figure in article.figures if figure.url}),
        "lead": _lead(article.figures, article.body),
        "shelves": _shelves(entry),
        "removed": _by_reason(receipt),
        "before": before,
        "after": after,
    }
    yield Page(path=entry.output, template="article.html", context=context)


def _lead(figures: tuple[Figure, ...], body: str) -> Figure | None:
    """The lead picture, where the body does not show it already."""
    lead = next((figure for figure in figures if figure.lead), None)
    return None if lead and lead.url and f"({lead.url}" in body else lead


def _shelves(entry: Entry) -> dict[str, list[tuple[str, str]]]:
    """Shelf → (name, page) of the lists in which the article stands."""
    found: dict[str, list[tuple[str, str]]] = {shelf: [] for shelf in SHELVES}
    for standing in standings(entry):
        if standing.shelf in found:
            found[standing.shelf].append((standing.name, Node(shelf=standing.shelf, key=standing.key).path))
    return found


def _by_reason(receipt: Receipt | None) -> dict[str, list[str]]:
    """Reason → texts of the removed parts, in the order of the page."""
    reasons: dict[str, list[Any]] = {}
    for removal in receipt.removed if receipt else ():
        reasons.setdefault(removal.reason, []).append(removal.text)
    return reasons


PAGE_TYPE = PageType(name="article", keys=_keys, every=_every, pages=_pages)
