"""Bytes → a picture that is safe to keep, or why there is none."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps

from backfile.limits import limits
from backfile.media.bare import bare_jpeg, bare_png, bare_webp
from backfile.media.svg import clean_svg, looks_like_svg

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
"""What browsers show and is decoded here; other decoders of Pillow are never asked."""

BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError, OverflowError,
    MemoryError, RuntimeError, struct.error, zlib.error, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
"""What Pillow raises for files that are damaged or made to do harm."""

_ENDINGS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif", "BMP": "webp"}
_ORIENTATION = 0x0112
_TURNED = range(5, 9)
_SIGNS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM")


class NoPictureError(Exception):
    """Bytes that are no picture to keep; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A picture, decoded once to see that it is one, with nothing beside it."""

    data: bytes
    ending: str
    width: int
    """As it is seen, in pixels."""
    height: int
    moving: bool = False
    """True for an animation."""


def may_be_picture(data: bytes) -> bool:
    """True where the first bytes are those of a picture; costs nothing."""
    head = data[:16]
    boxed = head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis", b"mif1")
    return head.startswith(_SIGNS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or boxed or looks_like_svg(data)


def check(data: bytes) -> Checked:
    """A picture as it may be kept. Raises NoPictureError."""
    if len(data) > limits().picture:
        raise NoPictureError(f"larger than {limits().picture_mb} MB")
    if looks_like_svg(data):
        drawing = clean_svg(data)
        if drawing is None:
            raise NoPictureError("a drawing that cannot be made safe")
        return Checked(data=drawing.data, ending="svg", width=drawing.width, height=drawing.height)
    try:
        with warnings.catch_warnings(action="ignore"):  # of damaged fields that are not kept, and of sizes checked here
            return _checked(data)
    except BROKEN as error:
        raise NoPictureError("no picture, or a damaged one") from error


def measured(file: Path | BinaryIO) -> Checked:
    """What a picture file says of itself, without its bytes. Raises NoPictureError and what is in `BROKEN`."""
    with Image.open(file, formats=FORMATS) as image:
        width, height = image.size
        most = limits().megapixels * 1_000_000
        if width * height > most:
            raise NoPictureError(f"more than {most:,} pixels")
        moving = 1 < getattr(image, "n_frames", 1) <= most // (width * height)
        turned = image.getexif().get(_ORIENTATION, 1) in _TURNED
        size = (height, width) if turned else (width, height)
        return Checked(data=b"", ending=_ENDINGS[str(image.format)], width=size[0], height=size[1], moving=moving)


def _checked(data: bytes) -> Checked:
    facts = measured(io.BytesIO(data))
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        kind, orientation = str(image.format), int(image.getexif().get(_ORIENTATION, 1))
    bare, ending = _bare(data, kind, orientation)
    with Image.open(io.BytesIO(bare), formats=FORMATS) as image:
        image.draft("RGB", (image.width // 8, image.height // 8))
        image.load()
    return replace(facts, data=bare, ending=ending)


def _bare(data: bytes, kind: str, orientation: int) -> tuple[bytes, str]:
    """The file without anything but its picture; what cannot be cut is encoded anew where it holds more."""
    if kind == "JPEG":
        return bare_jpeg(data, orientation), "jpg"
    if orientation != 1 or kind == "BMP" or (kind == "AVIF" and _has_more(data)) or b"XMP DataXMP" in data:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            turned = ImageOps.exif_transpose(image)
            return encoded(turned.convert("RGBA" if turned.has_transparency_data else "RGB"), quality=92), "webp"
    if kind in ("PNG", "WEBP"):
        return (bare_png if kind == "PNG" else bare_webp)(data), _ENDINGS[kind]
    return data, _ENDINGS[kind]


def _has_more(data: bytes) -> bool:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        return bool(image.getexif()) or bool(image.info.get("xmp"))


def encoded(image: Image.Image, *, quality: int) -> bytes:
    """A picture as WebP, with its colour profile and nothing else beside it."""
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=image.info.get("icc_profile"))
    return out.getvalue()
