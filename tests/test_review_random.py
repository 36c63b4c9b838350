"""The browser's half of the review, run by node, against Python's: the same edits make the same units."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from corpusalign.formats import read, write
from corpusalign.review import apply_edits, read_edits
from corpusalign.review.data import page_data
from tests.conftest import FIXTURES
from tests.review_samples import gold_bitext

NODE = shutil.which("node")
SEEDS = [str(seed) for seed in range(1, 9)]


@pytest.mark.skipif(NODE is None, reason="node is not installed")
@pytest.mark.parametrize("name", ["sco-2020", "river-cleanup"])
def test_random_edits_make_the_same_units(tmp_path: Path, name: str):
    units = gold_bitext(FIXTURES / name)
    data = tmp_path / "data.json"
    data.write_text(json.dumps(page_data(units, segment=None, title=None, interface=None)), encoding="utf-8")
    script = Path(__file__).with_name("review_random.mjs")
    done = subprocess.run([str(NODE), str(script), str(data), str(tmp_path), *SEEDS], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    kinds = set()
    for seed in SEEDS:
        edits = read_edits(tmp_path / f"{seed}.json")
        kinds |= {type(edit).__name__ for edit in edits}
        ours = apply_edits(units, edits)
        write(ours, tmp_path / "ours.tmx", languages=units.languages)
        theirs = list(read(tmp_path / f"{seed}.tmx"))
        assert theirs == list(read(tmp_path / "ours.tmx"))
        assert [unit.variants for unit in theirs] == [
            unit.variants for unit in ours if len(unit.variants) > 1
        ]
    assert len(kinds) == 10
