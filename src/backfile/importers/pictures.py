"""Where the pictures of saved pages are: beside them, or in the container that holds them.

A finder reads its container again when it is first asked, so that containers in waiting take no memory.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from backfile.cleaning.figures.sources import same_picture_key
from backfile.files import asked_twice
from backfile.limits import limits
from backfile.model import FindPicture
from backfile.report import ReadError

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|[/\\]", re.I)
_THERE = (errno.EACCES, errno.EPERM, errno.EIO)
"""What the system says of a file that is there and cannot be read."""
_HTTP = re.compile(r"https?:", re.I)


def beside_file(path: Path) -> FindPicture:
    """The files in the folder of a file, and in the folders in it; links that lead out of it are not followed."""
    home = path.parent

    def find(address: str) -> bytes | None:
        name = relative_name(address)
        if not name or name.startswith("../"):
            return None
        try:
            return asked_twice(partial(_picture, home), home / name)
        except OSError as error:
            if error.errno in _THERE:
                raise
        except ValueError:  # no name at all
            pass
        return None

    return find


def _picture(home: Path, file: Path) -> bytes | None:
    """The bytes of a file that is in a folder and no larger than pictures may be."""
    inside = file.resolve().is_relative_to(home.resolve())
    return file.read_bytes() if inside and file.stat().st_size <= limits().picture else None


def relative_name(address: str) -> str:
    """The file that a relative address names, from the page's folder; empty for an absolute address."""
    if _SCHEME.match(address):
        return ""
    parts: list[str] = []
    for part in PurePosixPath(unquote(re.split(r"[?#]", address, maxsplit=1)[0])).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def address_key(address: str) -> str:
    """What the forms of an address have in common that lead to the same picture for sure."""
    return _HTTP.sub("", address.partition("#")[0]).casefold()


def loose_key(address: str) -> str:
    """What the sizes of a picture have in common; empty where its name is not telling enough to find it by."""
    key = same_picture_key(address)
    return key if len(key) >= 12 else ""


def among(load: Callable[[], Iterable[tuple[str, bytes]]]) -> FindPicture:
    """The pictures among some parts with their addresses, read when the first one is looked for.

    A picture that is there only in another size is found as well: the largest one is.
    """

    @cache
    def parts() -> Mapping[str, bytes]:
        try:
            return dict(_keyed(load()))
        except (ReadError, OSError):
            return {}

    def find(address: str) -> bytes | None:
        return parts().get(address_key(address)) or parts().get(f" {loose_key(address)}")

    return find


def _keyed(parts: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    largest: dict[str, bytes] = {}
    for address, data in parts:
        if not address or not data or len(data) > limits().picture:
            continue
        yield address_key(address), data
        loose = loose_key(address)
        if loose and len(data) > len(largest.get(loose, b"")):
            largest[loose] = data
    yield from ((f" {key}", data) for key, data in largest.items())


def in_turn(*finders: FindPicture) -> FindPicture:
    """What the first of some finders has."""

    def find(address: str) -> bytes | None:
        return next((data for finder in finders if (data := finder(address))), None)

    return find
