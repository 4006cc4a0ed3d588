"""Headlines, bylines, dates, captions and credits among the lines of a dump."""

from __future__ import annotations

import pytest
from test_text import GERMAN, clean

from backfile.cleaning.lexicon import lexicon
from backfile.cleaning.text import clean_text
from backfile.cleaning.text.headline import repeated_title
from backfile.cleaning.text.lines import read_lines
from backfile.cleaning.text.parts import split_credit
from backfile.cleaning.text.words import words_of
from backfile.model import Capture, CleanOptions, Hints

TITLE = "Rat beschließt Wiederaufbau des alten Leuchtturms"
BODY = "\n\n".join(GERMAN)


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([f"{TITLE} - Hafenbote", "Start", TITLE], 2),
        ([f"{TITLE} | Politik | Hafenbote", TITLE, "Start", TITLE], 3),
        ([TITLE, "Start", f"Start > Politik > {TITLE}"], 2),
        ([f"{TITLE} am Hafen", "Start", "Rat beschließt Wiederaufbau des Leuchtturms am Hafen"], 2),
        (["Start", "Politik"], -1),
        (["x" * 400, TITLE], -1),
    ],
)
def test_the_page_title_repeated(rows, at):
    """With the site's name, in a path, or nearly in the same words."""
    lines = read_lines("\n".join(rows))
    assert repeated_title(lines, words_of([line.text for line in lines])) == at


@pytest.mark.parametrize("head", [
    [f"{TITLE} - Hafenbote", "Start", "Politik", TITLE],
    [f"{TITLE} | Politik | Hafenbote", "Start", f"Start > Politik > {TITLE}"],
    ["Start", "Politik", "Sport", TITLE, "12. März 2024"],
])  # fmt: skip
def test_the_title_stands_alone(head):
    """Without the site's name and the path, of which nothing is lost."""
    cleaned = clean("\n\n".join([*head, BODY]))
    assert cleaned.article.title == TITLE
    removed = " ".join(removal.text for removal in cleaned.receipt.removed)
    assert all(word in removed for word in ("Hafenbote", "Politik", "Start") if word in " ".join(head))


def test_the_title_that_the_file_around_a_page_gives_is_evidence():
    """Of two lines that could be the headline, and never against all of them."""
    first, second = "Schaden am Hafen ist größer als gedacht", "Neues Licht für die Schiffe im Norden"
    page = f"Start\n\nSport\n\n{first}\n\n{second}\n\n{BODY}".encode()
    for title in (first, second):
        capture = Capture(data=page, media_type="text/plain", hints=Hints(title=title))
        assert clean_text(capture, CleanOptions()).article.title == title
    foreign = Capture(data=page, media_type="text/plain", hints=Hints(title="Rezepte"))
    assert clean_text(foreign, CleanOptions()).article.title in (first, second)


def test_a_repetition_below_the_text_is_none():
    """The search ends at the first paragraph below a headline."""
    lines = read_lines("\n".join([f"{TITLE} - Hafenbote", TITLE, GERMAN[0], TITLE]))
    assert repeated_title(lines, words_of([line.text for line in lines])) == 1


def test_the_first_line_gives_the_title_without_the_site():
    """Where no headline stands above the text."""
    page = f"{TITLE} - Hafenbote\n\nStart\nPolitik\nSport\n\n{BODY}"
    assert clean(page).article.title == TITLE


@pytest.mark.parametrize(
    ("line", "authors", "agencies"),
    [
        ("Von Maike Brandt und Jens Petersen", ("Maike Brandt", "Jens Petersen"), ()),
        ("12.03.2024 | 14:07 Uhr | Von Maike Brandt", ("Maike Brandt",), ()),
        ("Von\nMaike Brandt", ("Maike Brandt",), ()),
        ("Von dpa 12.03.2024, 18:58", (), ("dpa",)),
        ("Maike Brandt\n12. März 2024", ("Maike Brandt",), ()),
        ("Maike Brandt, Redakteurin\n12. März 2024", ("Maike Brandt",), ()),
        ("Alten Leuchtturms\n12. März 2024", (), ()),
        ("Liebe Maike,\n12. März 2024", (), ()),
        ("Drei Wörter ganz klein geschrieben\n12. März 2024", (), ()),
    ],
)
def test_bylines(line, authors, agencies):
    """With a cue, or a bare name that the text does not speak of."""
    article = clean(f"Start\nSport\n\n{TITLE}\n\n{line}\n\n{BODY}").article
    assert (article.authors, article.agencies) == (authors, agencies)


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        ("12.03.2024", "2024-03-12", ""),
        ("Stand: 13. März 2024, 09:15 Uhr", "2024-03-13T09:15:00", ""),
        ("Aktualisiert am 13.03.2024", "", "2024-03-13"),
        ("Veröffentlicht: 12.03.2024 Aktualisiert: 13.03.2024", "2024-03-12", "2024-03-13"),
        ("13.03.2024 12.03.2024", "2024-03-12", "2024-03-13"),
        ("Veröffentlicht: 12.03.2024 Aktualisiert: 11.03.2024", "2024-03-12", ""),
        ("Der nächste Hafenlauf für alle Einwohner der Stadt beginnt am 12.03.2024 im alten Stadion", "", ""),
        ("Karten: 12.03.2024, 20 Uhr", "", ""),
        ("12.03.1924 – 13.03.2001", "", ""),
        ("Am 12. März 2024 kommt die neue Ministerin in die Stadt.", "", ""),
        ("03/04", "", ""),
        ("Aus: Ausgabe vom 12.03.2024, Seite 1", "", ""),
    ],
)
def test_dates(line, published, modified):
    """As printed, never from a line about something else."""
    article = clean(f"Start\nSport\n\n{TITLE}\n\n{line}\n\n{BODY}").article
    assert (article.published, article.modified) == (published, modified)


