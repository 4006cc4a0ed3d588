"""`backfile cite`: a sentence with where it stands, and what shows that it stood there."""

from __future__ import annotations

import hashlib
import json

import pytest
from click.testing import CliRunner

from backfile import cli
from backfile.pipeline import build_site
from backfile.quoting import quotation
from backfile.report import ReadError
from tests.conftest import article
from tests.faults.harness import page

BODY = (
    "The bridge cost 4.5 million. He said *no* to it. “Never again!” she said.\n\n"
    "- A point of a list.\n\nHe said yes. He said yes.\n\n橋は古い。新しい橋は来年できる。"
)


@pytest.fixture
def site(make_site):
    saved = page("A bridge at last", "bridge")
    text = article(body=BODY, date="2024-05-02", source="https://e.example/a")
    found = make_site({"content/saved/a.html": saved, "content/articles/2024/05/b.md": text})
    build_site(found)
    return found


def cited(site, words: str):
    return quotation(site.articles, site.receipts, "2024/05/b.md", words, "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("4.5 million", "The bridge cost 4.5 million."),
        ("said no  to", "He said no to it."),
        ("Never again", "“Never again!”"),
        ("point of a", "A point of a list."),
        ("来年", "新しい橋は来年できる。"),
    ],
)
def test_the_sentence_that_holds_the_words(site, words, sentence):
    assert cited(site, words).sentence == sentence


@pytest.mark.parametrize("words", ["He said yes", "nothing of it", "", "million. He"])
def test_words_that_stand_in_no_sentence_or_in_several(site, words):
    with pytest.raises(ReadError, match="one sentence"):
        cited(site, words)


def test_where_it_stands_and_what_shows_it(site):
    found = cited(site, "4.5 million")
    path, _, anchor = found.page.partition("#")
    assert f'id="{anchor}">The bridge cost' in (site.build / path).read_text()
    assert found.original == "https://e.example/a"
    assert found.archived == "https://web.archive.org/web/20240502/https://e.example/a"
    assert found.sha256 == ""
    assert "#" not in cited(site, "point of a").page


def test_a_cleaned_article_is_cited_with_the_digest_of_its_original(site):
    (path,) = [path for path in site.articles.rglob("*.md") if path.name != "b.md"]
    words = " ".join(path.read_text().rpartition("---\n")[2].split()[:4])
    name = path.relative_to(site.articles).as_posix()
    told = CliRunner().invoke(cli.commands, ["cite", "--site", str(site.root), "--json", name, words])
    found = json.loads(told.stdout)
    assert found["sha256"] == hashlib.sha256((site.saved / "a.html").read_bytes()).hexdigest()
    assert found["sha256_of_text"] == hashlib.sha256(path.read_bytes()).hexdigest()
    plain = CliRunner().invoke(cli.commands, ["cite", "--site", str(site.root), name, words]).stdout
    assert found["sentence"] in plain
    assert f"SHA-256 of the original: {found['sha256']}" in plain
