"""The whole stage on our own pages: kept blocks equal to gold, metadata, alternates, and bad pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpusalign.errors import DecodeError, ExtractError, LanguageError
from corpusalign.extract import explain, extract
from corpusalign.types import Document, Page

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"


TEXT = (
    "The committee met on Monday, heard two reports, and agreed to publish both. It will meet again in May."
)
CHINESE = (
    "委员会星期一开会，听取了两份报告，并同意将其全部公布。委员会将于五月再次开会，讨论下一年度的预算安排。"
)


def _page(body: str, head: str = "", attributes: str = "") -> str:
    return f"<!DOCTYPE html><html {attributes}><head>{head}</head><body>{body}</body></html>"


def _cases() -> list[tuple[str, str]]:
    cases = []
    for gold in sorted(FIXTURES.glob("*/gold.json")):
        documents = json.loads(gold.read_text(encoding="utf-8")).get("documents") or {}
        cases += [(gold.parent.name, lang) for lang in documents]
    return cases


def _read(path: Path) -> Document:
    return extract(path.read_bytes(), path.as_posix())


@pytest.mark.parametrize(("folder", "lang"), _cases())
def test_kept_blocks_and_metadata_equal_gold(folder: str, lang: str) -> None:
    gold = json.loads((FIXTURES / folder / "gold.json").read_text(encoding="utf-8"))["documents"][lang]
    document = _read(FIXTURES / folder / gold["page"])
    assert [(b.kind, b.level, b.text) for b in document.blocks] == [
        (b["kind"], b["level"], b["text"]) for b in gold["blocks"]
    ]
    assert document.lang == lang
    assert (document.title, document.date, document.source) == (gold["title"], gold["date"], gold["source"])


@pytest.mark.parametrize("folder", ["sco-2020", "river-cleanup"])
def test_each_page_names_its_other_versions(folder: str) -> None:
    pages = {lang: _read(FIXTURES / folder / f"{lang}.html") for lang in ("en", "zh", "fr")}
    for lang, document in pages.items():
        assert sorted(document.alternates) == sorted({"en", "zh", "fr"} - {lang})


def test_seed_text_gives_up_its_metadata_and_loses_its_lines() -> None:
    document = _read(ROOT / "seeds" / "000_9ad0c85d99907b88.txt")
    assert document.title is not None
    assert document.title.startswith("Carrying Forward the Shanghai Spirit")
    assert (document.date, document.source, document.lang) == ("2020-11-11", "Xinhua", "en")
    assert [block.kind for block in document.blocks] == ["heading"] + ["paragraph"] * (
        len(document.blocks) - 1
    )
    assert document.blocks[1].text == "Remarks by H.E. Xi Jinping"
    assert document.blocks[1].path == "line 7"
    assert document.blocks[-1].text == "Thank you."
    assert [dropped.reason for dropped in document.dropped] == [
        "language switcher",
        "dateline",
        "copyright",
        "registration",
        "registration",
    ]


def test_every_block_has_a_verdict_and_dropped_ones_a_reason() -> None:
    path = FIXTURES / "sco-2020" / "zh.html"
    verdicts = explain(path.read_bytes(), path.as_posix())
    document = _read(path)
    assert tuple(verdict.block for verdict in verdicts if verdict.kept) == document.blocks
    assert [verdict.block for verdict in verdicts if not verdict.kept] == [d.block for d in document.dropped]
    assert all(verdict.reason and 0 <= verdict.probability <= 1 for verdict in verdicts)


def test_id_is_stable_and_depends_on_address_and_bytes() -> None:
    page = _page(
        "<p>A page with a sentence that is long enough to be kept, surely.</p>", attributes="lang=en"
    )
    one, again = extract(page, "a.html"), extract(page, "a.html")
    assert one == again
    assert extract(page, "b.html").id != one.id
    assert extract(page.replace("surely", "maybe"), "a.html").id != one.id


def test_language_from_markup_then_text_then_argument() -> None:
    assert extract(_page(f"<p>{TEXT}</p>" * 3, attributes='lang="en-GB"')).lang == "en"
    assert extract(_page(f"<p>{CHINESE}</p>" * 3)).lang == "zh"
    assert extract(_page(f"<p>{TEXT}</p>" * 3), lang="fr-CA").lang == "fr"
    declared = '<meta http-equiv="Content-Language" content="zh-TW">'
    assert extract(_page(f"<p>{CHINESE}</p>", declared)).lang == "zh"


def test_text_outweighs_markup_that_is_certainly_wrong() -> None:
    assert extract(_page(f"<p>{CHINESE}</p>" * 10, attributes='lang="en"')).lang == "zh"


def test_unknown_language_says_how_to_go_on() -> None:
    polish = "Komisja zebrała się w poniedziałek, wysłuchała dwóch sprawozdań i zgodziła się je opublikować. "
    with pytest.raises(LanguageError, match="--lang"):
        extract(_page(f"<p>{polish * 4}</p>", attributes='lang="pl"'))
    with pytest.raises(LanguageError, match="choose one of"):
        extract(_page(f"<p>{TEXT}</p>"), lang="tlh")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (_page("", "<title>x</title>").encode(), "holds no text"),
        (_page("<script>var text = 'no text';</script>").encode(), "holds no text"),
        (_page("<nav><a href='/'>Home</a> <a href='/b'>About us</a></nav>").encode(), "no main"),
        (f"<!DOCTYPE html><html><body><div><p>{TEXT}</p><p>{TEXT[:40]}".encode(), "never closes"),
    ],
)  # fmt: skip
def test_bad_pages_get_one_clear_line(content: bytes, fault: str) -> None:
    with pytest.raises(ExtractError, match=fault) as caught:
        extract(content, "bad.html")
    assert str(caught.value).startswith("bad.html: ")
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_a_page_unlike_any_other_keeps_its_running_text() -> None:
    document = extract(_page(f"<p>{TEXT * 2000}</p>", attributes="lang=en"))
    assert [block.text for block in document.blocks] == [TEXT * 2000]


def test_truncated_page_is_taken_if_asked() -> None:
    cut = f"<!DOCTYPE html><html lang=en><body><div><p>{TEXT}</p><p>{TEXT[:40]}"
    assert extract(cut, allow_truncated=True).blocks[0].text == TEXT


def test_binary_is_a_decode_error() -> None:
    with pytest.raises(DecodeError):
        extract(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "picture.html")


def test_page_keeps_its_digest_and_address() -> None:
    page = Page(
        "https://example.org/a", _page(f"<p>{TEXT}</p>", attributes="lang=en").encode(), None, "", "ab" * 32
    )
    document = extract(page)
    assert (document.url, document.page_sha256) == ("https://example.org/a", "ab" * 32)
