"""Which capture is this: the name that joins an article to its receipt."""

from __future__ import annotations

import hashlib

from backfile.model import Capture


def capture_id(capture: Capture) -> str:
    """16 hex digits that stand for the capture's bytes and address: the same page saved twice has one id."""
    return hashlib.sha256(capture.data + b"\0" + capture.url.encode("utf-8", "surrogatepass")).hexdigest()[:16]
