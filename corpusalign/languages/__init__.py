"""The languages: one folder each, of plain text files. A new language is a new folder and nothing else.

`profile.txt` is the one file that a folder must have; every other file (word lists, patterns) is optional,
and a stage that asks for one that is not there gets no entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpusalign import arguments
from corpusalign.errors import LanguageError

_HOME = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Language:
    """What a folder's profile.txt says.

    `code` is the folder's name; `tmx` the code that translation tools expect; `joiner` what stands between
    two sentences of one paragraph; `aliases` other tags for the language, in lower case; `switcher` what the
    language is called in a site's language switcher.
    """

    code: str
    name: str
    tmx: str
    joiner: str
    aliases: tuple[str, ...]
    switcher: tuple[str, ...]


@cache
def known() -> tuple[str, ...]:
    """Return the codes of all languages that have a folder, sorted."""
    return tuple(sorted(profile.parent.name for profile in _HOME.glob("*/profile.txt")))


@cache
def entries(code: str, name: str) -> tuple[str, ...]:
    """Return the entries of `languages/<code>/<name>.txt`: its lines, stripped, without comments and blanks.

    A comment starts with `#` at the start of a line. No such file, no entries.
    """
    path = _HOME / folder(code) / f"{name}.txt"
    if not path.is_file():
        return ()
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


@arguments.checked(code=arguments.text)
def language(code: str) -> Language:
    """Return the profile of a language, by its code or any tag that `canonical` knows."""
    return _profile(code)


@cache
def _profile(code: str) -> Language:
    where = folder(code)
    values: dict[str, str] = {}
    for line in entries(where, "profile"):
        key, _, value = line.partition("=")
        values[key.strip()] = value.strip()
    return Language(
        code=where,
        name=values["name"],
        tmx=values["tmx"],
        joiner=" " if values["sentence_spacing"] == "space" else "",
        aliases=tuple(values["aliases"].lower().split()),
        switcher=tuple(word.strip() for word in values["switcher"].split("|")),
    )


@cache
def _folders_by_tag() -> dict[str, str]:
    tags: dict[str, str] = {}
    for code in known():
        tags[code] = code
        for alias in language(code).aliases:
            tags[alias] = code
    return tags


@arguments.checked(tag=arguments.text)
def folder(tag: str) -> str:
    """Return the folder that serves a tag: the tag itself, an alias of it, or its primary subtag.

    Raises LanguageError for a language that has no folder.
    """
    wanted = tag.strip().lower().replace("_", "-")
    if wanted in known():
        return wanted
    tags = _folders_by_tag()
    found = tags.get(wanted) or tags.get(wanted.partition("-")[0])
    if found is None:
        raise LanguageError(
            repr(tag), "is not a language that corpusalign knows", f"choose one of: {', '.join(known())}"
        )
    return found


@arguments.checked(code=arguments.text)
def tmx_code(code: str) -> str:
    """Return the code that a memory should carry: `zh` -> `zh-CN`; a fuller tag is kept (`zh-TW`)."""
    return language(code).tmx if code in known() else code


@arguments.checked(code=arguments.text)
def from_tmx_code(code: str) -> str:
    """Return the language of a memory's code: `zh-CN` -> `zh`; a tag of no profile is kept (`en-US`)."""
    for known_code in known():
        if language(known_code).tmx.lower() == code.lower().replace("_", "-"):
            return known_code
    return code
