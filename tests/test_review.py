from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given

from corpusalign.errors import FormatError
from corpusalign.review import write_review
from corpusalign.types import Bitext, MultiBead
from corpusalign.units import make_units
from tests.browser import CHROMIUM, Browser, chromium
from tests.samples import bitext, document, sentences, texts

HOSTILE = "</script><img src=x onerror=\"window.pwned='text'\"><!-- <script> --> {{data}} & \u2028 'quoted'"


def hostile() -> Bitext:
    """A bitext whose every text tries to become markup."""
    page = replace(
        document("en", HOSTILE), url="javascript:window.pwned='url'", title=HOSTILE, source=HOSTILE
    )
    other = replace(document("fr", HOSTILE), url=f"https://example.org/{HOSTILE}")
    lists = (sentences(page, HOSTILE), sentences(other, HOSTILE))
    (row,) = make_units((page, other), lists, [MultiBead(((0, 1), (0, 1)), 0.5)], scores=[{HOSTILE: 1.0}])
    return Bitext(("en", "fr"), (page, other), lists, (replace(row, note=HOSTILE),), HOSTILE)


def large(count: int) -> Bitext:
    english = document("en", *(f"Row {i} of many." for i in range(count)))
    french = document("fr", *(f"Ligne {i} parmi d'autres." for i in range(count)))
    lists = tuple(sentences(page, *(block.text for block in page.blocks)) for page in (english, french))
    beads = [MultiBead(((i, i + 1), (i, i + 1)), (i % 100) / 100) for i in range(count)]
    return Bitext(
        ("en", "fr"), (english, french), lists, make_units((english, french), lists, beads), "large"
    )


