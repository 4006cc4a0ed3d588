"""Text that goes through CommonMark comes out as the same text, whichever engine reads it."""

from __future__ import annotations

import html
import re

import markdown
import pyromark
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backfile.commonmark import destination, escape_text, guard_lines, image, link

PIECES = (
    *"\\`*_{}[]()#+-.!|<>&;:=~'\"1a b$%^@/?\n\té日\u00a0",
    *("&amp;", "&#1;", "<b>", "http://", "---", "===", "1. ", "](", "![", "  ", "~~~", "```", "[^1]"),
    *("{{ x }}", "{% a %}", "*[a]: b", "<!--", "a_b_c", ":::", "+++", "1) ", "&copy;", "<a@b.c>"),
)
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def words(rendered: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", rendered)).split())


def compiled(text: str) -> str:
    return pyromark.html(text, options=pyromark.Options.ENABLE_TABLES)


def python_markdown(text: str) -> str:
    return markdown.markdown(text, extensions=["tables"])


def as_paragraph(text: str) -> str:
    """The text as a cleaner hands it over: no blank lines, no blanks around lines."""
    return "\n".join(line for line in (line.strip() for line in text.split("\n")) if line)


@pytest.mark.parametrize("engine", [compiled, python_markdown])
@given(text=texts)
@settings(max_examples=1500)
def test_text_stays_text(engine, text):
    """Whatever a text looks like, a reader sees just that text."""
    paragraph = as_paragraph(text)
    assert words(engine(escape_text(paragraph))) == " ".join(paragraph.split())


@pytest.mark.parametrize("engine", [compiled, python_markdown])
@given(text=texts)
def test_text_stays_text_in_a_heading(engine, text):
    """The same in a heading, where a closing `#` would be taken for a mark."""
    line = " ".join(text.split())
    assert words(engine(f"## {escape_text(line)}")) == line


@pytest.mark.parametrize("text", ["AT&T", "snake_case", "5 < 6", "a + b - c", "(see 1. below)", "l'été : “oui”"])
def test_plain_text_is_not_cluttered(text):
    """What needs no escape gets none: people read these files."""
    assert escape_text(text) == text


def test_control_characters_are_left_out():
    assert escape_text("a\x00b\x02c") == "abc"


def test_a_lines_first_sign_starts_no_block():
    assert guard_lines("- a\n1. b\n> c") == "\\- a\n1\\. b\n\\> c"


def test_link_and_image():
    assert link("text", "http://e.org/a b(c)") == "[text](http://e.org/a%20b%28c%29)"
    assert image("a [b]", "x.jpg", 'say "hi"') == '![a \\[b\\]](x.jpg "say &quot;hi&quot;")'


@given(caption=texts, alt=texts)
def test_a_caption_cannot_leave_its_quotes(caption, alt):
    rendered = compiled(image(alt, "x.jpg", caption))
    assert rendered.startswith('<p><img src="x.jpg" alt="')
    title = re.search(r'title="([^"]*)"', rendered)
    assert html.unescape(title[1] if title else "") == " ".join(caption.split()).replace("\x01", "")


def test_a_host_in_another_script_keeps_its_name():
    assert destination("https://münchen.example/straße?q=é") == "https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%A9"
    assert destination(f"https://{'é' * 70}.example/") == f"https://{'%C3%A9' * 70}.example/"


def test_destination_cannot_be_left():
    assert destination('a"b)<c>\n') == "a%22b%29%3Cc%3E"
