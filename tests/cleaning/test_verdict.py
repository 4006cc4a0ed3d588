"""What is no article is told as such, in several layouts and languages; and short articles stay articles."""

from __future__ import annotations

import pytest

from backfile.cleaning.clean import clean_capture
from backfile.model import Capture

WORDS = [
    "harbour",
    "council",
    "storm",
    "ferry",
    "bridge",
    "school",
    "museum",
    "market",
    "river",
    "station",
    "theatre",
    "garden",
    "tower",
    "valley",
    "coast",
]
MENU = "".join(f'<li><a href="/{word}">{word.title()}</a></li>' for word in WORDS[:10])
PARAGRAPHS = [
    f"The {word} was closed on Monday after the water had risen by a metre in one night, and nobody could say when "
    f"people would be let in again. The mayor spoke of a loss that the town had not seen in thirty years."
    for word in WORDS[:5]
]


def refused(main: str, *, title: str = "The Daily Quay", url: str = "", head: str = "", lang: str = "en") -> str:
    page = f"""<!doctype html><html lang="{lang}"><head><title>{title}</title>{head}</head><body>
    <header><a href="/">The Daily Quay</a><nav><ul>{MENU}</ul></nav></header><main>{main}</main>
    <footer><p>© The Daily Quay</p></footer></body></html>"""
    return clean_capture(Capture(data=page.encode(), url=url)).refusal


def teaser(number: int, layout: str) -> str:
    word = WORDS[number % len(WORDS)]
    headline = f"Town wants to open the {word} again before summer"
    text = f"The {word} was closed on Monday after the water had risen by a metre, and nobody knows for how long."
    match layout:
        case "cards":
            return (
                f'<article class="card"><h3><a href="/a{number}">{headline}</a></h3><p>{text}</p>'
                f'<time datetime="2024-04-{number + 1:02}">{number + 1} April 2024</time><b>By Jane Doe</b></article>'
            )
        case "tiles":
            return f'<div class="t"><a href="/a{number}"><h2>{headline}</h2><p>{text}</p></a></div>'
        case "lines":
            return f'<li><a href="/a{number}">{headline}</a></li>'
        case _:
            return (
                f'<div><p><a href="/a{number}">{headline}</a></p><div>{text} <a href="/a{number}">More</a></div></div>'
            )


LAYOUTS = ["cards", "tiles", "lines", "rows"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("title", "url", "heading"),
    [
        ("Politics - The Daily Quay", "https://quay.example/politics/", "<h1>Politics</h1>"),
        ("The Daily Quay", "", ""),
    ],
)
def test_lists_of_headlines_are_told_whatever_their_layout(layout: str, title: str, url: str, heading: str) -> None:
    teasers = "".join(teaser(n, layout) for n in range(14))

    assert refused(f"{heading}{teasers}", title=title, url=url) == "a list of headlines"


@pytest.mark.parametrize("layout", ["cards", "rows"])
def test_a_list_at_the_front_is_a_home_page(layout: str) -> None:
    teasers = "".join(teaser(n, layout) for n in range(18))

    assert refused(teasers, url="https://quay.example/") == "a home page"


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Search results for harbour", ""),
        ("Suchergebnisse für Hafen", ""),
        ("Résultats de recherche pour port", ""),
        ("検索結果：港", ""),
        ("The Daily Quay", "https://quay.example/?s=harbour"),
        ("The Daily Quay", "https://quay.example/search?q=harbour"),
    ],
)
def test_search_results_are_told_by_title_or_address(title: str, url: str) -> None:
    teasers = "".join(teaser(n, "cards") for n in range(6))

    assert refused(f"<h1>{title}</h1>{teasers}", title=title, url=url) == "a page of search results"


