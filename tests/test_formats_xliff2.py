from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpusalign.errors import FormatError
from corpusalign.formats import write
from corpusalign.formats.report import Repair
from corpusalign.formats.xliff import read_xliff
from corpusalign.formats.xliff2 import write_xliff2
from corpusalign.types import TranslationUnit
from tests.samples import bitext, patient, units

CORE = "{urn:oasis:names:tc:xliff:document:2.0}"
METADATA = "{urn:oasis:names:tc:xliff:metadata:2.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"


def written(of: object, **options: object) -> bytes:
    stream = io.BytesIO()
    write_xliff2(of, stream, "m.xlf", **options)
    return stream.getvalue()


def got(data: str | bytes, **options: object) -> list[TranslationUnit]:
    raw = data.encode("utf-8") if isinstance(data, str) else data
    return list(read_xliff(io.BytesIO(raw), "m.xlf", **options))


def foreign(body: str, *, languages: str = 'srcLang="en" trgLang="fr"', version: str = "2.0") -> str:
    return (
        f'<xliff version="{version}" xmlns="urn:oasis:names:tc:xliff:document:2.0" {languages}>\n'
        f'<file id="f1"><group id="g1">\n{body}\n</group></file></xliff>'
    )


def test_the_file_as_it_stands() -> None:
    unit = TranslationUnit(
        'a"b', {"en": " One & <two> ", "zh": "一\r\x0b"}, 0.5, {"approved": 1.0}, note="seen"
    )
    assert written([unit]).decode("utf-8") == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0"'
        ' xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0" version="2.1" srcLang="en" trgLang="zh-CN">\n'
        '<file id="f1">\n<unit id="u1" name="a&quot;b"><mda:metadata><mda:metaGroup category="corpusalign">'
        '<mda:meta type="confidence">0.5</mda:meta><mda:meta type="score-approved">1.0</mda:meta>'
        '</mda:metaGroup></mda:metadata><notes><note xml:space="preserve">seen</note></notes>'
        '<segment state="final"><source xml:space="preserve"> One &amp; &lt;two&gt; </source>'
        '<target xml:space="preserve">一&#13;<cp hex="000B"/></target></segment></unit>\n'
        "</file>\n</xliff>\n"
    )


# What may hold what by the specification (XLIFF 2.1, sections 4.2 and 5.5), as far as we write it:
# element -> children in order, required attributes, other attributes.
RULES: dict[str, tuple[str, set[str], set[str]]] = {
    f"{CORE}xliff": ("file+", {"version", "srcLang", "trgLang"}, set()),
    f"{CORE}file": ("unit+", {"id"}, {"original"}),
    f"{CORE}unit": ("metadata? notes? segment+", {"id"}, {"name"}),
    f"{METADATA}metadata": ("metaGroup+", set(), set()),
    f"{METADATA}metaGroup": ("meta+", set(), {"category"}),
    f"{METADATA}meta": ("", {"type"}, set()),
    f"{CORE}notes": ("note+", set(), set()),
    f"{CORE}note": ("", set(), {f"{XML}space"}),
    f"{CORE}segment": ("source target?", set(), {"state"}),
    f"{CORE}source": ("cp*", set(), {f"{XML}space"}),
    f"{CORE}target": ("cp*", set(), {f"{XML}space"}),
    f"{CORE}cp": ("", {"hex"}, set()),
}


def obeys(root: etree._Element) -> None:
    for element in root.iter():
        model, required, others = RULES[element.tag]
        children = "".join(f"{etree.QName(child).localname} " for child in element)
        pattern = "".join(
            f"(?:{item.rstrip('*?+')} ){item[-1] if item[-1] in '*?+' else ''}" for item in model.split()
        )
        assert re.fullmatch(pattern, children), f"{element.tag}: {children}"
        assert required <= set(element.attrib) <= required | others
    for parent in root.iter(f"{CORE}xliff", f"{CORE}file"):
        names = [child.get("id") for child in parent]
        assert len(set(names)) == len(names)
    for named in root.iter(f"{CORE}file", f"{CORE}unit"):
        assert re.fullmatch(r"[\w.:-]+", named.get("id"))  # an NMTOKEN


@patient
@given(st.lists(units(fewest=2), max_size=3))
def test_the_rules_of_the_specification(given_units: list[TranslationUnit]) -> None:
    for of in (given_units, bitext(), []):
        obeys(etree.fromstring(written(of, languages=["en", "fr"])))


@patient
@given(st.lists(units(xml=True, fewest=2), max_size=3))
def test_any_unit_comes_back(given_units: list[TranslationUnit]) -> None:
    expected = []
    for unit in given_units:
        if {"en", "fr"} <= set(unit.variants):
            texts = {code: unit.variants[code] for code in ("en", "fr")}
            expected.append(TranslationUnit(unit.id, texts, unit.confidence, unit.scores, note=unit.note))
    assert [unit for unit in got(written(given_units, languages=["en", "fr"])) if unit.id != "u1"] == [
        unit for unit in expected if unit.id != "u1"
    ]


