"""The k-th call to the system fails: nothing is lost, and the next run ends as an undisturbed one.

Calls of one kind are those of one name on one sort of file: built files, articles and receipts by their endings, every
other file by itself. By default one call of a share of the cases is tried.
`python -m pytest tests/faults --faults=all` tries the first and the last call of every kind and a seeded share of those
between, `--faults=every` every call.
"""

from __future__ import annotations

import random
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from backfile.config import load_site
from backfile.files import TEMPORARY
from backfile.fixity import damaged_log_lines
from backfile.receipts import read_stored, write_receipt
from tests.faults.harness import (
    BATCH,
    FIRST,
    RICH,
    SECOND,
    STORY,
    Runner,
    Tree,
    built,
    check_after_fault,
    check_pages_are_whole,
    content,
    copy,
    exported,
    fault_library,
    make,
    page,
    runner,
    same,
    temporaries,
)
from tests.faults.runner import CHANGES

SPACE = ("open", "write", "link", "mkdir", "truncate", "rename")
"""Calls that a full disk refuses."""
CASES: list[tuple[Sequence[str], str]] = [
    (SPACE, "ENOSPC"), (SPACE, "ENOSPC on"), (CHANGES, "EIO"), (CHANGES, "EIO on"), (("write",), "short"),
    (CHANGES, "interrupt"), (CHANGES, "kill"), (("write", "truncate"), "kill after"), (("link",), "EPERM"),
    (("look", "read", "list"), "EIO"), (("look", "list"), "EACCES"), (("read", "list"), "interrupt"),
    (("stat",), "EIO"),
]  # fmt: skip
SCENES = ("first", "second", "rich", "add", "batch", "verify", "check", "reclean", "restore", "drop", "export")
BETWEEN = 1, 16
"""Of the calls of a kind, but for the first and the last: at least so many, and one of so many."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A site, a command, and what it leads to undisturbed."""

    site: Path
    argv: list[str]
    code: int
    content: Tree
    built: Tree
    exported: Tree
    again: bool = True
    """False for a command that does another thing when it is run once more; then these are without it:"""
    content_without: Tree
    built_without: Tree


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    folder = tmp_path_factory.mktemp("log")
    library = fault_library(folder)
    if not library:
        pytest.skip("faults are compiled by a C compiler on Linux")
    with runner(folder, library) as found:
        yield found


@pytest.fixture(scope="module")
def scenes(tmp_path_factory, one):
    """Imports and builds of several kinds, and each command that writes or reads much."""
    folder = tmp_path_factory.mktemp("sites")
    first = make(folder / "first", FIRST)
    done = copy(first, folder / "built")
    assert one.plain(done, ["build"])[0] == 0
    make(folder / "elsewhere", {"new.html": page("A new ship", "new"), "odd.html": page("A storm is coming", "odd")})
    make(folder / "batch", BATCH)
    decided = _with_something_removed(one, copy(done, folder / "decided"))
    article = "content/articles/2024/03/ships-at-night.md"
    made = {
        "first": (first, ["build"], True),
        "rich": (make(folder / "rich", RICH), ["build"], True),
        "second": (_changed(copy(done, folder / "second")), ["build"], True),
        "add": (done, ["add", str(folder / "elsewhere")], True),
        "batch": (copy(done, folder / "many"), ["add", str(folder / "batch")], True),
        "verify": (done, ["verify"], True),
        "check": (done, ["check"], True),
        "reclean": (_of_an_older_cleaner(copy(done, folder / "older")), ["reclean"], True),
        "restore": (decided, ["restore", article, "1"], False),
        "drop": (decided, ["drop", article, "In part 3 of the story"], False),
        "export": (done, ["export", "--for", "hugo", "out"], False),
    }
    return {name: _scene(one, site, argv, folder, again=again) for name, (site, argv, again) in made.items()}


def _changed(site: Path) -> Path:
    """New files, a file that is gone, and two articles that were edited."""
    make(site, SECOND)
    (site / "content/articles/2023/own.md").unlink()
    for name in ("ships-in-the-harbour", "ships-in-the-river"):
        path = next((site / "content/articles").rglob(f"{name}.md"))
        path.write_text(path.read_text().replace("great book", "small book"))
    return site


def _with_something_removed(one: Runner, site: Path) -> Path:
    menu = "<div class='related'><h2>Read also</h2><ul><li><a href='/x'>Another story of the sea</a></li></ul></div>"
    text = page("Ships at night", "night").replace(STORY, STORY + menu)
    make(site, {"content/saved/night.html": text})
    assert one.plain(site, ["build"])[0] == 0
    return site


