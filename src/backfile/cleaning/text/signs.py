"""How often signs of a kind stand in each line of a dump, counted for all lines at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.intp]
"""A number for each line."""

_DENSE, _HANGUL, _DIGIT, _COMMA, _STOP, _INNER_STOP, _BAR, _BLANK = (1 << k for k in range(8))
_KINDS = np.zeros(0x10000, dtype=np.uint8)
"""The kind of each sign, as a bit; 0 for most."""
for _first, _last, _kind in (
    (0x3040, 0x30FF, _DENSE), (0x3400, 0x9FFF, _DENSE), (0xAC00, 0xD7AF, _HANGUL), (0x30, 0x39, _DIGIT),
):  # fmt: skip
    _KINDS[_first : _last + 1] = _kind
for _signs, _kind in ((",、", _COMMA), (".", _STOP), ("。", _INNER_STOP), ("|·»›", _BAR), (" \n", _BLANK)):
    _KINDS[[ord(_sign) for _sign in _signs]] = _kind


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
    bounds = np.concatenate(([0], np.flatnonzero(codes == 10) + 1))

    def count(marked: NDArray[np.bool_]) -> Counts:
        return np.diff(np.searchsorted(np.flatnonzero(marked), bounds))

    blank = kinds == _BLANK
    firsts = np.concatenate(([True], blank[:-1]))
    stops = kinds == _STOP
    stops[:-1] &= codes[1:] == 32
    return Signs(
        dense=count(kinds == _DENSE),
        hangul=count(kinds == _HANGUL),
        digits=count(kinds == _DIGIT),
        commas=count(kinds == _COMMA),
        inner=count(stops | (kinds == _INNER_STOP)),
        bars=count(kinds == _BAR),
        capitals=count(firsts & (codes != _codes(_lowered(joined)))),
        words=count(blank),
    )


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _lowered(text: str) -> str:
    """The text in small letters, as long as it was."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.replace("İ", "i").lower()
