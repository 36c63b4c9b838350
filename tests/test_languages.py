from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import corpusalign.languages
from corpusalign.errors import LanguageError
from corpusalign.languages import entries, folder, from_tmx_code, known, language, tmx_code
from corpusalign.segment import segment
from corpusalign.segment.rules import ABBREVIATION_FILES, rules_of

HOME = Path(corpusalign.languages.__file__).parent


def cases(code: str) -> list[dict[str, object]]:
    lines = (HOME / code / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


CASES = [
    pytest.param(code, case["text"], case["sentences"], id=f"{code}-{number}-{case['shows']}")
    for code in known()
    for number, case in enumerate(cases(code), 1)
]


@pytest.mark.parametrize(("code", "text", "sentences"), CASES)
def test_cases_beside_the_rules(code: str, text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in segment(text, lang=code)] == sentences


@pytest.mark.parametrize("code", known())
def test_every_language_has_cases_enough(code: str) -> None:
    listed = cases(code)
    assert len(listed) >= 80
    assert all(case["shows"] for case in listed)
    assert [text for text, times in Counter(str(case["text"]) for case in listed).items() if times > 1] == []


def test_the_four_languages() -> None:
    assert set(known()) >= {"de", "en", "fr", "zh"}


@pytest.mark.parametrize("code", known())
def test_profile_is_complete(code: str) -> None:
    profile = language(code)
    assert profile.code == code
    assert profile.name
    assert profile.tmx
    assert profile.switcher
    assert from_tmx_code(tmx_code(code)) == code


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-GB", "en"), ("EN_us", "en"), ("zh-Hant-TW", "zh"), ("fr-BE", "fr"), ("ger", "de"), ("中文", "zh")],
)
def test_tags_find_their_folder(tag: str, code: str) -> None:
    assert folder(tag) == code


def test_unknown_tag() -> None:
    with pytest.raises(LanguageError, match="choose one of"):
        folder("tlh")


def test_a_file_that_is_not_there_has_no_entries() -> None:
    assert entries("en", "no-such-list") == ()


@pytest.mark.parametrize("code", known())
def test_rules_compile_and_list_nothing_twice(code: str) -> None:
    assert rules_of(code).code == code
    for name in (
        *ABBREVIATION_FILES.values(),
        "starters",
        "continuations",
        "terminators",
        "quotes",
        "brackets",
    ):
        listed = Counter(entries(code, name))
        assert [entry for entry, times in listed.items() if times > 1] == [], name


@pytest.mark.parametrize("code", known())
def test_abbreviations_leave_their_final_stop_out(code: str) -> None:
    for name in ABBREVIATION_FILES.values():
        assert [entry for entry in entries(code, name) if entry.endswith(".")] == [], name


@pytest.mark.parametrize("code", known())
def test_never_ending_words_stand_in_no_other_list(code: str) -> None:
    never, *others = (set(entries(code, name)) for name in ABBREVIATION_FILES.values())
    assert [word for other in others for word in never & other] == []
