"""Receipts on disk: `content/receipts/ab/abcdef….json`, one a capture, named by the capture's id.

Each ends in a seal, the digest of all bytes before it: a receipt that was damaged, or edited, is not believed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from backfile.files import asked_twice, write_durable
from backfile.model import Choice, Receipt, Said
from backfile.report import ReadError

_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A change that a killed run may have done or not: the file's own bytes tell."""

    base: str
    """`markdown` before the change."""
    sha256: str
    """Of the file after it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredReceipt:
    """A receipt with what became of the capture."""

    article: str
    """The article's file below `content/articles/` as the machine named it."""
    markdown: str
    """The whole text of that file as the machine wrote it: the base for merging later edits."""
    receipt: Receipt
    said: tuple[Said, ...] = ()
    """What the page and lists say of it, where there are several sources (`sources.py`)."""
    choices: tuple[Choice, ...] = ()
    """What the user put back or took out, in order."""
    change: Change | None = None
    """A change of the article's file that is under way."""


_UNSAID = msgspec.to_builtins({"said": (), "choices": (), "change": None})
_decode = msgspec.json.Decoder(StoredReceipt).decode
_SEAL, _END = b',\n "seal": "', b'"\n}\n'


def receipt_path(folder: Path, capture_id: str) -> Path:
    """The file of a receipt. Raises ReadError for an id that is none, as a hand-edited file may have."""
    if not _ID.fullmatch(capture_id):
        raise ReadError(f"`{capture_id[:40]}` is not the id of a receipt")
    return folder / capture_id[:2] / f"{capture_id}.json"


def write_receipt(folder: Path, stored: StoredReceipt) -> None:
    """Keep a receipt. Raises OSError."""
    fields = {name: value for name, value in msgspec.to_builtins(stored).items() if value != _UNSAID.get(name)}
    data = msgspec.json.format(msgspec.json.encode(fields), indent=1)
    text = data.removesuffix(b"\n}")
    write_durable(receipt_path(folder, stored.receipt.id), text + _SEAL + _digest(text) + _END)


def read_stored(folder: Path, capture_id: str) -> StoredReceipt | None:
    """A receipt with what became of the capture; None where there is none. Raises ReadError where it is damaged."""
    path = receipt_path(folder, capture_id)
    try:
        data = asked_twice(Path.read_bytes, path)
        if not is_sealed(data):
            raise ReadError(f"{path}: the receipt is not as it was written. Put it back from a copy")
        return _decode(data)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: the receipt cannot be read ({error}). Put it back from a copy") from error


def read_receipt(folder: Path, capture_id: str) -> Receipt | None:
    """A receipt, or None where it is missing or damaged: a page is still a page without it."""
    try:
        stored = read_stored(folder, capture_id)
    except ReadError:
        return None
    return stored.receipt if stored else None


def is_sealed(data: bytes) -> bool:
    """Whether a receipt's bytes are those that were written."""
    text, seal, rest = data.rpartition(_SEAL)
    return bool(seal) and rest == _digest(text) + _END


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()
