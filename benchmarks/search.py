"""The search index beside Pagefind, on the same built pages in the same run.

    python benchmarks/search.py index SITE --pagefind PYTHON
    python benchmarks/search.py add SITE
    python benchmarks/search.py known SITE [--count N] [--beside FOLDER]
    python benchmarks/search.py page BUILT [--count N] [--beside FOLDER]

SITE is a built site folder (`benchmarks/generate.py`, then `backfile build`). PYTHON is one that has `pagefind[bin]`.
`index` makes both indexes from nothing: CPU, wall time, memory, bytes, files. `add` adds one article and takes it out
again: time of the index's step, files and bytes rewritten. `known` takes articles at random and asks for each by the
rarest words of one sentence, by its headline with one word changed, and by a name and its month: how often it is the
first answer, and among the first ten; FOLDER is asked the same. `page` asks a built folder in headless Chromium, by
http and from disk: bytes and times. FOLDER is Pagefind's index of the same pages, which `index` leaves in
`SITE/search-benchmark/pagefind`.
"""

from __future__ import annotations

import argparse
import collections
import random
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

from search_page import page, ranked

from backfile.catalog import Catalog, open_catalog
from backfile.config import load_site
from backfile.freshness import find_news, take_in
from backfile.pipeline import make_view
from backfile.search.answer import answer
from backfile.search.files import entry_file, file_of, path_of
from backfile.search.letters import split
from backfile.search.query import parse
from backfile.search.reader import Hit, Index
from backfile.search.store import Store
from backfile.search.update import FILE, drop_index, update_index

ADDED = """---
title: "One article more about the harbour"
date: 2016-07-08
lang: en
site: The Gazette
---

"""


def main() -> int:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("index", "add", "known", "page"))
    parser.add_argument("site", type=Path)
    parser.add_argument("--pagefind", type=Path)
    parser.add_argument("--beside", type=Path, metavar="FOLDER")
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    if options.what == "index":
        index(options.site, options.pagefind)
    elif options.what == "add":
        add(options.site)
    elif options.what == "page":
        page(options.site.resolve(), options.beside, options.count)
    else:
        known(options.site, options.count, options.beside)
    return 0


