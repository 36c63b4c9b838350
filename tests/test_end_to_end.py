"""The main job on our own fixtures: pages to blocks, sentences and alignments, each held against its gold."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import corpusalign as ca
from benchmarks import accuracy
from corpusalign.evaluate import Scores, load_gold, score

from .conftest import FIXTURES, LANGUAGES, fixture_sets

PAGES = [(folder, lang) for folder in fixture_sets() for lang in LANGUAGES]


def _gold(folder: Path) -> dict[str, Any]:
    gold: dict[str, Any] = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return gold


def _name(value: object) -> str:
    return value.name if isinstance(value, Path) else str(value)


def test_there_are_three_sets() -> None:
    assert len(fixture_sets()) >= 3


@pytest.mark.parametrize(("folder", "lang"), PAGES, ids=_name)
def test_kept_blocks_and_metadata_equal_gold(folder: Path, lang: str) -> None:
    gold = _gold(folder)["documents"][lang]
    document = ca.extract(ca.fetch(folder / gold["page"]))
    assert [(b.kind, b.level, b.text) for b in document.blocks] == [
        (b["kind"], b["level"], b["text"]) for b in gold["blocks"]
    ]
    assert document.lang == lang
    assert (document.title, document.date, document.source) == (gold["title"], gold["date"], gold["source"])


@pytest.mark.parametrize(("folder", "lang"), PAGES, ids=_name)
def test_sentences_equal_gold(folder: Path, lang: str) -> None:
    gold = _gold(folder)["documents"][lang]
    document = ca.extract(ca.fetch(folder / gold["page"]))
    assert [(s.block, s.text) for s in ca.segment(document)] == [
        (s["block"], s["text"]) for s in gold["sentences"]
    ]


@pytest.mark.parametrize(("source", "target"), list(combinations(LANGUAGES, 2)))
def test_pages_aligned_together_reach_the_accuracy_promised(
    beads: dict[tuple[str, str, str], list[ca.Bead]], source: str, target: str
) -> None:
    """Strict F1 of at least .97 for each pair of languages, from the raw pages of all sets."""
    scores = Scores()
    for folder in fixture_sets():
        (gold,) = [g for g in load_gold(folder) if (g.src_lang, g.tgt_lang) == (source, target)]
        scores += score(gold, beads[folder.name, source, target])
    assert scores.f1 >= 0.97


@pytest.fixture(scope="module")
def beads() -> dict[tuple[str, str, str], list[ca.Bead]]:
    """Return the beads of each set and pair, from the raw pages, all three languages aligned together."""
    found = {}
    for folder in fixture_sets():
        documents = [ca.extract(ca.fetch(folder / f"{lang}.html")) for lang in LANGUAGES]
        groups = ca.align_many([ca.segment(document) for document in documents], LANGUAGES)
        for source, target in combinations(range(3), 2):
            found[folder.name, LANGUAGES[source], LANGUAGES[target]] = [
                bead
                for group in groups
                for bead in accuracy.projected(group.ranges[source], group.ranges[target], group.confidence)
            ]
    return found


def test_every_fixture_has_its_floors() -> None:
    floors = json.loads(accuracy.FLOORS.read_text(encoding="utf-8"))
    wanted = {
        f"{folder.name} {x}-{y}{how}"
        for folder in fixture_sets()
        for x, y in combinations(LANGUAGES, 2)
        for how in ("", " joint")
    }
    assert wanted == floors.keys()


def test_the_seed_as_plain_text() -> None:
    folder = FIXTURES / "seed-text"
    gold = _gold(folder)
    document = ca.extract(ca.fetch(folder / gold["file"]))
    assert (document.lang, document.title, document.date, document.source) == (
        gold["lang"],
        gold["title"],
        gold["date"],
        gold["source"],
    )
    assert [(b.kind, b.level, b.text) for b in document.blocks] == [
        (b["kind"], b["level"], b["text"]) for b in gold["blocks"]
    ]
    dropped = " ".join(block.block.text for block in document.dropped)
    assert all(
        mark in dropped for mark in ("中文 Français Contact Us", "Copyright ©", "京ICP备", "京公网安备")
    )
