"""How the review page bears a large alignment: python -m benchmarks.review_page [UNITS] [LANGUAGES].

Opens the page in a real Chromium, types, scrolls and mends, and prints what the browser's own performance timeline
says: first paint, the longest task of each kind of work (tasks from 50 ms are recorded; Long Tasks API), memory.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from corpusalign.review import write_review
from corpusalign.types import Origin, Span, TranslationUnit
from tests.browser import Browser, chromium

LANGUAGES = ("en", "zh", "fr", "de", "es", "pt")
SYLLABLES = "ka lo mi ren tu sal vor ne pli da gon her fi us".split()
HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多"


def units(count: int, languages: tuple[str, ...]) -> list[TranslationUnit]:
    """Make up units of some 20 words, a number in each, one in twelve without one of its languages."""
    chance = random.Random(7)
    made = []
    for row in range(count):
        words = chance.randint(6, 34)
        variants = {}
        for lang in languages:
            if lang == "zh":
                text = "".join(chance.choices(HAN, k=words * 2)) + f"{row}。"
            else:
                text = " ".join("".join(chance.choices(SYLLABLES, k=2)) for _ in range(words))
                text = f"{text.capitalize()} {row}."
            variants[lang] = text
        if row % 12 == 5:
            del variants[languages[row % len(languages)]]
        origin = {
            lang: Origin(
                f"https://example.org/{lang}/", "0" * 64, (Span(row, f"/html/body/p[{row}]", 0, len(text)),)
            )
            for lang, text in variants.items()
        }
        made.append(TranslationUnit(f"{row:016x}", variants, chance.betavariate(8, 1), {}, origin))
    return made


WATCH = """
window.tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)))
  .observe({ type: "longtask", buffered: true });
"""


def longest(browser: Browser) -> float:
    """Return the longest task since the last call, in milliseconds (0: none took 50)."""
    sleep(0.4)
    return float(browser.run("Math.max(0, ...tasks.splice(0))"))


def key(browser: Browser, name: str) -> None:
    for kind in ("keyDown", "keyUp"):
        browser.send(
            "Input.dispatchKeyEvent", type=kind, key=name, code=name, text=name if len(name) == 1 else ""
        )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    languages = LANGUAGES[: int(sys.argv[2]) if len(sys.argv) > 2 else 3]
    some = units(count, languages)
    text = sum(len(each.encode("utf-8")) for unit in some for each in unit.variants.values())
    with TemporaryDirectory() as folder, chromium() as browser:
        path = Path(folder) / "review.html"
        started = perf_counter()
        write_review(some, path, interface="en")
        print(f"{count} units, {len(languages)} languages")
        print(f"written in           {perf_counter() - started:8.2f} s")
        print(f"size                 {path.stat().st_size / 1e6:8.2f} MB, of which {text / 1e6:.2f} MB text")
        browser.view(1400)
        browser.send("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        browser.open(path)
        sleep(0.5)
        paint = browser.run("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        print(f"first paint          {paint:8.0f} ms")
        print(f"longest task: load   {longest(browser):8.0f} ms")
        browser.run("document.getElementById('search').focus()")
        for letter in "karen tu 99":
            key(browser, letter)
            sleep(0.05)
        print(f"longest task: typing {longest(browser):8.0f} ms")
        browser.run("{ const s = document.getElementById('search'); s.value = ''; s.dispatchEvent(new Event('input')); }")
        longest(browser)
        for step in range(60):
            browser.send("Input.dispatchMouseEvent", type="mouseWheel", x=500, y=500, deltaX=0, deltaY=900 + 60 * step)
            sleep(0.02)
        print(f"longest task: wheel  {longest(browser):8.0f} ms")
        for share in (0.9, 0.1, 0.5, 1.0, 0.0):
            browser.run(f"scrollTo(0, document.documentElement.scrollHeight * {share})")
            sleep(0.1)
        print(f"longest task: jumps  {longest(browser):8.0f} ms")
        browser.run("document.querySelector('#rows .sentence').click()")
        for name in ["ArrowDown", "m", "ArrowDown", "a", "a", "n", "d", "s", "z", "n", "a"] * 5:
            key(browser, name)
            sleep(0.03)
        print(f"longest task: mend   {longest(browser):8.0f} ms")
        for field, value in (("show", "doubtful"), ("show", "all"), ("order", "doubt"), ("order", "page")):
            browser.run(
                f"{{ const it = document.getElementById('{field}'); it.value = '{value}'; "
                "it.dispatchEvent(new Event('change')); }"
            )
            sleep(0.1)
        print(f"longest task: filter {longest(browser):8.0f} ms")
        browser.send("HeapProfiler.collectGarbage")
        heap = browser.run("performance.memory.usedJSHeapSize")
        nodes = browser.run("document.querySelectorAll('*').length")
        print(f"script memory        {heap / 1e6:8.1f} MB, {nodes} elements")
        assert browser.complaints() == [], browser.complaints()


if __name__ == "__main__":
    main()
