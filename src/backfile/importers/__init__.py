"""Saved file → Captures: one file a format, found by its own test of the first bytes. Each defines `IMPORTER`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

from backfile.importers.base import HEAD, Importer
from backfile.report import ReadError


@cache
def importers() -> tuple[Importer, ...]:
    """Every importer of this folder, in the order in which they are asked."""
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    found = [module.IMPORTER for module in modules if hasattr(module, "IMPORTER")]
    return tuple(sorted(found, key=lambda importer: (importer.rank, importer.name)))


def importer_for(path: Path) -> Importer:
    """The importer that knows a file's format. Raises ReadError where the file cannot be read or none knows it."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror}). Check its permissions") from error
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise ReadError("is empty. Save the page again, or delete the file")
    for importer in importers():
        if importer.recognises(head, path.name):
            return importer
    raise ReadError("is not in a format that Backfile reads. Save the page as HTML or text")
