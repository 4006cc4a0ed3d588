"""One dispatch in several outlets is a family: found whatever each outlet made of it, and nothing else is."""

from __future__ import annotations

import random
import shutil

import pytest

from backfile.families import is_copy
from backfile.pipeline import BuildOptions, build_site
from backfile.sentences import sentence_prints, sentences
from tests.conftest import article, tree

SYLLABLES = ["ba", "ko", "ri", "mu", "te", "lan", "sor", "vi", "pel", "du"]


def sentence(seed: int) -> str:
    """Fourteen words that no other seed gives."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(14)).capitalize() + "."


def story(*seeds: int) -> str:
    return "\n\n".join(sentence(seed) for seed in seeds)


def site_files(texts: dict[str, str]) -> dict[str, str]:
    return {
        f"content/articles/2024/03/{name}.md": article(
            f"Story of {name}", site=name.title(), date=f"2024-03-0{n + 1}", agencies="[AP]" if n == 0 else "[]"
        ).rstrip("\n")
        + f"\n\n{text}\n"
        for n, (name, text) in enumerate(texts.items())
    }


FAMILY = {
    "wire": story(*range(10)),
    "herald": story(*range(6), 100, 101),
    "post": story(200, *range(3, 10)),
    "other": story(*range(300, 310)),
}


def built(site, **options):
    build_site(site, BuildOptions(**options))
    return {name: data.decode("utf-8", "replace") for name, data in tree(site.build).items()}


def test_a_family_shows_who_ran_it_and_what_each_made_of_it(make_site):
    pages = built(make_site(site_files(FAMILY)))
    page = pages["families/2024/03/wire.html"]
    assert all(f"../../../2024/03/{name}.html" in page for name in ("wire", "herald", "post"))
    assert "other.html" not in page
    assert f"<ins>{sentence(100)}</ins>" in page
    assert f"<del>{sentence(9)}</del>" in page
    assert "AP" in page
    assert "../../families/2024/03/wire.html" in pages["2024/03/post.html"]
    assert "families/" not in pages["2024/03/other.html"]
    assert [name for name in pages if name.startswith("families/")] == ["families/2024/03/wire.html"]


def test_an_outlet_that_repeats_itself_is_no_family(make_site):
    files = site_files({"a": story(*range(10)), "b": story(*range(10))})
    files = {name: text.replace("site: A", "site: One").replace("site: B", "site: One") for name, text in files.items()}
    assert not [name for name in built(make_site(files)) if name.startswith("families/")]


@pytest.mark.parametrize("name", ["wire", "herald", "post"])
def test_an_incremental_build_knows_of_members_that_come_and_go(make_site, tmp_path, name):
    files = site_files(FAMILY)
    late = f"content/articles/2024/03/{name}.md"
    site = make_site({path: text for path, text in files.items() if path != late})
    built(site)
    (site.root / late).write_text(files[late])
    grown = built(site)
    shutil.rmtree(site.cache)
    built(site, out=tmp_path / "fresh")
    assert grown == {path: data.decode("utf-8", "replace") for path, data in tree(tmp_path / "fresh").items()}
    (site.root / late).unlink()
    shrunk = built(site)
    shutil.rmtree(site.cache)
    built(site, out=tmp_path / "second")
    assert shrunk == {path: data.decode("utf-8", "replace") for path, data in tree(tmp_path / "second").items()}


def test_copies_are_told_from_others_whatever_is_cut_and_added():
    chance = random.Random(1)
    right = wrong = 0
    for n in range(200):
        base = list(range(1000 * n, 1000 * n + chance.randint(6, 40)))
        start = chance.randint(0, len(base) // 2)
        cut = base[start : start + max(4, len(base) // 2)]
        added = range(500_000 + n * 50, 500_000 + n * 50 + chance.randint(0, len(cut)))
        altered = [*added, *cut]
        one, other = story(*base), story(*altered)
        right += is_copy(frozenset(sentences(one)), frozenset(sentences(other)))
        right += bool(set(sentence_prints(one)) & set(sentence_prints(other)))
        stranger = story(*range(900_000 + n * 50, 900_000 + n * 50 + 20))
        wrong += is_copy(frozenset(sentences(one)), frozenset(sentences(stranger)))
    assert right >= 0.98 * 400
    assert wrong == 0
