"""Addresses without their pages: entries of their own until a capture comes, and nothing of the user's is lost."""

from __future__ import annotations

import shutil

import pytest

from backfile.addresses import canonical, is_front_page, is_web_address, link_id, unarchived
from backfile.pipeline import build_site
from tests.conftest import tree, write_files
from tests.importers.helpers import imported, story

URL = "https://news.example/bridge"
CSV = f"title,url,time_added,tags,status\nBridge (cut,{URL}?utm_source=pocket,1541343937,river,archive\n"
PAGE = f"<!-- saved from url=(0027){URL} -->" + story()


def test_an_address_waits_for_its_page(make_site):
    site = make_site({"content/saved/a.csv": CSV})
    result = imported(site)
    assert result.report.counts == {"link only": 1}
    assert list(result.articles) == ["links/bridge-cut.md"]
    assert result.only.link_only
    write_files(site.root, {"content/saved/page.html": PAGE})
    result = imported(site)
    assert result.report.counts == {"added": 1}
    article = result.only
    assert (article.title, article.link_only, article.tags) == ("A bridge at last", False, ("river",))
    assert (article.saved.by, article.saved.state) == ("Pocket", "read")
    before = tree(site.root / "content")
    for cache in (False, True):
        if cache:
            shutil.rmtree(site.cache)
        assert imported(site).report.counts["added"] == 0
        assert tree(site.root / "content") == before


@pytest.mark.parametrize("fresh", [False, True])
def test_an_address_finds_the_page_that_is_there(fresh, make_site):
    site = make_site({"content/saved/page.html": PAGE})
    imported(site)
    if fresh:
        shutil.rmtree(site.cache)
    write_files(site.root, {"content/saved/b.csv": CSV})
    result = imported(site)
    assert result.report.counts["updated"] == 1
    assert result.only.tags == ("river",)
    assert result.only.title == "A bridge at last"
    before = tree(site.root / "content")
    shutil.rmtree(site.cache)
    assert imported(site).report.counts == {"already there": 2}
    assert tree(site.root / "content") == before


def test_two_services_add_up(make_site):
    other = "URL,Title,Selection,Folder\nhttp://www.news.example/bridge/,B,My words,Towns\n"
    site = make_site({"content/saved/a.csv": CSV, "content/saved/b.csv": other})
    result = imported(site)
    assert result.report.counts == {"link only": 1, "updated": 1}
    saved = result.only.saved
    assert (saved.by, saved.folder, saved.note, saved.state) == ("Pocket", "Towns", "My words", "read")


def test_an_edited_entry_is_never_lost(make_site):
    site = make_site({"content/saved/a.csv": CSV})
    imported(site)
    entry = site.articles / "links/bridge-cut.md"
    entry.write_text(entry.read_text().replace("- river", "- river\n  - mine") + "\nMy own words.\n")
    edited = entry.read_bytes()
    write_files(site.root, {"content/saved/page.html": PAGE})
    result = imported(site)
    assert entry.read_bytes() == edited
    page = next(a for a in result.articles.values() if not a.link_only)
    assert page.tags == ("river", "mine")
    assert [n.where for n in result.report.notices] == ["content/articles/links/bridge-cut.md"]


def test_an_edited_article_is_not_updated(make_site):
    site = make_site({"content/saved/page.html": PAGE})
    (name,) = imported(site).articles
    path = site.articles / name
    path.write_text(path.read_text().replace("harbour", "HARBOUR"))
    edited = path.read_bytes()
    write_files(site.root, {"content/saved/b.csv": CSV})
    result = imported(site)
    assert path.read_bytes() == edited
    assert "edited by you" in result.report.notices[0].what


def test_a_deleted_entry_stays_deleted(make_site):
    site = make_site({"content/saved/a.csv": CSV})
    imported(site)
    (site.articles / "links/bridge-cut.md").unlink()
    write_files(site.root, {"content/saved/b.csv": CSV})
    assert imported(site).report.counts == {"deleted by you": 1}


