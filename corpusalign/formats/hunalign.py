"""Alignments as hunalign writes them (Varga et al. 2005): ladders, and the two texts side by side.

A ladder has a rung a line: the numbers of a sentence of either text, from 0, and a score. What stands between
a rung and the next is a link, whose score is the first rung's; the last rung is past the ends of both texts.
Side by side (`hunalign -text`), a line is a link: source, target, score, with tabs between them, and ` ~~~ `
between sentences. Lines that are `<p>` set paragraphs apart, and are no sentences.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from corpusalign.errors import FormatError
from corpusalign.formats.choice import pair_of
from corpusalign.formats.codes import asked
from corpusalign.formats.lines import encodable, lines, one_line
from corpusalign.formats.linked import Piece, Text, rows, unit_of
from corpusalign.formats.report import Repair, Written
from corpusalign.formats.sentences import SentenceWriter, checked
from corpusalign.types import Sentence, TranslationUnit

SCORE = "hunalign"

_BETWEEN = " ~~~ "
_PARAGRAPH = "<p>"
_COUNT = re.compile("[0-9]{1,9}")


def write_ladder(
    units: Iterable[TranslationUnit],
    stream: BinaryIO,
    texts: Sequence[BinaryIO],
    languages: tuple[str, str],
    path: str,
) -> Written:
    """Write a ladder to one stream, and the sentences it is about to two others, in constant memory.

    The score of a rung is the unit's score `hunalign`, or else its confidence. Units without text in either
    language are left out. Raises FormatError for a score that is not finite.
    """
    writers = [SentenceWriter(text) for text in texts]
    written = left_out = 0
    tops = [0, 0]
    for unit, sides in rows(units):
        numbers = [writer.add(sides.get(code, ())) for writer, code in zip(writers, languages, strict=True)]
        if not any(numbers):
            left_out += 1
            continue
        stream.write(f"{tops[0]}\t{tops[1]}\t{_score_of(unit, path):.6g}\n".encode())
        tops = [side.stop for side in numbers]
        written += 1
    stream.write(f"{tops[0]}\t{tops[1]}\t0\n".encode())
    return Written(
        path,
        written,
        left_out,
        sum(writer.removed for writer in writers),
        sum(writer.replaced for writer in writers),
    )


def read_ladder(stream: BinaryIO, texts: tuple[Text, Text], path: str) -> Iterator[TranslationUnit]:
    """Yield a unit for each pair of rungs, omissions included; the score becomes its score `hunalign`.

    Raises FormatError, naming the line, for what is no rung, for rungs that go down, and for sentences that
    the texts have not.
    """
    texts = (_without_marks(texts[0]), _without_marks(texts[1]))
    below: tuple[int, int] | None = None
    scores: dict[str, float] = {}
    for number, line in enumerate(lines(stream, path), start=1):
        if not line.strip():
            continue
        where = f"{path}: line {number}"
        rung, score = _rung(line, where)
        if below is not None:
            if any(one < other for one, other in zip(rung, below, strict=True)):
                raise FormatError(where, f"goes down, from {below} to {rung}", "give rungs in order")
            sides = [
                (text, checked(range(start, stop), text, where))
                for text, start, stop in zip(texts, below, rung, strict=True)
            ]
            unit = unit_of(sides, scores=scores)
            if unit is not None:
                yield unit
        below, scores = rung, score


def write_hunalign_text(
    units: Iterable[TranslationUnit], stream: BinaryIO, path: str, *, languages: Sequence[str] | None = None
) -> Written:
    """Write a link a line, source and target side by side, in constant memory."""
    pair, units = pair_of(units, languages, path)
    written = left_out = removed = replaced = 0
    for unit, sides in rows(units):
        fields = []
        for code in pair:
            texts = [_field(piece) for piece in sides.get(code, ())]
            removed += sum(lost for _, lost, _ in texts)
            replaced += sum(breaks for _, _, breaks in texts)
            fields.append(_BETWEEN.join(text for text, _, _ in texts if text.strip()))
        if not any(fields):
            left_out += 1
            continue
        stream.write(("\t".join(fields) + f"\t{_score_of(unit, path):.6g}\n").encode("utf-8"))
        written += 1
    return Written(path, written, left_out, removed, replaced)


def read_hunalign_text(
    stream: BinaryIO,
    path: str,
    *,
    languages: Sequence[str] | None = None,
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield a unit a line; `languages` says which the two are, the source first.

    Raises FormatError without languages, and naming the line for what has fewer than two columns.
    """
    if languages is None or len(languages) != 2:
        raise FormatError(
            path, "does not say which two languages it holds", "name them with languages=, the source first"
        )
    codes = [asked(code, path) for code in languages]
    if codes[0] == codes[1]:
        raise FormatError(path, f"the language {codes[0]} stands twice", "name each language once")
    for number, line in enumerate(lines(stream, path), start=1):
        fields = line.rstrip("\r\n").split("\t")
        if fields == [""]:
            continue
        where = f"{path}: line {number}"
        if len(fields) < 2:
            raise FormatError(where, "has no tab", "give lines of source, target and score")
        scores = {SCORE: _number(fields[2], where)} if len(fields) > 2 else {}
        sides = []
        for code, field in zip(codes, fields, strict=False):
            sentences = list(_sentences(field, number - 1))
            text = Text(code, path, "", sentences, {number - 1: f"line {number}"})
            sides.append((text, range(len(sentences))))
        unit = unit_of(sides, scores=scores)
        if unit is not None:
            yield unit
        elif on_repair is not None:
            on_repair(Repair(path, number, number, "it holds no text", "passed over"))


def _field(piece: Piece) -> tuple[str, int, int]:
    """Return a sentence as it can stand in a column, and how many characters were removed and replaced."""
    text, breaks = one_line(piece.text)
    text, lost = encodable(text)
    return text.replace("\t", " "), lost, breaks + text.count("\t")


def _sentences(field: str, block: int) -> Iterator[Sentence]:
    """Yield the sentences of a column, each at its place in it."""
    start = 0
    for text in field.split(_BETWEEN):
        if text.strip() not in {"", _PARAGRAPH}:
            yield Sentence(text, block, start, start + len(text))
        start += len(text) + len(_BETWEEN)


def _score_of(unit: TranslationUnit, path: str) -> float:
    score = unit.scores.get(SCORE, unit.confidence)
    if not math.isfinite(score):
        raise FormatError(f"{path}: unit {unit.id}", f"its score is {score}", "give finite figures")
    return score


def _without_marks(text: Text) -> Text:
    """Return the text, its marks of paragraphs blank: they keep their numbers and say nothing."""
    sentences = [
        Sentence("", s.block, s.start, s.end) if s.text.strip() == _PARAGRAPH else s for s in text.sentences
    ]
    return Text(text.lang, text.url, text.sha256, sentences, text.paths)


def _rung(line: str, where: str) -> tuple[tuple[int, int], dict[str, float]]:
    fields = line.split()
    if len(fields) < 2 or not all(map(_COUNT.fullmatch, fields[:2])):
        raise FormatError(
            where,
            f"is no rung of a ladder: {line.strip()[:60]!r}",
            "give two numbers and a score (format='hunalign-text' reads the output of hunalign -text)",
        )
    scores = {SCORE: _number(fields[2], where)} if len(fields) > 2 else {}
    return (int(fields[0]), int(fields[1])), scores


def _number(field: str, where: str) -> float:
    try:
        number = float(field)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise FormatError(where, f"its score is {field!r}", "give a number")
    return number
