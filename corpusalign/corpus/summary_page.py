"""The figures of a corpus as one self-contained page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from corpusalign.corpus.records import BINS, Summary
from corpusalign.languages import language

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Corpus summary</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }}
body {{ max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; margin: 0 0 2rem; min-width: 50%; }}
caption {{ text-align: start; font-weight: 600; padding-block: .5rem; }}
th, td {{ padding: .2rem .8rem .2rem 0; text-align: start; font-weight: normal; }}
td {{ text-align: end; font-variant-numeric: tabular-nums; }}
tr {{ border-block-end: 1px solid color-mix(in srgb, currentColor 20%, transparent); }}
meter {{ width: 16rem; }}
</style>
</head>
<body>
<h1>Corpus summary</h1>
{tables}
<p>Made by {signature}</p>
</body>
</html>
"""


def summary_page(summary: Summary) -> str:
    """Return the page; nothing in it is markup but its own."""
    spaced = {code: language(code) for code in summary.words}
    words = {
        f"{known.name} ({'words' if known.joiner else 'characters'})": summary.words[code]
        for code, known in spaced.items()
    }
    sentences = {language(code).name: number for code, number in summary.sentences.items()}
    tables = [
        _table(
            "Corpus",
            _figures(
                {
                    "Pages found": summary.pages,
                    "Page sets": summary.sets,
                    "Page pairs aligned": summary.pairs,
                    "Translation units": summary.units,
                    "Units rejected": summary.units_rejected,
                    "Shards": summary.shards,
                }
            ),
        ),
        _table("In the units", _figures(words)),
        _table("Sentences aligned", _figures(sentences)),
        _table("Units by confidence", _histogram(summary.histogram)),
        _table("Pages rejected (rejects.jsonl has each)", _figures(summary.rejects)),
        _table("Units rejected, by the score that broke its limit", _figures(summary.broken)),
        _table(
            "Seconds of work by stage, all workers together",
            [(stage, f"{spent:,.1f}") for stage, spent in summary.seconds.items()],
        ),
    ]
    return _PAGE.format(tables="\n".join(tables), signature=escape(summary.signature))


def _figures(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(name, f"{number:,}") for name, number in counts.items()]


def _table(caption: str, rows: Sequence[Iterable[str]]) -> str:
    body = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{cell if cell.startswith('<meter') else escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    return f"<table>\n<caption>{escape(caption)}</caption>\n{body or '<tr><td>none</td></tr>'}\n</table>"


def _histogram(bars: Sequence[int]) -> list[tuple[str, str, str]]:
    most = max(*bars, 1)
    return [
        (
            f"{bar / BINS:.2f} to {(bar + 1) / BINS:.2f}",
            f"{number:,}",
            f'<meter value="{number}" max="{most}">{number / most:.0%}</meter>',
        )
        for bar, number in enumerate(bars)
    ]
