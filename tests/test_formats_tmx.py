from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from corpusalign.errors import FormatError
from corpusalign.formats.report import Repair
from corpusalign.formats.tmx_read import read_tmx
from corpusalign.formats.tmx_write import write_tmx
from corpusalign.types import TranslationUnit
from tests.samples import bitext, patient, units

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DATE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


AS_FOUND = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "gb18030",
    "big5",
    "iso-8859-1",
]


def written(of: object, **options: object) -> bytes:
    stream = io.BytesIO()
    write_tmx(of, stream, "memory.tmx", date=options.pop("date", DATE), **options)
    return stream.getvalue()


def tree(of: object, **options: object) -> etree._Element:
    return etree.fromstring(written(of, **options))


def got(data: str | bytes, **options: object) -> list[TranslationUnit]:
    raw = data.encode("utf-8") if isinstance(data, str) else data
    return list(read_tmx(io.BytesIO(raw), "memory.tmx", **options))


def mended(data: str | bytes, **options: object) -> tuple[list[TranslationUnit], list[Repair]]:
    repairs: list[Repair] = []
    return got(data, on_repair=repairs.append, **options), repairs


HEADER = (
    '<header creationtool="a" creationtoolversion="1" segtype="sentence" o-tmf="a" adminlang="en"'
    ' srclang="en" datatype="xml"/>'
)


def foreign(body: str, *, prolog: str = '<?xml version="1.0"?>\n', version: str = "1.4") -> str:
    return f'{prolog}<tmx version="{version}">{HEADER}<body>\n{body}\n</body></tmx>\n'


def pair(en: str, fr: str) -> str:
    return f'<tu><tuv xml:lang="en"><seg>{en}</seg></tuv><tuv xml:lang="fr"><seg>{fr}</seg></tuv></tu>'


# --- writing ---


def test_the_header_says_all_that_loaders_ask_for() -> None:
    header = tree(bitext()).find("header")
    assert header is not None
    assert dict(header.attrib) == {
        "creationtool": "corpusalign",
        "creationtoolversion": header.get("creationtoolversion"),
        "segtype": "sentence",
        "o-tmf": "corpusalign",
        "adminlang": "en",
        "srclang": "en",
        "datatype": "plaintext",
        "creationdate": "20260102T030405Z",
    }
    assert [(prop.get("type"), prop.text) for prop in header] == [
        ("x-signature", "corpusalign 0.0 | test <&>")
    ]


def test_a_unit_as_it_stands_in_the_file() -> None:
    unit = TranslationUnit(
        "0f",
        {"en": "Salt & <pepper>", "zh": "盐"},
        0.5,
        scores={"similarity": 0.25},
        origin={"zh": bitext().rows[0].origin["zh"]},
        note="seen",
    )
    body = written([unit]).decode("utf-8").partition("<body>\n")[2]
    assert body == (
        "<tu>\n<note>seen</note>\n"
        '<prop type="x-id">0f</prop>\n'
        '<prop type="x-confidence">0.5</prop>\n'
        '<prop type="x-score-similarity">0.25</prop>\n'
        '<tuv xml:lang="en"><seg>Salt &amp; &lt;pepper&gt;</seg></tuv>\n'
        '<tuv xml:lang="zh-CN"><prop type="x-url">https://example.org/zh/page.html?a=1&amp;b=2</prop>'
        f'<prop type="x-sha256">{"z" * 64}</prop>'
        '<prop type="x-position">0:0-2 /html/body/p[1]</prop><seg>盐</seg></tuv>\n'
        "</tu>\n</body>\n</tmx>\n"
    )


def test_no_byte_order_mark_and_no_doctype() -> None:
    data = written(bitext())
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n')
    assert b"DOCTYPE" not in data
    assert b"tuid" not in data


def test_rows_with_one_variant_are_left_out_and_counted() -> None:
    result = write_tmx(bitext(), io.BytesIO(), "x")
    assert (result.units, result.left_out) == (5, 1)
    result = write_tmx(bitext().rows, io.BytesIO(), "x")
    assert (result.units, result.left_out) == (5, 1)


