"""Many tasks, several processes: everything parallel goes through `concurrent.futures.Executor`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

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
def executor(jobs: int, cluster: str = "") -> Iterator[Pool | None]:
    """Processes to work in, or None for one job: the work is then done here. `cluster` is a Dask scheduler's address.

    Raises SiteError where one of them was ended from outside, or the cluster cannot be reached.
    """
    if cluster:
        with _cluster(cluster) as pool:
            yield pool
        return
    if jobs <= 1:
        yield None
        return
    context = multiprocessing.get_context(_start_method())
    try:
        with ProcessPoolExecutor(jobs, mp_context=context, initializer=_follow_parent) as pool:
            yield Pool(executor=pool, width=jobs + 2)
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


def run(pool: Pool | None, function: Callable[[_Task], _Result], tasks: Iterable[_Task]) -> Iterator[_Result]:
    """The results in the order of the tasks. Only some tasks are under way, so that memory stays flat."""
    if pool is None:
        yield from map(function, tasks)
        return
    waiting = iter(tasks)
    submit = pool.executor.submit
    under_way = deque(submit(function, task) for task in islice(waiting, pool.width))
    while under_way:
        yield under_way.popleft().result()
        under_way.extend(submit(function, task) for task in islice(waiting, 1))


def chunks(items: Sequence[_Task], size: int) -> Iterator[Sequence[_Task]]:
    """The items in slices of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def default_jobs() -> int:
    """As many processes as this process may use cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start_method() -> str:
    """Forking costs milliseconds where it is safe; elsewhere the platform's own way."""
    return "fork" if "fork" in multiprocessing.get_all_start_methods() and os.uname().sysname == "Linux" else "spawn"
