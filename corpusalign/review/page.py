"""Fill the page's template: one JSON block, the style and the script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpusalign.languages import known, language, tmx_code
from corpusalign.types import Bitext, Document, Origin, Sentence, TranslationUnit
from corpusalign.version import __version__

_HOME = Path(__file__).parent
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Inside <script>, JSON may not end the element or open a comment.
_IN_SCRIPT = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def page(bitext: Bitext) -> str:
    """Return the side-by-side page of a bitext as HTML text."""
    title = next((document.title for document in bitext.documents if document.title), None)
    style = (_HOME / "page.css").read_text(encoding="utf-8")
    script = (_HOME / "page.js").read_text(encoding="utf-8")
    slots = {
        "title": html.escape(_whole(title or "Untitled pages")),
        "generator": html.escape(f"corpusalign {__version__}"),
        "style": style,
        "style_hash": _integrity(style),
        "script": script,
        "script_hash": _integrity(script),
        "data": _json(_data(bitext)),
    }
    template = (_HOME / "page.html").read_text(encoding="utf-8")
    return _SLOT.sub(lambda slot: slots[slot[1]], template)


def _data(bitext: Bitext) -> dict[str, Any]:
    counts = [
        _Counter(document, sentences)
        for document, sentences in zip(bitext.documents, bitext.sentences, strict=True)
    ]
    return {
        "signature": bitext.signature,
        "pages": [
            {
                "name": language(document.lang).name if document.lang in known() else document.lang,
                "tag": tmx_code(document.lang),
                "url": document.url,
                "title": document.title,
                "date": document.date,
                "source": document.source,
                "sentences": len(sentences),
            }
            for document, sentences in zip(bitext.documents, bitext.sentences, strict=True)
        ],
        "units": [_unit(row, counts) for row in bitext.rows],
    }


class _Counter:
    """How many sentences of a document lie in a stretch of it."""

    def __init__(self, document: Document, sentences: Sequence[Sentence]) -> None:
        self.document = document
        self._starts = [(sentence.block, sentence.start) for sentence in sentences]

    def sentences(self, origin: Origin) -> int:
        return sum(
            bisect_right(self._starts, (span.block, span.end - 1))
            - bisect_left(self._starts, (span.block, span.start))
            for span in origin.spans
        )

    def is_heading(self, origin: Origin) -> bool:
        blocks = self.document.blocks
        return bool(origin.spans) and all(blocks[span.block].kind == "heading" for span in origin.spans)


def _unit(unit: TranslationUnit, counts: Sequence[_Counter]) -> dict[str, Any]:
    origins: Mapping[str, Origin] = unit.origin
    nowhere = Origin("", "", ())
    in_order = [(counter, origins.get(counter.document.lang, nowhere)) for counter in counts]
    return {
        "id": unit.id,
        "variants": [unit.variants.get(counter.document.lang) for counter in counts],
        "confidence": unit.confidence,
        "shape": [counter.sentences(origin) for counter, origin in in_order],
        "headings": [counter.is_heading(origin) for counter, origin in in_order],
        "spans": [
            [[span.block, span.path, span.start, span.end] for span in origin.spans] for _, origin in in_order
        ],
        "scores": dict(unit.scores),
        "note": unit.note,
    }


def _json(value: object) -> str:
    return _whole(json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT))


def _whole(text: str) -> str:
    """Write lone surrogates, which UTF-8 cannot hold, as the escapes that JSON knows."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _integrity(text: str) -> str:
    """Return the hash by which a Content-Security-Policy admits this very text and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
