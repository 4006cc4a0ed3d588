"""Files at an address: a path of this machine, or any that fsspec knows (`s3://…`, `gs://…`, `memory://…`)."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any, BinaryIO, cast

from backfile.files import TEMPORARY, write_durable
from backfile.report import SiteError


def is_remote(address: str) -> bool:
    """True for an address that fsspec opens."""
    return "://" in address


def open_file(address: str) -> BinaryIO:
    """The bytes at an address, from their start. Raises OSError."""
    if is_remote(address):
        system, path = system_of(address)
        return cast("BinaryIO", system.open(path, "rb"))
    return Path(address).open("rb")


def size_of(address: str) -> int:
    """How many bytes are there. Raises OSError."""
    if is_remote(address):
        system, path = system_of(address)
        return int(system.size(path) or 0)
    return Path(address).stat().st_size


def files_at(address: str) -> list[str]:
    """The files at an address, in order: itself, or all below a folder, hidden ones left out. Raises OSError."""
    if is_remote(address):
        system, path = system_of(address)
        found = sorted(system.find(path)) if system.isdir(path) else [path]
        names = [str(system.unstrip_protocol(name)) for name in found]
    else:
        top = Path(address)
        names = sorted(str(path) for path in top.rglob("*") if path.is_file()) if top.is_dir() else [address]
    return [name for name in names if not name[len(address) :].startswith(".") and "/." not in name[len(address) :]]


def join(folder: str, name: str) -> str:
    """The address of a file in a folder."""
    return f"{folder.rstrip('/')}/{name}"


def read_file(address: str) -> bytes | None:
    """The bytes at an address; None where nothing is. Raises OSError."""
    try:
        with open_file(address) as file:
            return file.read()
    except FileNotFoundError:
        return None


def write_file(address: str, data: bytes) -> None:
    """Put bytes at an address, whole or not at all. Raises OSError."""
    if is_remote(address):
        system, path = system_of(address)
        system.makedirs(path.rpartition("/")[0], exist_ok=True)
        system.pipe_file(path, data)
    else:
        write_durable(Path(address), data)


def move_file(path: Path, address: str) -> None:
    """Put a finished file of this machine at an address, whole or not at all. Raises OSError."""
    if is_remote(address):
        system, target = system_of(address)
        system.makedirs(target.rpartition("/")[0], exist_ok=True)
        system.put_file(str(path), target)
        return
    final = Path(address)
    final.parent.mkdir(parents=True, exist_ok=True)
    near = final.with_name(final.name + TEMPORARY)
    shutil.copyfile(path, near)
    near.replace(final)


def failures() -> tuple[type[Exception], ...]:
    """What a store raises that cannot be reached, or says no."""
    if "botocore" not in sys.modules:
        return (OSError,)
    from botocore.exceptions import BotoCoreError

    return OSError, BotoCoreError


def system_of(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it. Raises SiteError where it cannot be reached."""
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(address)
    except ImportError as error:
        hint = "pip install 'backfile[extract]', and s3fs or gcsfs for a cloud"
        raise SiteError(f"{address} takes {error.name or 'more packages'}. Install it: {hint}") from error
    except ValueError as error:
        raise SiteError(f"{address}: {error}") from error
    return system, str(path)
