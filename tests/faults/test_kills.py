"""kill -9 at any moment, two runs at once, workers that die: the next run ends as an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.harness import (
    BATCH,
    FIRST,
    SECOND,
    built,
    check_after_fault,
    check_pages_are_whole,
    command,
    content,
    copy,
    environment,
    make,
    same,
    temporaries,
)

QUICK, ALL = 1, 25
"""Moments of death, with one job and with two."""
MORE = {f"content/saved/more/{name}": text for name, text in BATCH.items()}


def start(root: Path, *argv: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "backfile", *argv],
        cwd=root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kills")
    site = make(folder / "site", FIRST, SECOND, MORE)
    done = copy(site, folder / "done")
    began = time.monotonic()
    result = command(done, "build")
    assert result.returncode == 0, result.stderr
    return site, content(done), built(done), time.monotonic() - began


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_killed_at_any_moment(undisturbed, tmp_path, jobs, every_fault):
    site, end, pages, seconds = undisturbed
    dice = random.Random(jobs)
    root = tmp_path / "site"
    for _ in range(ALL if every_fault else QUICK):
        copy(site, root)
        before = content(root)
        process = start(root, "build", "--jobs", jobs)
        time.sleep(dice.uniform(0.2, 1) * seconds)
        process.kill()
        process.communicate()
        check_after_fault(before, content(root), end, "")
        check_pages_are_whole(root)
        result = command(root, "build", "--jobs", jobs)
        assert result.returncode == 0, result.stderr
        same(content(root), end, "content")
        same(built(root), pages, "build")
        assert not temporaries(root)


def test_interrupted(undisturbed, tmp_path):
    """Ctrl-C reaches every process of the run: one line, and no traceback of any of them."""
    site, _, _, seconds = undisturbed
    root = copy(site, tmp_path / "site")
    process = subprocess.Popen(
        [sys.executable, "-m", "backfile", "build", "--jobs", "2"],
        cwd=root,
        env=environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    time.sleep(seconds * 0.6)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    assert "Traceback" not in said
    assert process.returncode in (0, 130)
    assert command(root, "build").returncode == 0


def test_several_runs_at_once(undisturbed, tmp_path):
    """They wait for each other, or say that another is at work."""
    site, end, pages, _ = undisturbed
    root = copy(site, tmp_path / "site")
    runs = [
        start(root, "build"),
        start(root, "build", "--jobs", "2"),
        start(root, "add", str(site / "content/saved/a.html")),
    ]
    for run in runs:
        said = run.communicate(timeout=60)[1]
        assert run.returncode == 0 or "is at work in" in said
        assert "Traceback" not in said
    assert command(root, "build").returncode == 0
    same(content(root), end, "content")
    same(built(root), pages, "build")


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_worker_that_dies_costs_nothing(undisturbed, tmp_path):
    site, end, pages, _ = undisturbed
    root = copy(site, tmp_path / "site")
    process = start(root, "build", "--jobs", "2")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and not (found := children.read_text().split()):
        time.sleep(0.001)
    os.kill(int(found[0]), signal.SIGKILL)
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 0, said
    same(content(root), end, "content")
    same(built(root), pages, "build")


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_workers_end_with_the_run(undisturbed, tmp_path):
    """An orphan would hold the lock."""
    root = copy(undisturbed[0], tmp_path / "site")
    process = start(root, "build", "--jobs", "2")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while len(found := children.read_text().split()) < 2:
        time.sleep(0.001)
    time.sleep(0.1)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in found):
        assert time.monotonic() < deadline, "workers outlive the run"
        time.sleep(0.01)


def alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
