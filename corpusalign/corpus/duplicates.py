"""Units and page sets that came before, across a corpus of any size: sorted in buckets on disk.

What has the same key goes to the same bucket, and a bucket is as much as is held in memory. The best of
those that say the same stays (the most confident unit; of equal ones, the first); what is dropped is near one
that stays, never near one that is dropped as well.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusalign.corpus.prints import BANDS, HASHES, Prints, resemblance
from corpusalign.corpus.records import EXACT

Marks = NDArray[np.uint8]
Source = Callable[[], Iterator[Prints]]
"""Gives all prints, part by part, as often as asked."""

# Bytes of a bucket: what is held in memory at a time.
_BUCKET = 32 << 20
# Those of a group with one key that each other one is compared with (the best ones), and how many of them are
# noted for each: a second one, should the first be dropped itself.
_LEADERS = 16
_NOTED = 2
_ROWS_AT_A_TIME = 4096

_ENTRY = np.dtype([("key", "<u8"), ("number", "<u8"), ("rank", "<f4"), ("sketch", "u1", (HASHES,))])
_PAIR = np.dtype([("rank", "<f4"), ("worse", "<u8"), ("better", "<u8"), ("matches", "u1")])


def repeated(
    prints: Source, count: int, least: float, folder: Path, *, exact: bool = True
) -> tuple[Marks, dict[int, int]]:
    """Return a mark for each of `count` prints, and of the near-duplicates which one they are near to.

    The mark is 0 for what stays, EXACT, or the equal bytes of a near-duplicate's sketch. A near-duplicate
    resembles what stays by more than `least` (0 to 1), by estimate. What has an infinite rank stays in any
    case; what has none (not a number) is passed over. Buckets are written below `folder`.
    """
    marks = np.zeros(count, np.uint8)
    if exact:
        for bucket in _buckets(prints, marks, "exact", 0, folder):
            same = bucket["key"][1:] == bucket["key"][:-1]
            marks[bucket["number"][1:][same & (bucket["rank"][1:] < np.inf)]] = EXACT
    matches = next((n for n in range(HASHES + 1) if resemblance(n) > least), HASHES + 1)
    near: dict[int, int] = {}
    if matches > HASHES:
        return marks, near
    found = np.zeros(0, _PAIR)
    for band in range(BANDS):
        for bucket in _buckets(prints, marks, "bands", band, folder):
            found = np.concatenate([found, *_near(bucket, matches)])
        found = np.unique(found)
    # From the best down, so that whether the better one stays is known when the worse one's turn comes.
    for _, worse, better, equal in found[
        np.lexsort((found["better"], found["worse"], -found["rank"]))
    ].tolist():
        if marks[better] == 0 and equal > marks[worse]:
            marks[worse], near[worse] = equal, better
    return marks, near


def _buckets(
    prints: Source, marks: Marks, field: str, column: int, folder: Path
) -> Iterator[NDArray[np.void]]:
    """Yield what is unmarked in buckets, each sorted by key and then from the best down."""
    number = -(-len(marks) * _ENTRY.itemsize // _BUCKET) or 1
    with tempfile.TemporaryDirectory(dir=folder, prefix="buckets-") as below:
        paths = [Path(below) / str(bucket) for bucket in range(number)]
        with ExitStack() as files:
            opened = [files.enter_context(path.open("wb")) for path in paths]
            for entries in _entries(prints, marks, field, column):
                # The key's upper half: its lower one may be told by fewer values.
                places = (entries["key"] >> np.uint64(32)) % np.uint64(number)
                for bucket in np.unique(places).tolist():
                    entries[places == bucket].tofile(opened[bucket])
        for path in paths:
            bucket = np.fromfile(path, _ENTRY)
            path.unlink()
            yield bucket[np.lexsort((bucket["number"], -bucket["rank"], bucket["key"]))]


def _entries(prints: Source, marks: Marks, field: str, column: int) -> Iterator[NDArray[np.void]]:
    first = 0
    for part in prints():
        entries = np.empty(len(part), _ENTRY)
        entries["key"] = part[field] if part[field].ndim == 1 else part[field][:, column]
        entries["number"] = np.arange(first, first + len(part))
        entries["rank"] = part["rank"]
        entries["sketch"] = part["sketch"]
        open_still = (marks[first : first + len(part)] == 0) & ~np.isnan(part["rank"])
        first += len(part)
        yield entries[open_still]


def _near(bucket: NDArray[np.void], least: int) -> Iterator[NDArray[np.void]]:
    """Yield the pairs of a sorted bucket that have a key in common and at least so many equal bytes."""
    borders = np.flatnonzero(bucket["key"][1:] != bucket["key"][:-1]) + 1
    starts = np.concatenate([[0], borders])
    stops = np.concatenate([borders, [len(bucket)]])
    for start, stop in zip(starts[stops - starts > 1], stops[stops - starts > 1], strict=True):
        leaders = bucket[start : min(stop, start + _LEADERS)]
        for first in range(start, stop, _ROWS_AT_A_TIME):
            rows = bucket[first : min(first + _ROWS_AT_A_TIME, stop)]
            matches = (rows["sketch"][:, None] == leaders["sketch"][None]).sum(axis=2)
            places = np.arange(first - start, first - start + len(rows))
            is_pair = (matches >= least) & (places[:, None] > np.arange(len(leaders)))
            is_pair &= (rows["rank"] < np.inf)[:, None]
            is_pair &= is_pair.cumsum(axis=1) <= _NOTED
            which, whose = np.nonzero(is_pair)
            pairs = np.empty(len(which), _PAIR)
            pairs["rank"] = rows["rank"][which]
            pairs["worse"] = rows["number"][which]
            pairs["better"] = leaders["number"][whose]
            pairs["matches"] = matches[which, whose]
            yield pairs
