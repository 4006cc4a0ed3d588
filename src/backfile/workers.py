"""Many tasks, several processes: everything parallel goes through `concurrent.futures.Executor`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from backfile.limits import Limits, limited, limits
from backfile.report import SiteError

_PATIENCE = 20
"""Seconds until a scheduler counts as not there."""

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """Where work is done elsewhere: processes of this machine, or of a cluster."""

    executor: Executor
    width: int
    """How many tasks are kept under way."""


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait: amid the start of a process it would be lost in it, or be told at length."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Processes(Executor):
    """Processes of this machine, which are started anew after one of them was ended."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._now = self._start()

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(_start_method())
        return ProcessPoolExecutor(self._jobs, mp_context=context, initializer=_follow_parent)

    def submit(self, fn: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> Future[_Result]:
        with _uninterrupted():
            try:
                return self._now.submit(fn, *args, **kwargs)
            except BrokenProcessPool:
                self._now.shutdown()
                self._now = self._start()
                return self._now.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._now.shutdown(wait, cancel_futures=cancel_futures)


Attempt = Callable[[_Task], _Result | None]
"""Does a task once more; None where its process was ended again."""
Rescue = Callable[[_Task, Attempt[_Task, _Result]], _Result]
"""(a task whose process was ended, an attempt at parts of it) → the result all the same."""


@contextmanager
def executor(jobs: int, cluster: str = "") -> Iterator[Pool | None]:
    """Processes to work in, or None for no jobs: the work is then done here, where nothing can end it.

    `cluster` is a Dask scheduler's address. Raises SiteError where a process was ended from outside again and again, or
    the cluster cannot be reached.
    """
    if cluster:
        with _cluster(cluster) as pool:
            yield pool
        return
    if not jobs:
        yield None
        return
    try:
        with _Processes(jobs) as processes:
            yield Pool(executor=processes, width=jobs + 2)
    except BrokenProcessPool as error:
        what = "a working process was ended from outside, maybe for want of memory. What was done is kept"
        raise SiteError(f"{what}; run the same command again, with fewer --jobs") from error


@contextmanager
def _cluster(address: str) -> Iterator[Pool]:
    """The workers of a Dask cluster that is already there. One that dies costs its tasks a retry."""
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        raise SiteError("--cluster takes Dask. Install it: pip install 'backfile[cluster]'") from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SiteError(f"no Dask scheduler answers at {address} ({error})") from error
    with client:
        cores = sum(client.nthreads().values())
        if not cores:
            raise SiteError(f"the cluster at {address} has no workers. Start some, then run the same command again")
        try:
            yield Pool(executor=client.get_executor(pure=False), width=2 * cores + 2)
        except KilledWorker as error:
            what = "a task ended several workers of the cluster, maybe for want of memory. What was done is kept"
            raise SiteError(f"{what}; run the same command again") from error


def _follow_parent() -> None:
    """Leave interrupts to the parent, and end with it: an orphan would hold the site's lock."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
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
    ours = multiprocessing.parent_process() and threading.current_thread() is threading.main_thread()
    if not ours or not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, limits().seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def run(
    pool: Pool | None,
    function: Callable[[_Task], _Result],
    tasks: Iterable[_Task],
    rescue: Rescue[_Task, _Result] | None = None,
) -> Iterator[_Result]:
    """The results in the order of the tasks. Only some tasks are under way, so that memory stays flat.

    Where a process is ended, the tasks under way are done again, one at a time; one that ends its process again is left
    to `rescue`, and an error without it.
    """
    if pool is None:
        yield from map(function, tasks)
        return
    waiting = iter(tasks)
    submit = pool.executor.submit
    bounded = partial(_bounded, limits(), function)
    under_way = deque((task, submit(bounded, task)) for task in islice(waiting, pool.width))
    while under_way:
        task, future = under_way.popleft()
        try:
            result = future.result()
        except BrokenProcessPool:
            again = [task, *(other for other, _ in under_way)]
            under_way.clear()
            yield from (_once_more(pool, bounded, each, rescue) for each in again)
        else:
            yield result
        under_way.extend((task, submit(bounded, task)) for task in islice(waiting, pool.width - len(under_way)))


def _bounded(bounds: Limits, function: Callable[[_Task], _Result], task: _Task) -> _Result:
    with limited(bounds):
        return function(task)


def _once_more(
    pool: Pool, function: Callable[[_Task], _Result], task: _Task, rescue: Rescue[_Task, _Result] | None
) -> _Result:
    def attempt(some: _Task) -> _Result | None:
        try:
            return pool.executor.submit(function, some).result()
        except BrokenProcessPool:
            return None

    if rescue is None:
        return pool.executor.submit(function, task).result()
    done = attempt(task)
    return rescue(task, attempt) if done is None else done


def chunks(items: Sequence[_Task], size: int) -> Iterator[Sequence[_Task]]:
    """The items in slices of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def default_jobs() -> int:
    """As many processes as this process may use cores, and at least two: with one job nothing could be ended."""
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _start_method() -> str:
    """Forking costs milliseconds where it is safe; elsewhere the platform's own way."""
    return "fork" if "fork" in multiprocessing.get_all_start_methods() and os.uname().sysname == "Linux" else "spawn"
