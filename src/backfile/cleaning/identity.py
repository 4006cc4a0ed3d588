"""Which capture is this: the name that joins an article to its receipt, and what a receipt says of the capture."""

from __future__ import annotations

import hashlib

from backfile.model import Capture, Receipt
from backfile.version import __version__


def capture_id(capture: Capture) -> str:
    """16 hex digits that stand for the capture's bytes and address: the same page saved twice has one id."""
    return _with_address(hashlib.sha256(capture.data), capture.url)


def capture_receipt(capture: Capture, encoding: str) -> Receipt:
    """What every receipt says of its capture, read in this encoding; nothing yet of what was kept or removed."""
    digest = hashlib.sha256(capture.data)
    return Receipt(
        id=_with_address(digest.copy(), capture.url),
        origin=capture.origin,
        member=capture.member,
        sha256=digest.hexdigest(),
        size=len(capture.data),
        media_type=capture.media_type,
        encoding=encoding,
        url=capture.url,
        captured=capture.captured,
        cleaned_by=__version__,
    )


def _with_address(digest: hashlib._Hash, url: str) -> str:
    digest.update(b"\0" + url.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]
