"""Related articles: what they are about, and that one change touches few pages."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from backfile.catalog import open_catalog
from backfile.config import load_site
from backfile.model import Article
from backfile.pages.related import MOST
from backfile.pipeline import BuildOptions, build_site
from backfile.words import TERMS, count_words, key_terms
from tests.conftest import write_files
from tests.pages_of_site.test_pages import make

TOPICS = ("harbour lighthouse keeper", "orchard apples cider", "tramway budget tickets")


def stories(count: int) -> dict[str, Article]:
    """Articles on three topics in turn, a day apart."""
    found = {}
    for n in range(count):
        topic = TOPICS[n % len(TOPICS)]
        day = f"2024-{1 + n // 28:02}-{1 + n % 28:02}"
        title = f"No {n} of the {topic}"
        found[f"{day[:4]}/{day[5:7]}/s{n:03}.md"] = Article(title=title, published=day, body=f"The {topic} again.")
    return found


def named(page: str) -> list[int]:
    """The numbers of the related articles on a page."""
    part = page.partition("<h2>Related</h2>")[2].partition("</section>")[0]
    return [int(n) for n in re.findall(r"s(\d{3})\.html", part)]


def test_related_articles_are_about_the_same_and_near(tmp_path: Path) -> None:
    files = make(tmp_path, stories(40))
    for n in (0, 19, 39):
        (page,) = (text for name, text in files.items() if name.endswith(f"s{n:03}.html"))
        near = named(page)
        assert len(near) == MOST
        assert n not in near
        assert all((other - n) % 3 == 0 for other in near), (n, near)


def test_one_word_in_common_is_not_enough(tmp_path: Path) -> None:
    articles = {
        "2024/05/a.md": Article(title="The lighthouse", published="2024-05-01", body="Lighthouse and ferries."),
        "2024/05/b.md": Article(title="Another lighthouse", published="2024-05-02", body="Lighthouse and puffins."),
    }
    assert "<h2>Related</h2>" not in make(tmp_path, articles)["2024/05/a.html"]


def test_a_change_touches_the_pages_near_it_alone(tmp_path: Path) -> None:
    make(tmp_path, stories(400))
    site = load_site(tmp_path)
    path = tmp_path / "content/articles/2024/08/s200.md"
    path.write_text(path.read_text("utf-8").replace("of the", "on the"), "utf-8")
    report = build_site(site, BuildOptions())
    assert 10 < report.counts["written"] < 60


def test_the_same_ties_in_any_order_of_coming(tmp_path: Path) -> None:
    """Many articles of one minute: who is near whom does not depend on who came first."""
    names = [f"content/articles/2024/05/n{n}.md" for n in range(25)]
    texts = {name: f"---\ntitle: Harbour lighthouse {name[-5:-3]}\ndate: 2024-05-01\n---\n\nFog.\n" for name in names}
    sites = []
    for place, order in (("one", names), ("two", names[::-1])):
        root = tmp_path / place
        write_files(root, {"backfile.toml": 'title = "T"\n'})
        for name in order:
            write_files(root, {name: texts[name]})
            build_site(load_site(root))
        sites.append({p.name: p.read_bytes() for p in (root / "build/2024/05").glob("*.html")})
    assert sites[0] == sites[1]


def test_forgetting_leaves_no_terms_behind(tmp_path: Path) -> None:
    make(tmp_path, stories(3))
    for path in (tmp_path / "content/articles").rglob("*.md"):
        path.unlink()
    site = load_site(tmp_path)
    build_site(site)
    with open_catalog(site.cache / "catalog.sqlite") as catalog:
        assert catalog.count("all", "") == 0
    connection = sqlite3.connect(site.cache / "catalog.sqlite")
    assert connection.execute("SELECT count(*) FROM term").fetchone() == (0,)
    connection.close()


def test_terms_are_the_telling_words() -> None:
    text = "The keeper said that the lighthouse would stay. Maren Holt agreed with the keeper."
    terms = key_terms("Lighthouse of Saltmarsh stays", ("Heritage",), text, "en")
    assert {"lightho", "keeper"} <= {*terms}
    assert "heritag" in terms
    assert len(terms) <= TERMS
    assert not {"that", "with", "would"} & {*terms}
    assert key_terms("", (), "", "xx") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("two words", 2),
        ("Un été à l’ombre", 4),
        ("日本の首相", 2),
        ("日本の首相 Blinken", 3),
        ("สวัสดีครับ", 5),
        ("한국어 기사", 2),
    ],
)
def test_words_are_counted_where_no_spaces_are_written(text: str, words: int) -> None:
    assert count_words(text) == words


def test_japanese_terms() -> None:
    terms = key_terms("首相、東京で会談", (), "ブリンケン国務長官は東京で首相と会談した。ブリンケン氏は。", "ja")
    assert {"首相", "東京", "会談", "ブリンケン"} <= {*terms}
