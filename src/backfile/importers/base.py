"""What an importer is: it knows its format by the first bytes, and turns a file into captures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backfile.model import Capture

HEAD = 64 * 1024
"""How many bytes of a file its format is known by."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Importer:
    """One format of saved files."""

    name: str
    rank: int
    """Importers are asked in this order: sure marks first, guesses last."""
    recognises: Callable[[bytes, str], bool]
    """(the first bytes, the file's name) → is it this format?"""
    captures: Callable[[Path, str], Iterator[Capture]]
    """(the file, its origin as captures name it) → the pages in it. Raises ReadError for a file that is damaged."""
