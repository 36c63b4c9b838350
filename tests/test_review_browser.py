"""The review page in a real Chromium, driven by mouse and keys; Python's replay says what is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpusalign.formats import read, write
from corpusalign.review import apply_edits, read_edits, write_review
from corpusalign.types import Bitext, TranslationUnit
from tests.browser import CHROMIUM, Browser, chromium
from tests.conftest import FIXTURES
from tests.review_samples import HOSTILE, gold_bitext, hostile, large
from tests.samples import bitext

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

ROWS = bitext().rows
MODIFIERS = {"Alt": 1, "Ctrl": 2, "Shift": 8}
# Files that the page gives out end up here instead of in a folder for downloads.
CATCH = """
{
  window.given = {};
  HTMLAnchorElement.prototype.click = function () { window.given[this.download] = window.blob; };
  URL.createObjectURL = (blob) => { window.blob = blob; return "blob:caught"; };
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def show(browser: Browser, units: Bitext, folder: Path, **options: str) -> Browser:
    """Open a new page of these units, with nothing remembered and its files caught."""
    path = folder / "review.html"
    write_review(units, path, **{"interface": "en", **options})
    browser.view(1200)
    browser.open(path)
    browser.run("localStorage.clear()")
    browser.events.clear()
    browser.open(path)
    browser.run(CATCH)
    return browser


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Browser:
    return show(browser, bitext(), tmp_path)


def press(page: Browser, *keys: str) -> None:
    """Press keys, named as the page's help names them."""
    for name in keys:
        *modifiers, key = name.split("+") if len(name) > 1 else [name]
        bits = sum(MODIFIERS[modifier] for modifier in modifiers)
        text = "\r" if key == "Enter" else key if len(key) == 1 and not bits else ""
        for kind in ("keyDown", "keyUp"):
            page.send(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text, modifiers=bits,
                windowsVirtualKeyCode={"Enter": 13, "Escape": 27, "Tab": 9}.get(key, 0),
            )  # fmt: skip


def click(page: Browser, selector: str) -> None:
    """Click into the middle of an element with the mouse."""
    page.run(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
    box = page.run(
        f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])"
        f"(document.querySelector({json.dumps(selector)}).getClientRects()[0])"
    )
    for kind in ("mousePressed", "mouseReleased"):
        page.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)


def choose(page: Browser, row: int, column: int = 0, sentence: int = 0) -> None:
    click(page, f"[aria-rowindex='{row + 1}'] [data-column='{column}'] [data-sentence='{sentence}']")


def action(page: Browser, name: str) -> None:
    click(page, f".bar [data-action='{name}']")


def fill(page: Browser, selector: str, text: str) -> None:
    page.run(f"{{ const it = document.querySelector({json.dumps(selector)}); it.value = {json.dumps(text)}; "
             "it.dispatchEvent(new Event('input', {bubbles: true})); "
             "it.dispatchEvent(new Event('change', {bubbles: true})); }")  # fmt: skip


def rows(page: Browser) -> list[list[str]]:
    """Return the texts of the rows that are shown."""
    return list(
        page.run(
            "[...document.querySelectorAll('#rows > .row')].map((row) => "
            "[...row.querySelectorAll('.text')].map((text) => text.innerText.trim()))"
        )
    )


def numbers(page: Browser) -> list[int]:
    return [int(n) for n in page.run("[...document.querySelectorAll('.number')].map((n) => n.textContent)")]


def status(page: Browser) -> str:
    return str(page.run("document.getElementById('status').textContent"))


def given(page: Browser, action_name: str, path: Path) -> Path:
    """Have the page give out a file, and return where its text was put."""
    page.run("window.given = {}")
    page.run(f"document.querySelector(\"[data-action='{action_name}']\").click()")
    ((name, text),) = page.run("Promise.all(Object.entries(window.given).map(async ([name, blob]) => "
                               "[name, await blob.text()]))")  # fmt: skip
    target = path / name
    target.write_text(text, encoding="utf-8", newline="")
    return target


def assert_same_as_python(page: Browser, units: Bitext, folder: Path) -> tuple[TranslationUnit, ...]:
    """The page's memory holds the units that Python makes of the page's edits."""
    edits = read_edits(given(page, "save", folder))
    mended = apply_edits(units, edits)
    write(mended, folder / "ours.tmx", languages=units.languages)
    theirs = list(read(given(page, "tmx", folder)))
    assert theirs == list(read(folder / "ours.tmx"))
    assert theirs == [unit for unit in mended if len(unit.variants) > 1]
    return mended


