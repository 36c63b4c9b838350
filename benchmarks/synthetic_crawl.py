"""A crawl of any size, made of the fixtures by a seed: `python -m benchmarks.synthetic_crawl FOLDER PAIRS`.

Each page set is a run of aligned groups from one of the fixtures' gold alignments, in two or three languages,
under a heading and between the furniture of a page. An invented name and a number before each group make the
pages differ, as far as those of a site do that are filled in from one pattern. A few sets in a hundred lack a
language, are empty, cut short or no page at all, as in any crawl. Pages stand by site and language:
`site-007/fr/page-42.html`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from random import Random

FIXTURES = Path(__file__).parent.parent / "fixtures"
LANGUAGES = ("en", "fr", "zh")
LENGTHS = (6, 24)
"""The least and the most aligned groups of a page."""

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>
<body><nav><ul><li><a href="/{lang}/">{number}</a></li><li><a href="/{lang}/a">A</a></li></ul></nav>
<main><h1>{title}</h1>
{paragraphs}
</main><footer><p>© {number}</p></footer></body></html>
"""


@dataclass(frozen=True, slots=True)
class Source:
    """A fixture: by language its sentences, and the groups of those that say the same."""

    sentences: Mapping[str, Sequence[str]]
    groups: Sequence[Mapping[str, Sequence[int]]]


def sources(fixtures: Path = FIXTURES) -> list[Source]:
    """Return the fixtures that have all three languages."""
    found = []
    for path in sorted(fixtures.glob("*/gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        if set(LANGUAGES) <= set(gold.get("documents", ())):
            texts = {
                lang: [sentence["text"] for sentence in gold["documents"][lang]["sentences"]]
                for lang in LANGUAGES
            }
            found.append(Source(texts, gold["groups"]))
    return found


def pages(
    number: int,
    seed: int,
    gold: Sequence[Source],
    languages: Sequence[str],
    faults: bool,
    lengths: tuple[int, int] = LENGTHS,
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of each page of one set; the same numbers give the same bytes."""
    random = Random(f"{seed}/{number}")
    source = random.choice(gold)
    length = min(random.randint(*lengths), len(source.groups))
    start = random.randrange(len(source.groups) - length + 1)
    names = [_name(random) for _ in range(length)]
    for lang in languages:
        texts = [
            "".join(source.sentences[lang][k] for k in group[lang])
            if lang == "zh"
            else " ".join(source.sentences[lang][k] for k in group[lang])
            for group in source.groups[start : start + length]
        ]
        texts = [f"{name}: {text}" if text else "" for name, text in zip(names, texts, strict=True)]
        title = f"{next(filter(None, texts), lang)} ({number})"
        paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in texts if text)
        page = _PAGE.format(lang=lang, number=number, title=escape(title), paragraphs=paragraphs).encode()
        fault = random.random() if faults else 1.0
        if fault < 0.01:
            continue
        if fault < 0.015:
            page = b""
        elif fault < 0.02:
            page = page[: len(page) // 2]
        elif fault < 0.025:
            page = random.randbytes(2000)
        yield f"site-{number // 500:03}/{lang}/page-{number}.html", page


def _name(random: Random) -> str:
    """Return a name that nobody has, and a number."""
    syllables = "".join(
        random.choice("bdfgklmnprstvz") + random.choice("aeiou") for _ in range(random.randint(3, 5))
    )
    return f"{syllables.capitalize()} {random.randint(100, 99999)}"


def make_crawl(
    folder: Path,
    sets: int,
    *,
    seed: int = 1,
    languages: Sequence[str] = ("en", "fr"),
    faults: bool = True,
    lengths: tuple[int, int] = LENGTHS,
) -> None:
    """Write a crawl of so many page sets below a folder."""
    gold = sources()
    for number in range(sets):
        for name, content in pages(number, seed, gold, languages, faults, lengths):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--languages", default="en,fr")
    parser.add_argument("--lengths", type=int, nargs=2, default=LENGTHS, help="groups a page, least and most")
    options = parser.parse_args()
    make_crawl(
        options.folder,
        options.sets,
        seed=options.seed,
        languages=options.languages.split(","),
        lengths=tuple(options.lengths),
    )


if __name__ == "__main__":
    main()
