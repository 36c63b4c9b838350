"""Which tables hold data (kept cell by cell) and which only lay out the page (walked like any markup)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

_TAGS = (
    "table",
    "tr",
    "td",
    "th",
    "caption",
    "thead",
    "p",
    "br",
    "ul",
    "ol",
    "form",
    "h1",
    "h2",
    "h3",
    "div",
)

# A cell with more text than this is running text that a table was used to place.
_LONG_CELL = 400


@dataclass(slots=True)
class _Count:
    """What was seen of one open table."""

    element: Element
    rows: int = 0
    cells: int = 0
    widest_row: int = 0
    cells_in_row: int = 0
    headers: int = 0
    captioned: bool = False
    blocks: int = 0
    elements: list[Element] = field(default_factory=list)


def data_tables(tables: Sequence[Element]) -> frozenset[Element]:
    """Return those of a page's tables that hold data.

    A data table has at least two rows and two columns, holds no other table, and its cells are short; one
    with header cells or a caption needs no more, another must have nearly no block markup within its cells.
    """
    around = {next(table.iterancestors("table"), None) for table in tables}
    return frozenset(table for table in tables if table not in around and _holds_data(_counted(table)))


def _counted(table: Element) -> _Count:
    count = _Count(table)
    for element in table.iterdescendants(_TAGS):
        _see(count, element)
    return count


def _see(count: _Count, element: Element) -> None:
    tag = element.tag
    if tag == "tr":
        count.rows += 1
        count.cells_in_row = 0
    elif tag in ("td", "th"):
        count.cells += 1
        count.cells_in_row += 1
        count.widest_row = max(count.widest_row, count.cells_in_row)
        count.headers += tag == "th"
        count.elements.append(element)
    elif tag in ("caption", "thead"):
        count.captioned = True
    elif tag != "br":
        count.blocks += 1


def _holds_data(count: _Count) -> bool:
    if count.rows < 2 or count.widest_row < 2 or count.cells < 4:
        return False
    if count.element.get("role") in ("presentation", "none"):
        return False
    longest = 0
    for cell in count.elements:
        longest = max(longest, sum(map(len, cell.itertext())))
        if longest > 4 * _LONG_CELL:
            return False
    if count.headers or count.captioned:
        return True
    return longest <= _LONG_CELL and count.blocks <= 2 * count.cells
