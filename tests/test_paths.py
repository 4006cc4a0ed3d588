"""Names that hold on every file system, and that no two things share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.paths import article_output, root_of, shelf_slug, slug

anything = st.text(max_size=300)


@given(text=anything)
def test_a_slug_is_a_plain_name(text):
    name = slug(text)
    assert 0 < len(name.encode()) <= 90
    assert not set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert name.strip("-") not in {"con", "nul", "index"} or name.endswith("-")


@given(one=anything, other=anything)
def test_no_two_articles_share_a_page(one, other):
    """Not even where the file system takes `A` for `a`, or a composed accent for a decomposed one."""
    if one != other:
        assert article_output(f"{one}.md") != article_output(f"{other}.md")


@given(source=anything)
def test_a_page_stays_inside_the_site(source):
    parts = article_output(f"{source}.md").split("/")
    assert ".." not in parts
    assert "" not in parts
    assert all(part not in {"con", "aux", "nul"} for part in parts)


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("2025/01/a-story.md", "2025/01/a-story.html"),
        ("undated/a-story.md", "undated/a-story.html"),
        ("a-story.md", "articles/a-story.html"),
        ("notes/a-story.md", "articles/notes/a-story.html"),
    ],
)
def test_pages_of_articles(source, page):
    assert article_output(source) == page


def test_lists_by_name():
    assert shelf_slug("Mer Méditerranée") == shelf_slug("mer mediterranee") == "mer-mediterranee"
    assert len({shelf_slug(name) for name in ("C", "C++", "C#", "中国", "种国", "🙂", "")}) == 7


def test_root():
    assert (root_of("index.html"), root_of("2025/01/a.html")) == ("", "../../")