# --- looking ------------------------------------------------------------------------------------------------


def test_what_it_shows(page: Browser):
    assert page.run("document.querySelector('h1').textContent") == "The well"
    assert numbers(page) == [1, 2, 3, 4, 5, 6]
    assert rows(page)[1] == list(bitext().rows[1].variants.values())
    assert rows(page)[2] == ["Nobody came.", "没人来。", "not in French"]
    assert page.run("document.querySelectorAll('#rows .omission').length") == 2
    assert page.run("document.querySelector('[lang=zh-CN] a').href").endswith("/zh/page.html?a=1&b=2")
    figures = page.run("[...document.querySelectorAll('.figures')].map((f) => f.innerText.split(/\\s+/))")
    assert figures[1] == ["2", "0.90", "✓", "2–1–1"]
    assert (
        figures[2] == ["3", "0.45", "✓", "1–1–0", "omission", "low", "confidence"] or "omission" in figures[2]
    )


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({"show": "doubtful"}, [3, 4]),
        ({"show": "omissions"}, [3, 4]),
        ({"reason": "low"}, [3, 4]),
        ({"reason": "merged"}, [2]),
        ({"shape": "2–1–1"}, [2]),
        ({"order": "doubt"}, [3, 4, 1, 2, 5, 6]),
        ({"limit": "0.5", "reason": "low"}, [3]),
        ({"search": "LE"}, [1, 2]),
        ({"search": "没人"}, [3]),
        ({"search": "f.n"}, []),
        ({"search": "fin"}, [4]),
        ({"search": "i", "searchIn": "0"}, [2]),
        ({"show": "approved"}, []),
    ],
)  # fmt: skip
def test_ways_to_look(page: Browser, filters: dict[str, str], shown: list[int]):
    for name, value in filters.items():
        fill(page, f"#{name}", value)
    page.until(f"document.querySelectorAll('#rows > .row').length === {len(shown)}")
    assert numbers(page) == shown
    assert status(page) == f"{len(shown)} of 6 rows"
    assert page.run("document.getElementById('nothing').hidden") is bool(shown)


def test_hits_are_marked_in_every_language(page: Browser):
    fill(page, "#search", "LE")
    page.until("document.querySelectorAll('mark').length > 0")
    assert page.run("[...document.querySelectorAll('mark')].map((m) => m.textContent)") == ["Le", "le", "le"]
    fill(page, "#search", "")
    page.until("document.querySelectorAll('mark').length === 0")
    assert len(numbers(page)) == 6


def test_neighbours_of_what_was_found(page: Browser):
    fill(page, "#search", "Fin")
    page.until("document.querySelectorAll('#rows > .row').length === 1")
    click(page, "#context")
    assert numbers(page) == [3, 4, 5]
    assert page.run("document.querySelectorAll('#rows > .context').length") == 2


def test_what_corresponds_is_marked_across_the_row(browser: Browser, tmp_path: Path):
    show(browser, gold_bitext(FIXTURES / "sco-2020"), tmp_path)
    fill(browser, "#search", "10 November 2020")
    browser.until("document.querySelectorAll('#rows > .row').length === 1")
    cells = browser.run(
        "[...document.querySelectorAll('#rows .cell')].map((cell) => "
        "[...cell.querySelectorAll('.same')].map((same) => same.textContent))"
    )
    assert cells == [["Beijing", "10", "2020"], ["2020", "10"], ["Beijing", "10", "2020"]]


def marked(browser: Browser) -> list[list[list[str]]]:
    """Return the marked words of every row, by language."""
    script = """
      [...document.querySelectorAll("#rows > .row")].map((row) =>
        [...row.querySelectorAll(".cell")].map((cell) =>
          [...cell.querySelectorAll(".same")].map((same) => same.textContent)))
    """
    return list(browser.run(script))


