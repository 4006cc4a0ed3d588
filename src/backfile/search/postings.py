"""Where terms stand: rows of numbers in columns, exchanged and chosen from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.uint32]
_Whole = TypeVar("_Whole", np.int32, np.int64)
_EXACT = 4
"""Bits of the frequency of a term that is not kept whole, rounded up: one article more seldom changes them."""
_HEAD = 4
"""Bytes that tell how many rows there are."""
_ROW = 9
"""Bytes of a row without its positions."""


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Where a term stands: a row for each article in order of places; the positions of all rows follow one another."""

    places: Places
    weights: NDArray[np.uint8]
    counts: Places
    """How many positions a row has."""
    positions: NDArray[np.uint16]


NONE = Postings(np.empty(0, np.uint32), np.empty(0, np.uint8), np.empty(0, np.uint32), np.empty(0, np.uint16))


def joined(parts: Sequence[Postings]) -> Postings:
    """The rows of several postings, each of later places than the one before."""
    if len(parts) == 1:
        return parts[0]
    return Postings(
        np.concatenate([part.places for part in parts]),
        np.concatenate([part.weights for part in parts]),
        np.concatenate([part.counts for part in parts]),
        np.concatenate([part.positions for part in parts]),
    )


def exchanged(rows: Postings, old: Postings, new: Postings) -> Postings:
    """Postings without those of the places of `old`, and with `new` ones, in order."""
    both = joined([_selected(rows, np.flatnonzero(~np.isin(rows.places, old.places))), new])
    return _selected(both, np.argsort(both.places, kind="stable"))


def shown(rows: Postings, most: int) -> tuple[Postings, int]:
    """What files say of a term: its heaviest rows, at most so many, and how many there are, rounded up if more."""
    count = len(rows.places)
    if count <= most:
        return rows, count
    shift = count.bit_length() - _EXACT
    return heaviest(rows, most), ((count >> shift) + 1) << shift


def heaviest(rows: Postings, most: int) -> Postings:
    """At most so many of the rows: the heaviest, of equals the latest."""
    if len(rows.places) <= most:
        return rows
    order = np.argsort(rows.weights, kind="stable")
    return _selected(rows, np.sort(order[-most:]))


def to_bytes(rows: Postings) -> bytes:
    """The rows as bytes, for `from_bytes` on the same machine."""
    columns = (rows.places, rows.weights, rows.counts, rows.positions)
    return len(rows.places).to_bytes(_HEAD, "little") + b"".join(column.tobytes() for column in columns)


def from_bytes(data: bytes) -> Postings:
    """The rows in such bytes."""
    count = int.from_bytes(data[:_HEAD], "little")
    weights, counts, positions = _HEAD + 4 * count, _HEAD + 5 * count, _HEAD + _ROW * count
    return Postings(
        np.frombuffer(data, np.uint32, count, _HEAD),
        np.frombuffer(data, np.uint8, count, weights),
        np.frombuffer(data, np.uint32, count, counts),
        np.frombuffer(data, np.uint16, -1, positions) if len(data) > positions else NONE.positions,
    )


def _selected(rows: Postings, order: NDArray[np.intp]) -> Postings:
    """The rows with these indices in this order."""
    lengths = rows.counts[order].astype(np.int64)
    starts = np.cumsum(rows.counts, dtype=np.int64) - rows.counts.astype(np.int64)
    return Postings(
        rows.places[order], rows.weights[order], rows.counts[order], rows.positions[spread(starts[order], lengths)]
    )


def spread(starts: NDArray[_Whole], lengths: NDArray[_Whole]) -> NDArray[_Whole]:
    """The numbers of ranges that begin at `starts`, one range after another."""
    ends = np.cumsum(lengths, dtype=starts.dtype)
    inside = np.arange(ends[-1] if len(ends) else 0, dtype=starts.dtype)
    inside += np.repeat(starts - (ends - lengths), lengths)
    return inside