@pytest.mark.parametrize(
    ("variants", "languages", "header", "order", "own"),
    [
        ({"zh": "一", "en": "a"}, None, "zh-CN", ["zh-CN", "en"], None),
        ({"zh": "一", "en": "a"}, ["en", "zh"], "en", ["en", "zh-CN"], None),
        ({"zh": "一", "en": "a"}, ["fr", "en", "zh"], "fr", ["zh-CN", "en"], "zh-CN"),
        ({"zh": "一", "en": "a", "fr": "b"}, ["fr", "zh"], "fr", ["fr", "zh-CN"], None),
        ({"en_us": "a", "ZH-tw": "一"}, None, "en-US", ["en-US", "zh-TW"], None),
    ],
)
def test_the_source_comes_first(
    variants: dict[str, str], languages: list[str] | None, header: str, order: list[str], own: str | None
) -> None:
    root = tree([TranslationUnit("a", variants, 1)], languages=languages)
    assert root.find("header").get("srclang") == header
    (tu,) = root.iter("tu")
    assert ([tuv.get(XML_LANG) for tuv in tu.iter("tuv")], tu.get("srclang")) == (order, own)


def test_the_source_of_an_empty_memory() -> None:
    assert tree([]).find("header").get("srclang") == "und"
    assert got(written([])) == []


@pytest.mark.parametrize("code", ["", "*all*", "english language", "en--us", "中文", "abcdefghi"])
def test_codes_that_are_no_language_tags(code: str) -> None:
    with pytest.raises(FormatError, match="no language code"):
        written([TranslationUnit("u1", {"en": "a", code: "b"}, 1)])
    with pytest.raises(FormatError, match="no language code"):
        written([], languages=[code])


def test_one_language_twice() -> None:
    with pytest.raises(FormatError, match="unit u1: 'zh-CN' stands twice"):
        written([*bitext(), TranslationUnit("u1", {"zh": "一", "zh-CN": "二"}, 1)])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_figures_that_are_not_finite(value: float) -> None:
    with pytest.raises(FormatError, match=r"unit u1: .*finite"):
        written([TranslationUnit("u1", {"en": "a", "fr": "b"}, value)])
    with pytest.raises(FormatError, match=r"unit u1: .*finite"):
        written([TranslationUnit("u1", {"en": "a", "fr": "b"}, 1, scores={"s": value})])


def test_what_xml_cannot_hold_is_removed_counted_and_said() -> None:
    stream = io.BytesIO()
    text = "a\x00b\x0bc\x1bd\ufffee\ud800f\x7f\x85g"
    unit = TranslationUnit("u1", {"en": text, "fr": "b"}, 1, note="n\x01")
    assert write_tmx([unit], stream, "x").characters_removed == 6
    (back,) = got(stream.getvalue())
    assert (back.variants["en"], back.note) == ("abcdef\x7f\x85g", "n")
    props = [(p.get("type"), p.text) for p in etree.fromstring(stream.getvalue()).iter("prop")]
    assert ("x-removed-characters", "5") in props


