"""What public functions are given, looked at before any work: a ValueError that names the argument.

`checked` puts the checks beside the signature, so that a generator function too fails when it is called and
not when it is first read from. What only the work can tell (a file that is missing, a language that is not
known) is the function's own to say.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from functools import wraps
from inspect import signature
from numbers import Integral, Real
from reprlib import Repr
from typing import Any, ParamSpec, TypeVar, cast

from corpusalign.types import TranslationUnit

Given = ParamSpec("Given")
Made = TypeVar("Made")

Check = Callable[[str, Any], Any]
"""Takes the name of an argument and its value; returns the value to go on with, or raises ValueError."""


def checked(**checks: Check) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Hold the named arguments of a function to their checks whenever it is called; defaults are not."""

    def decorate(function: Callable[Given, Made]) -> Callable[Given, Made]:
        names, run = tuple(signature(function).parameters), cast("Callable[..., Made]", function)
        if not checks.keys() <= set(names):
            raise TypeError(f"{function.__name__} has no argument {', '.join(checks.keys() - set(names))}")
        by_place = tuple(map(checks.get, names))

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            seen = [
                value if check is None else check(name, value)
                for name, check, value in zip(names, by_place, args, strict=False)
            ]
            by_name = {
                name: checks[name](name, value) if name in checks else value for name, value in kwargs.items()
            }
            # More arguments than the function takes are its own to refuse.
            return run(*seen, *args[len(seen) :], **by_name)

        return cast("Callable[Given, Made]", call)

    return decorate


def text(name: str, value: Any) -> Any:
    """Take a str."""
    return _of(name, value, str, "a text")


def path(name: str, value: Any) -> Any:
    """Take a path as text or as an object of `pathlib`."""
    if isinstance(value, os.PathLike) and isinstance(os.fspath(value), str):
        return value
    return _of(name, value, str, "a path")


def flag(name: str, value: Any) -> Any:
    """Take True or False."""
    return _of(name, value, bool, "True or False")


def whole(name: str, value: Any) -> Any:
    """Take a whole number, also one of NumPy's, which is made an int: others have not all that ints have."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise _unfit(name, "a whole number", value)
    return int(value)


def number(name: str, value: Any) -> Any:
    """Take a number that is one (not NaN), made a float if it is neither that nor an int."""
    if isinstance(value, bool) or not isinstance(value, Real) or value != value:
        raise _unfit(name, "a number", value)
    return value if isinstance(value, (int, float)) else float(value)


def function(name: str, value: Any) -> Any:
    """Take what can be called."""
    if not callable(value):
        raise _unfit(name, "a function", value)
    return value


def mapping(name: str, value: Any) -> Any:
    """Take a mapping such as a dict."""
    return _of(name, value, Mapping, "a mapping")


def encoder(name: str, value: Any) -> Any:
    """Take what has the name and the method of a `corpusalign.encode.Encoder`."""
    if not isinstance(getattr(value, "name", None), str):
        raise _unfit(name, "an encoder (an object with name, dimension and encode)", value)
    return text_encoder(name, value)


def text_encoder(name: str, value: Any) -> Any:
    """Take what makes vectors of texts."""
    if not callable(getattr(value, "encode", None)):
        raise _unfit(name, "an encoder (an object with name, dimension and encode)", value)
    return value


def one_of(*kinds: type) -> Check:
    """Take an object of one of these classes."""

    def check(name: str, value: Any) -> Any:
        return _of(name, value, kinds, " or ".join(kind.__name__ for kind in kinds))

    return check


def choice(*values: str) -> Check:
    """Take one of these words."""

    def check(name: str, value: Any) -> Any:
        if not isinstance(value, str) or value not in values:
            raise _unfit(name, f"one of {', '.join(values)}", value)
        return value

    return check


def named(kind: str) -> Check:
    """Take an object of the class of this full name, which is not imported for that.

    `package.module.*` takes one of any class of a module.
    """
    module, _, own = kind.rpartition(".")
    wanted = module.rpartition(".")[2] if own == "*" else own

    fit: set[type] = set()

    def check(name: str, value: Any) -> Any:
        given = type(value)
        if given not in fit:
            if not any(base.__module__ == module and own in ("*", base.__name__) for base in given.__mro__):
                raise _unfit(name, wanted, value)
            fit.add(given)
        return value

    return check


def either(first: Check, second: Check) -> Check:
    """Take what one check or the other takes."""

    def check(name: str, value: Any) -> Any:
        try:
            return first(name, value)
        except ValueError:
            return second(name, value)

    return check


def optional(check: Check) -> Check:
    """Take None besides what a check takes."""
    return lambda name, value: None if value is None else check(name, value)


def several(check: Check) -> Check:
    """Take a sequence, all of whose items a check takes; no text, which is a sequence of characters."""

    def look(name: str, value: Any) -> Any:
        if isinstance(value, (str, bytes, Mapping)) or not (
            hasattr(value, "__len__") and isinstance(value, Iterable)
        ):
            raise _unfit(name, "a list", value)
        _look_at_each(check, name, value)
        return value

    return look


def stream(check: Check) -> Check:
    """Take anything that can be walked over, of items that a check takes; an iterator's when they come."""

    def look(name: str, value: Any) -> Any:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            raise _unfit(name, "a list or another iterable", value)
        if isinstance(value, Iterator):
            return (check(f"{name}[{position}]", item) for position, item in enumerate(value))
        if isinstance(value, (list, tuple)):
            _look_at_each(check, name, value)
        return value

    return look


unit: Check = one_of(TranslationUnit)
"""Takes a TranslationUnit."""

units: Check = stream(unit)
"""Takes translation units, a Bitext among them."""


def in_order(check: Check) -> Check:
    """Take a sequence whose order means something; no set, which has none."""
    look_at_all = several(check)

    def look(name: str, value: Any) -> Any:
        if isinstance(value, Set):
            raise _unfit(name, "a list in order", value)
        return look_at_all(name, value)

    return look


languages: Check = in_order(text)
"""Takes language codes, the source language first."""

languages_of_pages: Check = optional(in_order(optional(text)))
"""Takes a language code a page, None where the page itself tells."""


def two_languages(name: str, value: Any) -> Any:
    """Take the codes of a source and a target language."""
    if len(languages(name, value)) != 2:
        raise _unfit(name, "a pair of language codes", value)
    return value


def _look_at_each(check: Check, name: str, items: Iterable[Any]) -> None:
    with suppress(ValueError):
        for item in items:
            check(name, item)
        return
    # Places are named only now: of a million items, the names cost more than the look.
    for position, item in enumerate(items):
        check(f"{name}[{position}]", item)


def _of(name: str, value: Any, kinds: Any, wanted: str) -> Any:
    if not isinstance(value, kinds):
        raise _unfit(name, wanted, value)
    return value


# Of a list a few items: `either` makes the first check's error for every value that the second takes.
_SHOWN = Repr()
_SHOWN.maxstring = _SHOWN.maxother = _SHOWN.maxlong = 60


def _unfit(name: str, wanted: str, value: Any) -> ValueError:
    shown = _SHOWN.repr(value)
    return ValueError(f"{name}: {wanted} is needed, got {shown if len(shown) <= 60 else shown[:57] + '...'}")
