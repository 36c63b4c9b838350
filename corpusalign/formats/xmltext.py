"""Text on its way into XML 1.0: escaped so that it comes back as it was, and rid of what XML cannot hold."""

from __future__ import annotations

import re

# The production Char of https://www.w3.org/TR/xml/#charsets.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> tuple[str, int]:
    """Return the text without the characters that XML 1.0 cannot hold, and how many were removed."""
    return _ILLEGAL.subn("", text)


def escape(text: str) -> str:
    """Return legal text as element content.

    `>` is escaped for `]]>`, which must not stand in text, and CR because parsers turn a bare one into LF.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def attribute(text: str) -> str:
    """Return legal text for a double-quoted attribute; parsers turn bare tabs and LF in it into spaces."""
    return escape(text).replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")


def content(text: str) -> tuple[str, int]:
    """Return any text as element content, and how many characters XML cannot hold were removed."""
    if not _SPECIAL.search(text):
        return text, 0
    text, removed = legal(text)
    return escape(text), removed
