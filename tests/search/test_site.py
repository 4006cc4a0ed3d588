"""The index in a site: switched on and off, incremental, told in the terminal, and honest about what is broken."""

from __future__ import annotations

import json
import random
import shutil

import numpy as np
import pytest

from backfile.catalog import open_catalog
from backfile.cli import commands
from backfile.config import load_site
from backfile.pipeline import BuildOptions, build_site
from backfile.report import ReadError
from backfile.search.layout import KEPT
from backfile.search.packing import Columns, Packed, column, pack, text_column, unpack
from backfile.search.places import UNDATED, bits_for, date_of, day_number, numbers_of_day
from backfile.search.postings import Postings
from backfile.search.reader import Index
from backfile.search.store import Store
from tests.conftest import article, tree, write_files
from tests.search.test_answers import ask_script, question, story

STORM = article("Storm over the harbour", "The old harbour wall broke.", date="2024-05-22", site="Gazette", lang="en")


def search(site, *words):
    """(exit code, what the command printed)."""
    from click.testing import CliRunner

    result = CliRunner().invoke(commands, ["search", "--site", str(site.root), *words], standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.return_value, result.output


def test_the_command_finds_and_says_what_it_does_not(make_site):
    site = make_site({"content/articles/2024/05/storm.md": STORM, "content/articles/2024/05/b.md": article("Calm")})
    build_site(site)
    code, text = search(site, "harbours", "-calm")
    assert code == 0
    assert "Storm over the harbour\n  Gazette · 2024-05-22\n  2024/05/storm.html\n" in text
    assert text.endswith("1 found\n")
    assert "Did you mean “harbour”?" in search(site, "harbuor")[1]
    told = json.loads(search(site, "--json", '"old harbour"', "after:2024")[1])
    assert [hit["path"] for hit in told["hits"]] == ["2024/05/storm.html"]
    assert told["hits"][0]["title"] == "Storm over the harbour"
    assert search(site, "after:2025")[1] == "0 found\n"


def test_a_site_without_search_has_none(make_site):
    site = make_site({"content/articles/2024/05/storm.md": STORM})
    build_site(site)
    assert (site.build / "search/index.js").is_file()
    assert b'href="../../search.html"' in (site.build / "2024/05/storm.html").read_bytes()
    write_files(site.root, {"backfile.toml": "search = false\n"})
    build_site(load_site(site.root))
    files = tree(site.build)
    assert not [name for name in files if name.startswith(("search", "opensearch"))]
    assert b"search.html" not in files["2024/05/storm.html"]
    with pytest.raises(ReadError, match="Build the site first"):
        search(site, "storm")
    write_files(site.root, {"backfile.toml": 'title = "T"\naddress = "https://example.org/a"\n'})
    build_site(load_site(site.root))
    assert search(site, "storm")[1].endswith("1 found\n")
    assert b"https://example.org/a/search.html?q={searchTerms}" in (site.build / "opensearch.xml").read_bytes()


def test_law_4_any_changes_end_in_the_files_of_a_build_from_nothing(tmp_path, monkeypatch):
    """With segments, shelves and files so small that all of them are cut, split and joined on the way."""
    small = {"SEGMENT": 8, "RECENT": 3, "_AHEAD": 2, "_FULL": (40, 40), "_SPELLINGS": 16, "_FEW": 2, "_BLOCK": 3}
    for name, value in small.items():
        monkeypatch.setattr(f"backfile.search.layout.{name}", value)
    monkeypatch.setattr("backfile.search.update._PATCHED", 3)
    rng = random.Random(5)
    root = tmp_path / "site"
    write_files(root, {"backfile.toml": 'title = "T"\n'})
    names = [f"content/articles/{n % 2}/s{n}.md" for n in range(40)]
    for step in range(9):
        for name in rng.sample(names, (20, 1, 2, 1, 6, 1, 1, 12, 2)[step]):
            if (root / name).exists() and rng.random() < 0.4:
                (root / name).unlink()
            else:
                write_files(root, {name: story(rng)})
        build_site(load_site(root))
        fresh = tmp_path / "fresh"
        shutil.copytree(root, fresh, ignore=shutil.ignore_patterns("build", ".backfile"))
        build_site(load_site(fresh))
        assert tree(root / "build/search") == tree(fresh / "build/search"), step
        shutil.rmtree(fresh)


def test_processes_make_the_same_index(make_site):
    rng = random.Random(6)
    site = make_site({f"content/articles/s{n}.md": story(rng) for n in range(40)})
    build_site(site, BuildOptions(jobs=1))
    one = tree(site.build / "search")
    shutil.rmtree(site.cache)
    build_site(site, BuildOptions(jobs=2))
    assert tree(site.build / "search") == one


def damage_missing(path):
    path.unlink()


def damage_bytes(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x55
    path.write_bytes(data)


def damage_cut(path):
    path.write_bytes(path.read_bytes()[:100])


def damage_foreign(path):
    found = unpack(path.read_bytes())
    path.write_bytes(pack(Packed(name=found.name, stamp=found.stamp ^ 1, sections=found.sections)))


@pytest.mark.parametrize(
    ("damage", "what"),
    [(damage_missing, "missing"), (damage_bytes, "damaged"), (damage_cut, "damaged"), (damage_foreign, "foreign")],
)
@pytest.mark.parametrize("kind", ["d/*", "t/*/*", "w/*", "f/*"])
def test_a_broken_file_is_named_and_costs_only_what_it_holds(make_site, kind, damage, what):
    site = make_site({"content/articles/2024/05/storm.md": STORM})
    build_site(site)
    path = next(iter((site.build / "search").glob(f"{kind}.js")))
    name = path.relative_to(site.build).as_posix()
    damage(path)
    code, text = search(site, "storm", "publisher:gazette")
    assert code == 1
    assert f"warning: {name}: " in text
    told = ask_script(site.build, [("storm publisher:gazette", False)])
    assert [name, what] in told["troubles"]
    if kind == "d/*":
        assert told["answers"][0]["count"] == 1


@pytest.mark.parametrize("damage", [damage_missing, damage_bytes, damage_foreign])
def test_a_broken_entry_is_said(make_site, damage):
    site = make_site({"content/articles/2024/05/storm.md": STORM})
    build_site(site)
    damage(site.build / "search/index.js")
    assert ask_script(site.build, [("storm", False)])["troubles"][0][0] == "search/index.js"
    if damage is not damage_foreign:
        with pytest.raises(ReadError, match=r"search/index\.js"):
            search(site, "storm")


def test_an_index_of_another_version_is_refused(make_site):
    site = make_site({"content/articles/2024/05/storm.md": STORM})
    build_site(site)
    path = site.build / "search/index.js"
    found = unpack(path.read_bytes())
    other = found.sections[0].replace(b'"format":2', b'"format":3')
    path.write_bytes(pack(Packed(name="index", stamp=3, sections=(other, found.sections[1]))))
    with pytest.raises(ReadError, match="another version"):
        search(site, "storm")


def test_what_is_packed_comes_back():
    rng = random.Random(1)
    for size in (0, 1, 2, 1000, 70_001):
        packed = Packed(
            name="x",
            stamp=size,
            sections=(rng.randbytes(size), b'\n\r"\\' * size, "\ud83d\u2028".encode("utf-16-le", "surrogatepass")),
        )
        data = pack(packed)
        assert unpack(data) == packed
        assert data[:2] == b"\xff\xfe"
    with pytest.raises(ReadError):
        unpack(b"\xff\xfex")


def test_columns():
    numbers = [0, 1, 255, 256, 2**40]
    columns = Columns(column(numbers) + text_column("né") + column([]))
    assert columns.numbers(5) == numbers
    assert columns.text() == "né"
    assert columns.numbers(0) == []
    with pytest.raises(ReadError):
        columns.bytes(1)


def test_numbers_tell_the_day_and_hardly_move():
    assert date_of(day_number("2024-05-22T10:00:00+02:00", "a.md")) == "2024-05-22"
    assert day_number("", "a.md") >= UNDATED
    assert day_number("1492-10-12", "a.md") == 0
    sources = [f"{n}.md" for n in range(50)]
    bits = bits_for(50)
    whole = numbers_of_day(7, sources, bits)
    assert len(set(whole.values())) == 50
    assert all(number >> bits == 7 for number in whole.values())
    without = numbers_of_day(7, sources[1:], bits)
    assert sum(whole[source] != number for source, number in without.items()) < 25
    full = numbers_of_day(0, sources[:4], 2)
    assert sorted(full.values()) == [0, 1, 2, 3]


def test_random_questions_never_fail(make_site):
    rng = random.Random(8)
    site = make_site({f"content/articles/s{n}.md": story(rng) for n in range(5)})
    build_site(site)
    index = Index(site=site.build)
    odd = ['"', "-", "OR", "a OR", ":", "author:", 'tag:""', "\x00", "*", "-*", "𝔘 😀 \U0001f600", "日*", "ـ"]
    told = ask_script(site.build, [(text, False) for text in (*odd, *(question(rng) for _ in range(30)))])
    assert told["troubles"] == []
    assert index.layout.count == 5


def test_an_article_that_is_not_among_the_heaviest_changes_no_file(tmp_path):
    """Of a term that very many articles have."""

    def stamp(weights: dict[int, int]) -> int:
        ones = [1] * len(weights)
        columns = ((sorted(weights), "u4"), ([weights[place] for place in sorted(weights)], "u1"), (ones, "u4"))
        rows = Postings(*(np.array(column, kind) for column, kind in columns), np.array(ones, "u2"))
        store.set_postings("s", [("harbour", rows)])
        return store.shelf_stamp("s", "", "")

    many = {1000 + place: 1 if place < KEPT else 9 for place in range(2 * KEPT)}
    with open_catalog(tmp_path / "catalog.sqlite") as catalog:
        store = Store(catalog)
        store.prepare()
        before = stamp(many)
        assert stamp({7: 1, **many}) == before
        assert stamp({7: 10, **many}) != before
        assert stamp({**dict.fromkeys(range(999), 1), **many}) != before, "how many there are is told, too"
