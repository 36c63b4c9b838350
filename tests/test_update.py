from __future__ import annotations

import random
import sys
from dataclasses import replace

import pytest

from corpusalign.errors import LanguageError
from corpusalign.review import apply_edits
from corpusalign.review.edits import Approve, Comment, Edit, Merge, Move, Reject, Rewrite, Split
from corpusalign.review.replay import Table
from corpusalign.review.rows import base_of
from corpusalign.segment import segment
from corpusalign.types import Bitext, Block, Document, MultiBead
from corpusalign.units import make_units
from corpusalign.update import Update, update
from tests.conftest import FIXTURES
from tests.review_samples import gold_bitext
from tests.samples import document

# Not by an import: the package may give its name to the function.
module = sys.modules[update.__module__]

LANGUAGES = ("en", "zh", "fr")
NEW = {"en": "This is new.", "zh": "这是新的。", "fr": "C’est neuf."}
Blocks = dict[str, list[Block]]


def page(lang: str, blocks: list[Block], digest: str = "0") -> Document:
    return replace(document(lang, "Page"), blocks=tuple(blocks), page_sha256=digest * 64)


def paragraph(text: str) -> Block:
    return Block("paragraph", 0, text, "/html/body/p")


def bitext_of(blocks: Blocks, beads: list[tuple[int, ...]]) -> Bitext:
    """A bitext whose rows have these numbers of sentences in each language."""
    documents = [page(lang, blocks[lang]) for lang in LANGUAGES]
    sentences = [segment(one) for one in documents]
    at = [0] * len(LANGUAGES)
    ranges = []
    for counts in beads:
        ranges.append(tuple((start, start + count) for start, count in zip(at, counts, strict=True)))
        at = [start + count for start, count in zip(at, counts, strict=True)]
    assert at == list(map(len, sentences))
    rows = make_units(documents, sentences, [MultiBead(each, 0.9) for each in ranges])
    return Bitext(LANGUAGES, tuple(documents), tuple(map(tuple, sentences)), rows, "test")


def two_hundred_rows() -> tuple[Blocks, Bitext]:
    """The fixtures one behind the other, and forty short paragraphs more."""
    blocks: Blocks = {lang: [] for lang in LANGUAGES}
    beads: list[tuple[int, ...]] = []
    for name in ("sco-2020", "river-cleanup", "tea-museum-gb18030"):
        gold = gold_bitext(FIXTURES / name)
        for one in gold.documents:
            blocks[one.lang] += one.blocks
        for row in gold.rows:
            beads.append(
                tuple(
                    sum(
                        span.block == sentence.block and span.start <= sentence.start < span.end
                        for sentence in gold.sentences[index]
                        for span in (row.origin[lang].spans if lang in row.origin else ())
                    )
                    for index, lang in enumerate(LANGUAGES)
                )
            )
    for number in range(200 - len(beads)):
        blocks["en"].append(paragraph(f"On day {number} the gauge at the bridge read {40 + number} cm."))
        blocks["zh"].append(paragraph(f"第{number}天，桥边的水尺读数为{40 + number}厘米。"))
        blocks["fr"].append(paragraph(f"Le jour {number}, l’échelle du pont indiquait {40 + number} cm."))
        beads.append((1, 1, 1))
    return blocks, bitext_of(blocks, beads)


