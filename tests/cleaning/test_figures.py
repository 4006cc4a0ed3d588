"""Pictures in a body: the best copy, the words about them, and what is not the article's."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag

from backfile.cleaning.convert import to_blocks
from backfile.cleaning.figures import Taken, take_figures
from backfile.cleaning.figures.captions import parted
from backfile.cleaning.figures.signed import split_credit
from backfile.cleaning.figures.sources import best_source, loose_picture_key, same_picture_key
from backfile.model import Figure

BASE = "https://example.org/news/story.html"
LONG = "<p>The council met on Monday and agreed on a budget for the year. " + "More words follow. " * 20 + "</p>"


def taken(html: str, lead: str = "") -> tuple[Taken, Tag]:
    root = BeautifulSoup(f"<main>{LONG}{html}{LONG}</main>", "lxml").main
    assert isinstance(root, Tag)
    return take_figures(root, BASE, lead), root


def only(html: str) -> Figure:
    found, _ = taken(html)
    [figure] = found.figures
    return figure


def left(html: str) -> str:
    """The text that stays between the two paragraphs of prose."""
    _, root = taken(html)
    blocks = to_blocks(root, BASE)
    return "\n".join(block.text for block in blocks[1:-1] if block.text)


@pytest.mark.parametrize(
    "html",
    [
        '<figure><img src="/harbour-view.jpg"><figcaption>The harbour. <cite>Jane Doe/AFP</cite></figcaption></figure>',
        '<figure><img src="/harbour-view.jpg"><figcaption>The harbour. (Photo: Jane Doe/AFP)</figcaption></figure>',
        '<figure><img src="/harbour-view.jpg">The harbour.<footer>Jane Doe/AFP</footer></figure>',
        '<figure><img src="/harbour-view.jpg"></figure><figcaption>The harbour. © Jane Doe/AFP</figcaption>',
        '<div><figure><img src="/harbour-view.jpg"></figure><figcaption>The harbour. © Jane Doe/AFP</figcaption></div>',
        '<div class="wp-caption"><img src="/harbour-view.jpg"><p class="wp-caption-text">The harbour. Photo: '
        'Jane Doe/AFP</p></div>',
        '<div><div><img src="/harbour-view.jpg"></div><div>The harbour.</div><div>Jane Doe/AFP</div></div>',
        '<div class="x"><img src="/harbour-view.jpg"></div><div class="legende">The harbour.</div><div '
        'class="credit">Jane Doe/AFP</div>',
        '<button><figure><img src="/harbour-view.jpg">2 images</figure><figcaption>The harbour. Image: Jane '
        'Doe/AFP</figcaption></button>',
        '<figure><a href="/big.jpg"><span>Open the photo</span><img src="/harbour-view.jpg"></a>'
        '<figcaption>The harbour. <small>Jane Doe/AFP</small></figcaption></figure>',
        '<img src="/harbour-view.jpg" data-caption="The harbour." data-credit="Jane Doe/AFP">',
    ],
)  # fmt: skip
def test_caption_and_credit_apart(html: str) -> None:
    figure = only(html)
    assert figure.url == "https://example.org/harbour-view.jpg"
    assert figure.caption in ("The harbour.", "The harbour. Jane Doe/AFP")
    assert "Jane Doe/AFP" in f"{figure.caption} {figure.credit}"
    assert left(html) == ""


@pytest.mark.parametrize(
    ("html", "caption", "credit"),
    [
        (
            '<figure><img src="/harbour-view.jpg"><i>Foto: Jane Doe</i><figcaption>The harbour.</figcaption></figure>',
            "The harbour.",
            "Foto: Jane Doe",
        ),
        (
            '<figure><img src="/harbour-view.jpg"><figcaption>The harbour. Jane Doe</figcaption>'
            '<span class="credit">Jane Doe</span></figure>',
            "The harbour.",
            "Jane Doe",
        ),
        ('<div><img src="/harbour-view.jpg"></div>words<div class="caption">Another box.</div>', "", ""),
        ('<div><img src="/harbour-view.jpg"></div><div class="caption"><h2>Heading</h2></div>', "", ""),
        ('<img src="/harbour-view.jpg" title="The harbour | Photo: Jane Doe">', "", "Photo: Jane Doe"),
        (
            f'<figure><img src="/harbour-view.jpg"><figcaption>The harbour.</figcaption>{LONG * 7}</figure>',
            "The harbour.",
            "",
        ),
    ],
)
def test_words_about_a_picture(html: str, caption: str, credit: str) -> None:
    figure = only(html)
    assert (figure.caption, figure.credit) == (caption, credit)


def test_a_kept_picture_stands_in_the_body_with_its_caption_as_title() -> None:
    _, root = taken(
        '<figure><img src="/harbour-view.jpg" alt="Boats" class="x"><figcaption>The harbour.</figcaption></figure>'
    )
    figure = root.find("figure")
    assert str(figure) == (
        '<figure><img alt="Boats" src="https://example.org/harbour-view.jpg" title="The harbour."></img></figure>'
    )


def test_prose_beside_a_picture_stays_prose() -> None:
    html = (
        '<p><img src="/harbour-view.jpg">The mayor said that the harbour would be dug out by the end of the year.</p>'
    )
    assert only(html).caption == ""
    assert left(html).startswith("The mayor said")


def test_an_alternative_text_is_no_caption() -> None:
    figure = only('<p><img src="/harbour-view.jpg" alt=" Boats  at sea "></p>')
    assert (figure.alt, figure.caption) == ("Boats at sea", "")


@pytest.mark.parametrize(
    "html",
    [
        '<img src="/site-logo-large.png">',
        '<img src="/harbour.jpg" width="1" height="1">',
        '<img class="avatar" src="/jane-doe-portrait.jpg">',
        '<div class="author-box"><img src="/jane-doe-portrait.jpg"></div>',
        '<aside><img src="/another-story.jpg"></aside>',
        '<div class="related"><img src="/another-story.jpg"></div>',
        '<a href="/other"><img src="/another-story.jpg"><span>The headline of another story</span></a>',
        '<div><a href="/other"><img src="/another-story.jpg"></a><h3><a href="/other">The headline of another '
        'story</a></h3></div>',
        '<img src="/_/zoom-in.svg">',
        '<img src="/vector-image-name.svg">',
        '<img alt="x">',
        '<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP">',
    ],
)  # fmt: skip
def test_what_is_not_the_articles(html: str) -> None:
    found, root = taken(html)
    assert found.figures == ()
    assert root.find("img") is None


def test_a_link_to_a_shop_or_to_the_large_picture_is_no_teaser() -> None:
    shop = '<div><a href="https://shop.example.com/a"><img src="/the-product.jpg"></a><p><a '
    'href="https://shop.example.com/a">Buy it here for 20 euros</a></p></div>'
    assert len(taken(shop)[0].figures) == 1
    assert only('<a href="/large.jpg"><img src="/harbour-view.jpg"></a>').url.endswith("harbour-view.jpg")


def test_one_picture_in_several_sizes_is_one_figure() -> None:
    found, root = taken(
        '<figure><img src="/harbour-view-300x200.jpg"></figure><p>Text between.</p>'
        '<figure><img src="/harbour-view-1200x800.jpg" alt="Boats"><figcaption>The harbour.</figcaption></figure>'
    )
    [figure] = found.figures
    assert (figure.alt, figure.caption) == ("Boats", "The harbour.")
    assert len(root.find_all("img")) == 1


def test_one_picture_with_other_words_is_shown_again() -> None:
    found, _ = taken(
        '<figure><img src="/harbour-view.jpg"><figcaption>The harbour at noon. © Jane Doe</figcaption></figure>'
        '<figure><img src="/harbour-view.jpg"><figcaption>The mayor’s boat. © Jane Doe</figcaption></figure>'
        '<figure><img src="/harbour-view.jpg"><figcaption>The harbour at noon. © John Roe</figcaption></figure>'
    )
    assert [figure.caption for figure in found.figures] == ["The harbour at noon.", "The mayor’s boat."]
    assert [removal.text for removal in found.removed] == ["© John Roe"]


def test_a_gallery_gives_every_picture_once_with_its_own_words() -> None:
    items = "".join(f'<li><img src="/gallery-photo-{n}.jpg"><span>Caption {n}.</span></li>' for n in "abc")
    found, _ = taken(f'<ul class="gallery">{items}</ul>')
    assert [figure.caption for figure in found.figures] == ["Caption a.", "Caption b.", "Caption c."]


def test_pictures_for_readers_without_scripts() -> None:
    lazy = '<img src="/blank.gif"><noscript><img src="/harbour-view.jpg"></noscript>'
    assert only(f"<div>{lazy}</div>").url == "https://example.org/harbour-view.jpg"
    escaped = BeautifulSoup("<main><noscript></noscript></main>", "html.parser")
    assert isinstance(escaped.noscript, Tag)
    escaped.noscript.string = '<img src="/harbour-view.jpg">'
    assert [figure.url for figure in take_figures(escaped, BASE).figures] == ["https://example.org/harbour-view.jpg"]


def test_sources_that_the_parser_nests() -> None:
    figure = only('<picture><source srcset="/harbour-view-w800.webp 800w"><source '
    'srcset="/harbour-view-w1200.webp 1200w">'
                  '<img src="/harbour-view-w400.jpg"></picture>')  # fmt: skip
    assert figure.url == "https://example.org/harbour-view-w1200.webp"


def test_controls_of_a_picture_are_removed_with_a_reason() -> None:
    found, root = taken(
        '<figure><img src="/harbour-view.jpg"><button>Enlarge</button><figcaption>The harbour.</figcaption></figure>'
    )
    assert [(removal.reason, removal.text) for removal in found.removed] == [("picture controls", "Enlarge")]
    assert "Enlarge" not in root.get_text()


def test_other_media_in_a_figure_stay() -> None:
    _, root = taken(
        '<figure><img src="/harbour-view.jpg"><iframe src="https://vimeo.com/1"></iframe><figcaption>A '
        "film.</figcaption></figure>"
    )
    assert root.find("iframe") is not None


def test_the_lead_picture_is_marked() -> None:
    found, _ = taken('<img src="/harbour-view-300x200.jpg">', lead="https://cdn.example.org/harbour-view.jpg?w=1200")
    assert [figure.lead for figure in found.figures] == [True]


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("A man (Photo: Jane Doe/AFP)", "A man", "Photo: Jane Doe/AFP"),
        ("A man. © Jane Doe", "A man.", "© Jane Doe"),
        ("Foto: Jane Doe/dpa", "", "Foto: Jane Doe/dpa"),
        ("Image source, Getty Images", "", "Image source, Getty Images"),
        ("A view (archive) of Paris", "A view (archive) of Paris", ""),
        ("The photo shows a man.", "The photo shows a man.", ""),
        ("Here is a source: the minister", "Here is a source: the minister", ""),
        ("Photo by Jane Doe", "", "Photo by Jane Doe"),
        ("A photo of Jane by her son", "A photo of Jane by her son", ""),
        ("X speaks. REUTERS/John Doe", "X speaks.", "REUTERS/John Doe"),
        ("He leaves. (Jane Doe)", "He leaves.", "Jane Doe"),
        ("He leaves. (on the left)", "He leaves. (on the left)", ""),
        ("Foto de Juan Pérez", "", "Foto de Juan Pérez"),
        ("Foto de familia de la reunión", "Foto de familia de la reunión", ""),
        ("左から（Ｃ）共同通信社", "左から", "（Ｃ）共同通信社"),
        ("", "", ""),
    ],
)
def test_credits_at_the_end_of_captions(text: str, caption: str, credit: str) -> None:
    assert split_credit(text) == (caption, credit)


@pytest.mark.parametrize(
    ("attributes", "url"),
    [
        ({"src": "a.jpg"}, "https://example.org/news/a.jpg"),
        ({"src": "/a.jpg", "srcset": "/a-300.jpg 300w, /a-900.jpg 900w"}, "https://example.org/a-900.jpg"),
        ({"src": "/a.jpg", "srcset": "/a.jpg, /a2.jpg 2x"}, "https://example.org/a2.jpg"),
        ({"src": "/c,w_3/a.jpg", "srcset": "/c,w_3/a.jpg 300w,/c,w_9/a.jpg 900w"}, "https://example.org/c,w_9/a.jpg"),
        ({"src": "data:image/gif;base64,R0", "data-src": "/a.jpg"}, "https://example.org/a.jpg"),
        ({"src": "/spacer.gif", "data-original": "/a.jpg"}, "https://example.org/a.jpg"),
        ({"data-src": "/a-{width}.jpg", "src": "/a.jpg"}, "https://example.org/a.jpg"),
        ({"data-src": "not an address", "src": "javascript:x"}, ""),
        ({"alt": "http://example.org/a.jpg"}, ""),
    ],
)
def test_the_best_copy(attributes: dict[str, str], url: str) -> None:
    assert best_source([attributes], BASE) == url


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://e.org/2024/harbour-view-300x200.jpg", "https://cdn.e.org/x/harbour-view.webp?w=9", True),
        ("https://e.org/resize/https%3A%2F%2Fs.e.org%2Fharbour-view.jpg", "https://s.e.org/harbour-view.jpg", True),
        ("https://e.org/img/1100/222615.jpg", "https://e.org/img/450/222615.jpg", True),
        ("https://e.org/article/photo/1.jpg", "https://e.org/article/photo/2.jpg", False),
        ("https://e.org/i?id=1", "https://e.org/i?id=2", False),
        ("data:image/png;base64,AAAA", "data:image/png;base64,AAAB", False),
    ],
)
def test_the_same_picture(a: str, b: str, same: bool) -> None:
    assert (same_picture_key(a) == same_picture_key(b)) is same


def test_crops_named_apart_share_their_longest_part() -> None:
    crops = (
        "https://e.org/12_the-harbour-of-the-city_meta_x1.jpg",
        "https://e.org/12_the-harbour-of-the-city_detail_y2.jpg",
    )
    assert len({loose_picture_key(url) for url in crops}) == 1


def test_an_address_that_is_none() -> None:
    assert same_picture_key("http://[bad/harbour-view.jpg") == "harbour-view"


@pytest.mark.parametrize(
    ("text", "caption"),
    [("a <!--", "a <!--"), ("--><b><!--", "--><b><!--"), ("The pier –", "The pier"), ("The pier | ·", "The pier")],
)
def test_marks_at_the_end_of_a_caption_without_a_credit(text: str, caption: str) -> None:
    assert parted(text, []).caption == caption
