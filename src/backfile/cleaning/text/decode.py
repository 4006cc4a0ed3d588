"""Bytes of a text file → text: byte order mark, declared encoding, UTF-8, else what the bytes look like."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from backfile.cleaning.language import detect_language

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
}
_SAMPLE = 20_000
_EAST = ("euc_jp", "cp932", "gb18030", "big5hkscs", "cp949")
_WEST = ("cp1252", "cp1254", "cp1251", "koi8-r", "cp1250", "cp1253", "cp1255", "cp1256", "iso8859-5", "mac-roman")


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
    declared = _known(charset)
    if declared and declared != "utf-8":
        return Decoded(data.decode(declared, "replace"), declared)
    if _mostly_utf8(data):
        return Decoded(data.decode("utf-8", "replace"), "utf-8", ("damaged UTF-8",))
    name = _guess(data[:_SAMPLE])
    return Decoded(data.decode(name, "replace"), name, ("encoding guessed",))


def _known(label: str) -> str:
    name = label.strip().lower()
    try:
        return codecs.lookup(_ALIASES.get(name, name)).name if name else ""
    except LookupError:
        return ""


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


def _guess(sample: bytes) -> str:
    """The encoding in which the bytes make the most likely text."""
    for cut in range(3):  # a sample may end inside a character
        head = sample[: len(sample) - cut]
        fits = [name for name in _EAST if _decodes(head, name)]
        if fits:
            best = max(fits, key=lambda name: _eastern(head.decode(name)))
            if _eastern(head.decode(best)) > 0.5:
                return best
    scores = {name: _western(sample.decode(name, "replace")) for name in _WEST}
    ranked = sorted(_WEST, key=lambda name: -scores[name])
    likely = [name for name in ranked if scores[name] >= 0.6 * scores[ranked[0]]]
    return next((name for name in likely if detect_language(sample.decode(name, "replace"))), ranked[0])


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _eastern(text: str) -> float:
    """The share of what is not ASCII that is everyday kana, hangul, common ideographs or their punctuation."""
    high = [c for c in text if c > "\x7f"]
    if not high:
        return 0.0
    good = sum(1.0 for c in high if "\u3040" <= c <= "\u30ff" or c in _COMMON_HAN)
    good += sum(0.6 for c in high if "\uac00" <= c <= "\ud7a3" or "、" <= c <= "」" or "！" <= c <= "？")
    return good / len(high) + sum(0.3 for c in high if "\u4e00" <= c <= "\u9fff") / len(high)


_COMMON_HAN = frozenset(
    "的一是不了在人有我他这這中大来來上国國个個到说說们們为為子和你地出道也时時年得就那要下以生会會自着去之过過家学學对對可她里裡后後"
    "小么麼心多天而能好都然没沒日于於起还還发發成事只作当當想看文无無开開手十用主行方又如前所本见見经經头頭面公同三已老从從动動两兩"
    "新聞記者東京市民政府本社会議員時間関係調査発表"
)


def _western(text: str) -> float:
    """How likely the letters beyond ASCII are: small letters beside small letters, in Latin script one at a time, in
    other scripts beside their like; no controls, no stray signs."""
    score = 0.0
    before = " "
    for c in text:
        if c > "\x7f":
            score += _fits(before, c)
        elif before >= "\u0370" and c.isalpha() and before.isalpha():
            score -= _MIXED
        before = c
    return score


def _fits(before: str, c: str) -> float:
    if c == "\ufffd" or "\x80" <= c <= "\x9f":
        return -3.0
    if not c.isalpha():
        return 0.8 if c in "’“”«»–—…„\u00a0" else -0.6
    score = -1.5 if c.isupper() and before.isalpha() and before.islower() else 1.0
    if c >= "\u0370":
        score -= _MIXED if before.isascii() and before.isalpha() else 0.0
        return score + (0.4 if before >= "\u0370" else 0.0)
    if c in _RARE:
        score -= 0.3
    return score - (1.2 if before > "\x7f" and before.isalpha() else 0.0)


_MIXED = 4.0
"""What a word in two scripts costs."""
_RARE = "ýþðÝÞÐ¸"
"""Letters of few languages, that stand where Turkish has its own."""


def _mended(decoded: Decoded) -> Decoded:
    """UTF-8 that was once read as windows-1252 and saved so, put right where that is certain."""
    text = decoded.text
    if text.isascii() or not any(first in text for first in _DOUBLE_FIRST):
        return decoded
    marks = len(_DOUBLE.findall(text))
    if marks < 3:
        return decoded
    once = _undo(text)
    if once is None or len(_DOUBLE.findall(once)) * 4 > marks:
        return decoded
    return Decoded(once, decoded.encoding, (*decoded.notes, "letters that had been encoded twice were put right"))


_DOUBLE_FIRST = "ÂÃÅÐÑâ"
_DOUBLE = re.compile(
    "[\u00c2\u00c3\u00c5\u00d0\u00d1][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|\u00e2\u20ac"
)
_RUN = re.compile(
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{2,}"
)
_BYTES = {bytes([n]).decode("cp1252", "replace"): n for n in range(0x80, 0x100)} | {
    chr(n): n for n in range(0x80, 0xA0)
}


def _undo(text: str) -> str | None:
    """Each run of suspicious letters read as the bytes it was; None where most runs are no UTF-8."""
    good = bad = 0

    def back(found: re.Match[str]) -> str:
        nonlocal good, bad
        try:
            fixed = bytes(_BYTES[c] for c in found[0]).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            bad += 1
            return found[0]
        good += 1
        return fixed

    result = _RUN.sub(back, text)
    return result if good >= 3 and good > 4 * bad else None
