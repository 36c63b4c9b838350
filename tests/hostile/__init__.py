"""Inputs that mean harm, or look like it, made by program: most are too big to be files here."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Callable

_TEXT = "<p>The mill by the river was repaired in spring, and the wheel turns again.</p>" * 4
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mill</title></head>'
    "<body><main>{}</main></body></html>"
)
_BIDI = "\u202e\u2066\u2067\u2068\u202a\u202b\u200f\u061c"


def _page(inner: str) -> bytes:
    return _PAGE.format(inner).encode("utf-8", "surrogatepass")


def pages() -> dict[str, Callable[[], bytes]]:
    """Return hostile pages by name; each is made when it is called."""
    cases: dict[str, Callable[[], bytes]] = {
        "deep-div": lambda: _page("<div>" * 1_000_000 + _TEXT),
        "deep-inline": lambda: _page("<p>" + "<b>" * 200_000 + "x" + _TEXT),
        "deep-table": lambda: _page("<table><tr><td>" * 50_000 + _TEXT),
        "deep-list": lambda: _page("<ul><li>" * 50_000 + _TEXT),
        "deep-svg": lambda: _page("<svg>" + "<g>" * 200_000 + "</svg>" + _TEXT),
        "million-siblings": lambda: _page("<br>" * 1_000_000 + _TEXT),
        "million-paragraphs-empty": lambda: _page("<p></p>" * 300_000 + _TEXT),
        "huge-attribute": lambda: _page(f'<p title="{"a" * 20_000_000}">{_TEXT}'),
        "many-attributes": lambda: _page("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + f">{_TEXT}"),
        "quoted-attributes": lambda: _page(
            "<p " + " ".join(f"a{n}='>'" for n in range(100_000)) + f">{_TEXT}"
        ),
        "attributes-after-a-quoted-end": lambda: _page(
            "<p a='>' " + " ".join(f"a{n}" for n in range(100_000)) + f">{_TEXT}"
        ),
        "attributes-of-html": lambda: (
            b"<html " + b" ".join(b"a%d='<'" % n for n in range(100_000)) + b"><p>" + _TEXT.encode()
        ),
        "tags-within-tags": lambda: b"<a" * 3_000_000,
        "quotes-within-tags": lambda: b"<a b='<a b=\"'" * 300_000,
        "million-paragraphs": lambda: _page("<p>short line</p>" * 1_000_000 + _TEXT),
        "million-lines": lambda: _page("A short line.<br>" * 1_000_000 + _TEXT),
        "million-cells": lambda: _page("<table>" + ("<tr>" + "<td>1" * 10) * 100_000 + "</table>" + _TEXT),
        "million-links": lambda: _page("<a href=x>link</a> " * 1_000_000 + _TEXT),
        "million-items": lambda: _page("<ul>" + "<li>item" * 1_000_000 + _TEXT),
        "million-lines-of-text": lambda: b"A short line.\n\n" * 1_000_000,
        "noscript-within-noscript": lambda: _page("<noscript>" * 400 + "<i>x</i> " * 200_000 + _TEXT),
        "one-paragraph-of-lines": lambda: (
            b"the mill turns on along the old river, and no one knows for how long\n" * 100_000
        ),
        "million-items-of-markdown": lambda: b"- item\n" * 1_000_000,
        "no-break-spaces": lambda: _page("<p>" + "&nbsp;" * (50_000_000 // 6) + _TEXT),
        "paragraphs-of-a-space": lambda: _page("<p>&nbsp;</p>" * 2_000_000 + _TEXT),
        "ideographic-spaces": lambda: _page("<p>" + "\u3000" * 1_000_000 + _TEXT),
        "ideographic-indents": lambda: _page("<p>" + "。\u3000\u3000水" * 300_000 + _TEXT),
        "open-comments": lambda: _page("<!--" * 1_000_000 + _TEXT),
        "open-scripts": lambda: _page("<script>" * 200_000 + _TEXT),
        "unclosed-all": lambda: _page("<p><b><div><span><table><tr><td><ul><li><h1><a><em>" * 5_000 + _TEXT),
        "noise": lambda: random.Random(1).randbytes(20_000_000),
        "noise-in-a-page": lambda: b"<html>" + random.Random(2).randbytes(3_000_000).replace(b"\0", b""),
        "huge-tag-name": lambda: _page(f"<{'x' * 5_000_000}>{_TEXT}"),
        "huge-comment": lambda: _page(f"<!--{'-' * 10_000_000}-->{_TEXT}"),
        "open-comment": lambda: _page("<!--" + _TEXT),
        "one-line": lambda: _page("<p>" + "word " * 400_000),
        "one-word": lambda: _page("<p>" + "w" * 2_000_000),
        "one-han-line": lambda: _page("<p>" + "水" * 300_000),
        "only-terminators": lambda: _page("<p>" + "." * 300_000),
        "only-quotes": lambda: _page("<p>" + "“”" * 100_000 + _TEXT),
        "only-brackets": lambda: _page("<p>" + "(" * 200_000 + _TEXT),
        "abbreviations": lambda: _page("<p>" + "Dr. Mr. St. e.g. " * 20_000),
        "dates": lambda: _page("<p>" + "2020-11-11 11:11 | " * 20_000),
        "entities": lambda: _page("<p>" + "&amp;" * 300_000 + _TEXT),
        "entities-unknown": lambda: _page("<p>" + "&bogus;" * 200_000 + _TEXT),
        "entities-numeric": lambda: _page("<p>&#0;&#x110000;&#xd800;&#99999999999999999999;" + _TEXT),
        "entity-bomb": lambda: (
            b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
            + b"".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n else str()};" * 10}">'.encode() for n in range(12))
            + b"]><html><body><p>&a11;</p></body></html>"
        ),
        "external-entity": lambda: (
            b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b"<html><body><p>&x;</p>" + _TEXT.encode() + b"</body></html>"
        ),
        "base-file": lambda: _page('<base href="file:///etc/"><a hreflang="fr" href="passwd">fr</a>' + _TEXT),
        "alternates": lambda: _page('<link rel="alternate" hreflang="fr" href="x">' * 100_000 + _TEXT),
        "alternate-schemes": lambda: _page(
            "".join(f'<a hreflang="fr" href="{s}:alert(1)">f</a>' for s in ("javascript", "data", "vbscript"))
            + _TEXT
        ),
        "address-broken": lambda: _page('<a hreflang="fr" href="http://[">fr</a>' * 1000 + _TEXT),
        "refresh": lambda: _page('<meta http-equiv="refresh" content="0;url=file:///etc/passwd">' + _TEXT),
        "script": lambda: _page("<script>" + "alert(1);" * 100_000 + "</script>" + _TEXT),
        "script-in-text": lambda: _page("<p>&lt;script&gt;alert(1)&lt;/script&gt; " + _TEXT),
        "bidi": lambda: _page(f"<p>{_BIDI * 5000}{_TEXT}"),
        "combining": lambda: _page("<p>a" + "\u0301" * 300_000 + _TEXT),
        "zero-width": lambda: _page("<p>" + "\u200b\u200d\ufeff" * 100_000 + _TEXT),
        "private-use": lambda: _page("<p>" + "\ue000\U000f0000" * 50_000 + _TEXT),
        "noncharacters": lambda: _page("<p>\ufffe\uffff\U0001ffff" + _TEXT),
        "surrogates": lambda: _page("<p>\ud800\udc00\udfff" + _TEXT),
        "nul": lambda: _page("<p>a\0b" + _TEXT),
        "controls": lambda: _page("<p>" + "".join(map(chr, range(32))) * 100 + _TEXT),
        "invalid-utf-8": lambda: _page(_TEXT).replace(b"river", b"r\xff\xfe\xc0\xaf\xf8ver"),
        "overlong-utf-8": lambda: _page(_TEXT) + b"\xc0\xbcscript\xc0\xbe",
        "utf-7": lambda: b'<meta charset="utf-7"><p>+ADw-script+AD4-' + _TEXT.encode(),
        "charset-lies": lambda: _page(_TEXT).replace(b"utf-8", b"utf-16"),
        "charset-bogus": lambda: _page(_TEXT).replace(b"utf-8", b"x" * 100_000),
        "utf-16-odd": lambda: b"\xff\xfe" + _page(_TEXT).decode().encode("utf-16-le") + b"\x00",
        "utf-32": lambda: _page(_TEXT).decode().encode("utf-32"),
        "two-boms": lambda: b"\xef\xbb\xbf\xef\xbb\xbf" + _page(_TEXT),
        "gzip": lambda: gzip.compress(_page(_TEXT)),
        "gzip-bomb": lambda: gzip.compress(bytes(50_000_000)),
        "zip": lambda: b"PK\x03\x04" + bytes(10_000),
        "pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 100,
        "nothing": lambda: b"",
        "spaces": lambda: b" \n\t" * 1_000_000,
        "nuls": lambda: bytes(1_000_000),
        "one-byte": lambda: b"<",
        "half-a-tag": lambda: b"<html><body><p title='",
        "cdata": lambda: _page("<![CDATA[" * 10_000 + _TEXT),
        "processing-instructions": lambda: _page("<?php " * 50_000 + _TEXT),
        "frames": lambda: _page("<iframe src='file:///etc/passwd'>" * 10_000 + _TEXT),
        "templates": lambda: _page("<template>" * 50_000 + _TEXT),
        "formatting-soup": lambda: _page("<p><b><i><u></p>" * 20_000 + _TEXT),
        "unclosed-formatting": lambda: _page("<a><b><font>" * 30_000 + _TEXT),
        "nested-forms": lambda: _page("<form><select><option>" * 30_000 + _TEXT),
        "colspan": lambda: _page(
            "<table><tr><td colspan=999999999 rowspan=999999999>x</table>" * 1000 + _TEXT
        ),
        "markdown-bomb": lambda: b"# Mill\n\n" + b"[" * 200_000 + b"\n" + b"*" * 200_000,
        "json-not-html": lambda: json.dumps([[["x"] * 1000] * 10]).encode(),
    }
    return cases


def memories() -> dict[str, Callable[[], bytes]]:
    """Return hostile files of translation units by name and suffix."""
    head = b'<?xml version="1.0"?>'
    body = (
        '<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x"'
        ' adminlang="en" srclang="en" datatype="plaintext"/><body>{}</body></tmx>'
    )
    unit = '<tu><tuv xml:lang="en"><seg>{}</seg></tuv><tuv xml:lang="fr"><seg>b</seg></tuv></tu>'

    def tmx(inner: str, dtd: str = "") -> bytes:
        return head + dtd.encode() + body.format(inner).encode("utf-8", "surrogatepass")

    def bomb() -> str:
        steps = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
        return f'<!DOCTYPE tmx [<!ENTITY a0 "aaaaaaaaaa">{steps}]>'

    def packed(data: bytes) -> bytes:
        with io.BytesIO() as stream:
            with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) as file:
                file.write(data)
            return stream.getvalue()

    record = '{"id": "1", "variants": {"en": "a", "fr": "b"}, "confidence": %s}\n'
    return {
        "bomb.tmx": lambda: tmx(unit.format("&a12;"), bomb()),
        "external.tmx": lambda: tmx(
            unit.format("&x;"), '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        ),
        "external-dtd.tmx": lambda: tmx(unit.format("a"), '<!DOCTYPE tmx SYSTEM "http://127.0.0.1:9/x.dtd">'),
        "deep.tmx": lambda: tmx(unit.format("<hi>" * 100_000 + "a" + "</hi>" * 100_000)),
        "deeper.tmx": lambda: head + b"<tmx>" * 1_000_000,
        "huge-segment.tmx": lambda: tmx(unit.format("a" * 20_000_000)),
        "huge-attribute.tmx": lambda: tmx(f'<tu tuid="{"a" * 20_000_000}"></tu>'),
        "nul.tmx": lambda: tmx(unit.format("a\0b")),
        "surrogate.tmx": lambda: tmx(unit.format("a\ud800b")),
        "cut.tmx": lambda: tmx(unit.format("a") * 100)[:-50],
        "empty.tmx": lambda: b"",
        "not-xml.tmx": lambda: bytes(range(256)) * 10,
        "gzip-of-nothing.tmx": lambda: packed(b""),
        "gzip-cut.tmx": lambda: packed(tmx(unit.format("a") * 1000))[:-20],
        "gzip-bomb.jsonl": lambda: packed(bytes(200_000_000)),
        "deep.jsonl": lambda: b"[" * 1_000_000,
        "deep-object.jsonl": lambda: b'{"a":' * 500_000,
        "long-line.jsonl": lambda: b'"' + b"a" * 30_000_000,
        "nan.jsonl": lambda: (record % "NaN").encode(),
        "infinite.jsonl": lambda: (record % "1e999").encode(),
        "huge-number.jsonl": lambda: (record % ("9" * 100_000)).encode(),
        "text-number.jsonl": lambda: (record % '"1"').encode(),
        "surrogate.jsonl": lambda: (record % "1").replace('"a"', '"\\ud800"').encode(),
        "invalid.jsonl": lambda: b'{"id": "\xff\xfe"}\n',
        "list.jsonl": lambda: b"[]\n",
        "null.jsonl": lambda: b"null\n",
        "empty.jsonl": lambda: b"",
        "nul.jsonl": lambda: bytes(1000),
    }
