"""Blocks that are kept or dropped alike: those at one place of boxes alike, and the cells of a table."""

from __future__ import annotations

import numpy as np
import pytest

from corpusalign.extract.alike import judged_alike
from corpusalign.extract.blocks import walk
from corpusalign.extract.features import columns
from corpusalign.extract.features.boxes import boxes
from corpusalign.extract.metadata import Head
from corpusalign.extract.tree import parse

POST = "<div class=post><h4>A writer {0}</h4><p>What that writer said.</p></div>"


def _alike(body: str, scores: list[float]) -> list[float]:
    root = parse(f"<html><body>{body}</body></html>")
    assert root is not None
    walked = walk(root)
    return judged_alike(walked.candidates, columns(walked, Head()), np.array(scores))


def test_blocks_at_one_place_of_boxes_alike_get_their_mean_log_odds() -> None:
    posts = "".join(POST.format(number) for number in range(3))
    found = _alike(f"<p>Before</p>{posts}", [0.3, 0.2, 0.9, 0.5, 0.9, 0.8, 0.5])
    middle = 1 / (1 + np.exp(-2 * np.log(9) / 3))
    assert found == pytest.approx([0.3, *[0.5, middle] * 3])


def test_two_boxes_lines_of_a_list_and_a_text_among_boxes_are_judged_by_themselves() -> None:
    scores = [0.1, 0.9, 0.4, 0.6]
    assert _alike(POST.format(1) + POST.format(2), scores) == scores
    assert _alike("<ul>" + "<li>One line</li>" * 4 + "</ul>", scores) == scores
    long = "<div class=post><h4>A writer</h4><p>" + "What that writer said, and more. " * 20 + "</p></div>"
    scores = [0.1, 0.9] * 3
    assert _alike(long + POST.format(1) + POST.format(2), scores) == scores


def test_certain_blocks_leave_the_others_a_say() -> None:
    posts = "".join(POST.format(number) for number in range(3))
    found = _alike(posts, [0.5, 1.0, 0.5, 1e-9, 0.5, 0.0])
    assert found[1::2] == pytest.approx([1 / (1 + (1 / 1e-4 - 1) ** (1 / 3))] * 3)


def test_cells_of_a_table_get_their_mean() -> None:
    table = "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>"
    assert _alike(table, [0.2, 0.4, 0.6, 0.8]) == pytest.approx([0.5] * 4)


def test_boxes_count_what_they_hold() -> None:
    body = "".join(f"<li><a href=/{n}>A page to read</a><p>Text</p></li>" for n in range(3))
    root = parse(f"<html><body><ul>{body}</ul></body></html>")
    assert root is not None
    page = columns(walk(root), Head())
    found = boxes(page)
    box, group = found.around(page, found.boxes >= 3)
    assert len(set(box.tolist())) == 3
    number = group[0]
    assert (found.boxes[number], found.blocks[number], found.linked[number]) == (3, 6, 3)
