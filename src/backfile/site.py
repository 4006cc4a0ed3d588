"""Pages → build/: the only module that writes there.

Order: articles and assets first, then what lists them, then feeds, removals last; each file by rename. So every link
of a site whose build is killed still resolves, and the next build finishes it.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

from backfile.catalog import Catalog, read_catalog
from backfile.catalog.outputs import folder_of
from backfile.config import Site
from backfile.files import TEMPORARY, write_replaceable
from backfile.model import Page
from backfile.pages import page_types
from backfile.pages.base import View
from backfile.report import SiteError
from backfile.scanning import TICK
from backfile.workers import Pool, chunks, run

if TYPE_CHECKING:
    from backfile.render import Renderer

MARK = ".backfile-site"
"""A file that says that Backfile made this folder, and may remove its own files from it."""

_STAGES = (
    ("assets", "media"),
    ("article", "versions", "family", "twins", "written", "searchfile"),
    ("shelf",),
    ("overview", "calendar", "anniversary", "statistics"),
)
"""What others link to comes first; every other type is written last."""
_CHUNK = 100
_LOOKED_AT = 5_000
"""Files that a build looks at one by one to see whether they are as they were: some hundredths of a second."""
_MARKS = 1 << 64
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
    run: str
    """A name of this run: what a worker knows of another one's content may be old."""
    copied: bool = False
    """True where the catalog is a copy that nobody writes to, and other machines may read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """The files that a page key now is."""

    key: PageKey
    paths: tuple[str, ...]
    changed: int
    """How many of them were not there with these bytes before."""
    grown: dict[str, int]
    """Folder → by how much the sum of its files' marks has grown."""


def claim_folder(out: Path, site: Site, catalog: Catalog) -> None:
    """Make sure that `out` is ours to write: marked so, empty, or with nothing in it but what was written before.

    Raises SiteError where it holds something that Backfile did not make, or is a place of the site's own.
    """
    if site.overlaps(out):
        raise SiteError(f"{out} is where the archive itself is kept. Name another folder with --out")
    if out.exists() and not out.is_dir():
        raise SiteError(f"{out} is a file. Name a folder with --out")
    marked = (out / MARK).exists()
    if not marked and out.is_dir() and _strangers(out, {path.split("/")[0] for path in catalog.outputs()}):
        raise SiteError(f"{out} holds files that Backfile did not make. Empty it, or name another folder with --out")
    if not marked:
        out.mkdir(parents=True, exist_ok=True)
        write_replaceable(out / MARK, b"This folder is made by Backfile and made anew at each build.\n")


def _strangers(out: Path, ours: set[str]) -> bool:
    return any(item.name not in ours and not item.name.endswith(TEMPORARY) for item in out.iterdir())


