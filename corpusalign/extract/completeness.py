"""Whether an HTML page was cut short on its way: a download broken off, a file half written.

A page that lost its end still parses, and what is left of its text would be aligned as if it were all. The
scanner follows the tokens of the HTML standard (section 13.2.5) far enough to know what the last character
stands in.
"""

from __future__ import annotations

import re

# A tag's inside: a quoted value may hold ">", and one that is never closed runs to the end of the page.
# Possessive throughout, so that the scan is linear on any input.
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[a-z][^\s/>]*+)"
    r"(?:[^>=]|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s\"'>][^\s>]*+)?+)*+(?P<end>>?)",
    re.IGNORECASE,
)
_OPENING = re.compile(r"<[a-z/!?]", re.IGNORECASE)
_COMMENT_END = re.compile(r"--!?>")
_RAW_TEXT = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
_RAW_TEXT_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW_TEXT}
# Elements whose closing tag HTML never lets an author leave out.
_NEVER_LEFT_OPEN = frozenset(
    (
        "a",
        "article",
        "aside",
        "b",
        "blockquote",
        "center",
        "div",
        "dl",
        "em",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "main",
        "nav",
        "ol",
        "pre",
        "section",
        "span",
        "strong",
        "table",
        "ul",
    )
)
_REFERENCE = re.compile(r"&(?:#[0-9]*|#x[0-9a-f]*|[a-z][a-z0-9]{0,30})\Z", re.IGNORECASE)
_CLOSED_AT_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)

_TAIL = 2048
"""Characters at the end in which a closing </body> or </html> counts even where broken markup hides it."""


def is_truncated(html: str) -> str | None:
    """Return why an HTML page is evidently cut short, None if it is not.

    It is when it ends inside a tag, a comment, a script or another element of raw text, a declaration or a
    character reference, or when it opens `<html>` or `<body>`, closes neither, and leaves an element open
    that may not be left open (HTML lets an author leave out the closing tags of html and body, and of
    paragraphs, list items and table cells). Time is linear in the page's length.
    """
    if _CLOSED_AT_END.search(html, max(0, len(html) - _TAIL)):
        return None
    opened: str | None = None
    closed = False
    open_elements = 0
    opening = _OPENING.search(html)
    while opening is not None:
        position = opening.start()
        if html.startswith("<!--", position):
            # "<!-->" and "<!--->" are whole comments.
            end = _COMMENT_END.search(html, position + 2)
            if end is None:
                return "it ends inside a comment"
            position = end.end()
        elif html.startswith(("<!", "<?"), position):
            position = html.find(">", position)
            if position == -1:
                return "it ends inside a declaration"
        elif tag := _TAG.match(html, position):
            name = tag["name"].lower()
            if not tag["end"]:
                return f"it ends inside a <{tag['close']}{name[:20]}> tag"
            position = tag.end()
            if name in ("html", "body"):
                if tag["close"]:
                    closed = True
                else:
                    opened = name
            elif name in _NEVER_LEFT_OPEN:
                open_elements += -1 if tag["close"] else 1
            elif name in _RAW_TEXT and not tag["close"]:
                inside = _RAW_TEXT_END[name].search(html, position)
                if inside is None:
                    return f"it ends inside a <{name}> element"
                position = inside.start()
        else:
            position += 1
        opening = _OPENING.search(html, position)
    if html.endswith(("<", "</")):
        return "it ends inside a tag"
    if _REFERENCE.search(html):
        return "it ends inside a character reference"
    if opened and not closed and open_elements > 0:
        return f"it opens <{opened}> and never closes it"
    return None
