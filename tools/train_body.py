"""Fit the body model on labelled pages; see the functions."""
from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import re
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from backfile.clean.blocks import page_blocks
from backfile.clean.body import features as F
from backfile.clean.body.names import name_tokens
from backfile.clean.page import parse_page

TOKEN = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
                   r"|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


def tokens(text):
    return TOKEN.findall(text.lower())


def align(block_tokens, gold):
    """For each block the number of its tokens that belong to gold, in one consistent order as far as possible."""
    where = defaultdict(list)
    for i in range(len(gold)):
        where[gold[i]].append(i)
    grams = defaultdict(list)
    for i in range(len(gold) - 2):
        grams[tuple(gold[i:i + 3])].append(i)
    cands = []  # (block, start, end, hits)
    for n, toks in enumerate(block_tokens):
        if not toks:
            continue
        starts = Counter()
        if len(toks) >= 3:
            for k in range(len(toks) - 2):
                for pos in grams.get(tuple(toks[k:k + 3]), ())[:20]:
                    starts[pos - k] += 1
        else:
            for pos in where.get(toks[0], ())[:60]:
                if gold[pos:pos + len(toks)] == toks:
                    starts[pos] += 1
        # join starts that drift by few tokens
        for s, _ in sorted(starts.items(), key=lambda kv: (-kv[1], kv[0]))[:4]:
            near = sum(c for t, c in starts.items() if abs(t - s) <= 6)
            hits = near + 2 if len(toks) >= 3 else len(toks)
            hits = min(hits, len(toks))
            if hits >= 0.4 * len(toks):
                cands.append((n, max(s, 0), min(s + len(toks), len(gold)), hits))
    # heaviest chain: blocks ascending, gold spans ascending
    cands.sort(key=lambda c: (c[0], c[1]))
    best = []
    for i, (n, s, e, h) in enumerate(cands):
        top, prev = 0, -1
        for j in range(max(0, i - 400), i):
            n2, s2, e2, _ = cands[j]
            if n2 < n and s2 < s and e2 <= s + 8 and best[j][0] > top:
                top, prev = best[j][0], j
        best.append((top + h, prev))
    label = {}
    used = np.zeros(len(gold), bool)
    if cands:
        i = max(range(len(cands)), key=lambda k: best[k][0])
        while i >= 0:
            n, s, e, h = cands[i]
            label[n] = h
            used[s:e] = True
            i = best[i][1]
    # blocks out of order whose words no other block gave
    for n, s, e, h in sorted(cands, key=lambda c: -c[3]):
        if n not in label and len(block_tokens[n]) >= 6 and used[s:e].mean() < 0.2:
            label[n] = h
            used[s:e] = True
    return label


def meta(tree, url):
    try:
        from backfile.clean.metadata import read_metadata
    except ImportError:
        from backfile.clean.standin import read_metadata
    return read_metadata(tree, url=url, captured="")


def snippet_labels(blocks, g):
    fold = lambda s: re.sub(r"\s+", " ", s).strip()
    label = {}
    for n, x in enumerate(blocks):
        t = x.text
        if any(fold(s) in t or (len(t) > 25 and t in fold(s)) for s in g["with"]):
            label[n] = 1.0
        elif any(fold(s) in t for s in g["without"]):
            label[n] = 0.0
    return label


def read_page(g, corpus):
    data = gzip.open(corpus / g["file"]).read()
    parsed = parse_page(data)
    m = meta(parsed.tree, g["url"] or "")
    page = page_blocks(parsed.tree)
    return page, m


def label_page(page, g):
    """(labels 0..1, weights) for the blocks of a page."""
    blocks = page.blocks
    n = len(blocks)
    y, w = np.zeros(n), np.zeros(n)
    if g["text"]:
        gold = tokens(g["text"])
        toks = [tokens(x.text) for x in blocks]
        hits = align(toks, gold)
        total = max(len(gold), 60)
        for i in range(n):
            k = len(toks[i])
            if k:
                y[i] = hits.get(i, 0) / k
                w[i] = min(0.25, (k + 2) / total)
        if sum(hits.values()) < 0.5 * len(gold):
            w *= 0.3
    elif g["set"] == "trafilatura":
        for i, v in snippet_labels(blocks, g).items():
            y[i], w[i] = v, 0.06
    return y, w


def domain_of(g):
    return g["domain"] or g["id"]


def fold_of(g, folds):
    return hashlib.sha1(domain_of(g).encode()).digest()[1] % folds


def collect(corpus, sets):
    gold = [json.loads(line) for line in (corpus / "gold.jsonl").open(encoding="utf-8")]
    gold = [g for g in gold if g["set"] in sets]
    out = []
    t = time.time()
    for k, g in enumerate(gold):
        page, m = read_page(g, corpus)
        y, w = label_page(page, g)
        out.append((g, page, m, y, w))
        if k % 200 == 0:
            print(k, len(gold), round(time.time() - t), file=sys.stderr)
    return out


def name_table(pages, min_domains=4):
    """Class and id token -> log odds of body text, each domain counted once in all."""
    pos, neg, doms = Counter(), Counter(), defaultdict(set)
    per = defaultdict(lambda: [Counter(), Counter()])
    for g, page, m, y, w in pages:
        d = domain_of(g)
        for x, label, weight in zip(page.blocks, y, w):
            if not weight:
                continue
            seen = set()
            box, hop = x.box, 0
            while box is not None and hop < 4:
                seen.update(name_tokens(box.names))
                box = box.parent
                hop += 1
            size = min(1.0, 0.2 + len(x.words) / 40)
            for token in seen:
                per[d][0][token] += label * size
                per[d][1][token] += (1 - label) * size
    for d, (a, b) in per.items():
        for token in set(a) | set(b):
            s = a[token] + b[token]
            pos[token] += a[token] / s * min(s, 3)
            neg[token] += b[token] / s * min(s, 3)
            doms[token].add(d)
    tp, tn = sum(pos.values()), sum(neg.values())
    table = {}
    for token in doms:
        if len(doms[token]) < min_domains:
            continue
        odds = math.log((pos[token] + 1.5 * tp / (tp + tn)) / (neg[token] + 1.5 * tn / (tp + tn)) / (tp / tn))
        if abs(odds) >= 0.35:
            table[token] = round(max(-4.0, min(4.0, odds)), 2)
    return dict(sorted(table.items()))
