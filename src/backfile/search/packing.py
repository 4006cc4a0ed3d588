"""Bytes of the index as classic scripts, which a page may load from disk under any policy that allows its own scripts.

A file calls `backfileSearch(name, stamp, [length, check, data]…)`. The data are deflated (RFC 1951) and stand in a
string of a file in UTF-16 with a byte order mark, two bytes a character: a third smaller than base64. The few
characters that a string cannot hold as they are follow U+E000, with 0x1000 added.
"""

from __future__ import annotations

import re
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from operator import sub
from typing import Any

import deflate
import msgspec
import numpy as np
from numpy.typing import NDArray

from backfile.report import ReadError

_UNSAFE = re.compile('[\ud800-\udfff\n\r"\\\\\u2028\u2029\ue000]')
_ESCAPED = re.compile("\ue000(.)", re.DOTALL)
_SHIFT = 0x1000
_CALL = re.compile(r'backfileSearch\("([^"]*)",(\d+)((?:,\[\d+,\d+,"[^"]*"\])*)\);\n')
_SECTION = re.compile(r',\[(\d+),(\d+),"([^"]*)"\]')
_LEVEL = 7
"""Of libdeflate: smaller than zlib at its default level, in half the time."""
_BOM = "\ufeff"
_BIG = sys.byteorder == "big"


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of the index holds."""

    name: str
    stamp: int
    """Tells versions of the file apart: the entry file says which one belongs to it."""
    sections: tuple[bytes, ...]


def pack(packed: Packed) -> bytes:
    """The bytes of a file."""
    parts = "".join(map(_section, packed.sections))
    script = f'{_BOM}backfileSearch("{packed.name}",{packed.stamp}{parts});\n'
    return script.encode("utf-16-le", "surrogatepass")


def unpack(data: bytes) -> Packed:
    """What a file holds. Raises ReadError where it is damaged."""
    try:
        found = _CALL.fullmatch(data.decode("utf-16-le", "surrogatepass").removeprefix(_BOM))
        if found:
            sections = tuple(_inflated(*part.groups()) for part in _SECTION.finditer(found[3]))
            return Packed(name=found[1], stamp=int(found[2]), sections=sections)
    except (UnicodeDecodeError, zlib.error, ValueError, IndexError) as error:
        raise ReadError(f"damaged ({error})") from error
    raise ReadError("damaged, or not a file of a search index")


def _section(data: bytes) -> str:
    small = bytes(deflate.deflate_compress(data, _LEVEL))
    even = small + b"\0" if len(small) % 2 else small
    text = _UNSAFE.sub(_escape, even.decode("utf-16-le", "surrogatepass"))
    return f',[{len(small)},{zlib.crc32(small)},"{text}"]'


def _escape(found: re.Match[str]) -> str:
    return "\ue000" + chr(ord(found[0]) + _SHIFT & 0xFFFF)


def _inflated(length: str, check: str, text: str) -> bytes:
    plain = _ESCAPED.sub(lambda found: chr(ord(found[1]) - _SHIFT & 0xFFFF), text)
    small = plain.encode("utf-16-le", "surrogatepass")[: int(length)]
    if zlib.crc32(small) != int(check):
        raise ValueError("its check is wrong")
    return zlib.decompress(small, -15)


def column(numbers: Sequence[int] | NDArray[np.integer[Any]]) -> bytes:
    """Numbers as planes: how many there are (a byte), then all lowest bytes, all next ones…"""
    wide = np.asarray(numbers, "<u8")
    planes = (int(wide.max()).bit_length() + 7) // 8 if len(wide) else 0
    raw = wide.view(np.uint8).reshape(-1, 8)
    return bytes([planes]) + b"".join(raw[:, plane].tobytes() for plane in range(planes))


class Columns:
    """Reads columns one after another."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def bytes(self, count: int) -> bytes:
        """The next bytes. Raises ReadError where there are fewer."""
        part = self._data[self._at : self._at + count]
        self._at += count
        if len(part) < count:
            raise ReadError("damaged: it ends too early")
        return part

    def numbers(self, count: int) -> list[int]:
        """The next column of so many numbers."""
        planes = self.bytes(1)[0]
        raw = bytearray(8 * count)
        for plane in range(planes):
            raw[plane::8] = self.bytes(count)
        wide = array("Q", bytes(raw))
        if _BIG:
            wide.byteswap()
        return wide.tolist()

    def text(self) -> str:
        """A text, after its length as a column of one."""
        return self.bytes(self.numbers(1)[0]).decode("utf-8", "surrogatepass")


def text_column(text: str) -> bytes:
    """A text in UTF-8 after its length."""
    data = text.encode("utf-8", "surrogatepass")
    return column([len(data)]) + data


def deltas(numbers: Iterable[int]) -> list[int]:
    """The first number, then how much each is above the one before."""
    row = list(numbers)
    return [*row[:1], *map(sub, row[1:], row)]
