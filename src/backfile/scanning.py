"""A folder of the user's → the files in it, as they can be seen without opening them."""

from __future__ import annotations

import os
import stat as modes
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from backfile.companions import parts_of_pages
from backfile.files import TEMPORARY
from backfile.report import Level, Notice, advice

TICK = 50_000_000
"""Nanoseconds. File systems stamp changes by the tick of a clock: two within one may look the same."""

SAVED = "content/saved"

_OTHER_MARKDOWN = (".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn")

Listed = tuple[str, os.stat_result]
"""A file's name with what the file system says of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A file as the scan finds it."""

    size: int
    stamp: str
    """Times of change; empty where the file is so young that a later change might leave them as they are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """The files that stand directly in a folder."""

    prefix: str
    """The folder's path with `/` at its end; empty for the top."""
    files: Sequence[Listed]
    now: int
    """When the scan began, in nanoseconds."""

    def seen(self) -> dict[str, Seen]:
        """Every file by its path."""
        return {self.prefix + name: _seen(stat, self.now) for name, stat in self.files}

    def stamp(self) -> str:
        """A digest of names, sizes and times; empty where a file is so young that it might change and look the same."""
        changed = [stat.st_ctime_ns for _, stat in self.files]
        if max(changed, default=0) > self.now - TICK:
            return ""
        sizes = [stat.st_size for _, stat in self.files]
        times = [stat.st_mtime_ns for _, stat in self.files]
        names = "\0".join([name for name, _ in self.files])
        return blake2b(f"{sizes}{times}{changed}{names}".encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How a folder looks."""

    prefix: str
    stamp: str
    seen: dict[str, Seen] | None
    """Its files by their paths; None where it looks as it did."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Some of the folders below a top."""

    starts: tuple[str, ...] = ("",)
    """Those to begin with, as paths from the top with `/` at their ends."""
    without: frozenset[str] = frozenset()
    """Those that are not entered."""


EVERYTHING = Share()


def halves(top: Path) -> tuple[Share, Share]:
    """All below a top, in two shares of about the same number of folders; one is empty where it cannot be listed."""
    try:
        with os.scandir(top) as items:
            below = sorted(item.name for item in items if item.name[0] != "." and item.is_dir(follow_symlinks=False))
    except OSError:
        return EVERYTHING, Share(starts=())
    others = tuple(f"{name}/" for name in below[1::2])
    return Share(without=frozenset(others)), Share(starts=others)


def scan(folder: Path, ending: str = "", notices: list[Notice] | None = None) -> dict[str, Seen]:
    """Every file below a folder with this ending, by its path from there; see `folders`."""
    return {path: seen for found in folders(folder, ending, notices) for path, seen in found.seen().items()}


def look_at(path: Path) -> Seen | None:
    """One file as a scan would find it; None where there is no regular file."""
    try:
        stat = path.lstat()
    except OSError:
        return None
    return _seen(stat, time.time_ns()) if modes.S_ISREG(stat.st_mode) else None


def scan_saved(root: Path, notices: list[Notice]) -> dict[str, Seen]:
    """Every saved file by its path from the site folder; the parts of "complete" pages are passed over."""
    found = scan(root / SAVED, notices=notices)
    parts = parts_of_pages(found)
    return {f"{SAVED}/{name}": seen for name, seen in found.items() if name not in parts}


def folders(top: Path, ending: str, notices: list[Notice] | None, share: Share = EVERYTHING) -> Iterator[Folder]:
    """Every folder from `top` down that holds files with this ending, or those of a share.

    Hidden files, links, devices and what cannot be listed are passed over; all but the hidden ones are said in
    `notices`. Without it nothing says that there is less than there should be: OSError is raised for what cannot be
    listed.
    """
    waiting = [(f"{top}/{start}", start) for start in share.starts]
    now = time.time_ns()
    while waiting:
        where, prefix = waiting.pop()
        try:
            listing = list(os.scandir(where))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            if notices is None:
                raise
            notices.append(_passed_over(top, prefix, f"cannot be read ({error.strerror})", advice(error)))
            continue
        files: list[Listed] = []
        for item in listing:
            name = item.name
            if name[0] == ".":
                continue
            if item.is_dir(follow_symlinks=False):
                if f"{prefix}{name}/" not in share.without:
                    waiting.append((item.path, f"{prefix}{name}/"))
            elif name.endswith(ending) and (ending or not name.endswith(TEMPORARY)):
                stat = _stat(top, prefix, item, notices)
                if stat:
                    files.append((name, stat))
            elif notices is not None and ending == ".md" and name.lower().endswith((".md", *_OTHER_MARKDOWN)):
                what, hint = "is ignored: the name of an article ends in .md, in small letters", "Rename it"
                notices.append(_passed_over(top, prefix + name, what, hint, "warning"))
        if files:
            yield Folder(prefix=prefix, files=files, now=now)


def look_through(
    top: Path, ending: str, notices: list[Notice], known: Mapping[str, str], share: Share
) -> Iterator[Look]:
    """How the folders of a share look now, beside the stamps that they had."""
    for folder in folders(top, ending, notices, share):
        stamp = folder.stamp()
        same = stamp and stamp == known.get(folder.prefix)
        yield Look(prefix=folder.prefix, stamp=stamp, seen=None if same else folder.seen())


def unlisted(notices: Iterable[Notice]) -> tuple[str, ...]:
    """The folders that `scan` could not list, from the site's folder, with `/` at their ends."""
    return tuple(notice.where for notice in notices if notice.level == "error" and notice.where.endswith("/"))


def _stat(top: Path, prefix: str, item: os.DirEntry[str], notices: list[Notice] | None) -> os.stat_result | None:
    """What the file system says of a regular file; None for anything else, with a notice where it is still there."""
    name = prefix + item.name
    if not (name.isascii() or _is_text(name)):
        if notices is not None:
            notices.append(_passed_over(top, name, "its name is not UTF-8 text", "Rename it"))
        return None
    try:
        stat = item.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        if notices is None:
            raise
        notices.append(_passed_over(top, name, f"cannot be read ({error.strerror})", advice(error)))
        return None
    if modes.S_IFMT(stat.st_mode) == modes.S_IFREG:
        return stat
    if notices is None:
        return None
    what, hint = "is a device or a pipe, not a file", "Delete it"
    if modes.S_ISLNK(stat.st_mode):
        what, hint = "is a link, which is not followed", "Put the file itself there, or delete the link"
    notices.append(_passed_over(top, name, what, hint, "warning"))
    return None


def _passed_over(folder: Path, name: str, what: str, hint: str, level: Level = "error") -> Notice:
    shown = os.fsencode(f"content/{folder.name}/{name}").decode("utf-8", "replace")
    return Notice(level=level, what=what, where=shown, hint=hint)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _seen(stat: os.stat_result, now: int) -> Seen:
    """The time of the last change of status, which no program can set, tells edits that keep size and time apart."""
    racy = stat.st_ctime_ns > now - TICK
    return Seen(size=stat.st_size, stamp="" if racy else f"{stat.st_mtime_ns} {stat.st_ctime_ns}")
