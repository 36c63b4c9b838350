"""Foreign encoders: any object that fits, the cache on disk, and clear words where something is missing."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from corpusalign.align import align, signature
from corpusalign.encode import default_encoder, load_encoder
from corpusalign.encoders import CachedEncoder
from corpusalign.errors import AlignError


class Counting:
    """The plainest kind of encoder: the embedded one's vectors, and a count of the texts asked for."""

    name = "counting/1"
    dimension = 512

    def __init__(self):
        self.asked = 0

    def encode(self, texts):
        self.asked += len(texts)
        return default_encoder().encode(texts)


ENGLISH = ["The committee met on Monday.", "It adopted the budget.", "Thank you."]
CHINESE = ["委员会星期一开会。", "它通过了预算。", "谢谢。"]


def test_any_object_that_fits_is_accepted_and_named():
    alignment = align(ENGLISH, CHINESE, src_lang="en", tgt_lang="zh", encoder=Counting())
    assert [(b.src_start, b.tgt_start) for b in alignment.beads] == [(0, 0), (1, 1), (2, 2)]
    assert "encoder=counting/1" in alignment.signature
    assert alignment.signature != signature()


def test_the_cache_keeps_vectors_between_runs(tmp_path):
    inner = Counting()
    first = CachedEncoder(inner, tmp_path / "deep" / "vectors.db").encode([*ENGLISH, ENGLISH[0], "\ud800"])
    assert inner.asked == 4
    again = CachedEncoder(inner, tmp_path / "deep" / "vectors.db").encode([*ENGLISH, ENGLISH[0], "\ud800"])
    assert inner.asked == 4
    np.testing.assert_array_equal(first, again)
    np.testing.assert_allclose(first[:3], default_encoder().encode(ENGLISH), atol=1e-5)


def test_the_cache_tells_encoders_apart(tmp_path):
    one, other = Counting(), Counting()
    other.name = "counting/2"
    CachedEncoder(one, tmp_path / "vectors.db").encode(ENGLISH)
    CachedEncoder(other, tmp_path / "vectors.db").encode(ENGLISH)
    assert other.asked == 3


def test_a_file_that_is_no_cache_is_a_clear_error(tmp_path):
    (tmp_path / "vectors.db").write_text("this is no database " * 100, encoding="utf-8")
    with pytest.raises(AlignError, match="vector cache"):
        CachedEncoder(Counting(), tmp_path / "vectors.db")


def test_the_embedded_encoder_by_name(tmp_path):
    assert load_encoder() is load_encoder("use") is default_encoder()
    assert load_encoder(cache=tmp_path / "vectors.db").name == default_encoder().name


def test_the_missing_extra_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(AlignError, match=r"pip install 'corpusalign\[labse\]'"):
        load_encoder("labse")


def test_a_sentence_transformers_model_is_driven_by_its_name(monkeypatch):
    class Model:
        def __init__(self, name):
            if name == "nowhere":
                raise OSError("no such model, no network")
            self.name = name

        def get_sentence_embedding_dimension(self):
            return 512

        def encode(self, texts, **options):
            assert options["normalize_embeddings"]
            return default_encoder().encode(texts)

    monkeypatch.setitem(sys.modules, "sentence_transformers", SimpleNamespace(SentenceTransformer=Model))
    encoder = load_encoder("labse")
    assert (encoder.name, encoder.dimension) == ("sentence-transformers/labse", 512)
    assert encoder.encode([]).shape == (0, 512)
    assert encoder.encode(ENGLISH).shape == (3, 512)
    with pytest.raises(AlignError, match="neither from a local folder nor from the network"):
        load_encoder("nowhere")