@patient
@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_comes_back_even_what_xml_cannot_hold(text: str) -> None:
    (unit,) = got(written([TranslationUnit("u", {"en": text, "fr": "x"}, 1)]))
    assert unit.variants["en"] == text


def test_what_is_lost_is_counted() -> None:
    bad = TranslationUnit("x\x01", {"en": "a\x00\ud800", "fr": "\x01b\ud800"}, 1, note="\x02")
    result = write_xliff2([*bitext(), bad], io.BytesIO(), "x", languages=["en", "fr"])
    assert (result.units, result.left_out, result.characters_removed) == (5, 1, 4)
    with pytest.raises(FormatError, match="holds two languages, not 3"):
        written(bitext())
    with pytest.raises(FormatError, match="unit u1: its score-s is not finite"):
        written([TranslationUnit("u1", {"en": "a", "fr": "b"}, 1, {"s": float("nan")})])


def test_a_file_element_a_page() -> None:
    root = etree.fromstring(written(bitext(), languages=["en", "fr"]))
    assert [file.get("original") for file in root] == ["https://example.org/en/page.html?a=1&b=2"]


@pytest.mark.parametrize(
    ("source", "text", "codes"),
    [
        ('a<pc id="1" dataRefStart="d1" dataRefEnd="d2">b</pc>c', "abc", "a<b>b</b>c"),
        ('a<ph id="1" dataRef="d1"/><sc id="2" dataRef="d1"/>b<ec startRef="2"/>', "ab", "a<b><b>b"),
        ('a<mrk id="m1">b</mrk><cp hex="001F"/><!-- c -->', "ab\x1f", "ab\x1f"),
        ('a<sm id="m1"/>b<em startRef="m1"/>', "ab", "ab"),
    ],
)
def test_inline_elements(source: str, text: str, codes: str) -> None:
    body = (
        '<unit id="1"><originalData><data id="d1">&lt;b&gt;</data><data id="d2">&lt;/b&gt;</data>'
        f"</originalData><segment><source>{source}</source></segment></unit>"
    )
    assert got(foreign(body))[0].variants == {"en": text}
    assert got(foreign(body), inline="codes")[0].variants == {"en": codes}


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
def test_foreign_files(version: str) -> None:
    body = (
        '<unit id="1" name="n"><notes><note>x</note><note>y</note></notes>'
        '<segment id="s1" state="final"><source>a</source><target>b</target></segment>'
        "<ignorable><source> </source></ignorable><segment><source>c</source></segment></unit>"
    )
    first, second = got(foreign(body, version=version))
    assert (first.id, dict(first.variants), dict(first.scores), first.note) == (
        "n::s1",
        {"en": "a", "fr": "b"},
        {"approved": 1.0},
        "x\ny",
    )
    assert (second.id, dict(second.variants), dict(second.scores)) == ("n::2", {"en": "c"}, {})


def test_repairs() -> None:
    repairs: list[Repair] = []
    body = (
        '<unit id="1"><segment/></unit>\n<unit id="2"><segment><source>a</source><target>b</target></segment>'
        '</unit>\n<unit id="3"><mda:metadata xmlns:mda="urn:x"><mda:metaGroup category="corpusalign">'
        '<mda:meta type="confidence">much</mda:meta></mda:metaGroup><mda:metaGroup/></mda:metadata>'
        "<segment><source>a</source></segment></unit>"
    )
    units = got(foreign(body, languages='srcLang="en"'), on_repair=repairs.append)
    assert [(unit.id, dict(unit.variants)) for unit in units] == [("2", {"en": "a"}), ("3", {"en": "a"})]
    assert [(repair.unit, repair.line, repair.fault) for repair in repairs] == [
        (1, 3, "it holds no text"),
        (2, 4, "the language of its target is None"),
        (3, 5, "the figure 'confidence' is 'much'"),
    ]


@pytest.mark.parametrize("code", ["", "xyz", "110000", "-1"])
def test_a_cp_that_is_no_character(code: str) -> None:
    body = f'<unit id="1"><segment><source>a<cp hex="{code}"/></source></segment></unit>'
    with pytest.raises(FormatError, match=r"^m\.xlf: unit 1: has a cp with hex="):
        got(foreign(body))


def test_translate_toolkit_reads_it(tmp_path: Path) -> None:
    from translate.storage.xliff2 import Xliff2File

    write(bitext(), tmp_path / "m.xlf", languages=["en", "zh"], format="xliff2")
    with (tmp_path / "m.xlf").open("rb") as stream:
        store = Xliff2File.parsefile(stream)
    expected = [(unit.variants["en"], unit.variants["zh"]) for unit in bitext()]
    assert [(unit.source, unit.target) for unit in store.units] == expected
    assert (store.getsourcelanguage(), store.gettargetlanguage()) == ("en", "zh-CN")


def test_what_translate_toolkit_writes_is_read() -> None:
    from translate.storage.xliff2 import Xliff2File

    store = Xliff2File()
    store.setsourcelanguage("en")
    store.settargetlanguage("fr")
    unit = store.addsourceunit("One & two")
    unit.target = "Un & deux"
    (back,) = got(bytes(store))
    assert back.variants == {"en": "One & two", "fr": "Un & deux"}
