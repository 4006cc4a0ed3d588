"""Dates in one normal form, and in order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.dates import day, instant, normal_date


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("2024-04-30", "2024-04-30"),
        ("2024-4-3", "2024-04-03"),
        ("2024-04-30T16:00:34+02:00", "2024-04-30T16:00:34+02:00"),
        ("2024-04-30 16:00:34 +02:00", "2024-04-30T16:00:34+02:00"),
        ("2016-09-08T11:55:58+0200", "2016-09-08T11:55:58+02:00"),
        ("2024-04-30T16:00Z", "2024-04-30T16:00:00+00:00"),
        ("2024-04-30 16:00", "2024-04-30T16:00:00"),
        ("2024-04-30T16:00:34.123-05", "2024-04-30T16:00:34-05:00"),
        ("2024-02-30", ""),
        ("2024-04-30T25:00", ""),
        ("2024-04-30T10:00+99:00", ""),
        ("yesterday", ""),
        ("2024", ""),
        ("", ""),
    ],
)
def test_normal_form(text, normal):
    assert normal_date(text) == normal
    assert normal_date(normal) == normal


@given(moment=st.datetimes(timezones=st.timezones() | st.none()))
def test_instants_sort_as_times_do(moment):
    text = normal_date(moment.replace(microsecond=0).isoformat())
    if text:
        assert len(instant(text)) == 19
        assert instant(text) >= "0000"


def test_order_and_day():
    assert instant("2024-04-30T01:00:00+02:00") < instant("2024-04-30T00:30:00+00:00")
    assert instant("2024-04-30") == "2024-04-30T00:00:00"
    assert instant("") == ""
    assert instant("0001-01-01T00:00:00+10:00") == "0001-01-01T00:00:00"
    assert day("2024-04-30T01:00:00+02:00") == "2024-04-30"
