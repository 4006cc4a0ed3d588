"""Statistics: the archive in figures."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import Catalog
from backfile.i18n import interface
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.grids import Plot, bars, time_plot
from backfile.pages.shelves import ALL, SHELVES, Node

_LARGEST = 20
_LENGTHS = (100, 200, 300, 400, 500, 600, 800, 1000, 1500, 2000, 3000)


def _text_keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield ""


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield ""


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    lengths = catalog.lengths()
    context = {
        "count": catalog.count(ALL, ""),
        "words": sum(words * count for words, count in lengths.items()),
        "plot": time_plot(catalog.months()),
        "shares": [
            (shelf, *_shares(catalog, shelf.name))
            for shelf in (SHELVES["publisher"], SHELVES["language"], SHELVES["section"])
        ],
        "lengths": _length_plot(lengths),
        "removed": _removed_plot(view, catalog.shares_removed()),
    }
    yield Page(path="statistics/index.html", template="statistics.html", context=context)


def _shares(catalog: Catalog, shelf: str) -> tuple[int, list[tuple[str, str, int, float]]]:
    """How many lists a shelf has, and (name, page, how many, length of the bar in percent) of the fullest."""
    lists = catalog.keys(shelf)
    found = sorted(lists.items(), key=lambda item: (-item[1][1], item[0]))[:_LARGEST]
    highest = max((count for _, (_, count) in found), default=1)
    return len(lists), [
        (name, Node(shelf=shelf, key=key).path, count, round(count / highest * 100, 1)) for key, (name, count) in found
    ]


def _length_plot(lengths: dict[int, int]) -> Plot | None:
    """How many articles have up to so many words."""
    if not lengths:
        return None
    counts = dict.fromkeys([*_LENGTHS, 0], 0)
    for words, count in lengths.items():
        counts[next((limit for limit in _LENGTHS if words <= limit), 0)] += count
    labels = [*(f"≤ {limit}" for limit in _LENGTHS), f"> {_LENGTHS[-1]}"]
    return _plot(list(zip(labels, counts.values(), strict=True)))


def _removed_plot(view: View, tenths: dict[int, int]) -> Plot | None:
    """Of how many saved pages how much is not in the article."""
    if not tenths:
        return None
    percent = interface(view.language).percent
    return _plot([(f"{percent(n / 10)}–{percent((n + 1) / 10)}", tenths.get(n, 0)) for n in range(10)])


def _plot(counts: list[tuple[str, int]]) -> Plot:
    drawn, highest = bars([(label, count, "") for label, count in counts])
    return Plot(width=720, height=90, bars=drawn, marks=tuple((bar.x, bar.label) for bar in drawn), highest=highest)


PAGE_TYPE = PageType(name="statistics", text_keys=_text_keys, every=_every, pages=_pages)
