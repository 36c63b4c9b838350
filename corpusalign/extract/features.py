"""What the classifier sees of each block: its text, its place, its neighbours and its container.

Nothing here knows a language or a site: words count as punctuation, length, links and position. All figures
are scaled to about -1..1, so that their weights can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from corpusalign.extract.blocks import Walk
from corpusalign.extract.marks import mark_names
from corpusalign.extract.texture import letters, text_figures, wide_characters

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

_KINDS = ("heading", "paragraph", "list_item", "table_cell", "caption", "quote", "preformatted")
_TAGS = ("p", "div", "li", "td", "a", "span", "section", "dd")

# Neighbours that a block is compared with, by how many blocks away they are.
_REACH = (1, 2, 3)
_WINDOWS = (3, 8, 20)


@cache
def feature_names() -> tuple[str, ...]:
    """Return the names of all features, in the order of the matrix's columns."""
    return (
        *_own_names(),
        *(f"{name} {reach:+d}" for reach in (*(-r for r in _REACH), *_REACH) for name in _NEIGHBOUR_NAMES),
        *(
            f"{name} within {window} {side}"
            for window in _WINDOWS
            for side in ("before", "after")
            for name in _WINDOW_NAMES
        ),
        *_CONTAINER_NAMES,
        *_PLACE_NAMES,
    )


_NEIGHBOUR_NAMES = ("length", "link density", "stops", "ended", "same frame", "same template")
_WINDOW_NAMES = ("prose", "linked")
_CONTAINER_NAMES = (
    *(
        f"{name} of container {up}"
        for up in (1, 2, 3)
        for name in ("share of prose", "link density", "prose a block")
    ),
    "in heaviest container",
    "in its parent",
    "in its grandparent",
    "blocks in container",
)
_PLACE_NAMES = (
    "place by blocks",
    "place by text",
    "at head",
    "at tail",
    "before first prose",
    "after last prose",
    "distance to prose before",
    "distance to prose after",
    "after title block",
    "blocks of page",
    "prose of page",
    "link density of page",
)


def _own_names() -> tuple[str, ...]:
    return (
        "length",
        "short",
        "medium",
        "long",
        "link density",
        "all linked",
        "links",
        "stops",
        "commas",
        "ended",
        "no stop, no comma",
        "digits",
        "capitals",
        "date",
        "clock",
        "bars",
        "rights",
        "address",
        "colon at end",
        "starts with arrow or bullet",
        "title",
        "part of title",
        "repeated",
        "alike in template",
        "linked in template",
        "alone in template",
        "part of a run",
        "depth",
        *(f"kind {kind}" for kind in _KINDS),
        "level 1",
        "level 2",
        "level 3 and more",
        *(f"tag {tag}" for tag in _TAGS),
        *(f"mark {name}" for name in mark_names()),
    )


