"""What real documents do to an aligner: `python -m benchmarks.kinds` prints a row a kind of document.

Each document is made of our fixtures, or of texts written here, and one thing is done to it; the gold follows
from what was done. Strict and lax F1 (documents of both language pairs on rows of their own), and what the
result warns of.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpusalign.align import align
from corpusalign.evaluate import Link, Scores, link_of, load_gold, score_links

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAIRS = (("en", "zh"), ("en", "fr"))

# Sentences that belong together: of the source, of the target.
Row = tuple[tuple[str, ...], tuple[str, ...]]

_CITIES = """
Berlin 柏林 Berlin|Vienna 维也纳 Vienne|Lisbon 里斯本 Lisbonne|Madrid 马德里 Madrid|Rome 罗马 Rome
Athens 雅典 Athènes|Cairo 开罗 Le Caire|Moscow 莫斯科 Moscou|Warsaw 华沙 Varsovie
Prague 布拉格 Prague|Budapest 布达佩斯 Budapest|London 伦敦 Londres|Dublin 都柏林 Dublin
Oslo 奥斯陆 Oslo|Helsinki 赫尔辛基 Helsinki|Copenhagen 哥本哈根 Copenhague
Brussels 布鲁塞尔 Bruxelles|Geneva 日内瓦 Genève|Beijing 北京 Pékin|Tokyo 东京 Tokyo
Seoul 首尔 Séoul|Hanoi 河内 Hanoï|Manila 马尼拉 Manille|Jakarta 雅加达 Jakarta|Delhi 德里 Delhi
Tehran 德黑兰 Téhéran|Baghdad 巴格达 Bagdad|Damascus 大马士革 Damas|Jerusalem 耶路撒冷 Jérusalem
Nairobi 内罗毕 Nairobi|Lagos 拉各斯 Lagos|Havana 哈瓦那 La Havane|Lima 利马 Lima
Santiago 圣地亚哥 Santiago|Toronto 多伦多 Toronto|Montreal 蒙特利尔 Montréal|Chicago 芝加哥 Chicago
Boston 波士顿 Boston|Sydney 悉尼 Sydney|Shanghai 上海 Shanghai
"""
_PEOPLE = """
Anna Keller 安娜·凯勒 Anna Keller|Thomas Webb 托马斯·韦布 Thomas Webb
Maria Rossi 玛丽亚·罗西 Maria Rossi|Peter Novak 彼得·诺瓦克 Peter Novak
Elena Petrova 叶莲娜·彼得罗娃 Elena Petrova|John Carter 约翰·卡特 John Carter
Sofia Lindberg 索菲娅·林德伯格 Sofia Lindberg|Ahmed Hassan 艾哈迈德·哈桑 Ahmed Hassan
Li Mei 李梅 Li Mei|Wang Jun 王军 Wang Jun|Zhang Hua 张华 Zhang Hua
Claire Dubois 克莱尔·杜布瓦 Claire Dubois|Paul Martin 保罗·马丁 Paul Martin
"""
# Verse of our own: two lines of the Chinese often stand for one of the others, and headings are numbers.
_VERSE: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (("The Ferry",), ("渡船",), ("Le bac",)),
    (("I",), ("一",), ("I",)),
    (("The river takes the morning", "and folds it in the reeds;"), ("河水收下清晨，", "把它折进芦苇；"),
     ("La rivière prend le matin", "et le plie dans les roseaux ;")),
    (("the ferryman is yawning,",), ("船夫打着呵欠，",), ("le passeur bâille,",)),
    (("his oar is hung with weeds.",), ("桨上挂满水草。",), ("sa rame est couverte d'herbes.",)),
    (("II",), ("二",), ("II",)),
    (("Who calls across the water?",), ("是谁隔着水呼唤？",), ("Qui appelle par-delà l'eau ?",)),
    (("A mother with her child;",), ("一位带着孩子的母亲；",), ("Une mère avec son enfant ;",)),
    (("the boy is four, the daughter", "is asleep, and neither smiled."),
     ("男孩四岁，女儿睡着，", "谁也没有笑。"),
     ("le garçon a quatre ans, la fille", "dort, et nul n'a souri.")),
    (("III",), ("三",), ("III",)),
    (("He rows them, and the village",), ("他划船送他们，村庄",), ("Il les passe, et le village",)),
    (("grows smaller than a hand;",), ("变得比手掌还小；",), ("devient plus petit qu'une main ;",)),
    (("the smoke is blue, the tillage",), ("炊烟是蓝的，耕地",), ("la fumée est bleue, les labours",)),
    (("is brown, and far the land.",), ("是褐色的，岸很远。",), ("sont bruns, et la rive est loin.",)),
    (("IV",), ("四",), ("IV",)),
    (("At dusk he counts his pennies,",), ("黄昏时他数着铜钱，",), ("Au soir il compte ses sous,",)),
    (("ties up his boat, and sleeps;",), ("系好船，睡去；",), ("attache son bateau et s'endort ;",)),
    (("of all who crossed, how many", "has not the river, keeps?"), ("过河的人里，", "有多少被河水留住？"),
     ("de tous ceux qu'il passa, combien", "la rivière en garde-t-elle ?")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of document in one pair of languages, with its gold."""

    kind: str
    src_lang: str
    tgt_lang: str
    src: list[str]
    tgt: list[str]
    links: list[Link]


