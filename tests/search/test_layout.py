"""How an archive is cut into segments."""

from __future__ import annotations

from bisect import bisect_left
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.search import layout


def counts(articles: int) -> list[int]:
    """Articles of each segment of an archive with two a day."""
    return [part.count for part in layout.segments([n << 1 for n in range(articles)], 2)]


@pytest.mark.parametrize("articles", [8, 9, 16])
def test_an_archive_is_cut_by_time(monkeypatch, articles):
    monkeypatch.setattr(layout, "SEGMENT", 8)
    assert sum(counts(articles)) == articles
    assert max(counts(articles)) <= 8


def test_the_newest_of_many_stand_in_a_small_one(monkeypatch):
    for name, value in {"SEGMENT": 8, "RECENT": 2, "_AHEAD": 1}.items():
        monkeypatch.setattr(layout, name, value)
    assert max(counts(100)) > 2 >= counts(100)[-1]


TERMS = st.dictionaries(st.text("abcdé", min_size=1, max_size=4), st.integers(1, 40), max_size=60)


@given(TERMS, TERMS)
def test_shelves_that_are_cut_again_are_those_cut_anew(before, changed):
    """`changed` gives frequencies of terms as they are now; what is even is gone."""
    now = {**before, **changed}
    now = {term: n for term, n in now.items() if term not in changed or n % 2}
    with patch.multiple(layout, _ANCHOR=4, _FULL=(40, 40)):
        old = list(layout.shelves(sorted(before.items()), 10))
        moved = [t for t in {*before, *now} if before.get(t, 0).bit_length() != now.get(t, 0).bit_length()]
        starts = list(old)
        for first, end in layout.cut_again(old, moved):
            part = sorted((term, n) for term, n in now.items() if first <= term and (not end or term < end))
            span = slice(bisect_left(starts, first), bisect_left(starts, end) if end else None)
            starts[span] = layout.shelves(part, 10, first)
        assert starts == list(layout.shelves(sorted(now.items()), 10))
