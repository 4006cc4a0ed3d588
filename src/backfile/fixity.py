"""Fixity: digests of what is in `content/`, recorded when it comes, so that damage can be told from then on.

`content/fixity.sha256` is what `sha256sum` writes and checks, in the order of the names; its last line, a comment, is
the digest of all lines before it. It names every file but receipts, which are sealed one by one (`receipts`), and
hidden ones. Articles, pages and profiles are the user's to edit: each run records them anew. Anything else is recorded
once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from backfile.files import asked_twice, write_durable, write_replaceable
from backfile.report import Notice
from backfile.scanning import Seen, look_at, scan

MANIFEST = "fixity.sha256"
LOG = "fixity.log"
_EDITABLE = ("articles/", "pages/", "publishers/")
_RECEIPTS = "receipts/"
_LINE = re.compile(r"(\\?)([0-9a-f]{64})  (.+)")
_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
_BLOCK = 1 << 20
_SOME = 100
"""Files that are recorded one by one; with more of them everything is looked at."""
_GROWN = 1 << 18
"""Bytes of stamps that came later, at most."""
_SUM = 16
"""Hex digits that end a line of the log: of the line before and this one."""

Stamps = dict[str, tuple[int, str]]
_decode_stamps = msgspec.msgpack.Decoder(Stamps).decode
_decode_later = msgspec.json.Decoder(dict[str, tuple[int, str] | None]).decode


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """The recorded digests by path below `content/`."""

    digests: Mapping[str, str] = field(default_factory=dict)
    damaged: bool = False
    """True where the list is not as it was written."""


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes. Raises OSError."""
    return asked_twice(_sha256, path)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def recorded_files(content: Path, notices: list[Notice] | None = None) -> dict[str, Seen]:
    """Every file below `content/` that the list names, or will; what cannot be looked at is said in `notices`."""
    own = (MANIFEST, LOG)
    found = {}
    for top in sorted(content.iterdir()) if content.is_dir() else ():
        if top.is_dir() and not top.is_symlink() and not top.name.startswith(".") and f"{top.name}/" != _RECEIPTS:
            found.update({f"{top.name}/{name}": seen for name, seen in scan(top, notices=notices).items()})
    loose = {path.name: path for path in content.glob("*") if path.is_file() and not path.is_symlink()}
    for name, path in loose.items():
        if name not in own and not name.startswith("."):
            found[name] = Seen(size=path.stat().st_size, stamp="")
    return found


def read_manifest(content: Path) -> Manifest:
    """The recorded digests; none where nothing is recorded yet. Raises OSError."""
    try:
        data = (content / MANIFEST).read_bytes()
    except FileNotFoundError:
        return Manifest()
    lines, mark, seal = data.rpartition(b"# ")
    digests = {}
    damaged = not mark or seal != _seal(lines)
    for line in lines.decode("utf-8", "replace").split("\n")[:-1]:
        found = _LINE.fullmatch(line)
        if found:
            digests[_unescaped(found[3]) if found[1] else found[3]] = found[2]
        damaged |= not found
    return Manifest(digests=digests, damaged=damaged)


def moved_files(content: Path, there: Mapping[str, Seen]) -> dict[str, str]:
    """Recorded files that are gone, of those that only come in → the first of these files with the same bytes.

    What cannot be read is none of them. Raises OSError where the list cannot be read.
    """
    digests = read_manifest(content).digests
    gone = {name: digest for name, digest in digests.items() if name not in there and not _editable(name)}
    wanted = set(gone.values())
    found: dict[str, str] = {}
    for name in sorted(there) if gone else ():
        with suppress(OSError):
            digest = digests.get(name) or digest_of(content / name)
            if digest in wanted:
                found.setdefault(digest, name)
    return {name: found[digest] for name, digest in gone.items() if digest in found}


def record(content: Path, cache: Path) -> None:
    """Bring the list up to date with `content/`; `cache` remembers which files need not be read again. Raises OSError.

    A damaged list stays as it is, for `verify` to tell; so does one that may not be written.
    """
    manifest = read_manifest(content)
    if manifest.damaged:
        return
    unseen: list[Notice] = []
    found = recorded_files(content, unseen)
    if any(notice.level == "error" for notice in unseen):  # the disk may have failed for a moment
        unseen.clear()
        found = recorded_files(content, unseen)
    keep_all = any(notice.level == "error" for notice in unseen)
    known = _read_stamps(cache)
    digests = {n: digest for n, digest in manifest.digests.items() if n in found or keep_all or not _editable(n)}
    for name, seen in found.items():
        if name in digests and (not _editable(name) or (seen.stamp and known.get(name) == (seen.size, seen.stamp))):
            continue
        for _ in range(2):  # the disk may have failed for a moment
            with suppress(OSError):  # it is said where the file is needed
                digests[name] = digest_of(content / name)
                break
    if digests != manifest.digests and not _write_rows(content, _rows(digests)):
        return
    stamps = {name: (seen.size, seen.stamp) for name, seen in found.items() if _editable(name)}
    if stamps != known or _later(cache).exists():
        write_replaceable(cache, msgspec.msgpack.encode(stamps))
        _later(cache).unlink(missing_ok=True)


