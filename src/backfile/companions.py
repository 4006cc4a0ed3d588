"""The folder that a browser makes beside a "complete" page: its files are parts of the page, not pages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

_ENDINGS = (
    "_files", "_fichiers", "-Dateien", "-dateien", "_archivos", "_ficheiros", "_arquivos", "_file", "_bestanden",
    "-filer", "_filer", "-tiedostot", "_soubory", "_pliki", "_elemei", "_dosyalar", "_файлы", "_файли", "_súbory",
    "_datoteke", "_fitxers", "_fitxategiak", "_arquivos", ".files", ".fichiers", ".Dateien",
)  # fmt: skip
_PAGES = (".html", ".htm", ".xhtml", ".shtml", ".php", ".aspx")


def parts_of_pages(names: Iterable[str]) -> frozenset[str]:
    """Those of some paths (with `/`) that lie in the folder of a page among them."""
    found = frozenset(names)
    inside = {name: [str(f) for f in PurePosixPath(name).parents if str(f).endswith(_ENDINGS)] for name in found}
    folders = {folder for some in inside.values() for folder in some}
    of_pages = {folder for folder in folders if _has_page(folder, found)}
    return frozenset(name for name, some in inside.items() if not of_pages.isdisjoint(some))


def _has_page(folder: str, names: frozenset[str]) -> bool:
    stems = (folder.removesuffix(ending) for ending in _ENDINGS if folder.endswith(ending))
    return any(stem + page in names for stem in stems for page in _PAGES)
