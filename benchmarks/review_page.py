"""How the review page bears a large alignment: python -m benchmarks.review_page [UNITS] [LANGUAGES].

Opens the page in a real Chromium, types, scrolls and mends, and prints what the browser's own performance
timeline says: first paint, the longest main-thread task of each kind of work (from its trace), memory.
On a busy machine a task takes longer by the clock than it works; both are shown.
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
SYLLABLES = ("ka", "lo", "mi", "ren", "tu", "sal", "vor", "ne", "pli", "da", "gon", "her", "fi", "us")
HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种"


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


class Tasks:
    """The page's main-thread tasks, as the browser's own trace has them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def start(self) -> None:
        """Begin to record."""
        self._browser.events.clear()
        categories = {"includedCategories": ["toplevel", "disabled-by-default-devtools.timeline"]}
        self._browser.send("Tracing.start", traceConfig=categories, transferMode="ReportEvents")

    def stop(self, label: str) -> None:
        """Print the longest task since the start: by the clock, and what of it the processor worked."""
        sleep(0.4)
        self._browser.send("Tracing.end")
        for _ in range(200):
            self._browser.run("1")
            if any(event.get("method") == "Tracing.tracingComplete" for event in self._browser.events):
                break
            sleep(0.02)
        trace = [
            each
            for event in self._browser.events
            if event.get("method") == "Tracing.dataCollected"
            for each in event["params"]["value"]
        ]
        renderers = {
            (each["pid"], each["tid"])
            for each in trace
            if each.get("name") == "thread_name" and each["args"]["name"] == "CrRendererMain"
        }
        tasks = [
            (each["dur"] / 1000, each.get("tdur", 0) / 1000)
            for each in trace
            if each.get("ph") == "X"
            and each["name"].endswith("RunTask")
            and (each["pid"], each["tid"]) in renderers
        ]
        longest = max(tasks, default=(0.0, 0.0))
        worked = max((task[1] for task in tasks), default=0.0)
        print(f"longest task: {label:<7} {longest[0]:6.0f} ms by the clock, {worked:4.0f} ms of work")


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
        tasks = Tasks(browser)
        tasks.start()
        browser.open(path)
        rows = browser.run("performance.getEntriesByName('rows')[0].startTime")
        tasks.stop("load")
        paint = browser.run("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        print(f"first paint          {paint:8.0f} ms")
        print(f"first rows           {rows:8.0f} ms")
        browser.run("document.getElementById('search').focus()")
        tasks.start()
        for letter in "karen tu 99":
            key(browser, letter)
            sleep(0.05)
        tasks.stop("typing")
        browser.run("document.getElementById('search').value = ''; document.activeElement.blur()")
        browser.run("document.getElementById('search').dispatchEvent(new Event('input'))")
        sleep(0.5)
        tasks.start()
        for _ in range(60):
            browser.send("Input.dispatchMouseEvent", type="mouseWheel", x=500, y=500, deltaX=0, deltaY=900)
            sleep(0.02)
        tasks.stop("wheel")
        tasks.start()
        for share in (0.9, 0.1, 0.5, 1.0, 0.0):
            browser.run(f"scrollTo(0, document.documentElement.scrollHeight * {share})")
            sleep(0.1)
        tasks.stop("jumps")
        tasks.start()
        browser.run("document.querySelector('#rows .sentence').click()")
        for name in ["ArrowDown", "m", "ArrowDown", "a", "a", "n", "d", "s", "z", "n", "a"] * 5:
            key(browser, name)
            sleep(0.03)
        tasks.stop("mend")
        tasks.start()
        for field, value in (("show", "doubtful"), ("show", "all"), ("order", "doubt"), ("order", "page")):
            browser.run(
                f"{{ const it = document.getElementById('{field}'); it.value = '{value}'; "
                "it.dispatchEvent(new Event('change')); }"
            )
            sleep(0.1)
        tasks.stop("filter")
        browser.send("HeapProfiler.collectGarbage")
        heap = browser.run("performance.memory.usedJSHeapSize")
        nodes = browser.run("document.querySelectorAll('*').length")
        print(f"script memory        {heap / 1e6:8.1f} MB, {nodes} elements")
        assert browser.complaints() == [], browser.complaints()


if __name__ == "__main__":
    main()
