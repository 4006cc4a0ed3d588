"""The overview of a shelf: all publishers, all tags, all authors…, with how many articles each has.

Where they are many, the overview shows the fullest, and the others stand on pages by their first letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from backfile.catalog import Catalog
from backfile.i18n import interface
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.pages.shelves import SHELVES, Node

MANY = 400
"""A page with more names than this is cut by their letters."""
FULLEST = 60

_NUMBER = re.compile(r"\d+")

Row = tuple[str, str, int]
"""(name, page, how many articles)"""


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield from SHELVES


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from SHELVES


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    ui = interface(view.language)
    shelf = SHELVES[key]
    lists = [
        (slug, (ui.name_of(name) if key == "language" else name, Node(shelf=key, key=slug).path, count))
        for slug, (name, count) in catalog.keys(key).items()
    ]
    parts = by_letters(lists)
    letters = [(letters, f"{shelf.folder}/a-z-{letters}.html", len(rows)) for letters, rows in parts if letters]
    index = sorted((row for _, row in lists), key=lambda row: (-row[2], row[1]))[:FULLEST] if letters else parts[0][1]
    context = {"shelf": shelf, "letters": letters, "here": "", "lists": index}
    yield Page(path=f"{shelf.folder}/index.html", template="overview.html", context=context)
    for (here, path, _), (_, rows) in zip(letters, parts, strict=False):
        yield Page(path=path, template="overview.html", context={**context, "here": here, "lists": rows})


def by_letters(lists: Sequence[tuple[str, Row]]) -> list[tuple[str, list[Row]]]:
    """Rows by the first letters of their slugs, as many letters as it takes to make each part small; in order.

    All together under no letters where they are few.
    """
    found: list[tuple[str, list[Row]]] = []
    waiting = [("", list(lists))]
    while waiting:
        letters, rows = waiting.pop()
        if len(rows) <= MANY or all(slug == letters for slug, _ in rows):
            found.append((letters, [row for _, row in sorted(rows, key=_natural)]))
            continue
        parts: dict[str, list[tuple[str, Row]]] = {}
        for slug, row in rows:
            parts.setdefault(slug[: len(letters) + 1], []).append((slug, row))
        waiting.extend(parts.items())
    return sorted(found)


def _natural(item: tuple[str, Row]) -> tuple[str, str]:
    """By letters without accents, and numbers by what they count."""
    return _NUMBER.sub(lambda found: found[0].zfill(12), item[0]), item[1][1]


PAGE_TYPE = PageType(name="overview", keys=_keys, every=_every, pages=_pages)
