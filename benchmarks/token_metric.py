"""Learning how tokens are compared: a map of their components under which translations attract one another.

Each token of a gold bead pays attention to the sentences of the other side near its bead (as in
`corpusalign/align/tokens.py`). The map is the linear one that makes the log share that its own bead gets
greatest, drawn to the identity. The gradient is worked out by hand: nothing else here needs automatic ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpusalign.align.learning import minimised
from corpusalign.align.side import Side
from corpusalign.evaluate import Link
from corpusalign.files import atomic_text

Grid = NDArray[np.float32]

# What attention is in corpusalign/align/tokens.py.
_TEMPERATURE, _NOTHING, _AROUND, _FLOOR = 0.04, 0.3, 4, 0.03
# What half a unit of squared distance from the identity costs; rounds of the optimiser, after which little
# changes.
_PENALTY, _ROUNDS = 10_000.0, 12
# Sentences compared at a time.
_STEP = 12


@dataclass(frozen=True, slots=True)
class _Part:
    """Some sentences of one side and all of the other near their beads, by their tokens.

    `own` are token numbers, `across` a stretch of tokens of the other side, cut into sentences at `first`.
    `gold` and `near` (tokens, sentences) say which sentences are the bead's and which get attention at all.
    """

    own: NDArray[np.int64]
    across: slice
    first: NDArray[np.int64]
    gold: NDArray[np.bool_]
    near: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A document to learn a metric from: the tokens of both sides, their weights, what looks at what."""

    tokens: tuple[Grid, Grid]
    weights: tuple[Grid, Grid]
    parts: tuple[list[_Part], list[_Part]]

    @staticmethod
    def of(source: Side, target: Side, links: Sequence[Link]) -> Pairs:
        """Prepare a document from its sides and its gold beads; crossing and broken ones are left out."""
        whole = [link for link in links if all(side and len(side) == side[-1] - side[0] + 1 for side in link)]
        forth = [(i, range(there[0], there[-1] + 1)) for here, there in whole for i in here]
        back = [(j, range(here[0], here[-1] + 1)) for here, there in whole for j in there]
        return Pairs(
            (source.pooled.tokens.astype(np.float32), target.pooled.tokens.astype(np.float32)),
            (source.pooled.weights, target.pooled.weights),
            (list(_parts(source, target, forth)), list(_parts(target, source, back))),
        )


def _parts(side: Side, other: Side, sentences: Sequence[tuple[int, range]]) -> Iterator[_Part]:
    here, there = side.pooled.first, other.pooled.first
    for start in range(0, len(sentences), _STEP):
        some = sentences[start : start + _STEP]
        left = max(0, min(run.start for _, run in some) - _AROUND)
        right = min(len(other), max(run.stop for _, run in some) + _AROUND)
        place = np.arange(left, right)
        sizes = [int(here[number + 1] - here[number]) for number, _ in some]
        gold = np.array([(place >= run.start) & (place < run.stop) for _, run in some])
        near = np.array([(place >= run.start - _AROUND) & (place < run.stop + _AROUND) for _, run in some])
        yield _Part(
            np.concatenate([np.arange(here[number], here[number + 1]) for number, _ in some]),
            slice(int(there[left]), int(there[right])),
            there[left:right] - there[left],
            np.repeat(gold, sizes, axis=0),
            np.repeat(near, sizes, axis=0),
        )


def attention(pairs: Pairs, metric: Grid) -> tuple[float, NDArray[np.float64]]:
    """Return the weighted log shares of attention that gold beads get, and their gradient by the map."""
    mapped = [tokens @ metric for tokens in pairs.tokens]
    norms = [np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9) for rows in mapped]
    units = [rows / norm for rows, norm in zip(mapped, norms, strict=True)]
    slopes = [np.zeros_like(rows) for rows in units]
    total = 0.0
    nothing = np.exp((_NOTHING - 1) / _TEMPERATURE)
    for one, parts in enumerate(pairs.parts):
        for part in parts:
            own, across = units[one][part.own], units[1 - one][part.across]
            similarity = own @ across.T
            best = np.maximum.reduceat(similarity, part.first, axis=1)
            paid = np.exp((best - 1) / _TEMPERATURE) * part.near
            whole = paid.sum(axis=1) + nothing
            share = (paid * part.gold).sum(axis=1) / whole
            weights = pairs.weights[one][part.own]
            total += float(weights @ np.log(share / _FLOOR + 1))
            by_best = (weights / (share + _FLOOR) / whole)[:, None] * (part.gold - share[:, None])
            by_best = (by_best * paid / _TEMPERATURE).astype(np.float32)
            sizes = np.diff(part.first, append=similarity.shape[1])
            # Of each sentence only the most similar token counts.
            by_token = np.repeat(by_best, sizes, axis=1)
            by_token *= similarity == np.repeat(best, sizes, axis=1)
            slopes[one][part.own] += by_token @ across
            slopes[1 - one][part.across] += by_token.T @ own
    gradient = np.zeros(metric.shape)
    for tokens, unit, norm, slope in zip(pairs.tokens, units, norms, slopes, strict=True):
        gradient += tokens.T @ ((slope - unit * (slope * unit).sum(axis=1, keepdims=True)) / norm)
    return total, gradient


def learn(documents: Sequence[Pairs], penalty: float = _PENALTY, rounds: int = _ROUNDS) -> Grid:
    """Return the map, shape (components, components), that rows of token components are multiplied with."""
    size = documents[0].tokens[0].shape[1]
    identity = np.eye(size).ravel()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        metric = flat.reshape(size, size).astype(np.float32)
        found = [attention(one, metric) for one in documents]
        away = flat - identity
        value = penalty / 2 * float(away @ away) - sum(total for total, _ in found)
        slope = penalty * away - sum(gradient.ravel() for _, gradient in found)
        return value, slope

    return minimised(loss, identity.copy(), rounds).reshape(size, size).astype(np.float32)


def compared_by(side: Side, metric: Grid) -> Side:
    """Return a side whose tokens are compared by a metric."""
    tokens = side.pooled.tokens.astype(np.float32) @ metric
    tokens /= np.maximum(np.linalg.norm(tokens, axis=1, keepdims=True), 1e-12)
    return replace(side, pooled=replace(side.pooled, tokens=tokens.astype(np.float16)))


def write_metric(metric: Grid, path: Path, learned_from: str) -> None:
    """Write a map as the embedded encoder reads it."""
    lines = [
        "# What the components of tokens are multiplied with before they are compared, learned by attention",
        f"# (benchmarks/token_metric.py) from {learned_from}, on {datetime.now(UTC):%Y-%m-%d}.",
        "# It goes with the directions of corpusalign/use/network.py: learn it again if they change.",
        *(" ".join(f"{value:.3f}" for value in row) for row in metric),
    ]
    with atomic_text(path) as file:
        file.write("\n".join(lines) + "\n")
