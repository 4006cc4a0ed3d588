"""The accent colour: any of CSS's, and always readable."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.colours import accent_style

PAPERS = ("#f4f1e8", "#1e2025")


def luminance(text: str) -> float:
    """WCAG 2.2 relative luminance, after its text."""
    parts = [int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@given(st.integers(0, 0xFFFFFF))
def test_text_in_the_accent_can_be_read_on_both_papers(number: int) -> None:
    colours = re.findall(r"#[0-9a-f]{6}", accent_style(f"#{number:06x}"))
    for colour, paper in zip(colours, PAPERS, strict=True):
        dark, light = sorted((luminance(colour), luminance(paper)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_readable_colour_stays_as_it_is() -> None:
    assert accent_style("#8B1A1A").startswith("light-dark(#8b1a1a, ")
    assert accent_style("navy").startswith("light-dark(#000080, ")
    assert accent_style("#036").startswith("light-dark(#003366, ")


@pytest.mark.parametrize("text", ["", "reddish", "#12", "#1234567", "rgb(1 2 3", "red; }", "url(x)", "rgb(1)(2)}"])
def test_what_is_no_colour_gives_nothing(text: str) -> None:
    assert accent_style(text) == ""


@pytest.mark.parametrize("text", ["rgb(1 2 3 / 50%)", "oklch(60% 0.15 50)", "light-dark(#036, #9cf)"])
def test_functions_stay(text: str) -> None:
    assert accent_style(text) == text
