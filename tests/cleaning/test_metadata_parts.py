"""The parts of reading metadata: broken JSON-LD, times, bylines."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.cleaning.lexicon import lexicon
from backfile.cleaning.metadata.jsonld import decode, mend
from backfile.cleaning.metadata.people import looks_like_person, names_agency, read_byline
from backfile.cleaning.metadata.stamps import Reading, is_before, is_future, parse_stamp, reading

ENGLISH = reading(lexicon("en", "fr").months, "en-US")
BRITISH = reading(lexicon("en", "fr").months, "en-GB")
UNKNOWN = Reading(months=lexicon("en", "fr").months)


@pytest.mark.parametrize(
    ("block", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('//<![CDATA[\n{"a": 1}\n//]]>', {"a": 1}),
        ('<!-- {"a": 1} -->', {"a": 1}),
        ('{"a": 1};', {"a": 1}),
        ('{"a": "line\nbreak"}', {"a": "line\nbreak"}),
        ('{"a": 1,}', {"a": 1}),
        ('{"a": [1, 2,]}', {"a": [1, 2]}),
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}),
        ('{"a": "say "hi" now", "b": 2}', {"a": 'say "hi" now', "b": 2}),
        ('{"a": "back\\slash \\u00e9 \\" ok"}', {"a": 'back\\slash é " ok'}),
        ('{"a": 1}{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"a": {"b": "cut of', {"a": {"b": "cut of"}}),
        ('{"a": undefined, "b": 2}', {"a": None, "b": 2}),
        ("{&quot;a&quot;: 1}", {"a": 1}),
        ('{"a": , "b":}', {"a": None, "b": None}),
        ("var x = 1", None),
        ("", None),
    ],
)
def test_broken_structured_data_is_read_as_it_was_meant(block: str, value: object) -> None:
    decoded = decode(block)

    assert decoded == value or (value is None and not isinstance(decoded, dict))


def test_deep_nesting_is_no_trouble() -> None:
    assert decode("[" * 200_000) is None or True
    assert decode('{"a":' * 50_000 + "1") is None or True


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    )
)
def test_mending_good_json_changes_nothing(value: object) -> None:
    assert json.loads(mend(json.dumps(value, ensure_ascii=False))) == value


@given(st.text(alphabet='{}[],:"\\ ab1\n', max_size=60))
def test_mending_never_fails_on_brackets_and_quotes(text: str) -> None:
    decode(text)


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("2024-04-30", "2024-04-30"),
        ("2024-04-30T16:00", "2024-04-30T16:00:00"),
        ("2024-04-30T16:00:34Z", "2024-04-30T16:00:34+00:00"),
        ("2024-04-30T16:00:34.123+0200", "2024-04-30T16:00:34+02:00"),
        ("2024-04-30 16:00:34 +02:00", "2024-04-30T16:00:34+02:00"),
        ("20240430T160034Z", "2024-04-30T16:00:34+00:00"),
        ("20240430", "2024-04-30"),
        ("2024/04/30", "2024-04-30"),
        ("Tue, 30 Apr 2024 14:00:34 GMT", "2024-04-30T14:00:34+00:00"),
        ("Tue Apr 30 2024 14:00:34 GMT+0200 (CEST)", "2024-04-30T14:00:34+02:00"),
        ("April 30th, 2024 4:05 p.m. EDT", "2024-04-30T16:05:00-04:00"),
        ("30 avril 2024 à 16h05", "2024-04-30T16:05:00"),
        ("1714492834", "2024-04-30T16:00:34+00:00"),
        ("1714492834000", "2024-04-30T16:00:34+00:00"),
        ("30.04.2024, 16:05 Uhr", "2024-04-30T16:05:00"),
        ("2024年4月30日 16:05", "2024-04-30T16:05:00"),
        ("12/30/2024", "2024-12-30"),
        ("03/04/2024", "2024-03-04"),
        ("2024", ""),
        ("April 2024", ""),
        ("2024-13-45", ""),
        ("0001-01-01T00:00:00Z", ""),
        ("1500-01-01", ""),
        ("yesterday", ""),
        ("9999999999", ""),
    ],
)
def test_times_come_out_as_precise_as_they_are_written(text: str, stamp: str) -> None:
    assert parse_stamp(text, ENGLISH) == stamp


def test_day_and_month_in_numbers_are_read_by_language_or_not_at_all() -> None:
    assert parse_stamp("03/04/2024", BRITISH) == "2024-04-03"
    assert parse_stamp("03/04/2024", UNKNOWN) == ""
    assert parse_stamp("13/04/2024", UNKNOWN) == "2024-04-13"


@given(st.text(max_size=130))
def test_any_text_gives_a_time_of_our_three_forms_or_none(text: str) -> None:
    assert len(parse_stamp(text, UNKNOWN)) in (0, 10, 19, 25)


@pytest.mark.parametrize(
    ("stamp", "captured", "future"),
    [
        ("2024-05-02T00:00:00+00:00", "2024-05-01T00:00:00+00:00", True),
        ("2024-05-01T00:30:00+00:00", "2024-05-01T00:00:00+00:00", False),
        ("2024-05-02", "2024-05-01T12:00:00Z", False),
        ("2024-05-03", "2024-05-01T12:00:00Z", True),
        ("2024-05-03", "", False),
        ("2024-05-03", "not a time", False),
    ],
)
def test_the_future_begins_with_the_capture(stamp: str, captured: str, future: bool) -> None:
    assert is_future(stamp, captured) is future


@pytest.mark.parametrize(
    ("text", "people", "agencies"),
    [
        ("By Jane Doe and John Roe, Reuters in Kyiv", ("Jane Doe", "John Roe"), ("Reuters",)),
        ("By JANE WALTERS", ("Jane Walters",), ()),
        ("Jane Doe (AFP)", ("Jane Doe",), ("AFP",)),
        ("Jane Doe, Senior Reporter", ("Jane Doe",), ()),
        ("Jane Doe | jane@post.example | @jane", ("Jane Doe",), ()),
        ("https://post.example/authors/jane", (), ()),
        ("Jane Doe, translated by John Roe", ("Jane Doe",), ()),
        ("Jane Doe; photo by John Roe", ("Jane Doe",), ()),
        ("Doe, Jane", ("Jane Doe",), ()),
        ("Jane Doe, Jane Doe, Jane", ("Jane Doe",), ()),
        ("Jane Doe in Kyiv", ("Jane Doe",), ()),
        ("Categories: Uncategorized", (), ()),
        ("Interview: Jane Doe", (), ()),
        ("Jane Doe, MD", ("Jane Doe",), ()),
        ("Staff", (), ()),
        ("Boats Verlag GmbH", (), ()),
        ("山田太郎", ("山田太郎",), ()),
    ],
)
def test_bylines_give_people_and_agencies(text: str, people: tuple[str, ...], agencies: tuple[str, ...]) -> None:
    found = read_byline([text], lexicon("en"))

    assert (found.people, found.agencies) == (people, agencies)


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("2024.04.30", "2024-04-30"),
        ("2024-04-30 - 16:05", "2024-04-30T16:05:00"),
        ("2024-04-30T12:05 am", "2024-04-30T00:05:00"),
        ("2024-04-30T16:05:00+99:00", "2024-04-30T16:05:00"),
        ("2024-04-30T16:05:00 XYZ", "2024-04-30T16:05:00"),
        ("2024-04-30T27:05", "2024-04-30"),
        ("2024 April 30", "2024-04-30"),
        ("30 avril de 2024", "2024-04-30"),
        ("3 août/august 2024", "2024-08-03"),
        ("31 April 2024, then 30 April 2024", "2024-04-30"),
        ("April is the cruellest month", ""),
        ("April 31, 2024", ""),
        ("April by the sea was cold in 2024", ""),
        ("4 pm on 30 April 2024", "2024-04-30T16:00:00"),
        ("2024/04-30", ""),
        ("45/45/2024", ""),
        ("Do 25.04.24 | 14:07 Uhr", "2024-04-25T14:07:00"),
        ("version 25.04.24", ""),
        ("45.45.24, 14:07", ""),
        ("30.04.2024", "2024-04-30"),
        ("123", ""),
    ],
)
def test_odd_times_are_read_or_refused(text: str, stamp: str) -> None:
    assert parse_stamp(text, ENGLISH) == stamp


def test_moments_are_compared_by_the_clock_where_both_have_a_zone() -> None:
    assert is_before("2024-04-30T10:00:00+02:00", "2024-04-30T09:00:00+00:00")
    assert not is_before("2024-04-30T10:00:00", "2024-04-30T11:00:00+00:00")
    assert is_before("2024-04-29", "2024-04-30T11:00:00+00:00")


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("Jane Doe", True),
        ("Jane van der Doe", True),
        ("Jane", False),
        ("JANE DOE", False),
        ("Read More", False),
        ("Jane doe", False),
        ("Jane Doe 2", False),
        ("Associated Press", False),
        ("Senior Editor", False),
        ("Jane Doe And Her Friends", False),
    ],
)
def test_a_line_is_a_persons_name_only_if_it_is_nothing_else(text: str, looks: bool) -> None:
    assert looks_like_person(text, lexicon("en")) is looks


def test_names_longer_than_names_are_refused() -> None:
    assert read_byline(["Jane " + "x" * 80, "one two three four five six seven"], lexicon("en")).people == ()


def test_a_known_pair_of_agencies_is_not_turned_around() -> None:
    assert read_byline(["Reuters, Jane"], lexicon("en")).agencies == ("Reuters",)


@pytest.mark.parametrize("text", ["Jane Doe und dpa", "By Jane Doe (REUTERS) in Kyiv", "Jane Doe"])
def test_only_where_an_agencys_name_stands_can_a_byline_name_one(text: str) -> None:
    assert names_agency(text) is bool(read_byline([text], lexicon("de", "en")).agencies)


def test_inverted_names_are_turned() -> None:
    assert read_byline(["Doe, Jane Ann"], lexicon("en"), inverted=True).people == ("Jane Ann Doe",)


def test_bylines_without_any_cue_words_are_still_split() -> None:
    bare = replace(lexicon("en"), cues={})

    assert read_byline(["Jane Doe, John Roe"], bare).people == ("Jane Doe", "John Roe")


@pytest.mark.parametrize(
    ("text", "lang", "people"),
    [
        ("Staff Writer Jane Doe", "en", ("Jane Doe",)),
        ("Journalist Jane Doe", "en", ("Jane Doe",)),
        ("Editor Jane", "en", ()),
        ("홍길동 기자", "ko", ("홍길동",)),
    ],
)
def test_roles_beside_a_name_are_left_out(text: str, lang: str, people: tuple[str, ...]) -> None:
    assert read_byline([text], lexicon(lang)).people == people
