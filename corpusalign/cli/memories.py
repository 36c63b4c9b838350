"""What the commands on memories share: which languages to write, what was written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpusalign.formats import Written

FILE_HELP = "the memory, in any format that can be read"
# These name each text's language where it stands; a table's columns must be known before its first row.
_SELF_NAMING = (".tmx", ".jsonl", ".ndjson")


def languages_for(output: str | Path, memories: Iterable[str | Path]) -> list[str] | None:
    """Return the languages of some memories in the order of their coming; None where nobody need know."""
    from corpusalign.formats import read

    if str(output).lower().removesuffix(".gz").endswith(_SELF_NAMING):
        return None
    return list(dict.fromkeys(code for name in memories for unit in read(name) for code in unit.variants))


def named(languages: str) -> list[str]:
    """Return the languages that somebody wrote with commas between them, by the codes that units have."""
    from corpusalign.formats.codes import inward

    return [inward(code) or code.strip() for code in languages.split(",")]


def tell(written: Written, what: str = "") -> None:
    """Print what was written, and what the format could not hold."""
    lost = [f"{written.left_out} units left out"] if written.left_out else []
    for count, how in ((written.characters_removed, "removed"), (written.characters_replaced, "replaced")):
        if count:
            lost.append(f"{count} characters {how}")
    print(f"{what:<9}{written.units:>8} units  {written.path}", *lost, sep="  ")
