"""Whole pages → metadata: what stands in the head, the structured data and around the headline."""

from __future__ import annotations

import lxml.html
import pytest
from lxml.html import HtmlElement

from backfile.clean.metadata import read_metadata


def page(head: str = "", body: str = "", lang: str = "en") -> HtmlElement:
    """A page as the cleaner gets it."""
    return lxml.html.document_fromstring(f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>')


def ld(text: str) -> str:
    """A block of structured data."""
    return f'<script type="application/ld+json">{text}</script>'


PROSE = (
    "<p>" + "The council met on Tuesday and spoke at length about the harbour, its boats and its cranes. " * 3 + "</p>"
)


def test_an_empty_page_says_nothing() -> None:
    found = read_metadata(lxml.html.document_fromstring("<html><body></body></html>"))

    assert (found.title, found.authors, found.published, found.lang, found.url) == ("", (), "", "", "")
    assert (found.kind, found.access, found.candidates) == ("news", "unknown", ())


def test_structured_data_gives_every_field() -> None:
    head = ld(
        """{"@context": "https://schema.org", "@graph": [
        {"@type": "Organization", "@id": "#org", "name": "The Harbour Post"},
        {"@type": "Person", "@id": "#jane", "name": "Jane Doe"},
        {"@type": "BreadcrumbList", "itemListElement": [{"name": "Home"}, {"item": {"name": "World"}}]},
        {"@type": ["NewsArticle"], "headline": "Boats &amp; cranes", "author": [{"@id": "#jane"}, {"name": "Reuters"}],
         "datePublished": "2024-04-30 16:00:34 +02:00", "dateModified": "2024-04-30T16:01:14+02:00",
         "publisher": {"@id": "#org"}, "keywords": "Harbour, boats, 12345, type:article, Harbour",
         "isAccessibleForFree": "False", "articleBody": "The council met.", "inLanguage": "en_GB"}]}"""
    )

    found = read_metadata(page(head, f"<h1>Boats &amp; cranes</h1>{PROSE}"))

    assert found.title == "Boats & cranes"
    assert found.authors == ("Jane Doe",)
    assert found.agencies == ("Reuters",)
    assert found.published == "2024-04-30T16:00:34+02:00"
    assert found.modified == "2024-04-30T16:01:14+02:00"
    assert found.publisher == "The Harbour Post"
    assert found.tags == ("Harbour", "boats")
    assert found.section == "World"
    assert found.access == "locked"
    assert found.article_body == "The council met."
    assert found.lang == "en-GB"


def test_meta_elements_give_every_field_in_name_or_property() -> None:
    head = """<title>Boats | The Harbour Post</title><link rel="canonical" href="https://post.example/boats">
    <meta property="og:title" content="Boats"><meta name="og:site_name" content="The Harbour Post">
    <meta name="article:published_time" value="2024-04-30T16:00:34Z">
    <meta name="author" content="By Jane Doe, Reporter">
    <meta property="article:tag" content="Harbour"><meta property="article:tag" content="Boats, Sea">
    <meta property="article:section" content="World"><meta property="og:image" content="https://post.example/b.jpg">
    <meta property="og:description" content="What the council said.">
    <meta name="article:content_tier" content="metered">"""

    found = read_metadata(page(head, f"<h1>Boats</h1>{PROSE}"))

    assert (found.title, found.publisher, found.section) == ("Boats", "The Harbour Post", "World")
    assert found.authors == ("Jane Doe",)
    assert found.published == "2024-04-30T16:00:34+00:00"
    assert found.tags == ("Harbour", "Boats", "Sea")
    assert (found.url, found.image) == ("https://post.example/boats", "https://post.example/b.jpg")
    assert (found.description, found.access) == ("What the council said.", "metered")


def test_microdata_of_the_first_article_counts_not_of_teasers_or_comments() -> None:
    body = f"""<article itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Boats</h1>
    <span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Jane Doe</span></span>
    <meta itemprop="datePublished" content="2024-04-30">{PROSE}
    <div itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Troll</span>
    <time itemprop="datePublished" datetime="2024-05-02">2 May</time></div></article>
    <article itemscope itemtype="https://schema.org/NewsArticle"><b itemprop="author">John Roe</b></article>"""

    found = read_metadata(page("", body))

    assert (found.title, found.authors, found.published) == ("Boats", ("Jane Doe",), "2024-04-30")


def test_visible_lines_count_where_the_head_says_nothing() -> None:
    body = f"""<nav>Monday 1 January 2001</nav><main><h1>Boats</h1><div class="byline">Par Jeanne Durand et AFP</div>
    <div>Publié le 30 avril 2024 à 16h00 - Mis à jour le 2 mai 2024</div>{PROSE}{PROSE}{PROSE}{PROSE}{PROSE}
    <p>12 mai 1999</p></main><footer>© 2026</footer>"""

    found = read_metadata(page("", body, lang="fr"))

    assert found.authors == ("Jeanne Durand",)
    assert found.agencies == ("AFP",)
    assert found.published == "2024-04-30T16:00:00"
    assert found.lang == "fr"


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        ("30 April 2024", "2024-04-30", ""),
        ("Updated 30 April 2024", "", "2024-04-30"),
        ("April 2024", "", ""),
        ("© 2024", "", ""),
        ("03/04/2024", "", ""),
        ("Published Tue 30 Apr 2024 4:05 pm", "2024-04-30T16:05:00", ""),
    ],
)
def test_a_line_under_the_headline_dates_the_article_only_if_it_is_clear(
    line: str, published: str, modified: str
) -> None:
    found = read_metadata(page("", f"<h1>Boats</h1><p>{line}</p>{PROSE}"))

    assert (found.published, found.modified) == (published, modified)


