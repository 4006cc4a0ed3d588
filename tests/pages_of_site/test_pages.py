"""What the pages of a site show."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from backfile.config import load_site
from backfile.i18n import interface
from backfile.markdown import dump_article
from backfile.model import Article, Figure
from backfile.pages.grids import bars, month_grid, months_between, shade, time_plot
from backfile.pages.overview import by_letters
from backfile.pipeline import BuildOptions, build_site
from backfile.prose import article_html, page_html

GOLDEN = Path(__file__).parents[1] / "pages"


def make(root: Path, articles: dict[str, Article], config: str = 'title = "Archive"\n') -> dict[str, str]:
    """Build a site of these articles; its text files by path."""
    root.mkdir(exist_ok=True)
    (root / "backfile.toml").write_text(config, "utf-8")
    for name, article in articles.items():
        path = root / "content" / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_article(article), "utf-8")
    build_site(load_site(root), BuildOptions())
    build = root / "build"
    return {p.relative_to(build).as_posix(): p.read_text("utf-8", "replace") for p in build.rglob("*.*") if p.is_file()}


STORY = Article(
    title="Salt <b> & “sand”",
    description="A standfirst.",
    standfirst=True,
    authors=("Maren Holt",),
    agencies=("AFP",),
    published="2024-05-22T10:00:00+05:30",
    modified="2024-05-23T11:00:00+05:30",
    captured="2024-06-01T08:00:00+00:00",
    lang="ar",
    section="Coast",
    tags=("Sea",),
    publisher="The Harbour Gazette",
    url="https://www.example.org/salt?a=1&b=2",
    figures=(Figure(url="https://example.org/a.jpg", caption="The quay.", credit="J. Doe", lead=True),),
    body="One paragraph.\n\n#### Deep heading\n\nOne paragraph.",
)


def test_an_article_page_tells_all_it_knows(tmp_path: Path) -> None:
    page = make(tmp_path, {"2024/05/salt.md": STORY})["2024/05/salt.html"]
    assert '<h1 lang="ar" dir="rtl">Salt &lt;b&gt; &amp; “sand”</h1>' in page
    assert '<p class="standfirst" lang="ar" dir="rtl">A standfirst.</p>' in page
    assert "10:00 AM UTC+5:30" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert 'href="https://web.archive.org/web/20240522/https://www.example.org/salt?a=1&amp;b=2"' in page
    assert '<a href="../../2024/05/22/index.html">May 22, 2024</a>' in page
    assert '<figure class="absent">' in page
    assert "The quay." in page
    assert page.count("<h1") == 1
    assert "<h2 id=" in page
    assert '<script type="application/ld+json">' in page
    assert 'class="Z3988"' in page
    assert len(page.encode()) < 15_000


def test_the_page_and_the_stylesheet_are_light(tmp_path: Path) -> None:
    files = make(tmp_path, {"2024/05/salt.md": STORY})
    style, script = (len(files[f"assets/{name}"].encode()) for name in ("style.css", "page.js"))
    assert style <= 20_000
    assert script <= 10_000
    assert style + len(files["2024/05/salt.html"].encode()) <= 30_000


def test_an_address_that_could_run_is_no_link(tmp_path: Path) -> None:
    page = make(tmp_path, {"a.md": Article(title="A", url="javascript:alert(1)", body="Text.")})["articles/a.html"]
    assert "javascript:" not in page
    assert "web.archive.org" not in page


def test_paragraph_anchors_come_from_the_text_and_outlive_an_insertion() -> None:
    anchors = re.findall(r'<p id="([^"]+)">', article_html("First words.\n\nSecond words.\n\nFirst words."))
    later = re.findall(r'<p id="([^"]+)">', article_html("New.\n\nFirst words.\n\nSecond words, and more."))
    assert len(set(anchors)) == 3
    assert anchors[0] in later
    assert anchors[2] == f"{anchors[0]}.2"


def test_headings_never_skip_a_level() -> None:
    found = re.findall(r"<h(\d)", article_html("#### a\n\n###### b\n\n# c\n\n### d"))
    assert found == ["2", "3", "2", "3"]


def test_links_inside_a_hand_written_page_lead_somewhere() -> None:
    page = page_html("Text[^1]\n\n[^1]: Note\n")
    targets = re.findall(r'href="#([^"]+)"', page)
    assert targets
    assert all(f'id="{target}"' in page for target in targets)


def test_neighbours_in_time_and_of_the_publisher(tmp_path: Path) -> None:
    articles = {
        f"2024/05/{name}.md": Article(title=name, published=f"2024-05-{day}", publisher=publisher, body="Text.")
        for name, day, publisher in (("one", "01", "A"), ("two", "02", "B"), ("three", "03", "A"), ("four", "03", "A"))
    }
    files = make(tmp_path, articles)
    near = files["2024/05/three.html"].partition('class="near"')[2]
    assert re.findall(r'href="../../2024/05/(\w+).html"', near) == ["four", "four"]
    near = files["2024/05/four.html"].partition('class="near"')[2]
    assert re.findall(r'href="../../2024/05/(\w+).html"', near) == ["two", "three", "one", "three"]


def test_every_day_has_a_page_and_an_anniversary(tmp_path: Path) -> None:
    articles = {
        f"{year}/05/a.md": Article(title=f"In {year}", published=f"{year}-05-22", body="Text.") for year in (2019, 2024)
    }
    files = make(tmp_path, articles)
    assert "In 2019" in files["2019/05/22/index.html"]
    assert "In 2019" in files["index.html"].partition("On this day")[2]
    assert files["on-this-day/05-22.html"].index("In 2024") < files["on-this-day/05-22.html"].index("In 2019")
    assert 'href="../on-this-day/05-22.html"' in files["on-this-day/index.html"]
    assert '<a class="h1" href="../2019/05/index.html"' in files["calendar/index.html"]


def test_ways_in_for_programs(tmp_path: Path) -> None:
    config = 'title = "Archive"\naddress = "https://example.org/a/b"\n'
    files = make(tmp_path, {"2024/05/salt.md": STORY, "u.md": Article(title="U", body="Text.")}, config)
    index = json.loads(files["archive.json"])
    assert index["chunks"] == ["data/2024-05.json", "data/undated.json"]
    (facts,) = json.loads(files["data/2024-05.json"])
    assert (facts["title"], facts["authors"], facts["page"]) == (STORY.title, ["Maren Holt"], "2024/05/salt.html")
    sitemap = etree.fromstring(files["data/2024-05.xml"].encode())
    assert sitemap.findtext(".//{*}loc") == "https://example.org/a/b/2024/05/salt.html"
    assert len(etree.fromstring(files["sitemap.xml"].encode())) == 2
    assert "Sitemap: https://example.org/a/b/sitemap.xml" in files["robots.txt"]
    assert 'href="/a/b/assets/style.css"' in files["404.html"]
    assert json.loads(files["site.webmanifest"])["name"] == "Archive"


def test_the_json_feed_names_pages_and_originals(tmp_path: Path) -> None:
    config = 'title = "Archive"\naddress = "https://example.org/a/b"\n'
    feed = json.loads(make(tmp_path, {"2024/05/salt.md": STORY}, config)["feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert item["url"] == "https://example.org/a/b/2024/05/salt.html"
    assert item["external_url"] == STORY.url
    assert item["date_published"] == "2024-05-22T04:30:00Z"
    assert item["content_text"] == "A standfirst."


def test_without_an_address_there_is_no_sitemap(tmp_path: Path) -> None:
    files = make(tmp_path, {"2024/05/salt.md": STORY})
    assert "sitemap.xml" not in files
    assert "Sitemap" not in files["robots.txt"]


def test_a_site_in_french(tmp_path: Path) -> None:
    files = make(tmp_path, {"2024/05/salt.md": STORY}, 'title = "Archive"\nlanguage = "fr"\n')
    assert '<html lang="fr">' in files["index.html"]
    assert "mercredi 22 mai 2024" in files["2024/05/22/index.html"]
    assert "1 article" in files["calendar/index.html"] + files["index.html"]
    assert "Statistiques" in files["statistics/index.html"]
    assert ">arabe<" in files["languages/index.html"]


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    files = make(tmp_path, {})
    assert "content/saved" in files["index.html"]
    assert "<svg" not in files["calendar/index.html"].partition("<main")[2]


def test_bars_and_marks_of_a_plot() -> None:
    assert bars([]) == ((), 0)
    drawn, highest = bars([("a", 4, ""), ("b", 0, ""), ("c", 1, "")], width=30, height=100)
    assert highest == 4
    assert [bar.height for bar in drawn] == [100, 0, 25]
    assert months_between("2023-11", "2024-02") == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert time_plot({}) is None
    centuries = time_plot({"1800-01-01": 1, "2000-01-01": 2})
    assert centuries
    assert len(centuries.bars) == 201
    assert len(centuries.marks) <= 12
    assert [shade(n) for n in (0, 1, 3, 4, 9, 21)] == [0, 1, 1, 2, 3, 4]


@pytest.mark.parametrize(("language", "first"), [("fr", 0), ("en-US", 6)])
def test_months_begin_their_weeks_as_the_language_does(language: str, first: int) -> None:
    grid = month_grid(interface(language), "2024-05", {"2024-05-22": 2})
    assert interface(language).week()[0][0] == first
    assert grid.count == 2
    assert [day.number for day in grid.weeks[0]].index(1) == (2 - first) % 7


@pytest.mark.parametrize(
    ("accent", "style"),
    [
        ("#004080", "--accent: light-dark(#004080, "),
        ("Yellow", "--accent: light-dark(#666600, #ffff00);"),
        ("light-dark(#036, #9cf)", "--accent: light-dark(#036, #9cf);"),
    ],
)
def test_the_accent_colour_is_the_sites_own(tmp_path: Path, accent: str, style: str) -> None:
    files = make(tmp_path, {}, f'[theme]\naccent = "{accent}"\n')
    assert style in files["assets/style.css"].rpartition(":root")[2]


def test_the_theme_follows_its_options(tmp_path: Path) -> None:
    config = (
        'title = "T"\n[theme]\nhome = ["languages", "latest"]\nlists = ["statistics", "sections"]\n'
        'licence = "All rights stay with the publishers."\nfooter = "A foot <b>"\n'
    )
    files = make(tmp_path, {"2024/05/salt.md": STORY}, config)
    home = files["index.html"]
    main = home.partition("<main")[2].partition("</main")[0]
    assert main.index("Arabic") < main.index("Salt &lt;b&gt;")
    assert "<svg" not in main
    assert "Publishers" not in main
    menu = home.partition('class="menu"')[2].partition("</ul>")[0]
    assert re.findall(r'href="(\w+)/', menu) == ["statistics", "sections"]
    assert "All rights stay with the publishers." in files["2024/05/salt.html"]
    assert "A foot &lt;b&gt;" in home


def test_lists_that_the_calendar_cannot_cut_are_cut_by_the_alphabet(tmp_path: Path) -> None:
    undated = {
        f"undated/{name}-{n:03}.md": Article(title=f"{name} {n}") for name in ("ab", "ac", "b") for n in range(60)
    }
    one_day = {f"2024/05/item-{n:04}.md": Article(title=f"Item {n}", published="2024-05-22") for n in range(300)}
    files = make(tmp_path, {**undated, **one_day})
    assert 'href="../undated/a-z/b.html"' in files["undated/index.html"]
    assert "<article" not in files["undated/index.html"]
    assert files["undated/a-z/b.html"].count("<article") == 60
    assert files["undated/a-z/a.html"].count("<article") == 120
    day = files["2024/05/22/index.html"]
    assert day.count("<article") == 20
    assert 'href="../../../2024/05/22/a-z/i.html"' in day
    parts = {name: text for name, text in files.items() if name.startswith("2024/05/22/a-z/it")}
    assert sum(text.count("<article") for name, text in parts.items() if len(name) > 22) == 300
    assert all(text.count("<article") <= 120 for text in files.values())
    assert "<small>Ab</small>" not in files["undated/a-z/a.html"]
    assert "<small>B</small>" in files["undated/a-z/b.html"]


def test_many_names_are_cut_by_their_letters(tmp_path: Path) -> None:
    tags = [f"{letter} {n}" for letter in ("Harbour", "Orchard") for n in range(220)]
    articles = {
        f"2024/05/a{n:02}.md": Article(title=f"A{n}", published="2024-05-22", tags=tuple(tags[n * 22 : n * 22 + 22]))
        for n in range(20)
    }
    files = make(tmp_path, {**articles, "2024/05/b.md": Article(title="B", tags=("Harbour 7",))})
    index = files["tags/index.html"]
    assert index.count('class="n"') == 2 + 60
    assert index.index("Harbour 7<") < index.index("Harbour 0<")
    assert 'href="../tags/a-z-o.html"' in index
    assert files["tags/a-z-h.html"].count('/index.html">Harbour') == 220
    assert 'aria-current="page">H ' in files["tags/a-z-h.html"]
    assert [letters for letters, _ in by_letters([("ab", ("", "", 1))] * 401)] == ["ab"]


def test_statistics_tell_how_much_was_removed(make_site) -> None:
    page = (GOLDEN / "english-news" / "saved.html").read_text("utf-8")
    site = make_site({"content/saved/a.html": page})
    build_site(site)
    assert "words left out" in (site.build / "statistics/index.html").read_text("utf-8")


def test_lists_have_feeds_of_their_own(tmp_path: Path) -> None:
    config = 'title = "Archive"\naddress = "https://example.org/a/b"\n'
    articles = {
        f"2024/05/s{n}.md": Article(
            title=f"S{n}",
            published=f"2024-05-{n + 1:02}",
            tags=("Sea & sand",),
            publisher="Gazette",
            lang="fr",
            body="x",
        )
        for n in range(3)
    }
    files = make(tmp_path, articles, config)
    folders = [name[:-8] for name in files if name.endswith("/feed.xml")]
    assert sorted(folder.split("/")[0] for folder in folders) == ["languages", "publishers", "tags"]
    for folder in folders:
        feed = etree.fromstring(files[f"{folder}feed.xml"].encode())
        assert len(feed.findall("{*}entry")) == 3
        assert feed.findtext("{*}id") == f"https://example.org/a/b/{folder}"
        items = json.loads(files[f"{folder}feed.json"])["items"]
        assert items[0]["url"] == "https://example.org/a/b/2024/05/s2.html"
        assert f'href="../../{folder}feed.xml"' in files[f"{folder}index.html"]
    (tmp_path / "content/articles/2024/05/s0.md").unlink()
    build_site(load_site(tmp_path), BuildOptions())
    assert not (tmp_path / "build/publishers/gazette/feed.xml").exists()
    assert "gazette/feed.xml" not in (tmp_path / "build/publishers/gazette/index.html").read_text("utf-8")


def test_a_card_shows_the_lead_picture_of_an_archive_on_the_web(tmp_path: Path) -> None:
    picture = Figure(file="media/ab/quay.png", alt="A quay", lead=True)
    file = tmp_path / "one" / "content" / "media" / "ab" / "quay.png"
    file.parent.mkdir(parents=True)
    Image.new("RGB", (900, 600), "navy").save(file)
    config = 'title = "Archive"\naddress = "https://example.org/a"\n'
    articles = {"2024/05/s.md": Article(title="S", published="2024-05-02", figures=(picture,), body="x")}
    page = make(tmp_path / "one", articles, config)["2024/05/s.html"]
    assert '<meta property="og:image" content="https://example.org/a/media/' in page
    assert 'content="summary_large_image"' in page
    assert '<link rel="canonical" href="https://example.org/a/2024/05/s.html">' in page
    page = make(tmp_path / "two", articles)["2024/05/s.html"]
    assert "og:image" not in page
    assert "canonical" not in page


def test_the_length_and_language_of_an_article_are_told(tmp_path: Path) -> None:
    articles = {
        "2024/05/ja.md": Article(title="記事", lang="ja", published="2024-05-02", body="首" * 1000, kind="opinion"),
        "2024/05/en.md": Article(title="S", lang="en-GB", published="2024-05-02", body="word " * 460),
        "2024/05/none.md": Article(title="Empty", published="2024-05-02"),
    }
    files = make(tmp_path, articles)
    assert "1,000 characters · 2 minutes" in files["2024/05/ja.html"]
    assert "Language of this article: Japanese" in files["2024/05/ja.html"]
    assert "<dd>Opinion</dd>" in files["2024/05/ja.html"]
    assert "460 words · 2 minutes" in files["2024/05/en.html"]
    assert "Language of this article" not in files["2024/05/en.html"] + files["2024/05/none.html"]
    assert "<dt>Length</dt>" not in files["2024/05/none.html"]


def test_what_may_be_wider_than_a_screen_is_reached_by_keyboard() -> None:
    markdown = "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n    long\n\n<div tabindex='5'>x</div>"
    for page in (article_html(markdown), page_html(markdown)):
        assert '<div class="scroll" tabindex="0"><table>' in page
        assert '<pre tabindex="0">' in page
        assert "5" not in re.findall(r'tabindex="(\d)"', page)
