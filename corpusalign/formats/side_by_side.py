"""Units side by side, to be read by people: a table in Markdown, or a page of HTML. Written only."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from corpusalign.formats.choice import languages_of
from corpusalign.formats.codes import outward
from corpusalign.formats.lines import encodable, one_line
from corpusalign.formats.report import Written
from corpusalign.formats.xmltext import legal
from corpusalign.types import Bitext, TranslationUnit

# What means something in a line of Markdown (CommonMark 0.31, section 2.4; `|` and `~` of GitHub's tables).
_MARKS = re.compile(r"[\\`*_{}\[\]<>|~&#$!]|(?<=^)[-+]|(?<=\d)[.)](?=\s|$)")

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 1.5rem; color: #1a1a1a; background: #fff }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
th, td {{ border-bottom: 1px solid #ccc; padding: .4rem .8rem; text-align: start; vertical-align: top }}
td {{ white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext }}
th.n, td.n {{ width: 4rem; color: #666; font-variant-numeric: tabular-nums }}
tr.note td {{ color: #666; font-size: .875rem }}
@media (prefers-color-scheme: dark) {{ body {{ color: #ddd; background: #181818 }} }}
</style>
<table>
<thead><tr><th class="n" scope="col">confidence</th>{heads}</tr></thead>
<tbody>
"""


def write_markdown(
    units: Iterable[TranslationUnit], stream: BinaryIO, path: str, *, languages: Sequence[str] | None = None
) -> Written:
    """Write a table of GitHub Flavored Markdown, a row a unit; of a Bitext all rows, the omissions too.

    Line breaks in a text become `<br>`, and marks that mean something in Markdown are escaped. Units with no
    text in any of the languages are left out.
    """
    columns, units = languages_of(units, languages, path)
    heads = [outward(code) or code for code in columns]
    stream.write(f"| {' | '.join([*heads, 'confidence'])} |\n|{' --- |' * (len(heads) + 1)}\n".encode())
    written = left_out = removed = 0
    for unit in units.rows if isinstance(units, Bitext) else units:
        if not any(unit.variants.get(code) for code in columns):
            left_out += 1
            continue
        texts = []
        for code in columns:
            text, lost = encodable(unit.variants.get(code, ""))
            removed += lost
            lines = re.split("\r\n|[\r\n]", text)
            texts.append("<br>".join(_MARKS.sub(r"\\\g<0>", one_line(line)[0]) for line in lines))
        stream.write(f"| {' | '.join([*texts, f'{unit.confidence:.3f}'])} |\n".encode())
        written += 1
    return Written(path, written, left_out, removed)


def write_html(
    units: Iterable[TranslationUnit], stream: BinaryIO, path: str, *, languages: Sequence[str] | None = None
) -> Written:
    """Write a page with a table, a row a unit, its note below; of a Bitext all rows, the omissions too.

    The page is whole in itself and runs no script. Characters that HTML cannot hold are removed and counted;
    units with no text in any of the languages are left out.
    """
    columns, units = languages_of(units, languages, path)
    tags = {code: html.escape(outward(code) or code) for code in columns}
    heads = "".join(f'<th scope="col">{tag}</th>' for tag in tags.values())
    stream.write(_PAGE.format(title=" · ".join(tags.values()) or "no units", heads=heads).encode())
    written = left_out = removed = 0
    for unit in units.rows if isinstance(units, Bitext) else units:
        if not any(unit.variants.get(code) for code in columns):
            left_out += 1
            continue
        parts = [f'<tr><td class="n">{unit.confidence:.3f}</td>']
        for code, tag in tags.items():
            text, lost = _escaped(unit.variants.get(code, ""))
            removed += lost
            parts.append(f'<td lang="{tag}" dir="auto">{text}</td>')
        parts.append("</tr>\n")
        if unit.note is not None:
            text, lost = _escaped(unit.note)
            removed += lost
            parts.append(f'<tr class="note"><td></td><td colspan="{len(tags)}">{text}</td></tr>\n')
        stream.write("".join(parts).encode("utf-8"))
        written += 1
    stream.write(b"</tbody>\n</table>\n</html>\n")
    return Written(path, written, left_out, removed)


def _escaped(text: str) -> tuple[str, int]:
    """Return text for HTML; a bare CR, which the parser would make a line feed, as a reference."""
    text, removed = legal(text)
    return html.escape(text, quote=False).replace("\r", "&#13;"), removed
