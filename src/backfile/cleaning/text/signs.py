"""How often signs of a kind stand in each line of a dump, counted for all lines at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.intp]
"""A number for each line."""

_NAMES = ("", "dense", "hangul", "digits", "commas", "stops", "inner", "bars", "words")
_KINDS = np.zeros(0x10000, dtype=np.uint8)
"""The kind of each sign, as a place in `_NAMES`; 0 for most."""
for _first, _last, _kind in ((0x3040, 0x30FF, 1), (0x3400, 0x9FFF, 1), (0xAC00, 0xD7AF, 2), (0x30, 0x39, 3)):
    _KINDS[_first : _last + 1] = _kind
for _signs, _kind in ((",、", 4), (".", 5), ("。", 6), ("|·»›", 7), (" \n", 8)):
    _KINDS[[ord(_sign) for _sign in _signs]] = _kind
_STOP, _INNER, _BLANK = 5, 6, 8
_SPACE, _BREAK = 0x20, 0x0A


@dataclass(frozen=True, slots=True)
class Signs:
    """How many there are in each line."""

    dense: Counts
    """Signs of Chinese or Japanese, kana too."""
    hangul: Counts
    digits: Counts
    """The ten of ASCII."""
    commas: Counts
    inner: Counts
    """Full stops with a blank after them."""
    bars: Counts
    capitals: Counts
    """Words with a capital first."""
    words: Counts


def count_signs(texts: Sequence[str]) -> Signs:
    """The counts for lines that hold something and whose white space is evened out."""
    joined = "\n".join([*texts, ""])
    codes = _codes(joined)
    kinds = _KINDS[np.minimum(codes, 0xFFFF)]
    at = np.flatnonzero(kinds)
    own = kinds[at]
    # The last sign, a line break, is a blank: every other sign has one after it.
    own[(own == _STOP) & (codes[np.minimum(at + 1, len(codes) - 1)] == _SPACE)] = _INNER
    line = np.searchsorted(np.flatnonzero(codes == _BREAK), at)
    counts = np.bincount(line * len(_NAMES) + own, minlength=len(texts) * len(_NAMES)).reshape(-1, len(_NAMES)).T
    of = dict(zip(_NAMES, counts, strict=True))
    firsts = np.concatenate(([0], at[own == _BLANK][:-1] + 1))[: len(codes)]
    capital = codes[firsts] != _codes(_lowered(joined))[firsts]
    blanks = line[own == _BLANK][capital]
    return Signs(
        dense=of["dense"], hangul=of["hangul"], digits=of["digits"], commas=of["commas"], inner=of["inner"],
        bars=of["bars"], capitals=np.bincount(blanks, minlength=len(texts)), words=of["words"],
    )  # fmt: skip


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _lowered(text: str) -> str:
    """The text in small letters, as long as it was."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.replace("İ", "i").lower()
