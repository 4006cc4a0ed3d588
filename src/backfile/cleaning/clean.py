"""Capture → Cleaned: the article, what was removed and why, and whether it is an article at all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from backfile.cleaning.html import clean_html
from backfile.model import Capture, Cleaned, CleanOptions


def clean_capture(capture: Capture, options: CleanOptions | None = None) -> Cleaned:
    """The article in a capture, with its receipt. Works for HTML and plain text; never raises for what a page says."""
    chosen = options or CleanOptions()
    is_text = capture.media_type in ("text/plain", "text/markdown")
    with _uncollected():
        cleaned = _clean_dump(capture, chosen) if is_text else clean_html(capture, chosen)
    lines = (" ".join(line.split()) for line in cleaned.text.split("\n"))
    return replace(cleaned, text="\n".join(line for line in lines if line))


def _clean_dump(capture: Capture, options: CleanOptions) -> Cleaned:
    """The same for text: its numbers need NumPy, which pages of HTML do without."""
    from backfile.cleaning.text import clean_text

    return clean_text(capture, options)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for unreachable cycles between pages, not amid one, whose tree grows and is all in use."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
