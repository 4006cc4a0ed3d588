"""Whole pages → metadata: what stands in the head, the structured data and around the headline."""

from __future__ import annotations

import lxml.html
import pytest
from lxml.html import HtmlElement

from backfile.cleaning.metadata import read_metadata


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
        ("AFP", (), ("AFP",)),
        ("Reuters", (), ("Reuters",)),
        ("By Jane Doe and John Roe, Reuters in Kyiv", ("Jane Doe", "John Roe"), ("Reuters",)),
        ("Jeanne Durand, traduit par Paul Petit", ("Jeanne Durand",), ()),
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


@pytest.mark.parametrize(
    "body",
    [
        '<div class="post-author"><a href="/authors/jane">Jane Doe</a></div>',
        '<p>Written by</p><p><a href="/x">Jane Doe</a></p>',
        "<p>Jane Doe</p><p>30 April 2024</p>",
        "<p>Jane Doe Published: 30 April 2024</p>",
        "<p>30 April 2024 | Jane Doe</p>",
        '<p><a rel="author" href="/jane">Jane Doe</a></p>',
        '<p data-testid="byline-name">Jane Doe</p>',
        f'{PROSE}<div class="author">Jane Doe</div>',
    ],
)
def test_a_byline_is_read_around_the_headline(body: str) -> None:
    assert read_metadata(page("", f"<main><h1>Boats</h1>{body}{PROSE}</main>")).authors == ("Jane Doe",)


@pytest.mark.parametrize(
    "body",
    [
        '<p>30 April 2024</p><p><a href="/world">World News</a></p>',
        PROSE * 6 + "".join(f'<div class="author">{name}</div>' for name in ("Jane Doe", "John Roe", "Ann Poe")),
        '<aside><p class="author">Jane Doe</p></aside>',
        '<p class="author-bio">Jane Doe</p>',
        "<p>By the sea</p>",
        "<p>By Christmas the wall had fallen.</p>",
        "<p>By Tuesday evening, the crowd had gone.</p>",
        "<p>By John Harbour, the old gate, we meet.</p>",
        "<p>On Monday, 14 July 2015, the old wall fell into the sea.</p>",
    ],
)
def test_what_only_looks_like_a_byline_names_nobody(body: str) -> None:
    assert read_metadata(page("", f"<main><h1>Boats</h1>{body}{PROSE}</main>")).authors == ()


def test_several_linked_authors_on_one_line_are_all_read() -> None:
    body = '<p><a href="/author/jane">Jane Doe</a>, <a href="/author/john">John Roe</a></p>'

    assert set(read_metadata(page("", f"<h1>Boats</h1>{body}{PROSE}")).authors) == {"Jane Doe", "John Roe"}


@pytest.mark.parametrize(
    ("author", "people"),
    [
        ('{"givenName": "Jane", "familyName": "Doe"}', ("Jane Doe",)),
        ('{"alternateName": "Jane Doe"}', ("Jane Doe",)),
        ('{"name": ["Jane Doe", "John Roe"]}', ("Jane Doe", "John Roe")),
        ('{"@list": [["Jane Doe"], "John Roe"]}', ("Jane Doe", "John Roe")),
        ('"Jane Doe"', ("Jane Doe",)),
        ('{"@id": "#nowhere"}', ()),
        ('{"name": "Post24"}', ("Post24",)),
        ('[{"name": "Post24"}, {"name": "Jane Doe"}]', ("Jane Doe",)),
        ('{"name": "Post24 Staff"}', ("Post24 Staff",)),
        ('{"name": "Newsroom Editor"}', ("Newsroom Editor",)),
        ("17", ()),
    ],
)
def test_authors_of_structured_data_come_in_every_form(author: str, people: tuple[str, ...]) -> None:
    head = ld(f'{{"@type": "NewsArticle", "publisher": {{"name": "Post24"}}, "author": {author}}}')

    assert read_metadata(page(head, f"<h1>Boats</h1>{PROSE}")).authors == people


def test_a_label_of_twitters_card_introduces_a_byline() -> None:
    head = '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Jane Doe">'
    head += '<meta name="twitter:label2" content="Reading time"><meta name="twitter:data2" content="Four Minutes">'

    assert read_metadata(page(head)).authors == ("Jane Doe",)


