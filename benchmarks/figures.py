"""Pictures, captions and credits of labelled news pages, as the corpus's own scorer counts them.

    python benchmarks/figures.py CORPUS [--worst N] [--half 0|1]

CORPUS is a folder with `gold.jsonl`, `pages/` and `score_figures.py`. `--half` takes the pages of one half of the
domains (by the second byte of SHA-1 of the domain), to see what was fitted to the other. Publisher profiles are off.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from backfile.cleaning.clean import clean_capture
from backfile.model import Capture, CleanOptions


def main() -> int:
    """Clean the pages, score the figures, print the scorer's table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--half", type=int, choices=(0, 1))
    options = parser.parse_args()
    gold = [json.loads(line) for line in (options.corpus / "gold.jsonl").read_text("utf-8").splitlines()]
    gold = [page for page in gold if page.get("images") and options.half in (None, half(page["domain"]))]
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        write(here / "gold.jsonl", gold)
        write(here / "predictions.jsonl", [predicted(options.corpus, page) for page in gold])
        scorer = [sys.executable, str(options.corpus / "score_figures.py"), str(here / "predictions.jsonl")]
        return subprocess.run([*scorer, "--gold", str(here), "--worst", str(options.worst)], check=False).returncode


def half(domain: str) -> int:
    """In which half of the domains this one is."""
    return hashlib.sha1(domain.encode(), usedforsecurity=False).digest()[1] % 2


def predicted(corpus: Path, page: dict[str, Any]) -> dict[str, Any]:
    """The figures found on one page."""
    data = gzip.decompress((corpus / page["file"]).read_bytes())
    cleaned = clean_capture(Capture(data=data, url=page["url"] or ""), CleanOptions(profiles=False))
    return {"id": page["id"], "figures": cleaned.as_dict()["figures"]}


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    """One JSON object a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
