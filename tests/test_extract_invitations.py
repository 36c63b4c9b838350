"""What sites say of themselves: the phrase files, and their counting."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.extract import extract
from corpusalign.extract.blocks import walk
from corpusalign.extract.features import Columns, columns, invitations
from corpusalign.extract.invitations import GROUPS, LONGEST_LINE, counts, phrases
from corpusalign.extract.metadata import Head
from corpusalign.extract.tree import parse
from corpusalign.fetch import make_page
from corpusalign.languages import entries, known


def _page(body: str) -> Columns:
    root = parse(f"<html><body>{body}</body></html>")
    assert root is not None
    return columns(walk(root), Head())


_CODES = [code for code in known() if entries(code, "invitations")]


def test_the_first_languages_have_phrases() -> None:
    assert {"en", "fr", "zh"} <= set(_CODES)


@pytest.mark.parametrize("code", _CODES)
def test_every_entry_is_a_phrase_of_a_group(code: str) -> None:
    found = entries(code, "invitations")
    assert len(found) >= 60
    assert len(set(found)) == len(found)
    for entry in found:
        group, colon, phrase = entry.partition(":")
        assert group in GROUPS
        assert colon
        assert phrase.strip() == phrase.strip().lower() != ""


def test_no_phrase_is_of_two_groups() -> None:
    groups: dict[str, set[str]] = {}
    for code in _CODES:
        for entry in entries(code, "invitations"):
            group, _, phrase = entry.partition(":")
            groups.setdefault(phrase.strip(), set()).add(group)
    assert {phrase: found for phrase, found in groups.items() if len(found) > 1} == {}
    assert set(groups) == set(phrases())


def test_phrases_count_by_their_group_wherever_a_line_has_them() -> None:
    def groups(text: str) -> dict[str, float]:
        return {
            group: count for group, count in zip(GROUPS, counts([text])[0].tolist(), strict=True) if count
        }

    assert groups("Get it: SIGN UP and subscribe!") == {"invitation": 2}
    assert groups("Resubscribed") == {}
    assert groups("Advertisement") == {"advertisement": 1}
    assert groups("Poursuivez votre lecture, à lire aussi") == {"advertisement": 1, "more": 1}
    assert groups("欢迎关注微信公众号") == {"invitation": 2}
    assert groups("Subscribe" + "." * LONGEST_LINE) == {}
    assert counts([]).shape == (0, len(GROUPS))


def _plainly(text: str) -> list[float]:
    """Count as `counts` does, phrase by phrase: at each place the longest, then on behind it."""
    found = dict.fromkeys(GROUPS, 0.0)
    for latin in (True, False):
        place = 0
        chosen = [phrase for phrase in phrases() if (re.match("[a-zß-öø-ÿœ]", phrase) is not None) == latin]
        while place < len(text):
            here = [phrase for phrase in chosen if text.startswith(phrase, place)]
            inside = place > 0 and (text[place - 1].isalnum() or text[place - 1] == "_")
            if here and not (latin and inside):
                longest = max(here, key=len)
                found[phrases()[longest]] += 1
                place += len(longest)
            else:
                place += 1
    return list(found.values())


@given(
    st.lists(
        st.lists(st.sampled_from([*list(phrases())[::9], " ", "x", "İ", "的", ". ", "\x00"]), max_size=4),
        max_size=4,
    )
)
def test_counting_at_once_is_counting_phrase_by_phrase(parts: list[list[str]]) -> None:
    texts = ["".join(part) for part in parts]
    short = [text if len(text) <= LONGEST_LINE else "" for text in texts]
    assert counts(texts).tolist() == [_plainly(text.lower()) for text in short]


def test_a_stray_nul_in_a_text_file_parts_no_lines() -> None:
    content = "Text\x00 of it.\n\nSign up\n\nThe newsletter".encode("utf-16")
    found = extract(make_page(content, "http://example.org/a.txt", "text/plain"), lang="en")
    assert "\x00" in found.blocks[0].text
    assert counts(["a\x00b", "sign up"]).sum(axis=1).tolist() == [0, 1]


def test_features_of_phrases_tell_short_lines_from_texts() -> None:
    page = _page(f"<p>Sign up</p><p>{'Members sign up here. ' + 'A word. ' * 20}</p><p>None</p>")
    features = dict(zip(invitations.names(), invitations.matrix(page).T.tolist(), strict=True))
    assert np.array(features["phrases of invitation"]) * 3 == pytest.approx([1, 1, 0])
    assert features["short and with invitation"] == [1, 0, 0]