def test_a_handle_counts_only_without_a_name_and_not_against_the_publisher() -> None:
    handle = '<meta name="author" content="jdoe"><meta property="og:site_name" content="The Post">'

    assert read_metadata(page(handle, f"<h1>Boats</h1>{PROSE}")).authors == ("jdoe",)
    assert read_metadata(page(handle, f"<h1>Boats</h1><p>By Jane Doe</p>{PROSE}")).authors == ("Jane Doe",)


@pytest.mark.parametrize(
    "line",
    [
        "On 14 July 2015 the old wall fell. By John Smith's account, it took a minute.",
        "14 July 2015 is a day that the harbour remembers.",
        "Tickets: 12 June 2024, 8pm, Town Hall",
        "Born 12 June 1924 – died 3 May 2001",
    ],
)
def test_a_date_that_a_line_tells_of_is_not_the_articles(line: str) -> None:
    assert read_metadata(page("", f"<article><h1>Boats</h1><p>{line}</p>{PROSE}</article>")).published == ""


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Berlin, 25 January 2022 – The old wall fell into the sea at noon.", "2022-01-25"),
        ("This story of the old wall was first published on 14 July 2015.", "2015-07-14"),
        ("By Jane Doe, harbour correspondent for the north, 14 July 2015.", "2015-07-14"),
        ("First published: 14 July 2015", "2015-07-14"),
        ("July 14 2015, 3:54 p.m.", "2015-07-14T15:54:00"),
        ("Published 14 July 2015 – updated 3 May 2016", "2015-07-14"),
    ],
)
def test_lines_that_date_the_article(line: str, published: str) -> None:
    assert read_metadata(page("", f"<article><h1>Boats</h1><p>{line}</p>{PROSE}</article>")).published == published


@pytest.mark.parametrize(
    ("body", "published"),
    [
        (f"<h1>Boats</h1>{PROSE}{PROSE}{PROSE}{PROSE}{PROSE}{PROSE}<p>Published on 30 April 2024</p>", "2024-04-30"),
        (
            f"<article><h1>Boats</h1>{PROSE * 6}<time datetime='2024-04-30T10:00Z'>x</time></article>",
            "2024-04-30T10:00:00+00:00",
        ),
        (f"<h1>Boats</h1><time datetime='2024-04-30T10:00Z'>Tuesday</time>{PROSE}", "2024-04-30T10:00:00+00:00"),
        (f"<h1>Boats</h1><time datetime='2024-04-30T10:00Z'>30 April 2024</time>{PROSE}", "2024-04-30T10:00:00+00:00"),
        (f"<h1>Boats</h1><time>30 April 2024</time>{PROSE}", "2024-04-30"),
        (f"<h1>Boats</h1><time>soon</time>{PROSE}", ""),
        (f"<p class='date'>30 April 2024</p><h1>Boats</h1>{PROSE}<p>March 3, 2023</p>", "2024-04-30"),
        (
            f"<h1>Boats</h1><p>In May 3, 2020 and in many a year before that one the harbour was empty</p>{PROSE}",
            "2020-05-03",
        ),
        (f"<h1>Boats</h1>{PROSE}<aside><time datetime='2024-04-30'>x</time></aside>", ""),
        (f"<article><h1>Boats</h1>{PROSE}</article><aside><article><time>5 May 2020</time></article></aside>", ""),
        (f"<header><b class='date'>Monday, 4 May 2026</b></header><article><h1>Boats</h1>{PROSE}</article>", ""),
        (f"<article><header><b>4 May 2026</b></header><h1>Boats</h1>{PROSE}</article>", "2026-05-04"),
        (f"<h1>Boats</h1>{PROSE}<div class='comments'><time datetime='2024-04-30'>x</time></div>", ""),
        (f"<h1>Boats</h1><p>Published 30 April 2024, updated 2 May 2024</p>{PROSE}", "2024-04-30"),
    ],
)
def test_the_likeliest_visible_date_is_the_articles(body: str, published: str) -> None:
    assert read_metadata(page("", body)).published == published


def test_an_update_before_the_publication_is_no_update() -> None:
    head = '<meta property="article:published_time" content="2024-04-30T19:00:00+02:00">'
    head += '<meta property="article:modified_time" content="2024-04-30T09:07:05+02:00">'

    assert read_metadata(page(head)).modified == ""


