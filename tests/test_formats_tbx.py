from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpusalign.errors import FormatError
from corpusalign.formats import read, write
from corpusalign.formats.report import Repair
from corpusalign.formats.tbx import V2, V3, read_tbx, write_tbx
from corpusalign.types import TranslationUnit
from tests.samples import patient, units

WELL = TranslationUnit(
    "w", {"en": "well & pump", "zh": "水井", "fr": "puits"}, 0.5, {"source count": 12.0}, note="seen | vu"
)
versions = pytest.mark.parametrize("version", [V2, V3], ids=["v2", "v3"])


def written(of: object, **options: object) -> bytes:
    stream = io.BytesIO()
    write_tbx(of, stream, "t.tbx", **options)
    return stream.getvalue()


def got(data: str | bytes, **options: object) -> list[TranslationUnit]:
    raw = data.encode("utf-8") if isinstance(data, str) else data
    return list(read_tbx(io.BytesIO(raw), "t.tbx", **options))


def test_version_3_as_it_stands() -> None:
    assert written([WELL], languages=["en", "zh"]).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">\n'
        "<tbxHeader><fileDesc><sourceDesc><p>Written by corpusalign</p></sourceDesc></fileDesc></tbxHeader>\n"
        '<text><body>\n<conceptEntry id="c1">\n<note>seen | vu</note>\n'
        "<note>corpusalign: id=w confidence=0.5 score-source%20count=12.0</note>\n"
        '<langSec xml:lang="en"><termSec><term>well &amp; pump</term></termSec></langSec>\n'
        '<langSec xml:lang="zh-CN"><termSec><term>水井</term></termSec></langSec>\n'
        "</conceptEntry>\n</body></text>\n</tbx>\n"
    )


def test_version_2_has_the_old_names() -> None:
    root = etree.fromstring(written([WELL], version=V2))
    assert root.tag == "martif"
    assert [term.text for term in root.iterfind("text/body/termEntry/langSet/tig/term")] == [
        "well & pump",
        "水井",
        "puits",
    ]


@versions
@patient
@given(given_units=st.lists(units(xml=True), max_size=3))
def test_any_unit_comes_back(version: object, given_units: list[TranslationUnit]) -> None:
    expected = []
    for unit in given_units:
        texts = {code: text for code, text in unit.variants.items() if text.strip()}
        note = None if unit.note is not None and unit.note.startswith("corpusalign: ") else unit.note
        if texts:
            expected.append(TranslationUnit(unit.id, texts, unit.confidence, unit.scores, note=note))
    assert got(written(given_units, version=version)) == expected


def test_what_is_lost_is_counted() -> None:
    bad = TranslationUnit("u", {"en": "a\x00", "fr": " "}, 1, note="\x01")
    result = write_tbx([bad, TranslationUnit("v", {"en": " "}, 1)], io.BytesIO(), "t")
    assert (result.units, result.left_out, result.characters_removed) == (1, 1, 2)
    with pytest.raises(FormatError, match="'no code' is no language code"):
        written([TranslationUnit("u", {"en": "a", "no code": "b"}, 1)])
    with pytest.raises(FormatError, match="unit u: holds a figure that is not finite"):
        written([TranslationUnit("u", {"en": "a"}, 1, {"s": float("inf")})])


def foreign(entry: str) -> str:
    return f'<tbx xmlns="urn:iso:std:iso:30042:ed-2"><text><body>\n{entry}\n</body></text></tbx>'


def test_foreign_files() -> None:
    entry = (
        '<conceptEntry id="c9"><descrip type="subjectField">water</descrip><note>n</note>'
        '<langSec xml:lang="EN-us"><termSec><term>well</term><termNote type="partOfSpeech">noun</termNote>'
        "</termSec><termSec><term>bore <hi>hole</hi></term></termSec></langSec>"
        '<langSec xml:lang="fr"><termSec><term>puits</term></termSec></langSec></conceptEntry>'
    )
    one, two = got(foreign(entry))
    assert (dict(one.variants), one.note, one.confidence) == ({"en-US": "well", "fr": "puits"}, "n", 1.0)
    assert dict(two.variants) == {"en-US": "bore hole", "fr": "puits"}
    assert one.id != two.id
    old = (
        '<martif type="TBX"><text><body><termEntry><langSet lang="de"><ntig><termGrp><term>Brunnen</term>'
        "</termGrp></ntig></langSet></termEntry></body></text></martif>"
    )
    assert [dict(unit.variants) for unit in got(old)] == [{"de": "Brunnen"}]


def test_repairs() -> None:
    repairs: list[Repair] = []
    entries = (
        "<conceptEntry/>\n<conceptEntry><langSec xml:lang='*'><termSec><term>x</term></termSec></langSec>"
        "<note>corpusalign: confidence=2 count=3</note>"
        "<langSec xml:lang='en'><termSec><term>a</term></termSec></langSec></conceptEntry>"
    )
    (unit,) = got(foreign(entries), on_repair=repairs.append)
    assert (dict(unit.variants), unit.confidence, dict(unit.scores)) == ({"en": "a"}, 1.0, {})
    assert [(repair.unit, repair.line, repair.fault) for repair in repairs] == [
        (1, 2, "it holds no term"),
        (2, 3, "the language of its terms is '*'"),
        (2, 3, "the figure 'confidence' is '2'"),
        (2, 3, "the figure 'count' is '3'"),
    ]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("<tmx/>", "is not TBX: its outermost element is <tmx>"),
        (foreign("<conceptEntry>"), "line 3: is not well-formed XML"),
        (
            "<!DOCTYPE tbx [<!ENTITY e 'x'>]>"
            + foreign("<conceptEntry><langSec xml:lang='en'><term>&e;</term></langSec></conceptEntry>"),
            "unit 1: uses the entity &e;",
        ),
    ],
)
def test_bad_files(data: str, fault: str) -> None:
    with pytest.raises(FormatError, match=f"^t.tbx: .*{fault}|^t.tbx: {fault}"):
        got(data)


def test_translate_toolkit_reads_version_2(tmp_path: Path) -> None:
    from translate.storage.tbx import tbxfile

    write([WELL], tmp_path / "t.tbx", format="tbx2", languages=["en", "fr"])
    with (tmp_path / "t.tbx").open("rb") as stream:
        store = tbxfile(stream, "en", "fr")
    assert [(unit.source, unit.target) for unit in store.units] == [("well & pump", "puits")]


def test_a_note_like_ours_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "t.tbx").write_text(
        "<tbx><text><body><conceptEntry><note>corpusalign: id=%FF</note>"
        '<langSec xml:lang="en"><termSec><term>a</term></termSec></langSec></conceptEntry>'
        "</body></text></tbx>"
    )
    (unit,) = read(tmp_path / "t.tbx")
    assert (unit.id, unit.variants) == ("%FF", {"en": "a"})
