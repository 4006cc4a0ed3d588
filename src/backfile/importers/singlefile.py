"""Pictures that SingleFile has put into a page's style sheet, because the page shows them more than once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backfile.importers.base import Source
from backfile.importers.pictures import among
from backfile.media.store import data_of
from backfile.model import FindPicture

_MARK = b"--sf-img-"
_STAND_IN = re.compile(
    rb"src='data:image/svg\+xml,<svg[^']{1,300}'(?=[^<>]{0,4000}?background-image:\s?var\(--sf-img-(\d{1,6})\))"
)
_PICTURE = re.compile(rb"""--sf-img-(\d{1,6}):\s?url\((["']?)(data:image/[^"')]+)\2\)""")


def with_shared_pictures(data: bytes) -> bytes:
    """A page in which pictures from its style sheet are pictures again; the same bytes where there are none."""
    if _MARK not in data:
        return data
    changed, count = _STAND_IN.subn(rb'src="cid:sf-img-\1"', data)
    return changed if count else data


def shared_pictures(source: Source) -> FindPicture:
    """The pictures in a page's style sheet."""

    def parts() -> Iterator[tuple[str, bytes]]:
        for found in _PICTURE.finditer(source.read()):
            yield f"cid:sf-img-{found[1].decode()}", data_of(found[3].decode("ascii", "replace"))

    return among(parts)
