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
    temporary = path.with_name(f"{path.name[:80]}.{os.getpid()}{TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_replaceable(path: Path, data: bytes) -> None:
    """Write a file that can be made again: temporary file and rename, without waiting for the disk. Raises OSError."""
    temporary = path.with_name(f"{path.name[:80]}.{os.getpid()}{TEMPORARY}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
