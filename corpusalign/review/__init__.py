"""Units as one self-contained HTML page (or a spreadsheet) to mend them in, and the mending back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from corpusalign import arguments

if TYPE_CHECKING:
    from corpusalign.review.data import Segmenter
    from corpusalign.review.edits import Edit
    from corpusalign.review.replay import Misfit
    from corpusalign.types import TranslationUnit

__all__ = ["apply_edits", "read_edits", "read_sheet", "write_edits", "write_review", "write_sheet"]


@arguments.checked(
    units=arguments.units,
    path=arguments.path,
    segment=arguments.optional(arguments.function),
    title=arguments.optional(arguments.text),
    interface=arguments.optional(arguments.text),
)
def write_review(
    units: Iterable[TranslationUnit],
    path: str | os.PathLike[str],
    *,
    segment: Segmenter | None = None,
    title: str | None = None,
    interface: str | None = None,
) -> None:
    """Write the page on which units are seen, mended and given out: one HTML file, no network, no server.

    Of a Bitext every row is shown, the omissions too. `segment` (such as `corpusalign.segment.segment`) finds
    the sentences of texts that come without them, as those read from a file do; without it such a text counts
    as one sentence. `title` stands above (a Bitext's own title unless given); `interface` is the page's
    language, "en", "fr" or "zh" (the reader's browser decides unless given). All text is data: nothing that a
    page says can become markup. The file appears whole or not at all.

    Raises ValueError for an interface that there is none of, FormatError when the folder is missing or may
    not be written to.
    """
    from corpusalign.files import atomic_text
    from corpusalign.review.data import page_data
    from corpusalign.review.page import INTERFACES, page

    if interface is not None and interface not in INTERFACES:
        raise ValueError(f"interface: one of {', '.join(INTERFACES)} is needed, got {interface!r}")
    with atomic_text(path) as stream:
        stream.write(page(page_data(units, segment=segment, title=title, interface=interface)))


@arguments.checked(path=arguments.path)
def read_edits(path: str | os.PathLike[str]) -> tuple[Edit, ...]:
    """Read the edits file that a review page saved (`.corpusalign.json`).

    Raises FormatError for a missing file and for anything that is no edits file, naming the edit at fault.
    """
    from corpusalign.review import edits

    return edits.read_edits(path)


@arguments.checked(edits=arguments.stream(arguments.named("corpusalign.review.edits.*")), path=arguments.path)
def write_edits(edits: Iterable[Edit], path: str | os.PathLike[str]) -> None:
    """Write an edits file that a review page and `read_edits` can read; it appears whole or not at all."""
    from corpusalign.review.edits import write_edits

    write_edits(edits, path)


@arguments.checked(
    units=arguments.units,
    edits=arguments.stream(arguments.named("corpusalign.review.edits.*")),
    on_misfit=arguments.optional(arguments.function),
)
def apply_edits(
    units: Iterable[TranslationUnit],
    edits: Iterable[Edit],
    *,
    on_misfit: Callable[[Misfit], None] | None = None,
) -> tuple[TranslationUnit, ...]:
    """Return the units as a person mended them, the rejected ones left out.

    `units` are those that were reviewed (of a Bitext all rows). An approved unit has confidence 1.0 and the
    scores `approved` and `aligner-confidence`; one whose text or make-up was changed has the score `mended`.
    A comment joins the note.

    An edit that does not apply (no such unit, another text) is a FormatError, unless `on_misfit` is given:
    then it is called with the Misfit, and the edit is passed over.
    """
    from corpusalign.review.replay import replay

    return replay(units, edits, on_misfit)[0]


@arguments.checked(units=arguments.units, path=arguments.path)
def write_sheet(units: Iterable[TranslationUnit], path: str | os.PathLike[str]) -> None:
    """Write units as a spreadsheet (.xlsx) with a column for the verdict; of a Bitext all rows.

    No text in it is ever a formula. Raises FormatError where openpyxl (`pip install 'corpusalign[xlsx]'`) is
    missing or the file cannot be written.
    """
    from corpusalign.review import sheet

    sheet.write_sheet(units, path)


@arguments.checked(path=arguments.path, units=arguments.units)
def read_sheet(path: str | os.PathLike[str], units: Iterable[TranslationUnit]) -> tuple[Edit, ...]:
    """Return what somebody did in the spreadsheet of these units, as edits for `apply_edits`.

    Raises FormatError, naming the line, for a file that is no such spreadsheet, a unit that there is none of,
    and a verdict that is none.
    """
    from corpusalign.review import sheet

    return sheet.read_sheet(path, units)
