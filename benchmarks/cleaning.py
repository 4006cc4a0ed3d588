"""Quality and speed of the cleaner beside other extractors, on a folder of labelled pages.

    python benchmarks/cleaning.py --corpus ../shared/corpus [--peers PYTHON] [--sets aeb,fundus] [--limit 50]

PYTHON is an interpreter with trafilatura, readability-lxml, newspaper4k and resiliparse (or set BACKFILE_PEERS);
without it only Backfile is measured. CORPUS holds `gold.jsonl`, `score.py` and the pages. `parses` is CPU time against
lxml's parse of the same pages, in the same process. Publisher profiles are off.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import json
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import lxml.html

from backfile.cleaning.clean import clean_capture
from backfile.model import Capture, CleanOptions

PEERS = ("trafilatura", "readability-lxml", "newspaper4k", "resiliparse")
COLUMNS = ("F1", "lcs", "bag", "sF1", "title", "author", "dOK", "dWR")
Pages = Sequence[dict[str, Any]]
Predictions = dict[str, dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--peers", default=os.environ.get("BACKFILE_PEERS", ""), help="interpreter that has the peers")
    parser.add_argument("--sets", default="aeb,fundus,wcxb,trafilatura")
    parser.add_argument("--limit", type=int, help="pages of each set, the same for every tool")
    parser.add_argument("--halves", action="store_true", help="also each half of the sites by itself")
    args = parser.parse_args()
    score = load_scorer(args.corpus)
    pages = [page for name in args.sets.split(",") for page in chosen(args.corpus, name, args.limit)]
    results = {"Backfile": ours(args.corpus, pages)}
    for tool in PEERS if args.peers else ():
        results[tool] = theirs(args.peers, tool, args.corpus, pages)
    parse = parse_time(args.corpus, pages)
    print_table(score, pages, results)
    if args.halves:
        for half in (0, 1):
            print(f"\nsites, half {half + 1}")
            print_table(score, [page for page in pages if half_of(page) == half], {"Backfile": results["Backfile"]})
    print_speed(results, parse, len(pages))


def load_scorer(corpus: Path) -> ModuleType:
    """The corpus's own scorer."""
    spec = importlib.util.spec_from_file_location("score", corpus / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no score.py in {corpus}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def chosen(corpus: Path, name: str, limit: int | None) -> Pages:
    """The labelled pages of a set, in an order that a limit cuts fairly."""
    lines = (corpus / "gold.jsonl").read_text("utf-8").splitlines()
    pages = [page for page in map(json.loads, lines) if page["set"] == name]
    return sorted(pages, key=lambda page: hashlib.sha1(page["id"].encode()).digest())[:limit]


def half_of(page: dict[str, Any]) -> int:
    """0 or 1, the same for all pages of a site."""
    return hashlib.sha1((page["domain"] or page["id"]).encode()).digest()[1] % 2


def read(corpus: Path, page: dict[str, Any]) -> bytes:
    """A page's bytes."""
    return gzip.decompress((corpus / page["file"]).read_bytes())


def ours(corpus: Path, pages: Pages) -> Predictions:
    """What Backfile makes of the pages, with CPU time."""
    clean_capture(Capture(data=b"<p>The tables are read before the clock runs."), CleanOptions(profiles=False))
    found = {}
    for page in pages:
        capture = Capture(data=read(corpus, page), url=page["url"] or "")
        start = time.process_time()
        cleaned = clean_capture(capture, CleanOptions(profiles=False))
        found[page["id"]] = cleaned.as_dict() | {"ms": 1000 * (time.process_time() - start)}
    return found


def theirs(python: str, tool: str, corpus: Path, pages: Pages) -> Predictions:
    """What a peer makes of the pages, in a process of its own."""
    asked = [{"id": p["id"], "file": str((corpus / p["file"]).resolve()), "url": p["url"] or ""} for p in pages]
    script = Path(__file__).with_name("cleaning_peers.py")
    done = subprocess.run(
        [python, str(script), tool], input="\n".join(map(json.dumps, asked)), capture_output=True, text=True, check=True
    )
    return {found["id"]: found for found in map(json.loads, done.stdout.splitlines())}


def parse_time(corpus: Path, pages: Pages) -> float:
    """CPU milliseconds that lxml needs to parse the pages, all together."""
    total = 0.0
    for page in pages:
        data = read(corpus, page)
        start = time.process_time()
        if data.strip():
            lxml.html.document_fromstring(data)
        total += 1000 * (time.process_time() - start)
    return total


def print_table(score: ModuleType, pages: Pages, results: dict[str, Predictions]) -> None:
    """A row for each set and tool."""
    print(f"{'set':12} {'tool':17}{'n':>5}" + "".join(f"{column:>7}" for column in COLUMNS))
    for name in dict.fromkeys(page["set"] for page in pages):
        for tool, found in results.items():
            rows = [score.score_page(page, found.get(page["id"], {})) for page in pages if page["set"] == name]
            summary = score.summary(rows)
            cells = ("-" if summary[c] is None else f"{summary[c]:.1f}" for c in COLUMNS)
            print(f"{name:12} {tool:17}{len(rows):5}" + "".join(f"{cell:>7}" for cell in cells))


def print_speed(results: dict[str, Predictions], parse: float, count: int) -> None:
    """CPU time a page."""
    print(f"\n{'tool':17}{'ms/page':>9}{'slowest':>9}{'parses':>8}")
    for tool, found in results.items():
        times = [page["ms"] for page in found.values()]
        print(f"{tool:17}{sum(times) / count:9.1f}{max(times):9.0f}{sum(times) / parse:8.1f}")
    print(f"{'lxml parse':17}{parse / count:9.1f}")


if __name__ == "__main__":
    main()
