"""Segmentation against its peers: `python -m benchmarks.segmentation FOLDER [--speed] [--downstream DIR]`.

FOLDER holds sets as `{"lang", "docs": [{"text", "spans": [[start, end], ...]}]}` and may hold
`hardcases.json`, a list of `{"lang", "text", "sentences", "alt"}`. The peers are the packages of the extra
`bench` that are installed; every one is given the same documents in the same run. A score counts the
boundaries inside a document; a peer's sentences are found again in the text without regard to white space,
since some of them rewrite it.

`--downstream` aligns fixtures from their gold blocks, segmented by us and by the peers, and scores the
groups of sentences as character spans; `--speed` measures characters a second and the inputs that hang
others.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from corpusalign.segment import SrxRules, segment

Segmenter = Callable[[str], Iterable[str]]

# 20,000 dots, newlines, initials, brackets, and a word of 1 MB.
HANGING = {
    "20,000 dots": "." * 20_000,
    "20,000 newlines": "a." + "\n" * 20_000 + "B.",
    "5,000 initials": "A. " * 5_000,
    "20,000 brackets": "..[111 " + "111 " * 20_000 + "(" * 20_000,
    "a word of 1 MB": "a" * 1_000_000 + ". B.",
}
TEN_MEGABYTES = 10_000_000


def ours(lang: str) -> Segmenter:
    return lambda text: [sentence.text for sentence in segment(text, lang=lang)]


def by_srx(rules: SrxRules, lang: str) -> Segmenter:
    return lambda text: [sentence.text for sentence in segment(text, lang=lang, rules=rules)]


def pysbd(lang: str) -> Segmenter:
    import pysbd

    split: Segmenter = pysbd.Segmenter(language=lang, clean=False).segment
    return split


def sentence_splitter(lang: str) -> Segmenter:
    from sentence_splitter import SentenceSplitter

    if lang == "zh":
        raise ValueError("sentence-splitter knows no Chinese")
    split: Segmenter = SentenceSplitter(language=lang).split
    return split


def sentencex(lang: str) -> Segmenter:
    import sentencex

    return partial(sentencex.segment, lang)


def nupunkt(lang: str) -> Segmenter:
    import nupunkt

    if lang != "en":
        raise ValueError("nupunkt's model is English")
    split: Segmenter = nupunkt.sent_tokenize
    return split


def syntok(lang: str) -> Segmenter:
    from syntok import segmenter

    if lang == "zh":
        raise ValueError("syntok knows no Chinese")

    def split(text: str) -> list[str]:
        sentences = (sentence for paragraph in segmenter.process(text) for sentence in paragraph)
        return ["".join(token.spacing + token.value for token in sentence) for sentence in sentences]

    return split


def blingfire(_lang: str) -> Segmenter:
    import blingfire

    def split(text: str) -> list[str]:
        return list(blingfire.text_to_sentences(text).split("\n"))

    return split


PEERS: dict[str, Callable[[str], Segmenter]] = {
    "pysbd": pysbd,
    "sentence_splitter": sentence_splitter,
    "sentencex": sentencex,
    "nupunkt": nupunkt,
    "syntok": syntok,
    "blingfire": blingfire,
}


def segmenters(lang: str, srx: list[SrxRules], suffix: str) -> dict[str, Segmenter]:
    """Return ours and every installed peer that knows the language."""
    found = {"corpusalign": ours(lang)}
    for name, make in PEERS.items():
        if importlib.util.find_spec(name) is None:
            continue
        try:
            found[name.replace("_", "-")] = make(lang)
        except ValueError:
            continue
    for rules in srx:
        found[Path(rules.path).stem] = by_srx(rules, lang + suffix)
    return found


def boundaries(text: str, sentences: Iterable[str]) -> set[int]:
    """Return where sentences end inside the text, counted in characters that are no white space."""
    ends, count = set(), 0
    for sentence in sentences:
        count += len("".join(sentence.split()))
        ends.add(count)
    return ends - {0, len("".join(text.split()))}


def f1(documents: list[dict[str, Any]], split: Segmenter) -> float:
    """Return the F1 of boundaries, in hundredths, over all documents."""
    right = wrong = missed = 0
    for document in documents:
        text = document["text"]
        gold = boundaries(text, (text[start:end] for start, end in document["spans"]))
        found = boundaries(text, split(text))
        right += len(gold & found)
        wrong += len(found - gold)
        missed += len(gold - found)
    return 200 * right / (2 * right + wrong + missed)


def hard_cases_right(cases: list[dict[str, Any]], split: Segmenter) -> float:
    """Return how many cases of a hundred are cut just as they say, or in one of their other ways."""
    right = 0
    for case in cases:
        found = [part.strip() for part in split(case["text"]) if part.strip()]
        right += found == case["sentences"] or found in case.get("alt", [])
    return 100 * right / len(cases)


def print_table(rows: list[tuple[str, dict[str, str]]]) -> None:
    columns = list(dict.fromkeys(name for _, row in rows for name in row))
    widths = [max(len(name), *(len(row.get(name, "-")) for _, row in rows)) for name in columns]
    first = max((len(title) for title, _ in rows), default=0)
    print(" " * first, *(name.rjust(width) for name, width in zip(columns, widths, strict=True)))
    for title, row in rows:
        cells = (row.get(name, "-").rjust(width) for name, width in zip(columns, widths, strict=True))
        print(title.ljust(first), *cells)


def accuracy(folder: Path, srx: list[SrxRules], suffix: str) -> None:
    rows = []
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict):
            splits = segmenters(content["lang"], srx, suffix)
            row = {name: f"{f1(content['docs'], split):.2f}" for name, split in splits.items()}
            rows.append((f"{content['lang']} {path.stem}", row))
            continue
        for lang in sorted({case["lang"] for case in content}):
            cases = [case for case in content if case["lang"] == lang]
            splits = segmenters(lang, srx, suffix)
            row = {name: f"{hard_cases_right(cases, split):.1f}" for name, split in splits.items()}
            rows.append((f"{lang} {path.stem} ({len(cases)})", row))
    print_table(rows)


def seconds(split: Segmenter, texts: list[str], repeats: int) -> float:
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        for text in texts:
            list(split(text))
        best = min(best, time.process_time() - start)
    return best


def speed(folder: Path) -> None:
    """Print million characters a second on every set and on 10 MB, and seconds on what hangs others."""
    rows = []
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, list):
            continue
        texts = [document["text"] for document in content["docs"]]
        size = sum(map(len, texts))
        row = {}
        for name, split in segmenters(content["lang"], [], "").items():
            row[name] = f"{size / seconds(split, texts, 3 if name == 'corpusalign' else 1) / 1e6:.2f}"
        whole = (" " if content["lang"] != "zh" else "").join(texts)
        long = (whole * (TEN_MEGABYTES // len(whole) + 1))[:TEN_MEGABYTES]
        row["corpusalign, one string of 10 MB"] = (
            f"{len(long) / seconds(ours(content['lang']), [long], 1) / 1e6:.2f}"
        )
        rows.append((f"{content['lang']} {path.stem}, M chars/s", row))
    print_table(rows)
    rows = []
    for title, text in HANGING.items():
        row = {
            f"corpusalign {lang}": f"{seconds(ours(lang), [text], 1):.3f}"
            for lang in ("en", "fr", "zh", "de")
        }
        rows.append((f"{title}, seconds", row))
    print_table(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--srx", type=Path, action="append", default=[], help="SRX files to run as peers")
    parser.add_argument(
        "--srx-suffix", default="", help="what their tags end in, such as _two for LanguageTool's"
    )
    parser.add_argument("--speed", action="store_true", help="measure speed too")
    parser.add_argument("--downstream", type=Path, help="a folder of trilingual fixtures to align")
    arguments = parser.parse_args()
    accuracy(arguments.folder, [SrxRules.read(path) for path in arguments.srx], arguments.srx_suffix)
    if arguments.speed:
        speed(arguments.folder)
    if arguments.downstream:
        from benchmarks.segmentation_downstream import downstream

        downstream(arguments.downstream, partial(segmenters, srx=[], suffix=""))


if __name__ == "__main__":
    main()
