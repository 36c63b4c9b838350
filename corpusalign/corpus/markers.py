"""The markers beside each shard: that it is whole, what it was made of, and the figures of its page sets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpusalign.corpus.records import Published, Reject, SetResult
from corpusalign.files import atomic_text

_FORMAT = 2


@dataclass(frozen=True, slots=True)
class Marker:
    """`key` is the digest of the recipe and of all page sets; size (bytes) and SHA-256 are of the file.

    `prints` is the SHA-256 of the fingerprints. `seconds`, by stage, are those of the work that was done for
    this shard, not of what it took over.
    """

    key: str
    size: int
    sha256: str
    prints: str
    results: tuple[SetResult, ...]
    seconds: Mapping[str, float]

    @property
    def is_final(self) -> bool:
        """Whether making the shard again could bring nothing else."""
        return all(result.is_final for result in self.results)

    @property
    def units(self) -> int:
        """The number of units made."""
        return sum(result.units for result in self.results)


def marker_path(state: Path, number: int) -> Path:
    """Return where the marker of a shard stands."""
    return state / f"part-{number:05}.json"


def prints_path(state: Path, number: int) -> Path:
    """Return where the fingerprints of a shard stand."""
    return state / f"part-{number:05}.prints"


def published_path(state: Path, number: int) -> Path:
    """Return where the marker of a shard that was published stands."""
    return state / f"published-{number:05}.json"


def write_marker(state: Path, number: int, marker: Marker) -> None:
    """Write a shard's marker; it appears whole or not at all."""
    with atomic_text(marker_path(state, number)) as file:
        # As ASCII: a detail may hold what has no form in UTF-8.
        json.dump({"format": _FORMAT, **asdict(marker)}, file)


def read_marker(path: Path) -> Marker | None:
    """Return a marker; None where there is none, it is damaged, or another version wrote it."""
    try:
        record = json.loads(path.read_bytes())
        if record.pop("format") != _FORMAT:
            return None
        return Marker(**{**record, "results": tuple(map(result_of, record["results"]))})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def write_published(state: Path, number: int, published: Published) -> None:
    """Write the marker of a shard that stands in its place."""
    with atomic_text(published_path(state, number)) as file:
        json.dump({"format": _FORMAT, **asdict(published)}, file)


def read_published(path: Path) -> Published | None:
    """Return the marker of a shard that was published; None as `read_marker` does."""
    try:
        record = json.loads(path.read_bytes())
        if record.pop("format") != _FORMAT:
            return None
        rejects = tuple(map(_reject, record["rejects"]))
        return Published(**{**record, "histogram": tuple(record["histogram"]), "rejects": rejects})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def result_of(record: Mapping[str, Any]) -> SetResult:
    """Return a page set's result from the JSON that a marker keeps of it."""
    return SetResult(**{**record, "rejects": tuple(map(_reject, record["rejects"]))})


def _reject(record: Mapping[str, Any]) -> Reject:
    return Reject(**{**record, "pages": tuple(record["pages"])})
