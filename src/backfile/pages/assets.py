"""The theme's fixed files: everything in `templates/assets/`, copied as it is."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import Catalog
from backfile.colours import accent_style
from backfile.model import Page
from backfile.pages.base import PageType, View
from backfile.theme import asset_names, read_asset


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from asset_names(view.templates)


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    data = read_asset(view.templates, key)
    accent = accent_style(view.accent)
    if key == "style.css" and accent and data is not None:
        data += f"\n:root {{ --accent: {accent}; }}\n".encode()
    if data is not None:
        yield Page(path=f"assets/{key}", data=data)


PAGE_TYPE = PageType(name="assets", every=_every, pages=_pages)
