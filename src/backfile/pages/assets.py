"""The theme's fixed files: everything in `templates/assets/`, copied as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backfile.catalog import Catalog
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View
from backfile.theme import asset_names, read_asset

_COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}|[a-z]{3,30}|(?:rgb|hsl|hwb|lab|lch|oklab|oklch|light-dark)\([-#\w\s.,%/()]{1,120}\)"
)


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    return iter(())


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from asset_names(view.templates)


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    data = read_asset(view.templates, key)
    if key == "style.css" and _COLOUR.fullmatch(view.accent) and data is not None:
        data += f"\n:root {{ --accent: {view.accent}; }}\n".encode()
    if data is not None:
        yield Page(path=f"assets/{key}", data=data)


PAGE_TYPE = PageType(name="assets", keys=_keys, every=_every, pages=_pages)
