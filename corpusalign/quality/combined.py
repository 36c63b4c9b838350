"""One probability from all scores: that a unit is a translation, whole and unspoiled.

A logistic regression over the scores, fitted by benchmarks/noise.py on clean bitexts against the same with
planted noise (Sánchez-Cartagena et al. 2018, "Prompsit's submission to WMT 2018 Parallel Corpus Filtering
shared task", learn a filter in this way). It ranks units by all evidence; limits on single scores say why.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import exp, log
from pathlib import Path

# Past these a score says nothing more; a copy is no better than a good translation.
_MOST_SIMILAR = 0.7
_MOST_Z = 6.0
_MOST_CONFLICTS = 2.0
_LONG = 100.0

FEATURES = (
    "similarity",
    "similarity_of_long",
    "length_z",
    "numbers",
    "number_conflicts",
    "language",
    "copy",
    "shortness",
)
_NEEDED = {*FEATURES, "shortest"} - {"similarity_of_long", "shortness"}


def features(scores: Mapping[str, float]) -> tuple[float, ...] | None:
    """Return what the regression looks at, in the order of FEATURES; None where a score is missing.

    Of longer texts the encoder says more: their similarity counts apart.
    """
    if not scores.keys() >= _NEEDED:
        return None
    shortness = 1.0 - log(1.0 + min(scores["shortest"], _LONG)) / log(1.0 + _LONG)
    similarity = min(scores["similarity"], _MOST_SIMILAR)
    return (
        similarity,
        similarity * (1.0 - shortness),
        min(scores["length_z"], _MOST_Z),
        scores["numbers"],
        min(scores["number_conflicts"], _MOST_CONFLICTS),
        scores["language"],
        scores["copy"],
        shortness,
    )


def quality(scores: Mapping[str, float]) -> float | None:
    """Return the probability, where half of all units are noise; None where a score is missing."""
    found = features(scores)
    if found is None:
        return None
    weights, bias = _weights()
    logit = bias + sum(weight * value for weight, value in zip(weights, found, strict=True))
    return 1.0 / (1.0 + exp(-max(-700.0, min(700.0, logit))))


@cache
def _weights() -> tuple[tuple[float, ...], float]:
    lines = Path(__file__).with_name("weights.txt").read_text(encoding="utf-8").splitlines()
    figures = {
        name: float(figure)
        for name, _, figure in (line.partition(" ") for line in lines if line and not line.startswith("#"))
    }
    return tuple(figures[name] for name in FEATURES), figures["bias"]
