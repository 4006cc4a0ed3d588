"""How fast and in how much memory a large web archive is imported, beside FastWARC alone reading it.

    python benchmarks/importing.py [MEGABYTES] [JOBS]

Makes a WARC file of that size: pages of about 100 KB, each with a picture of its own in a record after it, in
record-wise gzip. Prints pages a second for FastWARC alone (read and drop every body), for the importer alone, and for a
whole import into a new site, and the most memory that all processes of the import took together (proportional set size,
so that what they share counts once).
"""

from __future__ import annotations

import gzip
import io
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastwarc.warc import ArchiveIterator
from PIL import Image

from backfile.config import load_site
from backfile.importers import file_source, find_importer
from backfile.model import Capture
from backfile.pipeline import BuildOptions, import_only
from backfile.report import Report

WHO = ("The harbour council", "The mayor of the town", "A group of residents", "Her younger brother", "The court")
DID = ("voted on Tuesday for", "has long argued against", "was asked to pay for", "described in a letter", "delayed")
WHAT = (
    "the new bridge over the river",
    "a plan to fell the old trees",
    "the ferry's last season",
    "a report on floods",
)
WHY = ("because the money ran out", "although few had read it", "before the winter came", "which surprised its critics")


def sentence(rng: random.Random) -> str:
    """One of some thousand sentences."""
    who, did, what, why = (rng.choice(words) for words in (WHO, DID, WHAT, WHY))
    return f"{who} {did} {what}, {why}, in {rng.randint(1990, 2020)}."


def page(rng: random.Random, number: int) -> bytes:
    """A page of about 100 KB: an article among menus, scripts and lists of links."""
    text = "".join(f"<p>{' '.join(sentence(rng) for _ in range(4))}</p>" for _ in range(18))
    links = "".join(f"<li><a href='/story/{n}'>{sentence(rng)[:50]}</a></li>" for n in range(40))
    script = "".join(f"var a{n}={rng.random()};" for n in range(3000))
    shown = f"<figure><img src='/pictures/harbour-{number}.jpg' alt=''><figcaption>The harbour</figcaption></figure>"
    return (
        f"<!doctype html><html lang='en'><head><title>Story {number}</title><script>{script}</script>"
        "<meta property='article:published_time' content='2021-05-05T10:00:00Z'></head>"
        f"<body><nav><ul>{links}</ul></nav><article><h1>Story {number}</h1>{shown}{text}</article>"
        f"<aside><ul>{links}</ul></aside></body></html>"
    ).encode()


def picture(rng: random.Random) -> bytes:
    """A picture of about 150 KB."""
    out = io.BytesIO()
    Image.frombytes("L", (350, 250), rng.randbytes(87_500)).resize((700, 500)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def record(number: int, path: str, kind: str, body: bytes) -> bytes:
    """A response record."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind.encode() + b"\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2021-05-05T10:00:00Z\r\n"
        f"WARC-Target-URI: https://news.example/{path}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 1)


def make_warc(path: Path, megabytes: int) -> int:
    """Write the file; returns how many pages are in it."""
    rng = random.Random(1)
    number = 0
    with path.open("wb") as file:
        while file.tell() < megabytes << 20:
            number += 1
            file.write(record(number, f"story/{number}", "text/html; charset=utf-8", page(rng, number)))
            file.write(record(-number, f"pictures/harbour-{number}.jpg", "image/jpeg", picture(rng)))
    return number


def tree_memory() -> int:
    """Kilobytes of this process and its workers."""
    children = (path.read_text().split() for path in Path("/proc/self/task").glob("*/children"))
    total = 0
    for process in ("self", *(pid for some in children for pid in some)):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has ended
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


@contextmanager
def watched() -> Iterator[list[int]]:
    """Memory, looked at five times a second while the work is done."""
    found: list[int] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.2):
            found.append(tree_memory())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()


def main() -> None:
    """Make the file, then time the three ways."""
    megabytes, jobs = (int(a) for a in (*sys.argv[1:], "200", "2")[:2])
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "backfile.toml").write_text('title = "T"\n')
        path = root / "content/saved/crawl.warc.gz"
        path.parent.mkdir(parents=True)
        pages = make_warc(path, megabytes)
        print(f"{path.stat().st_size >> 20} MB, {pages} pages")

        start = time.perf_counter()
        with path.open("rb") as file:
            for each in ArchiveIterator(file, parse_http=True):
                each.reader.read()
        alone = time.perf_counter() - start
        print(f"FastWARC alone: {alone:.2f} s, {pages / alone:,.0f} pages/s")

        start = time.perf_counter()
        importer, source = find_importer(file_source(path, "x"))
        found = sum(isinstance(item, Capture) for item in importer.items(source))
        read = time.perf_counter() - start
        print(f"importer alone: {read:.2f} s, {found / read:,.0f} pages/s")

        start = time.perf_counter()
        report = Report()
        with watched() as most:
            import_only(load_site(root), BuildOptions(jobs=jobs), report)
        whole = time.perf_counter() - start
        print(f"whole import, {jobs} jobs: {whole:.1f} s, {found / whole:,.1f} pages/s; {dict(report.counts)}")
        print(f"memory: {max(most, default=0) >> 10} MB, all processes")


if __name__ == "__main__":
    main()
