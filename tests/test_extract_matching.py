"""Matching of blocks: as heavy as the textbook's table says, and sensible where there is a choice."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.extract.matching import Side, match

blocks = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 90)), max_size=12)


def side(found: list[tuple[str, str, int]]) -> Side:
    return Side([key for key, _, _ in found], [text for _, text, _ in found], [size for _, _, size in found])


def gain(one: Side, row: int, other: Side, column: int) -> float:
    """What a match is worth, written out."""
    apart = abs(math.log(one.lengths[row] + 10) - math.log(other.lengths[column] + 10))
    return 1 + 0.5 * (one.texts[row] == other.texts[column]) + 0.5 / (1 + apart)


def heaviest(one: Side, other: Side) -> float:
    """The textbook's recurrence, cell by cell."""
    table = [[0.0] * (len(other.keys) + 1) for _ in range(len(one.keys) + 1)]
    for i, key in enumerate(one.keys):
        for j, another in enumerate(other.keys):
            best = max(table[i][j + 1], table[i + 1][j])
            if key == another:
                best = max(best, table[i][j] + gain(one, i, other, j))
            table[i + 1][j + 1] = best
    return table[-1][-1]


@given(blocks, blocks)
def test_the_heaviest_common_subsequence(
    first: list[tuple[str, str, int]], second: list[tuple[str, str, int]]
) -> None:
    one, other = side(first), side(second)
    pairs = match(one, other)
    assert all(one.keys[row] == other.keys[column] for row, column in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert sum(gain(one, row, other, column) for row, column in pairs) == pytest.approx(heaviest(one, other))


def test_of_blocks_of_one_kind_those_alike_match() -> None:
    lines = [("p", "ip1066", 8), ("p", "brussels", 20), ("p", "long", 400), ("p", "longer", 600)]
    assert match(side(lines), side([lines[0], ("p", "lang", 390), ("p", "langer", 610)])) == [
        (0, 0),
        (2, 1),
        (3, 2),
    ]
    assert match(side([]), side(lines)) == []
