"""Runs the `backfile` command many times, each in a process of its own, with one call to the system failing.

    python -m tests.faults.runner SITE [LIBRARY] < cases > results    (JSON, a line each; LIBRARY is fault.c, compiled)

A case is `{"argv": […], "calls": […], "k": 3, "fault": "ENOSPC"}`: the third of those calls below the current folder
fails so, whoever makes it: Python, SQLite or another library. The program is loaded once and forked for every case,
which takes milliseconds.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import json
import os
import pkgutil
import shutil
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

CALLS = (
    "open", "write", "fsync", "rename", "link", "mkdir", "unlink", "rmdir", "truncate", "look", "read", "list", "stat",
)  # fmt: skip
"""`open` is opening to write, `look` opening to read. In the order of the bits in fault.c."""
CHANGES = CALLS[:9]
WHAT = {"": 0, "short": 3, "interrupt": 4, "kill": 5, "kill after": 6}
"""What else than an error may happen; `ENOSPC on` is an error that stays."""


def set_fault(library: ctypes.CDLL, case: dict[str, Any]) -> None:
    """Tell the library what is to fail, and when."""
    bits = sum(1 << CALLS.index(call) for call in case["calls"])
    name = case["fault"].removesuffix(" on")
    what = WHAT.get(case["fault"], 2 if case["fault"].endswith(" on") else 1)
    code = getattr(errno, name, errno.ENOSPC)
    library.fault_set(case["cwd"].encode(), bits, case["k"], what, code)


def child(library: ctypes.CDLL, case: dict[str, Any]) -> None:
    """Run one case in this process, which ends with it."""
    from backfile import workers
    from backfile.cli import main

    workers.default_jobs = lambda: 0  # every call is made in its turn
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(case["cwd"])
    for descriptor, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{case['log']}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    if case["uid"]:
        os.setgroups([])
        os.setgid(case["uid"])
        os.setuid(case["uid"])
    sys.argv = ["backfile", *case["argv"]]
    code = 0
    try:
        if case["trace"]:
            library.fault_trace(os.open(case["trace"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND))
        if case["fault"]:
            library.fault_arm()
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 (whatever escapes is what we look for)
        sys.excepthook(*sys.exc_info())
        code = 98
    finally:
        sys.stderr.flush()
        os._exit(code)


def warm_up(site: Path) -> None:
    """Load everything, and build a site once where the cases' sites will be, so that templates are loaded too."""
    import backfile
    from backfile.config import load_site
    from backfile.pipeline import build_site
    from tests.faults.harness import FIRST, make

    for module in pkgutil.walk_packages(backfile.__path__, "backfile."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    build_site(load_site(make(site, FIRST)))
    shutil.rmtree(site)


def main() -> None:
    """Run the cases of standard input."""
    library = ctypes.CDLL(*sys.argv[2:] or [None])
    warm_up(Path(sys.argv[1]))
    gc.collect()
    gc.freeze()  # what is loaded is shared with every case
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        case = json.loads(line)
        if case["fault"]:
            set_fault(library, case)
        pid = os.fork()
        if not pid:
            child(library, case)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        count = library.fault_count() if case["fault"] else 0
        sys.stdout.write(json.dumps({"code": code, "count": count}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
