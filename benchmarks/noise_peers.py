"""Other filters' rules, with the limits that they have by default, to run beside ours in benchmarks.noise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from corpusalign.types import TranslationUnit


def opusfilter_share(units: Sequence[TranslationUnit]) -> float:
    """Return the share that OpusFilter's rules reject by default; not a number where it is missing."""
    try:
        from opusfilter import filters
    except ImportError:
        return float("nan")
    from py3langid.langid import LanguageIdentifier

    # OpusFilter 3.3.1 calls the model's loader by the name that it had before py3langid 0.4.
    LanguageIdentifier.from_pickled_model = LanguageIdentifier.from_model_file
    codes = list(units[0].variants)
    unit_of_length = ["character" if code == "zh" else "word" for code in codes]
    scripts = ["Han" if code == "zh" else "Latin" for code in codes]
    rules = [
        filters.LengthRatioFilter(unit=unit_of_length),
        filters.LengthFilter(
            unit=unit_of_length, max_length=[400 if code == "zh" else 100 for code in codes]
        ),
        filters.LongWordFilter(threshold=[400 if code == "zh" else 40 for code in codes]),
        filters.HtmlTagFilter(),
        filters.CharacterScoreFilter(scripts=scripts, thresholds=[0.5, 0.5]),
        filters.AlphabetRatioFilter(),
        filters.TerminalPunctuationFilter(),
        filters.NonZeroNumeralsFilter(),
        filters.SimilarityFilter(),
        filters.LanguageIDFilter(languages=codes, thresholds=[0, 0]),
    ]
    pairs = [tuple(unit.variants.values()) for unit in units]
    kept = np.ones(len(pairs), bool)
    for rule in rules:
        kept &= [rule.accept(found) for found in rule.score(pairs)]
    return float(1 - kept.mean())


class SmallLanguageModel:
    """What stands in for FastSpell: fastText's own guess, similar languages not told apart by spelling."""

    def __init__(self, path: Path) -> None:
        import fasttext

        self._model = fasttext.load_model(str(path))

    def getlang(self, sentence: str) -> str:
        """Return the language's code."""
        # The list of lists of one text: what predict() wants of numpy has changed since.
        (labels,), _ = self._model.predict([sentence.replace("\n", " ").lower()])
        return str(labels[0]).removeprefix("__label__")


def hardrules_share(units: Sequence[TranslationUnit], langid: Path | None) -> float:
    """Return the share that bicleaner's rules reject by default; not a number where they are missing.

    Without the model of fluency and that of unseemly words, which come with a model for the pair.
    """
    try:
        from hardrules.hardrules import Hardrules
    except ImportError:
        return float("nan")
    source, target = units[0].variants
    options = {"lm_threshold": 0.5, "rules_config": None, "source_lang": source, "target_lang": target}
    off = ("disable_lm_filter", "disable_porn_removal", "disable_lang_ident")
    on = dict.fromkeys(("run_all_rules", "disable_minimal_length"), False)
    rules = Hardrules(SimpleNamespace(**options, **on, **dict.fromkeys(off, True)))
    if langid is not None:
        rules.fastspell_src = rules.fastspell_trg = SmallLanguageModel(langid)
    return float(np.mean([bool(rules.wrong_tu(*unit.variants.values())) for unit in units]))
