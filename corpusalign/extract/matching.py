"""Blocks of one version matched with those of another: in order, like with like, as many as there are."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# What likeness counts beside a match: enough to choose between matches, not to do without one.
_SAME_TEXT = 0.5
_SAME_LENGTH = 0.5
_SAME_EVIDENCE = 0.5
# Blocks of different keys match by so many common tokens that are at least half of what they have.
_MUCH_EVIDENCE = 2
_HALF = 0.5

_DIAGONAL, _UP, _LEFT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Side:
    """The blocks of one version, which match by their keys, or by their evidence alone if that is strong.

    `texts` (letters), `lengths` and `evidence` (what translations share, as distinct tokens) choose between
    matches.
    """

    keys: Sequence[Hashable]
    texts: Sequence[str]
    lengths: Sequence[float]
    evidence: Sequence[Sequence[str]]


def match(one: Side, other: Side) -> list[tuple[int, int]]:
    """Return the pairs of places that match, in order: the heaviest common subsequence.

    The table is filled a row at a time (numpy), as keys repeat so much that methods which count on rare ones
    (difflib's) take cubic time: a byte a cell, 0.1 s for 3,000 by 3,000.
    """
    keys, texts = _numbered(one.keys, other.keys), _numbered(one.texts, other.texts)
    logs = np.log(np.asarray(one.lengths) + 10.0), np.log(np.asarray(other.lengths) + 10.0)
    moves = np.zeros((len(one.keys), len(other.keys)), dtype=np.int8)
    before = np.zeros(len(other.keys) + 1)
    holders = _holders(other.evidence)
    sizes = np.array([len(tokens) for tokens in other.evidence], dtype=np.int64)
    for row in range(len(one.keys)):
        same = keys[1] == keys[0][row]
        gains = same + _SAME_TEXT * (texts[1] == texts[0][row])
        gains += _SAME_LENGTH / (1 + np.abs(logs[1] - logs[0][row]))
        if tokens := one.evidence[row]:
            common = np.zeros(len(other.keys))
            for token in tokens:
                if token in holders:
                    common[holders[token]] += 1
            share = 2 * common / (len(tokens) + sizes)
            gains += _SAME_EVIDENCE * share
            same |= (common >= _MUCH_EVIDENCE) & (share >= _HALF)
        diagonal = np.where(same, before[:-1] + gains, -1.0)
        reached = np.maximum.accumulate(np.maximum(before[1:], diagonal))
        moves[row] = np.where(diagonal >= reached, _DIAGONAL, np.where(before[1:] >= reached, _UP, _LEFT))
        before[1:] = reached
    return _walked_back(moves)


def _numbered(
    one: Sequence[Hashable], other: Sequence[Hashable]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return both sides as numbers that are equal where they are."""
    numbers: dict[Hashable, int] = {}
    sides = [[numbers.setdefault(item, len(numbers)) for item in side] for side in (one, other)]
    return np.array(sides[0], dtype=np.int64), np.array(sides[1], dtype=np.int64)


def _holders(evidence: Sequence[Sequence[str]]) -> dict[str, NDArray[np.int64]]:
    """Return the places that hold each token."""
    holders: dict[str, list[int]] = {}
    for place, tokens in enumerate(evidence):
        for token in tokens:
            holders.setdefault(token, []).append(place)
    return {token: np.array(places, dtype=np.int64) for token, places in holders.items()}


def _walked_back(moves: NDArray[np.int8]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    row, column = (size - 1 for size in moves.shape)
    while row >= 0 and column >= 0:
        move = moves[row, column]
        if move == _DIAGONAL:
            pairs.append((row, column))
        row -= move in (_DIAGONAL, _UP)
        column -= move in (_DIAGONAL, _LEFT)
    return pairs[::-1]
