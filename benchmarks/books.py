"""Synthetic books: a novel of any length and its translation, with a gold alignment, the same for a seed.

Sentences are put together from parts that stand side by side in English, Chinese and French, and from the
sentences of our own fixtures, so that no two are alike though words recur as they do in a book. Now and then
one sentence becomes two, two become one, or one is left out.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from corpusalign.evaluate import Link, load_gold

FIXTURES = Path(__file__).parent.parent / "fixtures"

_WHO = (
    ("the old ferryman", "老船夫", "le vieux passeur"),
    ("Doctor Marlow", "马洛医生", "le docteur Marlow"),
    ("my aunt from the mountains", "我那位住在山里的姑妈", "ma tante des montagnes"),
    ("a young surveyor", "一名年轻的测量员", "une jeune géomètre"),
    ("the judge's daughter", "法官的女儿", "la fille du juge"),
    ("two soldiers without shoes", "两个没有鞋的士兵", "deux soldats sans souliers"),
    ("the schoolmaster", "教书先生", "le maître d'école"),
    ("the widow next door", "隔壁的寡妇", "la veuve d'à côté"),
    ("a tea merchant", "一位茶商", "un marchand de thé"),
    ("the captain's brother", "船长的弟弟", "le frère du capitaine"),
    ("the printer", "印刷匠", "l'imprimeur"),
    ("a boy of nine", "一个九岁的男孩", "un garçon de neuf ans"),
)
_WHAT = (
    ("sold three horses and a cart", "卖掉了三匹马和一辆车", "vendit trois chevaux et une charrette"),
    ("lost a letter of great importance", "丢失了一封十分重要的信", "perdit une lettre de grande importance"),
    ("crossed the frozen river on foot", "步行穿过结冰的河", "traversa à pied la rivière gelée"),
    ("promised to come back before winter", "答应在冬天之前回来", "promit de revenir avant l'hiver"),
    ("asked for bread and a place to sleep", "要了面包和一个睡觉的地方", "demanda du pain et un lit"),
    ("painted the door of the mill blue", "把磨坊的门漆成蓝色", "peignit en bleu la porte du moulin"),
    ("counted the money twice", "把钱数了两遍", "compta l'argent deux fois"),
    ("heard guns beyond the hills", "听见山那边的枪声", "entendit des canons derrière les collines"),
    ("refused to sign the contract", "拒绝签那份合同", "refusa de signer le contrat"),
    ("planted forty apple trees", "种了四十棵苹果树", "planta quarante pommiers"),
    ("fell ill and spoke to nobody", "病倒了，跟谁都不说话", "tomba malade et ne parla à personne"),
    ("taught the children to read maps", "教孩子们看地图", "apprit aux enfants à lire les cartes"),
    ("found the well dry", "发现井干了", "trouva le puits à sec"),
    ("wrote down every word", "把每个字都记了下来", "nota chaque mot"),
)
_WHERE = (
    ("near the lighthouse", "在灯塔附近", "près du phare"),
    ("in the town behind the wall", "在城墙后面的镇上", "dans la ville derrière le mur"),
    ("at the inn of the Three Cranes", "在三鹤客栈", "à l'auberge des Trois Grues"),
    ("on the road to the capital", "在去京城的路上", "sur la route de la capitale"),
    ("under the stone bridge", "在石桥下", "sous le pont de pierre"),
    ("in the orchard", "在果园里", "dans le verger"),
    ("at the railway station", "在火车站", "à la gare"),
    ("behind the temple", "在庙后面", "derrière le temple"),
    ("in the harbour office", "在港务所", "au bureau du port"),
    ("on the upper deck", "在上层甲板上", "sur le pont supérieur"),
)
_MONTHS = (
    ("January", "janvier"), ("March", "mars"), ("April", "avril"), ("June", "juin"), ("July", "juillet"),
    ("August", "août"), ("October", "octobre"), ("December", "décembre"),
)  # fmt: skip
_MONTH_NUMBERS = (1, 3, 4, 6, 7, 8, 10, 12)
_LANGS = ("en", "zh", "fr")
# How often a pair is anything but one to one, and how often a sentence of the fixtures follows in it.
_SPLIT, _MERGED, _OMITTED, _QUOTING = 0.08, 0.08, 0.03, 0.4

Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Books:
    """Two sides and the links between them."""

    src_lang: str
    tgt_lang: str
    src: list[str]
    tgt: list[str]
    links: list[Link]


def books(size: int, src_lang: str = "en", tgt_lang: str = "zh", seed: int = 1) -> Books:
    """Return two books of about `size` sentences a side."""
    dice = random.Random(seed)
    one, other = _LANGS.index(src_lang), _LANGS.index(tgt_lang)
    quotes = _quotes(src_lang, tgt_lang)
    src: list[str] = []
    tgt: list[str] = []
    links: list[Link] = []
    while len(src) < size:
        first, second = _line(dice), _line(dice)
        shape = dice.random()
        if shape < _OMITTED:
            sides = [[first[one]], []] if dice.random() < 0.5 else [[], [first[other]]]
        elif shape < _OMITTED + _SPLIT:
            sides = [[first[one], second[one]], [_joined(first[other], second[other])]]
        elif shape < _OMITTED + _SPLIT + _MERGED:
            sides = [[_joined(first[one], second[one])], [first[other], second[other]]]
        elif shape > 1 - _QUOTING:
            quoted = dice.choice(quotes)
            sides = [[_joined(first[one], quoted[0])], [_joined(first[other], quoted[1])]]
        else:
            sides = [[first[one]], [first[other]]]
        links.append(
            (
                tuple(range(len(src), len(src) + len(sides[0]))),
                tuple(range(len(tgt), len(tgt) + len(sides[1]))),
            )
        )
        src += sides[0]
        tgt += sides[1]
    return Books(src_lang, tgt_lang, src, tgt, links)


def _line(dice: random.Random) -> Line:
    """Return one sentence in three languages."""
    month, day, year = dice.randrange(len(_MONTHS)), dice.randint(1, 30), dice.randint(1801, 1949)
    who, what, where = dice.choice(_WHO), dice.choice(_WHAT), dice.choice(_WHERE)
    english, french = _MONTHS[month]
    return (
        f"On {day} {english} {year}, {where[0]}, {who[0]} {what[0]}.",
        f"{year}年{_MONTH_NUMBERS[month]}月{day}日，{who[1]}{where[1]}{what[1]}。",
        f"Le {day} {french} {year}, {where[2]}, {who[2]} {what[2]}.",
    )


def _joined(one: str, other: str) -> str:
    """Return two sentences as one."""
    return f"{one[:-1]}；{other}" if one[-1] == "。" else f"{one[:-1]}; {other}"


def _quotes(src_lang: str, tgt_lang: str) -> list[tuple[str, str]]:
    """Return the pairs of sentences of our fixtures that translate one another one to one."""
    return [
        (gold.src[source[0]], gold.tgt[target[0]])
        for gold in load_gold(FIXTURES)
        if (gold.src_lang, gold.tgt_lang) == (src_lang, tgt_lang)
        for source, target in gold.links
        if len(source) == len(target) == 1
    ]
