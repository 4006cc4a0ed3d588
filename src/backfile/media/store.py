"""Checked pictures → content/media/, each once, named by its content."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from backfile.files import write_new
from backfile.media.check import NoPictureError, check
from backfile.media.names import FOLDER


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A picture in the archive, or why there is none."""

    file: str = ""
    """`media/ab/….jpg`"""
    width: int = 0
    height: int = 0
    why: str = ""


def store_pictures(folder: Path | None, pictures: Sequence[bytes | str]) -> list[Stored]:
    """Keep pictures, given as bytes or as `data:` addresses, below `content/media`. Raises OSError.

    Without a folder nothing is written: the names are those that they would have.
    """
    return [_store(folder, picture) for picture in pictures]


def _store(folder: Path | None, picture: bytes | str) -> Stored:
    try:
        found = check(data_of(picture) if isinstance(picture, str) else picture)
    except NoPictureError as error:
        return Stored(why=str(error))
    name = hashlib.sha256(found.data).hexdigest()[:32]
    file = f"{name[:2]}/{name}.{found.ending}"
    if folder is not None:
        with suppress(FileExistsError):
            write_new(folder / file, found.data)
    return Stored(file=f"{FOLDER}/{file}", width=found.width, height=found.height)


def data_of(address: str) -> bytes:
    """The bytes in a `data:` address (RFC 2397); none where it is damaged."""
    head, _, body = address.partition(",")
    data = unquote_to_bytes(body)
    if not head.rstrip().lower().endswith(";base64"):
        return data
    try:
        return base64.b64decode(b"".join(data.split()) + b"===")
    except (binascii.Error, ValueError):
        return b""
