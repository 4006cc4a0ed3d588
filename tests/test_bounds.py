"""Input of any size and depth costs a time that grows with its size, and none of its words."""

from __future__ import annotations

import re
import time
from pathlib import Path

import msgspec
import pytest

from backfile import saving
from backfile.cleaning.page import parse_page
from backfile.config import parse_config
from backfile.limits import Limits
from backfile.markdown import load_article
from backfile.pipeline import BuildOptions, build_site
from backfile.prose import article_html, page_html
from backfile.reading import entry_of
from backfile.report import ConfigError
from tests.conftest import article
from tests.faults.harness import page
from tests.importers.test_bundles import zipped

QUICK = 2.0
"""Seconds of work for input that took minutes when its cost grew with the square of its size."""


def seconds(function, *args):
    began = time.process_time()
    function(*args)
    return time.process_time() - began


@pytest.mark.parametrize("render", [article_html, page_html])
@pytest.mark.parametrize("unit", ["> ", "1. ", "<div>"])
def test_deep_markdown_is_shown_as_it_is_written(render, unit):
    count = 30_000 if render is article_html else 600
    shown = render(f"Before\n\n{unit * count}\n\nafter")
    assert "Before" in shown
    assert "after" in shown
    if not (unit == "> " and render is page_html):  # which leaves off by itself
        assert shown.startswith("<pre>")
    assert seconds(render, unit * count) < QUICK


def test_markdown_of_usual_depth_is_rendered():
    assert article_html("> " * 20 + "deep").count("<blockquote>") == 20


@pytest.mark.parametrize("unit", ["![](", "![", "](", "[![](", "![a](("])
def test_reading_takes_linear_time(unit):
    loaded = load_article(f"---\ntitle: T\n---\n{unit * 50_000}\n")
    assert seconds(entry_of, "a.md", "", loaded) < QUICK


def test_addresses_are_no_words():
    body = "One ![two](https://a.example/b_(c).png) [three](data:image/png;base64," + "A" * 5000 + ")"
    entry = entry_of("a.md", "", load_article(f"---\ntitle: T\n---\n{body}\n"))
    assert entry.words == 2


def test_very_many_attributes():
    tag = "<p" + "".join(f' data-a{n}="v{n}"' for n in range(100_000)) + ">"
    page = f"<html><body>{tag}Words.</p></body></html>".encode()
    assert parse_page(page).tree.text_content().strip() == "Words."
    assert seconds(parse_page, page) < QUICK


def test_a_long_attribute_is_kept():
    page = parse_page(b"<p title='" + b"x " * 50_000 + b"' id=a>Words.</p>")
    found = page.tree.find(".//p")
    assert len(found.get("title")) == 100_000
    assert found.get("id") == "a"


def test_a_page_that_is_too_deep_leaves_nothing_to_the_next():
    page_html("1. " * 600)
    assert page_html("# Title\n\n1. one") == page_html("# Title\n\n1. one")
    assert "<ol>" in page_html("1. one")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_page_that_takes_too_long_costs_only_itself(make_site, monkeypatch, jobs):
    plain = saving.clean_capture

    def slow(capture, options):
        while b"SLOW" in capture.data:
            pass
        return plain(capture, options)

    monkeypatch.setattr(saving, "clean_capture", slow)
    saved = {f"content/saved/{n}.html": page(f"Story {n}", f"n{n}") for n in range(5)}
    saved["content/saved/2.html"] += "<!-- SLOW -->"
    site = make_site(saved, config="[limits]\nseconds = 1\n")
    report = build_site(site, BuildOptions(jobs=jobs))
    assert (report.counts["articles"], report.counts["failed"]) == (4, 1)
    (notice,) = report.notices
    assert (notice.level, notice.where) == ("error", "content/saved/2.html")
    assert "limits.seconds" in notice.what


def test_a_page_in_a_container_that_takes_too_long(make_site, monkeypatch):
    plain = saving.clean_capture

    def slow(capture, options):
        while b"SLOW" in capture.data:
            pass
        return plain(capture, options)

    monkeypatch.setattr(saving, "clean_capture", slow)
    pages = {f"{n}.html": page(f"Story {n}", f"n{n}") for n in range(4)}
    pages["1.html"] += "<!-- SLOW -->"
    site = make_site({"content/saved/a.zip": zipped(pages)}, config="[limits]\nseconds = 1\n")
    report = build_site(site, BuildOptions(jobs=2))
    assert report.counts["articles"] == 3
    assert [notice.where for notice in report.notices if notice.level == "error"] == ["content/saved/a.zip#1.html"]


def test_records_beyond_the_bound_are_left_out_and_said(make_site):
    pages = {f"{n}.html": page(f"Story {n}", f"n{n}") for n in range(4)}
    site = make_site({"content/saved/a.zip": zipped(pages)}, config="[limits]\nrecords = 2\n")
    report = build_site(site, BuildOptions(jobs=0))
    assert report.counts["articles"] == 2
    assert [notice.what for notice in report.notices if notice.level == "error"] == [
        "holds more than 2 records; the rest is left out. Split it"
    ]


def test_bounds_of_articles_can_be_changed(make_site):
    site = make_site(
        {"content/articles/a.md": article("Long", notes="x" * 3000), "content/articles/b.md": article(body=">" * 50)},
        config="[limits]\nfront_matter_kb = 1\nnesting = 9\n",
    )
    report = build_site(site, BuildOptions(jobs=0))
    assert ["longer than 1 KB" in notice.what for notice in report.notices] == [True]
    assert "<blockquote>" not in (site.build / "articles/b.html").read_text()


def test_every_bound_is_documented():
    told = (Path(__file__).parents[1] / "docs/security.md").read_text("utf-8")
    for field in msgspec.structs.fields(Limits):
        assert f"| `{field.name}` | {field.default} |" in told


@pytest.mark.parametrize("text", ["seconds = 'x'", "pages = 3", "ratio = 0"])
def test_limits_are_checked(text):
    with pytest.raises(ConfigError, match="limits"):
        parse_config(f"[limits]\n{text}\n")


@pytest.mark.parametrize(
    "address", ["ht&#9;tps://a.example/p.png", "/&#9;/a.example/p.png", "&#1;https://a.example/p.png"]
)
@pytest.mark.parametrize("form", ["![p](<{}>)", '<img src="{}">', "words ![p](<{}>) words"])
def test_no_remote_picture_however_its_address_is_written(address, form):
    for render in (article_html, page_html):
        for source in re.findall('<img src="([^"]*)"', render(form.format(address))):
            assert not re.match(r"[a-z]+:|//", re.sub(r"^[\x00-\x20]+|[\t\r\n]+", "", source)), source


@pytest.mark.parametrize("function", ["clean_capture", "find_importer"])
def test_a_mistake_of_ours_costs_one_file(make_site, monkeypatch, function):
    plain = getattr(saving, function)
    calls = []

    def mistaken(*args):
        calls.append(args)
        if len(calls) == 2:
            raise IndexError("string index out of range")
        return plain(*args)

    monkeypatch.setattr(saving, function, mistaken)
    report = build_site(make_site({f"content/saved/{n}.html": page(f"Story {n}", f"n{n}") for n in range(3)}))
    assert (report.counts["articles"], report.counts["failed"]) == (2, 1)
    assert [notice.where for notice in report.notices] == ["content/saved/1.html"]
    assert "IndexError" in report.notices[0].what
