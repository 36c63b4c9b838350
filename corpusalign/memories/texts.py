"""What makes two units the same, or translations of the same: hashes of their exact texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from corpusalign.types import TranslationUnit


def whole(unit: TranslationUnit) -> int:
    """Return a 64-bit hash of all of a unit's texts: equal for units that say the same in every language."""
    return _hash(f"{code}\0{unit.variants[code]}" for code in sorted(unit.variants))


def question(unit: TranslationUnit, source: str) -> int:
    """Return a 64-bit hash of the source text and the languages it is translated into.

    Two units that share it answer the same question; if their `whole` differs, they answer differently.
    A unit without that source asks a question of its own.
    """
    if source not in unit.variants:
        return whole(unit)
    return _hash([f"{source}\0{unit.variants[source]}", *sorted(unit.variants)])


def _hash(parts: Iterable[str]) -> int:
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0\0")
    return int.from_bytes(digest.digest(), "little")
