"""What is counted of all lines of a dump at once is what counting line by line gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.cleaning.lexicon import fold, fold_lines
from backfile.cleaning.text.said import say
from backfile.cleaning.text.signs import count_signs
from backfile.cleaning.text.words import headline_words, listed_terms, words_of

LINES = st.lists(st.text("aÄßİz’'09.,、。|·» 한語かK😀…", min_size=1).map(lambda t: " ".join(t.split())).filter(bool))


@given(LINES)
def test_signs(texts):
    """Digits, commas, stops, capitals… of each line."""
    signs = count_signs(texts)
    assert signs.digits.tolist() == [sum(c in "0123456789" for c in t) for t in texts]
    assert signs.commas.tolist() == [t.count(",") + t.count("、") for t in texts]
    assert signs.inner.tolist() == [t.count(". ") + t.count("。") for t in texts]
    assert signs.bars.tolist() == [sum(c in "|·»" for c in t) for t in texts]
    assert signs.dense.tolist() == [t.count("語") + t.count("か") for t in texts]
    assert signs.hangul.tolist() == [t.count("한") for t in texts]
    assert signs.words.tolist() == [len(t.split()) for t in texts]
    assert signs.capitals.tolist() == [sum(word[0].isupper() for word in t.split()) for t in texts]


@given(LINES)
def test_words(texts):
    """Each line's words are those that it has alone."""
    assert [frozenset(words) for words in words_of(texts)] == [headline_words(text) for text in texts]


@given(LINES)
def test_folding(texts):
    """Lines folded together are folded like each of them."""
    assert fold_lines(texts) == [fold(text) for text in texts]


@pytest.mark.parametrize(("line", "credited"), [
    ("Hafen im Nebel. Foto: Anna Licht", True),
    ("Foto : Anna Licht", True),
    ("Diafoto: Anna Licht", False),
    ("Das Foto zeigt es: den Hafen", False),
    ("© Anna Licht", True),
    ("Uhrzeit: 12:30", False),
])  # fmt: skip
def test_a_line_names_the_source_of_a_picture(line, credited):
    """By a word for it, whole and before a colon."""
    assert say([line], [sum(map(str.isdigit, line))], ("de",))[0].credited is credited


def test_what_a_line_without_blanks_is_about_is_told_by_pairs_of_signs():
    """Where words are not set apart."""
    assert listed_terms("港町の議会") == ["港町", "町の", "の議", "議会"]
    assert listed_terms("Der Rat der Stadt plant") == ["stadt", "plant"]
