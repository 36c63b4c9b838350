"""`tune` on the command line, and the commands that take what it writes."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from corpusalign.cli import main
from corpusalign.encode import default_encoder

from .conftest import FIXTURES

GOLD = str(FIXTURES / "tea-museum-gb18030")
PAGES = [str(FIXTURES / "tea-museum-gb18030" / f"{lang}.html") for lang in ("en", "zh")]


class Model:
    """What sentence-transformers offers, with the embedded encoder's vectors."""

    def __init__(self, name):
        self.name = name

    def get_sentence_embedding_dimension(self):
        return 512

    def encode(self, texts, **options):
        return default_encoder().encode(texts)


@pytest.fixture
def foreign(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", SimpleNamespace(SentenceTransformer=Model))


@pytest.fixture
def tuned(tmp_path, foreign, capsys):
    weights = tmp_path / "weights.txt"
    assert main(["tune", "--gold", GOLD, "--encoder", "labse", "-o", str(weights)]) == 0
    assert f"weights  {weights}" in capsys.readouterr().out
    return weights


def test_align_and_evaluate_take_tuned_weights_with_their_encoder(tuned, tmp_path, capsys):
    memory = tmp_path / "memory.tmx"
    options = ["--encoder", "labse", "--vectors", str(tmp_path / "vectors.db"), "--weights", str(tuned)]
    assert main(["align", *PAGES, *options, "-o", str(memory), "--no-review", "-q"]) == 0
    assert "sentence-transformers/labse" in memory.read_text(encoding="utf-8")
    assert (tmp_path / "vectors.db").stat().st_size > 0
    assert main(["evaluate", GOLD, *options]) == 0
    strict = [float(row.split()[-2]) for row in capsys.readouterr().out.splitlines() if row.startswith("all")]
    assert min(strict) > 0.9


def test_weights_of_another_encoder_are_refused(tuned, tmp_path, capsys):
    assert main(["align", *PAGES, "--weights", str(tuned), "-o", str(tmp_path / "memory.tmx")]) == 1
    assert "weights for the encoder sentence-transformers/labse" in capsys.readouterr().err
    assert not (tmp_path / "memory.tmx").exists()


def test_a_missing_extra_and_missing_gold_are_one_line_each(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    assert main(["tune", "--gold", GOLD, "--encoder", "labse", "-o", str(tmp_path / "w.txt")]) == 1
    assert "pip install 'corpusalign[labse]'" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["tune", "--gold", str(tmp_path / "empty"), "-o", str(tmp_path / "w.txt")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "w.txt").exists()