def test_the_date(monkeypatch: pytest.MonkeyPatch) -> None:
    def date(given: datetime | None) -> str | None:
        return tree([], date=given).find("header").get("creationdate")

    assert date(datetime(850, 1, 2, 5, tzinfo=timezone(timedelta(hours=2)))) == "08500102T030000Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86399")
    assert date(None) == "19700101T235959Z"
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    now = datetime.strptime(date(None), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert timedelta(0) <= datetime.now(UTC) - now < timedelta(minutes=1)


@pytest.mark.parametrize("value", ["yesterday", "1e9", "9" * 30])
def test_a_source_date_epoch_that_is_no_time(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(FormatError, match="SOURCE_DATE_EPOCH"):
        tree([], date=None)


def test_what_the_tools_call_the_languages() -> None:
    unit = TranslationUnit("u1", {"en": "a", "fr": "b", "zh": "c", "zh-TW": "d"}, 1)

    def codes(profile: str, *languages: str) -> list[str | None]:
        root = tree([unit], languages=languages, profile=profile)
        return [root.find("header").get("srclang"), *(tuv.get(XML_LANG) for tuv in root.iter("tuv"))]

    assert codes("generic", "en", "zh") == ["en", "en", "zh-CN"]
    assert codes("trados", "en", "zh") == ["en-US", "en-US", "zh-CN"]
    assert codes("trados", "zh", "fr") == ["zh-CN", "zh-CN", "fr-FR"]
    assert codes("weblate", "en", "zh", "zh-TW") == ["en", "en", "zh-Hans", "zh-TW"]
    assert codes("wordfast", "fr", "zh") == ["FR-FR", "FR-FR", "ZH-CN"]
    for profile in ("memoq", "omegat"):
        assert written([unit], profile=profile) == written([unit])


def test_tools_that_take_two_languages() -> None:
    for profile in ("trados", "wordfast"):
        with pytest.raises(FormatError, match=rf"{profile} takes memories of two languages; name the two"):
            written(bitext(), profile=profile)
        assert len(got(written(bitext(), profile=profile, languages=["en", "zh"]))) == 5


def test_segments_that_are_too_long_for_a_tool_are_left_out_and_counted() -> None:
    units = [
        TranslationUnit("u1", {"en": "a" * 2000, "fr": "b"}, 1),
        TranslationUnit("u2", {"en": "a", "fr": "b" * 2001}, 1),
    ]
    result = write_tmx(units, io.BytesIO(), "x", languages=["en", "fr"], profile="trados")
    assert (result.units, result.left_out) == (1, 1)
    assert write_tmx(units, io.BytesIO(), "x").left_out == 0


def test_the_source_can_be_named_alone() -> None:
    root = tree(iter(bitext().rows), source="fr")
    assert root.find("header").get("srclang") == "fr"
    assert [tuv.get(XML_LANG) for tuv in root.iter("tuv")][:3] == ["fr", "en", "zh-CN"]


def test_codes_that_are_too_long_for_a_tool() -> None:
    unit = TranslationUnit("u1", {"en": "a", "zh-Hant-TW": "b"}, 1)
    with pytest.raises(FormatError, match="'zh-Hant-TW' is no language code for wordfast"):
        written([unit], profile="wordfast", languages=["en", "zh-Hant-TW"])


def test_a_profile_that_nobody_knows() -> None:
    with pytest.raises(
        FormatError, match="no TMX profile is called 'word'; use one of: generic, omegat, trados"
    ):
        written([], profile="word")


# --- there and back ---


@patient
@given(st.lists(units(xml=True, fewest=2), max_size=3))
def test_any_unit_comes_back_as_it_was(given_units: list[TranslationUnit]) -> None:
    read, repairs = mended(written(given_units))
    assert read == given_units
    assert repairs == []


@patient
@given(st.lists(units(fewest=2), max_size=2))
def test_whatever_the_characters_the_file_is_well_formed(given_units: list[TranslationUnit]) -> None:
    back = got(written(given_units))
    assert [list(unit.variants) for unit in back] != [] or given_units == []
    for before, after in zip(given_units, back, strict=True):
        assert {code: etree_text(text) for code, text in before.variants.items()} == after.variants


def etree_text(text: str) -> str:
    """Return what is left of a text in XML, character by character, by asking the XML library."""

    def stands(character: str) -> bool:
        try:
            etree.Element("x").text = character
        except (ValueError, UnicodeEncodeError):
            return False
        return True

    return "".join(character for character in text if stands(character))


def test_the_bitext_comes_back() -> None:
    assert got(written(bitext())) == list(bitext())


# --- reading what others wrote ---


def test_a_plain_foreign_memory() -> None:
    (unit,) = got(foreign(pair("One", "Un")))
    assert (unit.variants, unit.confidence, unit.scores, unit.origin, unit.note) == (
        {"en": "One", "fr": "Un"},
        1.0,
        {},
        {},
        None,
    )


def test_a_foreign_unit_is_named_by_tuid_or_by_its_texts() -> None:
    one, two, three, four = got(
        foreign(
            pair("One", "Un")
            + pair("One", "Un")
            + pair("One", "Une")
            + pair("a", "b").replace("<tu>", '<tu tuid="t7">')
        )
    )
    assert one.id == two.id != three.id
    assert four.id == "t7"


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        ('xml:lang="ZH_cn"', "zh"),
        ('xml:lang="zh-CN"', "zh"),
        ('xml:lang="zh-hant-tw"', "zh-Hant-TW"),
        ('xml:lang="EN-us"', "en-US"),
        ('xml:lang="FR"', "fr"),
        ('lang="DE"', "de"),
    ],
)
def test_language_codes_as_they_are_found(attribute: str, code: str) -> None:
    (unit,) = got(foreign(f"<tu><tuv {attribute}><seg>x</seg></tuv></tu>"))
    assert list(unit.variants) == [code]


