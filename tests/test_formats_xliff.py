from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpusalign.errors import FormatError
from corpusalign.formats import write
from corpusalign.formats.report import Repair
from corpusalign.formats.xliff import read_xliff, write_xliff
from corpusalign.types import TranslationUnit
from tests.samples import bitext, patient, units

NS = "{urn:oasis:names:tc:xliff:document:1.2}"


def written(of: object, **options: object) -> bytes:
    stream = io.BytesIO()
    write_xliff(of, stream, "m.xlf", **options)
    return stream.getvalue()


def got(data: str | bytes, **options: object) -> list[TranslationUnit]:
    raw = data.encode("utf-8") if isinstance(data, str) else data
    return list(read_xliff(io.BytesIO(raw), "m.xlf", **options))


def foreign(
    body: str, *, languages: str = 'source-language="en" target-language="fr"', version: str = "1.2"
) -> str:
    return (
        f'<xliff version="{version}" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
        f'<file original="a" datatype="x" {languages}>\n<header/><body>\n{body}\n</body></file></xliff>'
    )


def test_the_file_as_it_stands() -> None:
    unit = TranslationUnit('a"b', {"en": " One & <two> ", "zh": "一\r"}, 0.5, note="seen")
    assert written([unit]).decode("utf-8") == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"'
        ' xmlns:ca="urn:corpusalign:xliff:1">\n'
        '<file original="unknown" source-language="en" target-language="zh-CN" datatype="plaintext"><body>\n'
        '<trans-unit id="a&quot;b" xml:space="preserve" ca:confidence="0.5">'
        '<source xml:lang="en"> One &amp; &lt;two&gt; </source><target xml:lang="zh-CN">一&#13;</target>'
        "<note>seen</note></trans-unit>\n"
        "</body></file>\n</xliff>\n"
    )


@patient
@given(st.lists(units(xml=True, fewest=2), max_size=3))
def test_any_text_comes_back(given_units: list[TranslationUnit]) -> None:
    expected = []
    for unit in given_units:
        if {"en", "fr"} <= set(unit.variants):
            texts = {code: unit.variants[code] for code in ("en", "fr")}
            expected.append(TranslationUnit(unit.id, texts, unit.confidence, note=unit.note))
    assert got(written(given_units, languages=["en", "fr"])) == expected


def test_a_file_element_a_page() -> None:
    root = etree.fromstring(written(bitext(), languages=["en", "fr"]))
    assert [file.get("original") for file in root] == ["https://example.org/en/page.html?a=1&b=2"]
    assert [len(file.findall(f"{NS}body/{NS}trans-unit")) for file in root] == [4]
    assert len(etree.fromstring(written([], languages=["en", "fr"])).findall(f"{NS}file")) == 1


def test_units_without_both_languages_are_left_out_and_losses_counted() -> None:
    bad = TranslationUnit("x\x01", {"en": "a\x00", "fr": "b\ud800"}, 1, note="\x02")
    result = write_xliff([*bitext(), bad], io.BytesIO(), "x", languages=["en", "fr"])
    assert (result.units, result.left_out, result.characters_removed) == (5, 1, 4)


def test_two_languages_and_no_more() -> None:
    with pytest.raises(FormatError, match="holds two languages, not 3; name the two with languages="):
        written(bitext())
    with pytest.raises(FormatError, match="unit u1: its confidence is not finite"):
        written([TranslationUnit("u1", {"en": "a", "fr": "b"}, float("inf"))])


@pytest.mark.parametrize(
    ("source", "text", "codes"),
    [
        ('a<g id="1">b<x id="2"/></g>c', "abc", "abc"),
        (
            'a<bpt id="1">[</bpt>b<ept id="1">]</ept><ph id="2">{}</ph><it id="3" pos="open">*</it>',
            "ab",
            "a[b]{}*",
        ),
        ('a<mrk mtype="seg">b</mrk><!-- c -->', "ab", "ab"),
    ],
)
def test_inline_elements(source: str, text: str, codes: str) -> None:
    data = foreign(f'<trans-unit id="1"><source>{source}</source></trans-unit>')
    assert got(data)[0].variants == {"en": text}
    assert got(data, inline="codes")[0].variants == {"en": codes}


def test_foreign_files() -> None:
    body = (
        '<group><trans-unit id="1" approved="yes"><source>a</source><seg-source>a</seg-source>'
        "<target>b</target><note>n</note><note>m</note>"
        "<alt-trans><source>c</source><target>d</target></alt-trans></trans-unit></group>"
        "<trans-unit><source xml:lang='zh_CN'>一</source><target xml:lang='de'>eins</target></trans-unit>"
    )
    first, second = got(foreign(body))
    assert (first.id, dict(first.variants), first.note, first.confidence) == (
        "1",
        {"en": "a", "fr": "b"},
        "n\nm",
        1.0,
    )
    assert dict(second.variants) == {"zh": "一", "de": "eins"}
    assert second.id


def test_repairs() -> None:
    repairs: list[Repair] = []
    body = (
        '<trans-unit id="1"/>\n'
        '<trans-unit id="2"><source>a</source><target xml:lang="EN">b</target></trans-unit>\n'
        '<trans-unit id="3" xmlns:ca="urn:corpusalign:xliff:1" ca:confidence="3">'
        "<source>a</source></trans-unit>"
    )
    units = got(foreign(body, languages='source-language="en"'), on_repair=repairs.append)
    assert [(unit.id, unit.confidence) for unit in units] == [("2", 1.0), ("3", 1.0)]
    assert [(repair.unit, repair.line, repair.fault) for repair in repairs] == [
        (1, 4, "it holds no text"),
        (2, 5, "the language of its target is 'EN'"),
        (3, 6, "the confidence is '3'"),
    ]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("<tmx/>", "is not XLIFF: its outermost element is <tmx>"),
        (foreign("<trans-unit>"), "line 5: is not well-formed XML"),
        (
            "<!DOCTYPE xliff [<!ENTITY e 'x'>]>" + foreign("<trans-unit><source>&e;</source></trans-unit>"),
            "entity &e;",
        ),
    ],
)
def test_bad_files(data: str, fault: str) -> None:
    with pytest.raises(FormatError, match=f"^m.xlf: .*{fault}"):
        got(data)


def test_translate_toolkit_reads_it(tmp_path: Path) -> None:
    from translate.storage.xliff import xlifffile

    write(bitext(), tmp_path / "m.xlf", languages=["en", "zh"])
    with (tmp_path / "m.xlf").open("rb") as stream:
        store = xlifffile.parsefile(stream)
    expected = [(unit.variants["en"], unit.variants["zh"]) for unit in bitext()]
    assert [(unit.source, unit.target) for unit in store.units] == expected
    assert (store.getsourcelanguage(), store.gettargetlanguage()) == ("en", "zh-CN")
