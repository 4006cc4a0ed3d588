"""Bytes of a text file → text: byte order mark, declared encoding, UTF-8, else what the bytes look like."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from backfile.cleaning.encodings import TWICE, guess_encoding, undoubled, web_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was read in and what was odd about it."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode_text(data: bytes, charset: str = "") -> Decoded:
    """The text of a saved file. Never raises: what cannot be read becomes U+FFFD and is said in the notes."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _mended(Decoded(data[len(bom) :].decode(name, "replace"), name))
    wide = _wide(data)
    if wide:
        return Decoded(data.decode(wide, "replace"), wide, ("encoding guessed",))
    try:
        return _mended(Decoded(data.decode("utf-8"), "utf-8"))
    except UnicodeDecodeError:
        pass
    declared = web_encoding(charset)
    if declared and declared != "utf-8":
        text = data.decode(declared, "replace")
        return Decoded(text, declared, (f"damaged {declared}",) if "\ufffd" in text else ())
    if _mostly_utf8(data):
        return Decoded(data.decode("utf-8", "replace"), "utf-8", ("damaged UTF-8",))
    name = guess_encoding(data)
    return Decoded(data.decode(name, "replace"), name, ("encoding guessed",))


def _wide(data: bytes) -> str:
    sample = data[:1000]
    if len(sample) < 20:
        return ""
    if sample[1::2].count(0) * 3 > len(sample):
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) * 3 > len(sample) else ""


def _mostly_utf8(data: bytes) -> bool:
    wrong = data.decode("utf-8", "replace").count("\ufffd")
    return sum(1 for _ in re.finditer(rb"[\xc2-\xf4][\x80-\xbf]", data)) > 4 * wrong


def _mended(decoded: Decoded) -> Decoded:
    once = undoubled(decoded.text)
    return Decoded(once, decoded.encoding, (*decoded.notes, TWICE)) if once is not None else decoded
