"""The accent colour: any that CSS knows, made darker or lighter until text in it can be read on the theme's paper.

Contrast is that of WCAG 2.2 (relative luminance); the bar is 4.5 to 1.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_FUNCTION = re.compile(r"(?:rgb|hsl|hwb|lab|lch|oklab|oklch|light-dark)\([-#\w\s.,%/()]{1,120}\)")
_LIGHT, _DARK = (0xF4, 0xF1, 0xE8), (0x1E, 0x20, 0x25)
"""The theme's `--wash` by day and by night: the harder of its two papers."""
_LEAST = 4.5
_STEPS = 20

Colour = tuple[int, int, int]


def accent_style(accent: str) -> str:
    """The value of `--accent`, safe in a style sheet; empty where there is no colour or none that CSS knows.

    A colour by number or name gives two, one for each paper; a function of CSS stays as it is.
    """
    text = accent.strip().lower()
    known = _names().get(text, text)
    if _HEX.fullmatch(known):
        colour = _parse(known)
        return f"light-dark({_readable(colour, _LIGHT)}, {_readable(colour, _DARK)})"
    return text if _FUNCTION.fullmatch(text) and text.count("(") == text.count(")") else ""


def _readable(colour: Colour, paper: Colour) -> str:
    """The colour, mixed with black or white as far as it takes."""
    end = (0, 0, 0) if _luminance(paper) > 0.5 else (255, 255, 255)
    mixed = (_mix(colour, end, step / _STEPS) for step in range(_STEPS + 1))
    red, green, blue = next(each for each in mixed if _contrast(each, paper) >= _LEAST)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _parse(text: str) -> Colour:
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def _names() -> dict[str, str]:
    return tomllib.loads(files("backfile").joinpath("colours.toml").read_text("utf-8"))
