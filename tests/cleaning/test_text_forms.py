"""What a dump can be besides one article: several of them, or none."""

from __future__ import annotations

import random

import pytest
from test_text import GERMAN, GERMAN_PAGE, clean

from backfile.explain import explain_rows

NEXT = "An orchestra moves into the old station"
SECOND = [
    "The orchestra of the border city will move into the disused railway station next winter, the culture department "
    "announced on Friday, after four years without a hall of its own.",
    "Musicians had rehearsed in a gymnasium and played in three churches since the old concert house closed. The "
    "station's waiting room has better acoustics than either, said conductor Marta Lindqvist.",
    "Tickets for the first season go on sale in September. A quarter of the seats will cost no more than a cinema "
    "ticket, and rehearsals on Tuesday mornings are open to schools.",
]

PROGRAM = """
import os
from pathlib import Path

LIMIT = 40

def size_of(path):
    total = 0
    for name in os.listdir(path):
        total += Path(path, name).stat().st_size
    return total

class Counter:
    def __init__(self):
        self.total = 0

    def add(self, amount):
        if amount > LIMIT:
            raise ValueError(amount)
        self.total += amount
        return self.total
"""
SETTINGS = """
# where the service listens
[server]
host = "127.0.0.1"
port = 8080
workers = 4

[database]
url = "postgres://localhost/books"
pool_size = 12
timeout: 30
verbose=false
"""
LOG = "\n".join(
    f"2024-03-12 17:{minute:02}:04 INFO worker {minute} has finished the job that was given to it an hour ago."
    for minute in range(30)
)
TABLE = "\n".join(f"{n},Station {n},{n * 3},{n * 7},open" for n in range(30))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (PROGRAM, "program text"),
        (SETTINGS, "settings"),
        (LOG, "a log"),
        (TABLE, "a table"),
        ("\n".join(f"Wort{n}" for n in range(200)), "a menu or a list"),
        ("\n".join("%& 93 §$ 11;; 20 -- //" for _ in range(20)), "numbers, signs"),
        (random.Random(7).randbytes(3000).decode("latin-1"), "numbers, signs"),
    ],
)
def test_what_is_no_article_is_refused_with_its_form(text, why):
    """And its words stay in the receipt, so that importing it all the same loses nothing."""
    assert why in clean(text).refusal


def test_an_article_with_program_text_is_one():
    """What is shown in a text does not make the text."""
    rows = [GERMAN_PAGE[9], *GERMAN[:3], *PROGRAM.strip().split("\n")[:6], *GERMAN[3:]]
    assert clean(rows).refusal == ""


def test_several_articles_are_said_and_the_longest_kept():
    """The words of the others stand in the receipt."""
    first = [GERMAN_PAGE[9], "12. März 2024", *GERMAN]
    cleaned = clean([*first, NEXT, "March 15, 2024", *SECOND])
    assert any("holds 2 articles" in warning for warning in cleaned.warnings)
    assert all(paragraph in cleaned.text for paragraph in GERMAN)
    others = [part.text for part in cleaned.receipt.removed if part.step == "several"]
    assert others == [NEXT, "March 15, 2024", *SECOND]
    assert clean(first).warnings == ()


def test_chapters_of_one_article_are_not_several():
    """What speaks of the same stays together."""
    rows = [GERMAN_PAGE[9], "12. März 2024", *GERMAN, "Der Leuchtturm und sein Hafen", "13. März 2024", *GERMAN[::-1]]
    assert not clean(rows).warnings


def test_a_doubtful_article_is_to_be_looked_over():
    """Below a confidence of a half."""
    cleaned = clean(["Start", "Sport", "Kultur", "", GERMAN[0][:150] + ".", "", "Impressum", "Kontakt"])
    assert cleaned.receipt.confidence < 0.5
    assert not cleaned.refusal
    assert "look it over" in cleaned.warnings[0]


def test_every_line_is_explained_with_its_weight():
    """Kept and removed alike."""
    rows = [row for row in explain_rows(clean(GERMAN_PAGE)) if row.step != "field"]
    assert all(row.weight is not None and 0 <= row.weight <= 1 for row in rows)
    assert {row.text: row.reason for row in rows}["Anzeige"].startswith("advertising marker (")
    assert min(row.weight for row in rows if row.text in GERMAN) > 0.5
