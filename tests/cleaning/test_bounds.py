"""The time that a page takes: in proportion to its size, and for the largest no more than seconds of CPU."""

from __future__ import annotations

import time

import pytest

from backfile.cleaning.clean import clean_capture
from backfile.model import Capture, Cleaned, CleanOptions

_SAID = "<p>The tables {n} are read before the clock runs, and nobody in the room has said a single word about it.</p>"
_SHORT = "".join(_SAID.format(n=n) for n in range(5))
_GENEROUS = 10.0


def _cleaned(markup: str) -> tuple[Cleaned, float]:
    start = time.process_time()
    cleaned = clean_capture(Capture(data=markup.encode()), CleanOptions(profiles=False))
    return cleaned, time.process_time() - start


def _words(cleaned: Cleaned) -> int:
    told = "\n".join((cleaned.text, *(removal.text for removal in cleaned.receipt.removed)))
    return len(told.split())


@pytest.mark.parametrize(
    "markup",
    [
        "<article>" + "".join(_SAID.format(n=n) for n in range(40_000)) + "</article>",
        "<article>" + _SAID * 40_000 + "</article>",
        "<div>some words here</div>" * 40_000,
        "<article>" + _SHORT + "<ul>" + "<li>a word and more of them</li>" * 40_000 + "</ul></article>",
    ],
    ids=["paragraphs", "one paragraph again and again", "boxes", "items"],
)
def test_pages_of_many_blocks_take_seconds_and_lose_nothing(markup: str) -> None:
    cleaned, seconds = _cleaned(f"<body>{markup}</body>")
    assert seconds < _GENEROUS
    assert _words(cleaned) == len(markup.replace("<", " <").replace(">", "> ").split()) - markup.count("<")


def test_an_article_ends_after_ten_thousand_blocks() -> None:
    cleaned, _ = _cleaned("<article>" + "".join(_SAID.format(n=n) for n in range(12_000)) + "</article>")
    assert cleaned.text.count("\n") + 1 == 10_000
    assert [(r.step, r.reason, r.text.count("\n") + 1) for r in cleaned.receipt.removed] == [
        ("chrome", "beyond the longest article", 2_000)
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "".join(f"<figure><img src=a-photo-of-{n}.jpg><figcaption>A man</figcaption></figure>" for n in range(3000)),
        "".join(f"<img src=a-photo-of-{n}.jpg>{_SAID.format(n=n)}" for n in range(3000)),
        "<div>word <img src=a-photo.jpg>" * 240,
        "<p>" + "<span>word " * 1900,
        "<div>" * 50_000 + _SHORT,
        "one line <br><br>" * 20_000,
        "<div itemprop=author class=author><span itemprop=name property=name>Jane Doe</span></div>" * 20_000,
    ],
    ids=[
        "figures",
        "pictures and text",
        "nested pictures",
        "nested spans",
        "nested boxes",
        "line breaks",
        "marked names",
    ],
)
def test_no_shape_of_markup_takes_longer_than_its_size(markup: str) -> None:
    _, seconds = _cleaned(f"<body><article>{_SHORT}{markup}{_SHORT}</article></body>")
    assert seconds < _GENEROUS
