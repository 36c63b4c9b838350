"""Work shared out to the cores of the machine, each of which multiplies matrices on its own."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from typing import TypeVar

from threadpoolctl import ThreadpoolController

Given = TypeVar("Given")
Made = TypeVar("Made")


def available_cores() -> int:
    """Return the cores this process may use: fewer than there are where a container or the caller says so."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no affinity
        cores = os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return min(cores, int(wanted)) if wanted.isdecimal() and int(wanted) else cores


def shared_out(work: Callable[[Given], Made], parts: Iterable[Given]) -> Iterator[tuple[Given, Made]]:
    """Yield each part with what it is made into, in order, on all cores; few parts are under way at a time.

    Matrix products run on one thread each while this lasts, so that results do not depend on how many
    threads there are.
    """
    cores = available_cores()
    waiting: deque[tuple[Given, Future[Made]]] = deque()
    with alone(), ThreadPoolExecutor(cores) as workers:
        for part in parts:
            waiting.append((part, workers.submit(work, part)))
            if len(waiting) > cores:
                first, making = waiting.popleft()
                yield first, making.result()
        while waiting:
            first, making = waiting.popleft()
            yield first, making.result()


def alone() -> AbstractContextManager[object]:
    """Return a context in which a matrix product runs on the thread that asks for it."""
    limited: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return limited


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()