def test_names_are_marked_however_a_language_spells_them(browser: Browser, tmp_path: Path):
    texts = [
        ("In London and ÉVORA.", "À Londres et Evora.", "在伦敦和埃武拉。"),
        ("The Internet of Japan.", "L’International du Japon.", "日本的网络。"),
        ("We met in London.", "Rendez-vous à Londres.", "我们在伦敦见面。"),
        ("Rain on the London SPA.", "Il pleut sur Londres.", "伦敦下雨了。"),
    ]
    units = [
        TranslationUnit(str(number), dict(zip(("en", "fr", "zh"), each, strict=True)), 0.9)
        for number, each in enumerate(texts)
    ]
    show(browser, units, tmp_path)
    assert marked(browser) == [
        [["London", "ÉVORA"], ["Londres", "Evora"], ["伦敦"]],
        [["Japan"], ["Japon"], []],
        [["London"], ["Londres"], ["伦敦"]],
        [["London"], ["Londres"], ["伦敦"]],
    ]


def test_the_next_doubtful_row_by_key_and_by_the_ribbon(page: Browser):
    choose(page, 1)
    chosen = "document.querySelector('#rows > .chosen .number').textContent"
    press(page, "n")
    assert page.run(chosen) == "3"
    press(page, "n")
    assert page.run(chosen) == "4"
    press(page, "n")
    assert status(page) == "No more doubtful rows this way."
    press(page, "N")
    assert page.run(chosen) == "3"
    page.run("document.getElementById('ribbon').focus()")
    press(page, "ArrowRight")
    assert page.run(chosen) == "4"
    assert "var(--doubt)" in page.run("document.getElementById('ribbon').style.backgroundImage")
    assert page.run("document.getElementById('ribbon').getAttribute('aria-valuetext')").endswith("of 6")


def test_where_a_sentence_comes_from(page: Browser):
    choose(page, 2, 0)
    press(page, "i")
    card = page.run("document.getElementById('card').innerText")
    assert "block 2, characters 0–10 /html/body/p[2]" in card
    press(page, "ArrowRight", "i")
    card = page.run("document.getElementById('card').innerText")
    assert "block 2, characters 11–27 /html/body/p[2]" in card
    assert page.run("document.querySelector('#card a').href") == "https://example.org/en/page.html?a=1&b=2"
    press(page, "Escape")
    assert page.run("document.getElementById('card').hidden")
    box = page.run("(({x, y}) => [x + 5, y + 5])(document.querySelector('[lang=fr] .sentence')"
                   ".getBoundingClientRect())")  # fmt: skip
    page.send("Input.dispatchMouseEvent", type="mouseMoved", x=box[0], y=box[1])
    page.until("!document.getElementById('card').hidden")
    card = page.run("document.getElementById('card').innerText")
    assert "Le puits" in card
    assert "block 1, characters 0–8 /html/body/p[1]" in card
    assert page.run("document.querySelector('#card a').href").startswith("https://example.org/fr/")


# --- mending ------------------------------------------------------------------------------------------------


def test_merge_split_and_undo_by_keys(page: Browser, tmp_path: Path):
    before = rows(page)
    choose(page, 2)
    press(page, "m")
    assert rows(page)[1][0] == "It rained. The well filled. Nobody came."
    assert status(page) == "Row 2: merged with the next."
    press(page, "ArrowRight", "ArrowRight", "s")
    assert [row[0] for row in rows(page)[1:3]] == ["It rained. The well filled.", "Nobody came."]
    assert [row[1] for row in rows(page)[1:3]] == ["下雨了，井里有了水。", "没人来。"]
    mended = assert_same_as_python(page, bitext(), tmp_path)
    assert len(mended) == 6
    press(page, "z", "z")
    assert rows(page) == before
    press(page, "Z")
    assert len(rows(page)) == 5
    press(page, "M")
    assert rows(page)[0][0] == "The well It rained. The well filled. Nobody came."
    assert_same_as_python(page, bitext(), tmp_path)


def test_move_and_swap_by_mouse(page: Browser, tmp_path: Path):
    choose(page, 2, 0, 1)
    action(page, "moveDown")
    assert [row[0] for row in rows(page)[1:3]] == ["It rained.", "The well filled. Nobody came."]
    choose(page, 4, 2)
    action(page, "moveUp")
    assert len(rows(page)) == 5
    assert rows(page)[2][2] == "Fin."
    choose(page, 1, 1)
    action(page, "swap")
    assert [row[1] for row in rows(page)[:2]] == ["下雨了，井里有了水。", "水井"]
    press(page, "W")
    assert [row[0] for row in rows(page)[:2]] == ["It rained.", "The well"]
    assert_same_as_python(page, bitext(), tmp_path)
    for _ in range(4):
        action(page, "undo")
    assert page.run("document.querySelector('[data-action=undo]').disabled")
    assert apply_edits(bitext(), read_edits(given(page, "save", tmp_path))) == bitext().rows


