from __future__ import annotations

import errno
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backfile import locking
from backfile.locking import HeldError, held

FILES = Path("/proc/self/fd")
HOLD = """import sys, pathlib, backfile.locking as l
with l.held(pathlib.Path(sys.argv[1]), 0):
    print(1, flush=True)
    input()"""


@pytest.fixture(params=["flock", "no system call", "no module"])
def system(request, monkeypatch):
    """A system with its own locks, one whose disk has none, and one that knows none."""

    def refuse(file, how):
        raise OSError(errno.ENOSYS, "not here")

    if request.param == "no system call":
        monkeypatch.setattr("fcntl.flock", refuse)
    elif request.param == "no module":
        monkeypatch.setattr(locking, "fcntl", None)
    return request.param


def test_one_at_a_time_and_free_afterwards(tmp_path, system):
    path = tmp_path / "lock"
    with held(path, 0), pytest.raises(HeldError), held(path, 0.1):
        pass
    with pytest.raises(KeyError), held(path, 0):
        raise KeyError
    with held(path, 0):
        pass


def test_a_killed_process_holds_nothing(tmp_path):
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        with pytest.raises(HeldError), held(path, 0.1):
            pass
        other.kill()
    with held(path, 0):
        pass


def test_it_is_waited_for(tmp_path):
    path = tmp_path / "lock"
    first = held(path, 0)
    first.__enter__()
    threading.Timer(0.2, first.__exit__, (None, None, None)).start()
    with held(path, 10):
        pass


def test_a_failing_disk_is_told(tmp_path, monkeypatch):
    def fail(file, how):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr("fcntl.flock", fail)
    with pytest.raises(OSError, match="broken"), held(tmp_path / "lock", 1):
        pass


def test_a_run_with_system_locks_does_not_load_the_library():
    code = "import sys, backfile.pipeline; sys.exit('filelock' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not FILES.is_dir(), reason="looks at open files in /proc")
def test_a_child_that_lives_on_does_not_keep_it(tmp_path):
    path = tmp_path / "lock"
    with held(path, 0):
        number = next(int(file.name) for file in FILES.iterdir() if file.resolve() == path.resolve())
        command = [sys.executable, "-c", "input()"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[number], stderr=subprocess.DEVNULL)
    with held(path, 0):
        pass
    child.communicate(b"\n", timeout=10)
