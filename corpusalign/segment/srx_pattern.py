r"""Regular expressions as SRX files write them (ICU's and Java's), said in the way of the `regex` package.

Most of the syntaxes is one and the same. What differs is rewritten: `\Q..\E`, `\x{2026}`, `\h`, `\v`, `\R`,
`\z`, `\Z`, POSIX and `java` properties, sets inside sets, `&&`, flags that the package has no name for.
Reference: ICU User Guide, "Regular Expressions"; java.util.regex.Pattern.
"""

from __future__ import annotations

import re

HORIZONTAL = r" \t\u00a0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
VERTICAL = r"\n\x0b\f\r\x85\u2028\u2029"

_CLASSES = {"h": (HORIZONTAL, False), "H": (HORIZONTAL, True), "v": (VERTICAL, False), "V": (VERTICAL, True)}
_ANCHORS = {"z": r"\Z", "Z": rf"(?=(?:\r\n|[{VERTICAL}])?\Z)", "R": rf"(?:\r\n|[{VERTICAL}])"}
_CONTROLS = {"a": r"\x07", "e": r"\x1b"}
_JAVA_PROPERTIES = {
    "javalowercase": "Ll",
    "javauppercase": "Lu",
    "javatitlecase": "Lt",
    "javaalphabetic": "Alphabetic",
    "javaletter": "L",
    "javadigit": "Nd",
    "javaletterordigit": "Alnum",
    "javawhitespace": "White_Space",
    "javaspacechar": "Z",
    "isl": "L",
    "islatin": "Latin",
    "ispunctuation": "P",
    "isletter": "L",
    "isdigit": "Nd",
    "isuppercase": "Uppercase",
    "islowercase": "Lowercase",
    "isalphabetic": "Alphabetic",
    "iswhite_space": "White_Space",
    "isideographic": "Ideographic",
}
_PROPERTY = re.compile(r"([pP])(?:\{(\^?)([^}]*)\}|(\w))")
_FLAGS = re.compile(r"\?([a-zA-Z]*)(-[a-zA-Z]+)?([:)])")
# Flags that the package knows by the same letter; the others (Unicode case, Unix lines) it has on or needs
# not.
_KNOWN_FLAGS = frozenset("imsx")


def translated(pattern: str) -> str:
    """Return the pattern for `regex`, to be compiled with its flag VERSION1.

    Raises ValueError for a pattern that ends in the middle of something.
    """
    out: list[str] = []
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "\\":
            text, place = _escape(pattern, place + 1, inside=False)
            out.append(text)
        elif character == "[":
            text, place = _set(pattern, place + 1)
            out.append(text)
        elif character == "(" and (flags := _FLAGS.match(pattern, place + 1)):
            out.append(_flags(flags))
            place = flags.end()
        else:
            out.append(character)
            place += 1
    return "".join(out)


def _flags(match: re.Match[str]) -> str:
    on = "".join(flag for flag in match[1] if flag in _KNOWN_FLAGS)
    off = "".join(flag for flag in match[2] or "" if flag in _KNOWN_FLAGS)
    if not on and not off:
        return "(?:" if match[3] == ":" else ""
    return f"(?{on}{'-' + off if off else ''}{match[3]}"


def _escape(pattern: str, place: int, *, inside: bool) -> tuple[str, int]:
    """Translate what stands behind a backslash at `place`, and return it with the place behind it."""
    if place >= len(pattern):
        raise ValueError("a backslash at the end escapes nothing")
    letter = pattern[place]
    if letter == "Q":
        end = pattern.find("\\E", place + 1)
        stop = len(pattern) if end < 0 else end
        return _literal(pattern[place + 1 : stop]), stop + (0 if end < 0 else 2)
    if letter == "E":
        return "", place + 1
    if letter in "xuUN" and (
        code := re.compile(r"x\{([0-9a-fA-F]+)\}|u\{([0-9a-fA-F]+)\}").match(pattern, place)
    ):
        return _literal(chr(int(code[1] or code[2], 16))), code.end()
    if letter == "0" and (octal := re.compile(r"0([0-3]?[0-7]{1,2})").match(pattern, place)):
        return _literal(chr(int(octal[1], 8))), octal.end()
    if letter == "c" and place + 1 < len(pattern):
        return _literal(chr(ord(pattern[place + 1]) ^ 64)), place + 2
    if letter in _CLASSES:
        characters, negated = _CLASSES[letter]
        if inside:
            return (f"[^{characters}]" if negated else characters), place + 1
        return f"[{'^' if negated else ''}{characters}]", place + 1
    if letter in _ANCHORS and not inside:
        return _ANCHORS[letter], place + 1
    if letter in _CONTROLS:
        return _CONTROLS[letter], place + 1
    if letter == "k" and (name := re.compile(r"k<(\w+)>").match(pattern, place)) and not inside:
        return f"(?P={name[1]})", name.end()
    if letter in "pP" and (found := _PROPERTY.match(pattern, place)):
        return _property(found), found.end()
    if letter.isalnum():
        return "\\" + letter, place + 1
    return _literal(letter), place + 1


def _property(match: re.Match[str]) -> str:
    name = match[3] if match[3] is not None else match[4]
    plain = name.lower().replace(" ", "")
    negated = (match[1] == "P") != bool(match[2])
    return rf"\{'P' if negated else 'p'}{{{_JAVA_PROPERTIES.get(plain, name)}}}"


def _set(pattern: str, place: int) -> tuple[str, int]:
    """Translate a set whose `[` stands before `place`: unions, sets inside, intersections by `&&`."""
    if pattern.startswith(":", place) and (posix := re.compile(r":\^?\w+:\]").match(pattern, place)):
        return "[" + posix.group(), posix.end()
    out = ["["]
    if pattern.startswith("^", place):
        out.append("^")
        place += 1
    first = True
    while place < len(pattern):
        character = pattern[place]
        if character == "]" and not first:
            return "".join([*out, "]"]), place + 1
        first = False
        if character == "\\":
            text, place = _escape(pattern, place + 1, inside=True)
            out.append(text)
        elif character == "[":
            text, place = _set(pattern, place + 1)
            out.append(text)
        elif pattern.startswith("&&", place):
            out.append("&&")
            place += 2
        elif character == "-" and not _makes_range(pattern, place, out):
            out.append(r"\-")
            place += 1
        else:
            out.append(character if character == "-" else _literal(character))
            place += 1
    raise ValueError("a set has no closing bracket")


def _makes_range(pattern: str, place: int, out: list[str]) -> bool:
    """Tell whether the hyphen stands between the two ends of a range."""
    return out[-1] not in ("[", "^", "&&", "-") and not pattern.startswith(("]", "[", "&&"), place + 1)


def _literal(text: str) -> str:
    return "".join(
        character if character.isalnum() or ord(character) > 127 else _escaped(character)
        for character in text
    )


def _escaped(character: str) -> str:
    return f"\\x{ord(character):02x}" if character.isspace() or ord(character) < 32 else "\\" + character
