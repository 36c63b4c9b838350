"""Hostile files for the other readers: rules, XLIFF, tables, archives, edits, spreadsheets, pairs."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable

Cases = dict[str, Callable[[], bytes]]

_XML = b'<?xml version="1.0" encoding="UTF-8"?>'
_BOMB = '<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{}]>'.format(
    "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_DTD = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


def _xml(text: str, before: str = "") -> bytes:
    return _XML + before.encode() + text.encode("utf-8", "surrogatepass")


def _xml_cases(suffix: str, around: str, item: str, opening: str) -> Cases:
    """Return what any reader of XML has to stand: `around` and `item` have a place for text, {}."""

    def file(text: str, before: str = "") -> Callable[[], bytes]:
        return lambda: _xml(around.format(item.format(text)), before)

    return {
        f"bomb.{suffix}": file("&a12;", _BOMB),
        f"quadratic.{suffix}": file("&a;" * 50_000, f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'),
        f"external.{suffix}": file("&x;", _OUTSIDE),
        f"external-dtd.{suffix}": file("a", _DTD),
        f"parameter-entity.{suffix}": file(
            "a", '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'
        ),
        f"xinclude.{suffix}": file(
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
        ),
        f"deep.{suffix}": lambda: _XML + opening.encode() * 1_000_000,
        f"deep-inside.{suffix}": lambda: _xml(
            around.format(item.format("<g>" * 200_000 + "a" + "</g>" * 200_000))
        ),
        f"huge-text.{suffix}": lambda: _xml(around.format(item.format("a" * 20_000_000))),
        f"huge-attribute.{suffix}": lambda: _xml(around.format(f'<x y="{"a" * 20_000_000}"/>')),
        f"many-attributes.{suffix}": lambda: _xml(
            around.format("<x " + " ".join(f'a{n}="1"' for n in range(10_000)) + "/>")
        ),
        f"many-items.{suffix}": lambda: _xml(around.format("<x/>" * 300_000)),
        f"nul.{suffix}": file("a\0b"),
        f"reference-to-nul.{suffix}": file("a&#0;b"),
        f"reference-to-surrogate.{suffix}": file("a&#xD800;b"),
        f"surrogate.{suffix}": file("a\ud800b"),
        f"bidi.{suffix}": file("\u202e\u2066abc\u2069"),
        f"script.{suffix}": file("&lt;script&gt;alert(1)&lt;/script&gt;"),
        f"formula.{suffix}": file("=cmd|'/c calc'!A0"),
        f"invalid-utf-8.{suffix}": lambda: _xml(around.format(item.format("a"))).replace(
            b">a<", b">\xff\xfe<"
        ),
        f"cut.{suffix}": lambda: _xml(around.format(item.format("a") * 50))[:-20],
        f"two-roots.{suffix}": lambda: _xml(around.format(item.format("a")) * 2),
        f"wrong-root.{suffix}": lambda: _xml("<html><body>a</body></html>"),
        f"utf-16.{suffix}": lambda: around.format(item.format("a")).encode("utf-16"),
        f"encoding-bogus.{suffix}": lambda: b'<?xml version="1.0" encoding="x-none"?>' + b"<x/>",
        f"nothing.{suffix}": lambda: b"",
        f"binary.{suffix}": lambda: bytes(range(256)) * 100,
    }


def rules() -> Cases:
    """Return hostile segmentation rules (SRX)."""
    around = (
        '<srx version="2.0" xmlns="http://www.lisa.org/srx20"><header cascade="yes"/><body><languagerules>'
        '<languagerule languagerulename="en">{}</languagerule></languagerules><maprules>'
        '<languagemap languagepattern="en.*" languagerulename="en"/></maprules></body></srx>'
    )
    item = '<rule break="yes"><beforebreak>{}</beforebreak><afterbreak>\\s</afterbreak></rule>'
    patterns = {
        "catastrophic": "(a+)+$",
        "catastrophic-alternation": "(a|aa)+$",
        "nested-stars": "((((a*)*)*)*)*b",
        "repeat-huge": "a{1,1000000000}",
        "repeat-nested": "((a{1,1000}){1,1000}){1,1000}",
        "unclosed": "((((",
        "lookbehind": "(?&lt;=a*)b",
        "backreference": "(.*)\\1\\1\\1",
        "recursive": "(?R)",
        "many-groups": "(a)" * 5000,
        "deep-groups": "(" * 20_000 + "a" + ")" * 20_000,
        "class-open": "[a-",
        "property-bogus": "\\p{Nonsense}",
        "many-alternatives": "|".join(f"word{n}" for n in range(50_000)),
        "empty": "",
    }
    return {
        **_xml_cases("srx", around, item, "<srx>"),
        **{
            f"{name}.srx": lambda pattern=pattern: _xml(around.format(item.format(pattern)))
            for name, pattern in patterns.items()
        },
    }


def exchange() -> Cases:
    """Return hostile memories in other formats than TMX and JSON Lines, by name and suffix."""
    xliff = (
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="x"'
        ' source-language="en" target-language="fr" datatype="plaintext"><body>{}</body></file></xliff>'
    )
    unit = '<trans-unit id="1"><source>{}</source><target>b</target></trans-unit>'
    return {
        **_xml_cases("xliff", xliff, unit, "<xliff>"),
        **_sheets(),
        "bomb.tbx": lambda: _xml("<tbx><text><body>&a12;</body></text></tbx>", _BOMB),
        "deep.tbx": lambda: _XML + b"<tbx>" * 1_000_000,
        "external.tbx": lambda: _xml("<tbx>&x;</tbx>", _OUTSIDE),
        "columns.csv": lambda: b"en,fr\n" + b"," * 1_000_000,
        "quote-open.csv": lambda: b'en,fr\n"' + b"a" * 10_000_000,
        "formula.csv": lambda: b"en,fr\n=cmd|'/c calc'!A0,+1\n@SUM(A1),-2\n",
        "nul.csv": lambda: b"en,fr\na\0,b\n",
        "invalid.csv": lambda: b"en,fr\n\xff,\xfe\n",
        "nothing.csv": lambda: b"",
        "long-line.tsv": lambda: b"en\tfr\n" + b"a" * 30_000_000,
        "columns.tsv": lambda: b"en\tfr\n" + b"\t" * 1_000_000,
        "nul.tsv": lambda: bytes(1_000_000),
        "invalid.tsv": lambda: b"en\tfr\n\xff\t\xfe\n",
        "not.parquet": lambda: b"PAR1" + bytes(1000) + b"PAR1",
        "footer.parquet": lambda: b"PAR1" + b"\xff" * 8 + b"\xff\xff\xff\x7f" + b"PAR1",
        "nothing.parquet": lambda: b"",
        "deep.json": lambda: b"[" * 1_000_000,
        "cut.json": lambda: b'{"src_lang": "en", "tgt_lang": "fr", "src": ["a"',
        "links.json": lambda: json.dumps(
            {"src_lang": "en", "tgt_lang": "fr", "src": ["a"], "tgt": ["b"], "links": [[[0], [10**9]]]}
        ).encode(),
    }


_MUCH = b"%MUCH%"


def _archive(**members: bytes) -> bytes:
    with io.BytesIO() as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                with archive.open(name.replace("__", "/"), "w") as file:
                    # A mark stands for 300 MB, which the one who makes it shall not hold in memory either.
                    for number, part in enumerate(data.split(_MUCH)):
                        for _ in range(300 if number else 0):
                            file.write(b"a" * 1_000_000)
                        file.write(part)
        return stream.getvalue()


def _book(sheet: bytes, **members: bytes) -> bytes:
    """Return a workbook of one sheet."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    )
    start = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
        f' Id="r1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    inner = start.replace("officeDocument", "worksheet").replace("xl/workbook.xml", "worksheets/sheet1.xml")
    inner = inner.replace("openxmlformats.org/worksheet/2006", "openxmlformats.org/officeDocument/2006")
    book = (
        f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets><sheet name="s" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>"
    )
    return _archive(
        **{
            "[Content_Types].xml": types.encode(),
            "_rels__.rels": start.encode(),
            "xl__workbook.xml": book.encode(),
            "xl___rels__workbook.xml.rels": inner.encode(),
            "xl__worksheets__sheet1.xml": _XML + sheet.replace(b"NS", f'xmlns="{main}"'.encode()),
            **members,
        }
    )


