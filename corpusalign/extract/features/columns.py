"""Plain figures of a page's blocks, one array a figure: what every group of features is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusalign.extract.blocks import Walk
from corpusalign.extract.marks import mark_names
from corpusalign.extract.metadata import Head, title_forms
from corpusalign.extract.rules import Rule, boilerplate_rule
from corpusalign.extract.texture import Figures, figures, letters

# Floats, or truth values and counts that stand for them.
Matrix = NDArray[Any]
Vector = NDArray[Any]
Numbers = NDArray[np.int64]

KINDS = ("heading", "paragraph", "list_item", "table_cell", "caption", "quote", "preformatted")

_COUNTS = attrgetter("link_chars", "links", "frame", "depth", "parts", "marks", "near_marks")
_KIND = {kind: number for number, kind in enumerate(KINDS)}

# One ideograph says about as much as two and a half letters.
_WIDE_IS_WORTH = 1.5

# How many characters of a block, and how many letters of them, are compared with what the head says.
_BEGINNING = 120
_SAME = 40
_LONGEST_DESCRIPTION = 1000
# A block with more text than this is no title.
_LONGEST_TITLE = 250
# How many letters in a row are one stretch of a text, and how many make a text.
_RUN = 16
_SHORTEST_BODY = 150


@dataclass(frozen=True, slots=True)
class Columns:
    """One row a block, in page order; from `parents` to `element_marks`, one row a block element.

    `width` is the length in letters, `density` the share of it that is linked, `prose` how much of it is
    running text, `figures` the counts of `texture.figures`; `is_title` marks what repeats the head's
    title. Children of one element with one template share a number in `alike`; `siblings` counts them.
    """

    texts: tuple[str, ...]
    letters: tuple[str, ...]
    width: Vector
    density: Vector
    links: Vector
    figures: Figures
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
    ends: Numbers
    templates: Numbers
    alike: Numbers
    siblings: Numbers
    tags: NDArray[np.str_]
    element_marks: Numbers
    described: NDArray[np.bool_]
    in_body: NDArray[np.bool_]
    head: Head


def columns(walk: Walk, head: Head) -> Columns:
    """Measure a page's blocks, and compare them with what the page's head says of its text."""
    candidates = walk.candidates
    texts = tuple(candidate.block.text for candidate in candidates)
    chars = np.array([len(text) for text in texts], dtype=float)
    counts = figures(texts)
    width = chars + _WIDE_IS_WORTH * counts.wide
    counted = np.array(list(map(_COUNTS, candidates)), dtype=np.int64).T
    link_chars, links, frames, depths, parts, all_marks, all_near = counted
    density = link_chars / np.maximum(chars, 1)
    prose = width * (1 - density) * np.minimum(1.0, (counts.stops + 0.5 * counts.commas) / 2)
    rules = tuple(map(boilerplate_rule, texts))
    said = [letters(title) for title in title_forms(head)]
    in_letters = tuple(map(letters, texts))
    shown = [one if len(text) <= _LONGEST_TITLE else "" for one, text in zip(in_letters, texts, strict=True)]
    is_title = np.array([len(text) > 2 and text in said for text in shown])
    all_said = "\n".join(said)
    parents, templates = np.array(walk.parents), np.array(walk.templates)
    among_siblings = parents * (int(templates.max()) + 1) + templates
    _, alike, siblings = np.unique(among_siblings, return_inverse=True, return_counts=True)
    places = np.arange(len(mark_names()))
    marks, near = (bits[:, None] >> places & 1 for bits in (all_marks, all_near))
    return Columns(
        texts=texts,
        letters=in_letters,
        width=width,
        density=density,
        links=links.astype(float),
        figures=counts,
        prose=prose,
        is_prose=(prose > 60) & (density < 0.4),
        rules=rules,
        ruled=np.array([rule is not None for rule in rules]),
        is_title=is_title,
        in_title=np.array([len(text) > 7 and text in all_said for text in shown]),
        kinds=np.array([_KIND[c.block.kind] for c in candidates]),
        levels=np.array([c.block.level for c in candidates]),
        frames=frames,
        depths=depths,
        parts=parts,
        marks=marks.astype(np.float32),
        near_marks=near.astype(np.float32),
        parents=parents,
        ends=np.array(walk.ends),
        templates=templates,
        alike=alike,
        siblings=siblings[alike],
        tags=np.array(walk.tags),
        element_marks=np.array(walk.marks, dtype=np.int64),
        described=_described(texts, in_letters, head.descriptions) & ~is_title,
        in_body=_in_body(texts, head.bodies),
        head=head,
    )


def _described(
    texts: Sequence[str], in_letters: Sequence[str], descriptions: Sequence[str]
) -> NDArray[np.bool_]:
    """Tell the blocks that begin as the page's description does, or within it."""
    said = [
        form for form in (letters(text[:_LONGEST_DESCRIPTION]) for text in descriptions) if len(form) >= 15
    ]
    found = np.zeros(len(texts), dtype=bool)
    if said:
        all_said = "\n".join(said)
        beginnings = [form[:_SAME] for form in said]
        for number, text in enumerate(texts):
            start = in_letters[number] if len(text) <= _BEGINNING else letters(text[:_BEGINNING])
            found[number] = len(start) >= 10 and (
                start[:_SAME] in all_said or any(form in start for form in beginnings)
            )
    return found


def _in_body(texts: Sequence[str], bodies: Sequence[str]) -> NDArray[np.bool_]:
    """Tell the blocks that begin and end as some stretch of the text that the head repeats."""
    said = letters(" ".join(bodies))
    runs = {said[start : start + _RUN] for start in range(len(said) - _RUN + 1)}
    found = np.zeros(len(texts), dtype=bool)
    if len(said) >= _SHORTEST_BODY:
        for number, text in enumerate(texts):
            start, end = letters(text[:_BEGINNING])[:_RUN], letters(text[-_BEGINNING:])[-_RUN:]
            found[number] = len(start) == _RUN and start in runs and end in runs
    return found


def interleaved(groups: Sequence[Matrix]) -> Matrix:
    """Return the rows of some groups, each of shape (rows, count), one of each in turn, as columns."""
    return np.stack(groups, axis=1).reshape(-1, groups[0].shape[-1]).T


def stacked(found: Sequence[Vector], count: int) -> Matrix:
    """Return columns and matrices side by side as one matrix, shape (count, features), float32."""
    width = sum(1 if column.ndim == 1 else column.shape[1] for column in found)
    # Filled a column at a time, so a column is what lies together in memory.
    rows = np.empty((width, count), dtype=np.float32)
    place = 0
    for column in found:
        if column.ndim == 1:
            rows[place] = column
            place += 1
        else:
            rows[place : place + column.shape[1]] = column.T
            place += column.shape[1]
    return rows.T
