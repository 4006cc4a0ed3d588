"""What several sources say of a page ends in the same bytes whichever came first."""

from __future__ import annotations

import shutil
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.config import load_site
from backfile.model import Article, Hints, Said
from backfile.pipeline import build_site
from backfile.sources import gathered, retold
from tests.conftest import tree, write_files
from tests.faults.harness import bookmarks, page

SAVED = {
    "b.html": bookmarks(("storm", "A storm is coming", "sea, wind"), ("ships", "Ships", "seen"), ("bare", "", "")),
    "c.html": page("A storm is coming", "storm"),
    "f.html": bookmarks(("later", "Later", "one"), ("storm", "Storm", "again"), ("storm", "Storm", "again")),
    "g.html": bookmarks(("ships", "Ships", "b"), ("storm", "", "wind, Again, x"), ("later", "Later", "a")),
}


def archive(root: Path, *batches: tuple[str, ...]) -> dict[str, bytes]:
    """Articles and receipts of a site into which the saved files came in these batches."""
    shutil.rmtree(root, ignore_errors=True)
    write_files(root, {"backfile.toml": 'title = "Test"\n'})
    for names in batches:
        write_files(root, {f"content/saved/{name}": SAVED[name] for name in names})
        build_site(load_site(root))
    return {**tree(root / "content/articles"), **tree(root / "content/receipts")}


def test_the_order_in_which_files_come_does_not_matter(tmp_path):
    wanted = archive(tmp_path / "site", tuple(SAVED))
    text = next(data.decode() for name, data in wanted.items() if name.endswith("a-storm-is-coming.md"))
    assert "tags:\n  - sea\n  - wind\n  - again\n  - x\n" in text
    for order in list(permutations(SAVED))[5::6]:
        assert archive(tmp_path / "site", *((name,) for name in order)) == wanted, order


@pytest.mark.parametrize("name", ["b.html", "f.html"])
def test_an_edited_article_is_left_as_it_is(tmp_path, name):
    root = tmp_path / "site"
    archive(root, ("c.html",))
    path = next((root / "content/articles").rglob("a-storm*.md"))
    path.write_text(path.read_text().replace("harbour master", "master"))
    mine = path.read_text()
    write_files(root, {f"content/saved/{name}": SAVED[name]})
    report = build_site(load_site(root))
    assert path.read_text() == mine
    assert any("edited by you" in notice.what for notice in report.notices)


HINTS = st.builds(
    Hints, title=st.sampled_from(["", "A", "B"]), tags=st.lists(st.sampled_from("abC")).map(tuple), lang=st.just("en")
)
ADDRESS = st.sampled_from(["http://x.example/y", "https://x.example/y"])
SAID = st.builds(
    Said, origin=st.sampled_from(["a", "b"]), member=st.sampled_from(["9", "10"]), url=ADDRESS, hints=HINTS
)  # fmt: skip


@given(st.lists(SAID, min_size=1, max_size=4), st.randoms(use_true_random=False), st.booleans())
def test_any_order_and_any_grouping(said, dice, link_only):
    """Gathering is a union: one by one, in any order, and again."""
    own = () if link_only else (Said(hints=Hints(title="Own", tags=("b",))),)
    wanted = gathered((*own, *said))
    mixed = [*said, *said[:1]]
    dice.shuffle(mixed)
    found = own
    for each in mixed:
        found = gathered((*found, each))
    assert retold(Article(title="", link_only=link_only), found) == retold(
        Article(title="", link_only=link_only), wanted
    )
    assert {each.hints for each in found} == {each.hints for each in wanted}
