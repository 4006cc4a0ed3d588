"""The built site → any address that fsspec knows (`s3://…`, `gs://…`, `sftp://…`): only what changed is sent.

A record of what was sent lies at the address. It is written before the files and after them, so that whatever a killed
run has sent is known to be ours, and nothing else is ever removed.
"""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec

from backfile.catalog import read_catalog
from backfile.config import Site
from backfile.files import write_replaceable
from backfile.pipeline import BuildOptions, build_site, locked
from backfile.report import Report, SiteError
from backfile.site import stage_of
from backfile.stores import failures, join, read_file, system_of, write_file
from backfile.workers import chunks

RECORD = ".backfile-site.json.gz"
"""Path → digest of every file of ours at the address; the digest is empty where it was under way."""
_AT_ONCE = 64
"""Files sent side by side, where the store can."""
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".webmanifest": "application/manifest+json",
}
"""What stores tell browsers, where Python's own table has nothing or less."""

Digests = dict[str, str]


def build_at(site: Site, address: str, options: BuildOptions, report: Report) -> None:
    """Build the site on this machine, and bring an address to it. With `force` every file is sent.

    Raises SiteError for an address that holds what is not ours or cannot be reached, and as `build_site` does.
    """
    with _told(address):
        system, path = system_of(address)
        if system.protocol[0] == "file" and site.overlaps(Path(path)):
            raise SiteError(f"{address} is where the archive itself is kept. Name another place with --out")
        system.invalidate_cache()
        claimed(address)
    build_site(site, options, report)
    with locked(site, recorded=False), read_catalog(site.catalog) as catalog, _told(address):
        pages, built = catalog.outputs(), options.out or site.build
        now = _digests(built, site.cache / "sent.json", pages)
        there = claimed(address)
        sent = [path for path in now if options.force or there.get(path) != now[path]]
        gone = sorted(there.keys() - now.keys())
        if sent or gone:
            _note(address, {**there, **dict.fromkeys(sent, "")})
            order = sorted((stage_of(pages[path][0]), path) for path in sent)
            _send(built, address, order, partial(options.progress, "Sending"))
            _remove(address, gone)
            _note(address, now)
    report.count("sent", len(sent))
    report.count("removed there", len(gone))


@contextmanager
def _told(address: str) -> Iterator[None]:
    try:
        yield
    except failures() as error:
        what = f"{address}: {error or type(error).__name__}. Look at the address and your credentials"
        raise SiteError(f"{what}, then run the same command again") from error


def claimed(address: str) -> Digests:
    """What we have at an address; nothing where it is empty or absent.

    Raises SiteError where it holds something that Backfile did not send, OSError where it cannot be reached.
    """
    data = read_file(join(address, RECORD))
    if data is not None:
        try:
            return msgspec.json.decode(gzip.decompress(data), type=Digests)
        except (OSError, EOFError, msgspec.DecodeError) as error:
            raise SiteError(f"{address} has a damaged {RECORD}. Empty the place, or name another one") from error
    system, path = system_of(address)
    try:
        foreign = bool(system.ls(path, detail=False))
    except FileNotFoundError:
        foreign = False
    if system.async_impl and not system.exists(path.partition("/")[0]):
        raise SiteError(f"{address}: there is no bucket of that name. Make it, or name another one with --out")
    if foreign:
        raise SiteError(f"{address} holds files that Backfile did not send. Empty it, or name another place with --out")
    return {}


def _note(address: str, digests: Digests) -> None:
    write_file(join(address, RECORD), gzip.compress(msgspec.json.encode(digests, order="sorted"), 6, mtime=0))


def _digests(built: Path, kept: Path, paths: Iterable[str]) -> Digests:
    """The digest of each built file; one is read only where its size or time is another than when it was last read."""
    memo = _remembered(kept)
    seen: dict[str, tuple[int, int, str]] = {}
    for path in paths:
        file = built / path
        stat = file.stat()
        size, time, digest = memo.get(path, (0, 0, ""))
        if not digest or (size, time) != (stat.st_size, stat.st_mtime_ns):
            digest = blake2b(file.read_bytes(), digest_size=12).hexdigest()
        seen[path] = (stat.st_size, stat.st_mtime_ns, digest)
    if seen != memo:
        write_replaceable(kept, msgspec.json.encode(seen))
    return {path: digest for path, (_, _, digest) in seen.items()}


def _remembered(kept: Path) -> dict[str, tuple[int, int, str]]:
    try:
        return msgspec.json.decode(kept.read_bytes(), type=dict[str, tuple[int, int, str]])
    except (FileNotFoundError, msgspec.DecodeError):
        return {}


def _send(built: Path, address: str, files: Sequence[tuple[int, str]], told: Callable[[int, int], None]) -> None:
    """Send files, given as (stage, path): those of a stage are there before the next begins."""
    for suffix, kind in _TYPES.items():
        mimetypes.add_type(kind, suffix)
    system, top = system_of(address)
    made: set[str] = set()
    done = 0
    for _, same in groupby(files, key=itemgetter(0)):
        for some in chunks([path for _, path in same], _AT_ONCE):
            there = [join(top, path) for path in some]
            folders = {path.rpartition("/")[0] for path in there} - made
            _make_folders(system, folders)
            made |= folders
            system.put([str(built / path) for path in some], there)
            done += len(some)
            told(done, len(files))


def _make_folders(system: Any, folders: Iterable[str]) -> None:
    """Where there are folders at all: a store that sends files side by side has none."""
    if not system.async_impl:
        for folder in sorted(folders):
            system.makedirs(folder, exist_ok=True)


def _remove(address: str, paths: Sequence[str]) -> None:
    system, top = system_of(address)
    for some in chunks([join(top, path) for path in paths], 1000):
        try:
            system.rm(list(some))
        except FileNotFoundError:  # one of them went by other hands
            for path in some:
                if system.exists(path):
                    system.rm_file(path)
