"""Measure the metadata of cleaning/metadata on a folder of labelled pages, and how long it takes.

    python benchmarks/metadata.py ../shared/corpus [--sets fundus,wcxb] [--worst authors] [--out predictions.jsonl]

Prints the scorer's columns for title, authors and date, for two halves of the domains apart: the first rules were tuned
while looking at one half only. `author` is people only; `signed` takes people and agencies together, since the labels
list both as authors.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import lxml.html

from backfile.cleaning.metadata import read_metadata
from backfile.model import PageMetadata

SETS = "fundus,wcxb,trafilatura,postlight"
COLUMNS = ("title", "author", "dOK", "dWR", "dMI")
FIELDS = {"title": "title", "author": "authors", "dOK": "published", "dWR": "published", "dMI": "published"}
_CHARSET = re.compile(rb'charset=["\']?([\w-]+)')


def parse(data: bytes) -> lxml.html.HtmlElement:
    """A page as lxml reads it: UTF-8 where it is that, else what the page declares, else Windows-1252."""
    declared = _CHARSET.search(data[:4096])
    encoding = declared.group(1).decode("ascii") if declared else "cp1252"
    try:
        data.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = "cp1252" if encoding.lower() in ("utf-8", "utf8") else encoding
    try:
        parser = lxml.html.HTMLParser(encoding=encoding, huge_tree=True)
    except LookupError:
        parser = lxml.html.HTMLParser(encoding="cp1252", huge_tree=True)
    return lxml.html.document_fromstring(data, parser=parser)


def half(gold: dict[str, Any]) -> int:
    """0 for the pages that rules were tuned on, 1 for those held out."""
    return hashlib.sha1((gold["domain"] or gold["id"]).encode()).digest()[1] % 2


def pages(corpus: Path, sets: list[str]) -> Iterator[dict[str, Any]]:
    """The labelled pages of these sets."""
    with (corpus / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            gold = json.loads(line)
            if gold["set"] in sets:
                yield gold


def scorer(corpus: Path) -> ModuleType:
    """The corpus's own scorer as a module."""
    spec = importlib.util.spec_from_file_location("corpus_score", corpus / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"no scorer in {corpus}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(rows: list[dict[str, Any]], score: ModuleType) -> None:
    """One line for each set and half."""
    print(f"{'set':12} {'half':9} {'n':>4} " + " ".join(f"{c:>6}" for c in (*COLUMNS, "signed")))
    for name in dict.fromkeys(r["set"] for r in rows):
        for label, keep in (("tuned on", (0,)), ("held out", (1,)), ("both", (0, 1))):
            chosen = [r for r in rows if r["set"] == name and r["half"] in keep]
            summary = {**score.summary(chosen), "signed": score.mean(chosen, "signed")}
            cells = ("     -" if summary[c] is None else f"{summary[c]:6.1f}" for c in (*COLUMNS, "signed"))
            print(f"{name:12} {label:9} {len(chosen):4} " + " ".join(cells))


def show(gold: dict[str, Any], found: PageMetadata, row: dict[str, Any], column: str) -> None:
    """One page whose field is not right, with its candidates; only of the half that rules may be tuned on."""
    wrong = row.get(column, 1) < 1 if column in ("title", "author", "dOK") else row.get(column, 0) == 1
    if wrong and row["half"] == 0:
        field = FIELDS[column]
        claims = [(c.source, c.value[:60]) for c in found.candidates if c.field == field]
        print(gold["id"], "| gold", gold[field], "| found", getattr(found, field), "|", claims)


def main() -> None:
    """Read, score, print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("corpus", nargs="?", type=Path, default=Path("../shared/corpus"))
    arguments.add_argument("--sets", default=SETS)
    arguments.add_argument("--worst", choices=COLUMNS, help="list the pages that are wrong in this column")
    arguments.add_argument("--out", type=Path, help="write predictions for the scorer")
    options = arguments.parse_args()
    if not (options.corpus / "gold.jsonl").exists():
        sys.exit(f"skipped: there is no corpus in {options.corpus}")
    score = scorer(options.corpus)
    rows, predictions = [], []
    parsing = reading = 0.0
    for gold in pages(options.corpus, options.sets.split(",")):
        data = gzip.decompress((options.corpus / gold["file"]).read_bytes())
        started = time.process_time()
        tree = parse(data)
        parsed = time.process_time()
        found = read_metadata(tree)
        parsing, reading = parsing + parsed - started, reading + time.process_time() - parsed
        prediction = {"id": gold["id"], "title": found.title, "authors": found.authors, "published": found.published}
        predictions.append(prediction)
        bare = {**gold, "text": None, "with": [], "without": []}
        row = score.score_page(bare, prediction)
        everyone = score.score_page(bare, {**prediction, "authors": [*found.authors, *found.agencies]})
        rows.append({**row, "signed": everyone.get("author"), "half": half(gold)})
        if options.worst:
            show(gold, found, rows[-1], options.worst)
    if options.out:
        options.out.write_text("".join(json.dumps(p) + "\n" for p in predictions), "utf-8")
    report(rows, score)
    count = max(1, len(rows))
    print(f"CPU a page: parsing {1000 * parsing / count:.2f} ms, metadata {1000 * reading / count:.2f} ms")


if __name__ == "__main__":
    main()
