"""Templates as the engine compiles them, kept between builds: to compile them takes longer than a small build."""

from __future__ import annotations

import hashlib
from pathlib import Path

import jinja2
import msgspec
from jinja2.bccache import Bucket

from backfile.files import write_replaceable

_DIGEST = 32


class _Kept(msgspec.Struct, frozen=True):
    look: str
    codes: dict[str, bytes]


class Compiled(jinja2.BytecodeCache):
    """Compiled templates of one look of a site, in one file that is made anew when it is not as it was written."""

    def __init__(self, path: Path, look: str) -> None:
        self._path, self._look = path, look
        self._codes = _read(path, look)
        self._new = False

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket where its template is known."""
        code = self._codes.get(bucket.key)
        if code:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember what was compiled."""
        self._codes[bucket.key] = bucket.bytecode_to_string()
        self._new = True

    def save(self) -> None:
        """Write the file where something was compiled. Raises OSError."""
        if self._new:
            data = msgspec.msgpack.encode(_Kept(self._look, self._codes))
            write_replaceable(self._path, hashlib.sha256(data).digest() + data)


def _read(path: Path, look: str) -> dict[str, bytes]:
    """What the file holds for this look. Code is taken from it only where its digest is right."""
    try:
        whole = path.read_bytes()
        data = whole[_DIGEST:]
        kept = msgspec.msgpack.decode(data, type=_Kept) if hashlib.sha256(data).digest() == whole[:_DIGEST] else None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return kept.codes if kept and kept.look == look else {}
