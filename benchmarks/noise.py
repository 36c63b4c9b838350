"""How well planted noise is found: `python -m benchmarks.noise [--seed N] [--weights FILE] FOLDER...`.

The gold bitexts of each folder (as `corpusalign.evaluate` reads them) are taken clean, and once for each
kind of noise with every unit damaged:

- shuffled: the target of another unit of the set
- shifted: the target of the next unit
- wrong language: the target's text in a third language, drawn from this project's fixtures
- truncated: the target cut to 30 to 60 %
- machine-copied: the source in place of the target
- wrong numbers: one digit of the target changed (only units whose target has digits)

A set is a folder and a pair of languages. What is fitted or chosen for a set (the weights of the score
`quality`, and the limits of the column "chosen") comes from the sets of all other folders. The limits that
ship are the same for all. Precision is that of a bitext of which half is noise: recall / (recall + share of
clean units rejected). AUC is the chance that a damaged unit scores worse than a clean one. Where OpusFilter
is installed (`pip install 'corpusalign[bench]'`), its rules run beside ours, with the limits that it has by
default.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np

from corpusalign.encode import default_encoder
from corpusalign.evaluate import GoldAlignment, load_gold
from corpusalign.languages import known, language
from corpusalign.quality import Limit, decide, default_limits, estimate_lengths, score, scores_of
from corpusalign.quality.combined import FEATURES, features
from corpusalign.types import TranslationUnit

FIXTURES = Path(__file__).parent.parent / "fixtures"
# The score that should tell each kind.
TELLING = {
    "shuffled": "similarity",
    "shifted": "similarity",
    "wrong language": "language",
    "truncated": "length_z",
    "machine-copied": "copy",
    "wrong numbers": "number_conflicts",
}
# The scores whose limits are chosen, and those of them in which more is worse.
CHOSEN = ("length_z", "numbers", "language", "script", "alphanumeric", "copy", "similarity")
HIGHER_IS_WORSE = {"length_z", "copy", "number_conflicts"}
# Of the clean units of the other sets, one in 500 is let go for each limit, one in 100 for that on `quality`.
LET_GO = 0.002
LET_GO_FOR_QUALITY = 0.01

Damage = Callable[[Sequence[TranslationUnit], Random], list[TranslationUnit]]


def units_of(gold: GoldAlignment) -> list[TranslationUnit]:
    """Return the links of a gold alignment that have both sides as units, in order."""

    def text(sentences: tuple[str, ...], places: tuple[int, ...], code: str) -> str:
        joiner = language(code).joiner if code in known() else " "
        return joiner.join(sentences[place] for place in places)

    return [
        TranslationUnit(
            f"{gold.name}:{number}",
            {
                gold.src_lang: text(gold.src, source, gold.src_lang),
                gold.tgt_lang: text(gold.tgt, target, gold.tgt_lang),
            },
            1.0,
        )
        for number, (source, target) in enumerate(gold.links)
        if source and target
    ]


def with_target(unit: TranslationUnit, text: str) -> TranslationUnit:
    source, target = unit.variants
    return replace(unit, variants={source: unit.variants[source], target: text})


def target_of(unit: TranslationUnit) -> str:
    return list(unit.variants.values())[1]


def shuffled(units: Sequence[TranslationUnit], random: Random) -> list[TranslationUnit]:
    order = list(range(len(units)))
    random.shuffle(order)
    # A rotation of a random order gives every unit another one's target.
    other = dict(zip(order, order[1:] + order[:1], strict=True))
    return [with_target(unit, target_of(units[other[place]])) for place, unit in enumerate(units)]


def shifted(units: Sequence[TranslationUnit], _: Random) -> list[TranslationUnit]:
    return [with_target(one, target_of(following)) for one, following in pairwise(units)]


def wrong_language(units: Sequence[TranslationUnit], random: Random) -> list[TranslationUnit]:
    said = set(units[0].variants)
    foreign = [
        text
        for gold in load_gold(FIXTURES)
        for unit in units_of(gold)
        for code, text in unit.variants.items()
        if code not in said
    ]
    return [with_target(unit, random.choice(foreign)) for unit in units]


def truncated(units: Sequence[TranslationUnit], random: Random) -> list[TranslationUnit]:
    def cut(text: str) -> str:
        return text[: max(1, round(len(text) * random.uniform(0.3, 0.6)))].rstrip()

    return [with_target(unit, cut(target_of(unit))) for unit in units]


def machine_copied(units: Sequence[TranslationUnit], _: Random) -> list[TranslationUnit]:
    return [with_target(unit, next(iter(unit.variants.values()))) for unit in units]


def wrong_numbers(units: Sequence[TranslationUnit], random: Random) -> list[TranslationUnit]:
    def altered(text: str) -> str:
        place = random.choice([match.start() for match in re.finditer(r"[0-9]", text)])
        digit = random.choice([digit for digit in "123456789" if digit != text[place]])
        return text[:place] + digit + text[place + 1 :]

    return [
        with_target(unit, altered(target_of(unit))) for unit in units if re.search("[0-9]", target_of(unit))
    ]


NOISE: dict[str, Damage] = {
    "shuffled": shuffled,
    "shifted": shifted,
    "wrong language": wrong_language,
    "truncated": truncated,
    "machine-copied": machine_copied,
    "wrong numbers": wrong_numbers,
}


@dataclass(frozen=True, slots=True)
class Bitext:
    """A set: its clean units and each kind of damaged ones, all with their scores."""

    name: str
    folder: str
    clean: list[TranslationUnit]
    noise: dict[str, list[TranslationUnit]]


def spoiled(name: str, folder: str, units: list[TranslationUnit], seed: int) -> Bitext:
    """Plant the noise and score it; usual lengths are those of a memory of which a seventh is noise."""
    damaged = {kind: damage(units, Random(f"{seed} {kind}")) for kind, damage in NOISE.items()}
    lengths = estimate_lengths(units + [one for kind in damaged.values() for one in kind[::36]])
    encoder = default_encoder()
    clean, *noise = (
        list(score(some, encoder=encoder, lengths=lengths)) for some in (units, *damaged.values())
    )
    return Bitext(name, folder, clean, dict(zip(damaged, noise, strict=True)))


def auc(clean: np.ndarray, noise: np.ndarray) -> float:
    """Return the chance that noise scores lower than a clean unit, ties counting half (Mann-Whitney U)."""
    both = np.concatenate([clean, noise])
    _, places, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return float((ranks[: len(clean)].sum() - len(clean) * (len(clean) + 1) / 2) / (len(clean) * len(noise)))


def values(units: Sequence[TranslationUnit], name: str) -> np.ndarray:
    """Return a score of each unit, turned so that higher is better."""
    found = np.array([unit.scores[name] for unit in units])
    return -found if name in HIGHER_IS_WORSE else found


def matrix(units: Sequence[TranslationUnit]) -> np.ndarray:
    return np.array([features(unit.scores) for unit in units])


def fitted(sets: Sequence[Bitext]) -> tuple[np.ndarray, float]:
    """Return weights and bias of a logistic regression of clean against noise (L2 of 1, Newton's method).

    Sets count alike, so do kinds of noise, and so do clean units and all noise together.
    """
    rows, labels, importances = [], [], []
    for one in sets:
        for units, is_clean in ((one.clean, 1.0), *((kind, 0.0) for kind in one.noise.values())):
            if units:
                rows.append(matrix(units))
                labels.append(np.full(len(units), is_clean))
                share = 1.0 if is_clean else 1 / len(one.noise)
                importances.append(np.full(len(units), 500 * share / len(units)))
    x = np.concatenate(rows)
    x = np.hstack([x, np.ones((len(x), 1))])
    y, importance = np.concatenate(labels), np.concatenate(importances)
    ridge = np.eye(x.shape[1])
    ridge[-1, -1] = 0
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-(x @ w)))
        gradient = x.T @ (importance * (y - p)) - ridge @ w
        hessian = (x * (importance * p * (1 - p))[:, None]).T @ x + ridge
        w += np.linalg.solve(hessian, gradient)
    return w[:-1], float(w[-1])


def chosen_limits(sets: Sequence[Bitext], weights: np.ndarray, bias: float) -> list[Limit]:
    """Return limits that let go of few clean units of some sets, and of no number that is wrong."""
    limits = [Limit("number_conflicts", False, 0)]
    for name in CHOSEN:
        low = min(float(np.quantile(values(one.clean, name), LET_GO)) for one in sets)
        limits.append(Limit(name, name not in HIGHER_IS_WORSE, -low if name in HIGHER_IS_WORSE else low))
    logits = np.concatenate([matrix(one.clean) @ weights + bias for one in sets])
    return [*limits, Limit("logit", True, float(np.quantile(logits, LET_GO_FOR_QUALITY)))]


def rejected_share(units: Sequence[TranslationUnit], limits: Sequence[Limit]) -> float:
    return (
        float(np.mean([not decide(scores_of(unit), limits).keep for unit in units]))
        if units
        else float("nan")
    )


def opusfilter_share(units: Sequence[TranslationUnit]) -> float:
    """Return the share that OpusFilter's rules reject by default; not a number where it is missing."""
    try:
        from opusfilter import filters
    except ImportError:
        return float("nan")
    from py3langid.langid import LanguageIdentifier

    # OpusFilter 3.3.1 calls the model's loader by the name that it had before py3langid 0.4.
    LanguageIdentifier.from_pickled_model = LanguageIdentifier.from_model_file
    codes = list(units[0].variants)
    unit_of_length = ["character" if code == "zh" else "word" for code in codes]
    scripts = ["Han" if code == "zh" else "Latin" for code in codes]
    rules = [
        filters.LengthRatioFilter(unit=unit_of_length),
        filters.LengthFilter(
            unit=unit_of_length, max_length=[400 if code == "zh" else 100 for code in codes]
        ),
        filters.LongWordFilter(threshold=[400 if code == "zh" else 40 for code in codes]),
        filters.HtmlTagFilter(),
        filters.CharacterScoreFilter(scripts=scripts, thresholds=[0.5, 0.5]),
        filters.AlphabetRatioFilter(),
        filters.TerminalPunctuationFilter(),
        filters.NonZeroNumeralsFilter(),
        filters.SimilarityFilter(),
        filters.LanguageIDFilter(languages=codes, thresholds=[0, 0]),
    ]
    pairs = [tuple(unit.variants.values()) for unit in units]
    kept = np.ones(len(pairs), bool)
    for rule in rules:
        kept &= [rule.accept(found) for found in rule.score(pairs)]
    return float(1 - kept.mean())


def precision(recall: float, lost: float) -> float:
    return recall / (recall + lost) if recall + lost else float("nan")


def with_logit(units: Sequence[TranslationUnit], weights: np.ndarray, bias: float) -> list[TranslationUnit]:
    """Return units with the regression's answer as a score."""
    if not units:
        return []
    logits = matrix(units) @ weights + bias
    return [
        replace(unit, scores={**unit.scores, "logit": float(logit)})
        for unit, logit in zip(units, logits, strict=True)
    ]


def report(one: Bitext, others: Sequence[Bitext]) -> None:
    """Print the table of one set: a row a kind of noise."""
    weights, bias = fitted(others)
    chosen = chosen_limits(others, weights, bias)
    clean = with_logit(one.clean, weights, bias)
    rules: tuple[Callable[[Sequence[TranslationUnit]], float], ...] = (
        lambda units: rejected_share(units, default_limits()),
        lambda units: rejected_share(units, chosen),
        opusfilter_share,
    )
    lost = [share(clean) for share in rules]
    print(f"\n{one.name}: {len(clean)} units")
    print(f"{'':22} {'AUC of':>26} {'shipped':>13} {'chosen':>13} {'OpusFilter':>13}")
    print(f"{'noise':16} {'units':>5} {'one score':>17} {'quality':>8}" + f" {'P':>6} {'R':>6}" * 3)
    for kind, damaged in one.noise.items():
        if not damaged:
            continue
        noise = with_logit(damaged, weights, bias)
        telling = TELLING[kind]
        one_auc = auc(values(clean, telling), values(noise, telling))
        cells = ""
        for share, of_clean in zip(rules, lost, strict=True):
            recall = share(noise)
            cells += f" {precision(recall, of_clean):6.3f} {recall:6.3f}"
        print(
            f"{kind:16} {len(noise):5} {telling[:10]:>10} {one_auc:6.3f} "
            f"{auc(values(clean, 'logit'), values(noise, 'logit')):8.3f}{cells}"
        )
    print(f"{'clean units lost':49}" + "".join(f" {share:13.3f}" for share in lost))


def write_weights(path: Path, sets: Sequence[Bitext]) -> None:
    """Write the weights that all sets together give."""
    weights, bias = fitted(sets)
    lines = [
        "# Weights of the score `quality`: a logistic regression over clean and spoiled bitexts,",
        "# fitted by `python -m benchmarks.noise --weights` on:",
        *(f"# {one.name}, {len(one.clean)} units" for one in sets),
        *(f"{name} {weight:.4f}" for name, weight in zip(FEATURES, weights, strict=True)),
        f"bias {bias:.4f}",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", default=[str(FIXTURES)], help="folders of gold files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weights", type=Path, metavar="FILE", help="write the weights fitted on all sets")
    options = parser.parse_args()
    sets = []
    for folder in options.folders:
        pairs: dict[str, list[TranslationUnit]] = {}
        for gold in load_gold(folder):
            pairs.setdefault(f"{gold.src_lang}-{gold.tgt_lang}", []).extend(units_of(gold))
        for pair, units in pairs.items():
            # A unit whose words came before would be a duplicate, not noise that was planted.
            distinct = list({tuple(unit.variants.values()): unit for unit in units}.values())
            sets.append(spoiled(f"{Path(folder).name} {pair}", folder, distinct, options.seed))
    for one in sets:
        report(one, [other for other in sets if other.folder != one.folder] or sets)
    if options.weights:
        write_weights(options.weights, sets)


if __name__ == "__main__":
    main()
