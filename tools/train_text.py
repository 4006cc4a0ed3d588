"""Train the weights that judge the lines of a text dump, and the weights of each fold for honest measuring.

    python tools/train_text.py CORPUS [--out FILE] [--folds DIR]

CORPUS holds `gold.jsonl` and `pages/`. Needs numpy and scikit-learn, which the package itself does not. Pages are put
into five folds by registrable domain, so that no site is on both sides; `DIR/fold-N.json` has not seen fold N.
Every page is also learned from in one other shape (without blank lines, wrapped, without its first line…), so that the
weights do not fit one way of saving pages.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import textwrap
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from backfile.cleaning.text.lines import Line, plain, read_lines
from backfile.cleaning.text.read import Measured, measure
from backfile.cleaning.text.verdicts import verdict_context

FOLDS = 5
TREES, LEAVES, RATE = 30, 16, 0.2


def fold_of(domain: str) -> int:
    """The fold of a domain."""
    return int(hashlib.sha1(domain.encode()).hexdigest(), 16) % FOLDS


def labels(lines: list[Line], gold: str) -> list[int]:
    """1 for each line that the gold text holds, found by the heaviest matching that keeps the order of both."""
    wanted = [p for p in map(plain, gold.split("\n")) if p]
    have = [plain(line.text) for line in lines]
    places = defaultdict(list)
    for j, p in enumerate(wanted):
        places[p].append(j)
    pairs = []
    for i, p in enumerate(have):
        if p in places:
            pairs += [(i, j, len(p)) for j in places[p]]
        elif len(p) >= 15:
            pairs += [(i, j, len(p)) for j, q in enumerate(wanted) if p in q]
            pairs += [(i, j, len(q)) for j, q in enumerate(wanted) if len(q) >= 15 and q in p and len(q) * 2 >= len(p)]
    pairs.sort()
    best: list[float] = []
    back: list[int] = []
    for k, (i, j, size) in enumerate(pairs):
        top, came = 0.0, -1
        for m in range(max(0, k - 400), k):
            i2, j2, _ = pairs[m]
            if i2 < i and (j2 < j or (j2 == j and have[i2] != wanted[j])):
                value = best[m] - min(1.5, 0.05 * (i - i2))
                if value > top:
                    top, came = value, m
        best.append(top + size**0.9)
        back.append(came)
    found = [0] * len(lines)
    k = max(range(len(pairs)), key=best.__getitem__, default=-1)
    while k >= 0:
        found[pairs[k][0]] = 1
        k = back[k]
    return found


def shapes(text: str, seed: str) -> list[str]:
    """The page as it is, and in other shapes that dumps come in."""
    rows = text.replace("\r\n", "\n").split("\n")
    full = [row for row in rows if row.strip()]
    dice = random.Random(seed)
    tight = "\n".join(full)
    headless = "\n".join(rows[next((i + 1 for i, r in enumerate(rows) if r.strip()), 0) :])
    wrapped = "\n".join("\n".join(textwrap.wrap(row, 78)) if row.strip() else "" for row in rows)
    airy = "\n\n".join(row.strip() for row in full)
    return [text, dice.choice((tight, wrapped, headless, airy))]


@dataclass
class Page:
    """A page in one shape, with what is known of its lines."""

    fold: int
    measured: Measured
    judged: np.ndarray
    """Which lines are judged at all."""
    rows: np.ndarray
    targets: np.ndarray
    weights: np.ndarray


def load(corpus: Path) -> list[Page]:
    """Every page in its shapes."""
    pages = []
    for entry in map(json.loads, (corpus / "gold.jsonl").read_text("utf-8").splitlines()):
        raw = gzip.decompress((corpus / entry["file"]).read_bytes()).decode("utf-8", "replace")
        for text in shapes(raw, entry["id"]):
            lines = read_lines(text)
            measured = measure(lines)
            judged = np.array([bool(row) for row in measured.rows], dtype=bool)
            if not judged.any():
                continue
            found = np.array(labels(lines, entry["text"] or ""))
            sizes = np.clip([s.size for s in measured.seen], 8, 400)
            # Each page counts about the same, long lines more than short ones.
            weights = sizes**0.7 / ((sizes * found).sum() + 300) ** 0.5
            pages.append(Page(
                fold_of(entry["domain"] or entry["id"]), measured, judged, np.array([r for r in measured.rows if r]),
                found[judged], weights[judged] * 20,
            ))  # fmt: skip
    return pages


def fit(rows: list[np.ndarray], targets: list[np.ndarray], weights: list[np.ndarray]) -> HistGradientBoostingClassifier:
    """One pass of trees."""
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=RATE,
        max_bins=64,
        min_samples_leaf=30,
        l2_regularization=1.0,
        random_state=0,
    )
    return model.fit(np.vstack(rows), np.concatenate(targets), sample_weight=np.concatenate(weights))


def with_verdicts(model: HistGradientBoostingClassifier, page: Page) -> np.ndarray:
    """The rows of a page with what the first pass says."""
    said = np.zeros(len(page.judged))
    said[page.judged] = model.predict_proba(page.rows)[:, 1]
    context = verdict_context(page.measured, said.tolist())
    return np.hstack([page.rows, np.array([row for row in context if row])])


def train(pages: list[Page], skip: int | None) -> dict:
    """Both passes, from all pages but those of one fold. The second learns from verdicts on pages that the first has
    not seen."""
    pages = [page for page in pages if page.fold != skip]

    def learn(chosen: list[Page], rows: list[np.ndarray]) -> HistGradientBoostingClassifier:
        return fit(rows, [page.targets for page in chosen], [page.weights for page in chosen])

    rows: list[np.ndarray] = [page.rows for page in pages]
    seconds = list(rows)
    for inner in {page.fold for page in pages}:
        others = [page for page in pages if page.fold != inner]
        model = learn(others, [page.rows for page in others])
        for i, page in enumerate(pages):
            if page.fold == inner:
                seconds[i] = with_verdicts(model, page)
    return {"first": export(learn(pages, rows)), "second": export(learn(pages, seconds))}


def export(model: HistGradientBoostingClassifier) -> dict:
    """The trees as plain lists."""
    trees = []
    for (predictor,) in model._predictors:
        nodes = []
        for node in predictor.nodes:
            if node["is_leaf"]:
                nodes.append([round(float(node["value"]), 4)])
            else:
                threshold = float(f"{float(node['num_threshold']):.5g}")
                nodes.append([int(node["feature_idx"]), threshold, int(node["left"]), int(node["right"])])
        trees.append(nodes)
    return {"bias": round(float(model._baseline_prediction.ravel()[0]), 4), "trees": trees}


def write(table: dict, path: Path) -> None:
    """One tree a line."""
    parts = []
    for name, stage in table.items():
        trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in stage["trees"])
        parts.append(f'"{name}": {{"bias": {stage["bias"]}, "trees": [\n{trees}\n]}}')
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def main() -> None:
    """Train what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, help="write the weights learned from all pages here")
    parser.add_argument("--folds", type=Path, help="write the weights of each fold into this folder")
    args = parser.parse_args()
    pages = load(args.corpus)
    if args.out:
        write(train(pages, None), args.out)
    if args.folds:
        args.folds.mkdir(parents=True, exist_ok=True)
        for fold in range(FOLDS):
            write(train(pages, fold), args.folds / f"fold-{fold}.json")


if __name__ == "__main__":
    main()