@pytest.mark.parametrize("encoding", AS_FOUND)
def test_encodings(encoding: str) -> None:
    name = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(encoding, encoding)
    french = {"iso-8859-1": "Ça", "big5": "水"}.get(encoding, "Ça 水")
    text = foreign(pair("One", french), prolog=f'<?xml version="1.0" encoding="{name}"?>\n')
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    (unit,) = got((mark + text).encode(encoding))
    assert unit.variants["fr"] == french


def test_utf_8_that_is_called_utf_16() -> None:
    text = foreign(pair("One", "Ça"), prolog='<?xml version="1.0" encoding="utf-16"?>\n')
    (unit,), (repair,) = mended(text.encode())
    assert unit.variants["fr"] == "Ça"
    assert str(repair) == "memory.tmx:1: unit 0: its declaration says utf-16; read as UTF-8"


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("no-such", b"x", "line 1: is in an encoding that nobody knows: 'no-such'"),
        ("rot13", b"x", "line 1: is in an encoding that nobody knows: 'rot13'"),
        ("hex", b"x", "line 1: is in an encoding that nobody knows: 'hex'"),
        ("uu", b"x", "line 1: is in an encoding that nobody knows: 'uu'"),
        ("big5", b"\xff", "line 4: has bytes that are no big5"),
        ("utf-8", b"\xff", "line 4: is not well-formed"),
    ],
)
def test_bytes_that_are_not_in_their_encoding(name: str, data: bytes, fault: str) -> None:
    text = foreign(
        pair("One", "Un") + "\n" + pair("a", "b"), prolog=f'<?xml version="1.0" encoding="{name}"?>\n'
    )
    with pytest.raises(FormatError, match=f"^memory.tmx: {fault}"):
        got(text.encode().replace(b"<seg>b", b"<seg>" + data))


@pytest.mark.parametrize(
    ("seg", "text", "codes"),
    [
        ('a<bpt i="1">&lt;b&gt;</bpt>b<ept i="1">&lt;/b&gt;</ept>c', "abc", "a<b>b</b>c"),
        ("a<ph>{1}</ph>b", "ab", "a{1}b"),
        ('a<it pos="begin">[</it>b<ut>]</ut>', "ab", "a[b]"),
        ("a<hi>b<hi>c</hi></hi>d", "abcd", "abcd"),
        ('a<ph x="1">&lt;img alt="<sub>Cat</sub>"&gt;</ph>b', "ab", 'a<img alt="Cat">b'),
        ("a<!-- c -->b<?pi x?>c", "abc", "abc"),
        ("<![CDATA[<a>]]>b", "<a>b", "<a>b"),
        ("<foreign>a</foreign>b", "ab", "ab"),
    ],
)
def test_inline_elements(seg: str, text: str, codes: str) -> None:
    data = foreign(pair(seg, "x"))
    assert got(data)[0].variants["en"] == text
    assert got(data, inline="codes")[0].variants["en"] == codes


@pytest.mark.parametrize("version", ["1.1", "1.2", "1.3", "1.4", "1.4b"])
def test_versions_and_a_doctype(version: str) -> None:
    prolog = f'<?xml version="1.0"?>\n<!DOCTYPE tmx SYSTEM "tmx{version}.dtd">\n'
    assert got(foreign(pair("One", "Un"), prolog=prolog, version=version))[0].variants["fr"] == "Un"


def test_a_namespace_and_no_header() -> None:
    data = f'<tmx xmlns="http://www.lisa.org/tmx14"><body>{pair("One", "Un")}</body></tmx>'
    assert got(data)[0].variants == {"en": "One", "fr": "Un"}


def test_notes_are_kept_and_other_properties_passed_over() -> None:
    inside = '<note>one</note><prop type="Domain">law</prop><prop type="x-id">i</prop><note>two</note>'
    (unit,) = got(foreign(pair("a", "b").replace("<tu>", f"<tu>{inside}")))
    assert (unit.id, unit.note) == ("i", "one\ntwo")