def _sheets() -> Cases:
    """Return hostile workbooks: archives of XML."""

    def cells(*rows: str) -> bytes:
        row = "".join(f"<row>{row}</row>" for row in rows)
        return f"<worksheet NS><sheetData>{row}</sheetData></worksheet>".encode()

    def text(value: str) -> str:
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    head = text("en") + text("fr")
    return {
        "formula.xlsx": lambda: _book(cells(head, "<c><f>cmd|'/c calc'!A0</f><v>1</v></c>" + text("b"))),
        "formula-text.xlsx": lambda: _book(cells(head, text("=1+1") + text("@SUM(A1)"))),
        "bomb.xlsx": lambda: _book(
            b"<!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>"
            + b"".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>".encode() for n in range(12))
            + b"]>"
            + cells(head, text("&a12;") + text("b"))
        ),
        "external.xlsx": lambda: _book(
            b"<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + cells(head, text("&x;") + text("b"))
        ),
        "zip-bomb.xlsx": lambda: _book(cells(head, text(_MUCH.decode()) + text("b"))),
        "zip-bomb-elsewhere.xlsx": lambda: _book(
            cells(head, text("a") + text("b")), **{"xl__sharedStrings.xml": _MUCH}
        ),
        "far-cell.xlsx": lambda: _book(cells(head, '<c r="XFD1048576"><v>1</v></c>')),
        "dimension.xlsx": lambda: _book(
            cells(head, text("a") + text("b")).replace(
                b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'
            )
        ),
        "many-rows.xlsx": lambda: _book(cells(head, *(["<c/>"] * 300_000))),
        "many-cells.xlsx": lambda: _book(cells(head, "<c/>" * 500_000)),
        "deep.xlsx": lambda: _book(b"<worksheet NS>" * 100_000),
        "traversal.xlsx": lambda: _book(cells(head), **{"..__..__..__etc__passwd": b"x"}),
        "twice.xlsx": lambda: _book(cells(head)) + _book(cells(head)),
        "no-sheet.xlsx": lambda: _archive(x=b"y"),
        "empty-archive.xlsx": lambda: _archive(),
        "not-zip.xlsx": lambda: b"PK\x03\x04" + bytes(1000),
        "cut.xlsx": lambda: _book(cells(head, text("a") + text("b")))[:-30],
        "broken-deflate.xlsx": lambda: _book(cells(head, text("a" * 1000))).replace(b"\x4b\x4c", b"\xff\xff"),
        "nothing.xlsx": lambda: b"",
        "error-cells.xlsx": lambda: _book(cells(head, '<c t="e"><v>#REF!</v></c><c t="b"><v>1</v></c>')),
        "huge-number.xlsx": lambda: _book(cells(head, f"<c><v>{'9' * 100_000}</v></c>" + text("b"))),
        "shared-string.xlsx": lambda: _book(cells(head, '<c t="s"><v>99999999</v></c>' + text("b"))),
        "date.xlsx": lambda: _book(cells(head, '<c t="d"><v>9999-99-99</v></c>' + text("b"))),
    }


