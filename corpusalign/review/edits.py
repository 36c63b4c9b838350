"""What a person did to an alignment, as a list of edits that can be kept in a file and replayed.

An edit names rows by the ids of their translation units, which are made of the page's address and the text
and not of positions. Offsets count code points of the row's text at the time of the edit. Everything that
replaying needs is in the edit itself (the joiner of a merge, the id of a new row), so that a replay has
nothing to guess.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpusalign.errors import FormatError
from corpusalign.files import atomic_text

FORMAT = "corpusalign-edits"
VERSION = 1

# No review comes near this size; a larger file is something else.
_LIMIT = 256 << 20

Cut = tuple[int, int]
"""Where a text is divided: the first part ends at `[0]`, the second begins at `[1]`; the rest is dropped."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Append row `other`, the next one, to row `unit`; `join` stands between the two texts of a language."""

    unit: str
    other: str
    join: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Split:
    """Divide a row in two: in each language that it has, `cuts` says where. The second part is row `into`."""

    unit: str
    into: str
    cuts: Mapping[str, Cut]


@dataclass(frozen=True, slots=True)
class Divide:
    """Divide a sentence inside a row, so that its parts can be moved; no text changes."""

    unit: str
    lang: str
    cut: Cut


@dataclass(frozen=True, slots=True)
class Move:
    """Move the beginning of a text to the end of the row above, or its end to the beginning of the row below.

    `other` is that neighbour and says which of the two; what is moved is the part before, or behind, `cut`.
    """

    unit: str
    other: str
    lang: str
    cut: Cut
    join: str = " "


