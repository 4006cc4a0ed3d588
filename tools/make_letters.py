"""Write `src/backfile/search/letters.json`: which characters make words, and what each is folded to.

    python tools/make_letters.py

Made once from Python's Unicode data and kept, so that an index does not depend on the Python that writes it; both sides
of the search read it. Folding is by character: compatibility forms and case are levelled, marks of Latin, Greek,
Cyrillic, Hebrew and Arabic taken off, letters that differ by custom alone made alike.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/backfile/search/letters.json"
CUSTOM = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
    "ŧ": "t",
    "ة": "ه",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ۀ": "ه",
    "ٱ": "ا",
    "ـ": "",
}
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "COMBINING")
MARKS = {*range(10, 36), 200, 202, 214, 216, 218, 220, 222, 224, 226, 228, 230, 232, 233, 234, 240}
"""Combining classes of marks that may be left out: points of Hebrew and Arabic, accents above and below."""
RUNS = (
    *((0x0E00, 0x0E7F), (0x1100, 0x11FF), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3040, 0x318F), (0x31A0, 0x31FF)),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF66, 0xFFDC)),
)
"""Scripts cut into pairs of characters: Thai, Chinese, Japanese, Korean."""
WIDE = 0x10000
"""Characters from here on are known by areas, and folded to nothing but themselves."""
AREAS = ((0x10000, 0x16FFF), (0x1D400, 0x1D7FF), (0x1E000, 0x1EFFF))
"""Scripts there: ranges by the hundred would slow down every search for a word."""


def is_letter(char: str) -> bool:
    """True for what a word is made of: letters, digits, and their marks."""
    return unicodedata.category(char)[0] == "L" or unicodedata.category(char) in ("Nd", "Nl", "Mn", "Mc")


def fold(char: str) -> str:
    """What a character is levelled to."""
    digit = unicodedata.digit(char, None)
    if digit is not None and unicodedata.category(char) == "Nd":
        return str(digit)
    whole = unicodedata.normalize("NFKD", char).casefold()
    known = unicodedata.name(char, "").startswith(SCRIPTS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", whole) if not (known and unicodedata.combining(c) in MARKS))
    return unicodedata.normalize("NFC", "".join(CUSTOM.get(c, c) for c in bare))


def ranges(numbers: list[int]) -> list[int]:
    """First and last of each run of numbers, in one row."""
    row: list[int] = []
    for number in numbers:
        if row and number == row[-1] + 1:
            row[-1] = number
        else:
            row += [number, number]
    return row


def main() -> int:
    """Write the file."""
    letters = [n for n in range(WIDE) if is_letter(chr(n))]
    paired = {n for low, high in RUNS for n in range(low, high + 1)}
    wide = [number for area in AREAS for number in area]
    folded = {n: fold(chr(n)) for n in letters}
    table = [(n, text) for n, text in folded.items() if text != chr(n) and all(is_letter(c) for c in text)]
    content = {
        "unicode": unicodedata.unidata_version,
        "words": [*ranges([n for n in letters if n not in paired]), *wide],
        "pairs": [*ranges([n for n in letters if n in paired]), 0x20000, 0x3FFFF],
        "from": ranges([n for n, _ in table]),
        "to": "\t".join(text for _, text in table),
    }
    TARGET.write_text(json.dumps(content, separators=(",", ":")) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
