"""What text browsers add to a page when they write it out."""

from __future__ import annotations

import pytest
from test_text import GERMAN, clean

from backfile.cleaning.text.dumped import read_dump
from backfile.cleaning.text.lines import read_lines

TITLE = "Rat beschließt Wiederaufbau des alten Leuchtturms"
BODY = "\n\n".join(f"   {paragraph}" for paragraph in GERMAN)
LIST = "References\n\n   1. https://hafen.example/\n   2. https://hafen.example/rat\n   3. mailto:rat@hafen.example\n"


def test_numbers_and_addresses_of_links_are_told_apart_from_the_text():
    """And are in the receipt, every one."""
    cleaned = clean(f"   [1]Start [2]Rat\n\n   {TITLE}\n\n{BODY.replace('Der ', 'Der [3]', 1)}\n\n{LIST}")
    assert cleaned.article.title == TITLE
    assert "[" not in cleaned.text
    removed = {removal.reason: removal.text for removal in cleaned.receipt.removed}
    assert removed["numbers of links"] == "[1] [2] [3]"
    assert removed["addresses of links"] == " ".join(LIST.split())


@pytest.mark.parametrize("text", [
    "Der Rat[1] tagt.[2] Danach[3] baut er.\n\n1. https://a.example\n2. https://b.example\n3. https://c.example",
    "Ein [1]Verweis\n\n1. https://a.example\n2. https://b.example",
    "Ein [1]Verweis\n\n1. Erstens\n2. Zweitens\n3. Drittens",
    f"Ein [1]Verweis\n\n{LIST}\nund Text, der nach der Liste noch weitergeht, bis zum Ende der Seite",
])  # fmt: skip
def test_other_numbers_stay(text):
    """Notes of the author's, lists, and too few addresses."""
    lines, added = read_dump(text)
    assert not added
    assert lines == read_lines(text)


def test_a_number_above_those_of_the_list_stays():
    """And lists of visible and hidden links are one."""
    hidden = LIST + "\n   Hidden links:\n   5. https://hafen.example/x\n"
    lines, added = read_dump(f"[1]Start [2]Rat im Jahr [1887]1887\n\n[4]\n\n{hidden}")
    assert [line.text for line in lines] == ["Start Rat im Jahr [1887]1887"]
    assert "Hidden links: 5." in added[0].text


@pytest.mark.parametrize("mark", ["[svg]", "[IMG]", "[67e240f30c]", "[turm-2.jpg]"])
def test_names_of_pictures_are_no_text(mark):
    """As w3m writes them for pictures without a text."""
    cleaned = clean(f"{TITLE}\n\n{GERMAN[0]}\n\n{mark}\n\n" + "\n\n".join(GERMAN[1:]))
    assert mark not in cleaned.text
    assert mark in [removal.text for removal in cleaned.receipt.removed]


def test_comments_are_told_by_their_form():
    """Three or more of a name with a colon and a time, below the text."""
    comments = "\n\n".join(
        f"{name} sagt:\n12. März 2024, 10:{n}1 Uhr\n{GERMAN[n]}" for n, name in enumerate(("Ida", "Bo", "Ute"))
    )
    cleaned = clean(f"{TITLE}\n\n12.03.2024\n\n{BODY}\n\n{comments}")
    assert cleaned.text.count(GERMAN[0]) == 1
    assert not any(name in cleaned.text for name in ("Ida sagt", "Bo sagt", "Ute sagt"))
