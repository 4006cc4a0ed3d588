"""Pages → build/: the only module that writes there.

Order: articles and assets first, then what lists them, then feeds, removals last; each file by rename. So every link
of a site whose build is killed still resolves, and the next build finishes it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from backfile.catalog import read_catalog
from backfile.files import TEMPORARY, write_replaceable
from backfile.model import Page
from backfile.pages import page_types
from backfile.pages.base import View
from backfile.render import Renderer, make_renderer
from backfile.report import SiteError
from backfile.workers import chunks, run

MARK = ".backfile-site"
"""A file that says that Backfile made this folder, and may remove its own files from it."""

_STAGES = (
    ("assets", "media"),
    ("article", "versions", "family", "written"),
    ("shelf",),
    ("overview", "calendar", "anniversary", "statistics"),
)
"""What others link to comes first; every other type is written last."""
_CHUNK = 100
_OURS = (
    ".html",
    ".xml",
    ".json",
    ".css",
    ".js",
    ".txt",
    ".svg",
    ".png",
    ".webp",
    ".gif",
    ".avif",
    ".webmanifest",
    TEMPORARY,
)

PageKey = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a worker needs to write pages."""

    view: View
    catalog: Path
    out: Path
    look: str
    """A digest of the templates: with another one they are loaded anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """The files that a page key now is."""

    key: PageKey
    paths: tuple[str, ...]
    changed: int
    """How many of them were not there with these bytes before."""


def claim_folder(out: Path, written: Iterable[str] = ()) -> None:
    """Make sure that `out` is ours to write: marked so, empty, or with nothing in it but what was written before.

    Raises SiteError where it holds something that Backfile did not make.
    """
    if out.exists() and not out.is_dir():
        raise SiteError(f"{out} is a file. Name a folder with --out")
    if out.is_dir() and not (out / MARK).exists() and _strangers(out, {path.split("/")[0] for path in written}):
        raise SiteError(f"{out} holds files that Backfile did not make. Empty it, or name another folder with --out")
    out.mkdir(parents=True, exist_ok=True)
    if not (out / MARK).exists():
        write_replaceable(out / MARK, b"This folder is made by Backfile and made anew at each build.\n")


def _strangers(out: Path, ours: set[str]) -> bool:
    return any(item.name not in ours and not item.name.endswith(TEMPORARY) for item in out.iterdir())


def existing_files(out: Path) -> set[str]:
    """The paths of all files below `out` that a build may have made; hidden ones and foreign kinds are passed over."""
    found: set[str] = set()
    waiting = [(str(out), "")]
    while waiting:
        folder, prefix = waiting.pop()
        for item in os.scandir(folder):
            if item.is_dir(follow_symlinks=False):
                if not item.name.startswith("."):
                    waiting.append((item.path, f"{prefix}{item.name}/"))
            elif item.name.endswith(_OURS) and item.name != MARK:
                found.add(prefix + item.name)
    return found


def write_pages(target: Target, dirty: Sequence[PageKey], pool: Executor | None) -> Iterator[list[Written]]:
    """Write the files of dirty pages, some at a time, stage by stage; removals come after all else (`remove_files`)."""
    stages = {name: number for number, names in enumerate(_STAGES) for name in names}
    for number in range(len(_STAGES) + 1):
        keys = [key for key in dirty if stages.get(key[0], len(_STAGES)) == number]
        yield from run(pool, partial(_write_chunk, target), chunks(keys, _CHUNK))


def remove_files(out: Path, paths: Iterable[str]) -> int:
    """Remove files of the site that no page is any more, and folders left empty; returns how many files went."""
    count = 0
    for path in paths:
        file = out / path
        file.unlink(missing_ok=True)
        count += 1
        for folder in file.parents:
            if folder == out or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()
    return count


def remove_empty_folders(out: Path) -> None:
    """Remove the folders that a killed run left empty."""
    for folder, names, files in os.walk(out, topdown=False):
        if not files and not names and Path(folder) != out:
            Path(folder).rmdir()


def _write_chunk(target: Target, keys: Sequence[PageKey]) -> list[Written]:
    types = page_types()
    renderer = _renderer(target)
    with read_catalog(target.catalog) as catalog:
        return [
            _write_page(target.out, renderer, key, types[key[0]].pages(catalog, target.view, key[1])) for key in keys
        ]


def _write_page(out: Path, renderer: Renderer, key: PageKey, pages: Iterable[Page]) -> Written:
    paths: list[str] = []
    changed = 0
    for page in pages:
        changed += _write_if_changed(out / page.path, renderer(page))
        paths.append(page.path)
    return Written(key=key, paths=tuple(paths), changed=changed)


def _write_if_changed(path: Path, data: bytes) -> bool:
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        pass
    write_replaceable(path, data)
    return True


@lru_cache(1)
def _renderer(target: Target) -> Renderer:
    return make_renderer(target.view)
