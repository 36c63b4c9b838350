"""The whole build: plan the source, keep what holds, run what is missing, write what it all came to."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from corpusalign.align import signature
from corpusalign.corpus import folder
from corpusalign.corpus import plan as plans
from corpusalign.corpus.discover import discover
from corpusalign.corpus.folder import Kept
from corpusalign.corpus.linked import add_links
from corpusalign.corpus.markers import marker_path
from corpusalign.corpus.records import Job, Limits, Receipt, Recipe, Reject, Stopping, Summary, shard_name
from corpusalign.corpus.runners import process, ray_cluster, serial
from corpusalign.corpus.summary import write_manifest, write_summary
from corpusalign.errors import FetchError, FormatError
from corpusalign.formats import read, write
from corpusalign.languages import folder as language_folder
from corpusalign.types import TranslationUnit

Runner = Literal["serial", "process", "ray"]

LEAST_MEMORY = 512 << 20
"""Bytes that a worker needs for the model and pages of ordinary size."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a build would do: the pages that were found, the sets they make, their bytes, and the shards."""

    pages: int
    sets: int
    size: int
    shards: tuple[int, ...]
    rejects: dict[str, int]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build has come. `kept` says what an earlier one left; the counts are of this one's own work.

    `sets` and `shards` are to be done, `begun` page sets have been taken up (again where a worker was lost),
    `memory` is the most bytes that any worker has held.
    """

    kept: Kept
    shards: int
    sets: int
    done: int = 0
    begun: int = 0
    reused: int = 0
    units: int = 0
    rejects: int = 0
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """How a build ended: the figures of the whole corpus, None where it was stopped before it was whole."""

    progress: Progress
    summary: Summary | None


def preview(
    source: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    languages: Sequence[str] = (),
    shard_size: int | None = None,
) -> Preview:
    """Return what `build` would do with a source; writes nothing but temporary files.

    Raises what `build` does for its source and arguments.
    """
    recipe = _recipe(languages, allow_truncated=False)
    _positive("shard_size", shard_size)
    counts = Counter[str]()
    with (
        tempfile.TemporaryDirectory(prefix="corpusalign-") as state,
        _disk_faults(state),
        closing(_plan(Path(source), Path(output), Path(state), recipe, Limits(), shard_size)) as plan,
    ):
        pages, sets, size = plans.count(plan)
        for reject in plans.rejects(plan):
            counts[reject.reason] += len(reject.pages)
        sizes = tuple(shard.size for shard in plans.shards(plan))
    return Preview(pages, sets, size, sizes, dict(sorted(counts.items())))


def build(
    source: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    languages: Sequence[str] = (),
    runner: Runner = "process",
    workers: int | None = None,
    address: str | None = None,
    shard_size: int | None = None,
    timeout: float | None = 300.0,
    max_memory: int | None = None,
    allow_truncated: bool = False,
    tmx: bool = False,
    progress: Callable[[Progress], None] | None = None,
    stopping: Stopping | None = None,
) -> Result:
    """Make a corpus of all pages of a source, or finish or renew one that was begun.

    `source` is a folder of pages, a web archive, a file of page sets (a line each, tabs between the pages) or
    a list of addresses; `output` a folder: shards `part-00000.jsonl.gz`, `rejects.jsonl`, `summary.json`,
    `summary.html`, `manifest.json` once the corpus is whole, with `tmx` also `corpus.tmx`. The same source
    gives the same shards, rejects and manifest whatever the runner, the number of workers (default: the
    cores) and the interruptions; what an earlier build of the folder made and nothing has changed stays.

    `languages` chooses and orders the languages (default: all, in the order of their codes). `timeout`
    (seconds) and `max_memory` (bytes of a worker) hold for each page set; one that needs more is rejected.
    `shard_size` is in bytes of pages. `address` is that of a Ray cluster. `stopping` is asked before each
    shard whether to leave it at those in hand; the next build goes on from there.

    Raises ValueError for an argument that makes no sense, LanguageError for an unknown language, FetchError
    for a source that cannot be read, FormatError for an output that cannot be written, holds other things, or
    is being built by another process.
    """
    if runner not in get_args(Runner):
        raise ValueError(f"runner: {runner!r} is none of {', '.join(get_args(Runner))}")
    _positive("workers", workers)
    _positive("shard_size", shard_size)
    _positive("timeout", timeout)
    if max_memory is not None and max_memory < LEAST_MEMORY:
        raise ValueError(f"max_memory: at least {LEAST_MEMORY:,} bytes are needed, got {max_memory:,}")
    recipe = _recipe(languages, allow_truncated)
    limits = Limits(timeout, max_memory)
    source, output = Path(source), Path(output).absolute()
    if not source.exists():
        raise FetchError(str(source), "there is no such file or folder", "check the path")
    state = folder.prepare(output)
    with folder.locked(output, state), _disk_faults(str(output)):
        with closing(_plan(source, output, state, recipe, limits, shard_size)) as plan:
            kept = folder.reconcile(plan, output, state)
            watch = _Watch(_to_do(plan, state, kept), progress)
            jobs = folder.jobs(plan, output, state, recipe, limits)
            if watch.progress.shards or kept.changed:
                for outdated in ("manifest.json", "corpus.tmx"):
                    (output / outdated).unlink(missing_ok=True)
            if watch.progress.shards:
                try:
                    _run(jobs, runner, workers, address, watch, stopping or _never)
                finally:
                    folder.sweep(output, state)
            if watch.progress.done < watch.progress.shards:
                return Result(watch.progress, None)
            summary = _finish(plan, output, state, recipe, tmx)
        folder.clear_library(state)
        plans.remove(state)
    return Result(watch.progress, summary)


def _recipe(languages: Sequence[str], allow_truncated: bool) -> Recipe:

    if isinstance(languages, str):
        raise ValueError(f"languages: give a list of languages, not the text {languages!r}")
    codes = tuple(map(language_folder, languages))
    if len(set(codes)) != len(codes) or len(codes) == 1:
        raise ValueError(f"languages: give two or more different ones, got {', '.join(languages)}")
    return Recipe(signature(), codes, allow_truncated)


def _positive(name: str, value: float | None) -> None:
    if value is not None and not value > 0:
        raise ValueError(f"{name}: must be more than nothing, got {value}")


def _plan(
    source: Path, output: Path, state: Path, recipe: Recipe, limits: Limits, shard_size: int | None
) -> sqlite3.Connection:

    plan = plans.new_plan(state)

    def reject(one: Reject) -> None:
        plans.add_reject(plan, one)

    plans.add_pages(plan, discover(source, output, state, reject), recipe.languages)
    plans.group_by_name(plan, recipe)
    add_links(plan, state, limits)
    plans.group_by_links(plan, recipe)
    plans.cut_shards(plan, shard_size)
    return plan


def _to_do(plan: sqlite3.Connection, state: Path, kept: Kept) -> Progress:

    missing = [shard for shard in plans.shards(plan) if not marker_path(state, shard.number).exists()]
    return Progress(kept, len(missing), sum(shard.sets for shard in missing))


class _Watch:
    """Adds up what runners tell, and passes it on."""

    def __init__(self, start: Progress, tell: Callable[[Progress], None] | None) -> None:
        self._tell = tell
        self._show(start)

    def on_set(self, _number: int) -> None:
        self._show(replace(self.progress, begun=self.progress.begun + 1))

    def on_receipt(self, receipt: Receipt) -> None:
        now = self.progress
        self._show(
            replace(
                now,
                done=now.done + 1,
                reused=now.reused + receipt.reused,
                units=now.units + receipt.units,
                rejects=now.rejects + receipt.rejects,
                memory=max(now.memory, receipt.memory),
            )
        )

    def _show(self, progress: Progress) -> None:
        self.progress = progress
        if self._tell is not None:
            self._tell(progress)


def _run(
    jobs: Iterator[Job],
    runner: Runner,
    workers: int | None,
    address: str | None,
    watch: _Watch,
    stopping: Stopping,
) -> None:
    if runner == "serial":
        serial.run(jobs, on_set=watch.on_set, on_receipt=watch.on_receipt, stopping=stopping)
    elif runner == "process":
        process.run(
            jobs,
            workers=min(workers or available_cores(), watch.progress.shards),
            on_set=watch.on_set,
            on_receipt=watch.on_receipt,
            stopping=stopping,
        )
    else:
        ray_cluster.run(
            jobs, address=address, workers=workers, on_receipt=watch.on_receipt, stopping=stopping
        )


def available_cores() -> int:
    """Return the cores that this process may use, which in a container can be fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no affinity
        return os.cpu_count() or 1


def _finish(plan: sqlite3.Connection, output: Path, state: Path, recipe: Recipe, tmx: bool) -> Summary:
    summary = write_summary(plan, output, state, recipe)
    if tmx:
        write(_units(plan, output), output / "corpus.tmx", languages=recipe.languages or tuple(summary.words))
    # Last: it says that all the rest is there.
    write_manifest(plan, output, state, recipe)
    return summary


def _units(plan: sqlite3.Connection, output: Path) -> Iterator[TranslationUnit]:
    for shard in plans.shards(plan):
        yield from read(output / shard_name(shard.number))


@contextmanager
def _disk_faults(where: str) -> Iterator[None]:
    """Turn what the disk refuses to the plan into an error that says so."""
    try:
        yield
    except sqlite3.Error as error:
        raise FormatError(where, f"cannot be written: {error}", "make room and try again") from error
    except OSError as error:
        raise FormatError(
            where, f"cannot be written: {error.strerror or error}", "make room and try again"
        ) from error


def _never() -> bool:
    return False
