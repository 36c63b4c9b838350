"""The folder of a corpus: whose it is, who may write to it now, and which of its shards still hold."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from time import monotonic, sleep
from typing import BinaryIO

from corpusalign.corpus import plan as plans
from corpusalign.corpus.markers import Marker, marker_path, read_marker, result_of
from corpusalign.corpus.records import Job, Kept, Limits, Recipe, Reusable, ShardFormat, shard_name
from corpusalign.errors import FormatError

STATE = ".corpusalign"
"""The folder of the build's own files, inside the output."""

_LIBRARY = "earlier"
# How long workers of a build that was killed may take to notice.
_PATIENCE = 15.0


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

    Afterwards exactly the shards that hold have file, fingerprints and marker in their places.
    """
    sweep(output, state)
    wanted = {shard.number: shard.key for shard in plans.shards(plan)}
    kept = changed = damaged = retried = 0
    for path in sorted(state.glob("part-*.json")):
        number = _number(path)
        marker = read_marker(path)
        if marker is None or not _is_sound(path, marker):
            damaged += 1
            for part in _parts(path):
                part.unlink(missing_ok=True)
        elif wanted.get(number) != marker.key:
            changed += 1
            _put_aside(path, marker.key, state)
        elif not marker.is_final:
            retried += 1
            _put_aside(path, marker.key, state)
        else:
            kept += 1
    for file in (*state.glob("part-*.jsonl.gz"), *state.glob("part-*.prints")):
        if not marker_path(state, _number(file)).exists():
            file.unlink()
    moved = _take_back(plan, state)
    _index(plan, state)
    return Kept(kept + moved, changed - moved, damaged, retried)


def _number(path: Path) -> int:
    digits = path.name.partition("-")[2].partition(".")[0]
    return int(digits) if digits.isdecimal() else -1


def _parts(marker: Path) -> tuple[Path, Path, Path]:
    """Return a shard's file, its fingerprints and its marker, in the order in which they are moved.

    The marker last: a file without a marker counts for nothing, as does a marker without its file.
    """
    return marker.with_suffix(".jsonl.gz"), marker.with_suffix(".prints"), marker


def _is_sound(path: Path, marker: Marker) -> bool:
    file, prints, _ = _parts(path)
    return is_whole(file, marker.sha256) and is_whole(prints, marker.prints)


def is_whole(file: Path, sha256: str) -> bool:
    """Tell whether a file is there, byte for byte."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _put_aside(marker: Path, key: str, state: Path) -> None:
    for part, aside in zip(_parts(marker), _parts(state / _LIBRARY / f"{key}.json"), strict=True):
        part.replace(aside)


def _take_back(plan: sqlite3.Connection, state: Path) -> int:
    """Put whole shards that only changed their number in their new places."""
    moved = 0
    for shard in plans.shards(plan):
        path = state / _LIBRARY / f"{shard.key}.json"
        target = marker_path(state, shard.number)
        if target.exists() or not path.exists():
            continue
        marker = read_marker(path)
        if marker is not None and marker.is_final and _is_sound(path, marker):
            for part, place in zip(_parts(path), _parts(target), strict=True):
                part.replace(place)
            moved += 1
    return moved


def _index(plan: sqlite3.Connection, state: Path) -> None:
    """Note in the plan which page sets the shards put aside hold; their bytes are verified."""
    plan.execute("BEGIN")
    for path in sorted((state / _LIBRARY).glob("*.json")):
        marker = read_marker(path)
        if marker is None or not _is_sound(path, marker):
            for part in _parts(path):
                part.unlink(missing_ok=True)
            continue
        plan.executemany(
            "INSERT OR REPLACE INTO earlier VALUES (?, ?, ?)",
            [
                (result.key, str(_parts(path)[0]), json.dumps(asdict(result)))
                for result in marker.results
                if result.is_final
            ],
        )
    plan.execute("COMMIT")


def jobs(plan: sqlite3.Connection, state: Path, recipe: Recipe, limits: Limits) -> Iterator[Job]:
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
        yield Job(shard.number, shard.key, str(state), recipe, limits, sets, reusable)


def clear_library(state: Path) -> None:
    """Remove the shards put aside, once the corpus is whole."""
    for path in (state / _LIBRARY).iterdir():
        path.unlink()


def clear_published(output: Path, state: Path, shards: int, format: ShardFormat) -> None:
    """Remove what was published of shards that the corpus no longer has, and in other formats."""
    for file in (
        *output.glob("part-*"),
        *output.glob("rejected-*"),
        *state.glob("published-*.json"),
    ):
        number = _number(file)
        is_other = file.name.startswith("part-") and file.name != shard_name(number, format)
        if not 0 <= number < shards or is_other:
            file.unlink()


def sweep(output: Path, state: Path) -> None:
    """Remove what writers that were killed left half done."""
    for folder in (output, state):
        for draft in folder.glob(".corpusalign-*.part"):
            draft.unlink()
    for note in state.glob("in-hand-*"):
        note.unlink()
    for buckets in state.glob("buckets-*"):
        shutil.rmtree(buckets)
