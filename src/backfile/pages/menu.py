"""The ways into the archive that every page shows."""

from __future__ import annotations

from backfile.pages.shelves import SHELVES

_PAGES = {name: (f"{shelf.folder}/index.html", shelf.label) for name, shelf in SHELVES.items()}

MENU = (("calendar/index.html", "Calendar"), _PAGES["publisher"], _PAGES["tag"], _PAGES["author"])
"""(page, label) of the main ones."""

WAYS = (
    _PAGES["section"],
    _PAGES["agency"],
    _PAGES["language"],
    ("on-this-day/index.html", "On this day"),
    ("statistics/index.html", "Statistics"),
    _PAGES["link"],
)
"""(page, label) of the others."""
