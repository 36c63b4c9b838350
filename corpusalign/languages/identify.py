"""Which language a text is in, by py3langid (the model of langid.py, Lui & Baldwin 2012), offline.

The model is not restricted to the languages that corpusalign knows: a text in another one is named, not
mistaken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from corpusalign.languages import known

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

UNDETERMINED = "und"
"""ISO 639-2's code for a text whose language cannot be told."""

_SAMPLE = 20_000
"""Characters that the model is shown; more change nothing but the time."""

_PRIOR = 5.0
"""How much likelier a language that corpusalign knows is than another, before a word was read.

It decides a few words (`Devuan`, `Resume`), which the model alone gives to any of its 140 languages; of a
paragraph in a language that is not known the model is too sure for it to matter.
"""

# Languages that the model tells apart and whose writers write Chinese.
_CHINESE = {"wuu": "zh", "yue": "zh", "nan": "zh", "lzh": "zh"}

# Addresses are in no language, and a page's text may hold more of them than words. Those of mail are sought
# from a word's beginning and its first @ alone: else a long word would be read once for each character.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S[^\s@]*+@\S+\.\S+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9d]")


def identify(text: str) -> tuple[str, float]:
    """Return the ISO 639-1 code of a text's language and its probability from 0 to 1.

    The probability of a few words is low, and honest: below 0.5 the code is a guess. A text without letters
    gives `("und", 0.0)`: that is no fault of the text, and a caller with other evidence (markup, a sibling's
    language) goes on with that. Text mostly in Han characters is `zh` unless kana stand among them as they do
    in any Japanese sentence; the model alone takes many a short Chinese headline for Japanese. Cantonese and
    the other Chinese languages that are written with Han characters are `zh` too.
    """
    return identify_all([text])[0]


def identify_all(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Return what `identify` says of each text: of many in a quarter of the time, equal ones once."""
    told: dict[str, tuple[str, float]] = {}
    asked: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        words = _ADDRESS.sub(" ", text[: 2 * _SAMPLE])[:_SAMPLE]
        by_script = _by_script(words)
        if by_script is None:
            asked[text] = words
        else:
            told[text] = by_script
    told.update(zip(asked, _by_model(list(asked.values())), strict=True))
    return [told[text] for text in texts]


def _by_script(words: str) -> tuple[str, float] | None:
    """Tell what needs no model: no letters at all, or mostly such as only Chinese and Japanese have."""
    letters = sum(map(str.isalpha, words))
    if not letters:
        return UNDETERMINED, 0.0
    han = len(_HAN.findall(words))
    kana = len(_KANA.findall(words))
    # Counted in words: about 1.6 Han characters and 5 letters make one.
    east_asian = (han + kana) / 1.6
    share = east_asian / (east_asian + (letters - han - kana) / 5)
    if share <= 0.5:
        return None
    # Even a dense Japanese headline has a particle or a verb ending every dozen characters.
    return "ja" if kana * 20 > han else "zh", share


def _by_model(texts: Sequence[str]) -> Iterator[tuple[str, float]]:
    if not texts:
        return
    from corpusalign.languages.langid import model

    languages = model().languages
    weighted = model().probabilities(texts) * _priors()
    for other, code in _CHINESE.items():
        if other in languages:
            one, same = weighted[:, languages.index(code)], weighted[:, languages.index(other)]
            one[:] = one.clip(min=same)
            same[:] = 0
    sums = weighted.sum(axis=1).tolist()
    for row, place in enumerate(weighted.argmax(axis=1).tolist()):
        yield languages[place], float(weighted[row, place]) / sums[row]


@cache
def _priors() -> NDArray[float32]:
    import numpy as np

    from corpusalign.languages.langid import model

    return np.where([code in known() for code in model().languages], np.float32(_PRIOR), np.float32(1))
