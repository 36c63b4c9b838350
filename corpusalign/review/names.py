"""Names that correspond across scripts, as the document itself shows them.

London and 伦敦 share no letter, but where one stands, the other does. What is written with capitals in
one language and keeps company with the same characters of another throughout a document is taken for one
name. Nothing is looked up: a name that the document says less than three times is not found.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpusalign.types import TranslationUnit

_LEAST = 3
# Dice's coefficient of the units that have the one and those that have the other.
_TOGETHER = 0.8
_LONGEST = 8
# A whole page in capitals is no name; without a bound, its pieces would fill the memory.
_MOST_WORDS = 8
_MOST = 400

_CAPITALISED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_AFTER_SENTENCE = re.compile(r"(?:^|[.!?:;…«»“”\"(–—-])\s*$")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff·]+")

_Units = set[int]


def names(units: Iterable[TranslationUnit], languages: Sequence[str]) -> list[list[str | None]]:
    """Return names that correspond, each parallel to `languages`: None where its form is not known.

    At most 400, the longest first. Between languages written with capitals and those written without
    spaces in Han characters or kana.
    """
    texts = [unit.variants for unit in units]
    columns = {code: [each.get(code, "") for each in texts] for code in languages}
    unspaced = [code for code in languages if _is_unspaced(columns[code])]
    found: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for code in unspaced:
        sequences = _frequent_sequences(columns[code])
        for other in languages:
            if other not in unspaced:
                for name, sequence in _paired(_frequent_names(columns[other]), sequences):
                    found[code, sequence][other] = name
    rows = [{code: sequence, **forms} for (code, sequence), forms in found.items()]
    rows.sort(key=lambda row: (-max(map(len, row.values())), sorted(row.items())))
    return [[row.get(code) for code in languages] for row in rows[:_MOST]]


def _is_unspaced(texts: Sequence[str]) -> bool:
    written = [text for text in texts if text]
    return 2 * sum(1 for text in written if _UNSPACED.search(text)) > len(written)


def _frequent_names(texts: Sequence[str]) -> dict[str, _Units]:
    """Return the sequences of capitalised words, with the units that have them.

    One that only ever begins a sentence may owe its capital to that, and is left out.
    """
    where: defaultdict[str, _Units] = defaultdict(set)
    certain = set()
    for number, text in enumerate(texts):
        for begin, words in _capitalised_runs(text):
            is_first = _AFTER_SENTENCE.search(text[:begin]) is not None
            for start in range(len(words)):
                for end in range(start + 1, min(len(words), start + _MOST_WORDS) + 1):
                    name = " ".join(words[start:end])
                    where[name].add(number)
                    if start or not is_first:
                        certain.add(name)
    return {name: where[name] for name in sorted(certain) if len(name) > 2 and len(where[name]) >= _LEAST}


def _capitalised_runs(text: str) -> Iterator[tuple[int, list[str]]]:
    words: list[str] = []
    begin = end = 0
    for match in _CAPITALISED.finditer(text):
        if not match[0][0].isupper():
            continue
        if not words or text[end : match.start()] != " ":
            if words:
                yield begin, words
            words, begin = [], match.start()
        words.append(match[0])
        end = match.end()
    if words:
        yield begin, words


def _frequent_sequences(texts: Sequence[str]) -> dict[str, _Units]:
    """Return the character sequences that stand in enough units, with these units.

    Level by level, a longer one only where both of its shorter ones are frequent (Agrawal & Srikant 1994,
    "Fast Algorithms for Mining Association Rules"), so that memory stays in proportion to what is found.
    """
    runs = [_UNSPACED.findall(text) for text in texts]
    frequent: dict[str, _Units] = {}
    for length in range(2, _LONGEST + 1):
        level: defaultdict[str, _Units] = defaultdict(set)
        for number, pieces in enumerate(runs):
            for piece in pieces:
                for start in range(len(piece) - length + 1):
                    sequence = piece[start : start + length]
                    if length == 2 or (sequence[1:] in frequent and sequence[:-1] in frequent):
                        level[sequence].add(number)
        grown = {sequence: where for sequence, where in level.items() if len(where) >= _LEAST}
        if not grown:
            break
        frequent |= grown
    return frequent


def _paired(names: Mapping[str, _Units], sequences: Mapping[str, _Units]) -> Iterator[tuple[str, str]]:
    """Yield the names whose best sequence is theirs beyond doubt, and whose best name it is."""
    in_unit: defaultdict[int, list[str]] = defaultdict(list)
    for sequence, where in sequences.items():
        for number in where:
            in_unit[number].append(sequence)
    chosen: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for name, where in names.items():
        together = Counter(sequence for number in where for sequence in in_unit[number])
        dice = {each: 2 * count / (len(where) + len(sequences[each])) for each, count in together.items()}
        best = _only_longest(dice)
        if best is not None and dice[best] >= _TOGETHER:
            chosen[best].append((dice[best], name))
    for sequence, candidates in chosen.items():
        highest = _only_longest({name: dice for dice, name in candidates})
        if highest is not None:
            yield highest, sequence


def _only_longest(scores: Mapping[str, float]) -> str | None:
    """Return the longest of those that score highest, if all the others are pieces of it."""
    highest = max(scores.values(), default=0.0)
    equal = [each for each, score in scores.items() if score == highest]
    longest = max(equal, key=len, default=None)
    return longest if longest is not None and all(each in longest for each in equal) else None
