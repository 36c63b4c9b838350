"""Fill the page's template: one JSON block, the style and the script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_BROWSER = Path(__file__).parent / "browser"
# In the order in which they need one another.
_MODULES = (
    "text",
    "storage",
    "strings",
    "rows",
    "edits",
    "session",
    "plan",
    "tokens",
    "reasons",
    "export",
    "dom",
    "row",
    "list",
    "view",
    "ribbon",
    "forms",
    "desk",
    "actions",
    "main",
)
INTERFACES = ("en", "fr", "zh")

_SLOT = re.compile(r"\{\{(\w+)\}\}")
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")
# Inside <script>, JSON may not end the element or open a comment.
_IN_SCRIPT = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def page(data: dict[str, Any]) -> str:
    """Return the review page for `page_data` as HTML text."""
    style = (_BROWSER / "page.css").read_text(encoding="utf-8")
    script = bundle()
    slots = {
        "title": html.escape(_whole(data["title"] or "corpusalign")),
        "generator": html.escape(data["generator"]),
        "style": style,
        "style_hash": _integrity(style),
        "script": script,
        "script_hash": _integrity(script),
        "strings": _json({code: _strings(code) for code in INTERFACES}),
        "data": _json(data),
    }
    template = (_BROWSER / "page.html").read_text(encoding="utf-8")
    return _SLOT.sub(lambda slot: slots[slot[1]], template)


@cache
def bundle() -> str:
    """Return the script: the modules one behind the other, their imports and exports taken off.

    All their names share one scope then, so a name may be declared in one module only.
    """
    sources = (
        (_BROWSER / f"{name}.js").read_text(encoding="utf-8")
        for name in _MODULES
        if (_BROWSER / f"{name}.js").exists()
    )
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", source)) for source in sources)


def _strings(code: str) -> dict[str, str]:
    strings: dict[str, str] = json.loads((_BROWSER / "strings" / f"{code}.json").read_text(encoding="utf-8"))
    return strings


def _json(value: object) -> str:
    return _whole(json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT))


def _whole(text: str) -> str:
    """Write lone surrogates, which UTF-8 cannot hold, as the escapes that JSON knows."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _integrity(text: str) -> str:
    """Return the hash by which a Content-Security-Policy admits this very text and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
