"""Train the block classifier of `corpusalign.extract` and write its weights file.

    python -m benchmarks.train_extractor FOLDER... [-o corpusalign/extract/weights.txt]

Each FOLDER is a set as `extraction_sets` describes. Blocks are labelled by matching them to the gold text.
The two passes are logistic regressions, the choice between them a conditional logit, all with an L2 penalty
and fitted by Newton's method; each learns from what the steps before say of pages on sites unknown to them.
Deterministic: the same folders give the same file.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.extraction_sets import GoldPage, fold, fold_key, labels, read_set, tokens
from corpusalign.extract.blocks import Walk, walk
from corpusalign.extract.classify import WEIGHTS, Weights, choice, logistic
from corpusalign.extract.decode import decode
from corpusalign.extract.document import page_of
from corpusalign.extract.features import (
    Columns,
    Matrix,
    Vector,
    columns,
    element_names,
    elements_of,
    first_names,
    first_pass,
    second_names,
    second_pass,
)
from corpusalign.extract.features.nesting import subtree_sums
from corpusalign.extract.metadata import read_head
from corpusalign.extract.tree import parse

_T = TypeVar("_T")

_PENALTY = 3.0
_FOLDS = 5
_STEPS = 10
# The choice of the main element: its penalty, the temperature of its targets, its steps at most.
_CHOICE_PENALTY = 2.0
_TEMPERATURE = 0.05
_CHOICE_STEPS = 60
_NEGLIGIBLE = 1e-6
# What a verdict gains by being that of the block before, what more in the same container, and how much more
# than the second pass learned the choice of the main element weighs, in log-odds: chosen of a few values by
# the mean F1 of the five sets, each page judged by weights of other sites.
_STAY_KEPT, _STAY_DROPPED, _STAY_TOGETHER = 0.5, 0.0, 0.5
_TRUST = 1.0

# Pages with hundreds of links teach no more than their share of them; text is always learned from.
_ENOUGH_BLOCKS = 110


@dataclass(frozen=True, slots=True)
class Example:
    """A page ready for training: walk, features, labels, and the rows to learn from with their weights."""

    page: GoldPage
    walk: Walk
    columns: Columns
    matrix: Matrix
    kept: Vector
    sizes: Vector
    rows: NDArray[np.int64]
    importance: Vector


def example(page: GoldPage) -> Example | None:
    root = parse(decode(page_of(page.content, page.url or page.id)))
    if root is None:
        return None
    walked = walk(root)
    if not walked.candidates:
        return None
    texts = [candidate.block.text for candidate in walked.candidates]
    shares = np.array(labels(texts, page.text))
    sizes = np.array([len(tokens(text)) for text in texts], dtype=float)
    # Pages weigh alike, and a block in its page by the logarithm of its length: the score counts text, not
    # blocks.
    importance = np.log1p(sizes) + 0.3
    importance *= 60 / importance.sum()
    chance = min(1.0, _ENOUGH_BLOCKS / len(texts))
    drawn = np.random.default_rng(len(texts)).random(len(texts)) < chance
    rows = np.flatnonzero(drawn | (shares >= 0.2))
    importance = np.where(shares >= 0.2, importance, importance / chance)[rows]
    page_columns = columns(walked, read_head(root))
    matrix = first_pass(page_columns).astype(np.float32)
    return Example(page, walked, page_columns, matrix, (shares >= 0.5).astype(float), sizes, rows, importance)


def fit(examples: Sequence[Example], penalty: float = _PENALTY) -> Weights:
    """Fit the two passes and the choice between them.

    Each step learns from what the steps before say of pages on sites that they have not seen.
    """
    folds = [fold(fold_key(e.page), _FOLDS) for e in examples]
    seen = [e.matrix for e in examples]
    first = _fit_pass(examples, seen, penalty)
    unseen = _crossed(
        folds,
        seen,
        lambda inside: _fit_pass(_those(examples, inside), _those(seen, inside), penalty, first),
    )
    elements = [elements_of(e.columns, p) for e, p in zip(examples, unseen, strict=True)]
    worth = [_element_scores(e) for e in examples]
    element = _fit_choice(elements, worth)
    mains: list[Vector] = [np.zeros(0)] * len(examples)
    for held_out in range(_FOLDS):
        inside = [number for number, own in enumerate(folds) if own != held_out]
        weights = _fit_choice(_those(elements, inside), _those(worth, inside))
        for number, own in enumerate(folds):
            if own == held_out:
                mains[number] = choice(elements[number], weights)
    both = [
        np.hstack([matrix, second_pass(e.columns, p, main)]).astype(np.float32)
        for e, matrix, p, main in zip(examples, seen, unseen, mains, strict=True)
    ]
    second = _fit_pass(examples, both, penalty)
    place = len(first_names()) + second_names().index("in main element")
    second[place] += _TRUST
    second[-1] -= _TRUST
    return Weights(first, element, second, _STAY_KEPT, _STAY_DROPPED, _STAY_TOGETHER)


def _those(items: Sequence[_T], numbers: Sequence[int]) -> list[_T]:
    return [items[number] for number in numbers]


def _crossed(
    folds: Sequence[int], matrices: Sequence[Matrix], fitted: Callable[[list[int]], Vector]
) -> list[Vector]:
    """Return the probabilities of each page by weights fitted on the other folds."""
    found: list[Vector] = [np.zeros(0)] * len(folds)
    for held_out in range(_FOLDS):
        weights = fitted([number for number, own in enumerate(folds) if own != held_out])
        for number, own in enumerate(folds):
            if own == held_out:
                found[number] = logistic(matrices[number] @ weights[:-1] + weights[-1])
    return found


def _fit_pass(
    examples: Sequence[Example], matrices: Sequence[Matrix], penalty: float, near: Vector | None = None
) -> Vector:
    """Logistic regression by Newton's method (iteratively reweighted least squares); the bias comes last.

    The optimum is one; weights `near` it are reached in fewer steps.
    """
    x = np.vstack([matrix[e.rows] for e, matrix in zip(examples, matrices, strict=True)])
    x = np.hstack([x, np.ones((len(x), 1), np.float32)])
    y = np.concatenate([e.kept[e.rows] for e in examples])
    importance = np.concatenate([e.importance for e in examples])
    weights = np.zeros(x.shape[1]) if near is None else near.copy()
    ridge = np.full(x.shape[1], penalty)
    ridge[-1] = 1e-3
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights.astype(np.float32), -30, 30)))
        gradient = x.T @ (importance * (y - p)).astype(np.float32) - ridge * weights
        curvature = (importance * p * (1 - p)).astype(np.float32)
        hessian = (x * curvature[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if np.abs(step).max() < 1e-2:
            break
    return weights


def _element_scores(e: Example) -> Vector:
    """Return the F1 that each element of a page would reach, were all of its text kept and nothing else."""
    right, size = subtree_sums(e.columns, (e.sizes * e.kept, e.sizes)).T
    scores: Vector = 2 * right / np.maximum(size + right[0], 1.0)
    return scores


def _fit_choice(
    elements: Sequence[Matrix], worth: Sequence[Vector], penalty: float = _CHOICE_PENALTY
) -> Vector:
    """Fit a conditional logit by Newton's method with halved steps: elements of a page compete.

    What it is to predict is itself a distribution, the softmax of the elements' F1 at a low temperature:
    where two elements are nearly as good, either may be chosen.
    """
    x = np.vstack(elements)
    starts = np.cumsum([0, *map(len, elements)])[:-1]
    owner = np.repeat(np.arange(len(elements)), [len(matrix) for matrix in elements])
    wanted = _softmax(np.concatenate(worth) / _TEMPERATURE, starts, owner)
    weights = np.zeros(x.shape[1])
    loss = np.inf
    step = np.zeros_like(weights)
    for _ in range(_CHOICE_STEPS):
        chances = _softmax((x @ weights.astype(np.float32)).astype(float), starts, owner)
        now = -(wanted * np.log(np.maximum(chances, 1e-300))).sum() + penalty / 2 * weights @ weights
        if now > loss - 1e-6 * len(elements):
            if now <= loss or np.abs(step).max() < 1e-3:
                break
            weights, step = weights - step / 2, step / 2
            continue
        loss = now
        # Nearly all elements of a page are soon out of the question.
        live = np.flatnonzero(chances > _NEGLIGIBLE)
        likely = x[live] * chances[live, None].astype(np.float32)
        means = np.add.reduceat(likely, np.searchsorted(owner[live], np.arange(len(elements))))
        hessian = likely.T @ x[live] - means.T @ means + penalty * np.eye(len(weights))
        gradient = x.T @ (wanted - chances).astype(np.float32) - penalty * weights
        step = np.linalg.solve(hessian, gradient)
        weights = weights + step
    return weights


def _softmax(scores: Vector, starts: Vector, owner: Vector) -> Vector:
    """Return the softmax over each page's stretch of the scores."""
    chances = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
    found: Vector = chances / np.add.reduceat(chances, starts)[owner]
    return found


