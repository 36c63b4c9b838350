"""Block classifier: logistic regression in two passes and a choice between them, weights in `weights.txt`.

The first pass sees each block's text and surroundings (Kohlschütter, Fankhauser and Nejdl, "Boilerplate
Detection using Shallow Text Features", WSDM 2010). With its probabilities, a conditional logit (McFadden,
1974) chooses among the page's elements the one that holds the main text: elements compete within their page,
which a regression over blocks of many pages cannot see. The second pass sees in addition what the first
thinks of the blocks around (stacked sequential learning, Cohen and Carvalho, IJCAI 2005) and which element is
likely chosen. `benchmarks/train_extractor.py` writes the weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from corpusalign.extract.features import (
    Columns,
    Matrix,
    Vector,
    element_names,
    elements_of,
    first_names,
    first_pass,
    second_names,
    second_pass,
)

WEIGHTS = Path(__file__).parent / "weights.txt"

SURE = 1e-4
"""No block is surer of its verdict than this, so that several judgements of it can be added up."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained model: the weights of its three steps, and what a verdict gains by staying.

    `first` has one weight a feature of `first_pass`, `second` one a feature of both passes, each with its
    bias last; `element` one a feature of an element, without bias. `stay_kept` and `stay_dropped` are natural
    logarithms of how much likelier the next block has the same verdict, `stay_together` of how much more so
    in the same container.
    """

    first: Vector
    element: Vector
    second: Vector
    stay_kept: float
    stay_dropped: float
    stay_together: float


def read_weights(path: Path = WEIGHTS) -> Weights:
    """Read a weights file: `name = first second` lines, `#` comments; a feature not named weighs nothing."""
    named: dict[str, list[float]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, values = line.rpartition("=")
            named[name.strip()] = [float(value) for value in values.split()]
    nothing = [0.0, 0.0]
    both = [named.get(name, nothing) for name in (*first_names(), "bias")]
    added = [named.get(name, nothing[:1])[-1] for name in second_names()]
    return Weights(
        first=np.array([pair[0] for pair in both]),
        element=np.array([named.get(name, nothing[:1])[-1] for name in element_names()]),
        second=np.array([*(pair[1] for pair in both[:-1]), *added, both[-1][1]]),
        stay_kept=named["stay kept"][0],
        stay_dropped=named["stay dropped"][0],
        stay_together=named["stay together"][0],
    )


@cache
def default_weights() -> Weights:
    """Return the weights that come with the package."""
    return read_weights()


def logistic(scores: Vector) -> Vector:
    """Return the probabilities that log-odds stand for."""
    found: Vector = 1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30)))
    return found


def log_odds(probability: float) -> float:
    """Return the log-odds of a block's probability, bounded."""
    sure = min(max(probability, SURE), 1 - SURE)
    return math.log(sure / (1 - sure))


def choice(elements: Matrix, weights: Vector) -> Vector:
    """Return the probability that each element of a page is the main one, shape (elements,)."""
    scores = elements @ weights.astype(np.float32)
    chances: Vector = np.exp((scores - scores.max()).astype(float))
    chances /= chances.sum()
    return chances


def probabilities(page: Columns, weights: Weights) -> Vector:
    """Return the probability that each block belongs to the main content, shape (blocks,)."""
    seen = first_pass(page)
    first = logistic(seen @ weights.first[:-1].astype(np.float32) + weights.first[-1])
    main = choice(elements_of(page, first), weights.element)
    size = seen.shape[1]
    scores = seen @ weights.second[:size].astype(np.float32)
    scores = scores + second_pass(page, first, main) @ weights.second[size:-1].astype(np.float32)
    return logistic(scores + weights.second[-1])
