"""Read TMX 1.1 to 1.4b as it is found: streamed, mended where it can be, refused where it is hostile.

The parser is expat, whose events become units without a tree between: this takes about as long as building
one and doing nothing with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Literal
from xml.parsers import expat

from corpusalign.errors import FormatError
from corpusalign.formats.codes import inward
from corpusalign.formats.encodings import in_utf8
from corpusalign.formats.making import make_origin, make_span, make_unit
from corpusalign.formats.naming import name_of
from corpusalign.formats.report import Repair
from corpusalign.formats.tmx_dates import CHANGED, seconds_of
from corpusalign.types import Origin, Span, TranslationUnit

Inline = Literal["text", "codes"]

_SCORE = "x-score-"
_POSITION = re.compile(r"([0-9]{1,18}):([0-9]{1,18})-([0-9]{1,18}) (.*)", re.DOTALL)
# What every header must say (TMX 1.4b, section "Attributes").
_HEADER = ("creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype")
# Native codes of the original file (TMX 1.4b, section "Content Markup"); only `hi` holds running text.
_CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})
_PIECE = 1 << 16
# No real unit is near these; what goes on longer or deeper is no memory.
_UNIT_LIMIT = 16 << 20
_DEPTH_LIMIT = 256


def read_tmx(
    stream: BinaryIO,
    path: str,
    *,
    inline: Inline = "text",
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[TranslationUnit]:
    """Yield the units of a TMX file one by one, in constant memory; `path` names the file in errors.

    `inline` says what becomes of inline elements: "text" keeps the running text and drops the native codes
    (the contents of bpt, ept, ph, it, ut), "codes" keeps them as text. `on_repair` is told of everything
    mended or passed over. A unit without confidence gets 1.0, one without id its `tuid` or else a hash of its
    texts.

    Raises FormatError, naming the line, for what is not TMX, not well-formed, has entities of its own, is
    nested more than 256 deep, or holds a unit of more than 16 MiB. Nothing but the stream is read.
    """
    reader = _Reader(path, inline, on_repair)
    ready = reader.ready
    since_unit = 0
    pieces = iter(lambda: stream.read(_PIECE), b"")
    for piece in in_utf8(pieces, path, on_repair):
        try:
            reader.parser.Parse(piece, False)
        except expat.ExpatError as error:
            yield from ready
            raise reader.broken(error) from error
        except FormatError:
            yield from ready
            raise
        since_unit = 0 if ready else since_unit + len(piece)
        yield from ready
        ready.clear()
        if since_unit > _UNIT_LIMIT:
            raise FormatError(
                path,
                f"holds a unit, or something else, of more than {_UNIT_LIMIT >> 20} MiB",
                "give a translation memory",
            )
    try:
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise reader.broken(error) from error
    reader.end()


class _Reader:
    """What expat tells, put together into units; knows where it is when one must be mended.

    `ready` are the units that have ended. Text goes to `_pieces` wherever it stands; the start of an element
    whose text is wanted empties them, its end joins them.
    """

    def __init__(self, path: str, inline: Inline, on_repair: Callable[[Repair], None] | None) -> None:
        self.ready: list[TranslationUnit] = []
        self.number = 0
        self.parser = expat.ParserCreate("utf-8")
        self._path = path
        self._codes = _CODES if inline == "text" else frozenset[str]()
        self._on_repair = on_repair
        self._pieces: list[str] = []
        self._known: dict[str, str] = {}
        self._headed = False
        # How many units have ended.
        self._done = 0
        # How many elements are open that we do not know.
        self._depth = 0
        self._line: int | None = None
        # How many elements are open from the present seg, prop or note on, and where dropped codes began.
        self._inner = 0
        self._dropped: tuple[int, int] | None = None
        # What is known of the present unit, its present variant, and property.
        self._attributes: list[str] = []
        self._variants: dict[str, str] = {}
        self._origin: dict[str, Origin] = {}
        self._scores: dict[str, float] = {}
        self._dates: list[float] = []
        self._identifier: str | None = None
        self._note: str | None = None
        self._confidence = 1.0
        self._in_variant = False
        self._code: str | None = None
        self._text: str | None = None
        self._url: str | None = None
        self._digest = ""
        self._spans: list[Span] = []
        self._kind = ""
        self.parser.buffer_text = True
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._root
        self.parser.EndElementHandler = self._ended
        self.parser.CharacterDataHandler = self._pieces.append
        self.parser.EntityDeclHandler = self._entity
        self.parser.SkippedEntityHandler = self._skipped

    def end(self) -> None:
        """Tell of what did not come."""
        if not self._headed and self._on_repair is not None:
            self._on_repair(Repair(self._path, 0, 1, "there is no header", "not needed"))

    def broken(self, error: expat.ExpatError) -> FormatError:
        """Return the error that says where the file is not well-formed."""
        return FormatError(
            f"{self._path}: line {error.lineno}",
            f"is not well-formed XML after {self._done} units: {expat.ErrorString(error.code)}",
            "mend or export the file again",
        )

    # --- what expat tells ---

    def _root(self, name: str, _: Sequence[str]) -> None:
        local = name.rpartition(":")[2]
        if local != "tmx":
            raise FormatError(
                self._path, f"is not TMX: its outermost element is <{local}>", "give a file with <tmx>"
            )
        self.parser.StartElementHandler = self._started

    def _started(self, name: str, attributes: list[str]) -> None:
        if self._inner:
            self._start_inner(name)
        elif name == "seg":
            self._inner = 1
            self._pieces.clear()
        elif name == "tuv":
            self._text = self._url = None
            self._digest = ""
            self._spans = []
            self._in_variant = True
            # The most of all memories: a language seen before, and nothing else to tell.
            code = self._known.get(attributes[1]) if len(attributes) == 2 else None
            if code is None or code in self._variants or attributes[0] != "xml:lang":
                code = self._start_variant(attributes)
            self._code = code
        elif name == "prop":
            self._inner = 1
            self._pieces.clear()
            self._kind = attributes[1] if attributes[:1] == ["type"] else _value(attributes, "type")
        elif name == "tu":
            self._begin()
            self._attributes = attributes
            self._line = self.parser.CurrentLineNumber
            self.number += 1
        elif name == "note":
            self._inner = 1
            self._pieces.clear()
        elif name == "header":
            self._header(attributes)
        elif ":" in name:
            self._started(name.rpartition(":")[2], attributes)
        else:
            self._strange(1)

    def _ended(self, name: str) -> None:
        if self._inner > 1:
            self._end_inner()
        elif name == "seg":
            self._inner = 0
            self._text = "".join(self._pieces)
        elif name == "prop":
            self._inner = 0
            if self._in_variant:
                if self._code is not None:
                    self._origin_property(self._kind, "".join(self._pieces))
            else:
                self._property(self._kind, "".join(self._pieces))
        elif name == "tuv":
            self._in_variant = False
            if self._code is not None:
                if self._text is None or self._url is not None:
                    self._end_variant(self._code)
                else:
                    self._variants[self._code] = self._text
        elif name == "tu":
            self._end_unit()
            self._pieces.clear()
        elif name == "note":
            self._inner = 0
            if not self._in_variant:
                text = "".join(self._pieces)
                self._note = text if self._note is None else f"{self._note}\n{text}"
        elif ":" in name:
            self._ended(name.rpartition(":")[2])
        elif name != "header":
            self._strange(-1)

    def _start_inner(self, name: str) -> None:
        """Go into an element inside a text: running text, or codes to be dropped."""
        self._inner += 1
        if self._inner > _DEPTH_LIMIT:
            raise self._refused(f"is nested more than {_DEPTH_LIMIT} deep")
        if self._dropped is None and name.rpartition(":")[2] in self._codes:
            self._dropped = (self._inner, len(self._pieces))

    def _end_inner(self) -> None:
        if self._dropped is not None and self._dropped[0] == self._inner:
            del self._pieces[self._dropped[1] :]
            self._dropped = None
        self._inner -= 1

    def _strange(self, step: int) -> None:
        """Go into or out of an element that we do not know, and whose children may be what we do."""
        self._depth += step
        if self._depth > _DEPTH_LIMIT:
            raise self._refused(f"is nested more than {_DEPTH_LIMIT} deep")

    def _entity(self, name: str, *_: object) -> None:
        raise self._refused(f"has an entity of its own, &{name};")

    def _skipped(self, name: str, *_: object) -> None:
        raise self._refused(f"uses the entity &{name};")

    def _refused(self, fault: str) -> FormatError:
        where = f"{self._path}: line {self.parser.CurrentLineNumber}"
        return FormatError(where, fault, "expand the entities of the file, or export it again")

    # --- what it means ---

    def _begin(self) -> None:
        """Begin a unit."""
        self._variants = {}
        self._origin = {}
        self._scores = {}
        self._dates = []
        self._identifier = self._note = None
        self._confidence = 1.0

    def _header(self, attributes: Sequence[str]) -> None:
        self._headed = True
        self._line = self.parser.CurrentLineNumber
        for name in _HEADER:
            if name not in attributes[::2]:
                self._repair(f"the header has no {name}", "not needed")

    def _start_variant(self, attributes: list[str]) -> str | None:
        code = self._language(attributes)
        self._date(attributes)
        if code is not None and code in self._variants:
            self._repair(f"a second variant in {code}", "the first is kept")
            return None
        return code

    def _end_variant(self, code: str) -> None:
        if self._text is None:
            self._repair(f"the variant in {code} has no seg", "the variant is passed over")
            return
        self._variants[code] = self._text
        if self._url is not None:
            self._origin[code] = make_origin(self._url, self._digest, tuple(self._spans))

    def _end_unit(self) -> None:
        self._done += 1
        variants = self._variants
        if not variants:
            self._repair("it holds no text", "passed over")
            return
        identifier = self._identifier
        if identifier is None:
            # Not of our making: the tools of translators say when a unit was last changed.
            identifier = _value(self._attributes, "tuid")
            self._date(self._attributes)
            if self._dates:
                self._scores.setdefault(CHANGED, max(self._dates))
        self.ready.append(
            make_unit(
                identifier or name_of(variants),
                variants,
                self._confidence,
                self._scores,
                self._origin,
                self._note,
            )
        )

    def _property(self, kind: str, value: str) -> None:
        if kind == "x-id":
            self._identifier = value
        elif kind == "x-confidence":
            number = _number(value)
            if number is None or not 0 <= number <= 1:
                self._repair(f"the confidence is {value!r}", "read as 1.0")
            else:
                self._confidence = number
        elif kind.startswith(_SCORE):
            number = _number(value)
            if number is None:
                self._repair(f"the score {kind[len(_SCORE) :]} is {value!r}", "passed over")
            else:
                self._scores[kind[len(_SCORE) :]] = number

    def _origin_property(self, kind: str, value: str) -> None:
        if kind == "x-position":
            match = _POSITION.fullmatch(value)
            if match is None:
                self._repair(f"the position is {value!r}", "passed over")
            else:
                block, start, end, path = match.groups()
                self._spans.append(make_span(int(block), path, int(start), int(end)))
        elif kind == "x-url":
            self._url = value
        elif kind == "x-sha256":
            self._digest = value

    def _language(self, attributes: Sequence[str]) -> str | None:
        tag = _value(attributes, "xml:lang")
        if "xml:lang" not in attributes[::2]:
            tag = _value(attributes, "lang")
            if "lang" not in attributes[::2]:
                self._repair("a variant has no language", "the variant is passed over")
                return None
            self._repair("a variant has lang for xml:lang", f"read as {tag}")
        code = inward(tag)
        if code is None:
            self._repair(f"a variant's language is {tag!r}", "the variant is passed over")
        elif "_" in tag:
            self._repair(f"the language code {tag!r} has an underscore", f"read as {code}")
        elif "xml:lang" in attributes[::2]:
            # Nothing to tell about: the next such variant need not be looked at as closely.
            self._known[tag] = code
        return code

    def _date(self, attributes: Sequence[str]) -> None:
        date = _value(attributes, "changedate") or _value(attributes, "creationdate")
        seconds = seconds_of(date) if date else None
        if seconds is not None:
            self._dates.append(seconds)

    def _repair(self, fault: str, action: str) -> None:
        if self._on_repair is not None:
            self._on_repair(Repair(self._path, self.number, self._line, fault, action))


def _value(attributes: Sequence[str], name: str) -> str:
    """Return the value of an attribute, of names and values in turn; empty where there is none."""
    names = attributes[::2]
    return attributes[2 * names.index(name) + 1] if name in names else ""


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
