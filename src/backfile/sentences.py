"""The sentences of a text, and the few by which copies of it are found.

Copies of a dispatch share whole sentences, whatever an outlet puts before, after or between them. Kept of each text are
the sentences with the smallest digests: two texts that share sentences share their smallest too (bottom-k sketch;
Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import re
from hashlib import blake2b

PRINTS = 12
"""Sentences kept of a text."""

_NOISE = " \u00a0\u202f\t\"'“”„«»‹›‘’‚–—-,;:*_=\\()"
"""Signs that outlets set each in their own way. Taking them out one by one is the fastest way."""
_END = re.compile(r"[\n.!?…。！？]+")
_ADDRESS = re.compile(r"\]\([^()\n]*\)")
_LEAST = 40
_LEAST_DENSE = 16
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f\uac00-\ud7af]")


def sentences(body: str) -> set[str]:
    """The sentences of a body that are long enough to be nobody else's, as little more than their letters.

    A number with a point cuts a sentence too: the same in every copy.
    """
    text = _ADDRESS.sub("", body) if "](" in body else body
    for sign in _NOISE:
        text = text.replace(sign, "")
    parts = _END.split(text.casefold())
    return {part for part in parts if len(part) >= _LEAST or (len(part) >= _LEAST_DENSE and _DENSE.search(part))}


def sentence_prints(body: str) -> tuple[int, ...]:
    """The smallest digests of a body's sentences, in order: numbers of 48 bits."""
    digests = {
        int.from_bytes(blake2b(letters.encode("utf-8", "replace"), digest_size=6).digest())
        for letters in sentences(body)
    }
    return tuple(sorted(digests)[:PRINTS])
