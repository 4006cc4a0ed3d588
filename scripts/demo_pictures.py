"""Pictures for the demo, drawn by program: views of a coast that does not exist."""

from __future__ import annotations

import random
from io import BytesIO

from PIL import Image, ImageDraw

SIZES = ((1600, 1000), (1200, 1200), (1000, 1500), (2000, 700))
SKIES = (("#f6c9a0", "#7fa3c7"), ("#dfe7ee", "#8fa9bf"), ("#f2e3c2", "#d98f6c"), ("#26314a", "#0d1220"))


def draw(number: int) -> bytes:
    """A picture as PNG; the same number always gives the same one."""
    chance = random.Random(number)
    width, height = SIZES[number % len(SIZES)]
    low, high = SKIES[number // len(SIZES) % len(SKIES)]
    picture = Image.new("RGB", (width, height), low)
    pen = ImageDraw.Draw(picture)
    horizon = int(height * chance.uniform(0.5, 0.65))
    for y in range(horizon):
        pen.line((0, y, width, y), fill=_between(high, low, y / horizon))
    radius = height // 12
    sun = (chance.randint(radius, width - radius), chance.randint(radius, horizon - radius))
    pen.ellipse((sun[0] - radius, sun[1] - radius, sun[0] + radius, sun[1] + radius), fill="#fff2cf")
    for y in range(horizon, height):
        pen.line((0, y, width, y), fill=_between("#3d6a7d", "#16303c", (y - horizon) / (height - horizon)))
    ridge = [(x, horizon - chance.randint(0, height // 9)) for x in range(0, width + 80, 80)]
    pen.polygon([(0, horizon), *ridge, (width, horizon)], fill="#2c3a3a")
    _lighthouse(pen, chance.randint(width // 6, width * 5 // 6), horizon, height)
    for _ in range(chance.randint(1, 4)):
        _boat(pen, chance.randint(60, width - 60), chance.randint(horizon + 20, height - 40), height // 30)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _lighthouse(pen: ImageDraw.ImageDraw, x: int, horizon: int, height: int) -> None:
    tall, wide = height // 3, height // 24
    for stripe in range(5):
        top, bottom = horizon - tall + stripe * tall // 5, horizon - tall + (stripe + 1) * tall // 5
        pen.rectangle((x - wide, top, x + wide, bottom), fill="#f4f1e8" if stripe % 2 else "#8b1a1a")
    pen.rectangle((x - wide * 2 // 3, horizon - tall - wide, x + wide * 2 // 3, horizon - tall), fill="#fff2cf")


def _boat(pen: ImageDraw.ImageDraw, x: int, y: int, size: int) -> None:
    pen.polygon(
        [(x - size, y), (x + size, y), (x + size // 2, y + size // 2), (x - size // 2, y + size // 2)], "#1b1b1b"
    )
    pen.polygon([(x, y - 2), (x, y - 2 * size), (x + size, y - 2)], fill="#f4f1e8")


def _between(one: str, other: str, share: float) -> tuple[int, int, int]:
    first, second = (bytes.fromhex(colour[1:]) for colour in (one, other))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue
