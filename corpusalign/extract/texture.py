"""The texture of a text: its punctuation, digits and signs, counted without knowing a language."""

from __future__ import annotations

import re

_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff]")
_NOT_LETTERS = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
_UPPER = re.compile(r"[A-ZÀ-ÞŒ]")
_DATE = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d|\b(?:19|20)\d\d\b"
)
_CLOCK = re.compile(r"\b\d{1,2}[:：h]\d\d\b")
_ENDED = re.compile("[.!?。！？…][”’\"'»›）)】』」\\]]*$")
_RIGHTS = re.compile("©|\\(c\\)|copyright|rights reserved|版权|版權|ICP|droits réservés", re.I)
# The one word that consent notices share in most languages.
_COOKIE = re.compile("cookie", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|www\.|@\w+\.|\w+\.(?:com|org|net|cn|fr|eu)\b")


def wide_characters(text: str) -> int:
    """Count the ideographs of a text, each of which says as much as some letters."""
    return len(_WIDE.findall(text))


def letters(text: str) -> str:
    """Return a text's letters and digits in lower case: what titles are compared by."""
    return _NOT_LETTERS.sub("", text.casefold())


def text_figures(text: str) -> tuple[float, ...]:
    """Count in one text: stops, commas, a stop at the end, digits, capitals; then, 0 to 1, other signs.

    The signs: a date, a clock time, bars, rights, an address, a colon at the end, a bullet at the start.
    """
    seen = text if len(text) <= 2000 else text[:2000]
    count = seen.count
    stops = (
        count(". ") + count("! ") + count("? ") + count("。") + count("！") + count("？") + count("…")
        + (seen[-1:] in ".!?”\"»」』)）")
    )  # fmt: skip
    commas = count(", ") + count("，") + count("、") + count("; ") + count("；") + count("：")
    short = len(text) <= 300
    return (
        stops,
        commas,
        _ENDED.search(text[-8:]) is not None,
        len(_DIGIT.findall(seen)),
        len(_UPPER.findall(seen)),
        short and _DATE.search(text) is not None,
        short and _CLOCK.search(text) is not None,
        min(
            count("|") + count("｜") + count(" · ") + count(" › ") + count(" > ") + count("»") + count("•"), 4
        )
        / 4,
        short and _RIGHTS.search(text) is not None,
        short and _ADDRESS.search(text) is not None,
        text[-1:] in ":：",
        text[:1] in "»›>«<·•■□▪◆→←↑▲▼【[",
        min(len(_COOKIE.findall(seen)), 3) / 3,
    )
