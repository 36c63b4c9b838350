"""Units that came before: exactly (but for case, spaces and marks), or nearly.

Exact: a 64-bit hash a unit, kept sorted, 8 bytes each; two of 10 million different units collide with a
chance of 3 in a million. Near: MinHash (Broder 1997, "On the resemblance and containment of documents") in
bands (locality-sensitive hashing), in tables of fixed size that remember the latest units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpusalign.errors import CorpusAlignError
from corpusalign.types import TranslationUnit

_PERMUTATIONS = 64
_BANDS = 16
_ROWS = _PERMUTATIONS // _BANDS
_SEED = 6
# Shingles of four characters: short enough for ideographs, long enough for letters.
_SHINGLE = 4
_MERGE_AT = 500_000


def fingerprint(unit: TranslationUnit, languages: Sequence[str] | None = None) -> int:
    """Return a 64-bit hash of a unit's `comparable` texts, in the languages given or else in all."""
    digest = hashlib.blake2b(digest_size=8)
    for code in sorted(unit.variants) if languages is None else languages:
        digest.update(f"{code}\0{comparable(unit.variants.get(code, ''))}\0".encode("utf-8", "surrogatepass"))
    return int.from_bytes(digest.digest(), "little")


def comparable(text: str) -> str:
    """Return the letters and digits of a text in lower case; the text itself where it has none."""
    return "".join(filter(str.isalnum, text.casefold())) or text


class Seen:
    """The fingerprints that came before: about 8 bytes each, plus half a million fresh ones in a set."""

    def __init__(self) -> None:
        self._sorted: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._fresh: set[int] = set()

    def add(self, fingerprints: Sequence[int]) -> list[bool]:
        """Add fingerprints in order and tell of each whether it was there already."""
        wanted = np.array(fingerprints, np.uint64)
        places = np.searchsorted(self._sorted, wanted)
        old = np.zeros(len(wanted), bool)
        inside = places < len(self._sorted)
        old[inside] = self._sorted[places[inside]] == wanted[inside]
        found = []
        for known, one in zip(old.tolist(), fingerprints, strict=True):
            found.append(known or one in self._fresh)
            if not found[-1]:
                self._fresh.add(one)
        if len(self._fresh) >= _MERGE_AT:
            fresh = np.fromiter(self._fresh, np.uint64, len(self._fresh))
            self._sorted = np.union1d(self._sorted, fresh)
            self._fresh.clear()
        return found


class NearSeen:
    """The MinHash signatures of the latest `window` units, in memory that does not grow.

    A signature takes 256 bytes and its places in the tables 128: 100 MB for the default window. What is
    further back than the window is not found, nor, rarely, what others have displaced from every band.

    Raises CorpusAlignError where the package `rensa` is missing.
    """

    def __init__(self, window: int = 1 << 18) -> None:
        try:
            from rensa import RMinHash
        except ImportError as error:
            raise CorpusAlignError(
                "near-duplicates", "the package rensa is not installed", "pip install 'corpusalign[dedup]'"
            ) from error
        self._digests = RMinHash.digests_from_token_sets
        self._window = window
        self._signatures: NDArray[np.uint32] = np.zeros((window, _PERMUTATIONS), np.uint32)
        self._slots = 2 * window
        self._tables: NDArray[np.int32] = np.full(_BANDS * self._slots, -1, np.int32)
        self._count = 0

    def add(self, units: Sequence[TranslationUnit]) -> list[float]:
        """Add units in order; return the estimated resemblance (Jaccard, 0 to 1) of each to its nearest."""
        if not units:
            return []
        tokens = [_shingles(unit) for unit in units]
        signatures = np.array(self._digests(tokens, _PERMUTATIONS, _SEED), np.uint32)
        return [
            self._nearest_then_add(signature, places)
            for signature, places in zip(signatures, self._places(signatures), strict=True)
        ]

    def _places(self, signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return the place of each band of each signature in the tables: shape (units, bands)."""
        banded = signatures.reshape(len(signatures), _BANDS, _ROWS).astype(np.uint64)
        keys = np.zeros(banded.shape[:2], np.uint64)
        for row in range(_ROWS):
            keys = (keys ^ banded[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
            keys ^= keys >> np.uint64(29)
        return (keys % np.uint64(self._slots)).astype(np.int64) + np.arange(_BANDS) * self._slots

    def _nearest_then_add(self, signature: NDArray[np.uint32], places: NDArray[np.int64]) -> float:
        candidates = np.unique(self._tables[places])
        candidates = candidates[candidates >= 0]
        nearest = 0.0
        if len(candidates):
            nearest = float((self._signatures[candidates] == signature).mean(axis=1).max())
        row = self._count % self._window
        self._signatures[row] = signature
        self._tables[places] = row
        self._count += 1
        return nearest


def _shingles(unit: TranslationUnit) -> list[str]:
    found: set[str] = set()
    for code, text in unit.variants.items():
        plain = comparable(text)
        found.update(
            f"{code}:{plain[start : start + _SHINGLE]}" for start in range(max(len(plain) - _SHINGLE + 1, 1))
        )
    return list(found)
