"""Features of a block's neighbours: single ones, windows, its section, its place in the page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpusalign.extract.features.columns import KINDS, Columns, Matrix, Vector, interleaved, stacked

# Neighbours that are looked at one by one, by how many blocks away they are, and windows that are summed.
_REACH = (-3, -2, -1, 1, 2, 3)
_FURTHEST = max(_REACH)
_WINDOWS = (3, 8, 20)

_NEIGHBOUR = ("length", "link density", "stops", "ended", "heading", "ruled", "same parent", "same template")
_WINDOW = ("prose", "linked", "ruled")
_PLACE = (
    "place by blocks",
    "place by text",
    "at head",
    "at tail",
    "before first prose",
    "after last prose",
    "distance to prose before",
    "distance to prose after",
    "after title",
    "distance after title",
    "distance before title",
    "prose since title",
    "title in page",
    "section prose",
    "section link density",
    "section after ruled heading",
    "section after linked heading",
    "distance to heading before",
    "blocks of page",
    "prose of page",
    "link density of page",
)


def names() -> tuple[str, ...]:
    """Return the names of these features, in the order of the columns."""
    return (
        *(f"{name} {reach:+d}" for reach in _REACH for name in _NEIGHBOUR),
        *(
            f"{name} within {window} {side}"
            for window in _WINDOWS
            for side in ("before", "after")
            for name in _WINDOW
        ),
        *_PLACE,
    )


def matrix(page: Columns) -> Matrix:
    """Return these features, shape (blocks, features)."""
    return stacked([_neighbours(page), _windows(page), *_place(page)], len(page.width))


def _neighbours(page: Columns) -> Matrix:
    """Return each figure of each neighbour within reach; beyond a page's ends are only links."""
    count = len(page.width)
    figures = np.zeros((6, count + 2 * _FURTHEST))
    figures[1] = 1.0
    within = slice(_FURTHEST, _FURTHEST + count)
    figures[:, within] = (
        np.log1p(page.width) / 6,
        page.density,
        np.minimum(page.figures.stops, 8) / 8,
        page.figures.ended,
        page.kinds == KINDS.index("heading"),
        page.ruled,
    )
    places = np.full((3, count + 2 * _FURTHEST), -1)
    places[:, within] = page.frames, page.parents[page.frames], page.templates[page.frames]
    found = np.empty((len(_REACH), len(_NEIGHBOUR), count), dtype=np.float32)
    for neighbour, reach in zip(found, _REACH, strict=True):
        there = slice(_FURTHEST + reach, _FURTHEST + reach + count)
        neighbour[:6] = figures[:, there]
        same_frame, same_container, neighbour[7] = places[:, there] == places[:, within]
        neighbour[6] = same_frame | same_container
    return found.reshape(-1, count).T


def window_sums(columns: Sequence[Vector], windows: Sequence[int]) -> Matrix:
    """Return the sums of columns over the so many blocks before each block, and after it, of each window.

    Shape (columns, 2 * windows, blocks): each window's sums before, then those after.
    """
    count = len(columns[0])
    running = np.zeros((len(columns), count + 1))
    for column, sums in zip(columns, running, strict=True):
        np.cumsum(column, out=sums[1:])
    starts = np.array([[-window, 1] for window in windows]).reshape(-1, 1)
    stops = np.array([[0, 1 + window] for window in windows]).reshape(-1, 1)
    rows = np.arange(count)
    low, high = np.clip(rows + starts, 0, count), np.clip(rows + stops, 0, count)
    found: Matrix = running[:, high] - running[:, low]
    return found


def _windows(page: Columns) -> Matrix:
    columns = (page.prose, page.density * page.width, page.width, page.ruled)
    prose, linked, width, ruled = window_sums(columns, _WINDOWS)
    return interleaved(
        [np.log1p(prose) / 8, linked / np.maximum(width, 1), ruled / np.repeat(_WINDOWS, 2)[:, None]]
    )


def _last(marked: Vector, missing: int) -> Vector:
    """Return, for each row, the number of the last marked row up to it, or `missing`."""
    rows = np.arange(len(marked))
    return np.maximum.accumulate(np.where(marked, rows, missing))


def _place(page: Columns) -> list[Vector]:
    count = len(page.width)
    rows = np.arange(count)
    total = max(page.width.sum(), 1.0)
    before = rows - _last(page.is_prose, -50)
    after = (count - 1 - _last(page.is_prose[::-1], -50))[::-1] - rows
    places = np.flatnonzero(page.is_prose)
    first, last = (places[0], places[-1]) if len(places) else (count, -1)
    heading = page.kinds == KINDS.index("heading")
    titles = np.flatnonzero(page.is_title | (heading & (page.levels == 1)))
    title = titles[0] if len(titles) else count
    # A heading that repeats the title is the title; what only repeats it may be a crumb.
    strong = [number for number in titles if heading[number] and page.is_title[number]]
    title = strong[0] if strong else title
    running = np.concatenate([[0.0], np.cumsum(page.prose)])
    since = np.where(rows > title, running[:-1] - running[min(title, count - 1)], 0)
    section = np.cumsum(heading)
    section_prose = np.bincount(section, page.prose)[section]
    section_width = np.bincount(section, page.width)[section]
    section_linked = np.bincount(section, page.width * page.density)[section]
    opener = _last(heading, -1)
    opened = opener >= 0
    return [
        rows / count,
        np.cumsum(page.width) / total,
        rows < 5,
        rows >= count - 5,
        rows < first,
        rows > last,
        1 / (1 + before),
        1 / (1 + after),
        rows >= title,
        np.log1p(np.maximum(rows - title, 0)) / 5,
        np.log1p(np.maximum(title - rows, 0)) / 5,
        np.log1p(np.maximum(since, 0)) / 9,
        np.full(count, float(title < count)),
        np.log1p(section_prose) / 8,
        section_linked / np.maximum(section_width, 1),
        np.where(opened, page.ruled[opener], 0),
        np.where(opened, page.density[opener] > 0.9, 0),
        np.where(opened, np.log1p(rows - opener) / 4, 1),
        np.full(count, np.log1p(count) / 6),
        np.full(count, np.log1p(page.prose.sum()) / 10),
        np.full(count, (page.width * page.density).sum() / total),
    ]
