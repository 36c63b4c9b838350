"""Train the block classifier of `corpusalign.extract` and write its weights file.

    python -m benchmarks.train_extractor FOLDER... [-o corpusalign/extract/weights.txt]

Each FOLDER is a set as `extraction_sets` describes. Blocks are labelled by matching them to the gold text.
Each pass is logistic regression with an L2 penalty, fitted by Newton's method; the second pass learns from
first-pass probabilities of models that have not seen the page's site. The two transition scores are then
chosen on the same pages. Deterministic: the same folders give the same file.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.extraction_sets import GoldPage, fold, fold_key, labels, macro_f1, read_set, tokens
from corpusalign.extract.blocks import Walk, walk
from corpusalign.extract.classify import WEIGHTS, Weights, logistic
from corpusalign.extract.decode import decode
from corpusalign.extract.document import page_of
from corpusalign.extract.features import (
    Columns,
    Matrix,
    Vector,
    columns,
    first_names,
    first_pass,
    second_names,
    second_pass,
)
from corpusalign.extract.metadata import read_head, title_forms
from corpusalign.extract.sequence import keep_sequence
from corpusalign.extract.tree import parse

_PENALTY = 3.0
_FOLDS = 5
_STEPS = 10
_STAYS = (0.0, 0.5, 1.0, 1.5, 2.0)

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
    page_columns = columns(walked, title_forms(read_head(root)))
    matrix = first_pass(page_columns).astype(np.float32)
    return Example(page, walked, page_columns, matrix, (shares >= 0.5).astype(float), sizes, rows, importance)


def fit(examples: Sequence[Example], penalty: float = _PENALTY) -> Weights:
    """Fit both passes, then the transitions."""
    folds = [fold(fold_key(e.page), _FOLDS) for e in examples]
    seen = [e.matrix for e in examples]
    unseen: list[Vector] = [np.zeros(0)] * len(examples)
    for held_out in range(_FOLDS):
        inside = [number for number, own in enumerate(folds) if own != held_out]
        weights = _fit_pass([examples[n] for n in inside], [seen[n] for n in inside], penalty)
        for number, own in enumerate(folds):
            if own == held_out:
                unseen[number] = logistic(seen[number] @ weights[:-1] + weights[-1])
    first = _fit_pass(examples, seen, penalty)
    both = [
        np.hstack([matrix, second_pass(e.columns, p)]).astype(np.float32)
        for e, matrix, p in zip(examples, seen, unseen, strict=True)
    ]
    second = _fit_pass(examples, both, penalty)
    scores = [logistic(matrix @ second[:-1] + second[-1]) for matrix in both]
    best = max(
        ((kept, dropped) for kept in _STAYS for dropped in _STAYS),
        key=lambda stays: _label_score(examples, scores, *stays),
    )
    return Weights(first, second, *best)


def _fit_pass(examples: Sequence[Example], matrices: Sequence[Matrix], penalty: float) -> Vector:
    """Logistic regression by Newton's method (iteratively reweighted least squares); the bias comes last."""
    x = np.vstack([matrix[e.rows] for e, matrix in zip(examples, matrices, strict=True)])
    x = np.hstack([x, np.ones((len(x), 1), np.float32)])
    y = np.concatenate([e.kept[e.rows] for e in examples])
    importance = np.concatenate([e.importance for e in examples])
    weights = np.zeros(x.shape[1])
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


def _label_score(examples: Sequence[Example], scores: Sequence[Vector], kept: float, dropped: float) -> float:
    """Return the macro F1 over tokens that these verdicts reach against the labels."""
    pairs: list[tuple[float, float]] = []
    for e, p in zip(examples, scores, strict=True):
        keep = np.array(keep_sequence(p.tolist(), kept, dropped))
        both = float(e.sizes[keep & (e.kept > 0)].sum())
        pairs.append((both / max(float(e.sizes[keep].sum()), 1.0), both / max(float(e.sizes @ e.kept), 1.0)))
    return macro_f1(pairs)


def write_weights(weights: Weights, path: Path, trained_on: Sequence[str]) -> None:
    size = len(first_names())
    lines = [
        "# Weights of the block classifier, `feature = first second`; the second pass has more features.",
        "# Positive speaks for main content. Written by: python -m benchmarks.train_extractor",
        f"# Trained on: {', '.join(trained_on)}",
        f"bias = {weights.first[-1]:.4f} {weights.second[-1]:.4f}",
        f"stay kept = {weights.stay_kept:.2f}",
        f"stay dropped = {weights.stay_dropped:.2f}",
    ]
    for number, name in enumerate(first_names()):
        lines.append(f"{name} = {weights.first[number]:.4f} {weights.second[number]:.4f}")
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