def features(walk: Walk, titles: Sequence[str]) -> Matrix:
    """Return the feature matrix of a page, shape (blocks, features), float64.

    `titles` are the forms of the page's title that its head gives.
    """
    own, columns = _own_features(walk, titles)
    prose = columns.prose
    return np.hstack(
        [
            own,
            _neighbour_features(walk, columns),
            _window_features(columns),
            _container_features(walk, columns, prose),
            _place_features(columns, own),
        ]
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Plain figures of each block that several groups of features share."""

    width: Vector
    linked: Vector
    density: Vector
    stops: Vector
    ended: Vector
    prose: Vector


def _own_features(walk: Walk, titles: Sequence[str]) -> tuple[Matrix, _Columns]:
    candidates = walk.candidates
    count = len(candidates)
    texts = [candidate.block.text for candidate in candidates]
    wide = np.array([wide_characters(text) for text in texts], dtype=float)
    chars = np.array([len(text) for text in texts], dtype=float)
    # One ideograph says about as much as two and a half letters.
    width = chars + 1.5 * wide
    density = np.array([c.link_chars for c in candidates], dtype=float) / np.maximum(chars, 1)
    links = np.array([c.links for c in candidates], dtype=float)
    figures = np.array([text_figures(text) for text in texts], dtype=float)
    stops, commas = figures[:, 0], figures[:, 1]
    ended = figures[:, 2]
    prose = width * (1 - density) * np.minimum(1.0, (stops + 0.5 * commas) / 2)
    templates = np.array([walk.templates[c.frame] for c in candidates])
    _, place, alike = np.unique(templates, return_inverse=True, return_counts=True)
    linked_in_template = np.bincount(place, density * width) / np.maximum(np.bincount(place, width), 1)
    repeats = Counter(texts)
    said_titles = [letters(title) for title in titles]
    names = mark_names()
    marks = np.array([c.marks for c in candidates], dtype=np.int64)
    kinds = np.array([_KINDS.index(c.block.kind) for c in candidates])
    levels = np.array([c.block.level for c in candidates])
    tags = np.array([_TAGS.index(c.tag) if c.tag in _TAGS else -1 for c in candidates])
    groups: list[NDArray[np.float64]] = [
        np.column_stack(
            [
                np.log1p(width) / 6,
                width < 15,
                (width >= 15) & (width < 80),
                width >= 200,
                density,
                density > 0.9,
                np.minimum(links, 10) / 10,
                np.minimum(stops, 8) / 8,
                np.minimum(commas, 8) / 8,
                ended,
                (stops == 0) & (commas == 0),
                figures[:, 3] / np.maximum(chars, 1),
                figures[:, 4] / np.maximum(chars, 1),
                *figures[:, 5:12].T,
                *_title_figures(texts, said_titles),
                [repeats[text] > 1 for text in texts],
                np.log1p(alike[place]) / 5,
                linked_in_template[place],
                alike[place] == 1,
                [c.parts > 1 for c in candidates],
                np.minimum([c.depth for c in candidates], 40) / 20,
            ]
        ).astype(float),
        (kinds[:, None] == np.arange(len(_KINDS))).astype(float),
        np.column_stack([(kinds == 0) & test for test in (levels == 1, levels == 2, levels >= 3)]).astype(
            float
        ),
        (tags[:, None] == np.arange(len(_TAGS))).astype(float),
        ((marks[:, None] >> np.arange(len(names))) & 1).astype(float),
    ]
    own = np.hstack(groups).reshape(count, -1)
    return own, _Columns(width, density * width, density, stops, ended, prose)


def _title_figures(texts: list[str], titles: list[str]) -> tuple[list[bool], list[bool]]:
    same: list[bool] = []
    part: list[bool] = []
    for text in texts:
        if len(text) > 250 or not titles:
            same.append(False)
            part.append(False)
            continue
        said = letters(text)
        same.append(len(said) > 2 and said in titles)
        part.append(len(said) > 7 and any(said in title for title in titles))
    return same, part


def _shifted(column: Vector, by: int, outside: float) -> Vector:
    """Return the column whose row i is row i + by."""
    moved = np.full_like(column, outside)
    if by > 0:
        moved[:-by] = column[by:]
    else:
        moved[-by:] = column[:by]
    return moved


def _neighbour_features(walk: Walk, columns: _Columns) -> Matrix:
    frames = np.array([c.frame for c in walk.candidates], dtype=float)
    parents = np.array([walk.parents[c.frame] for c in walk.candidates], dtype=float)
    templates = np.array([walk.templates[c.frame] for c in walk.candidates], dtype=float)
    length = np.log1p(columns.width) / 6
    stops = np.minimum(columns.stops, 8) / 8
    found: list[Vector] = []
    for by in (*(-r for r in _REACH), *_REACH):
        if abs(by) >= len(length):
            found.extend(np.zeros_like(length) for _ in _NEIGHBOUR_NAMES)
            continue
        found.append(_shifted(length, by, 0))
        found.append(_shifted(columns.density, by, 1))
        found.append(_shifted(stops, by, 0))
        found.append(_shifted(columns.ended, by, 0))
        found.append(
            ((_shifted(parents, by, -1) == parents) | (_shifted(frames, by, -1) == frames)).astype(float)
        )
        found.append((_shifted(templates, by, -1) == templates).astype(float))
    return np.column_stack(found)


def _window_features(columns: _Columns) -> Matrix:
    found: list[Vector] = []
    count = len(columns.width)
    rows = np.arange(count)
    for window in _WINDOWS:
        for start, stop in ((rows - window, rows), (rows + 1, rows + 1 + window)):
            low, high = np.clip(start, 0, count), np.clip(stop, 0, count)
            sums = {}
            for name, column in (
                ("prose", columns.prose),
                ("linked", columns.linked),
                ("width", columns.width),
            ):
                running = np.concatenate([[0.0], np.cumsum(column)])
                sums[name] = running[high] - running[low]
            found.append(np.log1p(sums["prose"]) / 8)
            found.append(sums["linked"] / np.maximum(sums["width"], 1))
    return np.column_stack(found)


def _container_features(walk: Walk, columns: _Columns, prose: Vector) -> Matrix:
    """Sum what lies within each element around a block, and find the one that holds most of the prose."""
    frames = np.array([c.frame for c in walk.candidates], dtype=np.int64)
    parents = np.array(walk.parents, dtype=np.int64)
    size = len(parents)
    sums = np.zeros((size, 4))
    for place, column in enumerate((prose, columns.linked, columns.width, np.ones(len(frames)))):
        np.add.at(sums[:, place], frames, column)
    # Children have larger numbers than their parents, so one pass from the last to the first sums all
    # subtrees.
    totals = sums.tolist()
    above = walk.parents
    for frame in range(size - 1, 0, -1):
        mine, theirs = totals[frame], totals[above[frame]]
        for place in range(4):
            theirs[place] += mine[place]
    sums = np.array(totals)
    whole = max(sums[0, 0], 1.0)
    found: list[Vector] = []
    container = frames
    # The text's own element is container 0; a paragraph's is the paragraph itself, which says nothing new.
    for _ in range(3):
        container = parents[container]
        inside = sums[container]
        found.append(inside[:, 0] / whole)
        found.append(inside[:, 1] / np.maximum(inside[:, 2], 1))
        found.append(np.log1p(inside[:, 0] / np.maximum(inside[:, 3], 1)) / 6)
    heaviest = _heaviest(above, sums[:, 0])
    chain = [heaviest, above[heaviest], above[above[heaviest]]]
    for top in chain:
        found.append(_within(above, top)[frames])
    found.append(np.log1p(sums[parents[frames], 3]) / 5)
    return np.column_stack(found)


def _heaviest(parents: tuple[int, ...], prose: Vector) -> int:
    """Follow the child with most prose down from the root while it keeps three fifths of its parent's."""
    best_child: dict[int, int] = {}
    for frame in range(1, len(parents)):
        parent = parents[frame]
        if parent not in best_child or prose[frame] > prose[best_child[parent]]:
            best_child[parent] = frame
    here = 0
    while here in best_child and prose[best_child[here]] >= 0.6 * prose[here] > 0:
        here = best_child[here]
    return here


def _within(parents: tuple[int, ...], top: int) -> Vector:
    inside = [0.0] * len(parents)
    inside[top] = 1.0
    for frame in range(top + 1, len(parents)):
        inside[frame] = inside[parents[frame]]
    return np.array(inside)


def _place_features(columns: _Columns, own: Matrix) -> Matrix:
    count = len(columns.width)
    rows = np.arange(count)
    text = np.cumsum(columns.width)
    is_prose = (columns.prose > 60) & (columns.density < 0.4)
    places = np.flatnonzero(is_prose)
    first, last = (places[0], places[-1]) if len(places) else (count, -1)
    before = rows - np.maximum.accumulate(np.where(is_prose, rows, -50))
    after = np.minimum.accumulate(np.where(is_prose, rows, count + 50)[::-1])[::-1] - rows
    names = _own_names()
    title = own[:, names.index("title")].astype(bool) | own[:, names.index("level 1")].astype(bool)
    after_title = np.maximum.accumulate(title) if count else title
    total = max(columns.width.sum(), 1.0)
    return np.column_stack(
        [
            rows / count,
            text / total,
            rows < 5,
            rows >= count - 5,
            rows < first,
            rows > last,
            1 / (1 + before),
            1 / (1 + after),
            after_title,
            np.full(count, np.log1p(count) / 6),
            np.full(count, np.log1p(columns.prose.sum()) / 10),
            np.full(count, columns.linked.sum() / total),
        ]
    ).astype(float)
