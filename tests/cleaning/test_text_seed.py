"""The article that the archive was first asked for: a Euronews page pasted into a text file."""

from __future__ import annotations

from pathlib import Path

import pytest

from backfile.cleaning.text import clean_text
from backfile.model import Capture, Cleaned, CleanOptions, Figure

SEED = Path(__file__).parents[2] / "content" / "saved" / "euronews-blinken-tokyo.txt"


@pytest.fixture(scope="module")
def cleaned() -> Cleaned:
    return clean_text(Capture(data=SEED.read_bytes(), media_type="text/plain", origin=SEED.name), CleanOptions())


def test_fields(cleaned):
    """Title, people and agencies apart, language; no date, because the page gives none."""
    article = cleaned.article
    assert article.title == "Japon : Antony Blinken défend l'alliance entre Washington et Tokyo"
    assert (article.authors, article.agencies) == (("Euronews",), ("AP",))
    assert (article.published, article.modified) == ("", "")
    assert article.lang == "fr"
    assert article.credits == ("Video editor: Rory Elliott Armstrong",)
    assert cleaned.refusal == ""
    assert cleaned.receipt.confidence > 0.8


def test_standfirst_and_lead_picture(cleaned):
    """The summary under the headline, and the picture with caption and credit but without a file."""
    article = cleaned.article
    assert article.standfirst
    assert article.description.startswith("Antony Blinken s'est rendu au Japon")
    assert article.description.endswith("à la Maison Blanche.")
    assert article.figures == (
        Figure(
            caption=(
                "Le secrétaire d'État américain Antony Blinken (à gauche) serre la main du ministre japonais des "
                "Affaires étrangères Takeshi Iwaya lors d'un déjeuner de travail dans un hôtel de Tokyo."
            ),
            credit="Issei Kato/AP",
            lead=True,
        ),
    )


def test_body_is_its_paragraphs_verbatim(cleaned):
    """Nothing more and nothing less, apostrophes and quotes as saved."""
    saved = [line for line in SEED.read_text("utf-8").splitlines() if line.strip()]
    first = next(
        i for i, line in enumerate(saved) if line.startswith("Le secrétaire d'État américain Antony Blinken a renc")
    )
    last = next(i for i, line in enumerate(saved) if line.endswith("en particulier en Ukraine."))
    assert last - first == 11 - 1
    assert cleaned.text.split("\n") == [cleaned.article.description, *saved[first : last + 1]]
    assert cleaned.article.body.split("\n\n") == saved[first : last + 1]


def test_related_headlines_are_data(cleaned):
    """Three of them, not in the text."""
    titles = [link.title for link in cleaned.article.related]
    assert len(titles) == 3
    assert titles[1] == 'Le président américain a qualifié le Japon et l\'Inde de nations "xénophobes"'
    assert not any(title in cleaned.text for title in titles)


def test_every_other_line_is_in_the_receipt(cleaned):
    """In the order of the page, each with its reason."""
    assert [(r.reason, r.text[:30]) for r in cleaned.receipt.removed] == [
        ("label or list above the article", "Newsletter Newsletters Events "),
        ("loading indicator", "Loader"),
        ("follow links", "Suivez-nous"),
        ("advertising marker", "Publicité"),
        ("repeats the caption; its credit is kept with the picture", "Le secrétaire d'État américain"),
        ("a picture's credit, kept with the picture", "Tous droits réservés Issei Kat"),
        ("the byline, kept as authors and agencies", "Par Euronews avec AP"),
        ("empty date label", "Publié le"),
        ("share buttons", "Partager cet article Discussio"),
        ("share buttons", "Partager cet article Close But"),
        ("embed dialog", "Copier/coller le lien embed de"),
        ("advertising marker", "PUBLICITÉ"),
        ("accessibility link", "Accéder aux raccourcis d'acces"),
        ("share buttons", "Partager cet article Discussio"),
        ("related headlines", "À découvrir également"),
    ]
