"""Boxes side by side: children of one element with the same tag and class names, which hold blocks.

Cards, the entries of a list, the posts of a thread, slides, rows that lay out a page: what a template made
many times. Where one of them holds most of the text, it is no box among its like but a text among its
neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusalign.extract.features.columns import Columns, Numbers, Vector
from corpusalign.extract.features.nesting import outermost, subtree_sums

# So many boxes make a group, and none of them holds more than the share of their text.
_FEWEST = 3
_LARGEST = 0.6

# A block is a link from this share of linked characters on, and from that many letters.
_LINKED = 0.8
_SHORTEST_LINK = 6


@dataclass(frozen=True, slots=True)
class Boxes:
    """The groups of boxes of a page: `group` has the number of each element's group, the rest a row a group.

    `blocks` counts the blocks in all boxes of a group, `linked` the boxes that hold a link by itself.
    """

    group: Numbers
    boxes: Vector
    blocks: Vector
    linked: Vector
    _boxed: NDArray[np.bool_]

    def around(self, page: Columns, wanted: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
        """Return the outermost box that each block lies in, of the wanted groups, and its group's number.

        Both have shape (blocks,); the box is 0 for a block in none.
        """
        marked = np.flatnonzero(self._boxed & wanted[self.group])
        box = outermost(page.ends, marked)[page.frames]
        return box, self.group[box]


def boxes(page: Columns) -> Boxes:
    """Return the groups of boxes of a page."""
    link = (page.density > _LINKED) & (page.width >= _SHORTEST_LINK)
    links, width, blocks = subtree_sums(page, (link, page.width, np.ones(len(page.width)))).T
    group = page.alike
    count, linked, text, within = (
        np.bincount(group, column) for column in (blocks > 0, links > 0, width, blocks)
    )
    largest = np.zeros(len(text))
    np.maximum.at(largest, group, width)
    boxed = ((count >= _FEWEST) & (largest <= _LARGEST * text))[group] & (blocks > 0)
    # The page itself is no box.
    boxed[0] = False
    return Boxes(group, count, within, linked, boxed)