def cases() -> list[Case]:
    """Return every kind in every pair of languages."""
    return [
        case
        for src_lang, tgt_lang in PAIRS
        for make in _KINDS
        for case in make_cases(make, src_lang, tgt_lang)
    ]


def make_cases(make: Callable[[str, str], dict[str, list[Row]]], src_lang: str, tgt_lang: str) -> list[Case]:
    found = []
    for kind, rows in make(src_lang, tgt_lang).items():
        src: list[str] = []
        tgt: list[str] = []
        links: list[Link] = []
        for one, other in rows:
            here = range(len(src), len(src) + len(one)), range(len(tgt), len(tgt) + len(other))
            links += [(tuple(here[0]), tuple(here[1]))] if one and other else _alone(*here)
            src += one
            tgt += other
        found.append(Case(kind, src_lang, tgt_lang, src, tgt, links))
    return found


def _alone(source: range, target: range) -> list[Link]:
    return [((k,), ()) for k in source] + [((), (k,)) for k in target]


def _fixture(name: str, src_lang: str, tgt_lang: str) -> list[Row]:
    """Return the rows of a fixture set."""
    (gold,) = [
        gold for gold in load_gold(FIXTURES / name) if (gold.src_lang, gold.tgt_lang) == (src_lang, tgt_lang)
    ]
    return [(tuple(gold.src[k] for k in one), tuple(gold.tgt[k] for k in other)) for one, other in gold.links]


def _prose(src_lang: str, tgt_lang: str) -> list[Row]:
    return _fixture("sco-2020", src_lang, tgt_lang) + _fixture("river-cleanup", src_lang, tgt_lang)


def _whole(src_lang: str, tgt_lang: str) -> dict[str, list[Row]]:
    return {"as it is": _prose(src_lang, tgt_lang)}


def _missing(src_lang: str, tgt_lang: str) -> dict[str, list[Row]]:
    rows = _prose(src_lang, tgt_lang)
    third = len(rows) // 3
    lost = [(one, ()) for one, _ in rows[third : 2 * third]]
    preface = [((), other) for _, other in _fixture("tea-museum-gb18030", src_lang, tgt_lang)]
    return {
        "a third of one side missing": rows[:third] + lost + rows[2 * third :],
        "a preface on one side": preface + rows,
    }


def _repeated(src_lang: str, tgt_lang: str) -> dict[str, list[Row]]:
    rows = _prose(src_lang, tgt_lang)
    top: Row = (("Back to top",), ({"zh": "返回顶部", "fr": "Haut de page"}[tgt_lang],))
    boilerplate = [
        row for number, text in enumerate(rows) for row in ((text, top) if number < 100 else (text,))
    ]
    refrain = rows[20:26]
    return {
        "one sentence 100 times": boilerplate,
        "a paragraph three times": rows[:40] + refrain + rows[40:80] + refrain + rows[80:],
        "a paragraph once more on one side": rows[:60] + [((), other) for _, other in refrain] + rows[60:],
    }


def _listed(text: str, tgt_lang: str) -> list[Row]:
    """Return one row a name; names are separated by bars or line ends, languages by where scripts change."""
    rows = []
    for entry in text.replace("\n", "|").strip("|").split("|"):
        words = entry.split()
        (middle,) = [k for k, word in enumerate(words) if ord(word[0]) > 0x2000]
        forms = {"zh": words[middle], "fr": " ".join(words[middle + 1 :])}
        rows.append(((" ".join(words[:middle]),), (forms[tgt_lang],)))
    return rows


