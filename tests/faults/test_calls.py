"""The k-th call to the system fails, for every k: nothing is lost, and the next run ends as an undisturbed one.

By default a seeded share of all k is tried; `python -m pytest tests/faults --faults=all` tries every one.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.harness import (
    FIRST,
    SECOND,
    Runner,
    built,
    check_after_fault,
    content,
    copy,
    make,
    runner,
    same,
    temporaries,
)

CASES = [
    ("write", "ENOSPC"), ("write", "EIO"), ("write", "short"), ("write", "interrupt"), ("write", "kill after"),
    ("open", "ENOSPC"), ("open", "kill after"),
    ("fsync", "EIO"), ("fsync", "kill"), ("fsync", "interrupt"),
    ("replace", "ENOSPC"), ("replace", "kill"), ("replace", "kill after"), ("replace", "interrupt"),
    ("link", "ENOSPC"), ("link", "EPERM"), ("link", "kill"), ("link", "kill after"),
    ("mkdir", "ENOSPC"), ("mkdir", "kill after"), ("mkdir", "interrupt"),
    ("unlink", "EIO"), ("unlink", "kill"), ("unlink", "kill after"), ("unlink", "interrupt"),
    ("rmdir", "EIO"), ("rmdir", "kill"),
    ("scandir", "EIO"), ("scandir", "interrupt"),
    ("read", "EIO"), ("read", "kill"), ("read", "interrupt"),
]  # fmt: skip
EVERY = 8
"""By default one of so many cases is tried, with one k."""


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    with runner(tmp_path_factory.mktemp("log")) as found:
        yield found


@pytest.fixture(scope="module")
def sites(tmp_path_factory, one):
    """(before, expected content, expected build) of a first run, and of a second with more to import."""
    folder = tmp_path_factory.mktemp("sites")
    first = make(folder / "first", FIRST)
    second = copy(first, folder / "second")
    found = []
    for site in (first, second):
        if site is second:
            assert one.plain(site, ["build"])[0] == 0
            make(site, SECOND)
            (site / "content/articles/2023/own.md").unlink()
        done = copy(site, folder / "done")
        code, said = one.plain(done, ["build"])
        assert code == 0, said
        found.append((site, content(done), built(done)))
    return found


def attempt(one: Runner, site: tuple, root: Path, case: tuple[str, str], k: int) -> bool:
    """One fault and the run after it; False where there are fewer than k such calls."""
    start, end, pages = site
    copy(start, root)
    before = content(root)
    call, fault = case
    code, reached, said = one.run(root, ["build"], [call], k, fault)
    if not reached:
        return False
    check_after_fault(before, content(root), end, said)
    if code == 0:
        same(content(root), end, "content after a run that said it was done")
        same(built(root), pages, "build after a run that said it was done")
    code, said = one.plain(root, ["build"])
    assert code == 0, said
    same(content(root), end, "content")
    same(built(root), pages, "build")
    assert not temporaries(root)
    return True


@pytest.mark.parametrize("number", [0, 1], ids=["first", "second"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case).replace(" ", "-"))
def test_the_kth_call_fails(one, sites, tmp_path, case, number, every_fault):
    site, root = sites[number], tmp_path / "site"
    if every_fault:
        k = 1
        while attempt(one, site, root, case, k):
            k += 1
    elif (CASES.index(case) + number) % EVERY == 0:
        attempt(one, site, root, case, random.Random(f"{case}{number}").randint(1, 20))
    else:
        pytest.skip("tried with --faults=all")
