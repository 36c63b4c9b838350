from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpusalign.cli import main
from corpusalign.formats import read, write
from corpusalign.formats.paragraphs import by_paragraph
from corpusalign.types import Origin, Span, TranslationUnit
from tests.samples import bitext, patient

# A unit as (block of its English, of its French), None for an omission.
Blocks = tuple[int | None, int | None]


def units_of(blocks: list[Blocks]) -> list[TranslationUnit]:
    units = []
    for number, pair in enumerate(blocks):
        variants, origin = {}, {}
        for code, block in zip(("en", "fr"), pair, strict=True):
            if block is not None:
                variants[code] = f"{code}{number}."
                span = Span(block, f"p{block}", 5 * number, 5 * number + 4)
                origin[code] = Origin(code, "", (span,))
        units.append(TranslationUnit(str(number), variants, 1 - number / 100, origin=origin))
    return units


def joined(*blocks: Blocks) -> list[tuple[str, ...]]:
    return [tuple(unit.variants.values()) for unit in by_paragraph(units_of(list(blocks)))]


def test_units_of_a_block_are_joined() -> None:
    assert joined((0, 0), (0, 0), (1, 1)) == [("en0. en1.", "fr0. fr1."), ("en2.", "fr2.")]
    assert joined((0, 0), (0, 1), (1, 2)) == [("en0. en1.", "fr0. fr1."), ("en2.", "fr2.")]
    assert joined((0, 0), (1, 1), (1, 2), (2, 2)) == [("en0.", "fr0."), ("en1. en2. en3.", "fr1. fr2. fr3.")]


def test_what_stands_between_in_one_language_is_inside() -> None:
    assert joined((0, 0), (1, None), (2, 0), (3, 1)) == [("en0. en1. en2.", "fr0. fr2."), ("en3.", "fr3.")]
    assert joined((0, 0), (0, None), (1, 1)) == [("en0. en1.", "fr0."), ("en2.", "fr2.")]
    assert joined((0, 0), (1, None), (2, 1)) == [("en0.", "fr0."), ("en1.",), ("en2.", "fr2.")]


def test_a_page_ends_with_that_of_another_language() -> None:
    def unit(number: int, *codes: str) -> TranslationUnit:
        origin = {code: Origin(f"{code}{number}", "", (Span(0, "p", 0, 1),)) for code in codes}
        return TranslationUnit(str(number), dict.fromkeys(codes, "x"), 1.0, origin=origin)

    taken = []

    def some() -> Iterator[TranslationUnit]:
        for number in range(100):
            taken.append(number)
            yield unit(number, "en", "fr") if number else unit(number, "en", "zh")

    # No page in Chinese follows: the first one is over all the same.
    assert next(iter(by_paragraph(some()))).id == "0"
    assert taken == [0, 1]


def test_what_a_paragraph_keeps() -> None:
    first, second = by_paragraph(units_of([(0, 0), (0, 1), (1, 2)]))
    assert first.confidence == 0.99
    assert first.origin["en"].spans == (Span(0, "p0", 0, 9),)
    assert first.origin["fr"].spans == (Span(0, "p0", 0, 4), Span(1, "p1", 5, 9))
    assert second == units_of([(0, 0), (0, 1), (1, 2)])[2]


def naive(blocks: list[Blocks]) -> list[int]:
    """Return the number of its paragraph for each unit, by joining until nothing changes."""
    groups = [{place} for place in range(len(blocks))]

    def has(group: set[int], code: int) -> set[int | None]:
        return {blocks[place][code] for place in group} - {None}

    changed = True
    while changed:
        changed = False
        for one in range(len(groups)):
            for other in range(one + 1, len(groups)):
                if any(has(groups[one], code) & has(groups[other], code) for code in (0, 1)):
                    groups[one : other + 1] = [set().union(*groups[one : other + 1])]
                    changed = True
                    break
            if changed:
                break
    return [place for place, group in enumerate(groups) for _ in group]


@patient
@given(st.lists(st.tuples(*[st.tuples(st.integers(0, 1), st.booleans())] * 2), max_size=12))
def test_it_is_what_joining_until_nothing_changes_gives(steps: list[tuple[tuple[int, bool], ...]]) -> None:
    reached = [0, 0]
    blocks: list[Blocks] = []
    for step in steps:
        pair: list[int | None] = []
        for code, (further, there) in enumerate(step):
            reached[code] += further
            pair.append(reached[code] if there else None)
        if any(block is not None for block in pair):
            blocks.append((pair[0], pair[1]))
    expected: list[tuple[str, ...]] = []
    numbers = naive(blocks)
    units = units_of(blocks)
    for paragraph in sorted(set(numbers)):
        members = [unit for unit, number in zip(units, numbers, strict=True) if number == paragraph]
        found: dict[str, list[str]] = {}
        for unit in members:
            for code, text in unit.variants.items():
                found.setdefault(code, []).append(text)
        expected.append(tuple(sorted(" ".join(texts) for texts in found.values())))
    assert [tuple(sorted(unit.variants.values())) for unit in by_paragraph(units)] == expected


def test_units_without_origin_are_paragraphs_by_themselves() -> None:
    units = [TranslationUnit(str(number), {"en": "a", "fr": "b"}, 1) for number in range(3)]
    assert list(by_paragraph(units)) == units


def test_a_memory_of_paragraphs(tmp_path: Path) -> None:
    write(bitext(), tmp_path / "m.tmx", segments="paragraph")
    header = etree.parse(tmp_path / "m.tmx").find("header")
    assert header.get("segtype") == "paragraph"
    assert header.find("prop").get("type") == "x-signature"
    assert len(list(read(tmp_path / "m.tmx"))) == 5
    write(units_of([(0, 0), (0, 0), (1, 1)]), tmp_path / "s.jsonl")
    assert main(["tmx", "convert", str(tmp_path / "s.jsonl"), str(tmp_path / "p.tmx"), "--paragraphs"]) == 0
    assert [unit.variants["fr"] for unit in read(tmp_path / "p.tmx")] == ["fr0. fr1.", "fr2."]
    assert 'segtype="paragraph"' in (tmp_path / "p.tmx").read_text()
