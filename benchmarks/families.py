"""Wire families and language twins: how many are found of those that were made, how many found are none, and how fast.

    python benchmarks/families.py CORPUS          precision and recall on altered copies of the texts in gold.jsonl
    python benchmarks/families.py --scale 100000  seconds for that many made articles at first, then for one new one

An altered copy lacks up to half of its paragraphs, has one or two of another story's, other quotation marks, and new
words in a tenth of its sentences. A made translation has other words but for most numbers and names, and lacks a fifth
of its paragraphs; its twin is known by a link, a number in the address or a picture. Around them stand other stories of
the same outlets and days, with the same numbers or pictures. Copies that the corpus has by itself are left out. Another
`--seed` cuts and mixes otherwise.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from generate import Writer

from backfile.catalog import Catalog, Read, open_catalog, rows_of
from backfile.families import family
from backfile.markdown import dump_article, load_article
from backfile.model import Article, Entry, Figure
from backfile.pages.shelves import standings
from backfile.reading import read_article
from backfile.scanning import Seen
from backfile.sentences import sentences
from backfile.twins import twins

Pairs = set[tuple[str, str]]


def read(folder: Path, source: str, article: Article) -> Read:
    """An article as the catalog takes it in, its file written."""
    path = folder / "articles" / source
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump_article(article), "utf-8")
    return read_article(folder / "articles", source, Seen(size=path.stat().st_size, stamp=""))


def take_in(catalog: Catalog, reads: Iterable[Read]) -> None:
    """Put articles into the catalog."""
    with catalog.transaction():
        catalog.remember(rows_of(each, standings) for each in reads)


def texts_of(corpus: Path) -> list[list[str]]:
    """The texts of the corpus that have eight paragraphs and share no sentence with another one."""
    rows = (json.loads(line) for line in (corpus / "gold.jsonl").read_text("utf-8").splitlines())
    texts = [[part.strip() for part in (row["text"] or "").split("\n") if part.strip()] for row in rows]
    texts = [text for text in texts if len(text) >= 8 and len(sentences("\n".join(text))) >= 8]
    count = Counter(sentence for text in texts for sentence in sentences("\n".join(text)))
    return [text for text in texts if all(count[each] == 1 for each in sentences("\n".join(text)))]


def altered(text: list[str], other: list[str], rng: random.Random) -> list[str]:
    """What another outlet made of a text."""
    kept = sorted(rng.sample(range(len(text)), rng.randint((len(text) + 1) // 2, len(text))))
    lines = [_reworded(text[n], rng) for n in kept]
    for paragraph in rng.sample(other, rng.randint(1, 2)):
        lines.insert(rng.randint(0, len(lines)), paragraph)
    return [line.replace("“", '"').replace("”", '"').replace("’", "'") for line in lines]


def _reworded(paragraph: str, rng: random.Random) -> str:
    parts = re.split(r"(?<=[.!?]) ", paragraph)
    return " ".join(part.replace(" ", " indeed ", 1) if rng.random() < 0.1 else part for part in parts)


def translated(text: list[str], rng: random.Random) -> list[str]:
    """A text in another tongue: words as long as before, most numbers and names as they were."""

    def other(word: re.Match[str]) -> str:
        begins = not re.search(r"[\w,;][\s\"“”‘’(]*$", word.string[max(0, word.start() - 4) : word.start()])
        if (word[0].isdecimal() or (word[0][0].isupper() and not begins)) and rng.random() < 0.7:
            return word[0]
        chance = random.Random(zlib.crc32(word[0].encode()))
        new = "".join(chance.choices("aeioubdklmnprstvz", k=max(1, len(word[0]) + chance.randint(-1, 2))))
        return new.capitalize() if word[0][0].isupper() else new

    kept = sorted(rng.sample(range(len(text)), len(text) * 4 // 5))
    return [re.sub(r"\w+", other, text[n]) for n in kept]


def judge(what: str, truth: Pairs, found: Pairs) -> None:
    """Print precision and recall of pairs."""
    right = len(truth & found)
    print(f"{what}: {len(truth)} pairs, precision {right / max(1, len(found)):.4f}, recall {right / len(truth):.4f}")


def families_of(folder: Path, texts: list[list[str]], rng: random.Random) -> tuple[Pairs, Pairs]:
    """(pairs that are one dispatch, pairs that are found)."""
    third = len(texts) // 3
    reads, truth = [], Pairs()
    for n, text in enumerate(texts[:third]):
        sources = []
        for copy in range(5):
            body = altered(text, texts[2 * third + n], rng) if copy else text
            sources.append(f"2024/01/{n}-{copy}.md")
            reads.append(read(folder, sources[-1], _article(body, f"Outlet {copy}", n)))
        truth |= set(combinations(sources, 2))
    for n, text in enumerate(texts[third : 2 * third]):
        reads.append(read(folder, f"2024/02/{n}.md", _article(text, f"Outlet {n % 5}", n)))
    with open_catalog(folder / "families.sqlite") as catalog:
        take_in(catalog, reads)
        groups = [
            [m.entry.source for m in family(catalog, folder / "articles", each.entry)]
            for each in reads
            if each.entry is not None
        ]
    return truth, {pair for group in groups for pair in combinations(sorted(group), 2)}


def twins_of(folder: Path, texts: list[list[str]], rng: random.Random) -> tuple[Pairs, Pairs]:
    """(pairs that are one story, pairs that are found)."""
    half = len(texts) // 2
    reads, truth = [], Pairs()
    for n, text in enumerate(texts[:half]):
        number, picture = f"{10**6 + n // 2}", f"https://img.post.example/{n // 2}/800x600.jpg"
        there = f"https://fr.post.example/une-histoire-{n}"
        addresses = (f"https://post.example/a-story-{n}", there)
        if n % 3 == 1:
            addresses = (f"{addresses[0]}-{number}", f"{addresses[1]}-{number}")
        said = (there,) if n % 3 == 0 else ()
        figures = (Figure(url=picture, lead=True),) if n % 3 == 2 else ()
        for lang, body, url in (("en", text, addresses[0]), ("fr", translated(text, rng), addresses[1])):
            more = {"translations": said} if lang == "en" else {}
            article = _article(body, "Post", n // 4, lang=lang, url=url, figures=figures, **more)
            reads.append(read(folder, f"{lang}/{n}.md", article))
        truth.add((f"en/{n}.md", f"fr/{n}.md"))
        stray = _article(
            translated(texts[half + n], rng),
            "Post",
            n // 4,
            lang="de",
            url=f"https://post.example/de/{number}",
            figures=figures,
        )
        reads.append(read(folder, f"de/{n}.md", stray))
    with open_catalog(folder / "twins.sqlite") as catalog:
        take_in(catalog, reads)
        found = {
            tuple(sorted((each.source, other.entry.source)))
            for each in reads
            if each.entry
            for other in twins(catalog, folder, each.entry)
        }
    return truth, found


def _article(body: list[str], publisher: str, day: int, **more: object) -> Article:
    fields = {"lang": "en", "url": "", **more}
    date = f"2024-01-{day % 28 + 1:02}"
    return Article(title="A story", publisher=publisher, published=date, body="\n\n".join(body), **fields)  # type: ignore[arg-type]


def made(count: int) -> Iterator[tuple[str, Article]]:
    """Articles of invented words; each tenth is a copy of the one before it in another outlet, with a cut."""
    writer = Writer()
    words: list[str] = []
    for n in range(count):
        if n % 10:
            words = writer.rng.choices(writer.words, cum_weights=writer.cumulative, k=450)
        lines = [" ".join(words[at : at + 15]).capitalize() + "." for at in range(0 if n % 10 else 60, 450, 15)]
        body = [" ".join(lines[at : at + 3]) for at in range(0, len(lines), 3)]
        yield f"{2000 + n // 6000}/{n // 500 % 12 + 1:02}/{n}.md", _article(body, f"Outlet {n % 30}", n)


def scale(folder: Path, count: int) -> None:
    """Print how long families take."""
    reads = [read(folder, source, article) for source, article in made(count)]
    with open_catalog(folder / "scale.sqlite") as catalog:
        take_in(catalog, reads)
        started = time.process_time(), time.monotonic()
        groups = [family(catalog, folder / "articles", entry) for entry in _entries(catalog)]
        took = time.process_time() - started[0], time.monotonic() - started[1]
        print(f"{count:,} articles: {sum(map(bool, groups)):,} in families; {took[0]:.1f} s CPU, {took[1]:.1f} s")
        started = time.process_time(), time.monotonic()
        one = read(
            folder, "2030/01/new.md", load_article((folder / "articles" / reads[19].source).read_text("utf-8")).article
        )
        take_in(catalog, [one])
        members = family(catalog, folder / "articles", one.entry) if one.entry else []
        took = time.process_time() - started[0], time.monotonic() - started[1]
        print(f"one new article: a family of {len(members)}; {took[0]:.3f} s CPU, {took[1]:.3f} s")


def _entries(catalog: Catalog) -> Iterator[Entry]:
    for source in catalog.with_copies():
        entry = catalog.entry(source)
        if entry:
            yield entry


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--scale", type=int, default=0)
    parser.add_argument("--seed", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.corpus:
            texts = texts_of(chosen.corpus)
            rng = random.Random(chosen.seed)
            rng.shuffle(texts)
            print(f"{len(texts)} texts")
            judge("families", *families_of(Path(folder) / "a", texts, rng))
            judge("twins", *twins_of(Path(folder) / "b", texts, rng))
        if chosen.scale:
            scale(Path(folder), chosen.scale)


if __name__ == "__main__":
    main()
