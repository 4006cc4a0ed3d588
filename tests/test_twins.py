"""One story in two languages is found by what languages share, and read paragraph against paragraph."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.aligning import align
from backfile.clues import identifier, pictures, site_of
from backfile.facts import facts_of
from backfile.model import Article, Figure
from backfile.pipeline import BuildOptions, build_site
from tests.conftest import article, tree

ENGLISH = """The port of Tarvona will close 14 of its 52 cranes before the end of 2027, Mayor Ines Kolberg said Monday.

About 1,350 people work there. The union led by Petra Vandoren has called a strike.

The last ship of the Meridian line left the harbour at 6.45 in the morning, watched by some 300 people.

“We were told nothing,” said Tomas Lindqvist, who has worked the cranes since 1998."""
FRENCH = """Le port de Tarvona fermera 14 de ses 52 grues avant la fin de 2027, a annoncé lundi la maire Ines Kolberg.

Quelque 1 350 personnes y travaillent. Le syndicat de Petra Vandoren a appelé à la grève.

Notre envoyé spécial était sur place toute la semaine, à la rencontre de celles et ceux qui vivent du port.

Le dernier navire de la ligne Meridian a quitté le port à 6.45 du matin, sous les yeux de près de 300 personnes.

« On ne nous a rien dit », raconte Tomas Lindqvist, aux grues depuis 1998."""
OTHER = """Le musée de Tarvona rouvrira en mars après 3 ans de travaux, a dit son directeur Anselm Dufour.

Les 2 400 tableaux de la collection Brandt y seront montrés pour la première fois."""


def page(text: str, lang: str, host: str = "example.org") -> str:
    address = f"https://{lang}.{host}/{lang}/the-story"
    return article("The story", text, lang=lang, site=f"Post {lang}", date="2026-03-02", source=address)


def files(**texts: str) -> dict[str, str]:
    return {f"content/articles/2026/03/{name}.md": text for name, text in texts.items()}


def built(site):
    build_site(site, BuildOptions())
    return {name: data.decode("utf-8", "replace") for name, data in tree(site.build).items()}


def fresh(site, out):
    build_site(site, BuildOptions(out=out))
    return {name: data.decode("utf-8", "replace") for name, data in tree(out).items()}


PAIR = {"en": page(ENGLISH, "en"), "fr": page(FRENCH, "fr"), "musee": page(OTHER, "fr").replace("the-story", "musee")}


def side_by_side(pages: dict[str, str]) -> list[str]:
    return sorted(name for name in pages if name.startswith("side-by-side/"))


def test_twins_are_joined_and_read_paragraph_against_paragraph(make_site):
    pages = built(make_site(files(**PAIR)))
    assert side_by_side(pages) == ["side-by-side/en/2026/03/fr.html", "side-by-side/fr/2026/03/en.html"]
    assert "../../side-by-side/fr/2026/03/en.html" in pages["2026/03/en.html"]
    assert "../../side-by-side/en/2026/03/fr.html" in pages["2026/03/fr.html"]
    assert "side-by-side" not in pages["2026/03/musee.html"]
    rows = pages["side-by-side/fr/2026/03/en.html"].split('<div class="pair">')[2:]
    assert ["fermera" in rows[0], "grève" in rows[1], "envoyé" in rows[2], "navire" in rows[3]] == [True] * 4
    assert ["close" in rows[0], "strike" in rows[1], "<div></div>" in rows[2], "ship" in rows[3]] == [True] * 4
    assert all('<div lang="fr">' in row for row in rows)


def test_another_publisher_s_story_is_no_twin(make_site):
    assert not side_by_side(built(make_site(files(en=PAIR["en"], fr=page(FRENCH, "fr", "example.net")))))


@pytest.mark.parametrize("named", ["https://fr.example.net/fr/the-story?utm_source=x", "2026/03/fr.md"])
def test_what_the_user_names_is_a_twin(make_site, named):
    one = page(ENGLISH, "en").replace("---\n", f'---\narchive:\n  translations:\n    - "{named}"\n', 1)
    pages = built(make_site(files(en=one, fr=page(OTHER, "fr", "example.net"))))
    assert len(side_by_side(pages)) == 2


def saved(text: str, lang: str, date: str, other: str = "") -> str:
    """A page of a host of its own, which calls a page of another host its translation."""
    link = f'<link rel="alternate" hreflang="{other}" href="https://{other}.example/story">' if other else ""
    body = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
    return f"""<html lang="{lang}"><head><title>A story of the port</title><meta charset="utf-8">
<link rel="canonical" href="https://{lang}.example/story">{link}
<meta property="article:published_time" content="{date}"></head>
<body><article><h1>A story of the port</h1>{body}</article></body></html>"""


SHARES_NOTHING = """Le chat du voisin dort depuis ce matin sur le mur du jardin, et personne ne sait comment il y vint.

