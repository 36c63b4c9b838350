from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.errors import LanguageError
from corpusalign.languages import known
from corpusalign.segment import Unit, segment
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


def test_units_above_and_below() -> None:
    text = "He came; she left: nobody spoke (why; who knows). It rained.\n\nThen — at last — sun."

    def units(unit: Unit) -> list[str]:
        return [found.text for found in segment(text, lang="en", unit=unit)]

    assert units("paragraph") == text.split("\n\n")
    assert units("sentence") == [
        "He came; she left: nobody spoke (why; who knows).",
        "It rained.",
        "Then — at last — sun.",
    ]
    assert units("clause") == [
        "He came;",
        "she left:",
        "nobody spoke (why; who knows).",
        "It rained.",
        "Then —",
        "at last —",
        "sun.",
    ]


def test_clauses_of_chinese() -> None:
    found = segment("会议于9：00开始：一是种树；二是修路——今年完成。", lang="zh", unit="clause")
    assert [clause.text for clause in found] == [
        "会议于9：00开始：",
        "一是种树；",
        "二是修路——",
        "今年完成。",
    ]


def test_a_speech_dash_stays_with_its_clause() -> None:
    assert [c.text for c in segment("— Oui ; non.", lang="fr", unit="clause")] == ["— Oui ;", "non."]


def test_unknown_unit() -> None:
    with pytest.raises(ValueError, match="paragraph, sentence or clause"):
        segment("Text.", lang="en", unit="word")


def test_extra_abbreviations() -> None:
    text = "We use the cmte. Method and the a. b. Method. It works."
    assert len(segment(text, lang="en")) == 4
    extra = ("cmte.", "a. b.")
    assert [s.text for s in segment(text, lang="en", extra_abbreviations=extra)] == [
        "We use the cmte. Method and the a. b. Method.",
        "It works.",
    ]


def test_protected_spans_are_never_cut() -> None:
    text = "Press {Go. Then wait}. Done. Next\n\nstep."
    whole = text.index("{"), text.index("}") + 1
    gap = text.index("\n"), text.index("\n") + 2
    found = segment(text, lang="en", protected=[gap, whole])
    assert [s.text for s in found] == ["Press {Go. Then wait}.", "Done.", "Next\n\nstep."]


def test_protected_spans_of_a_document_name_their_block() -> None:
    page = document(
        "en", Block("paragraph", 0, "One. Two.", "/p"), Block("paragraph", 0, "One. Two.", "/p[2]")
    )
    assert [s.text for s in segment(page, protected=[(1, 0, 9)])] == ["One.", "Two.", "One. Two."]
    with pytest.raises(ValueError, match=r"\(block, start, end\)"):
        segment(page, protected=[(0, 9)])


def test_captions_and_cells_of_several_sentences_are_cut() -> None:
    page = document(
        "en",
        Block("caption", 0, "The hall. It opened in 1900.", "/figcaption"),
        Block("table_cell", 0, "Yes. No.", "/td"),
        Block("heading", 2, "Who? Why?", "/h2"),
    )
    assert [s.text for s in segment(page)] == ["The hall.", "It opened in 1900.", "Yes.", "No.", "Who? Why?"]


@pytest.mark.parametrize(
    "text",
    [
        "." * 20_000,
        "...[111 " + "111 " * 20_000,
        "A. " * 5_000,
        "\n" * 20_000 + "x",
        "(" * 20_000 + "a. B",
        "Yes. (No! " * 5_000,
        "a" * 1_000_000 + ". B",
        "“." * 20_000,
        'He said. " ' * 5_000,
        "。" * 20_000,
        "他（说。" * 20_000,
        " " * 100_000 + "a.",
        "z. " * 20_000,
        "no - " * 20_000,
    ],
    ids=lambda text: text[:8],
)
@pytest.mark.parametrize("lang", known())
def test_inputs_that_hang_others(text: str, lang: str) -> None:
    assert "".join("".join(s.text for s in segment(text, lang=lang)).split()) == "".join(text.split())


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


@given(ANY_TEXT, st.sampled_from(known()), st.sampled_from(["paragraph", "sentence", "clause"]))
def test_every_unit_is_cut_out_of_the_next_larger(text: str, lang: str, unit: Unit) -> None:
    larger: dict[Unit, Unit] = {"clause": "sentence", "sentence": "paragraph", "paragraph": "paragraph"}
    outer = [(s.start, s.end) for s in segment(text, lang=lang, unit=larger[unit])]
    inner = [(s.start, s.end) for s in segment(text, lang=lang, unit=unit)]
    assert {start for start, _ in outer} <= {start for start, _ in inner}
    assert {end for _, end in outer} <= {end for _, end in inner}


@given(
    ANY_TEXT,
    st.sampled_from(known()),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=4),
)
def test_no_cut_falls_inside_a_protected_span(text: str, lang: str, spans: list[tuple[int, int]]) -> None:
    protected = [(start, start + length) for start, length in spans]
    found = segment(text, lang=lang, protected=protected)
    for one, two in pairwise(found):
        assert not any(start < two.start and stop > one.end for start, stop in protected)


@given(ANY_TEXT, ANY_TEXT, st.sampled_from(known()))
def test_what_stands_in_another_block_changes_nothing(one: str, two: str, lang: str) -> None:
    page = document(lang, Block("paragraph", 0, one, "/p"), Block("paragraph", 0, two, "/p[2]"))
    found = segment(page)
    for number, text in enumerate((one, two)):
        assert [(s.start, s.end) for s in found if s.block == number] == [
            (s.start, s.end) for s in segment(text, lang=lang)
        ]
