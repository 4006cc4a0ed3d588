"""The ways into the archive that every page shows."""

from __future__ import annotations

from collections.abc import Sequence

from backfile.pages.shelves import SHELVES

Menu = tuple[tuple[str, str], ...]


WAYS = {
    "calendar": ("calendar/index.html", "Calendar"),
    **{shelf.folder: (f"{shelf.folder}/index.html", shelf.label) for shelf in SHELVES.values()},
    "on-this-day": ("on-this-day/index.html", "On this day"),
    "statistics": ("statistics/index.html", "Statistics"),
}
"""Name in the configuration → (page, label in English)."""

_ABOVE = 4
"""How many of them every page shows above."""


def menus(chosen: Sequence[str]) -> tuple[Menu, Menu]:
    """The ways in that every page shows above, and those that it shows below."""
    ways = tuple(WAYS[name] for name in chosen)
    return ways[:_ABOVE], ways[_ABOVE:]