def test_dates_after_the_capture_are_refused() -> None:
    head = '<meta property="article:published_time" content="2031-01-01">'

    assert read_metadata(page(head), captured="2024-05-01T00:00:00Z").published == ""
    assert read_metadata(page(head)).published == "2031-01-01"


@pytest.mark.parametrize(
    ("byline", "people", "agencies"),
    [
        ("Par Euronews avec AP", ("Euronews",), ("AP",)),
        ("Le Figaro et AFP", ("Le Figaro",), ("AFP",)),
        ("Par Jeanne Durand, Le Figaro et AFP", ("Jeanne Durand",), ("AFP",)),
        ("AFP", ("AFP",), ("AFP",)),
        ("Journaliste", (), ()),
    ],
)
def test_the_publisher_signs_only_where_nobody_else_does(
    byline: str, people: tuple[str, ...], agencies: tuple[str, ...]
) -> None:
    head = f'<meta name="author" content="{byline}"><meta property="og:site_name" content="Le Figaro">'
    head += '<meta name="application-name" content="Euronews">'

    found = read_metadata(page(head, f"<h1>Bateaux</h1>{PROSE}", lang="fr"))

    assert (found.authors, found.agencies) == (people, agencies)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Boats: a story - World - The Post</title>", "<h1>Boats: a story</h1>", "Boats: a story"),
        (
            '<title>SEO boats | Post</title><meta property="og:title" content="SEO boats">',
            "<h1>Boats at sea</h1>",
            "Boats at sea",
        ),
        (
            "<title>Boats - a story - The Post</title><meta property='og:site_name' content='The Post'>",
            "",
            "Boats - a story",
        ),
        (
            "<title>Boats sink at night</title>",
            '<h1><a href="/">Sea News</a></h1><h1>Boats sink at night</h1>',
            "Boats sink at night",
        ),
        ("<title>Boats sink | Post</title>", "<h1><span>World</span> <span>Boats sink</span></h1>", "Boats sink"),
        ("<title>Boats sink | Post</title>", "<h1></h1>", "Boats sink | Post"),
    ],
)
def test_the_title_is_the_headline_without_the_publisher(head: str, body: str, title: str) -> None:
    assert read_metadata(page(head, body + PROSE)).title == title


@pytest.mark.parametrize(
    ("head", "body", "kind"),
    [
        (ld('{"@type": "LiveBlogPosting", "headline": "x"}'), "", "live"),
        ('<meta property="article:section" content="Opinion">', "", "opinion"),
        ('<meta property="article:opinion" content="true">', "", "opinion"),
        ('<meta property="og:type" content="video.other">', "", "video"),
        ("", "<h1>Interview: the captain</h1>", "interview"),
        ("", "<h1>The captain</h1>", "news"),
    ],
)
def test_kind_is_read_from_types_section_and_label(head: str, body: str, kind: str) -> None:
    assert read_metadata(page(head, body)).kind == kind


def test_every_field_keeps_its_candidates() -> None:
    head = '<meta property="og:title" content="Boats"><title>Boats | Post</title>'

    found = read_metadata(page(head, "<h1>Boats</h1>"))

    assert {(c.source, c.value, c.chosen) for c in found.candidates if c.field == "title"} == {
        ("h1", "Boats", True),
        ("meta og:title", "Boats", True),
        ("title", "Boats", True),
    }


def test_the_address_is_the_canonical_one_made_absolute() -> None:
    tree = page('<link rel="canonical" href="/2024/04/30/boats.html">')

    found = read_metadata(tree, url="https://post.example/x?ref=1")

    assert found.url == "https://post.example/2024/04/30/boats.html"
    assert found.published == "2024-04-30"


def test_a_front_page_as_canonical_address_is_not_believed() -> None:
    tree = page('<link rel="canonical" href="https://post.example/">')

    assert read_metadata(tree, url="https://post.example/boats").url == "https://post.example/boats"


def test_the_tree_is_not_changed() -> None:
    tree = page("<title>x</title>", f"<h1>Boats</h1><p>By Jane Doe</p>{PROSE}")
    before = lxml.html.tostring(tree)

    read_metadata(tree)

    assert lxml.html.tostring(tree) == before