def index(root: Path, pagefind: Path | None) -> None:
    """Both indexes from nothing."""
    site = load_site(root)
    out = root / "search-benchmark"
    began, cpu = time.perf_counter(), time.process_time()
    with open_catalog(site.cache / "catalog.sqlite") as catalog:
        drop_index(catalog)
        update_index(catalog, root / "content", site.cache / "catalog.sqlite", None, lambda *_: None)
        files, size = write(catalog, out / "backfile", None)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"backfile  CPU {cpu:.1f} s  wall {wall:.1f} s  {memory} MB  {size / 1e6:.1f} MB in {files} files")
    if pagefind:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [str(pagefind), "-m", "pagefind", "--site", str(site.build), "--output-path", str(out / "pagefind")]
        command += ["--glob", "[0-9]*/*/*-*.html", "--root-selector", "article.article"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found = [path for path in (out / "pagefind").rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in found)
        wall, memory = time.perf_counter() - began, after.ru_maxrss >> 10
        print(f"pagefind  CPU {cpu:.1f} s  wall {wall:.1f} s  {memory} MB  {size / 1e6:.1f} MB in {len(found)} files")


def write(catalog: Catalog, folder: Path, only: set[str] | None) -> tuple[int, int]:
    """Write the index's files, or some of them; returns how many, and how many bytes."""
    store = Store(catalog)
    layout, stamps = store.layout(), store.files()
    assert layout
    count = size = 0
    made = ((key, file_of(catalog, layout, key, stamp)) for key, stamp in stamps.items() if only is None or key in only)
    for key, data in (*made, ("index", entry_file(layout, stamps))) if only is not None else made:
        path = folder / path_of(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        count, size = count + 1, size + len(data)
    return count, size


def add(root: Path) -> None:
    """One article more, and out again: seconds of CPU and of the clock, files and bytes."""
    site = load_site(root)
    path = site.articles / "2016/07/one-article-more.md"
    donor = next(site.articles.rglob("*.md")).read_text("utf-8").split("---\n", 2)[2]
    with open_catalog(site.cache / "catalog.sqlite") as catalog:
        with catalog.transaction():
            catalog.written([(FILE, key, ()) for kind, key in catalog.dirty() if kind == FILE])
        for label in ("added", "removed"):
            path.parent.mkdir(parents=True, exist_ok=True)
            if label == "added":
                path.write_text(ADDED + donor, "utf-8")
            else:
                path.unlink()
            view = make_view(site)
            take_in(catalog, view, find_news(catalog, view, [], force=False), None)
            began, cpu = time.perf_counter(), time.process_time()
            update_index(catalog, root / "content", site.cache / "catalog.sqlite", None, lambda *_: None)
            dirty = {key for kind, key in catalog.dirty() if kind == FILE}
            files, size = write(catalog, root / "search-benchmark" / "added", dirty)
            with catalog.transaction():
                catalog.written([(FILE, key, ()) for key in dirty])
            wall, cpu = time.perf_counter() - began, time.process_time() - cpu
            print(f"{label}: CPU {cpu:.3f} s, wall {wall:.3f} s, {files} files, {size / 1e6:.2f} MB")


def known(root: Path, count: int, beside: Path | None) -> None:
    """How often an article is found by what is remembered of it; Pagefind's index of the same pages beside it."""
    site = load_site(root)
    asked = Index(site=site.build)
    with open_catalog(site.cache / "catalog.sqlite") as catalog:
        places = Store(catalog).places()
    rng = random.Random(11)
    chosen = [
        hit for hit in map(asked.hit, rng.sample(places, min(count, len(places)))) if hit and hit.text.count("\n") > 2
    ]
    strangers = [word for hit in chosen for word in split(hit.title) if len(word) > 3]
    made = [(hit, kind, words) for hit in chosen for kind, words in questions(asked, hit, strangers, rng)]
    tell("backfile", made, [[h.place for h in answer(asked, parse(words + " ")).found[:10]] for _, _, words in made])
    if beside:
        made = [each for each in made if each[1] != "name+month"]  # Pagefind knows no time
        there = ranked(site.build, beside, [words for _, _, words in made])
        pages = {f"/{hit.path}": hit.place for hit in chosen}
        tell("pagefind", made, [[pages.get(page, 0) for page in found] for found in there])


def tell(whose: str, made: list[tuple[Hit, str, str]], found: list[list[int]]) -> None:
    """How often what was meant came first, and among the first ten, a line each kind of question."""
    totals: dict[str, list[int]] = collections.defaultdict(list)
    for (hit, kind, _), places in zip(made, found, strict=True):
        totals[kind].append(places.index(hit.place) + 1 if hit.place in places else 0)
    for kind, ranks in totals.items():
        first, ten = sum(rank == 1 for rank in ranks), sum(rank > 0 for rank in ranks)
        share = [100 * part / len(ranks) for part in (first, ten)]
        print(f"{whose} {kind:10} {len(ranks):5} asked  first {share[0]:.1f} %  in ten {share[1]:.1f} %")


def questions(asked: Index, hit: Hit, strangers: list[str], rng: random.Random) -> list[tuple[str, str]]:
    """(kind, question) of what a person may remember of an article."""
    made = []
    sentences = [
        s for line in hit.text.split("\n")[2:] for s in re.split(r"(?<=[.!?。])\s+", line) if len(split(s)) > 7
    ]
    if sentences:
        words = list(dict.fromkeys(split(rng.choice(sentences))))
        rare = sorted(words, key=lambda word: frequency(asked, word))[:4]
        made.append(("sentence", " ".join(word for word in words if word in rare)))
    title = split(hit.title)
    if len(title) > 3:
        spare = rng.randrange(len(title))
        stranger = rng.choice(strangers)
        made.append(("headline", " ".join(stranger if index == spare else word for index, word in enumerate(title))))
    names = re.findall(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)+", hit.text)
    if names and hit.published:
        year, month = int(hit.published[:4]), int(hit.published[5:7])
        until = f"{year + month // 12}-{month % 12 + 1:02}"
        made.append(("name+month", f'"{rng.choice(names)}" after:{hit.published[:7]} before:{until}'))
    return made


def frequency(asked: Index, word: str) -> int:
    """The order of magnitude of how often a spelling is used."""
    found = asked.look_up(word)
    return found.frequency if found else 0


if __name__ == "__main__":
    sys.exit(main())
