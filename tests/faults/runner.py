"""Runs the `backfile` command many times, each in a process of its own, with one call to the system failing.

    python -m tests.faults.runner < cases > results     (JSON, a line each)

A case is `{"argv": […], "calls": […], "k": 3, "fault": "ENOSPC"}`: the third of those calls below the current folder
fails so. The program is loaded once and forked for every case, which takes milliseconds.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CALLS = ("open", "write", "fsync", "replace", "link", "mkdir", "unlink", "rmdir", "scandir", "read")
FAULTS = ("ENOSPC", "EIO", "short", "interrupt", "kill", "kill after")
KILLED = 99


class Trap:
    """Counts calls, and springs at the k-th one."""

    def __init__(self, calls: list[str], k: int, fault: str) -> None:
        self.calls, self.k, self.fault = calls, k, fault
        self.count = 0

    def reached(self, call: str) -> bool:
        self.count += call in self.calls
        return call in self.calls and self.count == self.k

    def spring(self) -> None:
        if self.fault.startswith("kill"):
            os._exit(KILLED)
        if self.fault == "interrupt":
            raise KeyboardInterrupt
        code = getattr(errno, self.fault, errno.ENOSPC)
        raise OSError(code, os.strerror(code))

    def around(self, call: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def trapped(*args: Any, **kwargs: Any) -> Any:
            if not self.reached(call):
                return function(*args, **kwargs)
            if self.fault == "kill after":
                function(*args, **kwargs)
            return self.spring()

        return trapped


def set_trap(trap: Trap) -> None:
    """Put the trap around the calls of this process that concern files of the site."""
    for call in ("fsync", "replace", "link", "mkdir", "unlink", "rmdir", "scandir"):
        setattr(os, call, trap.around(call, getattr(os, call)))
    plain = io.open

    class File(io.FileIO):
        def write(self, data: Any) -> int:
            if not trap.reached("write"):
                return super().write(data)
            if trap.fault in ("short", "kill after"):
                super().write(memoryview(data)[: len(data) // 2])
            trap.spring()
            raise AssertionError

        def readall(self) -> bytes:
            if trap.reached("read"):
                trap.spring()
            return super().readall()

    def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if isinstance(file, int) or not Path(os.fsdecode(file)).absolute().is_relative_to(Path.cwd()):
            return plain(file, mode, *args, **kwargs)
        writes = any(letter in mode for letter in "wxa+")
        if trap.reached("open" if writes else "read"):
            trap.spring()
        raw = File(file, mode.replace("b", "").replace("t", ""))
        buffered = io.BufferedWriter(raw) if writes else io.BufferedReader(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding="utf-8")

    io.open = builtins.open = opened  # type: ignore[assignment]


def child(case: dict[str, Any]) -> None:
    """Run one case in this process, which ends with it."""
    from backfile.cli import main

    os.chdir(case["cwd"])
    for descriptor, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{case['log']}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    trap = Trap(case["calls"], case["k"], case["fault"])
    sys.argv = ["backfile", *case["argv"]]
    code = 0
    try:
        set_trap(trap)
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  # the runner stands for the interpreter: it reports whatever gets out
        sys.excepthook(*sys.exc_info())
        code = 98
    finally:
        sys.stderr.flush()
        os._exit(code if trap.count >= trap.k else 100 + code)


def main() -> None:
    """Run the cases of standard input."""
    import backfile.pipeline
    import backfile.workers  # noqa: F401

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one job: every call is this process's own
    for line in sys.stdin:
        case = json.loads(line)
        pid = os.fork()
        if not pid:
            child(case)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        reached = code < 100
        sys.stdout.write(json.dumps({"code": code if reached else code - 100, "reached": reached}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
