"""What the bytes of a text look like: the encoding in which they make the most likely text, letters encoded twice."""

from __future__ import annotations

import codecs
import re

from backfile.cleaning.language import detect_language

_SAMPLE = 20_000
_EAST = ("euc_jp", "cp932", "gb18030", "big5hkscs", "cp949")
_WEST = (
    "cp1252",
    "iso8859-15",
    "cp1254",
    "cp1251",
    "koi8-r",
    "cp1250",
    "cp1253",
    "cp1255",
    "cp1256",
    "iso8859-5",
    "mac-roman",
)
_LEGACY = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "ansi": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874",
    "tis-620": "cp874", "windows-874": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "ksc5601": "cp949", "shift_jis": "cp932", "sjis": "cp932",
    "shift-jis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "big5": "big5hkscs", "x-x-big5": "big5hkscs",
    "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-8-i": "iso-8859-8",
    "unicode": "utf-16-le", "utf-16": "utf-16-le", "utf8": "utf-8", "x-user-defined": "cp1252",
}  # fmt: skip
_WEB = (
    frozenset(f"cp125{n}" for n in range(9))
    | frozenset(f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16))
    | {"utf-8", "utf-16-le", "utf-16-be", "cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"}
    | {"gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949"}
)
"""What browsers read. Python knows more, some of which (UTF-7, escapes) would make markup of a page's text."""
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_LATIN_9 = re.compile(r"[ŠšŽžŒœŸ](?=[a-zà-ÿ])|(?<=\d) ?€|€ ?(?=\d)")
"""Where Latin 9 makes sense of what in windows-1252 would be a fraction or an accent by itself."""
TWICE = "letters that had been encoded twice were put right"
"""What is said of text that was put right."""


def web_encoding(label: str) -> str:
    """The encoding that a label means on the web, as Python calls it; empty for all that browsers do not read.

    Labels and encodings are those of the WHATWG Encoding standard.
    """
    name = label.strip().strip("\"'").lower()
    try:
        known = codecs.lookup(_LEGACY.get(name, name)).name if name else ""
    except (LookupError, ValueError):  # a null byte in the name is a ValueError
        return ""
    return known if known in _WEB else ""


def guess_encoding(data: bytes) -> str:
    """The encoding of a text that is neither declared nor UTF-8, as Python calls it; markup is passed over."""
    high = _TAG.sub(b" ", data[: 20 * _SAMPLE])
    first = next((n for n, byte in enumerate(high) if byte > 0x7F), 0)
    sample = high[max(0, first - _SAMPLE // 4) :][:_SAMPLE]
    name = _guess(sample)
    return "cp1252" if name == "iso8859-15" and not _LATIN_9.search(sample.decode(name)) else name


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


def undoubled(text: str) -> str | None:
    """Text that was UTF-8, read as windows-1252 and saved so, put right; None where that is not certain."""
    if text.isascii() or not any(first in text for first in _DOUBLE_FIRST):
        return None
    marks = len(_DOUBLE.findall(text))
    if marks < 3:
        return None
    once = _undo(text)
    return None if once is None or len(_DOUBLE.findall(once)) * 4 > marks else once


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
