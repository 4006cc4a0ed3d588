"""Files that belong to another one: those of a "complete" page, the bodies of an unpacked export."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

_ENDINGS = (
    "_files", "_fichiers", "-Dateien", "-dateien", "_archivos", "_ficheiros", "_arquivos", "_file", "_bestanden",
    "-filer", "_filer", "-tiedostot", "_soubory", "_pliki", "_elemei", "_dosyalar", "_файлы", "_файли", "_súbory",
    "_datoteke", "_fitxers", "_fitxategiak", "_arquivos", ".files", ".fichiers", ".Dateien",
)  # fmt: skip
_OMNIVORE = re.compile(r"(?:^|/)metadata_\d+_to_\d+\.json$")
PAGES = (".html", ".htm", ".xhtml", ".shtml", ".php", ".aspx")
"""Names of files that are pages."""


def parts_of_pages(names: Iterable[str]) -> frozenset[str]:
    """Those of some paths (with `/`) that lie in the folder of a page among them."""
    found = frozenset(names)
    inside = {name: [str(f) for f in PurePosixPath(name).parents if str(f).endswith(_ENDINGS)] for name in found}
    folders = {folder for some in inside.values() for folder in some}
    of_pages = {folder for folder in folders if _has_page(folder, found)}
    of_exports = {f"{_folder(name)}{inner}/" for name in found for inner in _inner(name)}
    return frozenset(
        name
        for name, some in inside.items()
        if not of_pages.isdisjoint(some) or any(each in of_exports for each in _folders(name))
    )


def folders_of_page(page: Path) -> list[Path]:
    """The folders beside a saved page that hold its pictures and styles."""
    stem = page.name.removesuffix(page.suffix)
    beside = (page.with_name(stem + ending) for ending in _ENDINGS) if page.suffix.lower() in PAGES else ()
    return [folder for folder in beside if folder.is_dir() and not folder.is_symlink()]


def _inner(name: str) -> tuple[str, ...]:
    """The folders beside the list of an export in which its bodies and attachments are."""
    if _OMNIVORE.search(name):
        return ("content", "contents", "highlights")
    return ("files",) if name.endswith(".rdf") else ()


def _folder(name: str) -> str:
    return name[: name.rfind("/") + 1]


def _folders(name: str) -> list[str]:
    return [name[: n + 1] for n, sign in enumerate(name) if sign == "/"]


def _has_page(folder: str, names: frozenset[str]) -> bool:
    stems = (folder.removesuffix(ending) for ending in _ENDINGS if folder.endswith(ending))
    return any(stem + page in names for stem in stems for page in PAGES)
