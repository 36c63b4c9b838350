"""What a worker does with whatever it is given."""

from __future__ import annotations

from corpusalign.corpus.publish import publish
from corpusalign.corpus.records import OnSet, Publication, Receipt, Task
from corpusalign.corpus.shard import make_shard
from corpusalign.encode import default_encoder
from corpusalign.languages.identify import identify


def perform(task: Task, on_set: OnSet) -> Receipt:
    """Make a shard, or publish one; the model is loaded with the first that needs it, once a process.

    Raises FormatError as `make_shard` and `publish` do.
    """
    if isinstance(task, Publication):
        return publish(task)
    return make_shard(task, default_encoder(), on_set)


def warm_up() -> None:
    """Load what the first task would have to load."""
    default_encoder()
    identify("Which language is this?")
