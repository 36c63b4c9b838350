"""Options of the commands that encode sentences: which encoder, where vectors are kept, which weights."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpusalign.encode import Encoder


def add_encoding(parser: argparse.ArgumentParser | argparse._ArgumentGroup, *, weights: bool = True) -> None:
    """Add the options to a parser, or to a group of its options."""
    parser.add_argument(
        "--encoder",
        metavar="NAME",
        help="labse, or a sentence-transformers model by name or folder (default: the embedded encoder)",
    )
    parser.add_argument("--vectors", metavar="FILE", help="keep sentence vectors there between runs")
    if weights:
        parser.add_argument("--weights", metavar="FILE", help="align by the weights that `tune` wrote there")


def chosen_encoder(options: argparse.Namespace) -> Encoder | None:
    """Return the encoder that the options name, or None for the embedded one without a cache."""
    if options.encoder is None and options.vectors is None:
        return None
    from corpusalign.encode import load_encoder

    return load_encoder(options.encoder, cache=options.vectors)
