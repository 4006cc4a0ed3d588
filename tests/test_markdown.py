"""The `.md` file is the article: what is written comes back, and what people type is understood."""

from __future__ import annotations

import dataclasses

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from backfile.frontmatter import _read_simple, _read_yaml, split_front_matter
from backfile.markdown import dump_article, load_article
from backfile.model import Article, Figure, Link, Saved
from backfile.report import FrontMatterError

NASTY = " :#'\"-[]{}&*!|>%@`~?,\x85\xa0\u2028\ufeff\u200b😀é\\"
line = (
    st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from(NASTY)), max_size=30)
    .map(lambda text: text.strip(" \t"))
    .filter(lambda text: text == " ".join(text.split(" ")))
)
words = line.filter(lambda text: bool(text.strip()))
lists = st.lists(words, max_size=3).map(tuple)
dates = st.sampled_from(["", "2024-04-30", "2024-04-30T16:00:34", "2024-04-30T16:00:34+02:00"])
figures = st.builds(Figure, url=line, alt=line, caption=line, credit=line, lead=st.booleans())
articles = st.builds(
    Article,
    title=words,
    description=line,
    standfirst=st.booleans(),
    authors=lists,
    agencies=lists,
    published=dates,
    modified=dates,
    lang=line,
    section=line.filter(lambda text: not text or bool(text.strip())),
    tags=lists,
    publisher=line,
    url=line,
    captured=dates,
    kind=st.sampled_from(["news", "live", "press release"]),
    access=st.sampled_from(["unknown", "locked"]),
    figures=st.lists(figures, max_size=2).map(tuple),
    credits=lists,
    related=st.lists(st.builds(Link, title=line, url=line), max_size=2).map(tuple),
    notes=lists,
    saved=st.builds(
        Saved,
        by=line,
        date=dates,
        folder=line,
        state=st.sampled_from(["", "read"]),
        starred=st.booleans(),
        note=st.text(alphabet=NASTY + "ab\n", max_size=20),
        highlights=lists,
    ),
    link_only=st.booleans(),
    id=line,
    original=line,
    cleaned_by=line,
    body=st.text(alphabet="ab-#\n .é`", max_size=60).map(lambda text: text.strip("\n")),
).map(lambda a: a if a.description else dataclasses.replace(a, standfirst=False))


@given(article=articles)
@settings(max_examples=600)
def test_law_1_what_is_dumped_is_loaded(article):
    """load(dump(article)) == article, without a word of warning."""
    loaded = load_article(dump_article(article))
    assert loaded.article == article
    assert loaded.warnings == ()


HEADER_LINES = st.sampled_from(
    [
        *("a: b", "a:", "  - x", "  - k: v", "    l: w", 'b: "q\\u00e9"', "c: 'x'", "d: 12:30", "e: a: b", "  x: y"),
        *("    - z", "f: n # c", "g: null", "h: -", "i: 2024-01-02", "k: [a]", "", "l:  two", "m: x ", 'n: "a\\nb"'),
        *('  - "s"', "  -", "o: é (x) / y"),
    ]
)


@given(lines=st.lists(HEADER_LINES, max_size=7))
@settings(max_examples=1500)
def test_the_fast_reader_reads_what_yaml_reads(lines):
    """Where the few lines of our own take front matter on, they give just what the library gives."""
    simple = _read_simple(lines)
    if simple is not None:
        assert simple == _read_yaml("\n".join(lines), 1)


@given(article=articles)
def test_what_is_dumped_is_read_fast(article):
    header, _, _ = split_front_matter(dump_article(article))
    simple = _read_simple(header.rstrip("\n").split("\n"))
    assert simple is None or simple == _read_yaml(header, 1)


def test_an_ordinary_article_takes_the_fast_way():
    figure = Figure(url="https://e.org/a.jpg", caption="Été: “x”", lead=True)
    article = Article(
        title="Tokyo : oui", published="2024-04-30T16:00:34+02:00", figures=(figure,), tags=("a", "L'été")
    )
    header, _, _ = split_front_matter(dump_article(article))
    assert _read_simple(header.rstrip("\n").split("\n")) is not None


