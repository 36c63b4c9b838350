"""Bitexts that the tests of the review page need: a hostile one, a large one, and the gold ones."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from corpusalign.types import Bitext, Block, Document, MultiBead
from corpusalign.units import make_units
from tests.samples import document, sentences

HOSTILE = "</script><img src=x onerror=\"window.pwned='text'\"><!-- <script> --> {{data}} & \u2028 'quoted'"


def hostile() -> Bitext:
    """A bitext whose every text tries to become markup."""
    page = replace(
        document("en", HOSTILE), url="javascript:window.pwned='url'", title=HOSTILE, source=HOSTILE
    )
    other = replace(document("fr", HOSTILE), url=f"https://example.org/{HOSTILE}")
    lists = (sentences(page, HOSTILE), sentences(other, HOSTILE))
    (row,) = make_units((page, other), lists, [MultiBead(((0, 1), (0, 1)), 0.5)], scores=[{HOSTILE: 1.0}])
    return Bitext(("en", "fr"), (page, other), lists, (replace(row, note=HOSTILE),), HOSTILE)


def large(count: int) -> Bitext:
    english = document("en", *(f"Row {i} of many." for i in range(count)))
    french = document("fr", *(f"Ligne {i} parmi d'autres." for i in range(count)))
    lists = tuple(sentences(page, *(block.text for block in page.blocks)) for page in (english, french))
    beads = [MultiBead(((i, i + 1), (i, i + 1)), (i % 100) / 100) for i in range(count)]
    return Bitext(
        ("en", "fr"), (english, french), lists, make_units((english, french), lists, beads), "large"
    )


def gold_bitext(folder: Path) -> Bitext:
    """A fixture's gold alignment as a bitext; the confidences are made up, one row in six a doubtful one."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    languages = gold["languages"]
    documents = [_gold_document(lang, gold["documents"][lang]) for lang in languages]
    lists = [
        sentences(of, *(sentence["text"] for sentence in gold["documents"][of.lang]["sentences"]))
        for of in documents
    ]
    at = [0] * len(languages)
    beads = []
    for number, group in enumerate(gold["groups"]):
        ranges = []
        for index, lang in enumerate(languages):
            ranges.append((at[index], at[index] + len(group[lang])))
            at[index] += len(group[lang])
        beads.append(MultiBead(tuple(ranges), 0.55 if number % 6 == 5 else 0.93 + (number % 7) / 100))
    rows = make_units(documents, lists, beads)
    return Bitext(tuple(languages), tuple(documents), tuple(map(tuple, lists)), rows, "gold")


def _gold_document(lang: str, record: dict[str, object]) -> Document:
    blocks = tuple(
        Block(block["kind"], block["level"], block["text"], f"/html/body/div[2]/*[{number}]")
        for number, block in enumerate(record["blocks"], start=1)
    )
    made = document(lang, record["title"])
    return replace(made, blocks=blocks, date=record["date"], source=record["source"])
