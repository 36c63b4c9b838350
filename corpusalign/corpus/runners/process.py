"""Tasks on the cores of one machine: a crew of workers, each with the model loaded once, each expendable.

A worker that is killed costs the shard that it had in hand. A page set that stops its worker (or takes more
time or memory than allowed, in a place where the worker cannot see to it) is found out and given up.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic

from corpusalign.corpus.limits import resident
from corpusalign.corpus.records import Job, OnReceipt, OnSet, Reason, Receipt, Stopping, Task
from corpusalign.errors import CorpusAlignError

# Deaths of workers over one page set after which it is given up: fewer, and bad luck would cost units.
_STRIKES = 3
# Workers that may die in a row before any of them has begun a page set.
_STILLBIRTHS = 4
# Seconds between looks at the clock and at memory.
_TICK = 0.25
# How much longer than its time a page set may take before its worker, which should have seen to it, is ended.
_GRACE = 5.0


@dataclass(slots=True)
class _Worker:
    """A process, the line to it, what it has in hand, and since when."""

    process: BaseProcess
    line: Connection
    task: Task | None = None
    set: int | None = None
    since: float = 0.0
    ended_for: Reason | None = None


def run(
    tasks: Iterator[Task], *, workers: int, on_set: OnSet, on_receipt: OnReceipt, stopping: Stopping
) -> None:
    """Do the tasks with so many processes, started afresh (spawned) with the caller's main module.

    Raises FormatError where the output cannot be written, CorpusAlignError where workers cannot be started.
    """
    with closing(Crew(workers)) as crew:
        crew.run(tasks, on_set=on_set, on_receipt=on_receipt, stopping=stopping)


class Crew:
    """Workers that stay from run to run, started when there is work unless they were hired before."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._returned: list[Task] = []
        self._workers: list[_Worker] = []
        self._strikes = Counter[tuple[int, int]]()
        self._stillbirths = 0

    @property
    def is_there(self) -> bool:
        """Whether any worker has been started."""
        return bool(self._workers)

    def hire(self, state: Path) -> None:
        """Start all workers ahead of the work, so that they load the model while it is planned."""
        while len(self._workers) < self._size:
            self._workers.append(_hire(state, ahead=True))

    def run(self, tasks: Iterator[Task], *, on_set: OnSet, on_receipt: OnReceipt, stopping: Stopping) -> None:
        """Do the tasks as `run` does."""
        self._tasks, self._stopping = tasks, stopping
        self._on_set, self._on_receipt = on_set, on_receipt
        self._work()

    def _work(self) -> None:
        """Hand out tasks and take in answers until nothing is left or it is time to stop."""
        while True:
            self._hand_out()
            busy = [worker for worker in self._workers if worker.task is not None]
            if not busy:
                return
            ready = set(wait([worker.line for worker in busy], timeout=_TICK))
            for worker in busy:
                if worker.line in ready:
                    self._listen(worker)
                else:
                    _hold(worker)

    def close(self) -> None:
        """End every worker at once: one at work leaves no more than a draft, an idle one nothing."""
        for worker in self._workers:
            worker.line.close()
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.process.close()

    def _hand_out(self) -> None:
        while not self._stopping():
            idle = next((worker for worker in self._workers if worker.task is None), None)
            if idle is None and len(self._workers) == self._size:
                return
            task = self._returned.pop() if self._returned else next(self._tasks, None)
            if task is None:
                return
            if idle is None:
                idle = _hire(Path(task.state), ahead=False)
                self._workers.append(idle)
            idle.task, idle.set, idle.since = task, None, monotonic()
            # A worker that has died shows when its answer is awaited.
            with suppress(BrokenPipeError):
                idle.line.send(task)

    def _listen(self, worker: _Worker) -> None:
        try:
            message = worker.line.recv()
        except (EOFError, OSError):
            self._bury(worker)
            return
        if isinstance(message, Receipt):
            worker.task = None
            self._on_receipt(message)
        elif isinstance(message, int):
            worker.set, worker.since = message, monotonic()
            self._stillbirths = 0
            self._on_set(message)
        else:
            raise message

    def _bury(self, worker: _Worker) -> None:
        """Take the work of a worker that has died back, without the page set that it died of, if it did."""
        worker.process.join()
        task, number = worker.task, worker.set
        self._workers.remove(worker)
        worker.line.close()
        if task is None:
            return
        if number is None or not isinstance(task, Job):
            self._stillbirths += 1
            if self._stillbirths == _STILLBIRTHS:
                raise CorpusAlignError(
                    "workers",
                    f"end as soon as they start (exit code {worker.process.exitcode})",
                    "see why with --runner serial",
                )
        else:
            self._strikes[task.number, number] += 1
            if worker.ended_for is not None or self._strikes[task.number, number] == _STRIKES:
                task = replace(task, given_up={**task.given_up, number: worker.ended_for or "crash"})
        worker.process.close()
        self._returned.append(task)


def _hire(state: Path, *, ahead: bool) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_work, args=(theirs, str(state), ahead), name="corpusalign worker", daemon=True
    )
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _hold(worker: _Worker) -> None:
    """End a worker whose page set takes more than it may."""
    if not isinstance(worker.task, Job) or worker.set is None:
        return
    limits = worker.task.limits
    if limits.seconds is not None and monotonic() - worker.since > limits.seconds + _GRACE:
        worker.ended_for = "timeout"
    elif limits.memory is not None and resident(worker.process.pid) > limits.memory:
        worker.ended_for = "memory"
    if worker.ended_for is not None:
        worker.process.kill()


def _work(line: Connection, state: str, ahead: bool) -> None:
    """Be a worker: do the tasks that come down the line until it is closed, made ready `ahead` or not."""
    # The caller decides what an interrupt means; it reaches every process of the terminal.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()
    from corpusalign.corpus.folder import working
    from corpusalign.corpus.tasks import perform, warm_up
    from corpusalign.corpus.threads import one_thread

    with working(Path(state)), one_thread():
        if ahead:
            warm_up()
        while True:
            try:
                task = line.recv()
            except EOFError:
                return
            try:
                line.send(perform(task, line.send))
            except CorpusAlignError as error:
                line.send(error)


def _follow_parent() -> None:
    """End this process when its parent has ended, however that happened."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
