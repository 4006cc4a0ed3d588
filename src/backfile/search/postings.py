"""Where terms stand: rows of numbers in columns, taken out, put in and chosen from."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate


@dataclass(slots=True)
class Postings:
    """Where a term stands: a row for each article in order of places; the positions of all rows follow one another."""

    places: array[int] = field(default_factory=lambda: array("I"))
    weights: bytearray = field(default_factory=bytearray)
    counts: array[int] = field(default_factory=lambda: array("H"))
    """How many positions a row has."""
    positions: array[int] = field(default_factory=lambda: array("H"))

    def extend(self, other: Postings) -> None:
        """Take in the rows of later places."""
        self.places.extend(other.places)
        self.weights.extend(other.weights)
        self.counts.extend(other.counts)
        self.positions.extend(other.positions)


def without(rows: Postings, place: int) -> Postings:
    """Postings without those of a place."""
    return _selected(rows, [index for index, each in enumerate(rows.places) if each != place])


def merged(rows: Postings, new: Postings) -> Postings:
    """Postings of two sets of places in order."""
    both = Postings(rows.places[:], rows.weights[:], rows.counts[:], rows.positions[:])
    both.extend(new)
    return _selected(both, sorted(range(len(both.places)), key=both.places.__getitem__))


def _selected(rows: Postings, order: Sequence[int]) -> Postings:
    """The rows with these indices in this order."""
    starts = list(accumulate(rows.counts, initial=0))
    chosen = Postings()
    chosen.places.extend([rows.places[index] for index in order])
    chosen.weights.extend([rows.weights[index] for index in order])
    chosen.counts.extend([rows.counts[index] for index in order])
    for index in order:
        chosen.positions.extend(rows.positions[starts[index] : starts[index + 1]])
    return chosen


def heaviest(rows: Postings, most: int) -> Postings:
    """At most so many of the rows: the heaviest, of equals the latest."""
    if len(rows.places) <= most:
        return rows
    least, room = 255, most
    while rows.weights.count(least) <= room:
        room -= rows.weights.count(least)
        least -= 1
    equal = [index for index, weight in enumerate(rows.weights) if weight == least][-room:] if room else []
    return _selected(rows, sorted([index for index, weight in enumerate(rows.weights) if weight > least] + equal))