def test_the_same_moment_in_local_time_is_preferred() -> None:
    head = '<meta property="article:published_time" content="2024-05-01T02:00:00Z">'
    head += '<meta name="parsely-pub-date" content="2024-04-30T22:00:00-04:00">'

    assert read_metadata(page(head)).published == "2024-04-30T22:00:00-04:00"


def test_a_time_with_a_clock_goes_before_the_bare_day() -> None:
    head = ld('{"@type": "Article", "datePublished": "2024-04-30"}')
    head += '<meta property="article:published_time" content="2024-04-30T10:00:00+02:00">'

    assert read_metadata(page(head)).published == "2024-04-30T10:00:00+02:00"


@pytest.mark.parametrize(
    ("address", "published"),
    [
        ("https://post.example/2024/04/30/boats", "2024-04-30"),
        ("https://post.example/2024-04-30-boats", "2024-04-30"),
        ("https://post.example/a/20240430-boats.html", "2024-04-30"),
        ("https://post.example/2024/04/30-best-boats", ""),
        ("https://post.example/2024/04/boats", ""),
        ("https://post.example/2024/13/45/boats", ""),
        ("https://post.example/id-120240430", ""),
        ("http://[bad", ""),
        ("", ""),
    ],
)
def test_a_full_date_in_the_address_is_the_last_resort(address: str, published: str) -> None:
    assert read_metadata(page("", "<p>x</p>"), url=address).published == published


def test_a_date_in_the_address_after_the_capture_is_refused() -> None:
    found = read_metadata(page(), url="https://post.example/2024/04/30/boats", captured="2024-01-01T00:00:00Z")

    assert found.published == ""


@pytest.mark.parametrize(
    ("claim", "lang"),
    [
        ('<meta http-equiv="content-language" content="pt_BR, en">', "pt-BR"),
        ('<meta property="og:locale" content="zh_Hant_TW">', "zh-Hant-TW"),
        ('<meta property="og:locale" content="es_LA.UTF-8">', "es-LA"),
        ('<meta name="language" content="English">', ""),
        ('<meta name="language" content="und">', ""),
    ],
)
def test_languages_are_written_as_bcp_47(claim: str, lang: str) -> None:
    assert read_metadata(lxml.html.document_fromstring(f"<html><head>{claim}</head><body></body></html>")).lang == lang


@pytest.mark.parametrize(
    ("head", "access"),
    [
        ('<meta property="article:content_tier" content="locked">', "locked"),
        ('<meta property="article:content_tier" content="free">', "free"),
        ('<meta property="article:content_tier" content="something">', "unknown"),
        (ld('{"@type": "Article", "isAccessibleForFree": true}'), "free"),
        (ld('{"@type": "Article", "isAccessibleForFree": "http://schema.org/False"}'), "locked"),
    ],
)
def test_access_is_what_the_page_says(head: str, access: str) -> None:
    assert read_metadata(page(head)).access == access


@pytest.mark.parametrize(
    ("crumbs", "section"),
    [
        ('[{"name": "Home"}, {"name": "World"}, {"name": "Boats"}]', "World"),
        ('[{"name": "Home"}, {"name": "Boats"}]', ""),
        ('[{"item": "https://post.example/"}, {"item": {"name": "World"}}]', ""),
        ("[7, null]", ""),
    ],
)
def test_a_breadcrumb_gives_the_section(crumbs: str, section: str) -> None:
    head = ld(f'{{"@type": "WebPage", "breadcrumb": {{"@type": "BreadcrumbList", "itemListElement": {crumbs}}}}}')

    assert read_metadata(page(head, "<h1>Boats</h1>")).section == section


@pytest.mark.parametrize(
    ("value", "section"),
    [("news/world", "world"), ("World, News", "World"), ("The Post", ""), ("tags", ""), ("12345", "")],
)
def test_sections_are_cut_from_paths_and_lists(value: str, section: str) -> None:
    head = f'<meta property="article:section" content="{value}"><meta property="og:site_name" content="The Post">'

    assert read_metadata(page(head)).section == section


def test_tags_lose_machine_labels_ids_and_the_publisher() -> None:
    head = '<meta name="keywords" content="Category: Economy; a_b_c; The Post; Harbour, harbour">'
    head += '<meta property="og:site_name" content="The Post">'

    assert read_metadata(page(head)).tags == ("Economy", "Harbour")