@pytest.mark.parametrize(
    ("unit", "fault", "action"),
    [
        ('<tu><tuv lang="en"><seg>a</seg></tuv></tu>', "lang for xml:lang", "read as en"),
        ('<tu><tuv xml:lang="zh_CN"><seg>a</seg></tuv></tu>', "'zh_CN' has an underscore", "read as zh"),
        (
            '<tu><tuv xml:lang="en"><seg>a</seg></tuv><tuv><seg>b</seg></tuv></tu>',
            "has no language",
            "passed over",
        ),
        (
            '<tu><tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="*"><seg>b</seg></tuv></tu>',
            "language is '*'",
            "passed over",
        ),
        (
            '<tu><tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="EN"><seg>b</seg></tuv></tu>',
            "second variant in en",
            "the first is kept",
        ),
        (
            '<tu><tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="fr"/></tu>',
            "variant in fr has no seg",
            "the variant is passed over",
        ),
        ("<tu/>", "holds no text", "passed over"),
        (
            '<tu><prop type="x-confidence">high</prop><tuv xml:lang="en"><seg>a</seg></tuv></tu>',
            "confidence is 'high'",
            "read as 1.0",
        ),
        (
            '<tu><prop type="x-confidence">1.5</prop><tuv xml:lang="en"><seg>a</seg></tuv></tu>',
            "confidence is '1.5'",
            "read as 1.0",
        ),
        (
            '<tu><prop type="x-score-s">nan</prop><tuv xml:lang="en"><seg>a</seg></tuv></tu>',
            "score s is 'nan'",
            "passed over",
        ),
        (
            '<tu><tuv xml:lang="en"><prop type="x-position">3</prop><seg>a</seg></tuv></tu>',
            "position is '3'",
            "passed over",
        ),
        (
            f'<tu><tuv xml:lang="en"><prop type="x-position">0:0-{"9" * 5000} p</prop><seg>a</seg></tuv>'
            "</tu>",
            "position is '0:0-999",
            "passed over",
        ),
    ],
)
def test_repairs_are_told_with_unit_and_line(unit: str, fault: str, action: str) -> None:
    units, (repair,) = mended(foreign(pair("One", "Un") + "\n" + unit + "\n" + pair("Two", "Deux")))
    assert [next(iter(u.variants.values())) for u in units] in (["One", "a", "Two"], ["One", "Two"])
    assert (repair.path, repair.unit, repair.line) == ("memory.tmx", 2, 4)
    assert fault in repair.fault
    assert action in repair.action
    assert str(repair) == f"memory.tmx:4: unit 2: {repair.fault}; {repair.action}"


@pytest.mark.parametrize(
    ("unit", "variant", "changed"),
    [
        ("", "", None),
        ('creationdate="20200101T000000Z"', "", 1577836800),
        ('creationdate="20200101T000000Z" changedate="20200101T000001Z"', "", 1577836801),
        ('creationdate="20200101T000000Z"', 'changedate="20200102T000000Z"', 1577923200),
        ('changedate="yesterday"', 'creationdate="20209999T000000Z"', None),
    ],
)
def test_when_a_foreign_unit_was_changed(unit: str, variant: str, changed: float | None) -> None:
    data = foreign(pair("a", "b").replace("<tu>", f"<tu {unit}>").replace("<tuv ", f"<tuv {variant} ", 1))
    (found,) = got(data)
    assert found.scores == ({} if changed is None else {"changed": changed})
    (again,) = got(written([found]))
    assert again == found
    (tu,) = tree([found]).iter("tu")
    assert (tu.get("changedate") is None) == (changed is None)


def test_a_date_that_no_calendar_has_is_a_score_only() -> None:
    unit = TranslationUnit("u", {"en": "a", "fr": "b"}, 1, {"changed": 1e300})
    (tu,) = tree([unit]).iter("tu")
    assert tu.get("changedate") is None
    assert got(written([unit])) == [unit]


