"""Capture → Cleaned: the article, what was removed and why, and whether it is an article at all."""

from __future__ import annotations

from backfile.clean.html import clean_html
from backfile.clean.text import clean_text
from backfile.model import Capture, Cleaned, CleanOptions


def clean_capture(capture: Capture, options: CleanOptions | None = None) -> Cleaned:
    """The article in a capture, with its receipt. Works for HTML and plain text; never raises for what a page says."""
    chosen = options or CleanOptions()
    if capture.media_type in ("text/plain", "text/markdown"):
        return clean_text(capture, chosen)
    return clean_html(capture, chosen)