@pytest.mark.parametrize(
    ("title", "lang", "reason"),
    [
        ("404 - The Daily Quay", "en", "an error page"),
        ("Page not found", "en", "an error page"),
        ("Seite nicht gefunden | Der Kai", "de", "an error page"),
        ("Página no encontrada", "es", "an error page"),
        ("Страница не найдена", "ru", "an error page"),
        ("الصفحة غير موجودة", "ar", "an error page"),
        ("Just a moment...", "en", "a check for robots"),
        ("Access Denied", "en", "a check for robots"),
    ],
)
def test_errors_and_checks_are_told_by_their_title(title: str, lang: str, reason: str) -> None:
    main = f"<h1>{title}</h1><p>The page that you asked for has moved, or it never was here. Try the front page.</p>"

    assert refused(main, title=title, lang=lang) == reason


@pytest.mark.parametrize(
    ("lang", "text", "button", "other"),
    [
        (
            "en",
            "We and our partners use cookies to store and read information on your device. You may change your "
            "consent at any time on our privacy page.",
            "Accept all",
            "Manage cookies",
        ),
        (
            "de",
            "Wir und unsere Partner verwenden Cookies, um Informationen auf Ihrem Gerät zu speichern. Ihre "
            "Einwilligung können Sie jederzeit widerrufen, alles dazu steht in unserer Erklärung zum Datenschutz.",
            "Alle akzeptieren",
            "Cookie-Einstellungen",
        ),
        (
            "fr",
            "Nous et nos partenaires utilisons des cookies pour stocker des informations sur votre appareil. Vous "
            "pouvez retirer votre consentement à tout moment dans la politique de confidentialité.",
            "Tout accepter",
            "Gérer les cookies",
        ),
    ],
)
def test_a_question_about_cookies_alone_is_a_wall(lang: str, text: str, button: str, other: str) -> None:
    main = f"<h1>The Daily Quay</h1><p>{text}</p><p>{text}</p><button>{button}</button><button>{other}</button>"

    assert refused(main, lang=lang) == "a consent wall"


def test_an_article_with_a_cookie_banner_is_one() -> None:
    banner = "<div><p>We use cookies.</p><button>Accept all</button><button>Manage cookies</button></div>"

    assert refused(f"<h1>Town under water</h1>{''.join(f'<p>{p}</p>' for p in PARAGRAPHS[:2])}{banner}") == ""


@pytest.mark.parametrize(
    ("head", "main", "reason"),
    [
        (
            '<meta property="article:content_tier" content="locked">',
            "<h1>Town under water</h1><p>Subscribe to read on.</p>",
            "a paywall without the article's text",
        ),
        (
            '<meta property="og:type" content="video.other">',
            "<h1>Town under water</h1><p>The film of the night.</p>",
            "a video without text",
        ),
        ("", "<h1>Town under water</h1>", "no article text found"),
    ],
)
def test_pages_without_text_are_told_by_what_they_say_of_themselves(head: str, main: str, reason: str) -> None:
    assert refused(main, head=head) == reason


@pytest.mark.parametrize("count", [1, 2, 5])
def test_an_article_among_many_headlines_is_one(count: int) -> None:
    text = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[:count])
    related = "".join(teaser(n, "lines") for n in range(14))

    assert refused(f"<article><h1>Town under water</h1>{text}</article><aside><ul>{related}</ul></aside>") == ""


def test_an_article_that_its_head_dates_is_one_even_if_links_break_it_up() -> None:
    head = '<meta property="article:published_time" content="2024-04-30">'
    teasers = "".join(teaser(n, "rows") for n in range(14))

    assert refused(f"<h1>The night in fourteen places</h1>{teasers}", head=head) == ""


@pytest.mark.parametrize("title", ["404 days at sea", "Search results show what people fear", "5000 boats stay in"])
def test_headlines_that_sound_like_such_pages_are_headlines(title: str) -> None:
    assert refused(f"<h1>{title}</h1>{''.join(f'<p>{p}</p>' for p in PARAGRAPHS)}", title=title) == ""
