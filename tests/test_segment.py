from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.errors import LanguageError
from corpusalign.languages import known
from corpusalign.segment import segment
from corpusalign.types import Block, Document


def texts(text: str, lang: str) -> list[str]:
    return [sentence.text for sentence in segment(text, lang=lang)]


def document(lang: str, *blocks: Block) -> Document:
    return Document("d", "page.html", lang, None, None, None, None, blocks, (), {}, "0" * 64)


def test_offsets_point_into_the_block() -> None:
    page = document(
        "en",
        Block("heading", 1, "Who we are. What we do.", "/h1"),
        Block("paragraph", 0, " First one.  Second one. ", "/p"),
        Block("list_item", 1, "no final stop", "/li"),
        Block("paragraph", 0, "  ", "/p[2]"),
        Block("paragraph", 0, "Last", "/p[3]"),
    )
    found = segment(page)
    assert [(s.block, s.text) for s in found] == [
        (0, "Who we are. What we do."),
        (1, "First one."),
        (1, "Second one."),
        (2, "no final stop"),
        (4, "Last"),
    ]
    assert all(page.blocks[s.block].text[s.start : s.end] == s.text for s in found)


def test_lang_overrides_the_document() -> None:
    page = document("en", Block("paragraph", 0, "Am 3. Oktober. Danach.", "/p"))
    assert [s.text for s in segment(page, lang="de")] == ["Am 3. Oktober.", "Danach."]


def test_text_without_language_says_what_to_pass() -> None:
    with pytest.raises(LanguageError, match="lang="):
        segment("Text.")


def test_unknown_language() -> None:
    with pytest.raises(LanguageError, match="choose one of"):
        segment("Text.", lang="tlh")


def test_tags_of_a_language_share_its_rules() -> None:
    assert texts("他來了。她走了。", "zh-Hant") == ["他來了。", "她走了。"]


def test_blank_lines_always_end_a_sentence() -> None:
    assert texts("Key findings\n\nMost patients\nwere women. All agreed.", "en") == [
        "Key findings",
        "Most patients\nwere women.",
        "All agreed.",
    ]


# Pieces that come near every rule, so that random texts reach them.
PIECES = st.sampled_from(
    "._|!_|?_|...|…|。|！|？|”|“|「|」|«_|_»|\"|'|(|)|（|）|《|》|[12]|1._|Mr._|M._|p. ex._|z. B._|U.S._|J._|"
    "e\u0301|\U0001f600|\n\n|_|\u00a0|\u202f|\u3000|The_|it_|Le_|on_|他|说|3|-|—|——|,_|iPad_|……|».|:_".replace(
        "_", " "
    ).split("|")
)
ANY_TEXT = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)


@given(ANY_TEXT, st.sampled_from(known()))
def test_nothing_but_white_space_is_left_between_sentences(text: str, lang: str) -> None:
    at = 0
    for sentence in segment(text, lang=lang):
        assert at <= sentence.start < sentence.end
        assert not text[at : sentence.start].strip()
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip()
        at = sentence.end
    assert not text[at:].strip()


@given(ANY_TEXT, st.sampled_from(known()))
def test_a_sentence_segmented_again_is_itself(text: str, lang: str) -> None:
    for sentence in segment(text, lang=lang):
        assert texts(sentence.text, lang) == [sentence.text]


@given(ANY_TEXT, ANY_TEXT, st.sampled_from(known()))
def test_what_stands_in_another_block_changes_nothing(one: str, two: str, lang: str) -> None:
    page = document(lang, Block("paragraph", 0, one, "/p"), Block("paragraph", 0, two, "/p[2]"))
    found = segment(page)
    for number, text in enumerate((one, two)):
        assert [(s.start, s.end) for s in found if s.block == number] == [
            (s.start, s.end) for s in segment(text, lang=lang)
        ]