# How each mending is done once its button or key has been pressed.
MENDINGS = {
    "mergeNext": "m", "mergePrevious": "M", "split": "s", "divide": "x", "moveUp": "u", "moveDown": "d",
    "swap": "w", "swapRows": "W", "edit": "e", "approve": "a", "reject": "r", "comment": "c",
}  # fmt: skip


def mend(page: Browser, name: str) -> None:
    """Fill the dialog that some mendings open."""
    if name in {"edit", "comment"}:
        fill(page, "#asking-fields textarea", "Another text.")
    if name == "divide":
        page.run("document.querySelector('#asking-fields textarea').setSelectionRange(3, 3)")
    if page.run("document.querySelector('dialog[open]') !== null"):
        press(page, "Ctrl+Enter")
        page.until("!document.querySelector('dialog[open]')")


@pytest.mark.parametrize("name", MENDINGS)
def test_every_mending_by_mouse_and_by_key_is_the_same_and_can_be_undone(
    page: Browser, tmp_path: Path, name: str
):
    before = rows(page)
    saved = []
    for do, undo in (
        (lambda: action(page, name), lambda: action(page, "undo")),
        (lambda: press(page, MENDINGS[name]), lambda: press(page, "z")),
    ):
        choose(page, 2, 0, 1)
        do()
        mend(page, name)
        page.until("!document.querySelector('[data-action=undo]').disabled")
        saved.append(read_edits(given(page, "save", tmp_path)))
        undo()
        assert rows(page) == before
        assert read_edits(given(page, "save", tmp_path)) == ()
    assert saved[0] == saved[1]
    assert len(saved[0]) == 1
    assert (
        page.run(f"document.querySelector('#helping [data-does={name}] kbd').dataset.key") == MENDINGS[name]
    )


def test_doubtful_rows_by_mouse(page: Browser):
    chosen = "document.querySelector('#rows > .chosen .number').textContent"
    choose(page, 1)
    action(page, "nextDoubtful")
    action(page, "nextDoubtful")
    assert page.run(chosen) == "4"
    action(page, "previousDoubtful")
    assert page.run(chosen) == "3"
    ribbon = "document.getElementById('ribbon').getBoundingClientRect()"
    box = page.run(f"(({{x, y, width}}) => [x + width - 2, y + 4])({ribbon})")
    for kind in ("mousePressed", "mouseReleased"):
        page.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)
    assert page.run(chosen) == "6"


def test_edit_divide_and_see_the_original(page: Browser, tmp_path: Path):
    choose(page, 3)
    press(page, "e")
    fill(page, "#asking-fields textarea", "Nobody <b>came</b> & 😀 left.")
    press(page, "Ctrl+Enter")
    page.until("document.querySelector('.rewritten')")
    assert rows(page)[2][0] == "Nobody <b>came</b> & 😀 left."
    press(page, "i")
    assert "Before it was rewritten:\n\nNobody came." in page.run("document.getElementById('card').innerText")
    press(page, "x")
    page.run("document.querySelector('#asking-fields textarea').setSelectionRange(21, 21)")
    press(page, "Enter")
    page.until('document.querySelectorAll(\'[aria-rowindex="4"] [data-column="0"] .sentence\').length === 2')
    press(page, "ArrowRight", "d")
    mended = assert_same_as_python(page, bitext(), tmp_path)
    assert mended[2].variants["en"] == "Nobody <b>came</b> &"
    assert mended[3].variants == {"en": "😀 left.", "fr": "Fin."}
    press(page, "z", "z", "z")
    assert rows(page)[2][0] == "Nobody came."