def existing_files(out: Path, unlisted: list[str] | None = None) -> set[str]:
    """The paths of all files below `out` that a build may have made; hidden ones and foreign kinds are passed over.

    Folders that cannot be listed go to `unlisted`, with `/` at their ends; without it OSError is raised.
    """
    found: set[str] = set()
    waiting = [(str(out), "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            listing = list(os.scandir(folder))
        except PermissionError:
            if unlisted is None:
                raise
            unlisted.append(prefix)
            continue
        for item in listing:
            if item.is_dir(follow_symlinks=False):
                if not item.name.startswith("."):
                    waiting.append((item.path, f"{prefix}{item.name}/"))
            elif item.name.endswith(_OURS) and item.name != MARK:
                found.add(prefix + item.name)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Overseen:
    """How the site's folders look before a build."""

    changed: list[PageKey]
    """The pages with files in a folder whose files are not all as the last build left them."""
    unsure: set[str]
    """These folders."""
    stamps: dict[str, str]
    """The stamps, as they are now, of folders whose files are, but whose time of change is another."""


def look_over(catalog: Catalog, out: Path) -> Overseen:
    """Look for what is not as the last build left it.

    Of a large site some folders, others each time, are looked at file by file; of the rest only those whose own time
    tells that something came or went there.
    """
    folders = list(catalog.made_folders().items())
    first = time_ns() % max(len(folders), 1)
    found = Overseen(changed=[], unsure=set(), stamps={})
    left = _LOOKED_AT
    for folder, stamp in chain(folders[first:], folders[:first]):
        time, _, files = stamp.partition(" ")
        if left <= 0 and time and time == _time_of(f"{out}/{folder}"):
            continue
        now, count = _folder_stamp(f"{out}/{folder}")
        left -= count
        if not files or now.partition(" ")[2] != files:
            found.changed.extend(catalog.outputs_in(folder).values())
            found.unsure.add(folder)
        elif now != stamp:
            found.stamps[folder] = now
    return found


def folder_stamps(made: Mapping[str, str], grown: Mapping[str, int], unsure: Set[str], out: Path) -> dict[str, str]:
    """Folders of the site and those above them, each with its time of change and the sum of its files' marks.

    The sum is what it was, as `made` tells, and by how much it has `grown`; the `unsure` ones are looked at.
    """
    stamps = {}
    for folder in {above for each in grown.keys() | unsure for above in _with_those_above(each)}:
        files = made.get(folder, "").partition(" ")[2]
        if files and folder not in unsure:
            stamps[folder] = f"{_time_of(f'{out}/{folder}')} {(int(files, 16) + grown.get(folder, 0)) % _MARKS:x}"
        else:
            stamps[folder] = _folder_stamp(f"{out}/{folder}")[0]
    return stamps


def _with_those_above(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = folder_of(folder.removesuffix("/"))
    yield ""


def _folder_stamp(folder: str) -> tuple[str, int]:
    """A folder's stamp, empty where it is not there, and how many files were looked at."""
    time = _time_of(folder)
    try:
        marks = [_mark(item.name, item.stat(follow_symlinks=False)) for item in os.scandir(folder) if _is_ours(item)]
    except (FileNotFoundError, NotADirectoryError):
        return "", 0
    return f"{time} {sum(marks) % _MARKS:x}", len(marks)


def _is_ours(item: os.DirEntry[str]) -> bool:
    return item.name.endswith(_OURS)


def _mark(name: str, seen: os.stat_result) -> int:
    """A number for a file's name and properties: the sum of a folder's needs no order, and can be added to."""
    told = f"{name}\0{seen.st_mode} {seen.st_size} {seen.st_mtime_ns}".encode("utf-8", "surrogateescape")
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big")


def _mark_of(path: str) -> int:
    """The mark of a file of the site; 0 where it is not there."""
    try:
        return _mark(path.rpartition("/")[2], os.lstat(path))
    except OSError:
        return 0


def _time_of(folder: str) -> str:
    """When something came or went in a folder; empty where that is so short ago that more might look the same."""
    try:
        changed = os.lstat(folder).st_mtime_ns
    except OSError:
        return ""
    return "" if changed > time_ns() - TICK else f"{changed}"


def make_ready(target: Target) -> None:
    """Load what rendering takes before work is given to processes, which then need not do it each."""
    page_types()
    _renderer(target.view, target.catalog.parent, target.look)


def stage_of(kind: str) -> int:
    """When files of a page type are written: what others link to has a lower number."""
    return next((number for number, names in enumerate(_STAGES) if kind in names), len(_STAGES))


def write_pages(target: Target, dirty: Sequence[PageKey], pool: Pool | None) -> Iterator[list[Written]]:
    """Write the files of dirty pages, some at a time, stage by stage; removals come after all else (`remove_files`)."""
    try:
        for number in range(len(_STAGES) + 1):
            keys = [key for key in dirty if stage_of(key[0]) == number]
            helpers = pool if len(keys) > _CHUNK else None  # one chunk is done sooner here
            yield from run(helpers, partial(_write_chunk, target), chunks(keys, _CHUNK))
    finally:
        _catalog.forget()


def remove_files(out: Path, paths: Iterable[str]) -> int:
    """Remove files of the site that no page is any more, and folders left empty; returns how many files went."""
    count = 0
    left: set[str] = set()
    for path in paths:
        (out / path).unlink(missing_ok=True)
        count += 1
        left.update(_with_those_above(folder_of(path)))
    for folder in sorted(left - {""}, key=len, reverse=True):
        with suppress(OSError):  # something else is in it
            (out / folder).rmdir()
    return count


def remove_empty_folders(out: Path) -> None:
    """Remove the folders that a killed run left empty."""
    for folder, names, files in os.walk(out, topdown=False):
        if not files and not names and Path(folder) != out:
            Path(folder).rmdir()


def _write_chunk(target: Target, keys: Sequence[PageKey]) -> list[Written]:
    types = page_types()
    renderer = _renderer(target.view, target.catalog.parent, target.look)
    catalog = _catalog.of(target)
    return [_write_page(target, renderer, key, types[key[0]].pages(catalog, target.view, key[1])) for key in keys]


def _write_page(target: Target, renderer: Renderer, key: PageKey, pages: Iterable[Page]) -> Written:
    paths: list[str] = []
    grown: Counter[str] = Counter()
    changed = 0
    for page in pages:
        path, data = f"{target.out}/{page.path}", renderer(page)
        paths.append(page.path)
        before = _mark_of(path)
        if not _holds(path, data):
            write_replaceable(path, data)
            changed += 1
        grown[folder_of(page.path)] += _mark_of(path) - before
    return Written(key=key, paths=tuple(paths), changed=changed, grown=dict(grown))


def _holds(path: str, data: bytes) -> bool:
    """Whether a file is there with these bytes; a path object more for each of many thousand pages would cost more."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return False
    try:
        return os.read(file, len(data) + 1) == data
    except OSError:
        return False
    finally:
        os.close(file)


class _OpenCatalog(threading.local):
    """The catalog of the run that this thread works for, kept open from one task to the next."""

    def __init__(self) -> None:
        self._run = ""
        self._open = ExitStack()

    def of(self, target: Target) -> Catalog:
        if self._run != target.run:
            self.forget()
            self._catalog = self._open.enter_context(read_catalog(target.catalog, copied=target.copied))
            self._run = target.run
        return self._catalog

    def forget(self) -> None:
        self._open.close()
        self._run = ""


_catalog = _OpenCatalog()


@lru_cache(1)
def _renderer(view: View, cache: Path, look: str) -> Renderer:
    """Another look has other templates."""
    from backfile.compiled import Compiled  # the template engine: builds with no news do without
    from backfile.render import make_renderer

    return make_renderer(view, Compiled(cache / "templates", look))
