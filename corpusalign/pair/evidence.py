"""How much speaks for two pages being versions of each other, over all that a page could be paired with."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusalign.languages.addresses import skeleton
from corpusalign.pair.address import same
from corpusalign.pair.profile import Profile

# Chosen on press releases in English, French and German (one to one, 30% of each side removed; recall 1.00 at
# precision .98 to .99), none of which is among what the pairing is measured on.
_VECTOR, _TOKEN, _SIZE = 0.5, 0.5, 0.1
_LIMIT = 0.2
_SPREAD = 0.04

# What a link or an address adds to a margin: enough to decide between pages much alike, not to pair a text
# with one that is plainly another.
_LINK, _ADDRESS = 0.4, 0.25

# Candidates a page in each other language, by vector; neighbours that a pair is weighed against.
_CANDIDATES = 20
_NEIGHBOURS = 3
_SLICE = 1024

# A centroid of few pages says little of a language; and what pages score that have nothing in common but
# that.
_CENTROID_PRIOR = 10.0
_BACKGROUND = 0.15


@dataclass(frozen=True, slots=True)
class Edge:
    """Two profiles, by number, with their score from 0 to 1 and what speaks for them."""

    left: int
    right: int
    score: float
    reasons: tuple[str, ...]


def edges(profiles: Sequence[Profile], left: Sequence[int], right: Sequence[int]) -> list[Edge]:
    """Return the edges between the pages of two languages, as far as they are candidates, in no order."""
    if not left or not right:
        return []
    vectors = _vectors(profiles, left), _vectors(profiles, right)
    near = _nearest(*vectors), _nearest(vectors[1], vectors[0])
    rows, columns = _token_vectors(profiles, left, right)
    sizes = np.log(
        [[profiles[number].characters + 20, profiles[number].count + 1] for number in (*left, *right)]
    )
    # Texts grow and shrink by a factor of the language pair; only what differs from it counts.
    usual = np.median(sizes[: len(left)] - sizes[len(left) + near[0][:, 0]], axis=0)
    linked, addressed = _linked(profiles, left, right), _addressed(profiles, left, right)
    candidates = {(row, int(column)) for row, found in enumerate(near[0]) for column in found}
    candidates |= {(int(row), column) for column, found in enumerate(near[1]) for row in found}
    similarity: dict[tuple[int, int], float] = {}
    tokens: dict[tuple[int, int], float] = {}
    content: dict[tuple[int, int], float] = {}
    for pair in candidates | linked | addressed:
        row, column = pair
        similarity[pair] = float(vectors[0][row] @ vectors[1][column])
        tokens[pair] = _dot(rows[row], columns[column])
        off = float(np.abs(sizes[row] - sizes[len(left) + column] - usual).mean())
        content[pair] = _VECTOR * similarity[pair] + _TOKEN * tokens[pair] - _SIZE * off
    background = _BACKGROUND * _CENTROID_PRIOR / (_CENTROID_PRIOR + min(len(left), len(right)))
    margins = _margins(content, background)
    found = []
    for (row, column), margin in margins.items():
        reasons = [f"vectors {similarity[row, column]:.2f}", f"numbers and names {tokens[row, column]:.2f}"]
        reasons.append(f"margin {margin:.2f}")
        if (row, column) in addressed:
            margin += _ADDRESS
            reasons.insert(0, "addresses differ in the language alone")
        if (row, column) in linked:
            margin += _LINK
            reasons.insert(0, "linked as versions")
        score = 1 / (1 + math.exp(min(50.0, (_LIMIT - margin) / _SPREAD)))
        found.append(Edge(left[row], right[column], score, tuple(reasons)))
    return found


def _vectors(profiles: Sequence[Profile], side: Sequence[int]) -> NDArray[np.float32]:
    """Return a unit vector a page: its blocks' vectors summed, less what all pages of the language share."""
    pages = [profiles[number] for number in side]
    centroid = np.mean([page.mean for page in pages], axis=0) * (len(pages) / (len(pages) + _CENTROID_PRIOR))
    summed = np.array([page.weighted - page.weight * centroid for page in pages])
    units: NDArray[np.float32] = summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9)
    return units


