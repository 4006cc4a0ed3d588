"""Law: the page's script, the command and a plain reading of all articles give the same answers in the same order."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from backfile.config import load_site
from backfile.pipeline import build_site
from backfile.search.answer import answer
from backfile.search.query import parse
from backfile.search.reader import Index
from backfile.theme import default_templates
from tests.conftest import article, write_files
from tests.search.plain import Plain

ENGINE = default_templates() / "assets" / "search-engine.js"

WORDS = {
    "en": [
        "harbour",
        "storms",
        "storm",
        "elected",
        "elections",
        "election",
        "running",
        "runs",
        "the",
        "the",
        "the",
        "of",
        "of",
        "and",
        "naïve",
        "ship's",
    ],
    "fr": [
        "élection",
        "élections",
        "œuvre",
        "été",
        "état",
        "l'état",
        "le",
        "le",
        "la",
        "port",
        "tempête",
        "Élevé",
        "élève",
        "aujourd'hui",
    ],
    "de": ["Häuser", "Haus", "Straße", "Wahl", "Wahlen", "Stürme", "Sturm", "der", "die", "und", "gegangen"],
    "ru": ["выборы", "выборов", "шторм", "гавань", "и", "в", "на", "ёлка", "елки"],
    "el": ["εκλογές", "εκλογή", "λιμάνι", "Άνθρωπος", "ανθρώπους", "και"],
    "ar": ["انتخابات", "الانتخابات", "مِيناء", "ميناء", "عاصفة", "فى", "في", "إسلام", "اسلام"],
    "vi": ["bầu", "cử", "đường", "phố", "bão", "cảng", "Việt", "Nam"],
    "ja": ["東京都", "選挙", "港は嵐だ", "日本経済", "の", "カタカナ", "ｶﾀｶﾅ"],
    "zh": ["中国经济", "选举", "港口风暴", "的"],
    "th": ["การเลือกตั้ง", "ท่าเรือ", "พายุ", "ที่"],
    "ko": ["선거가", "항구에서", "폭풍", "서울"],
    "xx": ["foo", "bar", "ＦＯＯ", "１２３", "123", "covid-19", "x", "y"],
}
AUTHORS = ["Maren Holt", "Éva Ø. Łukasz", "Idris Calloway", "Holt Idris", ""]
PUBLISHERS = ["The Harbour Gazette", "The Gazette", "Le Port", "読売新聞", ""]
TAGS = ["Sea", "sea salt", "Été", "選挙", "C++"]


def story(rng: random.Random) -> str:
    language = rng.choice(list(WORDS))
    words = WORDS[language] + WORDS["en"][:3]
    body = "\n\n".join(" ".join(rng.choices(words, k=rng.randint(1, 14))) + "." for _ in range(rng.randint(0, 4)))
    fields = {"lang": language} if language != "xx" else {}
    if rng.random() < 0.85:
        fields["date"] = f"{rng.randint(2019, 2022)}-{rng.randint(1, 12):02}-{rng.randint(1, 3):02}"
    for name, values in (("authors", AUTHORS), ("site", PUBLISHERS), ("description", WORDS[language])):
        value = rng.choice(values)
        if value:
            fields[name] = json.dumps([value] if name == "authors" else value, ensure_ascii=False)
    fields["tags"] = json.dumps(rng.sample(TAGS, rng.randint(0, 2)), ensure_ascii=False)
    title = " ".join(rng.choices(words, k=rng.randint(1, 4)))
    return article(json.dumps(title, ensure_ascii=False), body, **fields)


def question(rng: random.Random) -> str:
    words = WORDS[rng.choice(list(WORDS))]
    parts = []
    for _ in range(rng.randint(1, 4)):
        word = rng.choice(words)
        kind = rng.choice(
            ["word", "word", "word", "phrase", "prefix", "not", "or", "field", "after", "before", "typo", "upper"]
        )
        parts.append(
            {
                "word": word,
                "upper": word.upper(),
                "phrase": f'"{" ".join(rng.choices(words, k=rng.randint(1, 3)))}"',
                "prefix": word[: rng.randint(1, 4)] + "*",
                "not": "-" + rng.choice([word, f'"{word} {rng.choice(words)}"', f'tag:"{rng.choice(TAGS)}"']),
                "or": f"{word} OR {rng.choice(words)}",
                "field": rng.choice(
                    [
                        f"author:{rng.choice(['Holt', 'holt', 'éva', 'OLT'])}",
                        f'author:"{rng.choice(AUTHORS)}"',
                        f"publisher:{rng.choice(['gazette', 'the', '新聞'])}",
                        f'publisher:"{rng.choice(PUBLISHERS)}"',
                        f"tag:{rng.choice(TAGS)}",
                        f"lang:{rng.choice(list(WORDS))}",
                    ]
                ),
                "after": f"after:{rng.choice(['2020', '2020-06', '2021-01-02', '2021-02-31', 'soon'])}",
                "before": f"before:{rng.choice(['2021', '2020-11', '2022-01-01', '0000'])}",
                "typo": rng.choice([word[:1] + word[2:], f"{word}s", f"{word}ing"]),
            }[kind]
        )
    return " ".join(parts) + rng.choice(["", "", " "])


def ask_script(site: Path, questions: list[tuple[str, bool]]) -> dict:
    """The answers of the page's own script, run by Node."""
    node = shutil.which("node")
    if not node:
        pytest.skip("Node is not on this machine")
    command = [node, str(Path(__file__).with_name("ask.cjs")), str(ENGINE), str(site)]
    done = subprocess.run(command, input=json.dumps(questions).encode(), capture_output=True, check=True, timeout=120)
    return json.loads(done.stdout)


