"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

TEMPORARY = ".backfile-tmp"
"""The ending of files that are being written: one left behind by a killed run is safe to delete."""

_NO_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.EXDEV})
"""What file systems without hard links say."""


def write_durable(path: Path, data: bytes) -> None:
    """Write a file that must survive a power cut: temporary file, fsync, rename, fsync of the folder.

    Raises OSError; the file is then wholly old or absent.
    """
    _make_folder(path.parent)
    temporary = _temporary(path)
    try:
        with _naming(path):
            _write_synced(temporary, data)
            temporary.replace(path)
    except BaseException:
        _discard(temporary)
        raise
    _sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, as durably as `write_durable`.

    Raises FileExistsError, with the file that is there untouched, and OSError as `write_durable` does.
    """
    _make_folder(path.parent)
    temporary = _temporary(path)
    try:
        with _naming(path):
            _write_synced(temporary, data)
            _name_new(temporary, path)
    finally:
        _discard(temporary)
    _sync_folder(path.parent)


def set_aside(path: Path) -> None:
    """Give what stands where a file of our own is to be, and is none, another name beside it. Raises OSError."""
    if not path.exists() or path.is_file():
        return
    names = (path.with_name(f"{path.name}.aside{n or ''}") for n in count())
    with suppress(FileNotFoundError):  # another run was faster
        path.rename(next(name for name in names if not name.exists()))


def copy_new(source: Path, path: Path, *, link: bool = False) -> None:
    """Copy a file of any size to where none is yet, as durably as `write_durable`; or let both names be of one file.

    Raises as `write_new` does. Where the file system cannot link, it is copied.
    """
    _make_folder(path.parent)
    if link:
        try:
            os.link(source, path, follow_symlinks=False)
            _sync_folder(path.parent)
            return
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
    temporary = _temporary(path)
    try:
        with _naming(path), source.open("rb") as old, temporary.open("wb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.fsync(new.fileno())
        _name_new(temporary, path)
    finally:
        _discard(temporary)
    _sync_folder(path.parent)


def write_replaceable(path: Path | str, data: bytes) -> None:
    """Write a file that can be made again: temporary file and rename, without waiting for the disk. Raises OSError."""
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, _temporary_name(name))  # noqa: PTH118 - path objects cost as much as the writing
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        with _naming(path):
            try:
                file = os.open(temporary, flags, 0o666)
            except FileNotFoundError:
                Path(folder).mkdir(parents=True, exist_ok=True)
                file = os.open(temporary, flags, 0o666)
            try:
                while data:
                    data = data[os.write(file, data) :]
            finally:
                os.close(file)
            os.replace(temporary, path)  # noqa: PTH105 - as above
    except BaseException:
        _discard(Path(temporary))
        raise


def asked_twice(read: Callable[[Path], T], path: Path) -> T:
    """What is read from a file; a disk that fails once is asked again. Raises OSError."""
    try:
        return read(path)
    except FileNotFoundError:
        raise
    except OSError:
        return read(path)


def text_of_file(path: Path) -> str:
    """The text of a file in UTF-8, with what is damaged in it replaced; `asked_twice`. Raises OSError."""
    return asked_twice(partial(Path.read_text, encoding="utf-8", errors="replace"), path)


def sweep(folder: Path, *, below: bool = True) -> None:
    """Delete what killed runs left half-written in a folder and below it. No run may be writing there.

    Raises OSError.
    """
    waiting = [str(folder)]
    while waiting:
        try:
            listing = list(os.scandir(waiting.pop()))
        except OSError:  # nobody can have written there
            continue
        for item in listing:
            if item.is_dir(follow_symlinks=False):
                waiting += [item.path] if below else []
            elif item.name.endswith(TEMPORARY):
                Path(item.path).unlink(missing_ok=True)


@contextmanager
def _naming(path: Path | str) -> Iterator[None]:
    """Let errors tell the file that was to be written: the system names the temporary one, or none at all."""
    try:
        yield
    except OSError as error:
        if error.filename is None or str(error.filename).endswith(TEMPORARY):
            error.filename, error.filename2 = str(path), None
        raise


def _discard(temporary: Path) -> None:
    """Delete a temporary file; a disk that fails once is asked twice. Raises OSError."""
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        temporary.unlink(missing_ok=True)


def _name_new(temporary: Path, path: Path) -> None:
    """Give a file its name. Raises FileExistsError where another has it."""
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
        temporary.replace(path)


def _temporary(path: Path) -> Path:
    """Beside the file, and short enough for a file system's 255 bytes whatever the name is written in."""
    return path.with_name(_temporary_name(path.name))


def _temporary_name(name: str) -> str:
    return f"{name[:40]}.{os.getpid()}{TEMPORARY}"


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that they survive a power cut too."""
    missing = [folder] if not folder.is_dir() else []
    while missing and not missing[-1].parent.is_dir():
        missing.append(missing[-1].parent)
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        _sync_folder(each.parent)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
