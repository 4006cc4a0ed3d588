"""Realistic articles for build benchmarks: the same content for Backfile, Hugo and Pelican.

    python benchmarks/generate.py FOLDER N [--for backfile|hugo|pelican]

Words by Zipf's law from an invented vocabulary with accents, 30 publishers, 400 authors, 500 tags, 20 years, 350 to 900
words an article, headings, lists, quotations, links and a picture's markup. The same N gives the same bytes.
"""

from __future__ import annotations

import argparse
import itertools
import random
from pathlib import Path

SYLLABLES = [
    *("ba", "cé", "do", "fi", "gua", "ha", "ju", "ka", "lé", "mo", "nu", "pra", "qui", "ré", "sa", "tø", "va", "wi"),
    *("xe", "yo", "zü", "stra", "blé", "cou", "ent", "ière"),
]


def vocabulary(rng: random.Random, size: int) -> list[str]:
    """Invented words, each once."""
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(rng.choices(SYLLABLES, k=rng.randint(1, 4)))] = None
    return list(words)


class Writer:
    """Writes invented articles."""

    def __init__(self, seed: int = 7) -> None:
        self.rng = random.Random(seed)
        self.words = vocabulary(self.rng, 20_000)
        weights = [1 / (rank + 2) for rank in range(len(self.words))]
        self.cumulative = list(itertools.accumulate(weights))
        self.publishers = [f"The {word.title()} Gazette" for word in self.words[100:130]]
        names = zip(self.words[200:600], self.words[700:1100], strict=True)
        self.authors = [f"{first.title()} {last.title()}" for first, last in names]
        self.tags = [word.title() for word in self.words[1200:1700]]

    def sentence(self, low: int = 8, high: int = 24) -> str:
        """One sentence."""
        words = self.rng.choices(self.words, cum_weights=self.cumulative, k=self.rng.randint(low, high))
        return " ".join(words).capitalize() + "."

    def paragraph(self) -> str:
        """Three to six sentences."""
        return " ".join(self.sentence() for _ in range(self.rng.randint(3, 6)))

    def body(self) -> str:
        """350 to 900 words."""
        target, count, blocks = self.rng.randint(350, 900), 0, []
        while count < target:
            block = self.paragraph()
            count += block.count(" ") + 1
            blocks.append(block)
        blocks.insert(2, f"## {self.sentence(3, 7)[:-1]}")
        blocks.insert(4, f"> {self.sentence()}")
        picture = f"https://img.example.org/{self.rng.randrange(10**9)}.jpg"
        blocks.insert(5, f'![A picture]({picture} "{self.sentence(4, 9)}")')
        blocks.append("\n".join(f"- {self.sentence(3, 8)}" for _ in range(3)))
        blocks[0] = f"{blocks[0]} See [this report](https://example.org/{self.rng.randrange(10**6)}) and *more*."
        return "\n\n".join(blocks)

    def article(self, number: int, form: str) -> tuple[str, str]:
        """(path, text) of one article."""
        rng = self.rng
        year, month, day = 2005 + rng.randrange(20), rng.randint(1, 12), rng.randint(1, 28)
        moment = f"{year}-{month:02}-{day:02}T{rng.randrange(24):02}:{rng.randrange(60):02}:00+00:00"
        tags = sorted({self.tags[min(int(rng.paretovariate(0.6)) - 1, 499)] for _ in range(4)})
        fields = {
            "title": f'"{self.sentence(5, 11)[:-1]}"',
            "date": moment,
            "authors": [rng.choice(self.authors)],
            "tags": tags,
            "lang": "en",
            "description": f'"{self.sentence()}"',
        }
        publisher = rng.choice(self.publishers)
        fields |= {"source": f'"https://example.org/{number}"'}
        if form == "backfile":
            fields |= {"site": publisher}
        elif form == "hugo":
            lists = {
                "languages": [fields.pop("lang")],
                "days": [f"{moment[:10]}"],
                "anniversaries": [f"on-{moment[5:10]}"],
            }
            fields |= {"publishers": [publisher], **lists}
        else:
            fields |= {"category": publisher}
        return f"{year}/{month:02}/story-{number}.md", f"{header(fields, form)}\n{self.body()}\n"


def header(fields: dict[str, object], form: str) -> str:
    """Front matter as the generator in question reads it."""
    if form == "pelican":
        plain = {key: ", ".join(v) if isinstance(v, list) else str(v).strip('"') for key, v in fields.items()}
        return "\n".join(f"{key}: {value}" for key, value in plain.items()) + "\n"
    lists = {
        key: "".join(f"\n  - {item}" for item in v) if isinstance(v, list) else f" {v}" for key, v in fields.items()
    }
    return "---\n" + "\n".join(f"{key}:{value}" for key, value in lists.items()) + "\n---\n"


def generate(folder: Path, count: int, form: str) -> None:
    """Write `count` articles below `folder`."""
    writer = Writer()
    for number in range(count):
        path, text = writer.article(number, form)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--for", dest="form", choices=("backfile", "hugo", "pelican"), default="backfile")
    arguments = parser.parse_args()
    generate(arguments.folder, arguments.count, arguments.form)
