"""One shard made: its page sets worked on one after another, written, and set in its place in one step."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, BinaryIO

from corpusalign.corpus.limits import most_resident
from corpusalign.corpus.markers import Marker, prints_path, write_marker
from corpusalign.corpus.pageset import Work, given_up, work
from corpusalign.corpus.records import Job, OnSet, Receipt, SetResult, shard_name
from corpusalign.errors import FormatError
from corpusalign.files import atomic_binary
from corpusalign.formats.jsonl import read_jsonl, write_jsonl

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from corpusalign.corpus.prints import Prints
    from corpusalign.encode import Encoder
    from corpusalign.types import TranslationUnit


def make_shard(job: Job, encoder: Encoder, on_set: OnSet) -> Receipt:
    """Make the shard of a job: its units, all of them with their scores, and their fingerprints; then marker.

    `on_set` is called with the number of each page set as it begins. The units of a set are a gzip member of
    their own (as a record is in a web archive), so that a later build can take them over as they are. What
    is kept of them is decided when the shard is published.

    Raises FormatError where the output cannot be written or an earlier shard cannot be read.
    """
    from corpusalign.corpus.prints import prints_of, together

    seconds: dict[str, float] = {}
    results: list[SetResult] = []
    prints: list[Prints] = []
    state = Path(job.state)
    with atomic_binary(state / shard_name(job.number)) as file:
        stream = Digesting(file)
        for number, one in enumerate(job.sets):
            if number in job.given_up:
                done = Work(rejects=(given_up(one, job.given_up[number]),))
                results.append(_write(one.key(job.recipe), done, stream))
                prints.append(prints_of(()))
                continue
            on_set(number)
            if number in job.reusable:
                earlier = job.reusable[number]
                result, units = _take_over(Path(earlier.shard), earlier.result, stream)
                results.append(result)
                prints.append(prints_of(units))
                continue
            done = work(one, job.recipe, job.limits, state, encoder, seconds)
            started = perf_counter()
            results.append(_write(one.key(job.recipe), done, stream))
            prints.append(prints_of(done.units))
            seconds["write"] = seconds.get("write", 0.0) + perf_counter() - started
        stream.end()
    with atomic_binary(prints_path(state, job.number)) as file:
        printed = Digesting(file)
        printed.write(together(prints).tobytes())
    write_marker(
        state,
        job.number,
        Marker(job.key, stream.size, stream.sha256, printed.sha256, tuple(results), seconds),
    )
    return Receipt(
        number=job.number,
        size=job.size,
        sets=len(results),
        reused=len(job.reusable),
        units=sum(result.units for result in results),
        rejects=sum(len(result.rejects) for result in results),
        memory=most_resident(),
    )


class Digesting(io.RawIOBase):
    """A stream that counts what is written to it and takes its digest."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Tell that it is there to be written to."""
        return True

    def tell(self) -> int:
        """Return how much was written."""
        return self.size

    def write(self, data: Buffer) -> int:
        """Write to the file."""
        length = memoryview(data).nbytes
        self._file.write(data)
        self._digest.update(data)
        self.size += length
        return length

    def end(self) -> None:
        """Make a gzip file of it in any case: an empty file is none."""
        if self.size == 0:
            self.write(packed(b""))

    @property
    def sha256(self) -> str:
        """The digest of all that was written."""
        return self._digest.hexdigest()


def packed(data: bytes) -> bytes:
    """Return data as a gzip member, without name and time: the same units give the same bytes."""
    return gzip.compress(data, compresslevel=6, mtime=0)


def lines_of(units: Sequence[TranslationUnit], where: str) -> bytes:
    """Return units as JSON Lines; `where` names them in errors."""
    lines = io.BytesIO()
    write_jsonl(units, lines, where)
    return lines.getvalue()


def member(file: BinaryIO, path: Path, result: SetResult) -> bytes:
    """Return the gzip member of a page set. Raises FormatError where the shard is not what it was."""
    try:
        file.seek(result.offset)
        data = file.read(result.length)
    except OSError as error:
        raise FormatError(str(path), f"cannot be read: {error.strerror}", "build again") from error
    if len(data) != result.length:
        raise FormatError(str(path), "is shorter than it was", "build again")
    return data


def _take_over(
    shard: Path, result: SetResult, stream: Digesting
) -> tuple[SetResult, tuple[TranslationUnit, ...]]:
    try:
        with shard.open("rb") as file:
            data = member(file, shard, result)
    except OSError as error:
        raise FormatError(str(shard), f"cannot be read: {error.strerror}", "build again") from error
    moved = replace(result, offset=stream.size)
    stream.write(data)
    return moved, tuple(read_jsonl(io.BytesIO(gzip.decompress(data)), str(shard))) if data else ()


def _write(key: str, done: Work, stream: Digesting) -> SetResult:
    data = packed(lines_of(done.units, key)) if done.units else b""
    result = SetResult(
        key=key,
        offset=stream.size,
        length=len(data),
        units=len(done.units),
        sentences=done.sentences,
        rejects=done.rejects,
    )
    stream.write(data)
    return result