def test_rdfa_and_values_of_links_are_read() -> None:
    body = """<div typeof="schema:NewsArticle"><span property="schema:headline">Boats</span>
    <a property="schema:image" href="https://post.example/b.jpg"></a><i property="schema:author"></i></div>"""

    found = read_metadata(page("", body))

    assert (found.title, found.image, found.authors) == ("Boats", "https://post.example/b.jpg", ())


@pytest.mark.parametrize("box", ["<div class='comments'>", "<div itemscope itemtype='https://schema.org/Comment'>"])
@pytest.mark.parametrize("inside", [True, False])
def test_who_comments_is_no_author(box: str, inside: bool) -> None:
    comment = (
        f"{box}<b itemprop='author'>Joe Public</b> <time itemprop='datePublished'>1 May 2023</time><p>Nice.</p></div>"
    )
    article = f"<article><h1>Boats</h1>{PROSE}{comment * inside}</article>{comment * (not inside)}"

    found = read_metadata(page("", article))

    assert (found.authors, found.published) == ((), "")


def test_of_loose_properties_the_first_counts() -> None:
    body = "<b itemprop='author'>Jane Doe</b><b itemprop='author'>John Roe</b><i itemprop='unknown'>x</i>"

    assert read_metadata(page("", body)).authors == ("Jane Doe",)


def test_of_several_articles_the_one_with_the_pages_title_is_read() -> None:
    head = ld("""[{"@type": "NewsArticle", "headline": "Cars", "author": "John Roe"},
        {"@type": "NewsArticle", "headline": "Boats", "author": "Jane Doe"}, "x", {"@id": "#only"}]""")

    assert read_metadata(page(head + "<title>Boats | Post</title>", "<h1>Boats</h1>")).authors == ("Jane Doe",)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Post24 | Boats sink</title><meta property='og:site_name' content='Post24'>", "", "Boats sink"),
        ("<title>A | Boats sink at night | B</title>", "<h2>Boats sink at night</h2>", "Boats sink at night"),
        ("<title>Boats sink</title>", "<h1>Wholly other</h1><h1>Boats sink</h1>", "Boats sink"),
        ("<title>Boats sink</title>", "<h1><a href='#x'>Boats sink</a></h1>", "Boats sink"),
        (
            "<title>Boats sink off the coast</title>",
            "<h1>The Coast Post</h1><h2>Boats sink off the coast</h2>",
            "Boats sink off the coast",
        ),
        (
            "<title>Boats sink - The Coast Post</title><meta property='og:title' content='Boats sink'>",
            "<h1>The Coast Post</h1><h2>Boats sink</h2>",
            "Boats sink",
        ),
        ("<title>Boats sink</title>", "<a href='https://post.example/'><h1>Post</h1></a>", "Boats sink"),
        (
            f"<title>Boats sink</title><meta property='og:title' content='{'x' * 500}'>",
            f"<h1>{'y ' * 500}</h1>",
            "Boats sink",
        ),
        ("<svg><title>icon</title></svg>", "<h2>Boats</h2>", ""),
    ],
)
def test_headlines_hide_in_many_places(head: str, body: str, title: str) -> None:
    assert read_metadata(page(head, body + PROSE)).title == title


def test_scripts_inside_a_heading_are_not_its_words() -> None:
    assert read_metadata(page("", "<h1>Boats<script>x()</script> sink</h1>")).title == "Boats sink"


def test_a_description_that_was_cut_off_is_completed_from_another() -> None:
    head = '<meta property="og:description" content="What the council said…"><meta name="description" content="Other">'
    head += '<meta name="twitter:description" content="What the council said of its boats.">'

    assert read_metadata(page(head)).description == "What the council said of its boats."


def test_a_cut_description_stays_where_nothing_completes_it() -> None:
    assert read_metadata(page('<meta name="description" content="What the...">')).description == "What the..."


def test_an_alternate_link_to_the_page_itself_names_its_language() -> None:
    head = '<link rel="canonical" href="https://post.example/b">'
    head += '<link rel="alternate" hreflang="fr" href="https://post.example/b">'
    head += '<link rel="alternate" hreflang="de" href="https://post.example/de/b">'
    head += '<meta property="og:locale" content="fr_FR">'

    assert read_metadata(page(head, lang="en")).lang == "fr-FR"


