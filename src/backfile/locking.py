"""One run at a time: a file that only one process holds."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # told apart below

_PAUSE = 0.05
"""Seconds from one try to the next."""


class HeldError(Exception):
    """Another process holds the file."""


@contextmanager
def held(path: Path, patience: float) -> Iterator[None]:
    """A file for this process alone, made where it is missing; the system frees it when the process ends.

    Raises HeldError where another one holds it for `patience` seconds, OSError where the disk fails.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        known = _taken(file, time.monotonic() + patience)
        if known:
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)  # also where a process that was started meanwhile still has the file
    finally:
        os.close(file)
    if not known:
        with _held_elsewhere(path, patience):
            yield


def _taken(file: int, until: float) -> bool:
    """Whether the system's own lock was got; it knows none on Windows and on some network disks."""
    while fcntl:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError as error:
            if error.errno == errno.ENOSYS:
                break
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            if time.monotonic() > until:
                raise HeldError from error
        time.sleep(_PAUSE)
    return False


@contextmanager
def _held_elsewhere(path: Path, patience: float) -> Iterator[None]:
    import filelock  # its import takes longer than a look for news, so only where nothing else helps

    if fcntl:  # where the disk cannot lock, another file holds the place by being there
        lock: filelock.BaseFileLock = filelock.SoftFileLock(path.with_name(f"{path.name}-held"), timeout=patience)
    else:
        lock = filelock.FileLock(path, timeout=patience)
    try:
        with lock:
            yield
    except filelock.Timeout as error:
        raise HeldError from error
