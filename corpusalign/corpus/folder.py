"""The folder of a corpus: whose it is, who may write to it now, and which of its shards still hold."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import BinaryIO

from corpusalign.corpus import plan as plans
from corpusalign.corpus.markers import Marker, marker_path, read_marker, result_of
from corpusalign.corpus.records import Job, Limits, Recipe, Reusable, shard_name
from corpusalign.errors import FormatError

STATE = ".corpusalign"
"""The folder of the build's own files, inside the output."""

_LIBRARY = "earlier"
# How long workers of a build that was killed may take to notice.
_PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier build left: `shards` that hold, and those that do not.

    These had another input or other options (`changed`), are not what their markers say (`damaged`), or hold
    a rejection that need not happen again (`retried`).
    """

    shards: int = 0
    changed: int = 0
    damaged: int = 0
    retried: int = 0


def prepare(output: Path) -> Path:
    """Make the folder of a corpus and return that of the build's own files.

    Raises FormatError where it cannot be made, or holds other things than a corpus.
    """
    state = output / STATE
    try:
        if not state.is_dir() and output.exists() and any(output.iterdir()):
            raise FormatError(
                str(output), "is not empty and holds no corpus", "name a new folder, or an empty one"
            )
        state.mkdir(parents=True, exist_ok=True)
        (state / _LIBRARY).mkdir(exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise FormatError(str(output), "is a file, not a folder", "name a folder") from error
    except OSError as error:
        raise FormatError(
            str(output), f"cannot be written: {error.strerror}", "name a folder that you may write to"
        ) from error
    return state


@contextmanager
def locked(output: Path, state: Path) -> Iterator[None]:
    """Keep every other build out of the folder until the block ends, or this process does.

    Raises FormatError where another build is at work there.
    """
    with _open_lock(state / "lock") as lock:
        if not _try_lock(lock, shared=False):
            raise FormatError(
                str(output), "another build is at work in this folder", "wait for it, or name another folder"
            )
        # Workers share this one. Those of a build that was killed may still be about to end.
        with _open_lock(state / "workers.lock") as workers:
            given_up = monotonic() + _PATIENCE
            while not _try_lock(workers, shared=False):
                if monotonic() > given_up:
                    raise FormatError(
                        str(output), "workers of another build are still at work", "wait for them to end"
                    )
                sleep(0.05)
        yield


@contextmanager
def working(state: Path) -> Iterator[None]:
    """Tell later builds, as a worker, that the folder is written to until the block or process ends."""
    with _open_lock(state / "workers.lock") as lock:
        _try_lock(lock, shared=True)
        yield


def _open_lock(path: Path) -> BinaryIO:
    try:
        return path.open("ab")
    except OSError as error:
        raise FormatError(
            str(path), f"cannot be written: {error.strerror}", "name a folder that you may write to"
        ) from error


def _try_lock(file: BinaryIO, *, shared: bool) -> bool:
    """Lock an open file until it is closed, which the system does for a process that is killed."""
    try:
        if sys.platform == "win32":
            import msvcrt

            if not shared:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def reconcile(plan: sqlite3.Connection, output: Path, state: Path) -> Kept:
    """Keep the shards that the plan still wants, and put the others aside to take page sets over from.

    Afterwards exactly the shards that hold have both file and marker in their places.
    """
    sweep(output, state)
    wanted = {shard.number: shard.key for shard in plans.shards(plan)}
    kept = changed = damaged = retried = 0
    for path in sorted(state.glob("part-*.json")):
        number = _number(path)
        file = output / shard_name(number)
        marker = read_marker(path)
        if marker is None or not _is_sound(file, marker):
            damaged += 1
            path.unlink()
            file.unlink(missing_ok=True)
        elif wanted.get(number) != marker.key:
            changed += 1
            _put_aside(file, path, marker.key, state)
        elif not marker.is_final:
            retried += 1
            _put_aside(file, path, marker.key, state)
        else:
            kept += 1
    for file in output.glob("part-*.jsonl.gz"):
        if not marker_path(state, _number(file)).exists():
            file.unlink()
    moved = _take_back(plan, output, state)
    _index(plan, state)
    return Kept(kept + moved, changed - moved, damaged, retried)


def _number(path: Path) -> int:
    digits = path.name.removeprefix("part-").partition(".")[0]
    return int(digits) if digits.isdecimal() else -1


def _is_sound(file: Path, marker: Marker) -> bool:
    """Tell whether a shard is, byte for byte, what its marker says."""
    try:
        with file.open("rb") as stream:
            if file.stat().st_size != marker.size:
                return False
            return hashlib.file_digest(stream, "sha256").hexdigest() == marker.sha256
    except OSError:
        return False


def _put_aside(file: Path, marker: Path, key: str, state: Path) -> None:
    # The file first: aside, a file without a marker counts for nothing, as does a marker without its file.
    file.replace(state / _LIBRARY / f"{key}.jsonl.gz")
    marker.replace(state / _LIBRARY / f"{key}.json")


def _take_back(plan: sqlite3.Connection, output: Path, state: Path) -> int:
    """Put whole shards that only changed their number in their new places."""
    moved = 0
    for shard in plans.shards(plan):
        path = state / _LIBRARY / f"{shard.key}.json"
        target = marker_path(state, shard.number)
        file = path.with_suffix(".jsonl.gz")
        if target.exists() or not file.exists():
            continue
        marker = read_marker(path)
        if marker is not None and marker.is_final and _is_sound(file, marker):
            file.replace(output / shard_name(shard.number))
            path.replace(target)
            moved += 1
    return moved


def _index(plan: sqlite3.Connection, state: Path) -> None:
    """Note in the plan which page sets the shards put aside hold; their bytes are verified."""
    plan.execute("BEGIN")
    for path in sorted((state / _LIBRARY).glob("*.json")):
        file = path.with_suffix(".jsonl.gz")
        marker = read_marker(path)
        if marker is None or not _is_sound(file, marker):
            path.unlink()
            file.unlink(missing_ok=True)
            continue
        plan.executemany(
            "INSERT OR REPLACE INTO earlier VALUES (?, ?, ?)",
            [
                (result.key, str(file), json.dumps(asdict(result)))
                for result in marker.results
                if result.is_final
            ],
        )
    plan.execute("COMMIT")


def jobs(
    plan: sqlite3.Connection, output: Path, state: Path, recipe: Recipe, limits: Limits
) -> Iterator[Job]:
    """Yield a job for each shard that is not there, the biggest first."""
    for shard in plans.shards(plan, biggest_first=True):
        if marker_path(state, shard.number).exists():
            continue
        sets = plans.sets_of(plan, shard.number)
        reusable: dict[int, Reusable] = {}
        for number, one in enumerate(sets):
            row = plan.execute(
                "SELECT shard, result FROM earlier WHERE key = ?", (one.key(recipe),)
            ).fetchone()
            if row is not None:
                reusable[number] = Reusable(row[0], result_of(json.loads(row[1])))
        yield Job(shard.number, shard.key, str(output), str(state), recipe, limits, sets, reusable)


def clear_library(state: Path) -> None:
    """Remove the shards put aside, once the corpus is whole."""
    for path in (state / _LIBRARY).iterdir():
        path.unlink()


def sweep(output: Path, state: Path) -> None:
    """Remove what writers that were killed left half done."""
    for folder in (output, state):
        for draft in folder.glob(".corpusalign-*.part"):
            draft.unlink()
    for note in state.glob("in-hand-*"):
        note.unlink()
