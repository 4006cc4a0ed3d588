"""Many tasks, several processes: everything parallel goes through `concurrent.futures.Executor`."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from backfile.limits import Limits, limits, set_limits
from backfile.report import SiteError

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


class Pool(Executor):
    """Processes of this machine, which can be started anew after one of them was ended."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._processes = self._start()

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(_start_method())
        return ProcessPoolExecutor(self._jobs, mp_context=context, initializer=_begin, initargs=(limits(),))

    def submit(self, fn: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> Future[_Result]:
        """As `Executor.submit`; processes of which one was ended meanwhile are started anew."""
        try:
            return self._processes.submit(fn, *args, **kwargs)
        except BrokenProcessPool:
            self.shutdown()
            self._processes = self._start()
            return self._processes.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As `Executor.shutdown`."""
        self._processes.shutdown(wait, cancel_futures=cancel_futures)


Attempt = Callable[[_Task], _Result | None]
"""Does a task once more; None where its process was ended again."""
Rescue = Callable[[_Task, Attempt[_Task, _Result]], _Result]
"""(a task whose process was ended, an attempt at parts of it) → the result all the same."""


@contextmanager
def executor(jobs: int) -> Iterator[Executor | None]:
    """Processes to work in, or None for one job: the work is then done here, where nothing can end what takes too long.

    Raises SiteError where a process was ended from outside and no task could be blamed for it.
    """
    if jobs <= 1:
        yield None
        return
    try:
        with Pool(jobs) as pool:
            yield pool
    except BrokenProcessPool as error:
        what = "a working process was ended from outside, maybe for want of memory. What was done is kept"
        raise SiteError(f"{what}; run the same command again, with fewer --jobs") from error


def _begin(bounds: Limits) -> None:
    """Leave interrupts to the parent, and end with it: an orphan would hold the site's lock."""
    set_limits(bounds)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


@contextmanager
def timed() -> Iterator[None]:
    """Let the system end this working process if what is done inside takes more of the processor than it may.

    The clock runs only while work is done, so that a busy machine ends nothing. Compiled code cannot hold it up.
    """
    if not multiprocessing.parent_process() or not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, limits().seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def run(
    pool: Executor | None,
    function: Callable[[_Task], _Result],
    tasks: Iterable[_Task],
    rescue: Rescue[_Task, _Result] | None = None,
) -> Iterator[_Result]:
    """The results in the order of the tasks. At most eight tasks are under way, so that memory stays flat.

    Where a process is ended, the tasks under way are done again, one at a time; one that ends its process again is left
    to `rescue`, and an error without it.
    """
    if pool is None:
        yield from map(function, tasks)
        return
    waiting = iter(tasks)
    under_way = deque((task, pool.submit(function, task)) for task in islice(waiting, 8))
    while under_way:
        task, future = under_way.popleft()
        try:
            result = future.result()
        except BrokenProcessPool:
            again = [task, *(other for other, _ in under_way)]
            under_way.clear()
            yield from (_once_more(pool, function, each, rescue) for each in again)
        else:
            yield result
        under_way.extend((task, pool.submit(function, task)) for task in islice(waiting, 8 - len(under_way)))


def _once_more(
    pool: Executor, function: Callable[[_Task], _Result], task: _Task, rescue: Rescue[_Task, _Result] | None
) -> _Result:
    def attempt(some: _Task) -> _Result | None:
        try:
            return pool.submit(function, some).result()
        except BrokenProcessPool:
            return None

    if rescue is None:
        return pool.submit(function, task).result()
    done = attempt(task)
    return rescue(task, attempt) if done is None else done


def chunks(items: Sequence[_Task], size: int) -> Iterator[Sequence[_Task]]:
    """The items in slices of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def default_jobs() -> int:
    """As many processes as this process may use cores, and at least two: in one of them, nothing could be ended."""
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _start_method() -> str:
    """Forking costs milliseconds where it is safe; elsewhere the platform's own way."""
    return "fork" if "fork" in multiprocessing.get_all_start_methods() and os.uname().sysname == "Linux" else "spawn"
