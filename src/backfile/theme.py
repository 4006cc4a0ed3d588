"""Where templates and assets are: the site's own first, then those that come with Backfile."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path


@cache
def default_templates() -> Path:
    """The theme that comes with Backfile: in the installed package, or at the top of its source tree."""
    packaged = Path(__file__).parent / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "templates"


def template_folders(own: Path) -> tuple[Path, ...]:
    """The folders in which a template is looked for, in order."""
    return tuple(dict.fromkeys((own.resolve(), default_templates().resolve())))


def asset_names(own: Path) -> list[str]:
    """Every file of the theme that goes into the site as it is."""
    names: set[str] = set()
    for folder in template_folders(own):
        assets = folder / "assets"
        names.update(
            path.relative_to(assets).as_posix() for path in assets.rglob("*") if path.is_file() and path.name[0] != "."
        )
    return sorted(names)


def read_asset(own: Path, name: str) -> bytes | None:
    """The bytes of an asset; None where no folder has it."""
    for folder in template_folders(own):
        path = folder / "assets" / name
        if path.is_file():
            return path.read_bytes()
    return None


def theme_digest(own: Path) -> str:
    """A digest of every template and asset in use."""
    digest = hashlib.sha256()
    for folder in template_folders(own):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(f"{path.relative_to(folder).as_posix()}\0".encode("utf-8", "surrogateescape"))
                digest.update(path.read_bytes())
    return digest.hexdigest()
