"""Aligned pages as one self-contained HTML page, side by side."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpusalign.types import Bitext

__all__ = ["write_review"]


def write_review(bitext: Bitext, path: str | os.PathLike[str]) -> None:
    """Write the side-by-side page of a bitext: every row, the omissions too, in one HTML file.

    The file needs no network and no server. All text in it is data: nothing that a page says can become
    markup. It appears whole or not at all. Raises FormatError when the folder is missing or may not be
    written to.
    """
    from corpusalign.files import atomic_text
    from corpusalign.review.page import page

    with atomic_text(path) as stream:
        stream.write(page(bitext))