def archives() -> Cases:
    """Return hostile web archives."""
    page = b"<html lang=en><p>The mill by the river was repaired in spring, and the wheel turns again.</p>"

    def record(
        body: bytes = page,
        *,
        length: int | None = None,
        http: bytes = b"",
        url: bytes = b"http://a/",
        more: bytes = b"",
    ) -> bytes:
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + http + b"\r\n" + body
        return (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: " + url + b"\r\n"
            b"WARC-Date: 2024-05-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n" + more +
            b"Content-Type: application/http; msgtype=response\r\nContent-Length: "
            + str(len(block) if length is None else length).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"
        )  # fmt: skip

    packed = gzip.compress
    return {
        "length-huge.warc": lambda: record(length=10**18) + record(),
        "length-negative.warc": lambda: record(length=-5) + record(),
        "length-short.warc": lambda: record(length=10) + record(),
        "length-text.warc": lambda: record().replace(b"Content-Length: ", b"Content-Length: x") + record(),
        "gzip-bomb.warc": lambda: record(packed(bytes(200_000_000)), http=b"Content-Encoding: gzip\r\n"),
        "gzip-twice.warc": lambda: record(packed(packed(page)), http=b"Content-Encoding: gzip, gzip\r\n"),
        "gzip-many.warc": lambda: record(page, http=b"Content-Encoding: " + b"gzip, " * 10_000 + b"\r\n"),
        "record-bomb.warc.gz": lambda: packed(record(bytes(70_000_000))),
        "members-many.warc.gz": lambda: packed(b"") * 50_000 + packed(record()),
        "cut.warc.gz": lambda: packed(record() * 100)[:-50],
        "cut-member.warc.gz": lambda: packed(record())[:40] + packed(record()),
        "not-gzip.warc.gz": lambda: b"\x1f\x8b" + bytes(1000),
        "zeros.warc": lambda: bytes(5_000_000),
        "nothing.warc": lambda: b"",
        "binary.warc": lambda: bytes(range(256)) * 1000,
        "head-endless.warc": lambda: b"WARC/1.0\r\n" + b"X-A: b\r\n" * 500_000,
        "head-line-endless.warc": lambda: b"WARC/1.0\r\nX: " + b"a" * 20_000_000,
        "http-head-endless.warc": lambda: record(http=b"X-A: b\r\n" * 300_000),
        "folded.warc": lambda: record(http=b"X: a\r\n" + b" b\r\n" * 100_000),
        "chunks.warc": lambda: record(b"1\r\na\r\n" * 300_000, http=b"Transfer-Encoding: chunked\r\n"),
        "chunk-huge.warc": lambda: record(b"FFFFFFFF\r\na", http=b"Transfer-Encoding: chunked\r\n"),
        "chunk-negative.warc": lambda: record(b"-1\r\na", http=b"Transfer-Encoding: chunked\r\n"),
        "url-file.warc": lambda: record(url=b"file:///etc/passwd"),
        "url-traversal.warc": lambda: record(url=b"http://a/../../../../etc/passwd"),
        "url-huge.warc": lambda: record(url=b"http://a/" + b"a" * 5_000_000),
        "url-nul.warc": lambda: record(url=b"http://a/\0\xff"),
        "url-formula.warc": lambda: record(url=b"http://a/=cmd|'/c calc'!A0"),
        "digest-wrong.warc": lambda: record(more=b"WARC-Block-Digest: sha1:" + b"A" * 32 + b"\r\n"),
        "digest-bogus.warc": lambda: record(more=b"WARC-Block-Digest: nonsense\r\n"),
        "type-bogus.warc": lambda: record(http=b"Content-Type: text/html; charset=" + b"x" * 10**5 + b"\r\n"),
        "many-small.warc": lambda: record(b"") * 20_000,
        "deep-page.warc": lambda: record(b"<div>" * 500_000),
        "version.warc": lambda: record().replace(b"WARC/1.0", b"WARC/99.99"),
    }  # fmt: skip


