"""Fit the model that tells an article's blocks: name weights (`names.json`) and decision trees (`trees.json`).

    python tools/train_body.py --corpus CORPUS [--out FOLDER] [--rounds 120]

CORPUS holds `gold.jsonl` and pages. Needs numpy and lightgbm, which Backfile itself does not. With `--out` the result
is written there; without it the model is only cross-validated, by domain: no site is on both sides.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from label_blocks import share_in_gold, tokens

from backfile.cleaning.blocks import PageBlocks, page_blocks
from backfile.cleaning.body import names
from backfile.cleaning.body.features import NAMES, Anchors, block_features
from backfile.cleaning.metadata import read_metadata
from backfile.cleaning.page import parse_page

FOLDS = 5
SETS = {"aeb": 3.0, "fundus": 3.0, "wcxb": 0.7, "trafilatura": 1.0, "readability": 0.4, "newspaper": 0.5}
"""How much a page of each set counts: the carefully made sets of news most."""
PARAMETERS: dict[str, Any] = {
    "objective": "cross_entropy",
    "num_leaves": 31,
    "learning_rate": 0.06,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbose": -1,
    "num_threads": 1,
    "seed": 1,
    "deterministic": True,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One page for training."""

    gold: dict[str, Any]
    page: PageBlocks
    anchors: Anchors
    labels: np.ndarray
    weights: np.ndarray
    rows: np.ndarray | None = None
    live: np.ndarray | None = None
    """Which blocks have a row."""

    @property
    def fold(self) -> int:
        return hashlib.sha1((self.gold["domain"] or self.gold["id"]).encode()).digest()[1] % FOLDS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--rounds", type=int, default=100)
    args = parser.parse_args()
    samples = list(read_samples(args.corpus))
    tables = [name_table([s for s in samples if s.fold != k]) for k in range(FOLDS)]
    samples = [with_features(s, tables[s.fold]) for s in samples]
    validate(samples, args.rounds)
    if args.out:
        lines = json.dumps(name_table(samples), indent=0)
        (args.out / "names.json").write_text(lines + "\n", encoding="utf-8")
        booster = fit(samples, args.rounds)
        (args.out / "trees.json").write_text(dump(booster), encoding="utf-8")


