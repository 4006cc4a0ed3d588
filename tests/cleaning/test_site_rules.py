"""FiveFilters' site rules as they are: found by host, bounded, and never a word lost."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest
from tests.conftest import write_files

from backfile import cli
from backfile.cleaning.clean import clean_capture
from backfile.cleaning.rules import compiled, odd_lines, parse_rules, rules_for
from backfile.model import Capture, CleanOptions
from backfile.pipeline import build_site
from backfile.report import ConfigError

PAGE = """<html lang="en"><head><title>x</title></head><body><h1>Harbour news of the week</h1>
<h2 class="real">The harbour opens once more</h2><p class="who">Written by <b>Ada Holt</b></p>
<time datetime="2024-05-06T07:08:09+02:00">Monday</time>
<div id="story"><p>The harbour of the old town opened again on Monday, three days after the storm.</p>
<p class="promo-box">Our app has all the tides of the coast, and it costs nothing at all to try it.</p>
<p>Fishermen said that the damage was smaller than they had feared, and that most boats would go.</p>
<figure><img src="/tracker/pixel.gif" alt="">tail</figure>
<div class="more">Read the other stories about the harbour and about the storm of last week.</div>
<p>The mayor thanked the crews who had worked through the night to mend the breakwater.</p></div></body></html>"""
RULES = """# a comment
title: //h2[@class='real']
author: //p[@class='who']/b
date: //time/@datetime
body: //div[@id='gone']
body: //div[@id='story']
strip: //div[contains(@class, 'more')]
strip_id_or_class: 'promo-box'
strip_image_src: /tracker/
tidy: no
prune: no
http_header(user-agent): Other
test_url: https://gazette.example/a
titl: //h9
nonsense
"""


@pytest.fixture
def folder(tmp_path):
    write_files(tmp_path, {"rules/gazette.example.txt": RULES, "rules/.wide.example.txt": "body: //article\n"})
    return str(tmp_path / "rules")


def test_rules_say_where_things_stand_and_no_word_is_lost(folder):
    capture = Capture(data=PAGE.encode(), url="https://www.gazette.example/2024/harbour")
    plain = clean_capture(capture, CleanOptions())
    ruled = clean_capture(capture, CleanOptions(site_rules=folder))
    assert plain.receipt.profile == ""
    assert ruled.receipt.profile == "site rules gazette.example.txt"
    assert ruled.article.title == "The harbour opens once more"
    assert ruled.article.publisher == plain.article.publisher
    assert ruled.article.published == "2024-05-06T07:08:09+02:00"
    assert "Ada Holt" in ruled.article.authors
    paragraphs = [line.split()[0] for line in ruled.text.splitlines() if line != "tail"]
    assert paragraphs == ["The", "Fishermen", "The"]
    everything = " ".join([ruled.text, ruled.article.title, *(part.text for part in ruled.receipt.removed)])
    for words in ("all the tides", "other stories", "Harbour news of the week", "tail"):
        assert words in everything
    reasons = {part.reason for part in ruled.receipt.removed}
    assert any("site rules" in reason for reason in reasons)


def test_a_body_that_is_not_there_leaves_the_page_to_the_cleaner(folder):
    capture = Capture(data=PAGE.replace("story", "tale").encode(), url="https://gazette.example/a")
    assert clean_capture(capture, CleanOptions(site_rules=folder)) == clean_capture(capture, CleanOptions())


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://gazette.example/x", "gazette.example.txt"),
        ("https://www.gazette.example/x", "gazette.example.txt"),
        ("https://sport.gazette.example/x", ""),
        ("https://news.wide.example/x", ".wide.example.txt"),
        ("https://a.b.wide.example/x", ".wide.example.txt"),
        ("https://wide.example/x", ""),
        ("https://../../etc/passwd", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_files_are_found_by_host(folder, url, name):
    rules = rules_for(folder, url)
    assert (rules.name if rules else "") == name


def test_what_is_not_understood_is_told_once(folder, make_site):
    assert odd_lines(load_folder(folder)) == {"titl": 1, "nonsense": 1}
    files = {f"content/saved/{n}.html": PAGE.replace("Monday", f"Monday {n}") for n in range(2)}
    site = make_site(files, f"[cleaning]\nsite_rules = {json.dumps(folder)}\n")
    told = [str(notice) for notice in build_site(site).notices if "site rules" in str(notice)]
    assert len(told) == 1
    assert "2 lines of site rules not understood" in told[0]


def load_folder(folder):
    return Path(folder)


def test_a_folder_that_is_not_there_is_said(make_site):
    with pytest.raises(ConfigError, match=r"cleaning.site_rules.*is no folder"):
        make_site({}, '[cleaning]\nsite_rules = "nowhere"\n')


@pytest.mark.parametrize(
    "xpath",
    [
        "//div[//p]",
        "//div[.//p[.//b]]",
        "//a[.//b and .//i]",
        "//*" * 6,
        "//div[" * 4 + "]" * 4,
        "//p[" + "x" * 500 + "]",
        "//p[",
        "",
    ],
)
def test_costly_and_broken_xpath_is_refused(xpath):
    assert compiled(xpath) is None
    assert not parse_rules(f"body: {xpath}", "x").values


def test_functions_that_reach_out_find_nothing(folder):
    """XPath 1.0 has none; what XSLT adds is not known here."""
    for xpath in ("document('file:///etc/passwd')", "re:test(., 'x')"):
        write_files(load_folder(folder), {"gazette.example.txt": f"title: {xpath}\nbody: //div[@id='story']\n"})
        capture = Capture(data=PAGE.encode(), url="https://gazette.example/a")
        assert "passwd" not in clean_capture(capture, CleanOptions(site_rules=folder)).article.title


@pytest.mark.parametrize(
    "xpath", ["//div[@id='a//b']", "//div[p]//a[contains(@href, 'x')]", "//p[.//b]", "//h1 | //h2"]
)
def test_usual_xpath_is_let_in(xpath):
    assert compiled(xpath) is not None


@pytest.mark.parametrize("depth", [60, 200])
def test_the_worst_page_and_rules_take_bounded_time(tmp_path, depth):
    """Thousands of boxes within boxes, and rules at the bounds: seconds, not minutes."""
    worst = "\n".join([f"body: //div[.//p{n}]" for n in range(20)] + [f"strip: {'//div' * 5}{n}" for n in range(290)])
    write_files(tmp_path, {"rules/deep.example.txt": f"{worst}\nbody: //div\n"})
    page = "<body>" + "<div>" * depth + "<div><p>Some words.</p></div>" * 3000 + "</div>" * depth
    start = time.process_time()
    clean_capture(
        Capture(data=page.encode(), url="https://deep.example/"), CleanOptions(site_rules=str(tmp_path / "rules"))
    )
    assert time.process_time() - start < 20


def test_a_profile_from_a_page_to_a_passing_check(tmp_path, monkeypatch, capsys):
    """`profile new`, then `profile test`: what the extending guide promises."""
    page = PAGE.replace("<head>", '<head><link rel="canonical" href="https://gazette.example/2024/harbour">')
    write_files(tmp_path, {"page.html": page})

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["backfile", "profile", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, capsys.readouterr()

    code, made = call("new", tmp_path / "page.html")
    assert code == 0
    assert 'domains = ["gazette.example"]' in made.out
    assert 'body = ["#story"]' in made.out
    profile = tmp_path / "gazette.toml"
    profile.write_text(made.out)
    code, tested = call("test", profile, tmp_path / "page.html")
    assert (code, tested.out.splitlines()[0]) == (0, "1 of 1 checks pass"), tested.out
    assert "the profile fits" in tested.out
    profile.write_text(made.out.replace("A headline in our own words", "Another headline", 1))
    code, tested = call("test", profile)
    assert code == 1
    assert "failed: check 1: the title is" in tested.out
    profile.write_text(made.out.replace("#story", ".none", 1))
    assert "no layout fits" in call("test", profile)[1].out
    profile.write_text(made.out.replace("The second paragraph,", "The 2nd paragraph,", 1))
    assert "the text is" in call("test", profile)[1].out
    for wrong, message in (("name = ", "is not TOML"), ("name = 'x'", "missing required field")):
        profile.write_text(wrong)
        code, tested = call("test", profile)
        assert code == 2
        assert message in tested.err
    assert "cannot be read" in call("test", tmp_path / "no.toml")[1].err


def test_a_profile_from_an_address_goes_the_guarded_way(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["backfile", "profile", "new", "http://127.0.0.1:9/page"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "127.0.0.1" in capsys.readouterr().err


def test_a_skeleton_of_a_page_without_an_article(tmp_path, monkeypatch, capsys):
    write_files(tmp_path, {"page.html": "<html><body><p>Hi</p></body></html>"})
    monkeypatch.setattr(sys, "argv", ["backfile", "profile", "new", str(tmp_path / "page.html")])
    with pytest.raises(SystemExit, match="0"):
        cli.main()
    assert 'body = ["article"]' in capsys.readouterr().out
