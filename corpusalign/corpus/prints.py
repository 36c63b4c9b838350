"""Fingerprints of units and of page sets: 120 bytes each, made by whoever makes the units.

MinHash (Broder 1997, "On the resemblance and containment of documents") over shingles of four letters or
digits of all languages, kept in two forms: the keys of bands, which bring near-duplicates together (locality-
sensitive hashing), and the lowest byte of every minimum, by which two of them are compared (b-bit minwise
hashing, Li and König 2010). The minima of a page set are those of its units: it needs no second look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusalign.errors import FormatError
from corpusalign.quality.duplicates import comparable, fingerprint
from corpusalign.types import TranslationUnit

BANDS = 6
_ROWS = 8
HASHES = BANDS * _ROWS
_SHINGLE = 4
# Units whose shingles are hashed at a time: some megabytes of numbers.
_BATCH = 32

Prints = NDArray[np.void]
_Numbers = NDArray[np.uint64]

PRINT = np.dtype(
    [
        # The texts but for case, spaces and marks.
        ("exact", "<u8"),
        # The unit's id; nothing for a page set.
        ("name", "<u8"),
        ("bands", "<u8", (BANDS,)),
        ("sketch", "u1", (HASHES,)),
        # Of duplicates the highest stays: a unit's confidence, a page set's number of units.
        ("rank", "<f4"),
    ]
)


def prints_of(units: Sequence[TranslationUnit]) -> Prints:
    """Return the print of a page set, followed by those of its units in order."""
    minima = _minima(units)
    made = np.zeros(1 + len(units), PRINT)
    made[0]["rank"] = len(units)
    if not units:
        return made
    _put(made[:1], minima.min(axis=0, keepdims=True))
    _put(made[1:], minima)
    made["exact"][1:] = [fingerprint(unit) for unit in units]
    made["name"][1:] = [name_print(unit.id) for unit in units]
    made["rank"][1:] = [unit.confidence for unit in units]
    return made


def together(sets: Sequence[Prints]) -> Prints:
    """Return the prints of a shard as `read_prints` takes them: its page sets first, then all units."""
    firsts, rests = [one[:1] for one in sets], [one[1:] for one in sets]
    return np.concatenate([np.zeros(0, PRINT), *firsts, *rests])


def name_print(identifier: str) -> int:
    """Return 64 bits of a unit's id."""
    digest = hashlib.blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def read_prints(path: Path, sets: int, units: int) -> tuple[Prints, Prints]:
    """Return the prints of a shard's page sets and of its units.

    Raises FormatError for a file that is gone or has another size.
    """
    try:
        made = np.fromfile(path, PRINT)
    except OSError as error:
        raise FormatError(str(path), f"cannot be read: {error.strerror}", "build again") from error
    if len(made) != sets + units:
        raise FormatError(str(path), "is not the size that it was", "build again")
    return made[:sets], made[sets:]


def resemblance(matches: float) -> float:
    """Return the share of shingles in common (Jaccard) that so many equal bytes of two sketches stand for."""
    return max(matches / HASHES - 1 / 256, 0.0) / (1 - 1 / 256)


def _put(prints: Prints, minima: _Numbers) -> None:
    prints["sketch"] = (minima & np.uint64(0xFF)).astype(np.uint8)
    banded = minima.reshape(len(minima), BANDS, _ROWS)
    keys = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), banded.shape[:2]).copy()
    for row in range(_ROWS):
        keys = _mixed(keys ^ banded[:, :, row])
    prints["bands"] = keys


def _minima(units: Sequence[TranslationUnit]) -> _Numbers:
    """Return the least value of each hash function over the shingles of each unit: shape (units, HASHES)."""
    made = np.empty((len(units), HASHES), np.uint64)
    for start in range(0, len(units), _BATCH):
        shingles = [_shingles(unit) for unit in units[start : start + _BATCH]]
        sizes = np.array([len(one) for one in shingles])
        hashed = np.concatenate(shingles)[:, None] * _FACTORS + _TERMS
        made[start : start + _BATCH] = np.minimum.reduceat(hashed >> np.uint64(32), np.cumsum(sizes) - sizes)
    return made


def _shingles(unit: TranslationUnit) -> _Numbers:
    found = [_hashed(f"{code}:", text) for code, text in sorted(unit.variants.items())]
    return np.concatenate(found) if found else np.zeros(1, np.uint64)


def _hashed(language: str, text: str) -> _Numbers:
    """Return a number for each run of four characters of a text; a shorter one is padded."""
    plain = comparable(text).ljust(_SHINGLE)
    points = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    salt = name_print(language)
    found = np.full(len(points) - _SHINGLE + 1, salt, np.uint64)
    for place in range(_SHINGLE):
        found = _mixed(found ^ points[place : len(points) - _SHINGLE + 1 + place])
    return found


def _mixed(numbers: _Numbers) -> _Numbers:
    """Return numbers whose bits all depend on all bits (one round of splitmix64, Steele et al. 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return numbers ^ (numbers >> np.uint64(27))


def _constants(first: int) -> _Numbers:
    steps: Any = np.arange(first, first + HASHES, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return _mixed(_mixed(steps))


# Multiply-shift hash functions (Dietzfelbinger et al. 1997): odd factors, any terms.
_FACTORS = _constants(1) | np.uint64(1)
_TERMS = _constants(1001)
