"""Whole sites: what a build writes, what it leaves alone, and that it always ends in the same bytes."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from backfile import freshness
from backfile.catalog import read_catalog
from backfile.config import load_site
from backfile.pipeline import BuildOptions, build_site, locked
from backfile.report import SiteError
from backfile.site import folder_stamps, look_over
from backfile.theme import default_templates
from tests.conftest import article, tree, write_files

STORY = "content/articles/2025/01/story.md"


class Links(HTMLParser):
    """Every address that a page refers to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src", "srcset", "action", "data") and value]


def built(site, **options):
    report = build_site(site, BuildOptions(**options))
    return report, {name: data for name, data in tree(site.build).items() if not name.startswith(".")}


def test_a_site_is_browsable_by_date_publisher_and_tag(make_site):
    site = make_site(
        {
            STORY: article("Été à Tokyo", date="2025-01-06T14:16:29+01:00", site="Euronews", tags="[Japon, Mer]"),
            "content/articles/undated/old.md": article("An old one"),
        }
    )
    report, files = built(site)
    home = files["index.html"].decode()
    assert "Été à Tokyo" in home
    assert report.counts["articles"] == 2
    assert "2025/01/story.html" in files["2025/01/index.html"].decode()
    assert "../../2025/01/story.html" in files["publishers/euronews/index.html"].decode()
    assert "../../2025/01/story.html" in files["tags/japon/index.html"].decode()
    assert "undated/old.html" in files["undated/index.html"].decode()
    assert b"An old one" not in files["2025/index.html"]


def test_every_link_inside_the_site_resolves(make_site):
    stories = {
        f"content/articles/2024/{month:02}/story-{n}.md": article(
            f"Story {n}",
            date=f"2024-{month:02}-{n + 1:02}",
            site="The Gazette",
            tags=f"[t{n % 3}]",
            authors="[Jo]",
            lang="en",
        )
        for month in (1, 5)
        for n in range(12)
    }
    site = make_site({**stories, "content/pages/about.md": "# About us\n\nHello"})
    _, files = built(site)
    assert len(files) > 40
    for name, data in files.items():
        if not name.endswith(".html"):
            continue
        for link in Links(data.decode()).found:
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                continue
            target = os.path.normpath(Path(name).parent / unquote(parts.path))
            assert target in files, f"{name} links to {link}"


def test_long_lists_are_cut_by_the_calendar(make_site):
    stories = {
        f"content/articles/2023/{1 + n % 12:02}/s{n}.md": article(
            f"S{n}", date=f"2023-{1 + n % 12:02}-03", tags="[big]"
        )
        for n in range(130)
    }
    site = make_site(stories)
    _, files = built(site)
    assert files["tags/big/index.html"].decode().count("<article") == 20
    assert "tags/big/2023.html" in files
    assert "tags/big/2023-01.html" in files
    for n in range(20):
        (site.root / f"content/articles/2023/{1 + n % 12:02}/s{n}.md").unlink()
    _, files = built(site)
    assert files["tags/big/index.html"].decode().count("<article") == 110
    assert "tags/big/2023.html" not in files


def test_nothing_changed_writes_nothing(make_site):
    site = make_site({STORY: article()})
    built(site)
    before = {path: path.stat().st_mtime_ns for path in site.build.rglob("*")}
    report, _ = built(site)
    assert report.counts["written"] == 0
    assert {path: path.stat().st_mtime_ns for path in site.build.rglob("*")} == before


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_any_number_of_processes_gives_the_same_bytes(make_site, jobs):
    site = make_site({f"content/articles/2025/02/a{n}.md": article(f"A{n}", date="2025-02-01") for n in range(150)})
    _, one = built(site, jobs=0)
    _, several = built(site, jobs=jobs, force=True)
    assert several == one


