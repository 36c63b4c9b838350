"""Block classifier: logistic regression over `features`, its weights in `weights.txt`.

Method: shallow block features and a linear model (Kohlschütter, Fankhauser and Nejdl, "Boilerplate Detection
using Shallow Text Features", WSDM 2010), with decisions along the page by `sequence`.
`benchmarks/train_extractor.py` writes the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from corpusalign.extract.features import Matrix, Vector, feature_names

WEIGHTS = Path(__file__).parent / "weights.txt"


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained model: one weight a feature, the bias, and the log-odds of the sequence's two transitions.

    `stay_kept` and `stay_dropped` are natural logarithms of how much likelier the next block has the same
    verdict.
    """

    values: Vector
    bias: float
    stay_kept: float
    stay_dropped: float


def read_weights(path: Path = WEIGHTS) -> Weights:
    """Read a weights file: `name = value` lines, `#` comments. A feature without a line weighs nothing."""
    named: dict[str, float] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition("=")
            named[name.strip()] = float(value)
    return Weights(
        values=np.array([named.get(name, 0.0) for name in feature_names()]),
        bias=named["bias"],
        stay_kept=named["stay kept"],
        stay_dropped=named["stay dropped"],
    )


@cache
def default_weights() -> Weights:
    """Return the weights that come with the package."""
    return read_weights()


def probabilities(matrix: Matrix, weights: Weights) -> Vector:
    """Return, for each block, the probability that it belongs to the main content, shape (blocks,)."""
    scores = matrix @ weights.values + weights.bias
    result: Vector = 1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30)))
    return result
