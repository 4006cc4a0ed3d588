"""The k-th call to the system fails, for every k: nothing is lost, and the next run ends as an undisturbed one.

By default one k of a third of the cases is tried; `python -m pytest tests/faults --faults=all` tries every one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.harness import (
    FIRST,
    SECOND,
    Runner,
    Tree,
    built,
    check_after_fault,
    content,
    copy,
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
SCENES = ("first", "second", "add")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A site, a command, and what it leads to undisturbed."""

    site: Path
    argv: list[str]
    content: Tree
    built: Tree


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
    """A first build, one with more to import and an edit, and an import of files from elsewhere."""
    folder = tmp_path_factory.mktemp("sites")
    first = make(folder / "first", FIRST)
    second = copy(first, folder / "second")
    assert one.plain(second, ["build"])[0] == 0
    third = copy(second, folder / "third")
    make(second, SECOND)
    (second / "content/articles/2023/own.md").unlink()
    make(folder / "elsewhere", {"new.html": page("A new ship", "new"), "odd.html": page("A storm is coming", "odd")})
    return {
        "first": _scene(one, first, ["build"], folder),
        "second": _scene(one, second, ["build"], folder),
        "add": _scene(one, third, ["add", str(folder / "elsewhere")], folder),
    }


def _scene(one: Runner, site: Path, argv: list[str], folder: Path) -> Scene:
    done = copy(site, folder / "done")
    for each in dict.fromkeys((tuple(argv), ("build",))):
        code, said = one.plain(done, list(each))
        assert code == 0, said
    return Scene(site=site, argv=argv, content=content(done), built=built(done))


def attempt(one: Runner, scene: Scene, case: tuple[Sequence[str], str], k: int) -> None:
    """One fault, and the run after it."""
    root = copy(scene.site, one.root)
    before = content(root)
    code, reached, said = one.run(root, scene.argv, case[0], k, case[1])
    assert reached
    check_after_fault(before, content(root), scene.content, said)
    if code == 0 and scene.argv == ["build"]:
        same(content(root), scene.content, "content after a run that said it was done")
        same(built(root), scene.built, "build after a run that said it was done")
    for argv in dict.fromkeys((tuple(scene.argv), ("build",))):
        code, said = one.plain(root, list(argv))
        assert code == 0, said
    same(content(root), scene.content, "content")
    same(built(root), scene.built, "build")
    assert not temporaries(root)


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0][0]}-{case[1].replace(' ', '-')}")
def test_the_kth_call_fails(one, scenes, case, name, every_fault):
    if not every_fault and (CASES.index(case) + SCENES.index(name)) % len(SCENES):
        pytest.skip("tried with --faults=all")
    scene = scenes[name]
    many = one.count(copy(scene.site, one.root), scene.argv, case[0])
    ks = range(1, many + 1)
    failed = []
    for k in ks if every_fault else [random.Random(f"{case}{name}").choice(ks)]:
        try:
            attempt(one, scene, case, k)
        except AssertionError as error:
            failed.append(f"k = {k} of {many}: {error}")
    assert not failed, "\n".join(failed[:20])
