"""Measure what each publisher profile is worth: its labelled pages cleaned with it and without it.

    python benchmarks/profiles.py ../shared/corpus

Prints a line for each profile that has pages there: how many its layouts fit, then 4-gram F1, token order (lcs), title
and authors without and with it. A profile that does no better than the general cleaner is to be deleted.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from metadata import pages, scorer

from backfile.cleaning.clean import clean_capture
from backfile.cleaning.publishers import profiles_for
from backfile.model import Capture, Cleaned, CleanOptions

SETS = ["aeb", "fundus", "wcxb", "trafilatura", "postlight", "newspaper", "goose", "readability"]
COLUMNS = ("F1", "lcs", "sF1", "title", "author")


def prediction(gold: dict[str, Any], cleaned: Cleaned) -> dict[str, Any]:
    """A cleaned page as the scorer reads it."""
    article = cleaned.article
    people = [*article.authors, *article.agencies]
    return {
        "id": gold["id"],
        "text": cleaned.text,
        "title": article.title,
        "authors": people,
        "published": article.published,
    }


def main() -> None:
    """Clean twice, score, print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("corpus", nargs="?", type=Path, default=Path("../shared/corpus"))
    options = arguments.parse_args()
    if not (options.corpus / "gold.jsonl").exists():
        sys.exit(f"skipped: there is no corpus in {options.corpus}")
    score = scorer(options.corpus)
    rows: dict[str, list[list[dict[str, Any]]]] = defaultdict(lambda: [[], []])
    fitted: dict[str, int] = defaultdict(int)
    for gold in pages(options.corpus, SETS):
        profile = next(profiles_for(gold["url"] or ""), None)
        if profile is None:
            continue
        data = gzip.decompress((options.corpus / gold["file"]).read_bytes())
        for used in (False, True):
            cleaned = clean_capture(Capture(data=data, url=gold["url"]), CleanOptions(profiles=used))
            fitted[profile.name] += bool(cleaned.receipt.profile)
            rows[profile.name][used].append(score.score_page(gold, prediction(gold, cleaned)))
    print(f"{'profile':16} {'pages':>5} {'fit':>4} " + " ".join(f"{c + ' off/on':>16}" for c in COLUMNS))
    for name, (without, with_it) in sorted(rows.items()):
        off, on = score.summary(without), score.summary(with_it)
        cells = (" " * 16 if off[c] is None else f"{off[c]:8.1f} {on[c]:7.1f}" for c in COLUMNS)
        print(f"{name:16} {len(without):5} {fitted[name]:4} " + " ".join(cells))


if __name__ == "__main__":
    main()