def test_verdicts_and_comments(page: Browser, tmp_path: Path):
    choose(page, 1)
    press(page, "a")
    assert page.run("document.querySelector('#rows > .chosen .number').textContent") == "2"
    press(page, "r")
    press(page, "Escape")
    page.until("!document.querySelector('dialog[open]')")
    press(page, "r")
    click(page, "#asking-choices button")
    page.until("document.querySelectorAll('#rows > .rejected').length === 1")
    assert "wrongly aligned" in page.run("document.querySelector('.rejected').innerText")
    press(page, "c")
    fill(page, "#asking-fields textarea", "  look at <this>  ")
    press(page, "Ctrl+Enter")
    page.until("document.querySelector('.rejected').innerText.includes('look at <this>')")
    click(page, "[aria-rowindex='7'] .tick")
    mended = assert_same_as_python(page, bitext(), tmp_path)
    assert [unit.id for unit in mended if "approved" in unit.scores] == [
        bitext().rows[0].id,
        bitext().rows[5].id,
    ]
    assert bitext().rows[1].id not in {unit.id for unit in mended}
    fill(page, "#show", "rejected")
    assert numbers(page) == [2]
    choose(page, 2)
    press(page, "r")
    assert numbers(page) == []


def test_work_survives_a_reload_and_moves_by_file(browser: Browser, tmp_path: Path):
    page = show(browser, bitext(), tmp_path)
    choose(page, 2)
    press(page, "m", "a")
    before = rows(page)
    edits = given(page, "save", tmp_path).read_text(encoding="utf-8")
    page.open(tmp_path / "review.html")
    page.run(CATCH)
    assert rows(page) == before
    assert_same_as_python(page, bitext(), tmp_path)
    press(page, "Ctrl+z", "Ctrl+z")
    assert page.run("document.querySelectorAll('#rows > .row').length") == 6
    # A page made of other units starts clean.
    write_review(bitext().rows[:4], tmp_path / "other.html", interface="en")
    page.open(tmp_path / "other.html")
    assert len(rows(page)) == 4
    page.open(tmp_path / "review.html")
    page.run(
        "{ const transfer = new DataTransfer(); transfer.items.add(new File(["
        f"{json.dumps(edits)}], 'x.corpusalign.json')); const input = document.getElementById('file'); "
        "input.files = transfer.files; input.dispatchEvent(new Event('change')); }"
    )
    page.until("document.querySelectorAll('#rows > .row').length === 5")
    assert rows(page) == before
    assert status(page) == "2 edits taken from the file; 0 did not apply."


def test_what_another_window_did_is_taken_over(page: Browser, tmp_path: Path):
    choose(page, 2)
    press(page, "m")
    theirs = {"format": "corpusalign-edits", "version": 1, "edits": [{"do": "approve", "unit": ROWS[0].id}]}
    page.run(
        "{ const key = Object.keys(localStorage).find((each) => each.startsWith('corpusalign:edits'));"
        f" localStorage.setItem(key, JSON.stringify({json.dumps(theirs)}));"
        " window.dispatchEvent(new StorageEvent('storage', { key })); }"
    )
    page.until("document.querySelectorAll('#rows > .approved').length === 1")
    assert len(rows(page)) == 6
    assert_same_as_python(page, bitext(), tmp_path)


def test_work_that_cannot_be_kept_is_said_to_be_so(page: Browser):
    page.run("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }")
    assert page.run("document.getElementById('warning').hidden")
    choose(page, 1)
    press(page, "a")
    assert not page.run("document.getElementById('warning').hidden")


def test_what_cannot_be_done_is_said(page: Browser):
    choose(page, 6)
    press(page, "m")
    assert status(page) == "That cannot be done here."
    choose(page, 1)
    press(page, "u")
    assert status(page) == "That cannot be done here."


# Presses keys at random, dialogs aside; the seed says which.
RANDOM_KEYS = """
(async () => {
  let x = SEED;
  const random = (n) => { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; x >>>= 0; return x % n; };
  const keys = ["m", "M", "s", "s", "s", "u", "d", "w", "W", "a", "z", "Z", "u", "d",
    "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowLeft", "n", "End", "Home"];
  for (let i = 0; i < 400; i += 1) {
    const key = keys[random(keys.length)];
    const repeat = key.startsWith("Arrow") ? 1 + random(5) : 1;
    for (let again = 0; again < repeat; again += 1) {
      document.getElementById("rows").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
  }
})()
"""


