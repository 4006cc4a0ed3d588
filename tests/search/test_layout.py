"""How an archive is cut into segments."""

from __future__ import annotations

import pytest

from backfile.search import layout


def counts(articles: int) -> list[int]:
    """Articles of each segment of an archive with two a day."""
    return [part.count for part in layout.segments([n << 1 for n in range(articles)], 2)]


@pytest.mark.parametrize("articles", [1, 8, 15, 16])
def test_a_small_archive_is_one_segment(monkeypatch, articles):
    monkeypatch.setattr(layout, "SEGMENT", 8)
    assert counts(articles) == [articles]


@pytest.mark.parametrize("articles", [17, 32])
def test_a_larger_one_is_cut_by_time(monkeypatch, articles):
    monkeypatch.setattr(layout, "SEGMENT", 8)
    assert sum(counts(articles)) == articles
    assert max(counts(articles)) <= 8


def test_the_newest_of_many_stand_in_a_small_one(monkeypatch):
    for name, value in {"SEGMENT": 8, "RECENT": 2, "_AHEAD": 1}.items():
        monkeypatch.setattr(layout, name, value)
    assert max(counts(100)) > 2 >= counts(100)[-1]
