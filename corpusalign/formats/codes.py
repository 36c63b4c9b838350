"""Language codes as they travel in files: BCP 47 tags, one spelling for each."""

from __future__ import annotations

import re
from functools import lru_cache

from corpusalign.errors import FormatError
from corpusalign.languages import from_tmx_code, tmx_code

_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


@lru_cache(maxsize=1024)
def outward(code: str) -> str | None:
    """Return the code that a file should carry (`zh` -> `zh-CN`), None where `code` is no language tag."""
    tag = _canonical(tmx_code(code))
    return tag if _TAG.fullmatch(tag) else None


@lru_cache(maxsize=1024)
def inward(tag: str) -> str | None:
    """Return the language of a file's code (`zh_CN`, `ZH-cn` -> `zh`), None where it is no language tag."""
    tag = _canonical(tag.strip())
    return from_tmx_code(tag) if _TAG.fullmatch(tag) else None


def asked(code: str, path: str) -> str:
    """Return the language that a caller named in any spelling. Raises FormatError for what is no language."""
    found = inward(code)
    if found is None:
        raise FormatError(path, f"{code!r} is no language code", "use one such as en, zh-CN or fr")
    return found


def _canonical(tag: str) -> str:
    """Spell a tag as BCP 47 section 2.1.1 recommends: `EN_us` -> `en-US`, `zh-hant-tw` -> `zh-Hant-TW`."""
    first, *rest = tag.replace("_", "-").split("-")
    spelled = [first.lower()]
    after_singleton = len(first) == 1
    for subtag in rest:
        if after_singleton:
            spelled.append(subtag.lower())
        elif len(subtag) == 2:
            spelled.append(subtag.upper())
        elif len(subtag) == 4:
            spelled.append(subtag.title())
        else:
            spelled.append(subtag.lower())
        after_singleton = after_singleton or len(subtag) == 1
    return "-".join(spelled)
