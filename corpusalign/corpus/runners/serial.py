"""One task after another in this process: for small corpora, debugging, and as the measure of the others."""

from __future__ import annotations

from collections.abc import Iterator

from corpusalign.corpus.records import OnReceipt, OnSet, Stopping, Task
from corpusalign.corpus.tasks import perform
from corpusalign.corpus.threads import one_thread


def run(tasks: Iterator[Task], *, on_set: OnSet, on_receipt: OnReceipt, stopping: Stopping) -> None:
    """Do the tasks in this process. A page that ends the process ends the build: nothing is isolated.

    Raises FormatError where the output cannot be written.
    """
    with one_thread():
        for task in tasks:
            if stopping():
                return
            on_receipt(perform(task, on_set))