@pytest.mark.parametrize(
    ("head", "below", "published", "modified"),
    [
        ("Live\n\n{}\n\n13.03.2024, 09:15 Uhr", "", "", "2024-03-13T09:15:00"),
        ("{}, der Hafenbote, Zeitung für die Küste, 13.03.2024\n\nStart\n\nSport\n\n{}", "", "", ""),
        ("{}\n\n13.03.2024", "Kommentare (2)\n\nHanne 14.03.2024, 10:02 Uhr\n\nSchön!", "2024-03-13", ""),
        ("{}\n\n13.03.2024", "Kommentare (2)\n\nHanne 02.03.2024, 10:02 Uhr\n\nSchön!", "", "2024-03-13"),
        ("Live\n\n{}\n\n12.03.2024, aktualisiert am 13.03.2024", "", "2024-03-12", "2024-03-13"),
        ("{}\n\n13.03.2024", "Aus: Ausgabe vom 13.03.2024, Seite 1", "", ""),
        ("{}\n\n13.03.2024", "Mehr zum Thema\n\n02.03.2024, 10:02 Uhr\n\nSturm im Hafen", "2024-03-13", ""),
        ("{}\n\nVeröffentlicht: 13.03.2024", "Kommentare (2)\n\nHanne 02.03.2024, 10:02 Uhr", "2024-03-13", ""),
    ],
)
def test_a_date_that_cannot_be_the_first_is_an_update(head, below, published, modified):
    """That of a page which is added to, or which has older comments; and none of the page's own title."""
    article = clean(f"{head.replace('{}', TITLE)}\n\n{BODY}\n\n{below}").article
    assert (article.published, article.modified) == (published, modified)


@pytest.mark.parametrize(
    ("lang", "line", "caption", "credit"),
    [
        ("de", "Der Turm im März. Foto: Anke Lohse/dpa", "Der Turm im März.", "Anke Lohse/dpa"),
        ("de", "Der Turm im März (Bild: Imago)", "Der Turm im März", "Imago"),
        ("fr", "Le phare en mars. © Anne Petit", "Le phare en mars.", "Anne Petit"),
        ("en", "The tower in March. Photograph: Ann Lee/AP", "The tower in March.", "Ann Lee/AP"),
        ("en", "Photo: Ann Lee", "", "Ann Lee"),
        ("en", "The photo shows the tower in March.", "", ""),
        ("en", "Photographers came in great numbers", "", ""),
        ("tr", "İ" + "x" * 5 + " fotoğraf: A", "", ""),
        ("en", "x" * 800, "", ""),
    ],
)
def test_credits_of_pictures(lang, line, caption, credit):
    """Told from the caption by the words that introduce them."""
    assert split_credit(line, lexicon(lang).cues["photo"]) == (caption, credit)


def test_a_section_above_the_headline_is_data():
    """Where it is the name of one."""
    assert clean(f"Hafenbote\n\nKultur\n{TITLE}\n\n{BODY}").article.section == "Kultur"


def test_a_production_credit_is_data():
    """After the text."""
    article = clean(f"{TITLE}\n\n{BODY}\n\nKamera: Jens Petersen").article
    assert article.credits == ("Kamera: Jens Petersen",)
    assert "Kamera" not in article.body


def test_quotations_and_headings():
    """A quoted line stays a quotation."""
    rows = [TITLE, "", GERMAN[0], "", GERMAN[1], "", "> " + GERMAN[2], "", GERMAN[3], "", GERMAN[4]]
    assert f"\n\n> {GERMAN[2]}\n\n" in clean(rows).article.body


def test_a_line_amid_the_text_is_no_other_form_of_the_headline():
    """Where it shares words with the page's first line, which gives the title."""
    long = " ".join(GERMAN[:3])
    rows = ["Protokoll der Sitzung 4711", "", long, "", "[[4711]]", "", *GERMAN[3:]]
    found = clean(rows)
    assert found.article.title == "Protokoll der Sitzung 4711"
    assert "4711" in found.article.body


def test_a_first_line_that_stands_nowhere_else_gives_way_to_the_headline():
    """That is a title for search engines, which is only like the headline."""
    first, headline = f"Rat der Hafenstadt{TITLE[3:]}", "Wiederaufbau des Leuchtturms"
    assert clean([first, "Start", headline, "", "Teilen", "Merken", "", BODY]).article.title == headline
    assert clean([first, "Start", first, "", headline, "", BODY]).article.title == first
