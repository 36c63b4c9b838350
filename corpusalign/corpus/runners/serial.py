"""One job after another in this process: for small corpora, debugging, and as the measure of the others."""

from __future__ import annotations

from collections.abc import Iterator

from corpusalign.corpus.records import Job, OnReceipt, OnSet, Stopping
from corpusalign.corpus.shard import make_shard
from corpusalign.corpus.threads import one_thread


def run(jobs: Iterator[Job], *, on_set: OnSet, on_receipt: OnReceipt, stopping: Stopping) -> None:
    """Make the shards in this process. A page that ends the process ends the build: nothing is isolated.

    Raises FormatError where the output cannot be written.
    """
    from corpusalign.encode import default_encoder

    with one_thread():
        encoder = default_encoder()
        for job in jobs:
            if stopping():
                return
            on_receipt(make_shard(job, encoder, on_set))
