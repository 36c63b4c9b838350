"""Formats of links between sentences: Vecalign, hunalign, XCES, InterText, TEI, gold alignments."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.cli import main
from corpusalign.errors import FormatError
from corpusalign.evaluate import load_gold
from corpusalign.formats import Repair, read, write
from corpusalign.types import Origin, Span, TranslationUnit
from tests.samples import bitext, patient

PAIRS = ["vecalign", "hunalign", "hunalign-text", "xces", "intertext", "gold"]
OMITTING = ["vecalign", "hunalign", "hunalign-text", "xces", "intertext", "gold"]
KINDS = [*PAIRS, "tei"]


def readings(format: str) -> dict[str, object]:
    """Return what one must say to read back what was written."""
    return {"languages": ["en", "zh"]} if format == "hunalign-text" else {}


def sentences(units: Sequence[TranslationUnit]) -> list[dict[str, list[str]]]:
    """Return the sentences of units by their spans: what text each span has, cut off one after another."""
    found = []
    for unit in units:
        sides = {}
        for code, text in unit.variants.items():
            pieces = []
            for span in unit.origin[code].spans:
                pieces.append(text[: span.end - span.start])
                text = text[span.end - span.start :].removeprefix(" ")
            assert text == ""
            sides[code] = pieces
        found.append(sides)
    return found


@pytest.mark.parametrize("format", PAIRS)
@pytest.mark.parametrize("packed", ["", ".gz"])
def test_the_sentences_of_a_bitext_come_back(tmp_path: Path, format: str, packed: str) -> None:
    path = tmp_path / f"m.{format}{packed}"
    result = write(bitext(), path, languages=["en", "zh"])
    assert (result.path, result.units) == (str(path), 5)
    assert path.read_bytes().startswith(b"\x1f\x8b") == bool(packed)
    assert sentences(list(read(path, **readings(format)))) == [
        {"en": ["The well"], "zh": ["水井"]},
        {"en": ["It rained.", "The well filled."], "zh": ["下雨了，井里有了水。"]},
        {"en": ["Nobody came."], "zh": ["没人来。"]},
        {"en": ["Yes."], "zh": ["是的。"]},
        {"en": ["Yes."], "zh": ["是的。"]},
    ]


@pytest.mark.parametrize("format", OMITTING)
def test_omissions_come_back(tmp_path: Path, format: str) -> None:
    write(bitext(), tmp_path / f"m.{format}", languages=["en", "fr"])
    options = {"languages": ["en", "fr"]} if format == "hunalign-text" else {}
    units = list(read(tmp_path / f"m.{format}", **options))
    assert [dict(unit.variants) for unit in units[2:4]] == [{"en": "Nobody came."}, {"fr": "Fin."}]


@pytest.mark.parametrize("format", ["tei", "gold"])
def test_three_languages(tmp_path: Path, format: str) -> None:
    write(bitext(), tmp_path / f"m.{format}")
    expected = [dict(unit.variants) for unit in bitext().rows]
    if format == "tei":
        expected = [variants for variants in expected if len(variants) > 1]
    assert [dict(unit.variants) for unit in read(tmp_path / f"m.{format}")] == expected


@pytest.mark.parametrize("first", KINDS)
@pytest.mark.parametrize("second", KINDS)
def test_one_into_the_other_loses_no_sentence(tmp_path: Path, first: str, second: str) -> None:
    write(bitext(), tmp_path / f"a.{first}", languages=["en", "zh"])
    once = list(read(tmp_path / f"a.{first}", **readings(first)))
    write(once, tmp_path / f"b.{second}", languages=["en", "zh"])
    assert sentences(list(read(tmp_path / f"b.{second}", **readings(second)))) == sentences(once)


@pytest.mark.parametrize("way", ["jsonl", "tmx", "parquet"])
def test_sentences_outlive_a_memory(tmp_path: Path, way: str) -> None:
    write(bitext(), tmp_path / "a.vecalign", languages=["en", "zh"])
    write(read(tmp_path / "a.vecalign"), tmp_path / f"m.{way}")
    write(read(tmp_path / f"m.{way}"), tmp_path / "b.vecalign")
    assert (tmp_path / "b.vecalign").read_text() == (tmp_path / "a.vecalign").read_text()
    assert (tmp_path / "b.src.en").read_text() == (tmp_path / "a.src.en").read_text()


# A sentence as sentence files hold it: one line, nothing blank around it, no mark of the formats' own.
TEXT = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Co", "Cn")), min_size=1)
    .map(lambda text: text.replace("~~~", "~"))
    .filter(lambda text: text not in {"<p>", "\ufeff"} and not text.startswith("\ufeff"))
)
SIDES = st.lists(TEXT, max_size=3)


@st.composite
def linked_units(draw: st.DrawFn) -> list[TranslationUnit]:
    """Draw units whose origins have a span a sentence."""
    units = []
    for number, (english, french) in enumerate(draw(st.lists(st.tuples(SIDES, SIDES), max_size=5))):
        variants, origin = {}, {}
        for code, texts in (("en", english), ("fr", french)):
            if texts:
                variants[code] = " ".join(texts)
                spans = tuple(Span(at, f"line {at}", 0, len(text)) for at, text in enumerate(texts))
                origin[code] = Origin("x", "", spans)
        if variants:
            units.append(TranslationUnit(str(number), variants, 1.0, origin=origin))
    return units


@patient
@given(linked_units(), st.sampled_from(PAIRS))
def test_any_sentences_come_back(
    tmp_path_factory: pytest.TempPathFactory, units: list[TranslationUnit], format: str
) -> None:
    path = tmp_path_factory.mktemp("links") / f"m.{format}"
    write(units, path, languages=["en", "fr"])
    options = {"languages": ["en", "fr"]} if format == "hunalign-text" else {}
    assert sentences(list(read(path, **options))) == sentences(units)


def test_texts_that_were_changed_are_one_sentence(tmp_path: Path) -> None:
    unit = bitext().units[1]
    assert len(unit.origin["en"].spans) == 1
    spans = (Span(0, "a", 0, 3), Span(1, "b", 0, 4))
    changed = TranslationUnit(
        "u", {"en": "It has rained.", "fr": "b"}, 1, origin={"en": Origin("", "", spans)}
    )
    write([changed], tmp_path / "m.vecalign", languages=["en", "fr"])
    assert (tmp_path / "m.vecalign").read_text() == "[0]:[0]:0.000000\n"
    assert (tmp_path / "m.src.en").read_text() == "It has rained.\n"


def test_line_breaks_are_replaced_and_counted(tmp_path: Path) -> None:
    unit = TranslationUnit("u", {"en": "a\r\nb\tc", "fr": "d\u2028e\ud800"}, 1)
    for format, removed, replaced in [("vecalign", 1, 2), ("hunalign-text", 1, 3), ("xces", 1, 2)]:
        result = write([unit], tmp_path / f"m.{format}", languages=["en", "fr"])
        assert (result.characters_removed, result.characters_replaced) == (removed, replaced)


# --- Vecalign ---


def vecalign(folder: Path, links: str, source: str = "a\nb\nc\n", target: str = "x\ny\n") -> Path:
    (folder / "m.src.en").write_text(source)
    (folder / "m.tgt.fr").write_text(target)
    path = folder / "m.vecalign"
    path.write_text(links)
    return path


def test_vecalign_as_it_is_found(tmp_path: Path) -> None:
    path = vecalign(tmp_path, "[0]:[0, 1]:0.25\n\n[2,1]:[]:0\n[ ]:[]\n[]:[1]:nan\n")
    units = list(read(path))
    assert [(dict(unit.variants), dict(unit.scores)) for unit in units] == [
        ({"en": "a", "fr": "x y"}, {"cost": 0.25}),
        ({"en": "c b"}, {"cost": 0.0}),
        ({"fr": "y"}, {}),
    ]
    assert units[0].origin["fr"].spans == (Span(0, "line 1", 0, 1), Span(1, "line 2", 0, 1))


def test_the_cost_stays(tmp_path: Path) -> None:
    write(read(vecalign(tmp_path, "[0]:[0]:0.25\n")), tmp_path / "n.vecalign")
    assert (tmp_path / "n.vecalign").read_text() == "[0]:[0]:0.250000\n"


def test_texts_can_be_named(tmp_path: Path) -> None:
    path = vecalign(tmp_path, "[0]:[1]:0\n")
    texts = {"fr": tmp_path / "m.tgt.fr", "en": tmp_path / "m.src.en"}
    assert [dict(unit.variants) for unit in read(path, texts=texts)] == [{"fr": "x", "en": "b"}]


def test_languages_are_known_in_any_spelling(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("One.\nTwo.\n")
    (tmp_path / "b").write_text("一。\n二。\n")
    (tmp_path / "m.vecalign").write_text("[0,1]:[0,1]\n")
    (unit,) = read(tmp_path / "m.vecalign", texts={"EN": tmp_path / "a", "zh_CN": tmp_path / "b"})
    # Chinese sentences have no space between them.
    assert unit.variants == {"en": "One. Two.", "zh": "一。二。"}
    (tmp_path / "m.txt").write_text("One. ~~~ Two.\t一。 ~~~ 二。\n")
    (unit,) = read(tmp_path / "m.txt", format="hunalign-text", languages=["en", "zh-CN"])
    assert unit.variants == {"en": "One. Two.", "zh": "一。二。"}
    with pytest.raises(FormatError, match="'!' is no language code"):
        list(read(tmp_path / "m.vecalign", texts={"en": tmp_path / "a", "!": tmp_path / "b"}))


@pytest.mark.parametrize("format", ["hunalign", "hunalign-text", "xces", "intertext"])
def test_figures_that_could_not_be_read_again(tmp_path: Path, format: str) -> None:
    with pytest.raises(FormatError, match=r"unit u: its .*; give finite figures"):
        write([TranslationUnit("u", {"en": "a", "fr": "b"}, float("nan"))], tmp_path / "m", format=format)
    assert list(tmp_path.iterdir()) == []


def test_sentences_in_no_link_are_told_of(tmp_path: Path) -> None:
    repairs: list[Repair] = []
    list(read(vecalign(tmp_path, "[0]:[0]:0\n[1]:[1]:0\n"), on_repair=repairs.append))
    assert [repair.fault for repair in repairs] == [
        f"1 of 3 sentences of {tmp_path / 'm.src.en'} stand in no link"
    ]


@pytest.mark.parametrize(
    ("links", "fault"),
    [
        ("[0]:[0]:0\nnonsense\n", "line 2: is no link: 'nonsense'"),
        ("[0]:[0:0\n", "line 1: is no link"),
        ("[0]:[-1]:0\n", "line 1: is no link"),
        ("[99999999999999999999]:[0]:0\n", "line 1: is no link"),
        ("[3]:[0]:0\n", "line 1: names sentence 3 of .*m.src.en, which has 3"),
        ("[0]:[0, 2]:0\n", "line 1: names sentence 2 of .*m.tgt.fr, which has 2"),
        ("[0]:[0]:cheap\n", "line 1: its cost is 'cheap'"),
    ],
)
def test_bad_vecalign(tmp_path: Path, links: str, fault: str) -> None:
    with pytest.raises(FormatError, match=f"m.vecalign: {fault}"):
        list(read(vecalign(tmp_path, links)))


@pytest.mark.parametrize("format", ["vecalign", "hunalign"])
def test_texts_that_are_not_there(tmp_path: Path, format: str) -> None:
    (tmp_path / "m").write_text("")
    with pytest.raises(FormatError, match=r"no one text m.src.LANGUAGE beside it; give the two texts"):
        list(read(tmp_path / "m", format=format))
    with pytest.raises(FormatError, match=r"none.txt: cannot be read: No such file"):
        list(read(tmp_path / "m", format=format, texts={"en": tmp_path / "none.txt", "fr": tmp_path / "m"}))
    with pytest.raises(FormatError, match="is about two texts, not 1"):
        list(read(tmp_path / "m", format=format, texts={"en": tmp_path / "m"}))


# --- hunalign ---


def ladder(folder: Path, rungs: str) -> Path:
    vecalign(folder, "", source="a\n<p>\nb\nc\n", target="x\n<p>\ny\n")
    path = folder / "m.ladder"
    path.write_text(rungs)
    return path


def test_a_ladder_as_it_is_found(tmp_path: Path) -> None:
    units = list(read(ladder(tmp_path, "0\t0\t1.5\n1\t1\t0.3\n2\t2\t-0.3\n4\t2\t0.1\n4\t3\t0\n")))
    assert [(dict(unit.variants), dict(unit.scores)) for unit in units] == [
        ({"en": "a", "fr": "x"}, {"hunalign": 1.5}),
        ({"en": "b c"}, {"hunalign": -0.3}),
        ({"fr": "y"}, {"hunalign": 0.1}),
    ]


@pytest.mark.parametrize(
    ("rungs", "fault"),
    [
        ("0\t0\t1\n1\tx\t1\n", "line 2: is no rung of a ladder"),
        ("One.\tUn.\t0.4\n", "line 1: is no rung .*format='hunalign-text'"),
        ("1\t1\t0\n0\t2\t0\n", r"line 2: goes down, from \(1, 1\) to \(0, 2\)"),
        ("0\t0\t0\n9\t1\t0\n", "line 2: names sentence 4 of"),
        ("0\t0\tgood\n", "line 1: its score is 'good'"),
    ],
)
def test_bad_ladders(tmp_path: Path, rungs: str, fault: str) -> None:
    with pytest.raises(FormatError, match=f"m.ladder: {fault}"):
        list(read(ladder(tmp_path, rungs)))


def test_the_output_of_hunalign_text(tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_text("a ~~~ b\tx\t0.5\n<p>\t<p>\t0.3\n\ty\t0\n", encoding="utf-8")
    repairs: list[Repair] = []
    units = list(read(path, format="hunalign-text", languages=["en", "fr"], on_repair=repairs.append))
    assert [dict(unit.variants) for unit in units] == [{"en": "a b", "fr": "x"}, {"fr": "y"}]
    assert units[0].origin["en"].spans == (Span(0, "line 1", 0, 1), Span(0, "line 1", 6, 7))
    assert [(repair.line, repair.fault) for repair in repairs] == [(2, "it holds no text")]
    with pytest.raises(FormatError, match="does not say which two languages it holds"):
        list(read(path, format="hunalign-text"))
    path.write_text("a\tb\t0\nno tab\n")
    with pytest.raises(FormatError, match="line 2: has no tab"):
        list(read(path, format="hunalign-text", languages=["en", "fr"]))


# --- XCES and InterText ---


def xces(folder: Path, links: str, *, group: str = 'fromDoc="en/a.xml.gz" toDoc="fr/a.xml.gz"') -> Path:
    """Lay a corpus as OPUS does: documents in folders by language, one of them compressed."""
    for code in ("en", "fr"):
        (folder / code).mkdir(exist_ok=True)
    (folder / "en" / "a.xml").write_text(
        '<?xml version="1.0"?>\n<text>\n<p id="1">\n<s id="1"><w id="1.1">One</w>\n<w id="1.2">.</w></s>\n'
        '<s id="2">Two.</s></p><p id="2"><s id="3">Three\n      here.</s></p></text>'
    )
    french = '<text><body><s id="1">Un.</s><s id="2">Deux.<!-- c --> Trois.</s></body></text>'
    (folder / "fr" / "a.xml.gz").write_bytes(gzip.compress(french.encode()))
    path = folder / "m.xces"
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">\n'
        f'<cesAlign version="1.0">\n<linkGrp targType="s" {group}>\n{links}\n</linkGrp>\n</cesAlign>'
    )
    return path


def test_a_corpus_of_opus(tmp_path: Path) -> None:
    path = xces(
        tmp_path,
        '<link id="SL0" xtargets="1;1" certainty="0.5"/>\n<link xtargets="2 3;2" certainty="1.4"/>\n'
        '<link xtargets=";1"/>',
    )
    units = list(read(path, languages=["en", "fr"]))
    assert [(dict(unit.variants), unit.confidence, dict(unit.scores)) for unit in units] == [
        ({"en": "One .", "fr": "Un."}, 0.5, {}),
        ({"en": "Two. Three here.", "fr": "Deux. Trois."}, 1.0, {"certainty": 1.4}),
        ({"fr": "Un."}, 1.0, {}),
    ]
    assert units[1].origin["en"].spans == (
        Span(1, "paragraph 1", 6, 10),
        Span(2, "paragraph 2", 0, 11),
    )


def test_where_the_documents_are(tmp_path: Path) -> None:
    path = xces(tmp_path, '<link xtargets="1;1"/>')
    elsewhere = tmp_path / "links"
    elsewhere.mkdir()
    moved = path.rename(elsewhere / "m.xml")
    with pytest.raises(
        FormatError, match=r"line 4: there is no document .*links/en/a.xml.gz; give the folder"
    ):
        list(read(moved, format="xces", languages=["en", "fr"]))
    for options in (
        {"texts": tmp_path, "languages": ["en", "fr"]},
        {"texts": {"en": tmp_path / "en" / "a.xml", "fr": tmp_path / "fr" / "a.xml.gz"}},
    ):
        (unit,) = read(moved, format="xces", **options)
        assert unit.variants == {"en": "One .", "fr": "Un."}


def test_several_pairs_of_documents(tmp_path: Path) -> None:
    path = xces(tmp_path, '<link xtargets="1;1"/>')
    (tmp_path / "en" / "b.xml").write_text('<text xml:lang="en"><s id="1">B.</s></text>')
    (tmp_path / "fr" / "b.xml").write_text('<text xml:lang="fr"><s id="1">Bé.</s></text>')
    more = '<linkGrp fromDoc="en/b.xml" toDoc="fr/b.xml"><link xtargets="1;1"/></linkGrp></cesAlign>'
    path.write_text(path.read_text().replace("</cesAlign>", more))
    units = list(read(path, languages=["en", "fr"]))
    assert [unit.variants["fr"] for unit in units] == ["Un.", "Bé."]


def test_intertext_puts_the_second_document_first(tmp_path: Path) -> None:
    (tmp_path / "o.en.xml").write_text(
        '<text lang="en"><p id="1"><s id="1:1">A.</s><s id="1:2">B.</s></p></text>'
    )
    (tmp_path / "o.cs.xml").write_text('<text lang="cs"><p id="1"><s id="1:1">Á.</s></p></text>')
    path = tmp_path / "o.intertext"
    path.write_text(
        "<?xml version='1.0' encoding='utf-8'?>\n<linkGrp toDoc='o.cs.xml' fromDoc='o.en.xml'>\n"
        "<link type='1-2' xtargets='1:1;1:1 1:2' status='man'/>\n</linkGrp>"
    )
    (unit,) = read(path)
    assert (dict(unit.variants), dict(unit.scores)) == ({"en": "A. B.", "cs": "Á."}, {"approved": 1.0})
    write([unit], tmp_path / "n.intertext", languages=["en", "cs"])
    assert (tmp_path / "n.intertext").read_text().splitlines()[1:3] == [
        '<linkGrp toDoc="n.cs.xml" fromDoc="n.en.xml">',
        '<link type="1-2" xtargets="1:1;1:1 1:2" status="man"/>',
    ]


@pytest.mark.parametrize(
    ("links", "group", "fault"),
    [
        ('<link xtargets="9;1"/>', None, "line 5: links sentence '9', which .*a.xml has not"),
        ('<link xtargets="1"/>', None, "line 5: its xtargets is '1'"),
        ("<link/>", None, "line 5: its xtargets is None"),
        ('<link xtargets="1;1" certainty="much"/>', None, "line 5: its certainty is 'much'"),
        ("<link>", None, "line 6: is not well-formed XML"),
        ("", 'fromDoc="en/a.xml"', "line 4: a linkGrp does not name its documents"),
        ("", 'fromDoc="/etc/hosts" toDoc="fr/a.xml"', "line 4: names the document '/etc/hosts', outside"),
        ("", 'fromDoc="../en/a.xml" toDoc="fr/a.xml"', "line 4: names the document .* outside the folder"),
        ("", 'fromDoc="en/a.xml" toDoc="en/a.xml"', "line 4: both documents are in en"),
    ],
)
def test_bad_xces(tmp_path: Path, links: str, group: str | None, fault: str) -> None:
    path = xces(tmp_path, links, **({} if group is None else {"group": group}))
    languages = ["en", "en"] if "both" in fault else ["en", "fr"]
    with pytest.raises(FormatError, match=f"m.xces: {fault}"):
        list(read(path, languages=languages))


def test_a_link_outside_any_group(tmp_path: Path) -> None:
    (tmp_path / "m.xces").write_text('<cesAlign><link xtargets="1;1"/></cesAlign>')
    with pytest.raises(FormatError, match="line 1: a link stands outside any linkGrp"):
        list(read(tmp_path / "m.xces"))


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ('<text xml:lang="en"><s>a</s><s>b</s></text>', "none of its 2 sentences has an id"),
        ('<text><s id="1">a</s></text>', "does not say its language"),
        ('<text xml:lang="en"><s id="1">a</s><s id="1">b</s></text>', "sentence 1: is there twice"),
        ('<text xml:lang="en"><s id="1">a</text>', "line 1: is not well-formed"),
        ('<!DOCTYPE t [<!ENTITY e "x">]><text xml:lang="en"><s id="1">&e;</s></text>', "uses the entity &e;"),
    ],
)
def test_bad_documents(tmp_path: Path, document: str, fault: str) -> None:
    path = xces(tmp_path, "")
    (tmp_path / "en" / "a.xml").write_text(document)
    with pytest.raises(FormatError, match=rf"en/a\.xml: {fault}"):
        list(read(path))


# --- TEI ---


def tei(folder: Path, link: str) -> Path:
    for code, text in (("en", "One."), ("fr", "Un.")):
        (folder / f"{code}.xml").write_text(
            f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="{code}"><text><body><p>'
            f'<s xml:id="s1">{text}</s></p></body></text></TEI>'
        )
    path = folder / "m.tei"
    path.write_text(
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><standOff>\n<linkGrp>{link}</linkGrp>\n</standOff></TEI>'
    )
    return path


def test_tei_as_it_is_found(tmp_path: Path) -> None:
    repairs: list[Repair] = []
    path = tei(tmp_path, '<link target="fr.xml#s1 en.xml#s1"/><link target=""/>')
    (unit,) = read(path, on_repair=repairs.append)
    assert unit.variants == {"fr": "Un.", "en": "One."}
    assert [repair.fault for repair in repairs] == ["it links no text"]


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ('<link target="#s1 #s2"/>', "line 2: points at '#s1'"),
        ('<link target="en.xml fr.xml"/>', "line 2: points at 'en.xml'"),
        ('<link target="en.xml#s9 fr.xml#s1"/>', "line 2: links sentence 's9', which .*en.xml has not"),
        ('<link target="no.xml#s1"/>', "line 2: there is no document"),
        ('<link target="%2Fetc%2Fhosts#s1"/>', "line 2: names the document '/etc/hosts', outside"),
    ],
)
def test_bad_tei(tmp_path: Path, link: str, fault: str) -> None:
    with pytest.raises(FormatError, match=f"m.tei: {fault}"):
        list(read(tei(tmp_path, link)))


# --- gold alignments ---


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("{}", "is no gold alignment: KeyError"),
        ("[]", "is no gold alignment"),
        (
            '{"src_lang": "en", "tgt_lang": "en", "src": ["a"], "tgt": ["b"], "links": []}',
            "both texts are in en",
        ),
        ('{"src_lang": "en", "tgt_lang": "fr", "src": [1], "tgt": [], "links": []}', "is no gold alignment"),
        (
            '{"src_lang": "en", "tgt_lang": "fr", "src": ["a"], "tgt": [], "links": [[[0], [0]]]}',
            "group 1: names sentence 0 of fr, which has 0",
        ),
        (
            '{"groups": [{"en": ["0"]}], "documents": {"en": {"sentences": []}}}',
            "group 1: names sentence '0'",
        ),
    ],
)
def test_bad_gold(tmp_path: Path, record: str, fault: str) -> None:
    (tmp_path / "m.json").write_text(record)
    with pytest.raises(FormatError, match=f"m.json: {fault}"):
        list(read(tmp_path / "m.json"))


def test_gold_is_what_evaluate_reads(tmp_path: Path) -> None:
    write(bitext(), tmp_path / "gold.json", languages=["en", "zh"])
    record = json.loads((tmp_path / "gold.json").read_text())
    assert record["links"] == [[[0], [0]], [[1, 2], [1]], [[3], [2]], [[4], [3]], [[5], [4]]]
    assert (record["src"][2], record["tgt_lang"]) == ("The well filled.", "zh")
    (alignment,) = load_gold(tmp_path / "gold.json")
    assert alignment.links[1] == ((1, 2), (1,))


def test_convert(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = vecalign(tmp_path, "[0, 1]:[0]:0.1\n[2]:[1]:0.2\n")
    (tmp_path / "m.src.en").rename(tmp_path / "e.txt")
    (tmp_path / "m.tgt.fr").rename(tmp_path / "f.txt")
    texts = ["--text", f"en={tmp_path / 'e.txt'}", "--text", f"fr={tmp_path / 'f.txt'}"]
    assert main(["tmx", "convert", str(path), str(tmp_path / "g.json"), *texts]) == 0
    assert json.loads((tmp_path / "g.json").read_text())["links"] == [[[0, 1], [0]], [[2], [1]]]
    assert main(["tmx", "convert", str(path), str(tmp_path / "g.tmx")]) == 1
    assert "--text en=a.txt" in capsys.readouterr().err
    linked = xces(tmp_path, '<link xtargets="1;1"/>')
    arguments = ["--texts", str(tmp_path), "--read-languages", "en,fr"]
    assert main(["tmx", "convert", str(linked), str(tmp_path / "x.tsv"), *arguments]) == 0
    assert (tmp_path / "x.tsv").read_text().splitlines()[1].startswith("One .\tUn.\t1.0")


def test_a_cost_that_is_not_finite(tmp_path: Path) -> None:
    unit = TranslationUnit("u", {"en": "a", "fr": "b"}, float("nan"))
    with pytest.raises(FormatError, match="unit u: its cost is not finite"):
        write([unit], tmp_path / "m.vecalign")
