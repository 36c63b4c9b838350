from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.segment.srx_pattern import translated


def matches(pattern: str, text: str) -> bool:
    return regex.compile(translated(pattern), regex.VERSION1).fullmatch(text) is not None


@pytest.mark.parametrize(
    ("pattern", "matching", "not_matching"),
    [
        (r"\Qa.b*\E+", ["a.b*", "a.b**"], ["axb*", "a.bb"]),
        (r"[\Q]-^\E]", ["]", "-", "^"], ["a", "\\"]),
        (r"\Qa.", ["a."], ["ab"]),
        (r"\x{2026}\x{1F600}", ["…\U0001f600"], ["x{2026}"]),
        (r"[\x{41}-\x{43}]+", ["ABC"], ["D", "-"]),
        (r"\u2026\x41", ["…A"], ["u2026A"]),
        (r"\h", [" ", "\t", "\u00a0", "\u202f", "\u3000"], ["\n", "h"]),
        (r"[\h.]+", [" .\u00a0"], ["\n"]),
        (r"[^\h]", ["a", "\n"], [" ", "\u00a0"]),
        (r"\H\V", ["ab"], [" b", "a\n"]),
        (r"a\vb", ["a\nb", "a\u2028b"], ["a b"]),
        (r"\R", ["\r\n", "\n", "\u2029"], [" "]),
        (r"a\z", ["a"], ["a\n"]),
        (r"a++b*+(?>c)", ["aabc"], ["b"]),
        (r"a*+a", [], ["aaa"]),
        (r"[\p{L}&&[^aeiou]]+", ["xyz", "É"], ["a", "1"]),
        (r"[a-c[x-z]]+", ["abxz"], ["d"]),
        (r"[a-z&&[def]]", ["d"], ["a"]),
        (r"[.?!'\"-]", ["-", "'", "?"], ["a"]),
        (r"[--a]", ["-", "a", "5"], ["b"]),
        (r"[]a]", ["]", "a"], ["b"]),
        (r"[a&b|c~d]", ["&", "|", "~"], ["e"]),
        (r"\p{Lu}\p{javaLowerCase}\pN\P{L}", ["Éa1 ", "Ba3-"], ["ba1 ", "BA1 "]),
        (r"\p{IsLatin}\p{IsAlphabetic}\p{^Lu}", ["éxy"], ["éxY", "1xy"]),
        (r"[[:alpha:]]\d", ["a1"], ["11"]),
        (r"(?i)mr\.(?-i)X", ["MR.X", "mr.X"], ["mr.x"]),
        (r"(?u)(?d:a)(?iu:b)", ["aB"], ["Ab"]),
        (r"(?<n>a)\k<n>", ["aa"], ["ab"]),
        (r"(a|b)\1", ["aa", "bb"], ["ab"]),
        (r"\.\-\"\'\/\#\ ", [".-\"'/# "], ["a"]),
        (r"\t\n\a\e\cA\0101", ["\t\n\x07\x1b\x01A"], ["t"]),
        (r"\b\w+\b(?=\.)\.", ["été."], ["."]),
        (r"(?:[«“]\s?)?x", ["« x", "x", "“x"], ["«  x"]),
    ],
)
def test_icu_and_java_syntax(pattern: str, matching: list[str], not_matching: list[str]) -> None:
    assert [text for text in matching if not matches(pattern, text)] == []
    assert [text for text in not_matching if matches(pattern, text)] == []


def test_end_before_a_last_line_end() -> None:
    pattern = regex.compile(translated(r"a\Z"), regex.VERSION1)
    assert pattern.match("a\n")
    assert not pattern.match("a\nb")


@pytest.mark.parametrize("pattern", ["a\\", "[a", "[a[b]", "["])
def test_unfinished_patterns(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"backslash|bracket"):
        translated(pattern)


@given(st.text(max_size=20))
def test_quoted_text_matches_itself(text: str) -> None:
    quoted = text.replace("\\E", "")
    assert matches(rf"\Q{quoted}\E", quoted)


@given(st.text(min_size=1, max_size=8))
def test_a_set_of_quoted_characters_matches_each(text: str) -> None:
    quoted = text.replace("\\", "") or "x"
    assert all(matches(rf"[\Q{quoted}\E]", character) for character in quoted)