On lui a apporté du lait, qu’il a regardé longtemps avant de se rendormir sans y toucher le moins du monde."""


@pytest.mark.parametrize(
    ("french", "date", "back", "believed"),
    [
        (SHARES_NOTHING, "2026-03-02", "", True),
        (SHARES_NOTHING, "2026-03-09", "", False),
        (SHARES_NOTHING, "2026-03-09", "en", True),
        (FRENCH, "2026-03-09", "", True),
    ],
    ids=["the day", "nothing", "the other page", "names"],
)
def test_what_a_page_names_is_a_twin_where_something_agrees(make_site, french, date, back, believed):
    english = saved(ENGLISH, "en", "2026-03-02", "fr")
    pages = {"content/saved/en.html": english, "content/saved/fr.html": saved(french, "fr", date, back)}
    assert len(side_by_side(built(make_site(pages)))) == 2 * believed


def test_the_user_can_say_that_there_is_no_twin(make_site):
    one = page(ENGLISH, "en").replace("---\n", "---\narchive:\n  translations: none\n", 1)
    assert not side_by_side(built(make_site(files(en=one, fr=PAIR["fr"]))))


@pytest.mark.parametrize("name", ["en", "fr", "musee"])
def test_an_incremental_build_knows_of_twins_that_come_and_go(make_site, tmp_path, name):
    site = make_site(files(**{key: text for key, text in PAIR.items() if key != name}))
    path = site.root / f"content/articles/2026/03/{name}.md"
    built(site)
    path.write_text(PAIR[name], "utf-8")
    grown = built(site)
    path.unlink()
    shrunk = built(site)
    shutil.rmtree(site.cache)
    assert shrunk == fresh(site, tmp_path / "without")
    path.write_text(PAIR[name], "utf-8")
    shutil.rmtree(site.cache)
    assert grown == fresh(site, tmp_path / "with")
    assert (side_by_side(grown) == side_by_side(shrunk)) == (name == "musee")


def test_a_language_that_is_no_tag_stays_inside_the_site(make_site):
    texts = {"en": PAIR["en"], "fr": PAIR["fr"].replace("lang: fr", 'lang: "../../../x"')}
    found = side_by_side(built(make_site(files(**texts))))
    assert len(found) == 2
    assert not [name for name in found if ".." in name]


@given(
    st.lists(st.text("abc 12é", min_size=1, max_size=40), max_size=12),
    st.lists(st.text("abc 12é", min_size=1, max_size=40), max_size=12),
)
def test_every_paragraph_stands_in_one_pair_in_its_order(left, right):
    pairs = align(left, right)
    assert [text for pair in pairs for text in pair.left] == left
    assert [text for pair in pairs for text in pair.right] == right
    assert all(pair.left or pair.right for pair in pairs)


def test_texts_of_unlike_lengths_are_aligned_to_their_ends():
    assert sum(len(pair.right) for pair in align(["one"], [f"text {n}" for n in range(300)])) == 300


def test_facts_are_what_languages_share():
    assert facts_of("1,350 people, said Müller") == facts_of("1 350 personnes, dit Müllers")
    assert identifier("https://a.example/20260302/story-12345678") == "12345678"
    assert identifier("https://a.example/20260302/story") == ""
    sites = ("https://fr.news.example.co.uk/x", "https://example.co.uk/y", "https://fr.example.org/", "https://a.b/")
    assert [site_of(Article(title="", url=url)) for url in sites] == ["example.co.uk"] * 2 + ["example.org", "a.b"]


PLAIN = """We left before it was light, and none of us said a word until the road began to climb above the river.

{}The others had gone ahead with the bread and the blankets, since somebody had to light the stove in the hut.

Nobody had thought of matches, as it turned out, so we sat in the dark and told each other stories all evening.

In the morning the valley was white from end to end, and the path that we had come by was nowhere to be seen."""
PLAIN_FRENCH = """Nous sommes partis avant le jour, et personne ne dit un mot tant que la route ne monta pas au-dessus.

{}Les autres nous avaient devancés avec le pain et les couvertures, car il fallait bien allumer le poêle là-haut.

Personne n’avait pensé aux allumettes, si bien que la soirée se passa dans le noir à se raconter des histoires.

Au matin, la vallée était blanche d’un bout à l’autre, et plus rien ne se voyait du chemin de la veille."""
NAMES = "With Ada Marlow, Bo Tindale, Cy Westcott, Di Ashgrove and Ed Farlane we met Flo Garrick. "
MORE = "Et puis rien, et encore rien, car il ne se passa plus rien de toute la nuit, ni le lendemain matin. " * 8


@pytest.mark.parametrize(
    ("english", "french", "believed"),
    [
        (PLAIN.format(""), PLAIN_FRENCH.format(""), True),
        (PLAIN.format(NAMES), PLAIN_FRENCH.format(""), False),
        (PLAIN.format(NAMES), PLAIN_FRENCH.format(NAMES), True),
        (PLAIN.format("")[:200], PLAIN_FRENCH.format("")[:200], False),
        (PLAIN.format(""), PLAIN_FRENCH.format(MORE), False),
        (PLAIN.format(NAMES), PLAIN_FRENCH.format(NAMES + MORE), True),
        (PLAIN.format(NAMES), PLAIN_FRENCH.format(NAMES + MORE * 3), False),
    ],
    ids=["no names", "names in one", "names in both", "short", "longer", "longer, with names", "much longer"],
)
def test_an_address_with_the_same_number_is_believed_where_the_texts_do_not_tell_otherwise(
    make_site, english, french, believed
):
    texts = {"en": page(english, "en"), "fr": page(french, "fr")}
    numbered = {name: text.replace("the-story", "the-story-7654321") for name, text in texts.items()}
    assert len(side_by_side(built(make_site(files(**numbered))))) == 2 * believed


def test_names_in_other_letters_are_compared():
    here, there = facts_of("we saw Angela Merkel and Vladimir Putin, in Łódź"), facts_of("и мы видели Меркель и Путина")
    assert here & there == {"merke", "putin"}
    assert "lodz" in here


def test_a_picture_is_known_by_its_name_unless_any_could_have_it():
    urls = [
        "https://a.example/1/800x600.jpg",
        "https://a.example/2/image.jpg?x=1",
        "https://a.example/3/quay-9156636.jpg",
    ]
    article = Article(title="", figures=tuple(Figure(url=url, file="") for url in urls))
    assert pictures(article) == ("/1/800x600.jpg", "/2/image.jpg", "quay-9156636.jpg")
