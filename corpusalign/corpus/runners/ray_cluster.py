"""Tasks on many machines: a Ray task a shard (Moritz et al. 2018).

Source and output are folders that every machine sees under the same path (a shared disk). Tasks, not Ray
Data: a shard is the unit of loss and of resumption, and nothing but receipts goes through Ray.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpusalign.corpus.records import Job, OnReceipt, OnSet, Reason, Receipt, Stopping, Task
from corpusalign.errors import CorpusAlignError

# Times that Ray itself runs a shard again whose worker or machine was lost.
_RETRIES = 3
# Memory that is reserved for a task whose limit is not given, in bytes: model and pages of ordinary size.
_RESERVED = 1 << 30
# Tasks in flight a core: one at work, one that waits so that no core does.
_WINDOW = 2


def run(
    tasks: Iterator[Task],
    *,
    address: str | None,
    workers: int | None,
    on_set: OnSet,
    on_receipt: OnReceipt,
    stopping: Stopping,
) -> None:
    """Do the tasks on the Ray cluster at `address` (`auto`: the one of this machine).

    Without an address a cluster of this machine alone is started, on `workers` cores. `on_set` is called for
    the page sets of a shard when that is done: nothing but receipts comes back.

    Raises CorpusAlignError where Ray is missing or cannot be reached, FormatError where the output cannot be
    written.
    """
    ray = _import_ray()
    mine = not ray.is_initialized()
    if mine:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            ray.init(
                address=address,
                num_cpus=None if address else workers,
                include_dashboard=False,
                log_to_driver=False,
                configure_logging=False,
            )
        except (ConnectionError, OSError, RuntimeError, ValueError) as error:
            raise CorpusAlignError(
                address or "ray", f"cannot be reached: {error}", "start it with: ray start --head"
            ) from error
    try:
        window = _WINDOW * int(workers or ray.cluster_resources().get("CPU", 1))
        _drive(ray, tasks, window, on_set, on_receipt, stopping)
    finally:
        if mine:
            ray.shutdown()


def _import_ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise CorpusAlignError(
            "--runner ray", "Ray is not installed", "pip install 'corpusalign[ray]'"
        ) from error
    return ray


def _drive(
    ray: Any,
    tasks: Iterator[Task],
    window: int,
    on_set: OnSet,
    on_receipt: OnReceipt,
    stopping: Stopping,
) -> None:
    remote = ray.remote(_perform)
    returned: list[Task] = []
    flying: dict[Any, Task] = {}
    while True:
        while len(flying) < window and not stopping():
            task = returned.pop() if returned else next(tasks, None)
            if task is None:
                break
            limit = task.limits.memory if isinstance(task, Job) else None
            reserved = {"num_cpus": 1, "memory": limit or _RESERVED}
            flying[remote.options(max_retries=_RETRIES, **reserved).remote(task)] = task
        if not flying:
            return
        ready, _ = ray.wait(list(flying), num_returns=1, timeout=1.0)
        for reference in ready:
            task = flying.pop(reference)
            try:
                answer = ray.get(reference)
            except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as error:
                memory = isinstance(error, ray.exceptions.OutOfMemoryError)
                returned.append(_without_culprit(task, "memory" if memory else "crash"))
                continue
            except ray.exceptions.RayError as error:
                raise CorpusAlignError(
                    f"shard {task.number}", f"cannot be made: {error}", "see the logs of Ray"
                ) from error
            if isinstance(answer, CorpusAlignError):
                raise answer
            if isinstance(task, Job):
                for number in range(answer.sets):
                    on_set(number)
            on_receipt(answer)


def _without_culprit(task: Task, reason: Reason) -> Task:
    """Return a task that every retry died of, without the page set that was in hand at the end."""
    try:
        number = int(_in_hand(task).read_text(encoding="ascii"))
    except (OSError, ValueError):
        number = None
    if number is None or not isinstance(task, Job):
        raise CorpusAlignError(
            f"shard {task.number}", "its workers end as soon as they start", "see the logs of Ray"
        )
    return replace(task, given_up={**task.given_up, number: reason})


def _in_hand(task: Task) -> Path:
    return Path(task.state) / f"in-hand-{task.number:05}"


def _perform(task: Task) -> Receipt | CorpusAlignError:
    """Be a task: in a process that Ray keeps for the next one, and with it the model."""
    from corpusalign.corpus.folder import working
    from corpusalign.corpus.tasks import perform
    from corpusalign.corpus.threads import one_thread

    note = _in_hand(task)

    def on_set(number: int) -> None:
        note.write_text(str(number), encoding="ascii")

    with working(Path(task.state)), one_thread():
        try:
            receipt = perform(task, on_set)
        except CorpusAlignError as error:
            return error
    note.unlink(missing_ok=True)
    return receipt