def edits() -> Cases:
    """Return hostile edits files, as `read_edits` takes them."""
    head = {"format": "corpusalign-edits", "version": 1}

    def file(*records: object) -> Callable[[], bytes]:
        return lambda: json.dumps({**head, "edits": list(records)}).encode()

    return {
        "deep": lambda: b"[" * 1_000_000,
        "deep-object": lambda: b'{"edits":' * 500_000,
        "long": lambda: b'"' + b"a" * 30_000_000,
        "nothing": lambda: b"",
        "binary": lambda: bytes(range(256)) * 100,
        "list": lambda: b"[]",
        "null": lambda: b"null",
        "version": lambda: json.dumps({**head, "version": 10**400, "edits": []}).encode(),
        "no-list": lambda: json.dumps({**head, "edits": {}}).encode(),
        "not-an-object": file("approve"),
        "unknown": file({"do": "delete", "unit": "a"}),
        "unit-number": file({"do": "approve", "unit": 1}),
        "unit-deep": file({"do": "approve", "unit": [[[[]]]]}),
        "cut-negative": file({"do": "divide", "unit": "a", "lang": "en", "cut": [-1, -1]}),
        "cut-huge": file({"do": "divide", "unit": "a", "lang": "en", "cut": [10**30, 10**30]}),
        "cut-backwards": file({"do": "divide", "unit": "a", "lang": "en", "cut": [5, 1]}),
        "cut-text": file({"do": "divide", "unit": "a", "lang": "en", "cut": "ab"}),
        "merge-itself": file({"do": "merge", "unit": "a", "other": "a"}),
        "split-into-itself": file({"do": "split", "unit": "a", "into": "a", "cuts": {"en": [1, 1]}}),
        "swap-itself": file({"do": "swap", "unit": "a", "other": "a"}),
        "traversal": file({"do": "comment", "unit": "../../etc/passwd", "text": "x"}),
        "script": file({"do": "comment", "unit": "a", "text": "</script><script>alert(1)</script>"}),
        "formula": file(
            {"do": "rewrite", "unit": "a", "lang": "en", "was": "a", "text": "=cmd|'/c calc'!A0"}
        ),
        "surrogate": file({"do": "comment", "unit": "a", "text": "\ud800"}),
        "bidi": file({"do": "comment", "unit": "a", "text": "\u202e"}),
        "language": file({"do": "rewrite", "unit": "a", "lang": "\0", "was": "", "text": "x"}),
        "many": file(*({"do": "comment", "unit": "a", "text": str(n)} for n in range(50_000))),
        "many-splits": file(
            *({"do": "split", "unit": "a", "into": f"n{n}", "cuts": {"en": [1, 1]}} for n in range(2000))
        ),
        "infinite": lambda: b'{"format": "corpusalign-edits", "version": 1, "edits": [Infinity]}',
        "twice": lambda: b'{"format": "corpusalign-edits", "version": 1, "edits": [], "edits": [1]}',
    }


def pairs() -> Cases:
    """Return hostile files of pairs."""
    return {
        "deep": lambda: b"[" * 500_000,
        "long": lambda: b'"' + b"a" * 5_000_000,
        "number": lambda: b'{"versions": {"en": 1, "fr": 2}}',
        "traversal": lambda: b'{"versions": {"en": "../../../../etc/passwd", "fr": "/etc/passwd"}}',
        "file": lambda: b'{"versions": {"en": "file:///etc/passwd", "fr": "file:///etc/hosts"}}',
        "binary": lambda: bytes(range(256)) * 100,
        "surrogate": lambda: b'{"versions": {"en": "\\ud800", "fr": "\\udfff"}}',
        "nul": lambda: b'{"versions": {"en": "a\\u0000", "fr": "b\\u0000"}}',
    }