def test_an_edit_that_keeps_size_and_time_is_seen(make_site):
    site = make_site({STORY: article("Before")})
    built(site)
    path = site.root / STORY
    stat = path.stat()
    path.write_text(article("Beform"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    _, files = built(site)
    assert b"Beform" in files["2025/01/story.html"]


def test_removed_files_come_back_and_unknown_ones_stay(make_site):
    site = make_site({STORY: article()})
    _, whole = built(site)
    (site.build / "2025/01/story.html").unlink()
    (site.build / "CNAME").write_text("example.org")
    _, again = built(site)
    assert again.pop("CNAME") == b"example.org"
    assert again == whole


def test_a_lost_or_damaged_cache_is_made_anew(make_site):
    site = make_site({STORY: article(), "content/articles/2025/01/gone.md": article("Gone")})
    built(site)
    (site.root / "content/articles/2025/01/gone.md").unlink()
    for damage in (
        lambda path: path.write_bytes(b"garbage"),
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
    ):
        damage(site.cache / "catalog.sqlite")
        _, files = built(site)
        assert "2025/01/gone.html" not in files
        assert "2025/01/story.html" in files
    shutil.rmtree(site.cache)
    assert "2025/01/story.html" in built(site)[1]


def test_a_cache_of_a_killed_build_is_used_again(make_site):
    site = make_site({STORY: article()})
    _, whole = built(site)
    (site.cache / "catalog.seal").write_text("in use")
    report, files = built(site)
    assert files == whole
    assert report.counts["written"] == 0


def test_a_folder_of_others_is_refused(make_site, tmp_path):
    site = make_site()
    theirs = tmp_path / "theirs"
    write_files(theirs, {"important.txt": "mine"})
    with pytest.raises(SiteError, match="did not make"):
        build_site(site, BuildOptions(out=theirs))
    with pytest.raises(SiteError, match="is a file"):
        build_site(site, BuildOptions(out=theirs / "important.txt"))
    assert tree(theirs) == {"important.txt": b"mine"}


def test_of_a_large_site_only_some_folders_are_looked_at_file_by_file(make_site, monkeypatch):
    """What came or went is seen at once, what was altered in its place when its folder's turn comes."""
    site = make_site({STORY: article()})
    build_site(site)
    for folder, _, _ in os.walk(site.build):
        os.utime(folder, (1e9, 1e9))
    build_site(site, BuildOptions(force=True))
    monkeypatch.setattr("backfile.site._LOOKED_AT", 0)
    page = site.build / "2025/01/story.html"

    def seen() -> tuple[set[str], set[str]]:
        with read_catalog(site.catalog) as catalog:
            found = look_over(catalog, site.build)
            return {key for _, key in found.changed}, set(found.stamps)

    assert seen() == (set(), set())
    page.write_bytes(b"")
    assert seen() == (set(), set())
    monkeypatch.setattr("backfile.site._LOOKED_AT", 1)
    began = time.time_ns()
    found = []
    for turn in range(len(tree(site.build))):
        monkeypatch.setattr("backfile.site.time_ns", lambda now=began + turn: now)
        found.append(seen()[0])
    assert set() in found
    assert {"2025/01/story.md"} in found
    monkeypatch.setattr("backfile.site._LOOKED_AT", 0)
    page.unlink()
    assert seen() == ({"2025/01/story.md"}, set())
    build_site(site)
    assert page.stat().st_size
    os.utime(site.build, (1e9 + 5, 1e9 + 5))
    pages, folders = seen()
    assert not pages
    assert "" in folders


@pytest.mark.parametrize(
    "place", [".", "..", "content", "content/articles", "content/pages", "content/new", "templates", ".backfile"]
)
def test_what_the_archive_is_made_of_is_no_place_to_build_in(make_site, place):
    """Folders of years in `content/articles/` are named as those that a build makes."""
    site = make_site({STORY: article()})
    built(site)
    before = tree(site.root / "content")
    with pytest.raises(SiteError, match="where the archive itself is kept"):
        build_site(site, BuildOptions(out=site.root / place))
    assert tree(site.root / "content") == before


def test_an_article_whose_name_ends_otherwise_is_named(make_site):
    report, files = built(make_site({STORY: article(), "content/articles/2025/01/Other.MD": article("Other")}))
    assert "2025/01/Other.html" not in files
    assert any("small letters" in notice.what and "Other.MD" in notice.where for notice in report.notices)


def test_another_folder_is_written_whole(make_site, tmp_path):
    site = make_site({STORY: article()})
    _, whole = built(site)
    for out in (tmp_path / "one", tmp_path / "two", tmp_path / "one"):
        build_site(site, BuildOptions(out=out))
        assert {n: d for n, d in tree(out).items() if not n.startswith(".")} == whole


def test_a_wrong_file_costs_only_itself(make_site):
    site = make_site(
        {
            STORY: article("Good"),
            "content/articles/2025/01/bad.md": "---\ntitle: [\n---\n",
            "content/articles/2025/01/odd.md": article("Odd", date="soon"),
            "content/articles/2025/01/latin.md": b"---\ntitle: caf\xe9\n---\n",
        }
    )
    report, files = built(site)
    assert {"2025/01/story.html", "2025/01/odd.html", "2025/01/latin.html"} <= files.keys()
    assert "2025/01/bad.html" not in files
    messages = [str(notice) for notice in report.notices]
    assert any("content/articles/2025/01/bad.md: line" in text for text in messages)
    assert any("`date` is not a date" in text for text in messages)
    assert any("not UTF-8" in text for text in messages)
    assert (report.errors, report.warnings) == (1, 2)
    again, _ = built(site)
    assert [str(notice) for notice in again.notices] == messages


def test_drafts_are_left_out(make_site):
    site = make_site({STORY: article(draft="true")})
    assert "2025/01/story.html" not in built(site)[1]


def test_an_article_too_large_is_refused(make_site):
    site = make_site({STORY: article(body="word " * 220_000)}, config="[limits]\narticle_mb = 1\n")
    report, _ = built(site)
    assert "larger than" in str(report.notices[0])


def test_own_templates_come_first_and_their_mistakes_are_placed(make_site):
    site = make_site({STORY: article(), "templates/overview.html": "mine"})
    assert built(site)[1]["tags/index.html"] == b"mine"
    for text, message in (
        ("{% if %}", "overview.html, line 1"),
        ("\n{{ nothing.here }}", "line 2"),
        ("{% include 'x' %}", "`x` is missing"),
    ):
        write_files(site.root, {"templates/overview.html": text})
        with pytest.raises(SiteError, match=message):
            build_site(site)


def test_hand_written_pages_follow_their_files(make_site):
    site = make_site({"content/pages/about.md": "---\ntitle: About\n---\n\nHello[^1]\n\n[^1]: A note."})
    _, files = built(site)
    assert b"A note." in files["pages/about.html"]
    assert b'pages/about.html">About<' in files["index.html"]
    write_files(site.root, {"content/pages/about.md": "---\ntitle: About\n---\n\nChanged"})
    report, files = built(site)
    assert b"Changed" in files["pages/about.html"]
    assert report.counts["written"] == 1
    (site.root / "content/pages/about.md").unlink()
    assert "pages/about.html" not in built(site)[1]


def test_hand_written_pages_have_the_extensions_that_the_configuration_names(make_site):
    page = {"content/pages/about.md": '---\ntitle: About\n---\n\nHello[^1] "you"\n\n[^1]: A note.'}
    assert b"[^1]" in built(make_site(page, '[pages]\nextensions = ["smarty"]\n'))[1]["pages/about.html"]
    assert b"[^1]" not in built(make_site(page))[1]["pages/about.html"]


def test_a_second_build_says_that_another_one_is_at_work(make_site, monkeypatch):
    monkeypatch.setattr("backfile.pipeline._PATIENCE", 0.1)
    site = make_site({STORY: article()})
    with locked(site), pytest.raises(SiteError, match=r"another run \(process \d+\) is at work"):
        build_site(site)
    built(site)


def test_a_wrong_page_is_named(make_site):
    with pytest.raises(SiteError, match=r"content/pages/about\.md"):
        build_site(make_site({"content/pages/about.md": "---\n"}))


HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3))