def _token_vectors(
    profiles: Sequence[Profile], left: Sequence[int], right: Sequence[int]
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Return the tokens of each page that stand on both sides, weighted by tf-idf, as unit vectors."""
    counts = [Counter[str](), Counter[str]()]
    for count, side in zip(counts, (left, right), strict=True):
        for number in side:
            count.update(profiles[number].tokens.keys())
    pages = len(left) + len(right)
    shared = {
        token: math.log(1 + pages / (counts[0][token] + counts[1][token]))
        for token in counts[0].keys() & counts[1].keys()
    }
    left_vectors, right_vectors = (
        [_unit(profiles[number].tokens, shared) for number in side] for side in (left, right)
    )
    return left_vectors, right_vectors


def _unit(tokens: Counter[str], weights: dict[str, float]) -> dict[str, float]:
    vector = {
        token: (1 + math.log(count)) * weights[token] for token, count in tokens.items() if token in weights
    }
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {token: value / length for token, value in vector.items()}


def _dot(one: dict[str, float], other: dict[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(value * other[token] for token, value in one.items() if token in other)


def _nearest(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the rows of `other` nearest to each row of `one`, nearest first, shape (len(one), at most 20).

    In slices, so that memory grows with the number of pages and not with its square.
    """
    count = min(_CANDIDATES, len(other))
    found = np.empty((len(one), count), dtype=np.int64)
    for start in range(0, len(one), _SLICE):
        similarity = one[start : start + _SLICE] @ other.T
        some = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
        order = np.argsort(-np.take_along_axis(similarity, some, axis=1), axis=1, kind="stable")
        found[start : start + _SLICE] = np.take_along_axis(some, order, axis=1)
    return found


def _margins(content: dict[tuple[int, int], float], background: float) -> dict[tuple[int, int], float]:
    """Return what each pair scores above the nearest others of its row and of its column (half each)."""
    by_row: dict[int, list[float]] = defaultdict(list)
    by_column: dict[int, list[float]] = defaultdict(list)
    for (row, column), value in content.items():
        by_row[row].append(value)
        by_column[column].append(value)
    nearest = [
        {key: sorted(values, reverse=True)[: _NEIGHBOURS + 1] for key, values in side.items()}
        for side in (by_row, by_column)
    ]
    return {
        (row, column): value
        - (_others(nearest[0][row], value, background) + _others(nearest[1][column], value, background)) / 2
        for (row, column), value in content.items()
    }


def _others(nearest: list[float], own: float, background: float) -> float:
    """Return the mean of the nearest values other than a pair's own, filled up with the background."""
    others = list(nearest)
    if own in others:
        others.remove(own)
    others = [max(value, background) for value in others[:_NEIGHBOURS]]
    others += [background] * (_NEIGHBOURS - len(others))
    return sum(others) / _NEIGHBOURS


def _linked(profiles: Sequence[Profile], left: Sequence[int], right: Sequence[int]) -> set[tuple[int, int]]:
    """Return the pairs of which one page names the other as its version, and no third page names it too.

    Sites that have no version of a page often name the home page instead, for all such pages.
    """
    found: set[tuple[int, int]] = set()
    for one, other, swap in ((left, right, False), (right, left, True)):
        place = _places(profiles, other)
        lang = _lang(profiles, other)
        targets = [place.get(same(profiles[number].alternates.get(lang, ""))) for number in one]
        times = Counter(target for target in targets if target is not None)
        for position, target in enumerate(targets):
            if target is not None and times[target] == 1:
                found.add((target, position) if swap else (position, target))
    return found


def _places(profiles: Sequence[Profile], side: Sequence[int]) -> dict[str, int]:
    """Return the position of each page by its address, and by each other name that only it has."""
    places = {same(profiles[number].url): position for position, number in enumerate(side)}
    others = [
        (same(name), position) for position, number in enumerate(side) for name in profiles[number].names
    ]
    times = Counter(name for name, _ in set(others))
    return {name: position for name, position in others if times[name] == 1} | places


def _lang(profiles: Sequence[Profile], side: Sequence[int]) -> str:
    return profiles[side[0]].lang


def _addressed(
    profiles: Sequence[Profile], left: Sequence[int], right: Sequence[int]
) -> set[tuple[int, int]]:
    """Return the pairs whose addresses differ in a language code alone, each skeleton once on each side."""
    sides = []
    for side in (left, right):
        places: dict[str, list[int]] = defaultdict(list)
        for position, number in enumerate(side):
            places[skeleton(profiles[number].url)].append(position)
        sides.append(places)
    return {
        (rows[0], sides[1][shape][0])
        for shape, rows in sides[0].items()
        if len(rows) == 1 and len(sides[1].get(shape, ())) == 1
    }
