"""Picture files without what cameras and programs write beside the picture: places, names, times, thumbnails.

The picture itself is not encoded anew. JPEG: ITU-T T.81, annex B. PNG: W3C PNG 3, §5. WebP: RFC 9649, §2.7.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_KEPT_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"cICP", b"pHYs"}
    | {b"acTL", b"fcTL", b"fdAT", b"bKGD"}
)
_PLAIN_FLAGS = 0xFF ^ 0x0C
"""Of the flags of a WebP file: all but "has Exif" and "has XMP"."""


def bare_jpeg(data: bytes, orientation: int = 1) -> bytes:
    """A JPEG with picture, colours and orientation (as Exif numbers it) only. Raises ValueError where it is damaged."""
    return data[:2] + _orientation_segment(orientation) + b"".join(_jpeg_parts(data)) + b"\xff\xd9"


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    at = 2
    while at + 4 <= len(data):
        while data[at] == 0xFF and data[at + 1 : at + 2] == b"\xff":
            at += 1
        if data[at] != 0xFF:
            raise ValueError("no marker where one should be")
        marker = data[at + 1]
        if marker == 0xD9:
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if _is_picture(marker, data[at + 4 : at + 16]):
            yield data[at:end]
        at = end
        if marker == 0xDA:
            stop = _end_of_scan(data, at)
            yield data[at:stop]
            at = stop


def _is_picture(marker: int, start: bytes) -> bool:
    if marker == 0xE2:
        return start.startswith(b"ICC_PROFILE")
    return marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _end_of_scan(data: bytes, at: int) -> int:
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7 and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
    return len(data)


def _orientation_segment(orientation: int) -> bytes:
    """An Exif segment with the one field that changes how the picture is seen."""
    if not 2 <= orientation <= 8:
        return b""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    body = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def bare_png(data: bytes) -> bytes:
    """A PNG with the chunks that make its picture only. Raises ValueError where it is damaged."""
    out = [data[:8]]
    at = 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if name in _KEPT_CHUNKS:
            out.append(data[at:end])
        if name == b"IEND":
            return b"".join(out)
        at = end
    raise ValueError("no end")


def bare_webp(data: bytes) -> bytes:
    """A WebP file without Exif and XMP. Raises ValueError where it is damaged."""
    out = bytearray()
    at, end = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        stop = at + 8 + size + size % 2
        name, chunk = data[at : at + 4], bytearray(data[at:stop])
        if name == b"VP8X":
            chunk[8] &= _PLAIN_FLAGS
        if name not in (b"EXIF", b"XMP "):
            out += chunk
        at = stop
    if not out:
        raise ValueError("no picture")
    return b"RIFF" + struct.pack("<I", len(out) + 4) + b"WEBP" + bytes(out)
