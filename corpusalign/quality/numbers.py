"""Do two texts speak of the same numbers? Across digits, words, scripts, groupings and scales.

What a text says in digits, or in words that can hardly mean anything but a number (二十, six hundred), is
firm: the other side must answer it. What may be a number or not (one, 一, a month's name, Roman letters) is
soft: it can answer a firm number, and nothing is missed where it goes unanswered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from corpusalign.languages import entries, known, language

Values = frozenset[Decimal]

# Decimal marks and marks of grouping look alike across languages, so both are taken and read in every way
# that they can be. Spaces group only figures of three.
_SPACES = " \u00a0\u2009\u202f"
_DIGITS = rf"\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*"
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF0E, 0xFF0C)}
_ROMAN = re.compile(r"(?<![A-Za-z])[IVXLC]{2,}(?![A-DF-Za-df-z])|(?<![A-Za-z])[VX](?=(?:e|ème)\b)")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_GAP = re.compile(rf"[{_SPACES}-]?")
# Above ten, a number in words is a number; up to ten it is often an article, a pronoun or part of a word.
_SOFT_UP_TO = 10
_SMALLEST_BARE_SCALE = 12
_BESIDE = 6
_FIRST_YEAR, _LAST_YEAR = 1100, 2199


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: the values that it may have, or the several that its marks may set apart."""

    readings: Values
    listed: Values = frozenset()

    def answered_by(self, there: Values) -> bool:
        """Tell whether one reading, or else all the numbers that it may list, are among some values."""
        return not self.readings.isdisjoint(there) or (bool(self.listed) and self.listed <= there)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The firm numbers of a text, and the values that may be meant elsewhere in it."""

    firm: tuple[Number, ...]
    soft: Values


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    number: Number
    kind: str  # digits, word, first (a word that no numeral ends with), scale, join


def numbers_of(text: str, lang: str) -> Numbers:
    """Return the numbers of a text; a language without `numerals.txt` has those in digits only."""
    firm: list[Number] = []
    soft: set[Decimal] = set()
    for run in _runs(text.translate(_FULL_WIDTH), lang):
        for number, is_firm in _numbers_of_run(run, not _joiner(lang)):
            if is_firm:
                firm.append(number)
            else:
                soft |= number.readings
    soft |= {Decimal(_roman(match[0])) for match in _ROMAN.finditer(text)}
    pattern, months = _months(lang)
    for match in pattern.finditer(text):
        value = months[match[0].lower()]
        # A month beside a day or a year is a date; alone, May may be a verb and Marz a name.
        if re.search(r"\d", text[max(match.start() - _BESIDE, 0) : match.end() + _BESIDE]):
            firm.append(Number(frozenset({value})))
        else:
            soft.add(value)
    for number in firm:
        soft |= number.listed
        # A year is answered by its decade's short form, an hour of the afternoon by that of the clock.
        soft |= {value % 100 for value in number.readings if _FIRST_YEAR <= value <= _LAST_YEAR}
        soft |= {value - 12 for value in number.readings if 13 <= value <= 23}
    return Numbers(tuple(firm), frozenset(soft))


def agreement(first: Numbers, second: Numbers) -> float:
    """Return the share of the firm numbers of both sides that the other answers; 1 if there are none.

    A number said twice may be answered once: translations say "that year".
    """
    answers = [*_answered(first, second), *_answered(second, first)]
    return sum(answers) / len(answers) if answers else 1.0


def conflicts(first: Numbers, second: Numbers) -> int:
    """Return how many numbers of one side stand unanswered against as many of the other.

    A number that only one side has was left out or added; one against another is more likely wrong.
    """
    return min(_answered(first, second).count(False), _answered(second, first).count(False))


def _answered(asked: Numbers, other: Numbers) -> list[bool]:
    there = other.soft.union(*(number.readings for number in other.firm))
    return [number.answered_by(there) for number in asked.firm]


def _runs(text: str, lang: str) -> Iterator[list[_Token]]:
    """Yield the tokens that may form numbers, those together that stand close enough to form one."""
    run: list[_Token] = []
    for token in _tokens(text, lang):
        if run and not _GAP.fullmatch(text, run[-1].end, token.start):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _tokens(text: str, lang: str) -> Iterator[_Token]:
    pattern, values = _numerals(lang)
    for match in pattern.finditer(text):
        start, end = match.span()
        if match.lastgroup == "digits":
            for piece_start, piece_end, number in _written(match[0]):
                yield _Token(start + piece_start, start + piece_end, number, "digits")
        else:
            kind, value = values[_key(match[0])]
            yield _Token(start, end, Number(frozenset({value})), kind)


def _numbers_of_run(run: list[_Token], unspaced: bool) -> Iterator[tuple[Number, bool]]:
    """Yield each number of a run, and whether it is firm.

    Numerals compose as in all of our languages: a scale multiplies what is smaller than itself and stands
    before it, and a smaller number is added to the zeros of a larger one.
    """
    if unspaced and len(run) > 2 and all(token.kind == "word" for token in run):
        # 二〇〇八: digits written as characters.
        value = Decimal("".join(str(int(_value(token))) for token in run))
        yield Number(frozenset({value})), len(run) == 4
        return
    parts: list[Decimal] = []
    bare = False
    for place, token in enumerate(run):
        if token.kind == "join":
            continue
        if token.kind == "digits":
            yield from _composed(parts, bare)
            parts, bare = [], False
            rest = run[place + 1 :]
            factor, used = _scales(rest)
            scaled = Number(frozenset(value * factor for value in token.number.readings))
            yield scaled if used else token.number, True
            if used:
                yield from _numbers_of_run(rest[used:], unspaced)
                return
            continue
        value = _value(token)
        if token.kind == "scale":
            smaller = [part for part in parts if part < value]
            if not parts and value >= _SMALLEST_BARE_SCALE:
                bare = True
            parts = [part for part in parts if part >= value] + [(sum(smaller) or Decimal(1)) * value]
        elif parts and not value:
            continue  # 一千零一: the zero only says that a place is empty
        elif parts and (
            bare
            or not value < _zeros(parts[-1])
            or (token.kind == "first" and not _scales(run[place + 1 :])[1])
        ):
            yield from _composed(parts, bare)
            parts, bare = [value], False
        else:
            parts.append(value)
    yield from _composed(parts, bare)


def _composed(parts: list[Decimal], bare: bool) -> Iterator[tuple[Number, bool]]:
    if parts:
        value = sum(parts, Decimal())
        yield Number(frozenset({value})), value > _SOFT_UP_TO and not bare


def _value(token: _Token) -> Decimal:
    (value,) = token.number.readings
    return value


def _scales(tokens: list[_Token]) -> tuple[Decimal, int]:
    """Return the product of the scales that come next (`3.5 million`, `2千万`), and how many they are."""
    factor, used = Decimal(1), 0
    for token in tokens:
        if token.kind != "scale":
            break
        factor *= _value(token)
        used += 1
    return factor, used


def _zeros(value: Decimal) -> Decimal:
    """Return the largest power of ten that divides a number: what is added to it must be smaller."""
    power = Decimal(10)
    while value and value % power == 0:
        power *= 10
    return power / 10 if value else Decimal(0)


def _written(digits: str) -> Iterator[tuple[int, int, Number]]:
    """Yield the place and the number of a run of digits and marks, several numbers for `1.4.2`."""
    plain = re.sub(rf"[{_SPACES}'’]", "", digits)
    marks = [char for char in plain if char in ".,"]
    readings: set[Decimal] = set()
    if len(marks) <= 1:
        readings.add(Decimal(plain.replace(",", ".")))
    last_mark = marks[-1] if marks else ""
    if _grouped(plain, marks):
        readings.add(Decimal(plain.replace(last_mark, "")))
    elif (
        len(marks) > 1
        and last_mark not in marks[:-1]
        and _grouped(plain[: plain.rfind(last_mark)], marks[:-1])
    ):
        readings.add(Decimal(plain.replace(marks[0], "").replace(last_mark, ".")))
    if readings:
        listed = frozenset(map(Decimal, plain.split(","))) if marks == [","] else frozenset[Decimal]()
        yield 0, len(digits), Number(frozenset(readings), listed)
        return
    for piece in re.finditer(r"\d+", digits):
        yield piece.start(), piece.end(), Number(frozenset({Decimal(piece[0])}))


def _grouped(plain: str, marks: Sequence[str]) -> bool:
    """Tell whether one kind of mark cuts off thousands: the first group of one to three, then threes."""
    if len(set(marks)) != 1:
        return False
    first, *rest = plain.split(marks[0])
    return 1 <= len(first) <= 3 and all(len(group) == 3 for group in rest)


def _roman(letters: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in letters]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


@cache
def _numerals(lang: str) -> tuple[re.Pattern[str], dict[str, tuple[str, Decimal]]]:
    """Return the pattern of a language's numbers, and what each numeral in words is."""
    values: dict[str, tuple[str, Decimal]] = {}
    for entry in _entries(lang, "numerals"):
        word, _, value = (part.strip() for part in entry.rpartition("="))
        if value == "+":
            values[_key(word)] = "join", Decimal()
        elif value.startswith("*"):
            values[_key(word)] = "scale", Decimal(value[1:])
        else:
            values[_key(word)] = (
                ("first" if value.startswith("^") else "word"),
                Decimal(value.removeprefix("^")),
            )
    longest_first = sorted(values, key=len, reverse=True)
    words = "|".join(re.escape(word).replace(r"\ ", "[ -]") for word in longest_first)
    if words and _joiner(lang):
        words = rf"\b(?:{words})\b"
    return re.compile(
        rf"(?P<digits>{_DIGITS})" + (rf"|(?P<words>{words})" if words else ""), re.IGNORECASE
    ), values


@cache
def _months(lang: str) -> tuple[re.Pattern[str], dict[str, Decimal]]:
    numbers: dict[str, Decimal] = {}
    for entry in _entries(lang, "months"):
        names, _, number = entry.rpartition("=")
        numbers.update((name.lower(), Decimal(number.strip())) for name in names.split())
    alternatives = "|".join(map(re.escape, sorted(numbers, key=len, reverse=True)))
    # A pattern that matches nothing, where a language has no months in words.
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)" if numbers else "(?!)", re.IGNORECASE), numbers


def _key(word: str) -> str:
    return word.lower().replace("-", " ")


@cache
def _entries(lang: str, name: str) -> tuple[str, ...]:
    code = lang.partition("-")[0]
    return entries(code, name) if code in known() else ()


@cache
def _joiner(lang: str) -> str:
    code = lang.partition("-")[0]
    return language(code).joiner if code in known() else " "