def read_samples(corpus: Path) -> Iterator[Sample]:
    """The labelled pages of the corpus."""
    for line in (corpus / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        if gold["set"] not in SETS or gold["kind"] == "feature":
            continue
        parsed = parse_page(gzip.decompress((corpus / gold["file"]).read_bytes()))
        found = read_metadata(parsed.tree, url=gold["url"] or "", captured="")
        page = page_blocks(parsed.tree)
        labels, weights = labelled(page, gold)
        anchors = Anchors(
            title=found.title, description=found.description, article_body=found.article_body, authors=found.authors
        )
        yield Sample(gold=gold, page=page, anchors=anchors, labels=labels, weights=weights)


def labelled(page: PageBlocks, gold: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Labels 0 to 1 and weights: a block weighs what an error in it costs of the page's F1."""
    texts = [x.text for x in page.blocks]
    labels, weights = np.zeros(len(texts)), np.zeros(len(texts))
    if gold["text"]:
        labels[:] = share_in_gold(texts, gold["text"])
        sizes = np.array([len(tokens(text)) for text in texts] or [0])[: len(texts)]
        total = max(len(tokens(gold["text"])), 60)
        weights = np.where(sizes > 0, np.minimum(0.25, (sizes + 2) / total), 0.0)
        if (labels * sizes).sum() < 0.5 * total:
            weights = weights * 0.3
    elif gold["set"] == "trafilatura":
        for n, text in enumerate(texts):
            wanted = _holds_snippet(text, gold["with"], whole=False)
            if wanted or _holds_snippet(text, gold["without"], whole=True):
                labels[n], weights[n] = float(wanted), 0.06
    return labels, weights


def _holds_snippet(text: str, snippets: Sequence[str], *, whole: bool) -> bool:
    folded = [re.sub(r"\s+", " ", snippet).strip() for snippet in snippets]
    return any(s in text or (not whole and len(text) > 25 and text in s) for s in folded)


def name_table(samples: Sequence[Sample], least_sites: int = 4) -> dict[str, float]:
    """Class and id token → log odds of text against chrome; each site counts alike, and few sites not at all."""
    sites: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for sample in samples:
        text, chrome = sites[sample.gold["domain"] or sample.gold["id"]]
        for x, label, weight in zip(sample.page.blocks, sample.labels, sample.weights, strict=True):
            size = min(1.0, 0.2 + x.words / 40) if weight else 0.0
            for token in _tokens_above(x) if size else ():
                text[token] += label * size
                chrome[token] += (1 - label) * size
    good, bad, known = Counter[str](), Counter[str](), Counter[str]()
    for text, chrome in sites.values():
        for token in {*text, *chrome}:
            total = text[token] + chrome[token]
            good[token] += text[token] / total * min(total, 3)
            bad[token] += chrome[token] / total * min(total, 3)
            known[token] += 1
    return _log_odds(good, bad, [t for t, n in known.items() if n >= least_sites])


def _log_odds(good: Counter[str], bad: Counter[str], wanted: Sequence[str]) -> dict[str, float]:
    all_good, all_bad = good.total(), bad.total()
    share = all_good / (all_good + all_bad)
    table = {}
    for token in sorted(wanted):
        odds = math.log((good[token] + 1.5 * share) / (bad[token] + 1.5 * (1 - share)) * all_bad / all_good)
        if abs(odds) >= 0.35:
            table[token] = round(max(-4.0, min(4.0, odds)), 2)
    return table


def _tokens_above(block: Any) -> set[str]:
    found: set[str] = set()
    box = block.box
    for _ in range(4):
        if box is not None:
            found.update(names.name_tokens(box.names))
            box = box.parent
    return found


def with_features(sample: Sample, table: dict[str, float]) -> Sample:
    """The sample with its rows, measured with name weights that do not know its site."""
    names.weights = lambda: table
    names.name_weights.cache_clear()
    names._word_weights.cache_clear()
    rows = block_features(sample.page, sample.anchors)
    blank = [0.0] * len(NAMES)
    return replace(
        sample,
        rows=np.array([row or blank for row in rows], dtype=np.float32).reshape(-1, len(NAMES)),
        live=np.array([row is not None for row in rows], dtype=bool),
    )


def fit(samples: Sequence[Sample], rounds: int) -> lightgbm.Booster:
    """The model of these pages."""
    rows = np.concatenate([s.rows for s in samples])
    labels = np.concatenate([s.labels for s in samples])
    weights = np.concatenate([s.weights * SETS[s.gold["set"]] * s.live for s in samples])
    used = weights > 0
    return lightgbm.train(PARAMETERS, lightgbm.Dataset(rows[used], labels[used], weight=weights[used] * 50), rounds)


def validate(samples: Sequence[Sample], rounds: int) -> None:
    """Print for each set the share of the text's weight that is labelled wrong, cross-validated by domain."""
    wrong, pages = Counter[str](), Counter[str]()
    for k in range(FOLDS):
        booster = fit([s for s in samples if s.fold != k], rounds)
        for sample in samples:
            if sample.fold == k and len(sample.labels):
                taken = (booster.predict(sample.rows) * sample.live) >= 0.5
                wrong[sample.gold["set"]] += float((abs(sample.labels - taken) * sample.weights).sum())
                pages[sample.gold["set"]] += 1
    for name in pages:
        print(f"{name:12} {pages[name]:5} pages, error {100 * wrong[name] / pages[name]:.2f}")


def dump(booster: lightgbm.Booster) -> str:
    """The trees as JSON, one a line: [feature, threshold, low side, high side], a leaf is a number."""
    trees = [_node(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees)
    return f'{{"features":{json.dumps(NAMES)},\n"trees":[\n{lines}\n]}}\n'


def _node(tree: dict[str, Any]) -> Any:
    if "leaf_value" in tree:
        return round(tree["leaf_value"], 3)
    number: Callable[[float], float] = lambda x: float(f"{x:.4g}")  # noqa: E731 - one use, one line
    return [tree["split_feature"], number(tree["threshold"]), _node(tree["left_child"]), _node(tree["right_child"])]


if __name__ == "__main__":
    main()
