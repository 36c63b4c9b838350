"""The whole build: plan the source, keep what holds, make what is missing, publish what it all came to."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import get_args

from corpusalign.align import signature
from corpusalign.corpus import folder
from corpusalign.corpus import plan as plans
from corpusalign.corpus.discover import discover
from corpusalign.corpus.linked import add_links, group_by_content
from corpusalign.corpus.markers import marker_path
from corpusalign.corpus.pairs import group_by_pairs
from corpusalign.corpus.records import (
    LEAST_MEMORY,
    Job,
    Limits,
    OnReceipt,
    Preview,
    Progress,
    Receipt,
    Recipe,
    Reject,
    Result,
    Runner,
    ShardFormat,
    Stopping,
    Summary,
    Task,
    digest,
    shard_name,
)
from corpusalign.corpus.remote import is_remote, own, put
from corpusalign.corpus.runners import process, ray_cluster, serial
from corpusalign.corpus.sift import Wish, is_published, sift
from corpusalign.corpus.summary import write_manifest, write_summary
from corpusalign.errors import FetchError, FormatError
from corpusalign.formats import read, write
from corpusalign.languages import folder as language_folder
from corpusalign.quality import Limit, default_limits, parse_limit
from corpusalign.review import read_edits, write_edits
from corpusalign.types import TranslationUnit

_EDITS = "edits.corpusalign.json"
# Units that are published sooner than workers are started for it.
_FEW = 20_000


@dataclass(frozen=True, slots=True)
class Options:
    """What `corpusalign.corpus.build` was asked for."""

    languages: Sequence[str]
    pairs: str | os.PathLike[str] | None
    by_content: bool
    runner: Runner
    workers: int | None
    address: str | None
    shard_size: int | None
    timeout: float | None
    max_memory: int | None
    allow_truncated: bool
    limits: Sequence[str] | None
    edits: Sequence[str | os.PathLike[str]] | None
    format: ShardFormat
    work: str | os.PathLike[str] | None
    tmx: bool


def preview_corpus(
    source: str | os.PathLike[str],
    output: str | os.PathLike[str],
    languages: Sequence[str],
    pairs: str | os.PathLike[str] | None,
    by_content: bool,
    shard_size: int | None,
) -> Preview:
    """Do what `corpusalign.corpus.preview` says."""
    recipe = _recipe(languages, allow_truncated=False)
    _positive("shard_size", shard_size)
    counts = Counter[str]()
    pairing = _Pairing(Path(pairs) if pairs is not None else None, by_content)
    with (
        tempfile.TemporaryDirectory(prefix="corpusalign-") as state,
        _disk_faults(state),
        closing(
            _plan(_origin(source), _local(output), Path(state), recipe, Limits(), pairing, shard_size)
        ) as plan,
    ):
        pages, sets, size = plans.count(plan)
        for reject in plans.rejects(plan):
            counts[reject.reason] += len(reject.pages)
        sizes = tuple(shard.size for shard in plans.shards(plan))
    return Preview(pages, sets, size, sizes, dict(sorted(counts.items())))


def build_corpus(
    source: str | os.PathLike[str],
    output: str | os.PathLike[str],
    options: Options,
    progress: Callable[[Progress], None] | None,
    stopping: Stopping | None,
) -> Result:
    """Do what `corpusalign.corpus.build` says."""
    recipe, limits, kept_limits = _checked(options)
    edits = [edit for path in options.edits or () for edit in read_edits(path)]
    origin = _origin(source)
    place = str(output) if is_remote(output) else None
    output = (_work_folder(str(output), options.work) if place else Path(output)).absolute()
    state = folder.prepare(output)
    if place:
        own(place, state)
    crew = process.Crew(options.workers or available_cores())
    with folder.locked(output, state), _disk_faults(str(output)), closing(crew):
        if options.runner == "process" and not (output / "manifest.json").exists():
            crew.hire(state)
        if options.edits is None:
            edits = list(read_edits(state / _EDITS)) if (state / _EDITS).exists() else []
        else:
            write_edits(edits, state / _EDITS)
        pairing = _Pairing(Path(options.pairs) if options.pairs is not None else None, options.by_content)
        with closing(_plan(origin, output, state, recipe, limits, pairing, options.shard_size)) as plan:
            build = _Build(plan, output, state, recipe, options, crew, stopping or _never, progress)
            is_made = build.make(folder.jobs(plan, state, recipe, limits))
            wish = Wish(options.format, recipe.languages, kept_limits, tuple(edits))
            summary = build.publish(wish) if is_made else None
        if summary is not None:
            if place:
                put(output, place)
            folder.clear_library(state)
            plans.remove(state)
    return Result(build.progress, summary)


def _checked(options: Options) -> tuple[Recipe, Limits, tuple[Limit, ...]]:
    if options.runner not in get_args(Runner):
        raise ValueError(f"runner: {options.runner!r} is none of {', '.join(get_args(Runner))}")
    if options.format not in get_args(ShardFormat):
        raise ValueError(f"format: {options.format!r} is none of {', '.join(get_args(ShardFormat))}")
    _positive("workers", options.workers)
    _positive("shard_size", options.shard_size)
    _positive("timeout", options.timeout)
    if options.max_memory is not None and options.max_memory < LEAST_MEMORY:
        raise ValueError(
            f"max_memory: at least {LEAST_MEMORY:,} bytes are needed, got {options.max_memory:,}"
        )
    if isinstance(options.limits, str):
        raise ValueError(f"limits: give a list of limits, not the text {options.limits!r}")
    limits = default_limits() if options.limits is None else tuple(map(parse_limit, options.limits))
    recipe = _recipe(options.languages, options.allow_truncated)
    return recipe, Limits(options.timeout, options.max_memory), limits


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


@dataclass(frozen=True, slots=True)
class _Pairing:
    """How pages become page sets: by a file of pairs; or by names, links and, if wanted, by content."""

    pairs: Path | None
    by_content: bool


def _origin(source: str | os.PathLike[str]) -> Path | str:
    """Return a source as `discover` takes it: a path, or the address of what is elsewhere."""
    if is_remote(source):
        return str(source)
    if not Path(source).exists():
        raise FetchError(str(source), "there is no such file or folder", "check the path")
    return Path(source)


def _local(output: str | os.PathLike[str]) -> Path:
    return Path("nowhere") if is_remote(output) else Path(output)


def _work_folder(place: str, chosen: str | os.PathLike[str] | None) -> Path:
    """Return the folder of this machine in which a corpus is built that will be elsewhere."""
    if chosen is not None:
        return Path(chosen)
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    work = home / "corpusalign" / digest(place)[:16]
    work.mkdir(parents=True, exist_ok=True)
    return work


def _plan(
    source: Path | str,
    output: Path,
    state: Path,
    recipe: Recipe,
    limits: Limits,
    pairing: _Pairing,
    shard_size: int | None,
) -> sqlite3.Connection:

    plan = plans.new_plan(state)

    def reject(one: Reject) -> None:
        plans.add_reject(plan, one)

    plans.add_pages(plan, discover(source, output, state, reject), recipe.languages)
    if pairing.pairs is not None:
        group_by_pairs(plan, pairing.pairs, source, recipe)
    else:
        plans.group_by_name(plan, recipe)
        add_links(plan, state, limits)
        plans.group_by_links(plan, recipe)
        if pairing.by_content:
            group_by_content(plan, state, recipe)
    plans.reject_singles(plan)
    plans.cut_shards(plan, shard_size)
    return plan


class _Build:
    """A build under way: what it has come to, and what it tells."""

    def __init__(
        self,
        plan: sqlite3.Connection,
        output: Path,
        state: Path,
        recipe: Recipe,
        options: Options,
        crew: process.Crew,
        stopping: Stopping,
        tell: Callable[[Progress], None] | None,
    ) -> None:
        self._plan = plan
        self._output = output
        self._state = state
        self._recipe = recipe
        self._options = options
        self._crew = crew
        self._stopping = stopping
        self._tell = tell
        kept = folder.reconcile(plan, output, state)
        missing = [shard for shard in plans.shards(plan) if not marker_path(state, shard.number).exists()]
        self._show(Progress(kept, len(missing), sum(shard.sets for shard in missing)))

    def make(self, jobs: Iterator[Job]) -> bool:
        """Make the shards that are not there; tell whether all of them are now."""
        if self.progress.shards:
            try:
                self._run(jobs, self._options.runner, self._on_made)
            finally:
                folder.sweep(self._output, self._state)
        return self.progress.done == self.progress.shards

    def publish(self, wish: Wish) -> Summary | None:
        """Publish what is not there as it should be, and say what it came to; None where it was stopped."""
        started = perf_counter()
        sifted = sift(self._plan, self._output, self._state, wish)
        seconds = perf_counter() - started
        missing = [one for one in sifted.publications if not is_published(one)]
        if missing or self.progress.shards:
            for outdated in ("manifest.json", "corpus.tmx"):
                (self._output / outdated).unlink(missing_ok=True)
        self._show(replace(self.progress, to_publish=len(missing)))
        are_few = sum(len(one.repeats) for one in missing) <= _FEW and not self._crew.is_there
        self._run(iter(missing), "serial" if are_few else self._options.runner, self._on_published)
        if self.progress.published < len(missing):
            return None
        shards = sum(1 for _ in plans.shards(self._plan))
        folder.clear_published(self._output, self._state, shards, wish.format)
        summary = write_summary(self._plan, self._output, self._state, self._recipe, sifted.lost, seconds)
        if self._options.tmx:
            units = _units(self._output, shards, wish.format)
            write(
                units, self._output / "corpus.tmx", languages=self._recipe.languages or tuple(summary.words)
            )
        # Last: it says that all the rest is there.
        write_manifest(self._plan, self._output, self._state, self._recipe, wish)
        return summary

    def _run(self, tasks: Iterator[Task], runner: Runner, on_receipt: OnReceipt) -> None:
        if runner == "serial":
            serial.run(tasks, on_set=self._on_set, on_receipt=on_receipt, stopping=self._stopping)
        elif runner == "process":
            self._crew.run(tasks, on_set=self._on_set, on_receipt=on_receipt, stopping=self._stopping)
        else:
            ray_cluster.run(
                tasks,
                address=self._options.address,
                workers=self._options.workers,
                on_set=self._on_set,
                on_receipt=on_receipt,
                stopping=self._stopping,
            )

    def _on_set(self, _number: int) -> None:
        self._show(replace(self.progress, begun=self.progress.begun + 1))

    def _on_made(self, receipt: Receipt) -> None:
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

    def _on_published(self, _receipt: Receipt) -> None:
        self._show(replace(self.progress, published=self.progress.published + 1))

    def _show(self, progress: Progress) -> None:
        self.progress = progress
        if self._tell is not None:
            self._tell(progress)


def available_cores() -> int:
    """Return the cores that this process may use, which in a container can be fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows have no affinity
        return os.cpu_count() or 1


def _units(output: Path, shards: int, format: ShardFormat) -> Iterator[TranslationUnit]:
    for number in range(shards):
        yield from read(output / shard_name(number, format))


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
