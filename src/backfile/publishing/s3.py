"""Publishing to a bucket of S3, or of what speaks like it, with s3fs."""

from __future__ import annotations

import hashlib
import mimetypes
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from backfile.publishing.tools import check_deletable
from backfile.report import Report, SiteError
from backfile.scanning import scan
from backfile.site import MARK

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    # Files of the search index are UTF-16 and say so themselves.
    ".js": "text/javascript",
    ".json": "application/json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
_AT_ONCE = 64
"""Files sent side by side."""


def send_to_s3(folders: Sequence[Path], target: str, report: Report, *, delete: bool, dry: bool) -> None:
    """Bring a bucket, or what is below a prefix in it, to the files of the folders. Raises SiteError.

    An object whose ETag is the MD5 of the file is left as it is. Assets go first, then pages, then lists; what is
    removed goes last.
    """
    try:
        import s3fs  # an extra
        from botocore.exceptions import BotoCoreError
    except ImportError as error:
        raise SiteError("publishing to S3 takes s3fs. Install it: pip install 'backfile[s3]'") from error
    place = target.removeprefix("s3://").strip("/")
    if not place:
        raise SiteError("s3:// needs a bucket. Write it like s3://bucket/folder")
    files = {f"{place}/{name}": folder / name for folder in folders for name in (*scan(folder), *_mark(folder))}
    try:
        store = s3fs.S3FileSystem(use_listings_cache=False)
        there = {key: str(found.get("ETag", "")).strip('"') for key, found in store.find(place, detail=True).items()}
        changed = [key for key, path in files.items() if there.get(key) != _md5(path)]
        if delete:
            check_deletable({key.removeprefix(f"{place}/") for key in there}, target)
        gone = sorted(there.keys() - files.keys()) if delete else []
        if not dry:
            _send(store, {key: files[key] for key in sorted(changed, key=_rank)})
            for some in _slices(gone, 1000):
                store.rm(some)
    except (OSError, BotoCoreError) as error:
        raise SiteError(
            f"{target}: {error}. Look at the bucket's name, your credentials and AWS_ENDPOINT_URL"
        ) from error
    report.count("sent", len(changed))
    report.count("removed there", len(gone))


def _mark(folder: Path) -> tuple[str, ...]:
    return (MARK,) if (folder / MARK).exists() else ()


def _send(store: Any, files: dict[str, Path]) -> None:
    by_kind: defaultdict[tuple[int, str, str], list[str]] = defaultdict(list)
    for key in files:
        by_kind[(_rank(key)[0], *_kind(key))].append(key)
    for (_, kind, encoding), keys in by_kind.items():
        said = {"ContentType": kind, **({"ContentEncoding": encoding} if encoding else {})}
        for some in _slices(keys, _AT_ONCE):
            store.pipe({key: files[key].read_bytes() for key in some}, **said)


def _kind(key: str) -> tuple[str, str]:
    """Media type and encoding of a file by its name."""
    encoding = {".gz": "gzip", ".br": "br"}.get(Path(key).suffix, "")
    name = Path(key).with_suffix("") if encoding else Path(key)
    kind = _TYPES.get(name.suffix) or mimetypes.guess_type(name.name, strict=False)[0] or "application/octet-stream"
    return kind, encoding


def _rank(key: str) -> tuple[int, str]:
    return (0 if not key.endswith(".html") else 2 if key.endswith("/index.html") else 1, key)


def _slices(keys: Iterable[str], size: int) -> Iterable[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, size)):
        yield some


def _md5(path: Path) -> str:
    """What S3 names an object's bytes by; nothing is trusted to it."""
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
