"""Pairing: made-up sites in three languages, whose pages are known to belong together."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusalign.encode import default_encoder
from corpusalign.fetch import make_page
from corpusalign.pair import pair, pair_documents, write_pairs
from corpusalign.pair.evidence import Edge
from corpusalign.pair.groups import _set_aside, match
from corpusalign.pair.profile import Profile, profile_of
from corpusalign.types import Block, Document

TOPICS = {
    "harbour": {
        "en": [
            "The harbour will be deepened to 16 metres by 2027.",
            "Ships of the Atlas class could not enter before.",
        ],
        "fr": [
            "Le port sera approfondi à 16 mètres d'ici 2027.",
            "Les navires de la classe Atlas ne pouvaient y entrer.",
        ],
        "zh": ["港口将在2027年之前加深到16米。", "此前Atlas级的船舶无法进港。"],
    },
    "school": {
        "en": [
            "Pupils return to school on Monday after the summer.",
            "The new canteen serves 350 meals a day.",
        ],
        "fr": [
            "Les élèves retournent à l'école lundi après l'été.",
            "La nouvelle cantine sert 350 repas par jour.",
        ],
        "zh": ["暑假过后，学生们星期一返校。", "新食堂每天供应350份饭菜。"],
    },
    "opera": {
        "en": [
            "The opera house opens its season with Carmen.",
            "Tickets for the first evening were sold out in an hour.",
        ],
        "fr": [
            "L'opéra ouvre sa saison avec Carmen.",
            "Les billets de la première soirée ont été vendus en une heure.",
        ],
        "zh": ["歌剧院以《Carmen》揭开演出季。", "首演之夜的门票一小时内售罄。"],
    },
    "rain": {
        "en": [
            "Heavy rain has flooded the fields in the north.",
            "Farmers expect to lose a third of the potatoes.",
        ],
        "fr": [
            "De fortes pluies ont inondé les champs dans le nord.",
            "Les agriculteurs craignent de perdre un tiers des patates.",
        ],
        "zh": ["暴雨淹没了北方的农田。", "农民预计将损失三分之一的土豆。"],
    },
    "vaccine": {
        "en": [
            "A vaccine against malaria was given to 40,000 children.",
            "The laboratory reports few side effects.",
        ],
        "fr": [
            "Un vaccin contre le paludisme a été donné à 40 000 enfants.",
            "Le laboratoire signale peu d'effets secondaires.",
        ],
        "zh": ["四万名（40,000）儿童接种了疟疾疫苗。", "实验室报告称副作用很少。"],
    },
}


def document(topic, lang, url=None, alternates=None, text_of=None):
    blocks = tuple(Block("paragraph", 0, text, "") for text in TOPICS[topic][text_of or lang])
    return Document(
        "id",
        url or f"x:{lang}{sorted(TOPICS).index(topic)}",
        text_of or lang,
        None,
        None,
        None,
        None,
        blocks,
        (),
        alternates or {},
        "",
    )


def groups(pairing):
    return {frozenset(found.versions.values()) for found in pairing.matches}


def versions(topic, *langs):
    return frozenset(document(topic, lang).url for lang in langs)


def test_by_content_alone():
    documents = [document(topic, lang) for lang in ("zh", "en", "fr") for topic in TOPICS]
    pairing = pair_documents(documents)
    assert groups(pairing) == {versions(topic, "en", "fr", "zh") for topic in TOPICS}
    assert not pairing.alone
    assert all(0.5 <= found.score <= 1 and len(found.reasons) == 3 for found in pairing.matches)
    assert list(pairing.matches) == sorted(pairing.matches, key=lambda found: -found.score)


def test_pages_without_partner_are_left_alone():
    documents = [
        document("harbour", "en"),
        document("school", "en"),
        document("opera", "fr"),
        document("school", "fr"),
    ]
    documents.append(document("rain", "zh"))
    pairing = pair_documents(documents)
    assert groups(pairing) == {versions("school", "en", "fr")}
    assert {left.url for left in pairing.alone} == {documents[0].url, documents[2].url, documents[4].url}
    assert all(left.reason.startswith("no page is near enough") for left in pairing.alone)


def test_one_language_has_no_partners():
    pairing = pair_documents([document("harbour", "en"), document("school", "en")])
    assert not pairing.matches and {left.reason for left in pairing.alone} == {
        "there is no page in another language"
    }
    assert pair_documents([]).matches == ()


def test_links_decide_between_pages_alike():
    """The same text on two French pages, of another date: only the link says which one is meant."""
    english = document("harbour", "en", "http://a/en/2", {"fr": "http://a/fr/2"})
    first = document("harbour", "fr", "http://a/fr/1")
    second = Document(
        "id",
        "http://a/fr/2",
        "fr",
        None,
        None,
        None,
        None,
        (*first.blocks, Block("paragraph", 0, "Mise à jour de mardi.", "")),
        (),
        {},
        "",
    )
    pairing = pair_documents([english, first, second])
    assert groups(pairing) == {frozenset(["http://a/en/2", "http://a/fr/2"])}
    assert "linked as versions" in pairing.matches[0].reasons[0]


@pytest.mark.parametrize(
    ("named", "page", "aliases", "canonical"),
    [
        ("http://a/fr/2", "https://a:443/fr/2", (), None),
        ("http://a/fr/%E5%8F%B7#top", "http://a/fr/号", (), None),
        ("http://a/old", "http://a/fr/2", ("http://a/older", "http://a/old"), None),
        ("http://a/fr/2", "http://a/fr/2?print=1", (), "http://a/fr/2"),
    ],
)
def test_a_link_may_name_a_page_by_another_address(named, page, aliases, canonical):
    english = document("harbour", "en", "http://a/en/2", {"fr": named})
    first = document("harbour", "fr", "http://a/fr/1")
    second = document("harbour", "fr", page)
    blocks = (*second.blocks, Block("paragraph", 0, "Mise à jour de mardi.", ""))
    second = replace(second, blocks=blocks, canonical=canonical)
    profiles = [
        profile_of(one, default_encoder(), known)
        for one, known in ((english, ()), (first, ("http://a/x",)), (second, aliases))
    ]
    pairing = match(profiles, (), 0.5)
    assert groups(pairing) == {frozenset(["http://a/en/2", page])}
    assert "linked as versions" in pairing.matches[0].reasons[0]


def test_an_address_that_several_pages_call_their_own_names_none():
    english = document("harbour", "en", "http://a/en/2", {"fr": "http://a/fr/"})
    french = [
        replace(document(topic, "fr", f"http://a/fr/{topic}"), canonical="http://a/fr/")
        for topic in ("harbour", "school")
    ]
    (found,) = pair_documents([english, *french]).matches
    assert "linked" not in found.reasons[0]


def test_of_an_address_that_comes_twice_the_last_page_counts():
    def page(lang, topic):
        body = "".join(f"<p>{text}</p>" for text in TOPICS[topic][lang] * 2)
        html = f'<html lang="{lang}"><body>{body}</body></html>'.encode()
        return make_page(html, f"http://a/{lang}", "text/html; charset=utf-8")

    pairing = pair([page("en", "harbour"), page("fr", "school"), page("en", "school")])
    assert groups(pairing) == {frozenset(["http://a/en", "http://a/fr"])} and not pairing.alone
    empty = make_page(b"", "http://a/fr")
    pairing = pair([page("en", "harbour"), page("fr", "harbour"), empty])
    assert not pairing.matches and len(pairing.alone) == 2


def test_a_link_does_not_make_another_text_a_translation():
    english = [document(topic, "en", f"http://a/en/{topic}", {"fr": "http://a/fr/"}) for topic in TOPICS]
    home = document("school", "fr", "http://a/fr/")
    pairing = pair_documents([*english, home])
    assert groups(pairing) == {frozenset(["http://a/en/school", "http://a/fr/"])}


def test_an_untranslated_page_is_recognised():
    pages = []
    for lang, text_of, topic in [
        ("en", "en", "harbour"),
        ("fr", "fr", "harbour"),
        ("zh", "en", "harbour"),
        ("zh", "zh", "rain"),
    ]:
        body = "".join(f"<p>{text}</p>" * 1 for text in TOPICS[topic][text_of]) * 1
        html = f'<html lang="{lang}"><head><title>x</title></head><body><h1>{topic}</h1>{body}</body></html>'
        pages.append(make_page(html.encode(), f"http://a/{lang}-{topic}x", "text/html; charset=utf-8"))
    pages.append(make_page(b"\x89PNG\r\n\x1a\n", "http://a/picture"))
    pages.append(pages[0])
    pairing = pair(reversed(pages))
    assert groups(pairing) == {frozenset(["http://a/en-harbourx", "http://a/fr-harbourx"])}
    reasons = {left.url: left.reason for left in pairing.alone}
    assert reasons["http://a/zh-harbourx"] == "is not translated: its text is that of http://a/en-harbourx"
    assert reasons["http://a/picture"].startswith("is a PNG image") and len(reasons) == 3


def test_written_as_json_lines(tmp_path):
    pairing = pair_documents([document("harbour", "en"), document("harbour", "zh"), document("rain", "fr")])
    write_pairs(pairing, tmp_path / "pairs.jsonl")
    match_line, alone_line = map(json.loads, (tmp_path / "pairs.jsonl").read_text("utf-8").splitlines())
    assert match_line["versions"] == {"en": "x:en0", "zh": "x:zh0"} and 0.5 <= match_line["score"] <= 1
    assert alone_line["alone"] == "x:fr2" and alone_line["lang"] == "fr"


def profile(number, lang):
    rng = np.random.default_rng(number)
    vector = rng.normal(size=8).astype(np.float32)
    return Profile(f"x:{number}", (), lang, None, {}, vector, vector, 1.0, Counter(), {}, 100, 2)


def with_blocks(number, declared, blocks):
    lengths = {bytes([name]): length for name, length in blocks}
    return replace(profile(number, "en"), declared=declared, blocks=lengths)


def compared_with_all(profiles):
    """Find the copies as `_set_aside` does, comparing each page with each that stands before it."""
    reasons, kept = {}, []
    for number in sorted(range(len(profiles)), key=lambda n: profiles[n].declared == "fr"):
        mine = profiles[number].blocks
        share = 0.3 if profiles[number].declared == "fr" else 0.8
        shared = {
            other: sum(length for name, length in mine.items() if name in profiles[other].blocks)
            for other in kept
        }
        for other in sorted(shared, key=lambda other: (-shared[other], other)):
            most = max(sum(mine.values()), sum(profiles[other].blocks.values()))
            if shared[other] and shared[other] >= share * most:
                reasons[number] = other
                break
        else:
            kept.append(number)
    return reasons


BLOCKS = st.lists(st.integers(0, 6).map(lambda name: (name, 20 + 15 * name)), max_size=6)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([None, "fr"]), BLOCKS), max_size=12))
def test_copies_are_found_as_by_comparing_all_pages(made):
    profiles = [with_blocks(number, *one) for number, one in enumerate(made)]
    expected = {number: profiles[other].url for number, other in compared_with_all(profiles).items()}
    assert {n: reason.rpartition(" ")[2] for n, reason in _set_aside(profiles).items()} == expected


def test_what_stands_on_every_page_costs_no_comparing(within_bounds):
    common = {bytes([name]): 30 for name in range(8)}
    own = [{number.to_bytes(4): 500} for number in range(20_000)]
    profiles = [replace(profile(number, "en"), blocks=common | own[number]) for number in range(20_000)]
    assert _set_aside(profiles) == {}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["en", "fr", "zh", "de"]), max_size=14), st.data())
def test_each_page_stands_once_and_each_language_once_in_a_match(langs, data):
    profiles = [profile(number, lang) for number, lang in enumerate(langs)]
    scores = st.floats(0, 1)

    def drawn(_profiles, left, right):
        return [Edge(a, b, data.draw(scores), ()) for a in left for b in right if data.draw(st.booleans())]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpusalign.pair.groups.edges", drawn)
        pairing = match(profiles, (), 0.5)
    urls = [url for found in pairing.matches for url in found.versions.values()]
    assert sorted(urls + [left.url for left in pairing.alone]) == sorted(page.url for page in profiles)
    lang_of = {page.url: page.lang for page in profiles}
    for found in pairing.matches:
        assert len(found.versions) > 1 and all(lang_of[url] == lang for lang, url in found.versions.items())
