"""Publisher profiles: data that is checked, used only where it fits, and named in the receipt."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import pytest
from cssselect import HTMLTranslator

from backfile.cleaning.clean import clean_capture
from backfile.cleaning.publishers import Check, Layout, Profile, profiles, profiles_for
from backfile.model import Capture, CleanOptions

PAGE = """<!doctype html><html lang="fr"><head><title>Le port rouvre | Euronews</title>
<link rel="canonical" href="https://fr.euronews.com/2024/05/06/le-port-rouvre">
<meta property="og:title" content="Le port de la vieille ville rouvre"></head><body>
<header><h1>Le port rouvre</h1></header>
<p class="c-article-summary">Trois jours après la tempête, les bateaux peuvent de nouveau entrer dans le port.</p>
<div class="c-article-content"><p>Le port de la vieille ville a rouvert lundi, trois jours après la tempête.</p>
<div class="widget--type-related"><ul><li><a href="/a">La tempête, heure par heure, par ceux qui l'ont vue</a>
</li></ul></div>
<p>Les pêcheurs disent que les dégâts sont moindres que ce qu'ils craignaient au premier matin.</p></div>
<div class="other"><p>Une tout autre nouvelle, bien écrite, qui n'a rien à faire avec le port rouvert.</p></div>
</body></html>"""


def test_every_profile_is_sound():
    assert {"Euronews"} <= {profile.name for profile in profiles()}
    for profile in profiles():
        assert profile.domains
        for layout in profile.layouts:
            dropped = (selector for some in layout.drop.values() for selector in some)
            for selector in (*layout.body, *layout.standfirst, *layout.title, *dropped):
                HTMLTranslator().css_to_xpath(selector)


CHECKS = [pytest.param(profile, check, id=profile.name) for profile in profiles() for check in profile.checks]


@pytest.mark.parametrize(("profile", "check"), CHECKS)
def test_every_profile_passes_its_own_checks(profile: Profile, check: Check):
    capture = Capture(data=f"<body>{check.page}</body>".encode(), url=f"https://{profile.domains[0]}/2024/a-page")
    cleaned = clean_capture(capture)
    assert cleaned.receipt.profile == profile.name
    assert cleaned.article.title == check.title
    assert cleaned.text == check.text


def test_layouts_stand_newest_first_and_every_profile_has_a_check():
    for profile in profiles():
        ends = [layout.until or dt.date.max for layout in profile.layouts]
        assert ends == sorted(ends, reverse=True)
        assert profile.checks


def test_a_profile_decides_and_says_so():
    cleaned = clean_capture(Capture(data=PAGE.encode()))
    assert cleaned.article.title == "Le port de la vieille ville rouvre"
    assert cleaned.article.description.startswith("Trois jours après")
    assert cleaned.article.standfirst
    assert [line[:12] for line in cleaned.text.splitlines()] == ["Trois jours ", "Le port de l", "Les pêcheurs"]
    assert cleaned.receipt.profile == cleaned.article.publisher == "Euronews"
    assert any("profile Euronews" in part.reason for part in cleaned.receipt.removed)
    chosen = next(c for c in cleaned.receipt.candidates if c.field == "title" and c.chosen)
    assert chosen.reason == "profile Euronews"


def test_without_profiles_there_is_none():
    cleaned = clean_capture(Capture(data=PAGE.encode()), CleanOptions(profiles=False))
    assert cleaned.receipt.profile == ""
    assert not any("profile" in part.reason for part in cleaned.receipt.removed)


def test_a_page_with_another_layout_is_left_to_the_general_cleaner():
    cleaned = clean_capture(Capture(data=PAGE.replace("c-article-content", "something-new").encode()))
    assert cleaned.receipt.profile == ""


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://fr.euronews.com/x", "Euronews"),
        ("http://EURONEWS.com", "Euronews"),
        ("https://noteuronews.com/", ""),
        ("https://euronews.com.evil.example/", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_the_publisher_of_an_address(url, name):
    profile = next(profiles_for(url), None)
    assert (profile.name if profile else "") == name


def test_a_layout_ends():
    layout = Layout(body=("p",), until=dt.date(2024, 10, 14))
    assert layout.fits("2024-10-14T10:00:00")
    assert not layout.fits("2024-10-15")
    assert layout.fits("")


@pytest.mark.parametrize("page", ["EuronewsFR_2024_04_30", "EuronewsFR_2026_01_06"])
def test_real_pages_of_euronews(shared, page):
    """Title, author, date with offset, tags, every paragraph and heading in order, pictures with credit, no chrome."""
    rows = map(json.loads, (shared / "corpus/gold.jsonl").read_text("utf-8").splitlines())
    gold = next(row for row in rows if row["id"] == f"fundus-fr-{page}")
    data = gzip.decompress((shared / "corpus" / gold["file"]).read_bytes())
    cleaned = clean_capture(Capture(data=data))
    article = cleaned.article
    assert article.title == gold["title"]
    assert list(article.authors) == gold["authors"]
    assert article.published == gold["published"]
    assert set(gold["topics"]) <= set(article.tags)
    assert cleaned.text.splitlines() == [" ".join(line.split()) for line in gold["text"].splitlines()]
    for chrome in ("Publicité", "Partager", "Discussion", "À découvrir également", "Accéder aux raccourcis"):
        assert chrome not in cleaned.text
    for picture in gold["images"]:
        figure = next(f for f in article.figures if f.url == picture["url"])
        assert figure.credit == picture["credit"][0]
        assert figure.caption == picture["caption"] or not picture["caption"]
