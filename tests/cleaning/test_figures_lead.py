"""Pictures outside the body: in the article's header, or only in the head; and the frames of pictures on a page."""

from __future__ import annotations

import lxml.html
from lxml import etree

from backfile.cleaning.blocks import page_blocks
from backfile.cleaning.figures import lead_figure
from backfile.cleaning.figures.frames import picture_frames, visible_text
from backfile.model import Figure

BASE = "https://example.org/news/story.html"
NAMED = "https://example.org/og/harbour-view-1200x630.jpg"


def lead(header: str, figures: tuple[Figure, ...] = (), url: str = NAMED, after: str = "") -> tuple[Figure, ...]:
    page = lxml.html.document_fromstring(
        f"<body><nav><img src='/site-logo.png'></nav><article><h1>Title</h1>{header}"
        f"<p id=first>The text begins here.</p><p>It goes on.</p>{after}</article></body>"
    )
    return lead_of(page, figures, url)


def lead_of(page: lxml.html.HtmlElement, figures: tuple[Figure, ...] = (), url: str = "") -> tuple[Figure, ...]:
    blocks = page_blocks(page)
    first = next(x for x in blocks.blocks if x.box.element.get("id") == "first")
    return lead_figure(blocks, first, figures, url, BASE)


def test_a_picture_of_the_header_with_its_words() -> None:
    [figure] = lead('<figure><img src="/harbour-view.jpg"><figcaption>The harbour. © Jane Doe</figcaption></figure>')
    assert figure == Figure(
        url="https://example.org/harbour-view.jpg", caption="The harbour.", credit="© Jane Doe", lead=True
    )


def test_all_pictures_of_the_header_in_order_and_one_lead() -> None:
    found = lead('<figure><img src="/first-picture.jpg"></figure><figure><img src="/second-picture.jpg"></figure>')
    assert [(figure.url.rsplit("/", 1)[1], figure.lead) for figure in found] == [
        ("first-picture.jpg", True),
        ("second-picture.jpg", False),
    ]


def test_a_picture_that_only_the_head_names() -> None:
    assert lead("") == (Figure(url=NAMED, lead=True),)
    assert lead("", url="https://example.org/site-logo.png") == ()
    assert lead("", figures=(Figure(url="https://example.org/in-the-body.jpg"),)) == ()
    assert lead("", url="") == ()


def test_a_picture_that_the_body_has_already() -> None:
    body = (Figure(url="https://example.org/harbour-view.jpg", lead=True),)
    assert lead('<figure><img src="/harbour-view-300x200.jpg"></figure>', figures=body) == ()


def test_the_named_picture_counts_wherever_it_stands() -> None:
    [figure] = lead("", after='<div><img src="/harbour-view.jpg"><p>The harbour.</p></div>')
    assert (figure.url, figure.caption) == ("https://example.org/harbour-view.jpg", "The harbour.")


def test_what_is_no_picture_of_the_header() -> None:
    header = (
        '<div class="author-box"><figure><img src="/jane-doe-portrait.jpg"></figure></div>'
        '<div class="related"><figure><img src="/another-story.jpg"></figure></div>'
        '<a href="/other"><picture><img src="/another-story.jpg"></picture>The headline of another story</a>'
        '<img src="/plain-image.jpg"><figure><img src="/small-picture.jpg" width="90" height="90"></figure>'
        '<figure><img src="/share-icon.png"></figure><aside><figure><img src="/another-story.jpg"></figure></aside>'
    )
    assert [figure.url for figure in lead(header)] == [NAMED]


def test_a_wide_picture_needs_no_figure() -> None:
    [figure] = lead('<img src="/plain-image.jpg" width="1200">', url="")
    assert figure.url == "https://example.org/plain-image.jpg"


def test_sources_that_the_parser_nests() -> None:
    [figure] = lead(
        '<picture><source srcset="/harbour-view-w900.webp 900w"><source srcset="/harbour-view-w1800.webp 1800w">'
        '<img src="/harbour-view-w400.jpg"></picture>'
    )
    assert figure.url == "https://example.org/harbour-view-w1800.webp"


def test_a_page_without_a_headline_has_no_header() -> None:
    page = lxml.html.document_fromstring(
        "<body><figure><img src='/first-picture.jpg'></figure><div><p id=first>The text.</p></div></body>"
    )
    assert lead_of(page) == ()


def test_no_body_at_all() -> None:
    page = page_blocks(lxml.html.document_fromstring("<body></body>"))
    assert lead_figure(page, None, (), NAMED, BASE) == (Figure(url=NAMED, lead=True),)


def frames(html: str) -> list[str]:
    region = lxml.html.fragment_fromstring(html, create_parent="main")
    return sorted(str(frame.get("id")) for frame in picture_frames(region.iter("img"), region))


def test_frames_hold_one_picture_and_few_words() -> None:
    assert frames('<div id=a><div><img src="/x.jpg"></div><span>The harbour.</span></div><p>Prose.</p>') == ["a"]
    assert frames('<div id=a><img src="/x.jpg"><p>One.</p><p>Two.</p></div>') == []
    assert frames(f'<div id=a><img src="/x.jpg">{"word " * 100}</div>') == []
    assert frames(f'<div id=a><img src="/x.jpg"><div class=caption>{"word " * 100}</div></div>') == ["a"]
    assert frames('<div id=a><img src="/x.jpg"><a href="/y">A headline</a></div>') == []
    assert frames('<div id=a><img src="/x.jpg"><h3>A headline</h3></div>') == []
    assert frames('<div id=a><img src="/x.jpg"><img src="/y.jpg">Both.</div>') == []
    assert frames(
        '<figure id=a><a href="/y"><i>Open</i><img src="/x.jpg"></a><figcaption>Boats.</figcaption></figure>'
    ) == ["a"]
    assert frames('<div id=a><img src="/b.gif"><noscript><img src="/x.jpg"></noscript><b>Boats.</b></div>') == ["a"]
    assert frames(f'<div id=a><img src="/x.jpg"><p class=credit>{"word " * 400}</p></div>') == []


def test_visible_text_leaves_out_scripts_buttons_and_comments() -> None:
    element = lxml.html.fragment_fromstring("<div>a<script>x</script>b<button>c</button><!-- d -->e<i>f</i>g</div>")
    assert visible_text(element, 100) == "a b e f g"
    assert visible_text(element, 1) == "a"


def test_deeply_nested_elements() -> None:
    region = element = etree.Element("div")
    for _ in range(5000):
        element = etree.SubElement(element, "div")
    etree.SubElement(element, "img").set("src", "/harbour-view.jpg")
    element.text = "The harbour."
    assert len(picture_frames(region.iter("img"), region)) == 1
