"""Measure text dumps that are made from saved HTML pages in other ways than those of the text corpus.

    python benchmarks/text_made.py CORPUS FOLDS --by lynx|lynx-links|w3m|all [--tight] [--every N] [--out PRED]

CORPUS holds HTML pages. `lynx` and `w3m` are the programs of that name; `all` takes every text of the page in order, a
line a block, as selecting all in a browser does. Each page is judged by weights that have not seen its domain.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

import lxml.html

from backfile.cleaning.text import clean_text
from backfile.cleaning.text.weights import weights_from
from backfile.model import Capture, CleanOptions

FOLDS = 5
COMMANDS = {
    "lynx-links": ["lynx", "-dump", "-display_charset=utf-8", "-force_html"],
    "lynx": ["lynx", "-dump", "-nolist", "-display_charset=utf-8", "-force_html"],
    "w3m": ["w3m", "-dump", "-T", "text/html", "-O", "utf-8"],
}
INLINE = frozenset((
    "a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub",
    "sup", "time", "u",
))  # fmt: skip
UNSEEN = frozenset(("script", "style", "noscript", "template", "head", "svg", "select"))


def all_text(page: bytes) -> str:
    """The page's visible texts, a line a block."""
    parts: list[str] = []
    for event, node in lxml.html.etree.iterwalk(lxml.html.fromstring(page), events=("start", "end")):
        if not isinstance(node.tag, str) or any(up.tag in UNSEEN for up in (node, *node.iterancestors())):
            text = ""
        else:
            text = (node.text or "") if event == "start" else ""
            parts.append("" if node.tag in INLINE else "\n")
        parts.append(" ".join(text.split("\n")))
        if event == "end" and not any(up.tag in UNSEEN for up in node.iterancestors()):
            parts.append(" ".join((node.tail or "").split("\n")))
    return "\n".join(line.strip() for line in "".join(parts).split("\n") if line.strip())


def made(page: bytes, by: str) -> bytes:
    """The page as the text that this way of saving it gives."""
    if by == "all":
        return all_text(page).encode("utf-8", "replace")
    with tempfile.NamedTemporaryFile(suffix=".html") as file:
        file.write(page)
        file.flush()
        done = subprocess.run([*COMMANDS[by], file.name], capture_output=True, timeout=20, check=False)
    return done.stdout


def main() -> None:
    """Predict the pages that have a whole text as label."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("folds", type=Path)
    parser.add_argument("--by", choices=[*COMMANDS, "all"], required=True)
    parser.add_argument("--tight", action="store_true", help="without blank lines")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("made-predictions.jsonl"))
    args = parser.parse_args()
    entries = [json.loads(line) for line in (args.corpus / "gold.jsonl").read_text("utf-8").splitlines()]
    entries = [e for e in entries if e["text"] and e["set"] in ("aeb", "fundus", "wcxb")][:: args.every]
    with args.out.open("w", encoding="utf-8") as out:
        for entry in entries:
            data = made(gzip.decompress((args.corpus / entry["file"]).read_bytes()), args.by)
            if args.tight:
                data = b"\n".join(row for row in data.split(b"\n") if row.strip())
            fold = int(hashlib.sha1((entry["domain"] or entry["id"]).encode()).hexdigest(), 16) % FOLDS
            with weights_from(args.folds / f"fold-{fold}"):
                said = clean_text(Capture(data=data, media_type="text/plain"), CleanOptions()).as_dict()
            shown = {key: said[key] for key in ("text", "title", "authors", "published")}
            out.write(json.dumps({"id": entry["id"], **shown}) + "\n")


if __name__ == "__main__":
    main()