def test_links_stand_apart_on_the_site(make_site):
    site = make_site({"content/saved/a.csv": CSV, "content/saved/page.html": story("Other", 3)})
    build_site(site)
    home = (site.build / "index.html").read_text()
    assert "Other" in home
    assert "bridge-cut" in (site.build / "links/news-example/index.html").read_text()


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/bridge", "https://www.news.example/bridge/", "https://m.news.example/bridge#top",
        "https://news.example/bridge?utm_source=x&fbclid=y", "https://news.example:443/bridge",
        "https://news.example/bridge/amp", "https://amp.news.example/bridge?amp=1", "https://news.example/bridge.amp",
        "https://www.google.com/amp/s/news.example/bridge", "https://news-example.cdn.ampproject.org/c/s/news.example/bridge",
        "https://web.archive.org/web/20120216182711/https://news.example/bridge",
        "https://web.archive.org/web/20120216182711if_/http:/news.example/bridge",
        "https://archive.ph/20200601123456/https://news.example/bridge", "https://archive.is/https://news.example/bridge",
        "https://news.example/bridge/index.html", "HTTPS://NEWS.example/bridge", "https://news.example./bridge",
    ],
)  # fmt: skip
def test_addresses_of_one_page_have_one_form(url):
    assert canonical(url) == "news.example/bridge"
    assert link_id(url) == link_id(URL)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/bridge?id=2", "https://news.example/Bridge", "https://news.example/bridge2",
        "https://news.example:8080/bridge", "https://news.example/bridge#!2", "https://other.example/bridge",
        "https://blog.news.example/bridge",
    ],
)  # fmt: skip
def test_addresses_of_other_pages_have_other_forms(url):
    assert canonical(url)
    assert canonical(url) != canonical(URL)


@pytest.mark.parametrize(
    "url",
    [
        "", "javascript:alert(1)", "file:///etc/passwd", "ftp://news.example/a", "http://localhost/a", "http://[::1]/a",
        "http://127.0.0.1/a", "http://127.1/a", "http://2130706433/a", "http://0x7f000001/a", "http://10.0.0.1/a",
        "http://metadata.google.internal/a", "http://printer.local/a", "http:///a", "http://[bad/a", "//news.example/a",
    ],
)  # fmt: skip
def test_what_is_not_of_the_public_web(url):
    assert not is_web_address(url)
    assert link_id(url) == ""


def test_addresses_that_are_public_all_the_same():
    assert is_web_address("http://93.184.216.34/a")
    assert is_web_address("https://пример.рф/a")
    assert canonical("http://news.example:99999/a") == "news.example/a"


def test_front_pages():
    assert is_front_page("https://news.example/")
    assert is_front_page("https://news.example/index.html")
    assert not is_front_page("https://news.example/?p=12")
    assert unarchived(URL) == (URL, "")


DATED = '<meta property="article:published_time" content="2024-05-03T10:00:00+02:00">'
FEED_ROW = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><title>A bridge at last</title>'
    "<link>https://other.example/{n}</link><category>river</category><pubDate>Fri, 03 May 2024 08:00:00 GMT</pubDate>"
    "</item></channel></rss>"
)


@pytest.mark.parametrize("order", ["a z", "z a"])
def test_a_page_under_another_address_is_known_by_title_and_date(order, make_site):
    first, last = order.split()
    title = "A bridge over the river at last"
    row = FEED_ROW.replace("A bridge at last", title).replace("{n}", "9")
    site = make_site({f"content/saved/{first}.rss": row})
    if first == "z":
        imported(site)
    write_files(site.root, {f"content/saved/{last}.html": story(title, head=DATED)})
    result = imported(site)
    assert [a.link_only for a in result.articles.values()] == [False]
    assert result.only.tags == ("river",)


def test_the_same_title_on_another_day_is_another_article(make_site):
    title = "A bridge over the river at last"
    row = FEED_ROW.replace("A bridge at last", title).replace("{n}", "9").replace("03 May", "04 May")
    site = make_site({"content/saved/a.rss": row, "content/saved/b.html": story(title, head=DATED)})
    assert sorted(a.link_only for a in imported(site).articles.values()) == [False, True]


def test_the_page_of_a_dated_address_leads_nowhere_that_is_not_there(make_site):
    row = FEED_ROW.replace("{n}", "9")
    site = make_site({"content/saved/a.rss": row})
    build_site(site)
    (html,) = [p.read_text() for p in site.build.rglob("articles/links/*.html")]
    assert "2024/05/03/index.html" not in html
