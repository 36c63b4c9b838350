"""The accuracy gate: a change may not lower the fixtures' F1 below its floor."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.accuracy import FLOORS, figures

FIXTURES = Path(__file__).parent.parent / "fixtures"


def test_every_fixture_reaches_its_floor():
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    reached = {row: scores.f1 for row, scores in figures(FIXTURES).items()}
    assert floors.keys() <= reached.keys()
    assert {row: f1 for row, f1 in reached.items() if f1 < floors.get(row, 0)} == {}