![pixel](https://tracker.example/p.gif "caption")

Inline ![pixel](//tracker.example/q.gif) text <iframe src="https://e.org"></iframe><svg onload=alert(4)>

{{ 7 * 7 }} {% raw %} </article></main>
"""


def test_law_5_nothing_from_content_acts_or_loads(make_site):
    fields = {
        "title": '"<script>alert(5)</script>"',
        "site": '"<b onclick=alert(6)>"',
        "tags": "['<img src=x onerror=alert(7)>']",
    }
    body = article(body=HOSTILE, source="'javascript:alert(8)'", **{k: v for k, v in fields.items() if k != "title"})
    site = make_site({STORY: body.replace("A headline", fields["title"]), "content/pages/p.md": f"# P\n\n{HOSTILE}"})
    _, files = built(site)
    for name, data in files.items():
        if not name.endswith((".html", ".xml")):
            continue
        text = data.decode()
        assert "<script>alert" not in text, name
        assert "<iframe" not in text, name
        assert "<svg onload" not in text, name
        parser = Links(text)
        assert not [link for link in parser.found if link.lower().startswith("javascript:")], name
        assert 'src="http' not in text, name
        assert 'src="//' not in text, name
    page = files["2025/01/story.html"].decode()
    assert "{{ 7 * 7 }}" in page
    assert "&lt;script&gt;alert(5)" in page


class LivingSite(RuleBasedStateMachine):
    """Law 4: after any changes, an incremental build is byte for byte a build from nothing."""

    NAMES = st.sampled_from(
        [f"content/articles/{place}.md" for place in ("2024/01/a", "2024/02/b", "undated/c", "d", "x/É")]
    )
    DATES = st.sampled_from(["", "2023-05-06", "2024-01-05", "2024-01-05T10:00:00+02:00", "2024-02-01"])
    TAGS = st.lists(st.sampled_from(["one", "Two", "TWO", "中国"]), max_size=2, unique=True)

    @initialize()
    def start(self):
        self.folder = Path(tempfile.mkdtemp())
        self.root = self.folder / "site"
        write_files(self.root, {"backfile.toml": 'title = "T"\n'})

    @rule(name=NAMES, date=DATES, tags=TAGS, body=st.sampled_from(["x", "y *z*"]))
    def write(self, name, date, tags, body):
        fields = {"date": date} if date else {}
        write_files(
            self.root, {name: article(f"On {name}", body, tags=f"[{', '.join(tags)}]", site="Gazette", **fields)}
        )

    @rule(name=NAMES)
    def delete(self, name):
        (self.root / name).unlink(missing_ok=True)

    @rule(name=NAMES)
    def break_it(self, name):
        write_files(self.root, {name: "---\ntitle: [\n---\n"})

    @rule(name=NAMES, other=NAMES)
    def rename(self, name, other):
        if (self.root / name).exists():
            (self.root / other).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).replace(self.root / other)

    @rule(title=st.sampled_from(["T", "U"]))
    def configure(self, title):
        write_files(self.root, {"backfile.toml": f'title = "{title}"\n'})

    @rule(key=st.sampled_from(["address", "language"]), on=st.booleans())
    def configure_more(self, key, on):
        line = {"address": 'address = "https://e.org/"\n', "language": 'language = "fr"\n'}[key]
        write_files(self.root, {"backfile.toml": 'title = "T"\n' + (line if on else "")})

    @rule(name=st.sampled_from(["overview", "foot", "macros"]), text=st.sampled_from(["", "<p>mine</p>"]))
    def retheme(self, name, text):
        path = self.root / f"templates/{name}.html"
        if text:
            original = (default_templates() / f"{name}.html").read_text("utf-8")
            write_files(self.root, {f"templates/{name}.html": original + text})
        else:
            path.unlink(missing_ok=True)

    @rule(name=NAMES, date=DATES, tags=TAGS)
    def redate_and_retag(self, name, date, tags):
        if (self.root / name).exists():
            self.write(name, date, tags, "x")

    @rule(text=st.sampled_from(["", "# About\n\nText", "# Other\n\n- a"]))
    def write_page(self, text):
        if text:
            write_files(self.root, {"content/pages/about.md": text})
        else:
            (self.root / "content/pages/about.md").unlink(missing_ok=True)

    @rule(path=st.sampled_from(["index.html", "2024/01/a.html", "tags/index.html", "stray.html"]))
    def meddle(self, path):
        """A file of the site goes away; the next build puts it back."""
        (self.root / "build" / path).unlink(missing_ok=True)

    @invariant()
    def incremental_equals_fresh(self):
        if not hasattr(self, "root"):
            return
        site = load_site(self.root)
        build_site(site)
        fresh = self.folder / "fresh"
        shutil.copytree(self.root, fresh, ignore=shutil.ignore_patterns("build", ".backfile"))
        other = load_site(fresh)
        build_site(other)
        assert tree(site.build) == tree(other.build)
        shutil.rmtree(fresh)

    def teardown(self):
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)


LivingSite.TestCase.settings = settings(max_examples=10, stateful_step_count=6, deadline=None)
TestLivingSite = LivingSite.TestCase


def test_what_is_reckoned_of_folders_is_what_a_look_finds(make_site):
    """The sums are brought up to date by what was written, and by nothing that others did there meanwhile."""
    site = make_site({STORY: article(), "content/articles/2025/01/other.md": article("Other")})
    built(site)
    for words in ("One", "Two"):
        (site.articles / "2025/01/other.md").write_text(article(words))
        built(site)
        with read_catalog(site.catalog) as catalog:
            told = {folder: stamp.partition(" ")[2] for folder, stamp in catalog.made_folders().items()}
            looked = folder_stamps({}, {}, set(told), site.build)
        assert told == {folder: looked[folder].partition(" ")[2] for folder in told}
    page = site.build / "2025/01/story.html"
    before = page.read_bytes()
    page.write_bytes(b"damaged")
    (site.articles / "2025/01/other.md").write_text(article("Three"))
    built(site)
    assert page.read_bytes() == before


def test_two_processes_that_look_at_a_large_archive_see_what_one_sees(make_site, monkeypatch):
    monkeypatch.setattr(freshness, "_LARGE", 1)
    years = range(2019, 2025)
    site = make_site({f"content/articles/{year}/01/a.md": article(f"Of {year}") for year in years})
    built(site, jobs=2)
    for year in (2019, 2020):
        write_files(site.root, {f"content/articles/{year}/02/new.md": article(f"New in {year}")})
        (site.articles / f"{year}/01/note.markdown").write_text("# Not read\n")
    for year in (2021, 2022):
        (site.articles / f"{year}/01/a.md").write_text(article(f"Another in {year}"))
    for year in (2023, 2024):
        (site.articles / f"{year}/01/a.md").unlink()
    report, files = built(site, jobs=2)
    shutil.rmtree(site.cache)
    fresh, whole = built(site)
    assert files == whole
    assert sorted(report.notices, key=str) == sorted(fresh.notices, key=str)
    assert report.notices