def sixty_edits(old: Bitext) -> list[Edit]:
    """Every kind of edit, at rows that a seed chooses; each takes rows that no other does."""
    rows = old.rows
    order = random.Random(5).sample(range(0, len(rows) - 2, 3), 52)
    edits: list[Edit] = []
    for turn, at in enumerate(order):
        unit, behind = rows[at], rows[at + 1]
        lang = next(iter(unit.variants))
        text = unit.variants[lang]
        match turn % 8:
            case 0 | 1:
                edits.append(Approve(unit.id))
            case 2:
                edits += [Rewrite(unit.id, lang, text, f"{text} (sic)"), Approve(unit.id)]
            case 3:
                edits.append(Reject(unit.id, "wrongly aligned"))
            case 4:
                edits.append(Comment(unit.id, "look again"))
            case 5:
                edits.append(Merge(unit.id, behind.id))
            case 6 if len(unit.variants) > 1:
                half = {code: (len(each) // 2,) * 2 for code, each in unit.variants.items()}
                edits.append(Split(unit.id, f"{unit.id}.2", half))
            case _:
                edits.append(Move(unit.id, behind.id, lang, (len(text) // 2,) * 2, ""))
    edits += [Approve(edit.unit) for edit in edits if isinstance(edit, Merge)]
    return edits[:60]


def change(blocks: Blocks) -> Blocks:
    """The page as it is later: changed in fifteen places, five in each language."""
    later = {lang: list(each) for lang, each in blocks.items()}
    for lang, word in zip(LANGUAGES, ("Moreover, ", "此外，", "De plus, "), strict=True):
        of_page = later[lang]
        for at in (9, len(of_page) // 2, len(of_page) - 5):
            of_page[at] = replace(of_page[at], text=word + of_page[at].text)
        del of_page[len(of_page) - 12]
        of_page.insert(len(of_page) // 4, paragraph(NEW[lang]))
    return later


def lost_by_their_text(old: Bitext, edits: list[Edit], still: set[str]) -> set[int]:
    """The numbers of the edits that touch a row with text that is no longer on the page."""
    base = base_of(old)
    table = Table(base)
    lost = set()
    for number, edit in enumerate(edits, start=1):
        names = [edit.unit, *([edit.other] if isinstance(edit, Merge | Move) else [])]
        for name in names:
            (row,) = [row for row in table.rows() if row.id == name]
            sources = {
                source.unit for cell in row.cells.values() for piece in cell for source in piece.sources
            }
            if not sources <= still:
                lost.add(number)
        table.apply(edit)
    return lost


@pytest.fixture(scope="module")
def updated() -> tuple[Bitext, list[Edit], list[Document], Update, list[int]]:
    blocks, old = two_hundred_rows()
    edits = sixty_edits(old)
    pages = [page(lang, each, "1") for lang, each in change(blocks).items()]
    aligned: list[int] = []
    whole = module.align_many

    def counted(sides, langs, **options):
        aligned.append(sum(map(len, sides)))
        return whole(sides, langs, **options)

    module.align_many = counted
    try:
        return old, edits, pages, update(old, pages, edits=edits), aligned
    finally:
        module.align_many = whole


def test_the_case_is_what_it_claims_to_be(updated):
    old, edits, _, _, _ = updated
    assert (len(old.rows), len(edits)) == (200, 60)
    assert len({type(edit) for edit in edits}) == 7
    apply_edits(old, edits)


def test_every_edit_on_unchanged_text_survives_and_each_other_is_reported(updated):
    old, edits, pages, result, _ = updated
    now = {one.lang: "".join(block.text for block in one.blocks).split() for one in pages}
    letters = {lang: "".join(each) for lang, each in now.items()}
    sentences = {one.lang: {"".join(s.text.split()) for s in segment(one)} for one in pages}
    still = {
        row.id
        for row in old.rows
        if all(
            "".join(text.split()) in letters[lang]
            and all("".join(s.text.split()) in sentences[lang] for s in _cut(old, row, lang))
            for lang, text in row.variants.items()
        )
    }
    assert 160 < len(still) < 200
    lost = lost_by_their_text(old, edits, still)
    assert lost
    assert {misfit.number for misfit in result.lost} == lost
    assert [misfit.edit for misfit in result.lost] == [edits[number - 1] for number in sorted(lost)]
    assert list(result.edits) == [edit for number, edit in enumerate(edits, 1) if number not in lost]
    assert all(str(misfit) for misfit in result.lost)


def _cut(old: Bitext, row, lang: str):
    index = old.languages.index(lang)
    return [
        sentence
        for sentence in old.sentences[index]
        for span in row.origin[lang].spans
        if span.block == sentence.block and span.start <= sentence.start < span.end
    ]


def test_only_what_changed_is_aligned(updated):
    old, _, _, result, aligned = updated
    assert result.kept > 170
    assert result.realigned < 30
    assert sum(aligned) < 0.15 * sum(map(len, old.sentences))


def test_the_rows_tile_the_new_pages_and_lead_back_to_them(updated):
    _, _, pages, result, _ = updated
    for number, one in enumerate(pages):
        places = []
        for row in result.bitext.rows:
            for span in row.origin[one.lang].spans if one.lang in row.origin else ():
                places.append((span.block, span.start))
                assert row.origin[one.lang].page_sha256 == "1" * 64
                assert one.blocks[span.block].text[span.start : span.end] in row.variants[one.lang]
        assert places == sorted(places)
        total = sum(len("".join(s.text.split())) for s in result.bitext.sentences[number])
        rows = [row.variants.get(one.lang, "") for row in result.bitext.rows]
        assert sum(len("".join(text.split())) for text in rows) == total
    assert len({row.id for row in result.bitext.rows}) == len(result.bitext.rows)


def test_what_was_approved_stays_approved(updated):
    old, edits, _, result, _ = updated
    before = {unit.id: unit for unit in apply_edits(old, edits)}
    after = {unit.id: unit for unit in apply_edits(result.bitext, result.edits)}
    for edit in result.edits:
        if isinstance(edit, Approve):
            assert after[edit.unit].variants == before[edit.unit].variants
            assert after[edit.unit].scores == before[edit.unit].scores


def test_an_update_of_unchanged_pages_changes_nothing(updated):
    old, edits, _, _, _ = updated
    result = update(old, old.documents, edits=edits)
    assert result.bitext.rows == old.rows
    assert (result.edits, result.lost, result.realigned) == (tuple(edits), (), 0)


def small(english: list[str], french: list[str]) -> list[Document]:
    return [page("en", list(map(paragraph, english))), page("fr", list(map(paragraph, french)))]


def units_of(documents: list[Document], *counts: tuple[int, int]) -> list:
    sentences = [segment(one) for one in documents]
    at = [0, 0]
    beads = []
    for count in counts:
        beads.append(MultiBead(tuple((a, a + c) for a, c in zip(at, count, strict=True)), 0.9))
        at = [a + c for a, c in zip(at, count, strict=True)]
    return list(make_units(documents, sentences, beads))


def test_an_omission_that_was_translated_meanwhile_is_aligned():
    old = small(
        ["Rain fell.", "Nobody came to the old well.", "Night came."], ["La pluie tomba.", "La nuit vint."]
    )
    units = units_of(old, (1, 1), (1, 0), (1, 1))
    new = small(
        ["Rain fell.", "Nobody came to the old well.", "Night came."],
        ["La pluie tomba.", "Personne ne vint au vieux puits.", "La nuit vint."],
    )
    result = update(units, new)
    assert [sorted(row.variants) for row in result.bitext.rows] == [["en", "fr"]] * 3
    assert (result.kept, result.realigned) == (2, 1)
    # Somebody said that it is an omission: then it stays one.
    result = update(units, new, edits=[Approve(units[1].id)])
    assert [sorted(row.variants) for row in result.bitext.rows] == [
        ["en", "fr"],
        ["en"],
        ["fr"],
        ["en", "fr"],
    ]
    assert result.edits == (Approve(units[1].id),)


def test_an_approval_of_a_merged_row_is_none_of_its_first_half():
    old = small(["Rain fell.", "Night came."], ["La pluie tomba.", "La nuit vint."])
    units = units_of(old, (1, 1), (1, 1))
    edits = [Merge(units[0].id, units[1].id), Approve(units[0].id)]
    result = update(
        units, small(["Rain fell.", "Day came."], ["La pluie tomba.", "Le jour vint."]), edits=edits
    )
    assert result.edits == ()
    assert [misfit.number for misfit in result.lost] == [1, 2]


def test_repeated_sentences_keep_their_own_ids():
    old = small(["Yes.", "It rained.", "Yes."], ["Oui.", "Il plut.", "Oui."])
    units = units_of(old, (1, 1), (1, 1), (1, 1))
    new = small(["Yes.", "Yes.", "It rained.", "Yes."], ["Oui.", "Oui.", "Il plut.", "Oui."])
    result = update(units, new, edits=[Approve(units[2].id)])
    assert len({row.id for row in result.bitext.rows}) == 4
    assert result.bitext.rows[-1].id == units[2].id
    assert result.edits == (Approve(units[2].id),)


def test_what_was_mended_in_the_file_itself_and_is_gone_is_named():
    old = small(["Rain fell."], ["La pluie tomba."])
    units = apply_edits(units_of(old, (1, 1)), [])
    mended = [
        replace(units[0], variants={"en": "Rain fell!", "fr": "La pluie tomba."}, scores={"mended": 1.0})
    ]
    assert update(mended, old).gone == (units[0].id,)
    assert update(units, old).gone == ()


def test_pages_of_other_languages():
    old = small(["Rain fell."], ["La pluie tomba."])
    units = units_of(old, (1, 1))
    with pytest.raises(LanguageError, match="one page for each language"):
        update(units, old[:1])
    with pytest.raises(ValueError, match="one language a page"):
        update(units, old, langs=["en"])
