"""Which capture is this: the name that joins an article to its receipt, and what a receipt says of the capture."""

from __future__ import annotations

import hashlib

from backfile.model import Capture, Receipt
from backfile.version import __version__


def capture_id(capture: Capture) -> str:
    """16 hex digits that stand for the capture's bytes and address: the same page saved twice has one id."""
    return hashlib.sha256(capture.data + b"\0" + capture.url.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def capture_receipt(capture: Capture, encoding: str) -> Receipt:
    """What every receipt says of its capture, read in this encoding; nothing yet of what was kept or removed."""
    return Receipt(
        id=capture_id(capture),
        origin=capture.origin,
        member=capture.member,
        sha256=hashlib.sha256(capture.data).hexdigest(),
        size=len(capture.data),
        media_type=capture.media_type,
        encoding=encoding,
        url=capture.url,
        captured=capture.captured,
        cleaned_by=__version__,
    )