def test_what_a_header_lacks_is_told() -> None:
    data = foreign(pair("One", "Un")).replace(' adminlang="en"', "").replace(' o-tmf="a"', "")
    units, repairs = mended(data)
    assert [str(repair) for repair in repairs] == [
        "memory.tmx:2: unit 0: the header has no o-tmf; not needed",
        "memory.tmx:2: unit 0: the header has no adminlang; not needed",
    ]
    assert len(units) == 1


# --- reading what should not be read ---

BOMB = (
    "<!DOCTYPE tmx ["
    + '<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("", "not well-formed"),
        ("plain text", "line 1: is not well-formed"),
        ("<html><body><p>x</p></body></html>", "is not TMX: its outermost element is <html>"),
        ("<tmx><body><tu></body></tmx>", "line 1: is not well-formed XML after 0 units"),
        (foreign(pair("One", "Un"))[:-40], "line 3: is not well-formed XML after 0 units"),
        (foreign(pair("a & b", "c")), "line 3: is not well-formed"),
        (foreign(pair("a\x01b", "c")), "line 3: is not well-formed"),
        (
            foreign(pair("a", "b")).encode("utf-8").replace(b"<seg>b", b"<seg>\xff"),
            "line 3: is not well-formed",
        ),
        (foreign(pair("&i;", "x"), prolog=BOMB + "]>\n"), "line 1: has an entity of its own, &a;"),
        (
            foreign(pair("a &eacute; b", "x"), prolog='<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'),
            "line 3: uses the entity &eacute;",
        ),
        (foreign(pair("&eacute;", "x")), "line 3: is not well-formed"),
        (
            foreign(pair("&e;", "x"), prolog='<!DOCTYPE tmx [<!ENTITY e SYSTEM "file:///etc/hostname">]>'),
            "line 1: has an entity of its own, &e;",
        ),
        (foreign(pair("<hi>" * 1000 + "</hi>" * 1000, "x")), "line 3: is nested more than 256 deep"),
        (foreign("<x>" * 1000 + "</x>" * 1000), "line 3: is nested more than 256 deep"),
        (foreign(pair("a" * (17 << 20), "x")), "more than 16 MiB"),
        (foreign("<tu>" + '<tuv xml:lang="en"><seg>a</seg></tuv>' * 500_000 + "</tu>"), "more than 16 MiB"),
        ("<tmx><header/><ude>" + "<map unicode='#xF8FF'/>" * 900_000, "more than 16 MiB"),
    ],
)
def test_hostile_and_broken_files_are_one_clear_error(data: str | bytes, fault: str) -> None:
    with pytest.raises(FormatError, match=rf"^memory.tmx: .*{fault}") as caught:
        got(data)
    assert len(str(caught.value)) < 400


def test_entities_in_attributes_do_not_grow() -> None:
    body = '<tu><tuv xml:lang="&i;"><seg>a</seg></tuv></tu>'
    with pytest.raises(FormatError, match="line 1: has an entity of its own, &a;"):
        got(foreign(body, prolog=BOMB + "]>\n"))


def test_no_file_is_read_and_no_address_is_asked(tmp_path: Path) -> None:
    secret = tmp_path / "secret.dtd"
    secret.write_text('<!ENTITY s "secret">')
    for system in (secret.as_uri(), "http://127.0.0.1:9/x.dtd"):
        prolog = f'<!DOCTYPE tmx [<!ENTITY % p SYSTEM "{system}"> %p;]>'
        with pytest.raises(FormatError, match="line 1: has an entity of its own, &p;"):
            got(foreign(pair("&s;", "x"), prolog=prolog))


def test_units_before_the_fault_are_given() -> None:
    units = read_tmx(io.BytesIO((foreign(pair("One", "Un"))[:-12] + pair("Two", "Deux")).encode()), "x")
    assert next(units).variants["en"] == "One"


@settings(patient, max_examples=200)
@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 400))
def test_damage_of_any_kind_ends_in_units_or_in_one_error_that_names_the_line(
    noise: bytes, start: int, length: int
) -> None:
    data = written(bitext())
    start = start * len(data) // 400
    try:
        mended(data[:start] + noise + data[start + length :])
    except FormatError as error:
        assert re.fullmatch(r"memory\.tmx: (line|unit) \d+|memory\.tmx", error.where)
        assert error.where != "memory.tmx" or "is not TMX" in error.fault
