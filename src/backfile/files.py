"""Files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

TEMPORARY = ".backfile-tmp"
"""The ending of files that are being written: one left behind by a killed run is safe to delete."""


def write_durable(path: Path, data: bytes) -> None:
    """Write a file that must survive a power cut: temporary file, fsync, rename, fsync of the folder.

    Raises OSError; the file is then wholly old or absent.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path)
    try:
        _write_synced(temporary, data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, as durably as `write_durable`.

    Raises FileExistsError, with the file that is there untouched, and OSError as `write_durable` does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _temporary(path)
    try:
        _write_synced(temporary, data)
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            with path.open("xb"):
                temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_replaceable(path: Path, data: bytes) -> None:
    """Write a file that can be made again: temporary file and rename, without waiting for the disk. Raises OSError."""
    temporary = _temporary(path)
    try:
        try:
            temporary.write_bytes(data)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _temporary(path: Path) -> Path:
    return path.with_name(f"{path.name[:80]}.{os.getpid()}{TEMPORARY}")


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
