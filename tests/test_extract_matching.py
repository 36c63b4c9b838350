"""Matching of blocks: as heavy as the textbook's table says, and sensible where there is a choice."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.extract.matching import Side, match

Found = tuple[str, str, int, str]

blocks = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from("xyz"),
        st.integers(0, 90),
        st.sets(st.sampled_from("1234")).map(lambda tokens: "".join(sorted(tokens))),
    ),
    max_size=12,
)


def side(found: list[Found]) -> Side:
    keys, texts, lengths, evidence = ([one[place] for one in found] for place in range(4))
    return Side(keys, texts, lengths, evidence)


def common(one: Side, row: int, other: Side, column: int) -> tuple[int, float]:
    """How many tokens two blocks share, and which share of theirs that is."""
    mine, theirs = set(one.evidence[row]), set(other.evidence[column])
    return len(mine & theirs), 2 * len(mine & theirs) / max(len(mine) + len(theirs), 1)


def matches(one: Side, row: int, other: Side, column: int) -> bool:
    count, share = common(one, row, other, column)
    return one.keys[row] == other.keys[column] or (count >= 2 and share >= 0.5)


def gain(one: Side, row: int, other: Side, column: int) -> float:
    """What a match is worth, written out."""
    apart = abs(math.log(one.lengths[row] + 10) - math.log(other.lengths[column] + 10))
    likeness = (one.texts[row] == other.texts[column]) + 1 / (1 + apart) + common(one, row, other, column)[1]
    return (one.keys[row] == other.keys[column]) + 0.5 * likeness


def heaviest(one: Side, other: Side) -> float:
    """The textbook's recurrence, cell by cell."""
    table = [[0.0] * (len(other.keys) + 1) for _ in range(len(one.keys) + 1)]
    for i in range(len(one.keys)):
        for j in range(len(other.keys)):
            best = max(table[i][j + 1], table[i + 1][j])
            if matches(one, i, other, j):
                best = max(best, table[i][j] + gain(one, i, other, j))
            table[i + 1][j + 1] = best
    return table[-1][-1]


@given(blocks, blocks)
def test_the_heaviest_common_subsequence(first: list[Found], second: list[Found]) -> None:
    one, other = side(first), side(second)
    pairs = match(one, other)
    assert all(matches(one, row, other, column) for row, column in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert sum(gain(one, row, other, column) for row, column in pairs) == pytest.approx(heaviest(one, other))


def test_of_blocks_of_one_kind_those_alike_match() -> None:
    lines = [
        ("p", "ip1066", 8, ""),
        ("p", "brussels", 20, ""),
        ("p", "long", 400, ""),
        ("p", "longer", 600, ""),
    ]
    assert match(side(lines), side([lines[0], ("p", "lang", 390, ""), ("p", "langer", 610, "")])) == [
        (0, 0),
        (2, 1),
        (3, 2),
    ]
    assert match(side([]), side(lines)) == []


def test_numbers_choose_between_blocks_and_match_those_of_other_elements() -> None:
    tables = [("td", "one", 40, "12"), ("td", "two", 40, "34"), ("div", "note", 40, "567")]
    assert match(side(tables), side([("td", "deux", 40, "34"), ("p", "note", 40, "568")])) == [(1, 0), (2, 1)]
    assert match(side(tables), side([("td", "deux", 40, "34"), ("p", "note", 40, "5")])) == [(1, 0)]
