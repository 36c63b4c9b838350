"""What is kept of a page to compare it with others: vectors, tokens that cross scripts, sizes, links."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusalign.encode import Encoder, default_encoder
from corpusalign.errors import CorpusAlignError
from corpusalign.extract import extract
from corpusalign.languages import known
from corpusalign.languages.addresses import language_of
from corpusalign.languages.identify import identify
from corpusalign.pair import Alone
from corpusalign.types import Document, Page

# Blocks of a page whose vectors are made, spread over its length, and characters of each: a page is told from
# another by far less than all of it, and the encoder is what takes the time.
_BLOCKS = 12
_CHARACTERS = 200

# Characters whose language is looked at.
_IDENTIFIED = 4000

# Numbers, and words in Latin letters: names, terms and codes that a translation keeps, in Chinese text too.
_TOKEN = re.compile(r"[0-9]+(?:[.,:][0-9]+)*|[A-Za-z][A-Za-z0-9._/+-]*[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Profile:
    """A page for comparing: `mean` and `weighted` sum of its blocks' vectors, shape (d,); their `weight`.

    `lang` is the language of the text, `declared` that of the markup or else of the address (None where they
    say none, or one that is not known); `names` are other addresses that lead to the page (redirects, the
    address that it calls its own); `blocks` digests of the longer blocks with their lengths; `characters` and
    `count` the size of the text.
    """

    url: str
    names: tuple[str, ...]
    lang: str
    declared: str | None
    alternates: Mapping[str, str]
    mean: NDArray[np.float32]
    weighted: NDArray[np.float32]
    weight: float
    tokens: Counter[str]
    blocks: Mapping[bytes, int]
    characters: int
    count: int


def profiles_of_pages(
    pages: Iterable[Page],
    encoder: Encoder | None,
    allow_truncated: bool,
    report: Callable[[str, int, int], None],
) -> tuple[list[Profile], list[Alone]]:
    """Extract each page and return the profiles; pages that are no documents are left alone.

    Of an address that comes twice the last page counts.
    """
    found: dict[str, Profile | Alone] = {}
    chosen = encoder or default_encoder()
    for number, page in enumerate(pages):
        report(f"reading {page.url}", number, 0)
        try:
            document = extract(page, allow_truncated=allow_truncated)
        except CorpusAlignError as error:
            found[page.url] = Alone(page.url, None, error.fault)
        else:
            found[page.url] = profile_of(document, chosen, page.aliases)
    profiles = [one for one in found.values() if isinstance(one, Profile)]
    return profiles, [one for one in found.values() if isinstance(one, Alone)]


def profiles_of_documents(documents: Sequence[Document], encoder: Encoder | None) -> list[Profile]:
    """Return the profiles of documents."""
    chosen = encoder or default_encoder()
    return [profile_of(document, chosen) for document in documents]


def profile_of(document: Document, encoder: Encoder, aliases: Sequence[str] = ()) -> Profile:
    """Return the profile of a document whose page has these aliases."""
    texts = [block.text for block in document.blocks if block.kind != "heading"]
    texts = texts or [block.text for block in document.blocks]
    places = np.unique(np.linspace(0, len(texts) - 1, min(_BLOCKS, len(texts))).round().astype(int))
    shown = [texts[place][:_CHARACTERS] for place in places]
    vectors = encoder.encode(shown)
    weights = np.sqrt(np.array([len(text) for text in shown], dtype=np.float32))
    # Of a short text the extractor believes the markup; here a second look costs little, and a page that
    # repeats another one's text in the name of a translation would be the best match of all.
    seen, certainty = identify("\n".join(texts)[:_IDENTIFIED])
    markup = document.language.markup if document.language else None
    declared = markup if markup in known() else language_of(document.url)
    lang = seen if certainty >= 0.5 and seen in known() else document.lang
    return Profile(
        url=document.url,
        names=(*aliases, document.canonical) if document.canonical else tuple(aliases),
        lang=lang,
        declared=declared,
        alternates=dict(document.alternates),
        mean=vectors.mean(axis=0),
        weighted=weights @ vectors,
        weight=float(weights.sum()),
        tokens=Counter(token.lower() for text in texts for token in _TOKEN.findall(text)),
        blocks={_digest(text): len(text) for text in texts if len(text) >= 20},
        characters=sum(map(len, texts)),
        count=len(texts),
    )


def _digest(text: str) -> bytes:
    return hashlib.blake2b("".join(text.split()).encode("utf-8", "replace"), digest_size=8).digest()