class _Parts(HTMLParser):
    """What a page is made of, as HTML parsers see it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._inside: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "action"}]
        self._inside = dict(attrs) if tag == "script" else None

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            self.scripts.append((self._inside, data))
            self._inside = None


def parts(path: Path) -> _Parts:
    parser = _Parts()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


def data_of(path: Path) -> dict[str, object]:
    ((_, text),) = [script for script in parts(path).scripts if script[0].get("id") == "data"]
    return dict(json.loads(text))


def test_the_page_holds_every_row_and_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    write_review(bitext(), path)
    data = data_of(path)
    assert data["signature"] == "corpusalign 0.0 | test <&>"
    assert [page["name"] for page in data["pages"]] == ["English", "Chinese", "French"]
    assert [page["tag"] for page in data["pages"]] == ["en", "zh-CN", "fr"]
    assert [page["sentences"] for page in data["pages"]] == [6, 5, 5]
    assert [unit["shape"] for unit in data["units"]] == [
        [1, 1, 1],
        [2, 1, 1],
        [1, 1, 0],
        [0, 0, 1],
        [1, 1, 1],
        [1, 1, 1],
    ]
    assert data["units"][3]["variants"] == [None, None, "Fin."]
    assert data["units"][1]["spans"][0] == [[1, "/html/body/p[2]", 0, 27]]
    assert [unit["id"] for unit in data["units"]] == [row.id for row in bitext().rows]


def test_nothing_comes_from_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    write_review(bitext(), path)
    page = parts(path)
    assert page.addresses == ["data:,", "#rows"]
    assert not {"img", "iframe", "object", "embed"} & set(page.tags)
    text = path.read_text(encoding="utf-8")
    assert "@import" not in text
    assert "url(" not in text
    assert "{{" not in text
    assert "default-src 'none'" in text


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    write_review(bitext(), path)
    harmless = parts(path).tags
    write_review(hostile(), path)
    page = parts(path)
    assert page.tags == harmless
    data = data_of(path)
    assert data["units"][0]["variants"] == [HOSTILE, HOSTILE]
    assert data["pages"][0]["title"] == HOSTILE
    assert "<title>&lt;/script&gt;&lt;img" in path.read_text(encoding="utf-8")


@given(texts(xml=False))
def test_any_text_comes_through(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("review") / "review.html"
    pages = (document("en", text), document("fr", text))
    rows = tuple(replace(row, variants={"en": text, "fr": text}) for row in bitext().rows[:1])
    write_review(Bitext(("en", "fr"), pages, ((), ()), rows, text), path)
    data = data_of(path)
    assert data["units"][0]["variants"] == [text, text]
    assert data["signature"] == text


def test_equal_bitexts_give_equal_bytes(tmp_path: Path) -> None:
    write_review(bitext(), tmp_path / "a.html")
    write_review(bitext(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="there is no folder"):
        write_review(bitext(), tmp_path / "missing" / "review.html")


def test_untitled_pages_and_other_languages(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    pages = (replace(document("ar", "نص"), title=None), replace(document("pt-BR", "texto"), title=None))
    write_review(Bitext(("ar", "pt-BR"), pages, ((), ()), (), ""), path)
    assert "<title>Untitled pages</title>" in path.read_text(encoding="utf-8")
    assert [(page["name"], page["tag"]) for page in data_of(path)["pages"]] == [
        ("ar", "ar"),
        ("pt-BR", "pt-BR"),
    ]


# --- in a real browser ---

in_chromium = [
    pytest.mark.chromium,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Browser:
    write_review(bitext(), tmp_path / "review.html")
    browser.events.clear()
    browser.view(1200)
    browser.open(tmp_path / "review.html")
    return browser


VISIBLE = "[...document.querySelectorAll('#rows .row')].filter((row) => !row.hidden)"


def visible(page: Browser) -> list[int]:
    """Return the numbers of the rows that show, from 1."""
    return [
        int(number)
        for number in page.run(f"{VISIBLE}.map((row) => row.querySelector('.number').lastChild.data)")
    ]


def search(page: Browser, words: str, shown: int) -> None:
    page.run(
        "{ const box = document.getElementById('search'); box.value = "
        f"{json.dumps(words)}; box.dispatchEvent(new Event('input')); }}"
    )
    page.until(f"{VISIBLE}.length === {shown}")


class TestInChromium:
    pytestmark = in_chromium

    def test_what_it_shows(self, page: Browser) -> None:
        assert page.run("document.querySelector('h1').textContent") == "The well"
        assert visible(page) == [1, 2, 3, 4, 5, 6]
        assert (
            page.run("[...document.querySelectorAll('#rows .row')][2].innerText.replace(/\\s+/g, ' ').trim()")
            == "Row 3 0.45 1–1–0 Nobody came. 没人来。 not in French"
        )
        assert page.run("document.querySelectorAll('.omission').length") == 2
        assert page.run("document.querySelector('[lang=zh-CN] a').href").endswith("/zh/page.html?a=1&b=2")
        assert page.run("document.querySelectorAll('#rows .row')[1].querySelector('.cell').title") == (
            "https://example.org/en/page.html?a=1&b=2\nblock 2, characters 0–27, /html/body/p[2]"
        )
        assert page.run("document.getElementById('facts').innerText.replace(/\\s+/g, ' ')") == (
            "Rows 6 Sentences, English 6 Sentences, Chinese 5 Sentences, French 5 "
            "Omissions 2 Mean confidence 0.84"
        )

    def test_filters(self, page: Browser) -> None:
        for name, rows in [("doubtful", [3, 4]), ("omissions", [3, 4]), ("all", [1, 2, 3, 4, 5, 6])]:
            page.run(f"document.querySelector('[data-filter={name}]').click()")
            assert visible(page) == rows
            assert page.run("document.querySelector('[aria-pressed=true]').dataset.filter") == name
        page.run("document.querySelector('[data-filter=doubtful]').click()")
        page.run(
            "{ const limit = document.getElementById('limit'); limit.value = 0.5; "
            "limit.dispatchEvent(new Event('input')); }"
        )
        page.until(f"{VISIBLE}.length === 1")
        assert visible(page) == [3]
        assert page.run("document.querySelector('[data-filter=doubtful] .count').textContent") == "1"
        assert page.run("document.getElementById('status').textContent") == "1 of 6 rows"

    def test_search_in_every_language_with_the_hits_marked(self, page: Browser) -> None:
        marks = "[...document.querySelectorAll('mark')].map((mark) => mark.textContent)"
        search(page, "LE", 2)
        assert page.run(marks) == ["Le", "le", "le"]
        search(page, "没人", 1)
        assert page.run(marks) == ["没人"]
        search(page, "f.ll", 0)
        assert page.run("document.getElementById('nothing').hidden") is False
        search(page, "", 6)
        assert page.run(marks) == []
        assert (
            page.run("document.querySelectorAll('#rows .row')[1].querySelector('.text').childNodes.length")
            == 1
        )

    def test_the_keyboard_opens_a_row(self, page: Browser) -> None:
        page.run("document.querySelector('.figures').focus()")
        page.press("Enter")
        origin = "document.querySelector('#rows .row').querySelectorAll('.origin, .more').length"
        page.until(f"{origin} === 4")
        assert "block 1, characters 0–8, /html/body/p[1]" in page.run(
            "document.querySelector('.origin').innerText"
        )
        assert bitext().rows[0].id in page.run("document.querySelector('.more').innerText")
        page.press("Enter")
        page.until(f"{origin} === 0")

    def test_every_control_is_reached_by_tab_and_named(self, page: Browser) -> None:
        names = []
        for _ in range(10):
            page.press("Tab")
            names.append(
                page.run(
                    "(document.activeElement.labels?.[0] ?? document.activeElement).innerText.split('\\n')[0]"
                )
            )
        assert [re.sub(r" \d*$", "", name) for name in names] == [
            "Skip to the aligned text",
            "The well",
            "水井",
            "Le puits",
            "All",
            "Doubtful",
            "Omissions",
            "Doubtful below",
            "Search the text",
            "Row",
        ]

    def test_no_fault_is_reported_and_no_request_leaves(self, page: Browser) -> None:
        search(page, "o", 3)
        page.run("document.querySelector('.figures').click()")
        assert page.complaints() == []
        assert [address.partition(":")[0] for address in page.requests()] == ["file"]

    def test_hostile_text_runs_nothing(self, browser: Browser, tmp_path: Path) -> None:
        write_review(hostile(), tmp_path / "review.html")
        browser.events.clear()
        browser.open(tmp_path / "review.html")
        browser.run("document.querySelector('.figures').click()")
        search(browser, "<img", 1)
        assert browser.run("typeof window.pwned") == "undefined"
        assert browser.run("document.querySelectorAll('img').length") == 0
        assert browser.run("document.querySelector('.text').textContent") == HOSTILE
        # The address that is no web address is no link either.
        assert browser.run(
            "[...document.querySelectorAll('main a, header a')].every((a) => a.protocol === 'https:')"
        )
        assert browser.complaints() == []

    @pytest.mark.parametrize("width", [390, 600, 1200])
    def test_nothing_sticks_out_sideways(self, page: Browser, width: int) -> None:
        page.view(width)
        assert page.run("document.documentElement.scrollWidth") <= width
        assert page.run(
            "[...document.querySelectorAll('.text')].every((p) => p.scrollWidth <= p.clientWidth + 1)"
        )

    @pytest.mark.parametrize("dark", [False, True])
    def test_the_contrast_is_enough_to_read(self, page: Browser, dark: bool) -> None:
        """Every text has 4.5:1 against its background (WCAG 2.2, criterion 1.4.3), at every confidence."""
        page.view(1200, dark=dark)
        page.run("document.querySelector('.figures').click()")
        search(page, "Nobody", 1)
        search(page, "", 6)
        worst = page.run(CONTRAST)
        assert worst["ratio"] >= 4.5, worst

    def test_thousands_of_rows(self, browser: Browser, tmp_path: Path) -> None:
        write_review(large(4000), tmp_path / "review.html")
        browser.view(1200)
        browser.open(tmp_path / "review.html")
        assert browser.run("document.querySelectorAll('#rows .row').length") == 4000
        search(browser, "Row 399", 11)
        search(browser, "", 4000)


# The lowest contrast of any text on the page. Colours are read back through a canvas, which knows oklch().
CONTRAST = """
(() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const pixel = (color, below) => {
    context.fillStyle = below;
    context.fillRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const css = (rgb) => `rgb(${rgb.join(" ")})`;
  const background = (element) => {
    if (!element) return [255, 255, 255];
    return pixel(getComputedStyle(element).backgroundColor, css(background(element.parentElement)));
  };
  const luminance = (rgb) => {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb.map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let worst = { ratio: 99 };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script")) continue;
    const style = getComputedStyle(element);
    const below = background(element);
    const faint = (v, i) => v * style.opacity + below[i] * (1 - style.opacity);
    const ink = pixel(style.color, css(below)).map(faint);
    const [high, low] = [luminance(ink), luminance(below)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text: walker.currentNode.data, ink, below };
  }
  return worst;
})()
"""
