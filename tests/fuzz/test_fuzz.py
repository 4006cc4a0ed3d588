"""A short run of the fuzz targets: seeds, and seeds with a few bytes changed."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import TARGETS

ROUNDS = 60
PIECES = [
    b"<",
    b">",
    b'"',
    b"\0",
    b"\xff\xfe",
    b"---\n",
    b"{",
    b"[",
    b"&#0;",
    b"<svg>",
    b"\xed\xa0\x80",
    b"\r",
    b"9" * 30,
]


def changed(seed: bytes, dice: random.Random) -> bytes:
    data = bytearray(seed)
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(data) + 1)
        what = dice.randrange(4)
        if what == 0:
            data[at:at] = dice.choice(PIECES)
        elif what == 1:
            del data[at : at + dice.randint(1, 40)]
        elif what == 2 and at < len(data):
            data[at] = dice.randrange(256)
        else:
            start = dice.randrange(len(data) + 1)
            data[at:at] = data[start : start + dice.randint(1, 60)]
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_what_is_like_them(name):
    dice = random.Random(name)
    for seed in SEEDS[name]:
        TARGETS[name](b"\x01" + seed if name in ("importers", "cleaner") else seed)
        for _ in range(ROUNDS // len(SEEDS[name]) + 1):
            TARGETS[name](bytes([dice.randrange(256)]) + changed(seed, dice))


FOUND = {
    "importers": [b"\x04<rss><channel><:/><item><title>A</title></item></channel></rss>"],
    "front_matter": [b"title: a\ntags:\n  - \nad: true\n"],
}
"""What broke a law once."""


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found(name):
    for data in FOUND[name]:
        TARGETS[name](data)
