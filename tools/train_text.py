"""Train the weights that judge the lines of a text dump and find its headline, and those of each fold for honest
measuring.

    python tools/train_text.py CORPUS [--out DIR] [--folds DIR]

CORPUS holds `gold.jsonl` and `pages/`. Needs numpy and lightgbm, which the package itself does not. Pages are put into
five folds by registrable domain, so that no site is on both sides; `DIR/fold-N.*` have not seen fold N.
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

import lightgbm
import numpy as np

from backfile.cleaning.text.lines import Line, plain, read_lines
from backfile.cleaning.text.parts import main_part
from backfile.cleaning.text.read import Measured, measure
from backfile.cleaning.text.titles import MEASURES, STEPPED, THRESHOLDS, measured_candidates
from backfile.cleaning.text.verdicts import (
    best_sequence,
    lowered,
    undecided,
    verdict_context,
    with_edges,
    without_strays,
)

FOLDS = 5
FIRST = {"trees": 100, "leaves": 20, "rate": 0.07}
SECOND = {"trees": 80, "leaves": 16, "rate": 0.07}
STEPS, PACE, SMALL = 200, 0.1, 50.0
OTHER_SHAPE = 0.5
"""What a page in another shape counts for when the headline is learned."""
RARE, LOWER = 2, 2.0
"""A headline has to weigh what all but so many of a hundred right ones do, less so much: 61 of 100 bodies without a
headline stay below that, and no right headline of 200."""


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
    shape: int
    title: str
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
        for shape, text in enumerate(shapes(raw, entry["id"])):
            lines = read_lines(text)
            measured = measure(lines)
            if not measured.judged:
                continue
            judged = np.zeros(len(lines), dtype=bool)
            judged[measured.judged] = True
            found = np.array(labels(lines, entry["text"] or ""))
            sizes = np.clip(measured.seen.size, 8, 400)
            # Each page counts about the same, long lines more than short ones.
            weights = sizes**0.7 / ((sizes * found).sum() + 300) ** 0.5
            pages.append(Page(
                fold_of(entry["domain"] or entry["id"]), shape, entry["title"] or "", measured, judged,
                measured.rows, found[judged], weights[judged] * 20,
            ))  # fmt: skip
    return pages


def fit(rows: list[np.ndarray], targets: list[np.ndarray], weights: list[np.ndarray], shape: dict) -> lightgbm.Booster:
    """One pass of trees."""
    settings = {
        "objective": "binary", "num_leaves": shape["leaves"], "learning_rate": shape["rate"], "min_data_in_leaf": 30,
        "lambda_l2": 1.0, "max_bin": 63, "feature_fraction": 0.4, "bagging_fraction": 0.7, "bagging_freq": 1,
        "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 0,
    }  # fmt: skip
    data = lightgbm.Dataset(np.vstack(rows), np.concatenate(targets), weight=np.concatenate(weights), params=settings)
    return lightgbm.train(settings, data, shape["trees"])


def first_chances(model: lightgbm.Booster, page: Page) -> list[float]:
    """What the first pass says of each line of a page."""
    said = np.zeros(len(page.judged))
    said[page.judged] = model.predict(page.rows)
    return said.tolist()


def again(page: Page, chances: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Which of the judged rows of a page are judged again, and these rows with what the first pass says."""
    lines = undecided(chances)
    at = (np.cumsum(page.judged) - 1)[lines].astype(int)
    return at, np.hstack([page.rows[at], verdict_context(page.measured, chances, lines)])


def train(pages: list[Page], skip: int | None) -> tuple[dict, str]:
    """Both passes and the headline's weights, from all pages but those of one fold. Whatever builds on verdicts learns
    from verdicts on pages that their judge has not seen."""
    pages = [page for page in pages if page.fold != skip]

    def learn(chosen: list[Page]) -> lightgbm.Booster:
        return fit([p.rows for p in chosen], [p.targets for p in chosen], [p.weights for p in chosen], FIRST)

    folds = sorted({page.fold for page in pages})
    halves = []
    for inner in (folds[:2], folds[2:]):
        model = learn([page for page in pages if page.fold not in inner])
        halves.append([Judged(page, first_chances(model, page)) for page in pages if page.fold in inner])
    headlines = []
    for half, other in (halves, halves[::-1]):
        model = learn_again(other)
        headlines += [choice for judged in half if judged.page.title for choice in headline_example(judged, model)]
    second = learn_again([judged for half in halves for judged in half])
    return {"first": export(learn(pages)), "second": export(second)}, headline_weights(headlines)


@dataclass
class Judged:
    """A page with what a first pass says of its lines that has not seen it."""

    page: Page
    chances: list[float]


def learn_again(pages: list[Judged]) -> lightgbm.Booster:
    """The second pass."""
    rows, targets, weights = [], [], []
    for judged in pages:
        at, own = again(judged.page, judged.chances)
        if len(at):
            rows.append(own)
            targets.append(judged.page.targets[at])
            weights.append(judged.page.weights[at])
    return fit(rows, targets, weights, SECOND)


