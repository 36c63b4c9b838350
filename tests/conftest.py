"""What several test files need: the fixture pages, and one bitext made of them."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpusalign import Bitext, align_pages
from corpusalign.corpus.limits import limited, resident
from corpusalign.corpus.records import Limits
from corpusalign.languages.identify import identify

FIXTURES = Path(__file__).parent.parent / "fixtures"
LANGUAGES = ("en", "zh", "fr")


def fixture_sets() -> list[Path]:
    """Return the folders that hold one page in three languages and its gold."""
    return sorted(gold.parent for gold in FIXTURES.glob("*/gold.json") if (gold.parent / "en.html").exists())


@pytest.fixture(scope="session")
def sco() -> Bitext:
    """Return the demo's three pages, aligned."""
    return align_pages([FIXTURES / "sco-2020" / f"{lang}.html" for lang in LANGUAGES])


# Of the processor's time; of the clock's, on a machine that others use too, ten times as much.
SECONDS, MEMORY = 10.0, 500 << 20


@pytest.fixture
def within_bounds() -> Iterator[None]:
    """Make a test fail that takes more: its time or memory is refused to it."""
    identify("the model is loaded before memory is counted")
    started = time.process_time()
    with limited(Limits(10 * SECONDS, resident() + MEMORY if sys.platform == "linux" else None)):
        yield
    assert time.process_time() - started < SECONDS
