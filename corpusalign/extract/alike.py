"""What is kept or dropped alike: the cells of a data table, and the blocks at one place of boxes alike.

A template that writes a teaser, a post or an offer many times writes the same kind of text at the same place
of each. The classifier, which looks at one block at a time, is surer of the long ones; together they are
all of them content or none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpusalign.extract.blocks import Candidate
from corpusalign.extract.classify import SURE, logistic
from corpusalign.extract.features import Columns, Vector
from corpusalign.extract.features.boxes import boxes

# Boxes with less on average are lines of a list, which differ as paragraphs do.
_BLOCKS_A_BOX = 1.5


def judged_alike(candidates: Sequence[Candidate], page: Columns, scores: Vector) -> list[float]:
    """Return the probabilities of a page's blocks, the same for all that are kept or dropped alike."""
    return _tables_as_one(candidates, _boxes_alike(page, scores).tolist())


def _boxes_alike(page: Columns, scores: Vector) -> Vector:
    """Give the blocks at the same place of boxes alike their mean log-odds, as a probability."""
    found = boxes(page)
    box, group = found.around(page, found.blocks >= _BLOCKS_A_BOX * found.boxes)
    boxed = box > 0
    if not boxed.any():
        return scores
    places = page.templates[page.frames]
    _, place = np.unique((group * (int(places.max()) + 1) + places)[boxed], return_inverse=True)
    sure = np.clip(scores[boxed], SURE, 1 - SURE)
    odds = np.bincount(place, np.log(sure / (1 - sure))) / np.bincount(place)
    together = scores.copy()
    together[boxed] = logistic(odds[place])
    return together


def _tables_as_one(candidates: Sequence[Candidate], scores: list[float]) -> list[float]:
    """Give all cells of one data table their mean probability: a table is kept or dropped whole."""
    tables: dict[str, list[int]] = {}
    for number, candidate in enumerate(candidates):
        if candidate.block.kind == "table_cell":
            tables.setdefault(candidate.block.path[: _table_end(candidate.block.path)], []).append(number)
    together = list(scores)
    for members in tables.values():
        mean = sum(scores[number] for number in members) / len(members)
        for number in members:
            together[number] = mean
    return together


def _table_end(path: str) -> int:
    """Return where the step of a cell's own table ends in the cell's path."""
    start = path.rfind("/table[")
    return path.find("]", start) + 1 if start >= 0 else 0