@dataclass
class Choice:
    """What could be the headline of a page: the measures, and which are right."""

    rows: np.ndarray
    right: np.ndarray
    weight: float


def headline_example(judged: Judged, second: lightgbm.Booster) -> list[Choice]:
    """What could be a page's headline, with the verdicts of both passes; nothing where none of it is."""
    page, seen = judged.page, judged.page.measured.seen
    at, rows = again(page, judged.chances)
    said = np.array(judged.chances)
    if len(at):
        said[np.flatnonzero(page.judged)[at]] = second.predict(rows)
    chances = lowered(seen, said.tolist())
    keep = with_edges(seen, chances, without_strays(seen, best_sequence(chances, seen.size)))
    body = [i for i, kept in enumerate(keep) if kept]
    if not body:
        return []
    found, rows = measured_candidates(seen, chances, main_part(seen, body))
    right = np.array([each.bare == plain(page.title) for each in found], dtype=float)
    weight = OTHER_SHAPE if page.shape else 1.0
    return [Choice(stepped(rows), right, weight)] if right.any() else []


def columns() -> list[tuple[int, float | None]]:
    """What is weighed: a measure's value (None), or whether it is above a threshold."""
    found: list[tuple[int, float | None]] = []
    for k, name in enumerate(MEASURES):
        found += [(k, None)] * (name not in STEPPED) + [(k, step) for step in THRESHOLDS.get(name, ())]
    return found


def stepped(rows: np.ndarray) -> np.ndarray:
    """The measures as they are weighed."""
    return np.column_stack([rows[:, k] if step is None else rows[:, k] > step for k, step in columns()]).astype(float)


def headline_weights(examples: list[Choice]) -> str:
    """The weights with which the right ones of a page's candidates are likeliest (softmax over them, by Adam; each
    measure on its own scale, with a ridge), as they are written."""
    every = np.vstack([each.rows for each in examples])
    mean, scale = every.mean(0), every.std(0) + 1e-6
    tables = [((each.rows - mean) / scale, each.right, each.weight) for each in examples]
    total = sum(weight for *_, weight in tables)
    weights, middle, square = (np.zeros(len(mean)) for _ in range(3))
    for step in range(1, STEPS + 1):
        slope = SMALL * weights / len(tables)
        for rows, right, weight in tables:
            odds = np.exp(rows @ weights - (rows @ weights).max())
            odds /= odds.sum()
            slope -= weight * (odds * right / (odds * right).sum() - odds) @ rows / total
        middle, square = 0.9 * middle + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= PACE * (middle / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    weights /= scale
    rightly = [(each.rows @ weights)[each.right > 0].max() for each in examples]
    none = round(float(np.percentile(rightly, RARE)) - LOWER, 2)
    slopes = [f"{MEASURES[k]} = {w:.4g}" for (k, step), w in zip(columns(), weights, strict=True) if step is None]
    steps: dict[str, list[str]] = defaultdict(list)
    for (k, step), w in zip(columns(), weights, strict=True):
        if step is not None:
            steps[MEASURES[k]].append(f"[{step}, {w:.4g}]")
    rows = [f"{name} = [{', '.join(pairs)}]" for name, pairs in steps.items()]
    return "\n".join([f"none = {none}", "", "[slopes]", *slopes, "", "[steps]", *rows])


def export(model: lightgbm.Booster) -> list:
    """The trees as plain lists."""
    return [branches(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]


def branches(node: dict) -> list | float:
    """A node as feature, threshold, what follows when the value is not above it and when it is; a leaf as a number."""
    if "leaf_value" in node:
        return round(float(node["leaf_value"]), 4)
    threshold = float(f"{float(node['threshold']):.5g}")
    return [node["split_feature"], threshold, branches(node["left_child"]), branches(node["right_child"])]


def write(found: tuple[dict, str], folder: Path, name: str) -> None:
    """The trees, one a line, and the headline's weights."""
    trees, weights = found
    parts = [
        f'"{stage}": [\n' + ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in forest) + "\n]"
        for stage, forest in trees.items()
    ]
    (folder / f"{name or 'trees'}.json").write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")
    note = "# What each measure of a line adds to its being the headline. Written by tools/train_text.py."
    (folder / f"{name or 'headline'}.toml").write_text(f"{note}\n\n{weights}\n", "utf-8")


def main() -> None:
    """Train what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, help="write what is learned from all pages into this folder")
    parser.add_argument("--folds", type=Path, help="write what each fold's others teach into this folder")
    args = parser.parse_args()
    pages = load(args.corpus)
    if args.out:
        write(train(pages, None), args.out, "")
    if args.folds:
        args.folds.mkdir(parents=True, exist_ok=True)
        for fold in range(FOLDS):
            write(train(pages, fold), args.folds, f"fold-{fold}")


if __name__ == "__main__":
    main()
