"""Features of beads that depend on blocks, quotations and whole documents."""

from __future__ import annotations

import numpy as np
import pytest

from corpusalign.align import align
from corpusalign.align.band import search_band
from corpusalign.align.features import FEATURES, SHAPES
from corpusalign.align.model import feature_cells
from corpusalign.align.side import side
from corpusalign.encode import default_encoder
from corpusalign.types import Sentence

ENGLISH = ["The committee met.", "It adopted the budget.", "It elected a chair.", "Thank you."]
FRENCH = ["La commission s'est réunie.", "Elle a adopté le budget.", "Elle a élu un président.", "Merci."]


def in_blocks(texts, blocks):
    return [Sentence(text, block, 0, len(text)) for text, block in zip(texts, blocks, strict=True)]


def values(source, target, name):
    """Return a function from shape and cut to a feature's value."""
    encoder = default_encoder()
    one, other = side(source, encoder), side(target, encoder)
    band = search_band(one, other, 8)
    cells = feature_cells(one, other, band)

    def value(shape, i, j):
        cell = int(band.cell(np.array([i]), np.array([j]))[0])
        return float(cells[SHAPES.index(shape), cell, FEATURES.index(name)])

    return value


@pytest.mark.parametrize(
    ("shape", "cut", "crossed", "ends"),
    [
        ((1, 1), (0, 0), 0, 0),
        ((1, 1), (1, 1), 0, 0),  # a block ends on both sides
        ((1, 1), (1, 0), 0, 1),  # on one alone
        ((2, 2), (0, 0), 0, 0),
        ((2, 2), (1, 1), 2, 0),  # one end inside each run
        ((3, 1), (0, 0), 1, 0),
        ((2, 1), (2, 3), 0, 0),
        ((1, 0), (1, 1), 0, 0),  # omissions pass block ends freely
        ((0, 1), (1, 1), 0, 0),
    ],
)
def test_block_ends_are_counted(shape, cut, crossed, ends):
    source, target = in_blocks(ENGLISH, [0, 0, 1, 1]), in_blocks(FRENCH, [4, 4, 7, 7])
    assert values(source, target, "blocks_crossed")(shape, *cut) == crossed
    assert values(source, target, "blocks_end")(shape, *cut) == ends


def test_blocks_of_one_side_alone_tell_nothing():
    for name in ("blocks_crossed", "blocks_end"):
        value = values(in_blocks(ENGLISH, [0, 0, 1, 1]), FRENCH, name)
        assert value((2, 2), 1, 1) == value((1, 1), 1, 0) == 0


def test_blocks_decide_where_words_do_not():
    source = ["Yes.", "Yes.", "Yes."]
    target = ["Oui.", "Oui."]
    early = align(in_blocks(source, [0, 0, 1]), in_blocks(target, [0, 1]), src_lang="en", tgt_lang="fr")
    late = align(in_blocks(source, [0, 1, 1]), in_blocks(target, [0, 1]), src_lang="en", tgt_lang="fr")
    ends = [
        {(bead.src_stop, bead.tgt_stop) for bead in found.beads if bead.tgt_start < bead.tgt_stop}
        for found in (early, late)
    ]
    assert (1, 1) in ends[1]
    assert ends[0] != ends[1]


def test_only_marked_quotations_tell():
    source = ["“One.”", "“Two.”", "“Three,", "four.”"]
    value = values(source, ["« Un. »", "« Deux. »", "« Trois,", "quatre. »"], "speech_open")
    assert value((1, 1), 2, 2) == 0
    assert value((1, 1), 2, 1) == 1
    closes = values(source, ["« Un. »", "« Deux. »", "« Trois,", "quatre. »"], "speech_closes")
    assert closes((1, 1), 2, 1) == 1
    assert closes((2, 1), 2, 3) == 0
    silent = values(source, ["- Un.", "- Deux.", "- Trois,", "quatre."], "speech_open")
    assert silent((1, 1), 2, 1) == 0


def test_an_omission_tells_of_neighbours_that_match_nothing():
    stretch = [
        "Goats sleep.",
        "Rates rose.",
        "A bridge fell.",
        "Snow is white.",
        "The opera opens.",
        "Tea is hot.",
    ]
    beside = values([*ENGLISH, *stretch], FRENCH, "omitted_beside")
    assert beside((1, 0), 1, 1) == 0
    assert beside((1, 0), 7, 4) > 0.1
    # The same documents the other way round say the same.
    turned = values(FRENCH, [*ENGLISH, *stretch], "omitted_beside")
    assert turned((0, 1), 4, 7) == pytest.approx(beside((1, 0), 7, 4), abs=1e-3)
