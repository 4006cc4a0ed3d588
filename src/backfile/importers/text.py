"""Pages saved as plain text."""

from __future__ import annotations

from backfile.importers.base import Importer, single

_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BINARY = frozenset(range(9)) | frozenset(range(14, 27)) | frozenset(range(28, 32))


def _recognises(head: bytes, name: str) -> bool:
    if head.startswith(_MARKS):
        return True
    controls = sum(byte in _BINARY for byte in head)
    return controls * 200 <= len(head)


IMPORTERS = (Importer(name="text", rank=99, recognises=_recognises, items=single("text/plain"), container=False),)
