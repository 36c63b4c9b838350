"""XML in any encoding that its declaration names, as UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from itertools import chain

from corpusalign.errors import FormatError
from corpusalign.formats.report import Repair

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"']")
# The mark of UTF-32 begins as that of UTF-16: the last that fits is the one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
)
# Without a mark, the first character says it (XML 1.0, appendix F): it can only be `<`.
_UNMARKED = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


def in_utf8(
    pieces: Iterator[bytes], path: str, on_repair: Callable[[Repair], None] | None = None
) -> Iterator[bytes]:
    """Yield the bytes of an XML file as UTF-8; the encoding is that of its mark, or else its declaration.

    UTF-8 passes as it is: the parser finds what is none. Raises FormatError, naming the line, for an encoding
    that nobody knows and for bytes that are none of it.
    """
    first = next(pieces, b"")
    declared = _DECLARED.match(first)
    name = "utf-8" if declared is None else declared[1].decode("ascii").lower()
    for mark, encoding in (*_UNMARKED, *_MARKS):
        if first.startswith(mark):
            name = encoding
    try:
        # A declaration that reads as ASCII is not in an encoding that spells it otherwise, whatever it says:
        # some programs write UTF-8 and call it UTF-16.
        if declared is not None and "<?xml".encode(name) != b"<?xml":
            if on_repair is not None:
                on_repair(Repair(path, 0, 1, f"its declaration says {name}", "read as UTF-8"))
            name = "utf-8"
    except (LookupError, UnicodeError) as error:
        raise FormatError(
            f"{path}: line 1", f"is in an encoding that nobody knows: {name!r}", "save the file as UTF-8"
        ) from error
    if name in {"utf-8", "utf8", "us-ascii", "ascii"}:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from pieces
        return
    decoder = codecs.getincrementaldecoder(name)("strict")
    lines = 1
    for piece in chain([first], pieces, [b""]):
        try:
            text = decoder.decode(piece, not piece)
        except UnicodeError as error:
            if isinstance(error, UnicodeDecodeError):
                lines += error.object[: error.start].count(b"\n")
            raise FormatError(
                f"{path}: line {lines}", f"has bytes that are no {name}: {error}", "save the file as UTF-8"
            ) from error
        lines += text.count("\n")
        yield text.encode("utf-8", "surrogatepass")