def test_marks_that_say_nothing_are_passed_over() -> None:
    head = '<meta name="author" content=""><meta name="author"><link href="x"><link rel="icon"><script>{}</script>'
    head += '<script type="application/ld+json"></script><meta property="og:description" content="a <b>bold</b> word">'

    found = read_metadata(page(head))

    assert (found.authors, found.description) == ((), "a bold word")


def test_words_of_neighbouring_elements_do_not_run_together() -> None:
    found = read_metadata(page("", "<h1><span>World</span><span>Boats sink</span></h1>"))

    assert found.title == "World Boats sink"


def test_a_malformed_canonical_address_is_not_believed() -> None:
    tree = page('<link rel="canonical" href="//[bad">')

    assert read_metadata(tree, url="https://post.example/boats").url == "https://post.example/boats"


@pytest.mark.parametrize(
    ("titles", "title"),
    [
        ("<title>Boats sink at night in the harbour - The Daily Post</title>", "Boats sink at night in the harbour"),
        (
            "<title>Boats sink at night - a story of six words and more</title>",
            "Boats sink at night - a story of six words and more",
        ),
        ("<title>Boats sink | ***</title>", "Boats sink"),
    ],
)
def test_a_title_alone_loses_a_short_last_part(titles: str, title: str) -> None:
    assert read_metadata(page(titles)).title == title


def test_a_picture_marked_by_its_address_is_read_and_empty_marks_are_not() -> None:
    body = '<div itemscope itemtype="https://schema.org/NewsArticle"><img itemprop="image" src="b.jpg">'
    body += '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><i>Jane Doe</i></span></div>'

    found = read_metadata(page("", body))

    assert (found.image, found.authors) == ("b.jpg", ("Jane Doe",))


def test_long_texts_are_cut_before_they_are_read() -> None:
    body = "<p>" + "word " * 10_000 + "</p>"

    assert (
        read_metadata(page('<meta name="description" content="' + "x" * 50_000 + '">', body)).description
        == "x" * 20_000
    )


def test_editors_own_headline_goes_before_the_one_for_search_engines() -> None:
    search = "<title>Harbour: boats, cranes</title><meta property='og:title' content='Harbour: boats, cranes'>"
    shown = f"<h1>Harbour: boats, cranes</h1>{PROSE}"

    assert read_metadata(page(search + ld('{"@type": "NewsArticle", "headline": "Adrift"}'), shown)).title == "Adrift"
    assert read_metadata(page(search + ld('{"@type": "Article", "headline": "Adrift"}'), shown)).title != "Adrift"


def test_joined_emoji_stay_joined_and_invisible_signs_go() -> None:
    assert (
        read_metadata(page("", "<h1>Boats \u200b👨\u200d👩\u200d👧 sink\ufeff</h1>")).title
        == "Boats 👨\u200d👩\u200d👧 sink"
    )


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        # A headline that plugins make for search engines goes behind the one on the page; an editor's does not.
        (
            ld('{"@type": "BlogPosting", "headline": "Boats 2024: the guide"}')
            + '<title>Boats 2024: the guide</title><meta property="og:title" content="Boats 2024: the guide">',
            "<h1>What we learned about boats</h1>",
            "What we learned about boats",
        ),
        (
            ld('{"@type": "NewsArticle", "headline": "Boats stay in for a third day"}')
            + "<title>Boats stay in for a third day</title>"
            + '<meta property="og:title" content="Boats stay in for a third day">',
            "<h1>No way out of the harbour</h1>",
            "Boats stay in for a third day",
        ),
        # A meta element made for the headline tells what the other titles add.
        (
            '<meta name="headline" content="배가 다시 출항했다"><title>배가 다시 출항했다-사회ㅣ항구일보</title>'
            '<meta property="og:title" content="배가 다시 출항했다-사회ㅣ항구일보">',
            "",
            "배가 다시 출항했다",
        ),
        (
            "<title>三日ぶりにフェリーが港を出て運航を再開した-港新聞</title>",
            "",
            "三日ぶりにフェリーが港を出て運航を再開した",
        ),
        # The site's name as a heading, also in the captures of a web archive.
        (
            "<title>Harbour blog | Why boats stay in</title>",
            '<h1><a href="/web/20140226054445/http://www.harbour.example/">Harbour blog</a></h1>',
            "Why boats stay in",
        ),
    ],
)
def test_the_headline_of_readers_goes_before_those_of_machines(head: str, body: str, title: str) -> None:
    assert read_metadata(page(head, body + PROSE)).title == title


