"""Translation units for the tests: a small bitext, and strategies for any unit."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from corpusalign.types import (
    Bitext,
    Block,
    Document,
    MultiBead,
    Origin,
    Sentence,
    Span,
    TranslationUnit,
)
from corpusalign.units import make_units

LANGUAGES = ("en", "zh", "fr", "de", "pt-BR", "zh-TW", "sr-Latn")


def document(lang: str, *blocks: str) -> Document:
    return Document(
        id=lang,
        url=f"https://example.org/{lang}/page.html?a=1&b=2",
        lang=lang,
        title=blocks[0],
        date="2024-05-01",
        author=None,
        source=None,
        blocks=tuple(
            Block("paragraph", 0, text, f"/html/body/p[{number}]")
            for number, text in enumerate(blocks, start=1)
        ),
        dropped=(),
        alternates={},
        page_sha256=lang[0] * 64,
    )


def sentences(of: Document, *texts: str) -> tuple[Sentence, ...]:
    """Find each text in the document's blocks, one after another."""
    found = []
    block = start = 0
    for text in texts:
        while (at := of.blocks[block].text.find(text, start)) < 0:
            block, start = block + 1, 0
        start = at + len(text)
        found.append(Sentence(text, block, at, start))
    return tuple(found)


def bitext() -> Bitext:
    """Three languages, six rows: a plain one, a 2-1-1, an omission in French, a note in French, a repeat."""
    documents = (
        document("en", "The well", "It rained. The well filled.", "Nobody came.", "Yes.", "Yes."),
        document("zh", "水井", "下雨了，井里有了水。", "没人来。", "是的。", "是的。"),
        document("fr", "Le puits", "Il plut et le puits se remplit.", "Fin.", "Oui.", "Oui."),
    )
    lists = (
        sentences(documents[0], "The well", "It rained.", "The well filled.", "Nobody came.", "Yes.", "Yes."),
        sentences(documents[1], "水井", "下雨了，井里有了水。", "没人来。", "是的。", "是的。"),
        sentences(documents[2], "Le puits", "Il plut et le puits se remplit.", "Fin.", "Oui.", "Oui."),
    )
    beads = (
        MultiBead(((0, 1), (0, 1), (0, 1)), 0.99),
        MultiBead(((1, 3), (1, 2), (1, 2)), 0.9),
        MultiBead(((3, 4), (2, 3), (2, 2)), 0.45),
        MultiBead(((4, 4), (3, 3), (2, 3)), 0.7),
        MultiBead(((4, 5), (3, 4), (3, 4)), 1.0),
        MultiBead(((5, 6), (4, 5), (4, 5)), 1.0),
    )
    rows = make_units(documents, lists, beads)
    return Bitext(("en", "zh", "fr"), documents, lists, rows, "corpusalign 0.0 | test <&>")


_NOT_IN_XML = "".join(map(chr, {*range(32), 0xFFFE, 0xFFFF} - {9, 10, 13}))

# Drawing whole units takes its time on a busy machine; that says nothing about what is tested.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def texts(*, xml: bool) -> st.SearchStrategy[str]:
    """Any text, or any text that XML 1.0 can hold, with the troublesome characters made likely."""
    alphabet = (
        st.characters(exclude_categories=("Cs",), exclude_characters=_NOT_IN_XML) if xml else st.characters()
    )
    troublesome = st.sampled_from(
        ["\r", "\r\n", "\t", " ", "\u0085", "\u2028", "\u200f", "\u00a0", "]]>", "&amp;", "<b>", '"']
    )
    return st.lists(st.text(alphabet, max_size=12) | troublesome, max_size=3).map("".join)


FIGURES = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def units(draw: st.DrawFn, *, xml: bool = False, fewest: int = 1) -> TranslationUnit:
    """Draw a unit with anything in it; with `xml`, only characters that XML can hold."""
    text = texts(xml=xml)
    codes = draw(st.lists(st.sampled_from(LANGUAGES), min_size=fewest, max_size=4, unique=True))
    places = st.builds(Span, st.integers(0, 9999), text, st.integers(0, 9999), st.integers(0, 9999))
    origins = st.builds(Origin, text, text, st.lists(places, max_size=3).map(tuple))
    return TranslationUnit(
        id=draw(text.filter(bool)),
        variants={code: draw(text) for code in codes},
        confidence=draw(st.floats(0, 1)),
        scores=draw(st.dictionaries(text, FIGURES, max_size=2)),
        origin={code: draw(origins) for code in codes if draw(st.booleans())},
        note=draw(st.none() | text),
    )