def record_some(content: Path, cache: Path, names: Sequence[str]) -> bool:
    """Record articles and pages that changed or went, as `record` would; False where that takes a look at everything.

    Raises OSError.
    """
    try:
        rows = bytearray((content / MANIFEST).read_bytes())
    except FileNotFoundError:
        return False
    grown = _later(cache).exists() and _later(cache).stat().st_size > _GROWN
    end_of_rows = max(rows.rfind(b"# "), 0)
    seal = bytes(rows[end_of_rows + 2 :])
    del rows[end_of_rows:]
    if grown or seal != _seal(rows) or len(names) > _SOME:
        return False
    stamps: dict[str, tuple[int, str] | None] = {}
    for name in names:
        seen = look_at(content / name)
        try:
            new = _row(name, digest_of(content / name)) if seen else b""
        except OSError:  # it is said where the file is needed
            continue
        start, end = _place(rows, name)
        rows[start:end] = new
        stamps[name] = (seen.size, seen.stamp) if seen else None
    if _write_rows(content, rows):
        with _later(cache).open("ab") as file:
            file.write(b"\n" + msgspec.json.encode(stamps) + b"\n")
    return True


def _place(rows: bytearray, name: str) -> tuple[int, int]:
    """Where the row of a name stands in the list, or nothing where it would: the rows are in order of their names."""
    low, high = 0, len(rows)
    while low < high:
        start = max(rows.rfind(b"\n", low, (low + high) // 2) + 1, low)
        end = rows.index(b"\n", start) + 1
        found = _name(bytes(rows[start : end - 1]))
        if found == name:
            return start, end
        low, high = (end, high) if found < name else (low, start)
    return low, low


def _rows(digests: Mapping[str, str]) -> bytes:
    return b"".join(_row(name, digests[name]) for name in sorted(digests))


def _row(name: str, digest: str) -> bytes:
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n")
    return f"{chr(92) if escaped != name else ''}{digest}  {escaped}\n".encode()


def _name(row: bytes) -> str:
    escaped = row.partition(b"  ")[2].decode()
    return _unescaped(escaped) if row.startswith(b"\\") else escaped


def _write_rows(content: Path, data: bytes | bytearray) -> bool:
    """False where nothing may be written there."""
    try:
        write_durable(content / MANIFEST, b"".join((data, b"# ", _seal(data))))
    except OSError as error:
        if error.errno in _NOT_ALLOWED:
            return False
        raise
    return True


def accept(content: Path, names: Iterable[str]) -> None:
    """Record these files as they are now, or that they are gone. Raises OSError."""
    digests = dict(read_manifest(content).digests)
    for name in names:
        if (content / name).is_file():
            digests[name] = digest_of(content / name)
        else:
            digests.pop(name, None)
    if not _write_rows(content, _rows(digests)):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(content / MANIFEST))


def recorded_sizes(cache: Path) -> dict[str, int]:
    """The sizes that articles and pages had when they were recorded, as far as they are known."""
    return {name: size for name, (size, _) in _read_stamps(cache).items()}


def append_log(content: Path, words: str) -> None:
    """Add a dated line to the log; its last word is a digest of the line before and this one. Raises OSError."""
    try:
        before = (content / LOG).read_bytes()
    except FileNotFoundError:
        before = b""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    when = datetime.fromtimestamp(int(epoch) if epoch.isdecimal() else time.time(), UTC)
    line = f"{when:%Y-%m-%dT%H:%M:%SZ} {words}".encode()
    last = before.removesuffix(b"\n").rpartition(b"\n")[2]
    write_durable(content / LOG, before + line + b" " + _sum(last, line) + b"\n")


def damaged_log_lines(content: Path) -> list[int]:
    """The numbers of the log's lines that are not as they were written. Raises OSError."""
    try:
        lines = (content / LOG).read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    pairs = zip([b"", *lines], lines[:-1], strict=False)
    wrong = [n for n, (last, line) in enumerate(pairs, 1) if line[-_SUM:] != _sum(last, line[: -_SUM - 1])]
    return [*wrong, len(lines)] if lines[-1] else wrong


def _editable(name: str) -> bool:
    return name.startswith(_EDITABLE)


def _later(cache: Path) -> Path:
    """The file beside the cache with what came later: a few stamps are added to it, not the whole written anew."""
    return cache.with_suffix(".later")


def _read_stamps(cache: Path) -> Stamps:
    try:
        stamps = _decode_stamps(cache.read_bytes())
        later = _later(cache).read_bytes().split(b"\n") if _later(cache).exists() else []
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    for line in filter(None, later):
        try:
            changes = _decode_later(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):  # written in part: those files are read again
            continue
        stamps.update({name: seen for name, seen in changes.items() if seen})
        for name in (name for name, seen in changes.items() if not seen):
            stamps.pop(name, None)
    return stamps


def _seal(data: bytes | bytearray) -> bytes:
    return hashlib.sha256(data).hexdigest().encode() + b"\n"


def _sum(last: bytes, line: bytes) -> bytes:
    return hashlib.sha256(last + b"\n" + line).hexdigest()[:_SUM].encode()


def _unescaped(name: str) -> str:
    return re.sub(r"\\([\\n])", lambda found: "\n" if found[1] == "n" else "\\", name)
