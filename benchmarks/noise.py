"""How well planted noise is found: `python -m benchmarks.noise [--seed N] [--langid MODEL] SET...`.

A set is a folder of gold bitexts (as `corpusalign.evaluate` reads them), or a file of units, of which those
with confidence 0.9 or more count as clean (but not what is untranslated); each of its pairs of languages is
measured by itself. It is taken clean, and once for each kind of noise with every unit damaged:

- shuffled: the target of another unit of the set
- shifted: the target of the next unit
- wrong language: the target's text in a third language, drawn from this project's fixtures
- truncated: the target cut to 30 to 60 %
- machine-copied: the source in place of the target
- wrong numbers: one digit of the target changed (only units whose target has digits)

`python -m benchmarks.noise --tune FOLDER SET...` fits what ships, on other sets than those to report on, and
writes it into the folder: weights.txt (the weights of the score `quality`, by logistic regression) and
limits.txt (each limit where it gains most, a clean unit lost counting as much as ten bad ones kept).

Precision is that of a bitext of which half is noise: recall / (recall + share of clean units rejected). AUC
is the chance that a damaged unit scores worse than a clean one. Where OpusFilter and bicleaner-hardrules are
installed, their rules run beside ours; `--langid` names the fastText model that identifies languages for the
latter (without it that one rule is off).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.noise_peers import hardrules_share, opusfilter_share
from corpusalign.encode import default_encoder
from corpusalign.evaluate import GoldAlignment, load_gold
from corpusalign.formats import read
from corpusalign.languages import known, language
from corpusalign.quality import Limit, decide, default_limits, estimate_lengths, score, scores_of
from corpusalign.quality.combined import FEATURES, features
from corpusalign.quality.surface import copied
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
HIGHER_IS_WORSE = {"length_z", "copy", "number_conflicts"}
# The limits that are tuned, each by the kinds of noise that it is there for, and the figures to choose from.
TUNED = {
    "length_z": (("truncated",), np.arange(2, 8.5, 0.5)),
    "language": (("wrong language",), np.arange(0, 0.55, 0.05)),
    "script": (("wrong language",), np.arange(0, 0.75, 0.05)),
    "similarity": (("shuffled", "shifted"), np.arange(0, 0.75, 0.05)),
    "quality": (tuple(TELLING), np.arange(0, 0.75, 0.05)),
}
# A clean unit let go costs as much as so many bad ones kept.
COST = 10
# The limits that follow from what the scores mean.
FIXED = (
    "number_conflicts<=0",
    "copy<=0.8",
    "alphanumeric>=0.2",
    "boilerplate<=0.5",
    "duplicate<=0",
    "near_duplicate<=0.95",
    "longest<=4000",
    "shortest>=1",
)
# Of a file of units, those at least so confident count as clean, unless so much of them is not translated.
CLEAN = 0.9
COPIED = 0.8

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
    clean: list[TranslationUnit]
    noise: dict[str, list[TranslationUnit]]


def spoiled(name: str, units: list[TranslationUnit], seed: int) -> Bitext:
    """Plant the noise and score it; usual lengths are those of a memory of which a seventh is noise."""
    damaged = {kind: damage(units, Random(f"{seed} {kind}")) for kind, damage in NOISE.items()}
    lengths = estimate_lengths(units + [one for kind in damaged.values() for one in kind[::36]])
    encoder = default_encoder()
    clean, *noise = (
        list(score(some, encoder=encoder, lengths=lengths)) for some in (units, *damaged.values())
    )
    return Bitext(name, clean, dict(zip(damaged, noise, strict=True)))


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


def tuned_limits(sets: Sequence[Bitext], weights: np.ndarray, bias: float) -> list[Limit]:
    """Return for each tuned score the limit that gains most: noise found less COST times clean units lost."""

    def scores_in(units: Sequence[TranslationUnit], name: str) -> np.ndarray:
        if name != "quality":
            return values(units, name)
        return 1 / (1 + np.exp(-(matrix(units) @ weights + bias)))

    limits = []
    for name, (kinds, figures) in TUNED.items():
        sign = -1 if name in HIGHER_IS_WORSE else 1
        gains = np.zeros(len(figures))
        for one in sets:
            clean = scores_in(one.clean, name)
            noise = [scores_in(one.noise[kind], name) for kind in kinds if one.noise[kind]]
            for at, figure in enumerate(figures):
                found = np.mean([np.mean(each < sign * figure) for each in noise])
                gains[at] += found - COST * np.mean(clean < sign * figure)
        limits.append(Limit(name, sign > 0, round(float(figures[gains.argmax()]), 2)))
    return limits


def rejected_share(units: Sequence[TranslationUnit], limits: Sequence[Limit]) -> float:
    return (
        float(np.mean([not decide(scores_of(unit), limits).keep for unit in units]))
        if units
        else float("nan")
    )


def precision(recall: float, lost: float) -> float:
    return recall / (recall + lost) if recall + lost else float("nan")


def report(one: Bitext, langid: Path | None) -> None:
    """Print the table of one set: a row a kind of noise."""
    rules: tuple[Callable[[Sequence[TranslationUnit]], float], ...] = (
        lambda units: rejected_share(units, default_limits()),
        opusfilter_share,
        lambda units: hardrules_share(units, langid),
    )
    lost = [share(one.clean) for share in rules]
    print(f"\n{one.name}: {len(one.clean)} units")
    print(f"{'':22} {'AUC of':>26} {'limits':>13} {'OpusFilter':>13} {'hardrules':>13}")
    print(f"{'noise':16} {'units':>5} {'one score':>17} {'quality':>8}" + f" {'P':>6} {'R':>6}" * 3)
    for kind, noise in one.noise.items():
        if not noise:
            continue
        telling = TELLING[kind]
        aucs = [auc(values(one.clean, name), values(noise, name)) for name in (telling, "quality")]
        cells = ""
        for share, of_clean in zip(rules, lost, strict=True):
            recall = share(noise)
            cells += f" {precision(recall, of_clean):6.3f} {recall:6.3f}"
        print(f"{kind:16} {len(noise):5} {telling[:10]:>10} {aucs[0]:6.3f} {aucs[1]:8.3f}{cells}")
    print(f"{'clean units lost':49}" + "".join(f" {share:13.3f}" for share in lost), flush=True)


def write_tuned(folder: Path, sets: Sequence[Bitext]) -> None:
    """Write the weights and the limits that these sets give."""
    weights, bias = fitted(sets)
    seen = [f"#   {one.name}, {len(one.clean)} units" for one in sets]
    lines = [
        "# Weights of the score `quality`: a logistic regression over clean and spoiled bitexts,",
        "# fitted by `python -m benchmarks.noise --tune` on:",
        *seen,
        *(f"{name} {weight:.4f}" for name, weight in zip(FEATURES, weights, strict=True)),
        f"bias {bias:.4f}",
    ]
    (folder / "weights.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = [
        "# Limits that a unit must meet unless others are asked for: `score>=figure` or `score<=figure`.",
        "# docs/quality.md says what each means, and what these limits keep and reject of planted noise.",
        "# Tuned by `python -m benchmarks.noise --tune` on:",
        *seen,
        *map(str, tuned_limits(sets, weights, bias)),
        "# By what the scores mean:",
        *FIXED,
    ]
    (folder / "limits.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def load(path: Path, seed: int) -> Iterator[Bitext]:
    """Yield the sets of a folder of gold bitexts or of a file of units, one a pair of languages."""
    pairs: dict[tuple[str, ...], list[TranslationUnit]] = {}
    if path.is_dir():
        for gold in load_gold(path):
            pairs.setdefault((gold.src_lang, gold.tgt_lang), []).extend(units_of(gold))
    else:
        for unit in read(path):
            for one, other in combinations(unit.variants.items(), 2):
                if unit.confidence >= CLEAN and copied(one[1], other[1]) <= COPIED:
                    found = TranslationUnit(unit.id, dict((one, other)), unit.confidence)
                    pairs.setdefault((one[0], other[0]), []).append(found)
    for codes, units in pairs.items():
        # A unit whose words came before would be a duplicate, not noise that was planted.
        distinct = list({tuple(unit.variants.values()): unit for unit in units}.values())
        yield spoiled(f"{path.stem} {'-'.join(codes)}", distinct, seed)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "sets", nargs="*", type=Path, default=[FIXTURES], help="folders of gold, files of units"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tune", type=Path, metavar="FOLDER", help="write weights.txt and limits.txt there")
    parser.add_argument(
        "--langid", type=Path, metavar="MODEL", help="a fastText model, for bicleaner-hardrules"
    )
    options = parser.parse_args()
    sets = (one for path in options.sets for one in load(path, options.seed))
    if options.tune:
        write_tuned(options.tune, list(sets))
        return
    for one in sets:
        report(one, options.langid)


if __name__ == "__main__":
    main()
