"""Files and folders of the user's → content/saved/, unchanged."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from backfile.companions import folders_of_page
from backfile.config import Site
from backfile.files import copy_new
from backfile.report import Report, advice

_JUNK = frozenset({"Thumbs.db", "desktop.ini"})


def add_paths(paths: Iterable[Path], site: Site, report: Report, *, link: bool = False) -> None:
    """Copy files, and the files of folders, into `content/saved/`; a copy that is there already is not made twice.

    With `link` a file gets a second name there instead, where the file system knows such.

    What cannot be read is one error in the report, and the rest goes on.
    """
    saved = site.saved
    for path in paths:
        for source, name in _files(path, site, report):
            try:
                outcome = _copy(source, saved / _as_text(name), link=link)
            except OSError as error:
                report.error(f"cannot be copied ({error.strerror or error})", str(source), advice(error))
                report.count("failed")
                continue
            report.count(outcome)


def _files(path: Path, site: Site, report: Report) -> Iterator[tuple[Path, Path]]:
    """(file, its name below content/saved) for a file, or every file of a folder; links are not followed."""
    if path.resolve().is_relative_to(site.build.resolve()):
        report.error("was made from the archive", str(path), "Name your saved pages")
    elif path.is_file():
        yield from _page(path, site.saved, report)
    elif path.is_dir():
        if site.overlaps(path):
            report.error(
                "holds the archive itself, or is part of it", str(path), "Name the folder with your saved pages"
            )
            return
        yield from _files_below(path, report)
    else:
        what = "is not a file or a folder" if path.exists() else "is not there"
        report.error(what, str(path), "Check the spelling of its path")
        report.count("failed")


def _page(path: Path, saved: Path, report: Report) -> Iterator[tuple[Path, Path]]:
    """A file after those of the folder beside it, if it is a page; in a folder of their own where names are taken."""
    parts = [each for folder in folders_of_page(path) for each in _files_below(folder, report)]
    files = [*parts, (path, Path(path.name))]
    try:
        apart = bool(parts) and any(_is_taken(file, saved / _as_text(name)) for file, name in files)
        top = Path(f"{path.stem}-{_digest(path)[:8]}" if apart else "")
    except OSError:  # what cannot be read is told when it is copied
        top = Path()
    yield from ((file, top / name) for file, name in files)


def _is_taken(source: Path, target: Path) -> bool:
    """True where another file has the name. Raises OSError."""
    return target.exists() and not _is_same(source, target)


def _files_below(path: Path, report: Report) -> Iterator[tuple[Path, Path]]:
    def unreadable(error: OSError) -> None:
        report.error(f"cannot be read ({error.strerror})", str(error.filename), advice(error))
        report.count("failed")

    for folder, names, files in os.walk(path, onerror=unreadable):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            file = Path(folder, name)
            if name in _JUNK or name.startswith("."):
                continue
            if file.is_symlink() or not file.is_file():
                what = "is a link, a device or a pipe, and was not copied"
                report.warn(what, str(file), "Name it on the command line, if it leads to a saved page")
                continue
            yield file, Path(path.resolve().name) / file.relative_to(path)


def _as_text(name: Path) -> Path:
    """A name that is UTF-8 text; bytes that are none are taken for Latin 1."""
    data = os.fsencode(name)
    try:
        return Path(data.decode())
    except UnicodeDecodeError:
        return Path(data.decode("latin-1"))


def _copy(source: Path, target: Path, *, link: bool) -> str:
    for name in (target, target.with_name(f"{target.stem}-{_digest(source)[:8]}{target.suffix}")):
        if name.exists() and _is_same(source, name):
            return "already there"
        try:
            copy_new(source, name, link=link)
        except FileExistsError:
            continue
        return "linked" if name.samefile(source) else "copied"
    raise FileExistsError(f"{name} is there with other bytes")


def _is_same(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and _digest(one) == _digest(other)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
