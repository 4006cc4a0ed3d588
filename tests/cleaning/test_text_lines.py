"""Reading a dump's lines: breaks, bullets, wrapping, columns."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.cleaning.text.lines import is_rule, plain, read_lines, wrap_width

PROSE = (
    "The council of the small harbour town voted on Tuesday to rebuild the old lighthouse, which had stood empty for "
    "thirty years and was damaged by a storm in the spring. Work is to begin next month and to last until the autumn."
)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f", "\u2028"])
def test_every_kind_of_line_break_counts(end):
    """Files come from many systems."""
    assert [line.text for line in read_lines(f"One{end}Two{end}{end}Three")] == ["One", "Two", "Three"]


def test_white_space_and_invisible_signs_are_evened_out():
    """Non-breaking spaces, soft hyphens, marks of direction and of byte order."""
    (line,) = read_lines("\ufeff  A\u00a0quiet\u202f har\u00adbour\u200b ")
    assert line.text == "A quiet harbour"


def test_bullets_and_indents_are_read_off():
    """The receipt can still quote the line whole."""
    lines = read_lines("* Home\n  • Sport\n3. Third\n- dash\n-5 degrees")
    assert [(line.bullet, line.text, line.indent) for line in lines] == [
        ("*", "Home", 0), ("•", "Sport", 2), ("3.", "Third", 0), ("-", "dash", 0), ("", "-5 degrees", 0),
    ]  # fmt: skip
    assert lines[2].whole == "3. Third"


def test_blank_lines_are_counted():
    """How far apart lines stand says what belongs together."""
    assert [line.gap for line in read_lines("a\n\n\nb\nc")] == [0, 2, 0]


def test_columns_are_counted():
    """Tabs and wide gaps part the cells of a row."""
    assert [line.cells for line in read_lines("Berlin\t10\nBonn    9    rain\nNo table here")] == [2, 3, 1]


@pytest.mark.parametrize("width", [60, 72, 80])
def test_wrapped_paragraphs_are_joined(width):
    """At any width, and paragraphs stay apart."""
    paragraphs = [PROSE, PROSE.replace("council", "assembly"), PROSE.replace("Tuesday", "Friday")]
    wrapped = "\n\n".join(textwrap.fill(p, width) for p in paragraphs)
    assert [line.text for line in read_lines(wrapped)] == paragraphs


def test_wrapped_list_items_are_joined():
    """A hanging indent goes on with the item."""
    rows = []
    for item in [PROSE] * 3:
        rows += textwrap.wrap(item, 70, initial_indent="  * ", subsequent_indent="    ")
    lines = read_lines("\n".join(rows))
    assert [line.text for line in lines] == [PROSE] * 3
    assert all(line.bullet == "*" for line in lines)


def test_lists_of_short_lines_are_not_joined():
    """A menu is no wrapped text."""
    menu = "\n".join(f"Section number {n}" for n in range(30))
    assert len(read_lines(menu)) == 30
    assert wrap_width(menu.split("\n")) == 0


def test_unwrapped_paragraphs_are_not_joined():
    """Long lines are paragraphs already."""
    assert len(read_lines("\n".join([PROSE] * 12))) == 12


def test_wrapped_signs_of_double_width_are_joined_without_a_blank():
    """Chinese and Japanese have no blanks between words."""
    text = "港町の議会は火曜日、三十年前から使われていない灯台を建て直すことを決めた。" * 6
    rows = [text[i : i + 36] for i in range(0, len(text), 36)]
    assert [line.text for line in read_lines("\n".join(rows))] == [text]


def test_plain_compares_letters_and_digits():
    """Punctuation, case and width do not matter."""
    assert plain("Ｈello, «World» 2!") == "helloworld2"
    assert is_rule("* * *")
    assert not is_rule("1")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_visible_letter_is_lost(text):
    """Whatever the text, its letters come out in order."""
    seen = "".join(line.whole for line in read_lines(text))
    letters = [c for c in text if c.isalnum()]
    assert [c for c in seen if c.isalnum()] == letters
