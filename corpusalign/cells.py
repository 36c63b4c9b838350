"""Text in the cells of spreadsheets (Office Open XML, ECMA-376): any text in, the same text out.

What XML cannot hold is written as the format has it: `_x0001_`.
"""

from __future__ import annotations

import re
import zipfile
import zlib

# What openpyxl lets through, beside its own errors, when a file is not what it seems.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    RuntimeError,
    EOFError,
)
# Part 1, section 18.3.1: no cell holds more characters (UTF-16 units).
LONGEST = 32_767

_UNHELD_SET = "\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff"
# Section 22.9.2.19 (ST_Xstring): `_x000D_` stands for a character, `_x005F_` for `_` before what looks so,
# also where its last mark is that of an escape which is still to come.
_LIKE_ESCAPE = re.compile(f"_(?=x[0-9A-Fa-f]{{4}}[_{_UNHELD_SET}])")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNHELD = re.compile(f"[{_UNHELD_SET}]")


def shown(text: str) -> str:
    """Return a text as a cell holds it."""
    escaped = _LIKE_ESCAPE.sub("_x005F_", text)
    return _UNHELD.sub(lambda match: f"_x{ord(match[0]):04X}_", escaped)


def meant(content: str) -> str:
    """Undo what `shown` and spreadsheet programs write for characters that a cell cannot hold."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), content)


def size(content: str) -> int:
    """Return how many characters a cell counts in what it holds: those beyond U+FFFF as two."""
    return len(content) + sum(character > "\uffff" for character in content)