@pytest.mark.parametrize("name", ["sco-2020", "river-cleanup"])
def test_random_work_gives_the_same_units_as_python(browser: Browser, tmp_path: Path, name: str):
    units = gold_bitext(FIXTURES / name)
    page = show(browser, units, tmp_path)
    kinds = set()
    for seed in (7, 99):
        page.run(RANDOM_KEYS.replace("SEED", str(seed)))
        assert_same_as_python(page, units, tmp_path)
        record = json.loads(given(page, "save", tmp_path).read_text(encoding="utf-8"))
        kinds |= {edit["do"] for edit in record["edits"]}
    assert kinds >= {"merge", "split", "move", "swap", "approve"}
    assert page.complaints() == []


def test_the_table_with_tabs_is_python_s(page: Browser, tmp_path: Path):
    choose(page, 2)
    press(page, "a", "e")
    fill(page, "#asking-fields textarea", "two\nlines and a\ttab")
    press(page, "Ctrl+Enter")
    page.until("document.querySelector('.rewritten')")
    theirs = given(page, "tsv", tmp_path)
    write(apply_edits(bitext(), read_edits(given(page, "save", tmp_path))), tmp_path / "ours.tsv")
    assert theirs.read_bytes() == (tmp_path / "ours.tsv").read_bytes()


# --- safety, accessibility, size ----------------------------------------------------------------------------


def test_no_fault_is_reported_and_no_request_leaves(page: Browser):
    choose(page, 2)
    press(page, "m", "s", "i", "a", "?", "Escape", "e", "Escape", "n", "z")
    assert page.complaints() == []
    assert {address.partition(":")[0] for address in page.requests()} == {"file"}


def test_hostile_text_runs_nothing(browser: Browser, tmp_path: Path):
    page = show(browser, hostile(), tmp_path)
    choose(page, 1)
    press(page, "i")
    assert HOSTILE[:20] in page.run("document.getElementById('card').innerText")
    press(page, "e", "Ctrl+Enter", "c")
    fill(page, "#asking-fields textarea", HOSTILE)
    press(page, "Ctrl+Enter")
    page.until("document.querySelector('.remarks')?.innerText.includes('onerror')")
    fill(page, "#search", "<img")
    page.until("document.querySelectorAll('mark').length > 0")
    assert page.run("typeof window.pwned") == "undefined"
    assert page.run("document.querySelectorAll('img').length") == 0
    assert page.run("document.querySelector('.text').textContent") == HOSTILE
    # The address that is no web address is no link either.
    assert page.run("[...document.links].every((a) => a.protocol === 'https:' || a.hash)")
    assert_same_as_python(page, hostile(), tmp_path)
    assert page.complaints() == []


def test_every_control_is_reached_by_tab_and_has_a_name(page: Browser):
    page.run("document.activeElement.blur()")
    seen = []
    for _ in range(45):
        press(page, "Tab")
        seen.append(
            page.run(
                "(({labels, innerText, ariaLabel, title, dataset, className}) => "
                "[(ariaLabel || labels?.[0]?.innerText || innerText || title || '').trim(), "
                "dataset.action ?? className])(document.activeElement)"
            )
        )
        if seen[-1][1] == "where":
            break
    assert all(name for name, _ in seen), seen
    actions = {what for _, what in seen}
    assert {"save", "load", "tmx", "tsv", "help", "sentence chosen"} <= actions
    assert {"approve", "reject", "edit", "comment", "where", "nextDoubtful"} <= actions
    assert {"mergeNext", "mergePrevious", "split", "divide", "moveUp", "moveDown"} <= actions
    assert {"swap", "swapRows", "previousDoubtful"} <= actions
    focus = page.run("getComputedStyle(document.activeElement).outlineStyle")
    assert focus == "solid"


def test_roles(page: Browser):
    assert page.run("document.querySelectorAll('[role=grid] [role=row] [role=gridcell]').length") == 18
    assert page.run("[...document.querySelectorAll('button, select, input:not([hidden])')].every((it) => "
                    "it.innerText || it.ariaLabel || it.labels?.[0]?.innerText || it.title)")  # fmt: skip
    assert page.run("document.querySelector('[role=grid]').getAttribute('aria-rowcount')") == "7"
    choose(page, 2)
    assert page.run("document.querySelectorAll('#rows [aria-selected=true]').length") == 1
    press(page, "?")
    assert page.run("document.querySelector('dialog[open] h2').innerText") == "Help"
    for key in ("merge", "Split", "Undo"):
        assert key.lower() in page.run("document.getElementById('helping').innerText").lower()


