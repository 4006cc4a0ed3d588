"""Addresses of the archive's own pictures, as articles write them: `media/…`, whatever folder the article is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

FOLDER = "media"
"""Below `content/`, and below the site."""

_REFERENCE = re.compile(r"\]\((media/[^()\s<>\"\\:]{1,300})")
_UNUSUAL = re.compile(r"[\\:\x00-\x1f]")


def media_addresses(body: str) -> Iterator[str]:
    """The addresses in a Markdown text that lead below `content/media/`."""
    return (found[1] for found in _REFERENCE.finditer(body))


def media_name(address: str) -> str:
    """The file below `content/media/` that an address in an article names; empty for every other address."""
    name = unquote(address.partition("#")[0]).removeprefix(f"{FOLDER}/")
    parts = PurePosixPath(name).parts
    if not address.startswith(f"{FOLDER}/") or not parts or _UNUSUAL.search(name):
        return ""
    return "" if parts[0] == "/" or any(part.startswith(".") for part in parts) else name
