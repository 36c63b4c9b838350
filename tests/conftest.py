"""What several test files need: the fixture pages, and one bitext made of them."""

from pathlib import Path

import pytest

from corpusalign import Bitext, align_pages

FIXTURES = Path(__file__).parent.parent / "fixtures"
LANGUAGES = ("en", "zh", "fr")


def fixture_sets() -> list[Path]:
    """Return the folders that hold one page in three languages and its gold."""
    return sorted(gold.parent for gold in FIXTURES.glob("*/gold.json") if (gold.parent / "en.html").exists())


@pytest.fixture(scope="session")
def sco() -> Bitext:
    """Return the demo's three pages, aligned."""
    return align_pages([FIXTURES / "sco-2020" / f"{lang}.html" for lang in LANGUAGES])