def test_vocabularies_are_known_however_they_are_prefixed() -> None:
    head = """<meta name="DC:title" content="Boats"><meta name="dcterms:creator" content="Jane Doe">
    <meta property="http://ogp.me/ns/article#published_time" content="2024-04-30T16:00:34+02:00">
    <meta property="http://ogp.me/ns#site_name" content="The Harbour Post">"""

    found = read_metadata(page(head, PROSE))

    assert (found.title, found.authors, found.publisher) == ("Boats", ("Jane Doe",), "The Harbour Post")
    assert found.published == "2024-04-30T16:00:34+02:00"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="parsely-title" content="Boats"><meta name="parsely-author" content="Jane Doe">'
        '<meta name="parsely-pub-date" content="2024-04-30T16:00:34Z"><meta name="parsely-section" content="World">'
        '<meta name="parsely-tags" content="harbour, sea">',
        '<meta name="sailthru.title" content="Boats"><meta name="sailthru.author" content="Jane Doe">'
        '<meta name="sailthru.date" content="2024-04-30T16:00:34Z"><meta name="section" content="World">'
        '<meta name="sailthru.tags" content="harbour, sea">',
        '<meta name="dc.title" content="Boats"><meta name="dc.creator" content="Jane Doe">'
        '<meta name="dc.date.issued" content="2024-04-30T16:00:34Z"><meta name="dc.subject.section" content="World">'
        '<meta name="dcterms.subject" content="harbour, sea">',
    ],
)
def test_every_vocabulary_of_the_head_gives_the_same(head: str) -> None:
    found = read_metadata(page(head, PROSE))

    assert (found.title, found.authors, found.section) == ("Boats", ("Jane Doe",), "World")
    assert (found.published, found.tags) == ("2024-04-30T16:00:34+00:00", ("harbour", "sea"))


def test_rdfa_in_the_text_is_read() -> None:
    body = f"""<article typeof="schema:NewsArticle"><h1 property="schema:headline">Boats</h1>
    <span property="schema:author" typeof="schema:Person"><b property="schema:name">Jane Doe</b></span>
    <span property="schema:dateCreated" content="2024-04-30T16:00:34+00:00"></span>{PROSE}</article>"""

    found = read_metadata(page("", body))

    assert (found.title, found.authors, found.published) == ("Boats", ("Jane Doe",), "2024-04-30T16:00:34+00:00")


def test_translations_are_kept_as_candidates() -> None:
    head = """<link rel="canonical" href="https://post.example/boats">
    <link rel="alternate" hreflang="en" href="https://post.example/boats">
    <link rel="alternate" hreflang="fr" href="https://post.example/fr/bateaux">
    <link rel="alternate" hreflang="x-default" href="https://post.example/">
    <link rel="alternate" type="application/rss+xml" href="/feed">"""

    found = read_metadata(page(head, PROSE)).candidates

    assert [(c.value, c.source) for c in found if c.field == "translation"] == [
        ("https://post.example/fr/bateaux", "link hreflang fr")
    ]


def test_agreement_makes_a_field_surer_and_disagreement_less_sure() -> None:
    def confidence(*titles: str) -> float:
        keys = ("og:title", "twitter:title", "parsely-title")
        head = "".join(f'<meta name="{key}" content="{title}">' for key, title in zip(keys, titles, strict=False))
        found = read_metadata(page(head, PROSE)).candidates
        return max(c.confidence for c in found if c.field == "title")

    assert 0 < confidence("Boats", "Boats", "Cranes at work") < confidence("Boats") < confidence("Boats", "Boats")


def test_a_value_that_was_not_chosen_has_no_confidence() -> None:
    found = read_metadata(page('<meta property="og:title" content="Boats"><title>Cranes</title>', "<h1>Boats</h1>"))

    assert all(bool(c.confidence) == c.chosen for c in found.candidates)
