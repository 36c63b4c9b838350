from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.errors import FormatError
from corpusalign.segment import SrxRules, segment


def srx(
    body: str, *, header: str = '<header segmentsubflows="yes" cascade="yes"/>', version: str = "2.0"
) -> bytes:
    head = f'<srx xmlns="http://www.lisa.org/srx20" version="{version}">{header}'
    return f"{head}<body>{body}</body></srx>".encode()


def languagerule(name: str, *rules: tuple[str, str, str]) -> str:
    rows = "".join(
        f'<rule break="{breaks}"><beforebreak>{before}</beforebreak><afterbreak>{after}</afterbreak></rule>'
        for breaks, before, after in rules
    )
    return f'<languagerule languagerulename="{name}">{rows}</languagerule>'


def maps(*pairs: tuple[str, str]) -> str:
    rows = "".join(f'<languagemap languagepattern="{tag}" languagerulename="{name}"/>' for tag, name in pairs)
    return f"<maprules>{rows}</maprules>"


def rules(*listed: tuple[str, str, str]) -> SrxRules:
    body = f"<languagerules>{languagerule('all', *listed)}</languagerules>{maps(('.*', 'all'))}"
    return SrxRules.parse(srx(body))


def cut(text: str, by: SrxRules, lang: str = "en") -> list[str]:
    return [sentence.text for sentence in segment(text, lang=lang, rules=by)]


STOP = ("yes", r"[.?!]+", r"\s")


def test_the_first_matching_rule_wins() -> None:
    text = "Mr. Bo left. So did I."
    assert cut(text, rules(("no", r"\bMr\.", r"\s"), STOP)) == ["Mr. Bo left.", "So did I."]
    assert cut(text, rules(STOP, ("no", r"\bMr\.", r"\s"))) == ["Mr.", "Bo left.", "So did I."]


def test_a_break_allowed_first_stands_against_a_later_exception() -> None:
    by = rules(("yes", r"\bNo\.", r"\s\d"), ("no", r"\bNo\.", r"\s"), STOP)
    assert cut("No. 5 is full. No. Really. No. 6 too.", by) == [
        "No.",
        "5 is full.",
        "No. Really.",
        "No.",
        "6 too.",
    ]


def test_empty_patterns_match_everywhere() -> None:
    assert cut("a;b c", rules(("yes", ";", ""))) == ["a;", "b c"]
    assert cut("a;b c", rules(("yes", "", r"\s"))) == ["a;b", "c"]


def test_offsets_and_document_blocks() -> None:
    text = "  One.\n Two. "
    found = segment(text, lang="en", rules=rules(STOP))
    assert [(s.start, s.end) for s in found] == [(2, 6), (8, 12)]


BOTH = (
    "<languagerules>"
    + languagerule("commas", ("yes", ",", r"\s"), ("no", "x!", r"\s"))
    + languagerule("stops", ("yes", "[.!]", r"\s"))
    + "</languagerules>"
    + maps(("en.*", "commas"), (".*", "stops"))
)


@pytest.mark.parametrize(
    ("header", "version", "expected"),
    [
        ('<header cascade="yes"/>', "2.0", ["a,", "b!", "c x! d"]),
        ('<header cascade="no"/>', "2.0", ["a,", "b! c x! d"]),
        ("<header/>", "2.0", ["a,", "b!", "c x! d"]),
        ("", "2.0", ["a,", "b!", "c x! d"]),
        ("<header/>", "1.0", ["a,", "b! c x! d"]),
    ],
)
def test_cascade(header: str, version: str, expected: list[str]) -> None:
    assert cut("a, b! c x! d", SrxRules.parse(srx(BOTH, header=header, version=version)), "en-GB") == expected


def test_language_patterns_ignore_case_and_match_whole_tags() -> None:
    by = SrxRules.parse(
        srx(f"<languagerules>{languagerule('E', STOP)}</languagerules>{maps(('EN(-.*)?', 'E'))}")
    )
    assert cut("A. B", by, "en-us") == ["A.", "B"]
    with pytest.raises(FormatError, match="no rules for 'enx'"):
        cut("A. B", by, "enx")


def test_suffixed_tags() -> None:
    body = (
        "<languagerules>"
        + languagerule("lines", ("yes", r"\n", ""))
        + languagerule("english", STOP)
        + "</languagerules>"
        + maps(("[a-z]{2,3}_one", "lines"), ("(EN|en).*", "english"))
    )
    by = SrxRules.parse(srx(body))
    assert cut("a\nb. c", by, "en_one") == ["a", "b.", "c"]
    assert cut("a\nb. c", by, "en") == ["a\nb.", "c"]


