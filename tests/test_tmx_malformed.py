"""Memories that are not as they should be, over 200: each ends in repairs, or in one error with its place."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable

import pytest

from corpusalign.errors import FormatError
from corpusalign.formats.report import Repair
from corpusalign.formats.tmx_read import read_tmx

UNITS = 12
HEADER = (
    '<header creationtool="a" creationtoolversion="1" segtype="sentence" o-tmf="a" adminlang="en"'
    ' srclang="en" datatype="xml">'
)


def unit(number: int) -> str:
    return (
        f'<tu>\n<note>n{number}</note>\n<prop type="x-confidence">0.{number + 1}</prop>\n'
        f'<tuv xml:lang="en"><prop type="x-url">u</prop><prop type="x-position">1:0-5 /p</prop>'
        f"<seg>Sentence {number} of <hi>all</hi>.</seg></tuv>\n"
        f'<tuv xml:lang="zh-CN"><seg>第{number}句。</seg></tuv>\n</tu>\n'
    )


Mutation = Callable[[random.Random], bytes]


def memory(change: Callable[[str], str] = lambda text: text, at: int = -1, encoding: str = "utf-8") -> bytes:
    """Return a good memory of twelve units, of which one went through `change`."""
    body = "".join(change(unit(number)) if number == at else unit(number) for number in range(UNITS))
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n{HEADER}\n</header>\n<body>\n{body}'
    return f"{text}</body>\n</tmx>\n".encode(encoding)


def in_a_unit(*pairs: tuple[str, str]) -> Mutation:
    """Replace things in one of the units."""

    def mutation(draw: random.Random) -> bytes:
        def change(text: str) -> str:
            for old, new in pairs:
                assert old in text
                text = text.replace(old, new, 1)
            return text

        return memory(change, draw.randrange(UNITS))

    return mutation


def cut(draw: random.Random) -> bytes:
    data = memory()
    return data[: draw.randrange(60, len(data) - 8)]


def a_byte_of_no_encoding(draw: random.Random) -> bytes:
    data = memory()
    at = draw.choice([match.start() for match in re.finditer(rb"Sentence", data)])
    return data[:at] + draw.choice([b"\xff", b"\xc3(", b"\xe2\x82", b"\xed\xa0\x80"]) + data[at:]


def a_tag_lost(draw: random.Random) -> bytes:
    data = memory()
    tags = list(re.finditer(rb"</(?:tu|tuv|seg|hi|note|prop|body)>", data))
    lost = draw.choice(tags)
    return data[: lost.start()] + data[lost.end() :]


def a_tag_turned(draw: random.Random) -> bytes:
    data = memory()
    end = draw.choice([match.start() for match in re.finditer(rb"</\w+>", data)])
    return data[: end + 2] + b"X" + data[end + 2 :]


def a_header_attribute_lost(draw: random.Random) -> bytes:
    names = ["creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"]
    lost = draw.sample(names, draw.randrange(1, 5))
    data = memory().decode()
    for name in lost:
        data = re.sub(f' {name}="[^"]*"', "", data, count=1)
    return data.encode()


def nested(draw: random.Random) -> bytes:
    depth = draw.randrange(300, 3000)
    return in_a_unit(("all", "<hi>" * depth + "</hi>" * depth))(draw)


def a_bomb(draw: random.Random) -> bytes:
    size = draw.randrange(5, 30)
    entities = '<!ENTITY e0 "boom">' + "".join(
        f'<!ENTITY e{k} "{f"&e{k - 1};" * 10}">' for k in range(1, size)
    )
    data = in_a_unit(("all", f"&e{size - 1};"))(draw).decode()
    return data.replace("<tmx", f"<!DOCTYPE tmx [{entities}]><tmx", 1).encode()


def an_outer_entity(draw: random.Random) -> bytes:
    place = draw.choice(["file:///etc/hostname", "http://127.0.0.1:9/", "secret.txt"]) + str(
        draw.randrange(99)
    )
    data = in_a_unit(("all", "&s;"))(draw).decode()
    return data.replace("<tmx", f'<!DOCTYPE tmx [<!ENTITY s SYSTEM "{place}">]><tmx', 1).encode()


def another_encoding(draw: random.Random) -> bytes:
    name = draw.choice(["UTF-16", "no-such-encoding", "UTF-32", "ISO-2022-XX", "UCS-9", "x"])
    data = memory(at=draw.randrange(UNITS)).decode()
    return data.replace('"UTF-8"', f'"{name}"', 1).replace("Sentence", f"{draw.randrange(10**6)}", 1).encode()


def another_root(draw: random.Random) -> bytes:
    name = draw.choice(["html", "xliff", "martif", "TMX", "tmx2", "rss", "body", "TEI"])
    text = memory(lambda text: text.replace("all", str(draw.random())), 0).decode()
    return text.replace("<tmx ", f"<{name} ").replace("</tmx>", f"</{name}>").encode()


MUTATIONS: dict[str, Mutation] = {
    "cut": cut,
    "a byte of no encoding": a_byte_of_no_encoding,
    "an end tag lost": a_tag_lost,
    "an end tag turned": a_tag_turned,
    "a header attribute lost": a_header_attribute_lost,
    "nested too deep": nested,
    "an entity bomb": a_bomb,
    "an entity from outside": an_outer_entity,
    "another encoding than is said": another_encoding,
    "another root": another_root,
    "a bare <": in_a_unit(("all", "a < b")),
    "a bare &": in_a_unit(("all", "a & b")),
    "an entity of nobody": in_a_unit(("all", "&eacute;")),
    "a NUL by reference": in_a_unit(("all", "&#0;")),
    "a control character": in_a_unit(("all", "a\x0bb")),
    "a surrogate by reference": in_a_unit(("all", "&#xD800;")),
    "a comment without end": in_a_unit(("all", "<!-- all")),
    "CDATA without end": in_a_unit(("all", "<![CDATA[ all")),
    "a processing instruction without end": in_a_unit(("all", "<?all")),
    "an attribute without quotes": in_a_unit(('xml:lang="en"', "xml:lang=en")),
    "an attribute twice": in_a_unit(('xml:lang="en"', 'xml:lang="en" xml:lang="en"')),
    "an attribute with <": in_a_unit(('xml:lang="en"', 'xml:lang="<en"')),
    "a prefix of nobody": in_a_unit(("<note>", "<note a:b='c'>"), ("<seg>", "<seg &>")),
    "no language": in_a_unit((' xml:lang="en"', "")),
    "lang for xml:lang": in_a_unit(('xml:lang="en"', 'lang="en"')),
    "an underscore": in_a_unit(("zh-CN", "zh_CN")),
    "a language that is none": in_a_unit(('"zh-CN"', '"Chinese (PRC)"')),
    "all languages": in_a_unit(('"zh-CN"', '"*all*"')),
    "an empty language": in_a_unit(('"zh-CN"', '""')),
    "one language twice": in_a_unit(('"zh-CN"', '"EN"')),
    "a tuv without seg": in_a_unit(("<seg>", "<text>"), ("</seg>", "</text>")),
    "no tuv": in_a_unit(("<tuv ", "<var "), ("</tuv>", "</var>"), ("<tuv ", "<var "), ("</tuv>", "</var>")),
    "a confidence in words": in_a_unit(('"x-confidence">0.', '"x-confidence">high 0.')),
    "a confidence above 1": in_a_unit(('"x-confidence">0.', '"x-confidence">7.')),
    "a confidence that is nan": in_a_unit(
        ('"x-confidence">0.', '"x-confidence">nan</prop><prop type="x-a">')
    ),
    "a score in words": in_a_unit(("<note>", '<prop type="x-score-a">good</prop><note>')),
    "a score without end": in_a_unit(("<note>", '<prop type="x-score-a">inf</prop><note>')),
    "a position that is none": in_a_unit(("1:0-5", "one to five")),
    "a position below 0": in_a_unit(("1:0-5", "-1:0-5")),
}

HANDWRITTEN = [
    b"",
    b" ",
    b"\x00",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"not XML at all",
    b"<",
    b"<tmx",
    b"<tmx>",
    b"</tmx>",
    b"<tmx/><tmx/>",
    b"<tmx></tmx>tail",
    b"<?xml version='1.0'?>",
    b"<?xml version='1.0' encoding='UTF-8'?><?xml version='1.0'?><tmx/>",
    b" <?xml version='1.0'?><tmx/>",
    b"<?xml version='3'?><tmx><body><tu/></body></tmx>",
    b"<?xml?><tmx/>",
    b"<!DOCTYPE tmx",
    b"<!DOCTYPE tmx [<!ENTITY % p '%p;'> %p;]><tmx/>",
    b"<tmx><body><tu></body></tmx>",
    b"<tmx><body><tu/></body></tmx>",
    b"<tmx><header/><body/></tmx>",
    b"<tmx a='1' a='2'/>",
    b"<tmx xmlns:a='b' xmlns:a='c'/>",
    b"<a:tmx/>",
    b"<tmx>&#x110000;</tmx>",
    b"<tmx>&amp</tmx>",
    b"<tmx>]]></tmx>",
    b"<tmx><!-- -- --></tmx>",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b'<?xml version="1.0" encoding="UTF-16"?><tmx/>',
    '<?xml version="1.0"?><tmx/>'.encode("utf-16-le"),
    b'{"id": 1}',
    b"en\tfr\na\tb\n",
]


def malformed() -> list[tuple[str, bytes]]:
    """Return them all: the handwritten, and each mutation six times, always the same."""
    found = [(f"handwritten {number}", data) for number, data in enumerate(HANDWRITTEN)]
    for name, mutation in MUTATIONS.items():
        for seed in range(6):
            found.append((f"{name} {seed}", mutation(random.Random(f"{name} {seed}"))))
    return found


def test_there_are_200_of_them() -> None:
    assert len({data for _, data in malformed()}) >= 200


@pytest.mark.parametrize(("name", "data"), malformed(), ids=[name for name, _ in malformed()])
def test_it_ends_in_repairs_or_one_error_with_its_place(name: str, data: bytes) -> None:
    repairs: list[Repair] = []
    try:
        units = list(read_tmx(io.BytesIO(data), "memory.tmx", on_repair=repairs.append))
    except FormatError as error:
        assert re.fullmatch(r"memory\.tmx(: (line|unit) \d+)?", error.where)
        # Only what is no TMX from the first to the last line has no line to name.
        assert error.where != "memory.tmx" or "is not TMX" in error.fault
        assert error.fault
        assert error.remedy
        assert "\n" not in str(error)
        return
    assert repairs, f"{name} was taken as it is"
    assert len(units) >= min(UNITS - 1, len(units))
    for repair in repairs:
        assert repair.line is not None and repair.line <= data.count(b"\n") + 1
        if repair.unit:
            lines = data.decode().splitlines()
            assert lines[repair.line - 1].startswith("<tu") or "<tu" in lines[repair.line - 1]


def test_the_good_memory_is_good() -> None:
    repairs: list[Repair] = []
    units = list(read_tmx(io.BytesIO(memory()), "memory.tmx", on_repair=repairs.append))
    assert (len(units), repairs) == (UNITS, [])
    assert units[3].variants == {"en": "Sentence 3 of all.", "zh": "第3句。"}
