"""Marked words: the reader's `==marks==` and imported highlights stand on the right words, and nothing else changes."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.choices import plain_text
from backfile.commonmark import escape_text
from backfile.markdown import load_article
from backfile.marks import with_marks
from backfile.pipeline import BuildOptions, build_site, reclean
from backfile.prose import article_html, page_html
from backfile.report import Report
from backfile.search.text import plain_lines
from backfile.sentences import sentence_prints
from tests.conftest import article
from tests.faults.harness import page


def marks(rendered: str) -> list[str]:
    return re.findall(r"<mark>(.*?)</mark>", rendered)


def words(rendered: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", rendered)).strip()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("The ==old bridge== stands.", ["old bridge"]),
        ("==Whole sentence.==", ["Whole sentence."]),
        ("==one *two* three==", ["one ", "two", " three"]),
        ("*one ==two* three==", ["two", " three"]),
        ("==first\nsecond line==", ["first\nsecond line"]),
        ("a == b == c", []),
        ("x==y==z", []),
        ("`==code==`", []),
        ("==open and never closed\n\nanother==", []),
        (r"\==no mark==", []),
        ("[a ==link==](https://e.example/?a==b==)", ["link"]),
        ("<https://e.example/?q=a==>", []),
    ],
)
def test_marks_of_the_reader(source, expected):
    found = article_html(source)
    assert re.findall(r"<mark>(.*?)</mark>", found, re.S) == expected
    if "*" not in source and "\\" not in source:
        same = re.findall(r"<mark>(.*?)</mark>", page_html(source), re.S)
        assert same == expected


def test_marks_are_no_words():
    assert plain_text("The ==old bridge== stands.") == "The old bridge stands."
    assert plain_lines("The ==old bridge== stands.") == ["The old bridge stands."]


def test_marks_leave_anchors_and_wire_copies_as_they_were():
    bare = "The council of the island decided on Monday that nothing will be done about it."
    inked = bare.replace("on Monday", "==on Monday==")
    ids = [re.findall(r'id="([^"]+)"', article_html(text)) for text in (bare, inked)]
    assert ids[0] == ids[1] != []
    assert sentence_prints(bare) == sentence_prints(inked)


def test_code_and_addresses_stay_as_they_were_written():
    found = article_html("`a ==b== c` and [x](https://e.example/==y==)\n\n    ==z==\n")
    assert "a ==b== c" in found
    assert "https://e.example/==y==" in found.replace("%3D", "=")
    assert "==z==" in found


@given(st.text(st.sampled_from("=a b\n*`<\ue006\ue009"), max_size=40))
def test_text_that_looks_like_marks_stays_text(text):
    escaped = escape_text(text)
    assert "<mark>" not in article_html(escaped)


@pytest.mark.parametrize(
    ("highlight", "expected"),
    [
        ("the council of the island decided", ["the ", "council", " of the island decided"]),
        ("the council of the island decided — a remark of mine", ["the ", "council", " of the island decided"]),
        ("on Monday that nothing", ["on Monday ", "that nothing"]),
        ("words that stand nowhere here", []),
        ("twice in here", []),
        ("too short", []),
    ],
)
def test_highlights_land_on_their_words(highlight, expected):
    body = "Then the *council* of the island decided on Monday ==that nothing== will do. Twice in here, twice in here."
    found = marks(article_html(body, highlights=[highlight]))
    assert [each for each in found if each in expected] == expected
    assert "".join(found).count("that nothing") == 1


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon"]), min_size=3, max_size=12), st.data())
def test_a_highlight_marks_just_its_words_or_nothing(body, data):
    start = data.draw(st.integers(0, len(body) - 3))
    passage = body[start : data.draw(st.integers(start + 3, len(body)))]
    rendered = article_html(" ".join(body), highlights=[" ".join(passage)])
    assert words(rendered) == " ".join(body)
    assert "".join(marks(rendered)) in ("", " ".join(passage))


def test_marks_outlive_a_new_cleaning_and_show_on_the_page(make_site):
    site = make_site({"content/saved/a.html": page("A bridge at last", "bridge")})
    build_site(site)
    (path,) = site.articles.rglob("*.md")
    passage = " ".join(load_article(path.read_text()).article.body.split()[2:6])
    path.write_text(path.read_text().replace(passage, f"=={passage}==", 1))
    reclean(site, [], BuildOptions(), Report())
    assert f"=={passage}==" in load_article(path.read_text()).article.body
    build_site(site)
    (built,) = site.build.rglob(f"{path.stem}.html")
    assert marks(built.read_text()) == [passage]


def test_an_imported_highlight_shows_on_the_page(make_site):
    saved = '{saved: {highlights: ["council of the island"]}}'
    site = make_site({"content/articles/a.md": article(body="The council of the island met.", archive=saved)})
    build_site(site)
    (built,) = site.build.rglob("a.html")
    assert marks(built.read_text()) == ["council of the island"]


def test_highlights_without_end_cost_seconds_at_most():
    """Those beyond a bound are not marked, and the words stay."""
    text = ("alpha beta gamma delta " * 5 + "\n\n") * 4000
    began = time.process_time()
    passages = [f"alpha beta gamma delta {n}" for n in range(5000)]
    assert with_marks(text, passages) == text
    assert time.process_time() - began < 20
