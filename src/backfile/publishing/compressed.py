"""Files of text → `.gz` and `.br` of them, for servers that give out what was compressed before."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it comes without type hints

from backfile.files import sweep
from backfile.scanning import scan

_TEXT = (".html", ".css", ".js", ".json", ".xml", ".svg", ".txt")
_LEAST = 1024
"""Bytes below which compressing gains nothing."""


def compress_into(site: Path, folder: Path) -> Path:
    """Bring `folder` to the compressed files of a built site, and return it. The same bytes give the same bytes.

    A file is made anew where the time of its source is another than it was. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    wanted = set()
    for name in filter(lambda name: name.endswith(_TEXT), scan(site)):
        source = site / name
        stat = source.stat()
        if stat.st_size < _LEAST:
            continue
        for suffix in (".gz", ".br"):
            wanted.add(f"{name}{suffix}")
            path = folder / f"{name}{suffix}"
            if not path.exists() or path.stat().st_mtime_ns != stat.st_mtime_ns:
                path.parent.mkdir(parents=True, exist_ok=True)
                data = source.read_bytes()
                small = gzip.compress(data, 9, mtime=0) if suffix == ".gz" else brotli.compress(data, quality=9)
                path.write_bytes(small)
                os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    for name in set(scan(folder)) - wanted:
        (folder / name).unlink()
    return folder