def write_weights(weights: Weights, path: Path, trained_on: Sequence[str]) -> None:
    size = len(first_names())
    lines = [
        "# Weights of the block classifier, `feature = first second`; the second pass has more features.",
        "# `element: feature` weighs in the choice of the element that holds the main text.",
        "# Positive speaks for main content. Written by: python -m benchmarks.train_extractor",
        f"# Trained on: {', '.join(trained_on)}",
        f"bias = {weights.first[-1]:.4f} {weights.second[-1]:.4f}",
        f"stay kept = {weights.stay_kept:.2f}",
        f"stay dropped = {weights.stay_dropped:.2f}",
        f"stay together = {weights.stay_together:.2f}",
    ]
    for number, name in enumerate(first_names()):
        lines.append(f"{name} = {weights.first[number]:.4f} {weights.second[number]:.4f}")
    for number, name in enumerate(element_names()):
        lines.append(f"{name} = {weights.element[number]:.4f}")
    for number, name in enumerate(second_names()):
        lines.append(f"{name} = {weights.second[size + number]:.4f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    examples = [
        e for folder in arguments.folders for page in read_set(folder) if (e := example(page)) is not None
    ]
    write_weights(fit(examples), arguments.output, [folder.name for folder in arguments.folders])
    print(f"{len(examples)} pages; wrote {arguments.output}")


if __name__ == "__main__":
    main()