def _names(_src_lang: str, tgt_lang: str) -> dict[str, list[Row]]:
    dice = random.Random(3)
    rows = _listed(_CITIES, tgt_lang) + _listed(_PEOPLE, tgt_lang)
    # One in twelve is left out of the translation.
    return {"a list of names": [(one, () if dice.random() < 1 / 12 else other) for one, other in rows]}


def _numbers(_src_lang: str, tgt_lang: str) -> dict[str, list[Row]]:
    dice = random.Random(4)
    head = {
        "zh": ("年份", "产量（吨）", "出口", "比例"),
        "fr": ("Année", "Production (t)", "Exportations", "Part"),
    }
    rows: list[Row] = [
        ((one,), (other,))
        for one, other in zip(("Year", "Output (t)", "Exports", "Share"), head[tgt_lang], strict=True)
    ]
    for year in range(1990, 2020):
        output, exports, share = dice.randint(1000, 99999), dice.randint(100, 9999), dice.randint(10, 999)
        cells = (str(year), f"{output:,}", f"{exports:,}", f"{share / 10}%")
        local = (
            cells
            if tgt_lang == "zh"
            else tuple(
                cell
                if cell == str(year)
                else cell.replace(",", "\u202f").replace(".", ",").replace("%", " %")
                for cell in cells
            )
        )
        # One line of the table in ten is not in the translation.
        lost = dice.random() < 0.1
        rows += [((one,), () if lost else (other,)) for one, other in zip(cells, local, strict=True)]
    return {"a table of numbers": rows}


def _capitals(src_lang: str, tgt_lang: str) -> dict[str, list[Row]]:
    return {
        "one side in capitals": [
            (tuple(text.upper() for text in one), other) for one, other in _prose(src_lang, tgt_lang)
        ]
    }


def _sizes(src_lang: str, tgt_lang: str) -> dict[str, list[Row]]:
    rows = _prose(src_lang, tgt_lang)
    single = [row for row in rows if len(row[0]) == len(row[1]) == 1]
    long: list[Row] = [
        (
            (" ".join(one for (one,), _ in single)[:20_000],),
            ("".join(other for _, (other,) in single)[:20_000],),
        )
    ]
    filler = {"zh": "字" * 20_000, "fr": "mot " * 5_000}[tgt_lang]
    return {
        "one sentence a side": single[:1],
        "one sentence against thirty": [
            ((" ".join(one for (one,), _ in single[:30]),), tuple(other for _, (other,) in single[:30]))
        ],
        "one side is empty": [(one, ()) for one, _ in rows[:30]],
        "one sentence is the whole text": rows[:40] + long + rows[40:],
        "a sentence of 20,000 characters": [*rows[:40], (("word " * 4_000,), (filler,)), *rows[40:]],
    }


def _verse(_src_lang: str, tgt_lang: str) -> dict[str, list[Row]]:
    place = 1 if tgt_lang == "zh" else 2
    return {"verse and headings": [(line[0], line[place]) for line in _VERSE]}


def _moved(src_lang: str, tgt_lang: str) -> dict[str, list[Row]]:
    """Return two documents whose parts change places: one part is aligned, the other counts as lost."""
    first, second = _fixture("sco-2020", src_lang, tgt_lang), _fixture("river-cleanup", src_lang, tgt_lang)
    return {
        "chapters in another order": (
            [((), other) for _, other in second] + first + [(one, ()) for one, _ in second]
        )
    }


_KINDS = (
    _whole, _missing, _moved, _repeated, _names, _numbers, _capitals, _sizes, _verse,
)  # fmt: skip


def judged(case: Case) -> tuple[Scores, Sequence[str]]:
    """Align a case; return its scores and the kinds of the warnings."""
    made = align(case.src, case.tgt, src_lang=case.src_lang, tgt_lang=case.tgt_lang)
    scores = score_links(case.links, [link_of(bead) for bead in made.beads])
    return scores, [warning.kind for warning in made.warnings]


def main() -> None:
    """Print the table."""
    print(
        f"{'kind':34} {'pair':6} {'src':>4} {'tgt':>4} {'P':>6} {'R':>6} {'F1':>6} {'lax F1':>6}  warned of"
    )
    for case in cases():
        scores, warned = judged(case)
        # Where nothing is to be found, only precision means anything.
        measures = (scores.recall, scores.f1, scores.lax_f1) if scores.expected else ()
        print(
            f"{case.kind:34} {case.src_lang}-{case.tgt_lang:3} {len(case.src):4} {len(case.tgt):4}",
            f"{scores.precision:6.3f}",
            *(f"{measure:6.3f}" for measure in measures),
            f" {', '.join(warned)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
