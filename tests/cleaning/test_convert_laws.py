"""Laws of the conversion: the words stay the same through both engines, and converting again changes nothing."""

from __future__ import annotations

import re

import markdown
import pyromark
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from backfile.cleaning.convert import to_blocks

BASE = "https://example.org/news/story.html"
HOSTILE = st.text(alphabet=st.sampled_from(list("ab1 .,*_`#>+-=|~:;!?&<>[](){}\"'\\/«»“”—…é漢ñ€+\u00a0")), max_size=24)
WORDS = HOSTILE | st.sampled_from(
    ["word", "two words", "1. item", "- item", "# no", "* * *", "---", "===", "&amp;", "<b>x</b>"]
)


def convert(html: str) -> str:
    root = BeautifulSoup(f"<div>{html}</div>", "lxml").div
    assert isinstance(root, Tag)
    return "\n\n".join(block.markdown for block in to_blocks(root, BASE))


def by_pyromark(text: str) -> str:
    return pyromark.html(text, options=pyromark.Options.ENABLE_TABLES)


def by_python_markdown(text: str) -> str:
    return markdown.markdown(text, extensions=["tables"])


def words(html: str) -> str:
    """The visible characters without white space, which engines lay out as they like."""
    return re.sub(r"\s+", "", BeautifulSoup(html, "lxml").get_text())


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


INLINE = st.recursive(
    WORDS.map(escaped),
    lambda inner: (
        st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split(' ')[0]}>",
            st.sampled_from(
                ["b", "em", "strong", "i", "span", 'a href="/x?a=1&b=(2)_*"', "code", "sup", 'a href="#n"']
            ),
            st.lists(inner, min_size=1, max_size=3),
        )
        | st.builds("".join, st.lists(inner | st.just("<br>"), min_size=1, max_size=4))
    ),
    max_leaves=6,
)
BLOCKS = st.recursive(
    st.builds(
        lambda tag, inner: f"<{tag}>{inner}</{tag}>",
        st.sampled_from(["p", "div", "h2", "h3", "h5", "section", "address"]),
        INLINE,
    )
    | INLINE
    | st.just("<hr>")
    | st.just('<figure><img src="/a.jpg" alt="al *t" title="&quot;x&quot; & y"></figure>')
    | st.builds(
        lambda rows: (
            f"<table>{''.join('<tr>' + ''.join(f'<td>{c}</td>' for c in row) + '</tr>' for row in rows)}</table>"
        ),
        st.lists(st.lists(INLINE, min_size=2, max_size=3), min_size=2, max_size=3),
    ),
    lambda inner: (
        st.builds(lambda parts: f"<blockquote>{''.join(parts)}</blockquote>", st.lists(inner, min_size=1, max_size=3))
        | st.builds(
            lambda tag, parts: f"<{tag}>{''.join(f'<li>{p}</li>' for p in parts)}</{tag.split(' ')[0]}>",
            st.sampled_from(["ul", "ol", 'ol start="7"']),
            st.lists(inner, min_size=1, max_size=3),
        )
        | st.builds("".join, st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=5,
)


@given(WORDS)
def test_any_text_reads_back_as_the_same_text_in_both_engines(text: str) -> None:
    once = convert(f"<p>{escaped(text)}</p>")
    assert words(by_pyromark(once)) == words(f"<p>{escaped(text)}</p>")
    assert words(by_python_markdown(once)) == words(f"<p>{escaped(text)}</p>")


@given(INLINE)
def test_marked_text_keeps_its_words(html: str) -> None:
    once = convert(f"<p>{html}</p>")
    kept = "".join(block.text for block in to_blocks(BeautifulSoup(f"<div><p>{html}</p></div>", "lxml").div, BASE))
    assert words(by_pyromark(once)) == re.sub(r"\s+", "", kept)
    assert words(by_python_markdown(once)) == words(by_pyromark(once))


@settings(max_examples=60)
@given(BLOCKS)
def test_both_engines_read_the_same_words(html: str) -> None:
    once = convert(html)
    assert words(by_python_markdown(once)) == words(by_pyromark(once))


@settings(max_examples=60)
@given(BLOCKS)
def test_converting_again_changes_nothing(html: str) -> None:
    once = convert(html)
    assert convert(by_pyromark(once)) == once
