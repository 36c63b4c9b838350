"""Train the block classifier of `corpusalign.extract` and write its weights file.

    python -m benchmarks.train_extractor FOLDER... [-o corpusalign/extract/weights.txt]

Each FOLDER is a set as `extraction_sets` describes. Blocks are labelled by matching them to the gold text;
logistic regression with an L2 penalty is fitted by Newton's method; then the two transition scores are chosen
on the same pages. Deterministic: the same folders give the same file.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.extraction_sets import GoldPage, labels, macro_f1, precision_recall, read_set, tokens
from corpusalign.extract.blocks import Walk, walk
from corpusalign.extract.classify import WEIGHTS, Weights, probabilities
from corpusalign.extract.decode import decode
from corpusalign.extract.features import Matrix, Vector, feature_names, features
from corpusalign.extract.metadata import read_head, title_forms
from corpusalign.extract.sequence import keep_sequence
from corpusalign.extract.tree import parse
from corpusalign.fetch import make_page

_PENALTY = 3.0
_STAYS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Example:
    """A page ready for training: its walk, features, and the share of each block's text that belongs."""

    page: GoldPage
    walk: Walk
    matrix: Matrix
    shares: Vector
    importance: Vector


def example(page: GoldPage) -> Example | None:
    root = parse(decode(make_page(page.content, page.url or page.id)))
    if root is None:
        return None
    walked = walk(root)
    if not walked.candidates:
        return None
    texts = [candidate.block.text for candidate in walked.candidates]
    shares = np.array(labels(texts, page.text))
    # Pages weigh alike, and a block in its page by the logarithm of its length: the score counts text, not
    # blocks.
    sizes = np.log1p([len(tokens(text)) for text in texts]) + 0.3
    return Example(
        page, walked, features(walked, title_forms(read_head(root))), shares, 60 * sizes / sizes.sum()
    )


def fit(examples: Sequence[Example], penalty: float = _PENALTY) -> Weights:
    """Fit the classifier by Newton's method (iteratively reweighted least squares), then the transitions."""
    x = np.vstack([e.matrix for e in examples])
    x = np.hstack([x, np.ones((len(x), 1))])
    y = np.concatenate([(e.shares >= 0.5).astype(float) for e in examples])
    importance = np.concatenate([e.importance for e in examples])
    beta = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], penalty)
    ridge[-1] = 1e-3
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (importance * (y - p)) - ridge * beta
        hessian = (x * (importance * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-4:
            break
    plain = Weights(beta[:-1], float(beta[-1]), 0.0, 0.0)
    scores = [probabilities(e.matrix, plain) for e in examples]
    best = max(
        ((kept, dropped) for kept in _STAYS for dropped in _STAYS),
        key=lambda stays: _label_score(examples, scores, *stays),
    )
    return Weights(beta[:-1], float(beta[-1]), *best)


def _label_score(examples: Sequence[Example], scores: Sequence[Vector], kept: float, dropped: float) -> float:
    """Return the macro F1 over tokens that these verdicts reach against the labels."""
    pairs: list[tuple[float, float]] = []
    for e, p in zip(examples, scores, strict=True):
        keep = np.array(keep_sequence(p.tolist(), kept, dropped))
        gold = e.shares >= 0.5
        size = np.expm1(e.importance / e.importance.max() * 6)
        both = float(size[keep & gold].sum())
        pairs.append((both / max(float(size[keep].sum()), 1e-9), both / max(float(size[gold].sum()), 1e-9)))
    return macro_f1(pairs)


def write_weights(weights: Weights, path: Path, trained_on: Sequence[str]) -> None:
    lines = [
        "# Weights of the block classifier: logistic regression, one line a feature (extract/features.py).",
        "# Positive speaks for main content. Written by: python -m benchmarks.train_extractor",
        f"# Trained on: {', '.join(trained_on)}",
        f"bias = {weights.bias:.4f}",
        f"stay kept = {weights.stay_kept:.2f}",
        f"stay dropped = {weights.stay_dropped:.2f}",
        *(f"{name} = {value:.4f}" for name, value in zip(feature_names(), weights.values, strict=True)),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def kept_text(e: Example, weights: Weights) -> str:
    keep = keep_sequence(probabilities(e.matrix, weights).tolist(), weights.stay_kept, weights.stay_dropped)
    return "\n".join(c.block.text for c, kept in zip(e.walk.candidates, keep, strict=True) if kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    examples = [
        e for folder in arguments.folders for page in read_set(folder) if (e := example(page)) is not None
    ]
    weights = fit(examples)
    write_weights(weights, arguments.output, [folder.name for folder in arguments.folders])
    score = macro_f1([precision_recall(kept_text(e, weights), e.page.text) for e in examples])
    print(f"{len(examples)} pages, F1 on the training pages {score:.3f}; wrote {arguments.output}")


if __name__ == "__main__":
    main()