def _of_an_older_cleaner(site: Path) -> Path:
    """Articles that would be cleaned otherwise by now; one of them was edited."""
    opened = load_site(site)
    for path in sorted(opened.receipts.rglob("*.json")):
        stored = read_stored(opened.receipts, path.stem)
        file = opened.articles / (stored.article if stored else "")
        if stored and stored.receipt.sha256 and file.is_file():
            old = stored.markdown.replace("In part 7", "Read also: In part 7")
            write_receipt(opened.receipts, replace(stored, markdown=old))
            file.write_text(old.replace("In part 2", "In the second part") if "river" in stored.article else old)
    return site


def _scene(one: Runner, site: Path, argv: list[str], folder: Path, *, again: bool) -> Scene:
    done, without = copy(site, folder / "done"), folder / "without"
    if not again:
        copy(site, without)
        assert one.plain(without, ["build"])[0] == 0
    code, said = one.plain(done, argv)
    assert code in (0, 1), said
    assert "Traceback" not in said
    assert one.plain(done, ["build"])[0] == 0
    return Scene(
        site=site, argv=argv, code=code, content=content(done), built=built(done), exported=exported(done), again=again,
        content_without=content(without), built_without=built(without),
    )  # fmt: skip


def attempt(one: Runner, scene: Scene, case: tuple[Sequence[str], str], k: int) -> None:
    """One fault, and the runs after it."""
    root = copy(scene.site, one.root)
    before = content(root)
    code, reached, said = one.run(root, scene.argv, case[0], k, case[1])
    assert reached
    check_after_fault(before, content(root), scene.content, said)
    check_pages_are_whole(root)
    if case[1].startswith("kill") and not (scene.site / "build").exists():
        made = built(root).items()
        assert {(name, data) for name, data in made if not name.endswith(TEMPORARY)} <= scene.built.items()
    if code == 0 and scene.argv == ["build"]:
        same(content(root), scene.content, "content after a run that said it was done")
        same(built(root), scene.built, "build after a run that said it was done")
    if exported(root) not in ({}, scene.exported):
        assert code == 1, "an export without some of the articles, and not a word of it"
        shutil.rmtree(root / "out")
    _run_again(one, scene, root)
    if scene.argv != ["build"]:
        code, said = one.plain(root, ["build"])
        assert code == 0, said
    if scene.again or content(root) != scene.content_without:
        same(content(root), scene.content, "content")
        same(built(root), scene.built, "build")
    else:
        same(built(root), scene.built_without, "build")
    same(exported(root), scene.exported, "export")
    assert not temporaries(root)
    assert not damaged_log_lines(root / "content")


def _run_again(one: Runner, scene: Scene, root: Path) -> None:
    if scene.again or exported(root) != scene.exported:
        code, said = one.plain(root, scene.argv)
        assert code in (scene.code, 2 if not scene.again else 0), said  # 2: it is there already


def kinds(calls: Iterable[str]) -> dict[str, list[int]]:
    """The calls by their kind, numbered from 1."""
    found: dict[str, list[int]] = defaultdict(list)
    for k, call in enumerate(calls, 1):
        name = re.sub(r"\.\d+\.backfile-tmp$", " unfinished", call)
        name = re.sub(r"(/build/|/out/).*?((?:\.\w+)?(?: unfinished)?)$", r"\1*\2", name)
        name = re.sub(r"/(articles|receipts)/.*?(\.\w+(?: unfinished)?)$", r"/\1/*\2", name)
        found[name].append(k)
    return found


def chosen(calls: Sequence[str], dice: random.Random) -> list[int]:
    """Of each kind the first and last calls, and some between."""
    found: set[int] = set()
    for ks in kinds(calls).values():
        middle = ks[1:-1]
        found.update(ks[:1], ks[-1:], dice.sample(middle, min(BETWEEN[0] + len(ks) // BETWEEN[1], len(middle))))
    return sorted(found)


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0][0]}-{case[1].replace(' ', '-')}")
def test_the_kth_call_fails(one, scenes, case, name, faults):
    if faults == "some" and (CASES.index(case) + SCENES.index(name)) % len(SCENES):
        pytest.skip("tried with --faults=all")
    scene = scenes[name]
    dice = random.Random(f"{case}{name}")
    calls = one.trace(copy(scene.site, one.root), scene.argv, case[0])
    if not calls:
        pytest.skip("makes no such call")
    ks = list(range(1, len(calls) + 1)) if faults == "every" else chosen(calls, dice)
    ks = [dice.choice(ks)] if faults == "some" else ks
    print(f"{len(ks)} of {len(calls)} calls")
    failed = []
    for k in ks:
        try:
            attempt(one, scene, case, k)
        except AssertionError as error:
            failed.append(f"k = {k} of {len(calls)} ({calls[k - 1]}): {error}")
    assert not failed, f"{len(failed)} of {len(ks)}\n" + "\n".join(failed[:20])
