"""Versions cleaned together: what is matched, and what the versions decide for one another."""

from __future__ import annotations

from corpusalign.extract import extract, extract_versions
from corpusalign.fetch import make_page
from corpusalign.pipeline import read_documents
from corpusalign.types import Document


def page(lang: str, title: str, sentences: list[str], foot: str = "", template: str = "div") -> str:
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return (
        f"<html lang={lang}><head><title>{title}</title></head><body>"
        f"<{template}><h1>{title}</h1>{body}<p>{foot}</p></{template}></body></html>"
    )


FOOT = "Courier 2021"
ENGLISH = page(
    "en",
    "The mill",
    [
        "The mill by the river was repaired in spring, and the wheel turns again after ten years.",
        "The council paid for half of the work, and the neighbours for the other half of it.",
    ],
    FOOT,
)
FRENCH = page(
    "fr",
    "Le moulin",
    [
        "Le moulin au bord de la rivière fut réparé au printemps, et la roue tourne après dix ans.",
        "La commune a payé la moitié des travaux, et les voisins ont payé l'autre moitié.",
    ],
    FOOT,
)
CHINESE = page(
    "zh",
    "磨坊",
    [
        "河边的磨坊今年春天修好了，水车停了十年以后又开始转动，村里的人都很高兴。",
        "镇议会支付了一半的费用，另一半由邻居们分担，工程一共持续了三个月。",
    ],
    FOOT,
)


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def test_the_same_short_line_in_every_version_is_the_templates() -> None:
    assert any(FOOT in texts(extract(one)) for one in (ENGLISH, FRENCH, CHINESE))
    for document in extract_versions([ENGLISH, FRENCH, CHINESE]):
        assert FOOT not in texts(document)
        assert len(document.blocks) == 3


def test_pages_on_their_way_to_a_bitext_are_cleaned_together() -> None:
    pages = [
        make_page(one.encode(), f"{number}.html") for number, one in enumerate((ENGLISH, FRENCH, CHINESE))
    ]
    together = list(extract_versions(pages))
    assert together != [extract(one) for one in pages]
    assert read_documents(pages) == together
    assert read_documents([pages[0], together[1], pages[2]])[1] is together[1]


def test_a_version_of_another_template_is_cleaned_by_itself() -> None:
    first, second = extract_versions([ENGLISH, FRENCH.replace("div", "section")])
    assert texts(first) == texts(extract(ENGLISH))
    assert texts(second) == texts(extract(FRENCH.replace("div", "section")))


def test_text_and_markup_go_together() -> None:
    plain = (
        "Le moulin\n\nLe moulin au bord de la rivière fut réparé au printemps, après dix ans d'arrêt.\n\nFin."
    )
    first, second = extract_versions([ENGLISH, plain], langs=["en", "fr"])
    assert texts(first) == texts(extract(ENGLISH))
    assert texts(second) == texts(extract(plain, lang="fr"))
    assert extract_versions([]) == ()


def test_what_two_versions_keep_is_looked_at_again_in_the_third_by_its_numbers() -> None:
    notes = [
        "Contact: 12 May 2021, 0475 881 122",
        "Contact : 12 mai 2021, 0475 881 122",
        "联系方式：2021年5月12日，0475 881 122",
    ]
    pages = [
        one.replace(f"<p>{FOOT}</p>", f"<p>{note}</p>")
        for one, note in zip((ENGLISH, FRENCH, CHINESE), notes, strict=True)
    ]
    elsewhere = f"<ul class=nav><li><a href=x>{notes[2]}</a></li></ul>"
    pages[2] = pages[2].replace(f"<p>{notes[2]}</p>", elsewhere)
    alone = [extract(one) for one in pages]
    assert [note in texts(one) for note, one in zip(notes, alone, strict=True)] == [True, True, False]
    together = extract_versions(pages)
    assert [note in texts(one) for note, one in zip(notes, together, strict=True)] == [True, True, True]

    # Wherever a version of another template stands among them.
    german = [
        "Die Mühle am Fluss wurde im Frühjahr repariert, und das Rad dreht sich nach zehn Jahren wieder.",
        "Die Gemeinde bezahlte die Hälfte der Arbeiten, und die Nachbarn bezahlten die andere Hälfte.",
    ]
    odd = page("de", "Die Mühle", german, template="section")
    for place in range(4):
        found = list(extract_versions([*pages[:place], odd, *pages[place:]]))
        assert texts(found.pop(place)) == texts(extract(odd))
        assert [texts(one) for one in found] == [texts(one) for one in together]
