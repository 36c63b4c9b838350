"""Plain figures of a page's blocks, one array a figure: what every group of features is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusalign.extract.blocks import Walk
from corpusalign.extract.marks import mark_names
from corpusalign.extract.rules import Rule, boilerplate_rule
from corpusalign.extract.texture import letters, text_figures, wide_characters

# Floats, or truth values and counts that stand for them.
Matrix = NDArray[Any]
Vector = NDArray[Any]
Numbers = NDArray[np.int64]

KINDS = ("heading", "paragraph", "list_item", "table_cell", "caption", "quote", "preformatted")

# One ideograph says about as much as two and a half letters.
_WIDE_IS_WORTH = 1.5


@dataclass(frozen=True, slots=True)
class Columns:
    """One row a block, in page order; `parents` and `templates` have one row a block element.

    `width` is the length in letters, `density` the share of it that is linked, `prose` how much of it is
    running text, `figures` the counts of `texture.text_figures`; `is_title` marks what repeats the head's
    title.
    """

    texts: tuple[str, ...]
    width: Vector
    density: Vector
    links: Vector
    figures: Matrix
    prose: Vector
    is_prose: NDArray[np.bool_]
    rules: tuple[Rule | None, ...]
    ruled: NDArray[np.bool_]
    is_title: NDArray[np.bool_]
    in_title: NDArray[np.bool_]
    kinds: Numbers
    levels: Numbers
    frames: Numbers
    depths: Numbers
    parts: Numbers
    marks: Matrix
    near_marks: Matrix
    parents: Numbers
    templates: Numbers


def columns(walk: Walk, titles: Sequence[str]) -> Columns:
    """Measure a page's blocks. `titles` are the forms of the page's title that its head gives."""
    candidates = walk.candidates
    texts = tuple(candidate.block.text for candidate in candidates)
    chars = np.array([len(text) for text in texts], dtype=float)
    width = chars + _WIDE_IS_WORTH * np.array([wide_characters(text) for text in texts], dtype=float)
    density = np.array([c.link_chars for c in candidates], dtype=float) / np.maximum(chars, 1)
    figures = np.array([text_figures(text) for text in texts], dtype=float)
    prose = width * (1 - density) * np.minimum(1.0, (figures[:, 0] + 0.5 * figures[:, 1]) / 2)
    rules = tuple(map(boilerplate_rule, texts))
    said = [letters(title) for title in titles]
    shown = [letters(text) if said and len(text) <= 250 else "" for text in texts]
    places = np.arange(len(mark_names()))
    marks = np.array([c.marks for c in candidates], dtype=np.int64)[:, None] >> places & 1
    near = np.array([c.near_marks for c in candidates], dtype=np.int64)[:, None] >> places & 1
    return Columns(
        texts=texts,
        width=width,
        density=density,
        links=np.array([c.links for c in candidates], dtype=float),
        figures=figures,
        prose=prose,
        is_prose=(prose > 60) & (density < 0.4),
        rules=rules,
        ruled=np.array([rule is not None for rule in rules]),
        is_title=np.array([len(text) > 2 and text in said for text in shown]),
        in_title=np.array([len(text) > 7 and any(text in title for title in said) for text in shown]),
        kinds=np.array([KINDS.index(c.block.kind) for c in candidates]),
        levels=np.array([c.block.level for c in candidates]),
        frames=np.array([c.frame for c in candidates]),
        depths=np.array([c.depth for c in candidates]),
        parts=np.array([c.parts for c in candidates]),
        marks=marks.astype(np.float32),
        near_marks=near.astype(np.float32),
        parents=np.array(walk.parents),
        templates=np.array(walk.templates),
    )


def stacked(found: Sequence[Vector], count: int) -> Matrix:
    """Return columns and matrices side by side as one matrix, shape (count, features), float32."""
    width = sum(1 if column.ndim == 1 else column.shape[1] for column in found)
    matrix = np.empty((count, width), dtype=np.float32)
    place = 0
    for column in found:
        size = 1 if column.ndim == 1 else column.shape[1]
        matrix[:, place : place + size] = column[:, None] if column.ndim == 1 else column
        place += size
    return matrix
