"""Memories in parts: which part a unit belongs to, the same at every run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Literal, get_args

from corpusalign import arguments
from corpusalign.errors import FormatError
from corpusalign.types import TranslationUnit

By = Literal["text", "page"]


@arguments.checked(text=arguments.text)
def parse_shares(text: str) -> dict[str, float]:
    """Return the parts that `train=0.98,dev=0.01,test=0.01` names. Raises FormatError for anything else."""
    shares: dict[str, float] = {}
    try:
        for part in text.split(","):
            name, equals, figure = part.partition("=")
            if not (name.strip() and equals) or name.strip() in shares:
                raise ValueError(part)
            shares[name.strip()] = float(figure)
        # So written, NaN is refused too.
        if not abs(sum(shares.values()) - 1) <= 1e-6 or min(shares.values()) < 0:
            raise ValueError(text)
    except ValueError as error:
        raise FormatError(
            repr(text), "is no partition into shares", "write one such as train=0.9,dev=0.05,test=0.05"
        ) from error
    return shares


@arguments.checked(
    unit=arguments.unit, shares=arguments.mapping, by=arguments.choice(*get_args(By)), seed=arguments.whole
)
def part_of(unit: TranslationUnit, shares: Mapping[str, float], *, by: By = "text", seed: int = 0) -> str:
    """Return the part that a unit belongs to, by a hash of its first text or of its page's address.

    Units with the same text (or of the same page, where it is known) are in the same part always, so that
    nothing of one part is known from another; the shares hold for texts (or pages) on average.

    Raises ValueError where there are no shares.
    """
    if not shares:
        raise ValueError("shares: a part with its share is needed, got none")
    what = next(iter(unit.variants.values()), "")
    if by == "page":
        what = next((origin.url for origin in unit.origin.values()), what)
    digest = hashlib.blake2b(
        what.encode("utf-8", "surrogatepass"), digest_size=8, key=(seed % (1 << 64)).to_bytes(8, "little")
    ).digest()
    place = int.from_bytes(digest, "little") / 2**64
    for name, share in shares.items():
        place -= share
        if place < 0:
            return name
    return name