def test_letters_can_be_switched_off(page: Browser):
    choose(page, 2)
    press(page, "?")
    click(page, "#letters")
    press(page, "Escape")
    choose(page, 2)
    press(page, "m")
    assert len(rows(page)) == 6


@pytest.mark.parametrize(("code", "word"), [("fr", "Rejeter"), ("zh", "拒绝"), ("en", "Reject")])
def test_the_interface_in_three_languages(browser: Browser, tmp_path: Path, code: str, word: str):
    page = show(browser, bitext(), tmp_path, interface=code)
    assert word in page.run("document.getElementById('bar').innerText")
    assert page.run("document.documentElement.lang").startswith(code)
    fill(page, "#interface", "en")
    assert "Reject" in page.run("document.getElementById('bar').innerText")
    assert page.complaints() == []


@pytest.mark.parametrize("width", [390, 600, 1200])
@pytest.mark.parametrize("code", ["en", "fr"])
def test_nothing_sticks_out_sideways(browser: Browser, tmp_path: Path, width: int, code: str):
    """390 pixels is a telephone; 600 is a window of 1200 at 200% zoom."""
    page = show(browser, gold_bitext(FIXTURES / "sco-2020"), tmp_path, interface=code)
    page.view(width)
    page.until("true")
    assert page.run("document.documentElement.scrollWidth") <= width
    assert page.run("[...document.querySelectorAll('.text, .acts button, .choices label')]"
                    ".every((it) => it.scrollWidth <= it.clientWidth + 2)")  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
def test_the_contrast_is_enough_to_read(browser: Browser, tmp_path: Path, dark: bool):
    """Every text has 4.5:1 against its background (WCAG 2.2, criterion 1.4.3), at every confidence."""
    page = show(browser, large(60), tmp_path)
    page.view(1200, dark=dark, height=4000)
    choose(page, 2)
    press(page, "a", "r")
    click(page, "#asking-choices button")
    press(page, "m", "i")
    fill(page, "#search", "2")
    page.until("document.querySelectorAll('mark').length > 0")
    page.run("document.getElementById('context').click()")
    page.until("document.querySelectorAll('.rows > .context').length > 3")
    worst = page.run(CONTRAST)
    assert worst["ratio"] >= 4.5, worst


def test_only_the_rows_in_the_window_exist(browser: Browser, tmp_path: Path):
    page = show(browser, large(4000), tmp_path)
    exist = "document.querySelectorAll('#rows > .row').length"
    assert 5 < page.run(exist) < 80
    choose(page, 2)
    press(page, "End")
    page.until("document.querySelector('#rows > .chosen .number')?.textContent === '4000'")
    assert page.run("document.activeElement.closest('.row').classList.contains('chosen')")
    assert page.run(exist) < 80
    press(page, "ArrowUp", "a")
    fill(page, "#search", "Row 399")
    page.until(f"{exist} === 11")
    fill(page, "#search", "")
    page.until(f"{exist} > 11")
    assert page.complaints() == []


def test_printing_shows_every_row(browser: Browser, tmp_path: Path):
    page = show(browser, large(300), tmp_path)
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert page.run("document.querySelectorAll('#rows > .row').length") == 300
    page.send("Emulation.setEmulatedMedia", media="print")
    hidden = "['.toolbar', '.bar', '.files'].every((it) => !document.querySelector(it).checkVisibility())"
    assert page.run(hidden)
    assert page.run("getComputedStyle(document.querySelector('#rows > .row')).position") == "static"
    assert page.run("document.getElementById('rows').offsetHeight > 300 * 20")
    page.send("Emulation.setEmulatedMedia", media="")
    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert page.run("document.querySelectorAll('#rows > .row').length") < 80


def test_right_to_left_text(browser: Browser, tmp_path: Path):
    units = [TranslationUnit("a", {"ar": "جاء المطر.", "en": "Rain came."}, 0.9)]
    show(browser, units, tmp_path)
    assert browser.run(
        "[...document.querySelectorAll('.text')].map((text) => getComputedStyle(text).direction)"
    ) == ["rtl", "ltr"]


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
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest("script, :disabled")) continue;
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
