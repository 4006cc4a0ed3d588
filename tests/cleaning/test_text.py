"""Whole dumps: what becomes of their lines, in several languages and shapes."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backfile.cleaning.text import clean_text
from backfile.cleaning.text.lines import plain
from backfile.model import Capture, Cleaned, CleanOptions, Figure

GERMAN = [
    "Der Rat der kleinen Hafenstadt hat am Dienstag beschlossen, den alten Leuchtturm wieder aufzubauen, "
    "der seit dreißig Jahren leer steht und im Frühjahr bei einem Sturm schwer beschädigt wurde.",
    "Die Arbeiten sollen im kommenden Monat beginnen und bis zum Herbst dauern, wie Bürgermeisterin Anke "
    "Lohse nach der Sitzung sagte. „Wir haben lange genug gewartet“, sagte sie den Zuhörern im voll "
    "besetzten Saal.",
    "Das Geld kommt zur Hälfte vom Land, die andere Hälfte haben Bürgerinnen und Bürger der Stadt "
    "gespendet. Allein auf dem Hafenfest im vergangenen Jahr kamen nach Angaben des Vereins mehr als "
    "vierzigtausend Euro zusammen.",
    "Kritik kam von der Opposition, die das Geld lieber für die Schule ausgegeben hätte. Deren Dach ist "
    "undicht, und der Unterricht musste im Winter mehrmals ausfallen, weil es in die Klassenzimmer "
    "regnete.",
    "Der Leuchtturm war 1902 gebaut worden und hatte den Schiffen neunzig Jahre lang den Weg gewiesen, "
    "bevor er wegen der neuen Technik an Bord nicht mehr gebraucht wurde und die Stadt ihn für eine Mark "
    "kaufte.",
]
GERMAN_PAGE = [
    "Zum Inhalt springen", "Startseite", "Politik", "Wirtschaft", "Sport", "Kultur", "Newsletter", "Anmelden", "",
    "Rat beschließt Wiederaufbau des alten Leuchtturms", "",
    "Von Jens Petersen, dpa", "Veröffentlicht am 12. März 2024, 17:30 Uhr", "Aktualisiert: 13.03.2024", "",
    "Der Leuchtturm am Hafen steht seit dreißig Jahren leer. Foto: Maike Brandt/dpa", "",
    "Teilen", "Merken", "Drucken", "",
    GERMAN[0], "", GERMAN[1], "", "Anzeige", "", GERMAN[2], "", "Streit um das Schuldach", "", GERMAN[3], "",
    "Lesen Sie auch: Sturm beschädigt Hafenmauer", "", GERMAN[4], "",
    "Kommentare (12)", "Mehr zum Thema", "Sturm beschädigt Hafenmauer und drei Boote",
    "Wie die Stadt zu ihrem Leuchtturm kam", "", "Impressum", "Datenschutz", "AGB", "Kontakt",
]  # fmt: skip


def clean(text: str | list[str], **fields: str) -> Cleaned:
    data = (text if isinstance(text, str) else "\n".join(text)).encode()
    return clean_text(Capture(data=data, media_type="text/plain", origin="page.txt", **fields), CleanOptions())


def test_a_german_page():
    """Headline, byline with agency, both dates, caption, subheading, body."""
    cleaned = clean(GERMAN_PAGE)
    article = cleaned.article
    assert article.title == "Rat beschließt Wiederaufbau des alten Leuchtturms"
    assert (article.authors, article.agencies) == (("Jens Petersen",), ("dpa",))
    assert (article.published, article.modified) == ("2024-03-12T17:30:00", "2024-03-13")
    assert article.lang == "de"
    assert article.figures == (
        Figure(caption="Der Leuchtturm am Hafen steht seit dreißig Jahren leer.", credit="Maike Brandt/dpa", lead=True),
    )
    assert cleaned.text.split("\n") == [*GERMAN[:3], "Streit um das Schuldach", *GERMAN[3:]]
    assert "## Streit um das Schuldach" in article.body
    assert [link.title for link in article.related] == [
        "Sturm beschädigt Hafenmauer und drei Boote", "Wie die Stadt zu ihrem Leuchtturm kam",
    ]  # fmt: skip
    reasons = {r.text: r.reason for r in cleaned.receipt.removed}
    assert reasons["Anzeige"] == "advertising marker"
    assert reasons["Kommentare (12)"] == "comments"
    assert reasons["Lesen Sie auch: Sturm beschädigt Hafenmauer"] == "related headlines"
    assert cleaned.refusal == ""


@pytest.mark.parametrize("shape", ["tight", "airy", "wrapped", "crlf", "bom", "nbsp", "pages", "bullets"])
def test_the_shape_of_the_dump_does_not_matter(shape):
    """The same text comes out of any way of saving it."""
    rows = GERMAN_PAGE
    full = [row for row in rows if row]
    text = {
        "tight": "\n".join(full),
        "airy": "\n\n\n".join(full),
        "wrapped": "\n".join(textwrap.fill(row, 72) for row in rows),
        "crlf": "\r\n".join(rows),
        "bom": "\ufeff" + "\n".join(rows),
        "nbsp": "\n".join(rows).replace(" am ", "\u00a0am\u00a0"),
        "pages": "\f".join(full),
        "bullets": "\n".join(f"  • {row}" if 0 < len(row) < 15 else row for row in rows),
    }[shape]
    assert [line for line in clean(text).text.split("\n") if len(line) > 100] == GERMAN


def test_every_word_is_in_the_article_or_in_the_receipt():
    """Nothing is lost."""
    cleaned = clean(GERMAN_PAGE)
    article = cleaned.article
    told = [article.title, article.description, article.body, *(r.text for r in cleaned.receipt.removed)]
    told += [f.caption for f in article.figures] + [link.title for link in article.related] + list(article.credits)
    kept = plain(" ".join(told))
    assert all(plain(row) in kept for row in GERMAN_PAGE if plain(row))


def test_list_items_make_a_list():
    """Bullets between paragraphs are part of the text."""
    items = [
        "- Das Fundament wird bis zum Sommer erneuert und verstärkt.",
        "- Die Treppe im Turm wird aus Eichenholz gebaut.",
        "- Das Leuchtfeuer selbst bleibt ein Denkmal und wird nicht mehr angezündet.",
    ]
    rows = [GERMAN_PAGE[9], "", GERMAN[0], "", GERMAN[1], "", *items, "", GERMAN[2], "", GERMAN[3], "", GERMAN[4]]
    cleaned = clean(rows)
    assert "\n\n" + "\n".join(items) + "\n\n" in cleaned.article.body
    assert items[0][2:] in cleaned.text


def test_markup_in_the_text_stays_text():
    """A dump holds no Markdown."""
    rows = [GERMAN_PAGE[9], "", GERMAN[0].replace("Leuchtturm", "*Leuchtturm*"), "", *GERMAN[1:]]
    cleaned = clean(rows)
    assert r"\*Leuchtturm\*" in cleaned.article.body
    assert "*Leuchtturm*" in cleaned.text


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "the file is empty"),
        (" \n\n\ufeff", "the file is empty"),
        ("Home\nSport\nPolitics\nLog in\nSubscribe\nNewsletter", "no running text: a menu or a list of headlines"),
        ("404\nPage not found\nBack to home\nSearch\nContact", "an error page"),
        ("Hello there", "hardly any text"),
    ],
)
def test_what_is_no_article_is_refused(text, refusal):
    """With the reason."""
    cleaned = clean(text)
    assert cleaned.refusal == refusal
    assert cleaned.article.body == ""


def test_a_date_after_the_capture_is_not_believed():
    """It cannot be."""
    rows = [row.replace("2024", "2031") for row in GERMAN_PAGE]
    assert clean(rows, captured="2024-05-01T10:00:00+02:00").article.published == ""


def test_repaired_letters_are_said_in_the_receipt():
    """With nothing else changed."""
    page = "\n".join(GERMAN_PAGE).replace("„", "").replace("“", "")
    twice = page.encode().decode("cp1252").encode()
    cleaned = clean_text(Capture(data=twice, media_type="text/plain"), CleanOptions())
    assert cleaned.article.title == "Rat beschließt Wiederaufbau des alten Leuchtturms"
    assert cleaned.receipt.removed[0].step == "encoding"


def test_a_note_keeps_its_body():
    """Markdown with front matter, from a clipper."""
    note = '---\ntitle: A lighthouse\nsource: https://example.org/a\nauthor: "[[Ann Lee]]"\n---\n\nOne *two*.\n\n- a\n'
    cleaned = clean_text(Capture(data=note.encode(), media_type="text/markdown"), CleanOptions())
    article = cleaned.article
    assert (article.title, article.url, article.authors) == ("A lighthouse", "https://example.org/a", ("Ann Lee",))
    assert article.body == "One *two*.\n\n- a"
    assert cleaned.text == "One *two*.\na"
    assert cleaned.refusal == ""


def test_a_note_with_broken_front_matter_is_all_body():
    """Nothing is lost."""
    note = "---\ntitle: open\n\nText."
    assert "Text." in clean_text(Capture(data=note.encode(), media_type="text/markdown"), CleanOptions()).article.body
    empty = clean_text(Capture(data=b"", media_type="text/markdown"), CleanOptions())
    assert empty.refusal == "the note is empty"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(GERMAN_PAGE), st.text(max_size=120)), max_size=40))
def test_any_text_is_cleaned_without_loss(rows):
    """Lines in any order, and any signs at all."""
    cleaned = clean("\n".join(rows).encode("utf-8", "replace").decode())
    article = cleaned.article
    told = [article.title, article.description, cleaned.text, *(r.text for r in cleaned.receipt.removed)]
    told += [f"{f.caption} {f.credit}" for f in article.figures]
    told += [link.title for link in article.related] + list(article.credits)
    kept = plain(" ".join(told))
    assert all(c in kept for c in set(plain("".join(rows).encode("utf-8", "replace").decode())))
    assert 0 <= cleaned.receipt.confidence <= 1