@dataclass(frozen=True, slots=True)
class Swap:
    """Exchange a row with the next one, or only their texts in one language."""

    unit: str
    other: str
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Put `text` in place of `was`; an empty text stands for none, before and after."""

    unit: str
    lang: str
    was: str
    text: str


@dataclass(frozen=True, slots=True)
class Approve:
    """Say that a row is right."""

    unit: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Say that a row shall not be used, and why."""

    unit: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take an approval or a rejection back."""

    unit: str


@dataclass(frozen=True, slots=True)
class Comment:
    """Write a comment on a row, in place of any before; an empty one removes it."""

    unit: str
    text: str


Edit = Merge | Split | Divide | Move | Swap | Rewrite | Approve | Reject | Reopen | Comment

_KINDS: dict[str, type[Edit]] = {
    "merge": Merge,
    "split": Split,
    "divide": Divide,
    "move": Move,
    "swap": Swap,
    "rewrite": Rewrite,
    "approve": Approve,
    "reject": Reject,
    "reopen": Reopen,
    "comment": Comment,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def read_edits(path: str | os.PathLike[str]) -> tuple[Edit, ...]:
    """Read an edits file (`.corpusalign.json`), as the review page or `write_edits` made it.

    Raises FormatError for a missing file and for anything that is no edits file, naming the edit at fault.
    """
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(_LIMIT + 1)
    except FileNotFoundError as error:
        raise FormatError(str(path), "no such file", "check the name") from error
    except OSError as error:
        raise FormatError(
            str(path), f"cannot be read: {error.strerror or error}", "check the file"
        ) from error
    if len(data) > _LIMIT:
        raise FormatError(str(path), f"is larger than {_LIMIT >> 20} MiB", "give an edits file")
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(
            str(path), f"is not JSON: {error}", "give the file that the review page saved"
        ) from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise FormatError(str(path), "is no edits file", "give the file that the review page saved")
    if record.get("version") != VERSION:
        raise FormatError(
            str(path), f"has version {record.get('version')!r}, not {VERSION}", "use a newer corpusalign"
        )
    edits = record.get("edits")
    if not isinstance(edits, list):
        raise FormatError(str(path), "has no list of edits", "give the file that the review page saved")
    return tuple(edit_from(value, f"{path}: edit {number}") for number, value in enumerate(edits, start=1))


def write_edits(edits: Iterable[Edit], path: str | os.PathLike[str]) -> None:
    """Write an edits file, one edit a line; it appears whole or not at all."""
    lines = ",\n".join(json.dumps(record_of(edit), ensure_ascii=True) for edit in edits)
    head = f'"format": "{FORMAT}",\n"version": {VERSION}'
    with atomic_text(path) as stream:
        stream.write(f'{{\n{head},\n"edits": [\n{lines}\n]\n}}\n')


def record_of(edit: Edit) -> dict[str, Any]:
    """Return an edit as the JSON object that stands for it; what is empty by default is left out."""
    record: dict[str, Any] = {"do": _NAMES[type(edit)]}
    match edit:
        case Merge(unit, other, join):
            record |= {"unit": unit, "other": other, "join": dict(join)}
        case Split(unit, into, cuts):
            record |= {"unit": unit, "into": into, "cuts": {lang: list(cut) for lang, cut in cuts.items()}}
        case Divide(unit, lang, cut):
            record |= {"unit": unit, "lang": lang, "cut": list(cut)}
        case Move(unit, other, lang, cut, join):
            record |= {"unit": unit, "other": other, "lang": lang, "cut": list(cut), "join": join}
        case Swap(unit, other, lang):
            record |= {"unit": unit, "other": other} | ({} if lang is None else {"lang": lang})
        case Rewrite(unit, lang, was, text):
            record |= {"unit": unit, "lang": lang, "was": was, "text": text}
        case Reject(unit, reason):
            record |= {"unit": unit, "reason": reason}
        case Comment(unit, text):
            record |= {"unit": unit, "text": text}
        case Approve(unit) | Reopen(unit):
            record |= {"unit": unit}
    return record


def edit_from(record: object, where: str) -> Edit:
    """Return the edit that a JSON object stands for; `where` names it in the FormatError for what is none."""
    try:
        if not isinstance(record, dict):
            raise TypeError(f"{record!r} is no object")
        return _edit(record)
    except KeyError as error:
        raise FormatError(where, f"has no {error.args[0]!r}", "see the format in docs/review.md") from error
    except (TypeError, ValueError) as error:
        raise FormatError(where, f"is no edit: {error}", "see the format in docs/review.md") from error


def _edit(record: Mapping[str, Any]) -> Edit:
    kind = _KINDS.get(_text(record["do"]))
    unit = _text(record["unit"])
    if kind is Merge:
        join = {lang: _text(joiner) for lang, joiner in _mapping(record.get("join", {})).items()}
        return Merge(unit, _text(record["other"]), join)
    if kind is Split:
        cuts = {lang: _cut(cut) for lang, cut in _mapping(record["cuts"]).items()}
        return Split(unit, _text(record["into"]), cuts)
    if kind is Divide:
        return Divide(unit, _text(record["lang"]), _cut(record["cut"]))
    if kind is Move:
        return Move(
            unit,
            _text(record["other"]),
            _text(record["lang"]),
            _cut(record["cut"]),
            _text(record.get("join", " ")),
        )
    if kind is Swap:
        lang = record.get("lang")
        return Swap(unit, _text(record["other"]), None if lang is None else _text(lang))
    if kind is Rewrite:
        return Rewrite(unit, _text(record["lang"]), _text(record["was"]), _text(record["text"]))
    if kind is Reject:
        return Reject(unit, _text(record.get("reason", "")))
    if kind is Comment:
        return Comment(unit, _text(record["text"]))
    if kind is Approve:
        return Approve(unit)
    if kind is Reopen:
        return Reopen(unit)
    raise ValueError(f"nothing is called {record['do']!r}")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no object")
    return value


def _cut(value: object) -> Cut:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise TypeError(f"{value!r} is no pair of offsets")
    end, start = value
    if type(end) is not int or type(start) is not int or not 0 <= end <= start:
        raise ValueError(f"{value!r} is no pair of offsets")
    return end, start