def make(root: Path, seed: int, count: int) -> Path:
    rng = random.Random(seed)
    files = {f"content/articles/{n % 3}/s{n}.md": story(rng) for n in range(count)}
    write_files(root, {"backfile.toml": 'title = "T"\n', **files})
    build_site(load_site(root))
    return root / "build"


@pytest.mark.parametrize(("seed", "kept", "segment"), [(1, 1024, 16384), (2, 1024, 16384), (3, 16, 40)])
def test_script_command_and_plain_reading_agree(tmp_path, monkeypatch, seed, kept, segment):
    small = {"SEGMENT": segment, "RECENT": 10, "_AHEAD": 4, "_FEW": 1, "_FULL": (60, 60), "_SPELLINGS": 16}
    for name, value in small.items():
        monkeypatch.setattr(f"backfile.search.layout.{name}", value)
    for where in ("layout", "files"):
        monkeypatch.setattr(f"backfile.search.{where}.KEPT", kept)
    site = make(tmp_path, seed, 60 if kept > 100 else 110)
    rng = random.Random(seed + 100)
    questions = [(question(rng), rng.random() < 0.2) for _ in range(250)]
    plain, index = Plain(tmp_path / "content/articles", kept), Index(site=site)
    told = ask_script(site, questions)
    assert told["troubles"] == []
    hits = loose = 0
    for (text, by_date), script in zip(questions, told["answers"], strict=True):
        expected = plain.ask(text, by_date)
        command = answer(index, parse(text), by_date=by_date)
        mine = [(index.hit(found.place).path, found.score, found.lacks) for found in command.found]
        assert mine == expected, text
        assert [(path, score, tuple(lacks)) for path, score, _, lacks in script["hits"]] == expected, text
        assert dict(script["unknown"]) == command.unknown, text
        assert set(script["common"]) == set(command.common), text
        hits += len(expected)
        loose += any(lacks for _, _, lacks in expected)
    assert index.troubles == []
    assert hits > 300
    assert loose > 20


def test_of_a_question_so_many_characters_are_read():
    """In signs of two halves, too, as the page's script counts them."""
    assert parse("a " * 400_000) == parse("a " * 500)
    assert parse("😀" * 999 + "b" * 9).groups == parse("b").groups