@given(article=articles)
def test_other_yaml_readers_see_the_same_texts(article):
    header = dump_article(article).split("---\n")[1] if "---\n" not in article.title else ""
    read = yaml.safe_load(header) if header and "\n---" not in dump_article(article)[4:].split("\n---\n")[0] else None
    if read:
        assert read["title"] == article.title
        assert tuple(read.get("tags", ())) == article.tags


def test_what_people_type_is_taken_as_they_typed_it():
    loaded = load_article("---\ntitle: 2024\nlang: no\ndate: 2024-4-3 16:00\ntags: a, b\nauthor: Jo Doe\n---\nText")
    article = loaded.article
    assert (article.title, article.lang, article.published) == ("2024", "no", "2024-04-03T16:00:00")
    assert (article.tags, article.authors, article.body) == (("a", "b"), ("Jo Doe",), "Text")
    assert loaded.warnings == ()


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("date: next week", "`date` is not a date"),
        ("tags:\n  a: b", "`tags` is not a list"),
        ("title: [a]", "`title` is not a text"),
        ("archive: x", "`archive` is not a map"),
        ("archive:\n  genre: poem", "`archive.genre` is not one of"),
        ("archive:\n  figures: [1]", "`archive.figures` is not a list of figures"),
        ("draft: perhaps", "`draft` is not true or false"),
    ],
)
def test_a_wrong_field_costs_only_itself(header, named):
    loaded = load_article(f"---\n{header}\nsite: Kept\n---\nBody")
    assert named in " ".join(loaded.warnings)
    assert (loaded.article.publisher, loaded.article.body) == ("Kept", "Body")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("---\ntitle: a\n", "never closed"),
        ("---\ntitle: a\nauthors: [x\n---\n", "line 3"),
        ("---\ntitle: a: b\n---\n", "line 2"),
        ("---\ntitle: a\ntitle: b\n---\n", "`title` stands twice"),
        ("---\n- a\n---\n", "not a map"),
        ("---\n" + "a: " + "[" * 5000 + "]" * 5000 + "\n---\n", "too deep"),
        ("+++\ntitle = 'a'\n+++\n", "TOML"),
        ("---\na: " + "x" * 300_000 + "\n---\n", "longer than 256 KB"),
    ],
)
def test_unreadable_front_matter_says_where(text, named):
    with pytest.raises(FrontMatterError, match=named):
        load_article(text)


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("No front matter", "", "No front matter"),
        ("# Headline\n\nText", "Headline", "Text"),
        ("\ufeff---\r\ntitle: a\r\n---\r\nb\r\nc", "a", "b\nc"),
        ("\n\n---\ntitle: a\n...\nb", "a", "b"),
        ("---\n---\nb", "", "b"),
        ("", "", ""),
        ("---\ntitle: ~\n---\nb\n\n---\n\nc", "", "b\n\n---\n\nc"),
    ],
)
def test_shapes_of_a_file(text, title, body):
    article = load_article(text).article
    assert (article.title, article.body) == (title, body)


def test_a_lost_first_fence_is_said():
    loaded = load_article("title: A headline\ntags:\n  - one\n---\n\nSome words.\n")
    assert (loaded.article.title, loaded.article.tags, loaded.article.body) == ("A headline", ("one",), "Some words.")
    assert "`---`" in loaded.warnings[0]


@pytest.mark.parametrize("text", ["title: A heading\n---\n\nWords", "title: one\n\nWords\n\n---\n", "title: a\nb: c\n"])
def test_text_that_looks_like_keys_is_text(text):
    loaded = load_article(text)
    assert loaded.article.body == text.strip("\n")
    assert not loaded.warnings


def test_json_escapes_of_one_character_in_two_halves():
    header = 'title: "a \\ud83d\\ude00"\ntags: [x, y]\nsite: "\\\\ud83d\\\\ude00"\n'
    article = load_article(f"---\n{header}---\n").article
    assert (article.title, article.publisher) == ("a 😀", "\\ud83d\\ude00")


def test_an_empty_item_of_a_list_is_no_tag():
    assert load_article("---\ntitle: A\ntags:\n  - \n  - b\n---\n").article.tags == ("b",)
