"""One shard made: its page sets worked on one after another, written, and set in its place in one step."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections import Counter
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, BinaryIO

from corpusalign.corpus.limits import most_resident
from corpusalign.corpus.markers import Marker, write_marker
from corpusalign.corpus.pageset import Work, given_up, work
from corpusalign.corpus.records import BINS, Job, OnSet, Receipt, SetResult, shard_name
from corpusalign.errors import FormatError
from corpusalign.files import atomic_binary
from corpusalign.formats.jsonl import write_jsonl
from corpusalign.languages import language

if TYPE_CHECKING:
    from corpusalign.encode import Encoder


def make_shard(job: Job, encoder: Encoder, on_set: OnSet) -> Receipt:
    """Make the shard of a job: its file, then the marker that says that the file is whole.

    `on_set` is called with the number of each page set as it begins. The units of a set are a gzip member of
    their own (as a record is in a web archive), so that a later build can take them over as they are.

    Raises FormatError where the output cannot be written or an earlier shard cannot be read.
    """
    seconds: dict[str, float] = {}
    results: list[SetResult] = []
    with atomic_binary(Path(job.output) / shard_name(job.number)) as file:
        stream = _Digesting(file)
        for number, one in enumerate(job.sets):
            if number in job.given_up:
                done = Work(rejects=(given_up(one, job.given_up[number]),))
                results.append(_write(one.key(job.recipe), done, stream))
                continue
            on_set(number)
            if number in job.reusable:
                earlier = job.reusable[number]
                results.append(_take_over(Path(earlier.shard), earlier.result, stream))
                continue
            done = work(one, job.recipe, job.limits, Path(job.state), encoder, seconds)
            started = perf_counter()
            results.append(_write(one.key(job.recipe), done, stream))
            seconds["write"] = seconds.get("write", 0.0) + perf_counter() - started
        if stream.size == 0:
            # An empty file is no gzip file.
            stream.write(gzip.compress(b"", mtime=0))
    write_marker(
        Path(job.state), job.number, Marker(job.key, stream.size, stream.sha256, tuple(results), seconds)
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


class _Digesting:
    """A stream that counts what is written to it and takes its digest."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def _take_over(shard: Path, result: SetResult, stream: _Digesting) -> SetResult:
    try:
        with shard.open("rb") as file:
            file.seek(result.offset)
            data = file.read(result.length)
    except OSError as error:
        raise FormatError(str(shard), f"cannot be read: {error.strerror}", "build again") from error
    if len(data) != result.length:
        raise FormatError(str(shard), "is shorter than it was", "build again")
    moved = replace(result, offset=stream.size)
    stream.write(data)
    return moved


def _write(key: str, done: Work, stream: _Digesting) -> SetResult:
    data = b""
    if done.units:
        lines = io.BytesIO()
        write_jsonl(done.units, lines, key)
        # Without name and time the same units give the same bytes.
        data = gzip.compress(lines.getvalue(), compresslevel=6, mtime=0)
    bars = Counter(min(int(unit.confidence * BINS), BINS - 1) for unit in done.units)
    words: Counter[str] = Counter()
    for unit in done.units:
        for code, text in unit.variants.items():
            words[code] += _words(code, text)
    result = SetResult(
        key=key,
        offset=stream.size,
        length=len(data),
        units=len(done.units),
        sentences=done.sentences,
        words=dict(sorted(words.items())),
        histogram=tuple(bars[bar] for bar in range(BINS)),
        rejects=done.rejects,
    )
    stream.write(data)
    return result


def _words(code: str, text: str) -> int:
    """Return the words of a text; of a language that does not set them apart, its letters."""
    return len(text.split()) if language(code).joiner else sum(map(str.isalnum, text))
