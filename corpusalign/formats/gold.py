"""Gold alignments in JSON: sentences of two languages and their links, or of several and their groups.

Two: `{"src_lang", "tgt_lang", "src": [text, ...], "tgt": [...], "links": [[[0], [0, 1]], ...]}`. Several:
`{"languages", "documents": {lang: {"sentences": [{"block", "text"}, ...]}}, "groups": [{lang: [0], ...}]}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from corpusalign.errors import FormatError
from corpusalign.formats.choice import languages_of
from corpusalign.formats.linked import Text, rows, unit_of
from corpusalign.formats.report import Written
from corpusalign.types import Sentence, TranslationUnit

# A gold alignment is one document; a file of more is none.
_LIMIT = 256 << 20


def write_gold(
    units: Iterable[TranslationUnit], stream: BinaryIO, path: str, *, languages: Sequence[str] | None = None
) -> Written:
    """Write the form for two languages, or for several where there are more; all of it is held in memory."""
    found, units = languages_of(units, languages, path)
    sentences: dict[str, list[dict[str, object]]] = {code: [] for code in found}
    blocks: dict[str, dict[tuple[str, int], int]] = {code: {} for code in found}
    groups = []
    left_out = 0
    for _, sides in rows(units):
        group: dict[str, list[int]] = {}
        for code in found:
            numbers = blocks[code]
            first = len(sentences[code])
            for piece in sides.get(code, ()):
                if piece.text.strip():
                    block = numbers.setdefault(piece.paragraph, len(numbers))
                    sentences[code].append({"block": block, "text": piece.text})
            group[code] = list(range(first, len(sentences[code])))
        if any(group.values()):
            groups.append(group)
        else:
            left_out += 1
    record: dict[str, object]
    if len(found) == 2:
        source, target = found
        record = {
            "src_lang": source,
            "tgt_lang": target,
            "src": [sentence["text"] for sentence in sentences[source]],
            "tgt": [sentence["text"] for sentence in sentences[target]],
            "links": [[group[source], group[target]] for group in groups],
        }
    else:
        documents = {code: {"sentences": sentences[code]} for code in found}
        record = {"languages": list(found), "documents": documents, "groups": groups}
    # Escaped: JSON in ASCII holds any text, even a lone surrogate.
    stream.write(json.dumps(record, indent=1).encode("ascii") + b"\n")
    return Written(path, len(groups), left_out)


def read_gold(stream: BinaryIO, path: str) -> Iterator[TranslationUnit]:
    """Yield a unit for each link or group, omissions included, of confidence 1.

    Raises FormatError for what is no such file, naming the group for sentences that are not there.
    """
    data = stream.read(_LIMIT)
    if len(data) == _LIMIT:
        raise FormatError(path, f"is larger than {_LIMIT >> 20} MiB", "give the gold alignment of one text")
    try:
        record = json.loads(data)
        texts, groups = _several(record, path) if "groups" in record else _two(record, path)
    except (ValueError, RecursionError) as error:
        raise FormatError(path, f"is not JSON: {error}", "give a gold alignment") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise FormatError(
            path, f"is no gold alignment: {error!r}", "see docs/cli.md, evaluate, for its form"
        ) from error
    for number, group in enumerate(groups, start=1):
        sides = []
        for code, indices in group.items():
            text = texts[code]
            for index in indices:
                if not isinstance(index, int) or not 0 <= index < len(text.sentences):
                    raise FormatError(
                        f"{path}: group {number}",
                        f"names sentence {index!r} of {code}, which has {len(text.sentences)}",
                        "number sentences from 0",
                    )
            sides.append((text, indices))
        unit = unit_of(sides)
        if unit is not None:
            yield unit


Groups = Sequence[Mapping[str, Sequence[int]]]


def _two(record: Any, path: str) -> tuple[dict[str, Text], Groups]:
    source, target = str(record["src_lang"]), str(record["tgt_lang"])
    if source == target:
        raise FormatError(path, f"both texts are in {source}", "give src_lang and tgt_lang as they are")
    texts = {
        code: _text(code, path, enumerate(sentences))
        for code, sentences in ((source, record["src"]), (target, record["tgt"]))
    }
    return texts, [{source: list(ours), target: list(theirs)} for ours, theirs in record["links"]]


def _several(record: Any, path: str) -> tuple[dict[str, Text], Groups]:
    texts = {
        code: _text(code, path, ((sentence["block"], sentence["text"]) for sentence in document["sentences"]))
        for code, document in record["documents"].items()
    }
    return texts, [{code: list(group.get(code, ())) for code in texts} for group in record["groups"]]


def _text(code: str, path: str, sentences: Iterable[tuple[int, str]]) -> Text:
    found: list[Sentence] = []
    paths: dict[int, str] = {}
    for block, text in sentences:
        if not isinstance(text, str):
            raise TypeError(f"{text!r} is not text")
        start = found[-1].end + 1 if found and found[-1].block == block else 0
        found.append(Sentence(text, block, start, start + len(text)))
        paths[block] = f"block {block}"
    return Text(code, path, "", found, paths)