def test_prefixed_namespace_comments_and_extensions() -> None:
    content = b"""<?xml version="1.0" encoding="UTF-8"?>
    <s:srx xmlns:s="http://www.lisa.org/srx20"
           xmlns:okpsrx="http://okapi.sf.net/srx-extensions" version="2.0">
      <s:header segmentsubflows="yes" cascade="yes">
        <s:formathandle type="start" include="no"/>
        <okpsrx:options trimLeadingWhitespaces="yes"/><okpsrx:rangeRule/>
      </s:header>
      <s:body><s:languagerules><s:languagerule languagerulename="d"><!-- one --><s:rule>
        <s:beforebreak>[.<!-- and -->!]</s:beforebreak><s:afterbreak> </s:afterbreak>
      </s:rule></s:languagerule></s:languagerules>
      <s:maprules><s:languagemap languagepattern=".*" languagerulename="d"/></s:maprules></s:body>
    </s:srx>"""
    assert cut("A! B. C", SrxRules.parse(content)) == ["A!", "B.", "C"]


def test_version_1_takes_its_first_map() -> None:
    body = (
        f"<languagerules>{languagerule('a', STOP)}{languagerule('b', ('yes', ',', ''))}</languagerules>"
        "<maprules>"
        '<maprule maprulename="M"><languagemap languagepattern=".*" languagerulename="a"/></maprule>'
        '<maprule maprulename="N"><languagemap languagepattern=".*" languagerulename="b"/></maprule>'
        "</maprules>"
    )
    assert cut("A, b. C", SrxRules.parse(srx(body, version="1.0"))) == ["A, b.", "C"]


def test_extra_abbreviations_and_protected_spans_hold() -> None:
    text = "Use std. Parts. Press {Go. Wait}. Done."
    found = segment(
        text,
        lang="en",
        rules=rules(STOP),
        extra_abbreviations=["std."],
        protected=[(text.index("{"), text.index("}") + 1)],
    )
    assert [s.text for s in found] == ["Use std. Parts.", "Press {Go. Wait}.", "Done."]


def test_clauses_of_srx_sentences() -> None:
    found = segment("A; b. C", lang="en", rules=rules(STOP), unit="clause")
    assert [s.text for s in found] == ["A;", "b.", "C"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "not well-formed"),
        (b"<srx><body>", "not well-formed"),
        (b"<tmx version='1.4'/>", "not SRX"),
        (srx(maps((".*", "none"))), "'none', which are not there"),
        (srx("<maprules><languagemap languagepattern='.*'/></maprules>"), "lacks languagerulename"),
        (
            srx(f"<languagerules>{languagerule('a', ('yes', '(', ''))}</languagerules>"),
            "cannot be read: '\\('",
        ),
        (srx(f"<languagerules>{languagerule('a', ('yes', '', '[a'))}</languagerules>"), "no closing bracket"),
        (
            srx(f"<languagerules>{languagerule('a', STOP)}</languagerules>{maps(('*', 'a'))}"),
            "cannot be read",
        ),
    ],
)
def test_faulty_files_are_one_clear_error(content: bytes, fault: str) -> None:
    with pytest.raises(FormatError, match=fault) as raised:
        SrxRules.parse(content, "my.srx")
    assert str(raised.value).startswith("my.srx")


def test_a_missing_file() -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        SrxRules.read(Path("no-such.srx"))


def test_entities_are_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    content = (
        f'<!DOCTYPE srx [<!ENTITY e SYSTEM "{secret.as_uri()}">]><srx version="2.0"><body><languagerules>'
        '<languagerule languagerulename="a"><rule><beforebreak>&e;</beforebreak></rule></languagerule>'
        "</languagerules></body></srx>"
    )
    assert "secret" not in repr(SrxRules.parse(content.encode()).sets)


def test_rules_that_take_too_long_are_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("corpusalign.segment.srx"), "PATIENCE", 0.05)
    slow = rules(("yes", "", "(?:(?:a|a?)+)+c"))
    with pytest.raises(FormatError, match="take too long"):
        segment("a" * 60, lang="en", rules=slow)


def naive_breaks(text: str, listed: list[tuple[str, str, str]]) -> list[int]:
    """Follow the standard to the letter: at every place, rule after rule, every stretch before it."""
    found = []
    for place in range(1, len(text)):
        for breaks, before, after in listed:
            ends = any(regex.fullmatch(before, text[start:place]) for start in range(place + 1))
            if ends and regex.match(after, text[place:]):
                found += [place] if breaks == "yes" else []
                break
    return found


PATTERN = st.sampled_from(["", "a", "b", "ab?", r"[ab]+", r"\.", r"\.+", r"\s", "(?:a|b )", "[^a]", "a{2}"])
RULE = st.tuples(st.sampled_from(["yes", "no"]), PATTERN, PATTERN)


@given(st.text("ab. ", max_size=12), st.lists(RULE, min_size=1, max_size=5))
def test_breaks_are_those_of_a_naive_reading(text: str, listed: list[tuple[str, str, str]]) -> None:
    by = rules(*listed)
    expected = []
    at = 0
    for place in [*naive_breaks(text, listed), len(text)]:
        expected += [part] if (part := text[at:place].strip()) else []
        at = place
    assert cut(text, by) == expected
