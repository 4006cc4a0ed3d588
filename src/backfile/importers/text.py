"""Pages saved as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from backfile.importers.base import Importer
from backfile.model import Capture

_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BINARY = frozenset(range(9)) | frozenset(range(14, 27)) | frozenset(range(28, 32))


def _recognises(head: bytes, name: str) -> bool:
    if head.startswith(_MARKS):
        return True
    controls = sum(byte in _BINARY for byte in head)
    return controls * 200 <= len(head)


def _captures(path: Path, origin: str) -> Iterator[Capture]:
    media_type = "text/markdown" if path.suffix.lower() in (".md", ".markdown") else "text/plain"
    yield Capture(data=path.read_bytes(), media_type=media_type, origin=origin)


IMPORTER = Importer(name="text", rank=99, recognises=_recognises, captures=_captures)
