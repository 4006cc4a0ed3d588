"""Measure text dumps: predictions by the public API, each page with weights that have not seen its domain.

    python benchmarks/text.py CORPUS --folds DIR [--out PRED.jsonl] [--shape tight|airy|wrapped|headless] [--every N]

`DIR` comes from `tools/train_text.py --folds`. The predictions are for the corpus's own scorer. Where jusText is
installed, it reads the same pages in turn, each line as a paragraph, and the times are told side by side. What a
process pays once (word lists, weights, patterns) is paid on every fifth page before.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html
import json
import textwrap
import time
from pathlib import Path
from typing import Any

from backfile.cleaning.text import clean_text
from backfile.cleaning.text.weights import weights_from
from backfile.model import Capture, CleanOptions

FOLDS = 5


def fold_of(entry: dict[str, Any]) -> int:
    """The fold of a page's domain, as in `tools/train_text.py`."""
    return int(hashlib.sha1((entry["domain"] or entry["id"]).encode()).hexdigest(), 16) % FOLDS


def shaped(text: str, shape: str) -> str:
    """The page in another shape that dumps come in."""
    rows = text.replace("\r\n", "\n").split("\n")
    full = [row for row in rows if row.strip()]
    if shape == "tight":
        return "\n".join(full)
    if shape == "airy":
        return "\n\n".join(row.strip() for row in full)
    if shape == "headless":
        return "\n".join(rows[rows.index(full[0]) + 1 :]) if full else ""
    if shape == "wrapped":
        return "\n".join("\n".join(textwrap.wrap(row, 78)) if row.strip() else "" for row in rows)
    return text


def peer_seconds(text: str) -> float:
    """What jusText takes for a page; 0 where it is not installed."""
    try:
        import justext
    except ImportError:
        return 0.0
    page = "".join(f"<p>{html.escape(row)}</p>" for row in text.splitlines() if row.strip())
    stoplist = justext.get_stoplist("English")
    start = time.process_time()
    justext.justext(f"<html><body>{page}</body></html>", stoplist)
    return time.process_time() - start


def main() -> None:
    """Predict every page and say how long one takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("text-predictions.jsonl"))
    parser.add_argument("--shape", default="")
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    entries = [json.loads(line) for line in (args.corpus / "gold.jsonl").read_text("utf-8").splitlines()][:: args.every]
    spent = peer = 0.0
    for entry in entries[::5]:
        raw = gzip.decompress((args.corpus / entry["file"]).read_bytes())
        with weights_from(args.folds / f"fold-{fold_of(entry)}"):
            clean_text(Capture(data=raw, media_type="text/plain"), CleanOptions())
    with args.out.open("w", encoding="utf-8") as out:
        for entry in entries:
            raw = gzip.decompress((args.corpus / entry["file"]).read_bytes())
            if args.shape:
                raw = shaped(raw.decode("utf-8", "replace"), args.shape).encode()
            with weights_from(args.folds / f"fold-{fold_of(entry)}"):
                start = time.process_time()
                cleaned = clean_text(Capture(data=raw, media_type="text/plain"), CleanOptions())
                spent += time.process_time() - start
            peer += peer_seconds(raw.decode("utf-8", "replace"))
            said = cleaned.as_dict()
            shown = {key: said[key] for key in ("text", "title", "authors", "published")}
            out.write(json.dumps({"id": entry["id"], **shown}) + "\n")
    print(
        f"{len(entries)} pages, {1000 * spent / len(entries):.1f} ms a page; jusText {1000 * peer / len(entries):.1f}"
    )


if __name__ == "__main__":
    main()
