"""What repeats in a corpus is kept once: fingerprints, buckets, and the build that uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corpusalign as ca
from benchmarks.synthetic_crawl import make_crawl
from corpusalign.corpus import duplicates
from corpusalign.corpus.duplicates import repeated
from corpusalign.corpus.prints import PRINT, Prints, prints_of, resemblance, together
from corpusalign.corpus.records import EXACT
from corpusalign.types import TranslationUnit

from .test_corpus import made, rejects

WORDS = [
    "mill",
    "river",
    "wheel",
    "spring",
    "water",
    "stone",
    "bridge",
    "field",
    "road",
    "house",
    "tree",
    "light",
    "north",
    "sand",
]


def unit(
    english: str, french: str = "Le moulin.", confidence: float = 0.9, name: str = ""
) -> TranslationUnit:
    return TranslationUnit(name or english, {"en": english, "fr": french}, confidence)


def sentence(seed: int, length: int = 40) -> str:
    random = Random(seed)
    return " ".join(random.choice(WORDS) + str(random.randint(0, 999)) for _ in range(length))


def marks(units: list[TranslationUnit], folder: Path, least: float = 0.9) -> list[int]:
    prints = prints_of(units)[1:]

    def parts() -> Iterator[Prints]:
        yield prints[:2]
        yield prints[2:]

    return repeated(parts, len(units), least, folder)[0].tolist()


def test_the_same_but_for_case_and_marks_is_there_once(tmp_path: Path) -> None:
    texts = ["The mill.", "the mill!", "The mills.", "THE MILL"]
    assert marks([unit(text) for text in texts], tmp_path) == [0, EXACT, 0, EXACT]


def test_of_duplicates_the_most_confident_stays(tmp_path: Path) -> None:
    units = [unit("The mill.", confidence=confidence) for confidence in (0.4, 0.9, 0.7)]
    assert marks(units, tmp_path) == [EXACT, 0, EXACT]


def test_near_duplicates_are_near_the_one_that_stays(tmp_path: Path) -> None:
    whole = sentence(1)
    units = [unit(whole), unit(sentence(2)), unit(whole + " too", confidence=0.8), unit(sentence(3))]
    found = marks(units, tmp_path)
    assert [mark > 0 for mark in found] == [False, False, True, False]
    assert found[2] != EXACT
    assert resemblance(found[2]) > 0.9


def test_the_estimate_is_near_the_true_share_of_shingles() -> None:
    errors = []
    for seed in range(30):
        words = sentence(seed, 60).split()
        other = words[: 30 + seed] + sentence(1000 + seed, 30 - seed).split()
        both = prints_of([unit(" ".join(words), ""), unit(" ".join(other), "")])[1:]
        equal = int((both["sketch"][0] == both["sketch"][1]).sum())
        plain = ["".join(part).lower() for part in (words, other)]
        first, second = ({text[k : k + 4] for k in range(len(text) - 3)} for text in plain)
        # The other language's padding is a shingle of its own.
        errors.append(resemblance(equal) - (len(first & second) + 1) / (len(first | second) + 1))
    assert abs(float(np.mean(errors))) < 0.05
    assert float(np.std(errors)) < 0.1


def naive(keys: list[int], ranks: list[float]) -> list[bool]:
    """Tell which are no duplicates, by looking at all of them at once."""
    best: dict[int, tuple[float, int]] = {}
    for number, (key, rank) in enumerate(zip(keys, ranks, strict=True)):
        best[key] = min(best.get(key, (1.0, 0)), (-rank, number))
    return [best[key][1] == number for number, key in enumerate(keys)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0.25, 0.5, 1.0])), max_size=40),
    st.integers(1, 40),
    st.sampled_from([100, 1000, 1 << 20]),
)
def test_buckets_find_what_looking_at_everything_finds(
    tmp_path: Path, facts: list[tuple[int, float]], cut: int, bucket: int
) -> None:
    prints = np.zeros(len(facts), PRINT)
    # Spread over the upper bits too, which choose the bucket.
    prints["exact"] = [key * 0x9E3779B97F4A7C15 % 2**64 for key, _ in facts]
    prints["rank"] = [rank for _, rank in facts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "_BUCKET", bucket)
        found, _ = repeated(
            lambda: iter([prints[:cut].copy(), prints[cut:].copy()]), len(facts), 1.0, tmp_path
        )
    assert [mark == 0 for mark in found] == naive([key for key, _ in facts], [rank for _, rank in facts])
    assert not list(tmp_path.glob("buckets-*"))


def test_what_is_dropped_has_a_near_one_that_stays(tmp_path: Path) -> None:
    """A chain: each is near the next, the last not near the first."""
    words = sentence(5, 60).split()
    units = []
    for step in range(12):
        words[step * 3] = f"other{step}"
        units.append(unit(" ".join(words), confidence=0.99 - step / 100))
    found, near = repeated(lambda: iter([prints_of(units)[1:]]), len(units), 0.85, tmp_path)
    assert found[0] == 0
    assert 0 < (found > 0).sum() < len(units)
    assert all(found[better] == 0 for better in near.values())
    assert sorted(near) == np.flatnonzero(found).tolist()


def test_a_page_set_is_printed_as_all_its_units() -> None:
    units = [unit(sentence(seed)) for seed in range(6)]
    one, same, other = prints_of(units), prints_of(units[::-1]), prints_of(units[:1])
    assert (one[0]["sketch"] == same[0]["sketch"]).all()
    assert (one[0]["sketch"] != other[0]["sketch"]).any()
    assert [float(made[0]["rank"]) for made in (one, other, prints_of(()))] == [6, 1, 0]
    assert len(together([one, prints_of(()), other])) == 3 + 6 + 1


def copied(source: Path, name: str, more: bytes) -> None:
    for lang in ("en", "fr"):
        page = (source / "site-000" / lang / "page-2.html").read_bytes()
        (source / "site-000" / lang / name).write_bytes(page.replace(b"</h1>", more + b"</h1>"))


def test_a_page_that_is_there_twice_is_kept_once(tmp_path: Path) -> None:
    source = tmp_path / "source"
    make_crawl(source, 4, seed=9, faults=False)
    alone = made(source, tmp_path / "alone")
    copied(source, "print-2.html", b" (print)")
    copied(source, "zz-2.html", b"")
    result = made(source, tmp_path / "c")
    assert result.summary is not None
    assert alone.summary is not None
    assert result.summary.units == alone.summary.units
    assert [
        (reason, pages[0])
        for reason, pages in rejects(tmp_path / "c")
        if reason in ("duplicate", "near-duplicate")
    ] == [("near-duplicate", "site-000/en/print-2.html"), ("duplicate", "site-000/en/zz-2.html")]
    notes = [
        note.note
        for path in (tmp_path / "c").glob("rejected-*")
        for note in ca.read(path)
        if "page" in note.note
    ]
    assert notes
    assert all("says what site-000/page-2.html says" in note for note in notes)


def test_a_unit_that_is_said_again_elsewhere_is_kept_once_and_comes_back_when_the_other_goes(
    tmp_path: Path,
) -> None:
    source = tmp_path / "source"
    make_crawl(source, 4, seed=9, faults=False)
    line = {
        "en": "The water of the mill runs to the sea in the spring.",
        "fr": "L’eau du moulin court vers la mer au printemps.",
    }
    for lang, text in line.items():
        for number in (1, 3):
            page = source / "site-000" / lang / f"page-{number}.html"
            page.write_text(page.read_text("utf-8").replace("</main>", f"<p>{text}</p></main>"), "utf-8")

    def holders() -> list[str]:
        return [
            found.origin["en"].url
            for part in sorted((tmp_path / "c").glob("part-*"))
            for found in ca.read(part)
            if found.variants["en"] == line["en"]
        ]

    made(source, tmp_path / "c")
    (only,) = holders()
    for lang in line:
        (source / only.replace("/en/", f"/{lang}/")).unlink()
    result = made(source, tmp_path / "c")
    assert result.progress.sets == result.progress.reused, "nothing was aligned again"
    (other,) = holders()
    assert other != only


def test_other_limits_align_nothing_again(tmp_path: Path) -> None:
    source = tmp_path / "source"
    make_crawl(source, 4, seed=9, faults=False)
    usual = made(source, tmp_path / "c")
    none = made(source, tmp_path / "c", limits=[])
    strict = made(source, tmp_path / "c", limits=["similarity>=0.8"])
    for result in (none, strict):
        assert (result.progress.shards, result.progress.kept.changed) == (0, 0)
    units = [result.summary.units for result in (strict, usual, none) if result.summary is not None]
    assert units == sorted(units)
    assert units[0] < units[-1]
    manifest = json.loads((tmp_path / "c" / "manifest.json").read_bytes())
    assert manifest["limits"] == ["similarity>=0.8"]
    assert strict.summary is not None
    assert strict.summary.broken["similarity"] == strict.summary.units_rejected
