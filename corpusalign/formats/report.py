"""What reading mended and what writing left out: nothing is changed silently."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that a reader mended or passed over in a file that is not quite as its format says.

    `unit` counts the file's units from 1 (0: before the first); `line` is the line where that unit begins,
    None where the parser no longer knows; `fault` says what was found and `action` what was made of it.
    """

    path: str
    unit: int
    line: int | None
    fault: str
    action: str

    def __str__(self) -> str:
        """One line: path:line: unit: fault; action."""
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: unit {self.unit}: {self.fault}; {self.action}"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    `units` were written; `left_out` were not, for want of a second language (or of any text, in a table). The
    characters are those that the format cannot hold: removed, or replaced by a space.
    """

    path: str
    units: int
    left_out: int = 0
    characters_removed: int = 0
    characters_replaced: int = 0
