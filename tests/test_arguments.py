"""What public functions are given: each argument is looked at first, and the error names it."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

import corpusalign
from corpusalign import arguments
from corpusalign.types import TranslationUnit

STAGES = (
    *("align", "corpus", "crawl", "encode", "evaluate", "extract", "fetch", "formats", "languages"),
    *("memories", "pair", "pipeline", "quality", "review", "segment", "site", "terms", "units", "update"),
)
# These take what other functions of ours made, or nothing.
INNER = {"page_of", "known", "entries", "default_encoder", "default_name", "default_limits"}


def _is_from(value, module):
    return getattr(value, "__module__", None) == module


def public():
    found = {name: getattr(corpusalign, name) for name in corpusalign.__all__}
    for stage in STAGES:
        module = import_module(f"corpusalign.{stage}")
        own = [name for name, value in vars(module).items() if _is_from(value, module.__name__)]
        names = getattr(module, "__all__", [name for name in own if not name.startswith("_")])
        found |= {f"{stage}.{name}": getattr(module, name) for name in names}
    return {
        name: value
        for name, value in found.items()
        if (inspect.isfunction(value) or hasattr(value, "cache_info")) and name.split(".")[-1] not in INNER
    }


PUBLIC = public()


@pytest.mark.parametrize(
    ("name", "argument"),
    [(name, argument) for name in PUBLIC for argument in inspect.signature(PUBLIC[name]).parameters],
)
def test_every_argument_of_every_public_function_is_checked(name, argument):
    for wrong in (object(), [object()]):
        with pytest.raises(ValueError, match=rf"^{argument}(\[0\])?: .* needed, got "):
            PUBLIC[name](**{argument: wrong})


UNIT = TranslationUnit("1", {"en": "a", "fr": "b"}, 1.0)


@pytest.mark.parametrize(
    ("function", "given", "named"),
    [
        ("align", {"source": [1]}, r"source\[0\]"),
        ("align", {"anchors": "one"}, "anchors"),
        ("align", {"encoder": "labse"}, "encoder"),
        ("align_many", {"sides": [["a"], [b"b"]]}, r"sides\[1\]\[0\]"),
        ("align_pages", {"pages": "https://example.org/"}, "pages"),
        ("build", {"workers": True}, "workers"),
        ("build", {"workers": 2.5}, "workers"),
        ("build", {"source": b"crawl"}, "source"),
        ("build", {"timeout": "300"}, "timeout"),
        ("build", {"timeout": float("nan")}, "timeout"),
        ("build", {"tmx": "yes"}, "tmx"),
        ("dedup", {"units": "memory.tmx"}, "units"),
        ("decide", {"limits": ["similarity>=0.4"]}, r"limits\[0\]"),
        ("extract", {"page": None}, "page"),
        ("fetch", {"timeout": None}, "timeout"),
        ("lint", {"units": [UNIT, None]}, r"units\[1\]"),
        ("read", {"inline": "tags"}, "inline"),
        ("read", {"languages": "en"}, "languages"),
        ("build", {"languages": {"en", "fr"}}, "languages"),
        ("align_pages", {"langs": {"en", "fr"}}, "langs"),
        ("align_pages", {"pages": {"en.html", "fr.html"}}, "pages"),
        ("extract_versions", {"langs": {"en": 1, "fr": 2}.keys()}, "langs"),
        ("terms", {"languages": ("en",)}, "languages"),
        ("segment", {"extra_abbreviations": "Mr."}, "extra_abbreviations"),
        ("segment", {"rules": "rules.srx"}, "rules"),
        ("write", {"date": "2024-01-01"}, "date"),
        ("write", {"segments": "block"}, "segments"),
    ],
)
def test_what_looks_right_and_is_not(function, given, named):
    with pytest.raises(ValueError, match=rf"^{named}: "):
        getattr(corpusalign, function)(**given)


def test_long_values_are_shown_in_short():
    class Number:
        shown = 0

        def __repr__(self):
            Number.shown += 1
            return "<number>"

    check = arguments.either(arguments.text, arguments.several(arguments.one_of(Number)))
    assert len(check("items", [Number()] * 1000)) == 1000
    assert Number.shown < 10
    with pytest.raises(ValueError, match=r"^items\[0\]: Number is needed, got 'xx+\.\.\.x+'$") as raised:
        check("items", ["x" * 10**6])
    assert len(str(raised.value)) < 100


@pytest.mark.parametrize("check", [arguments.number, arguments.choice("a", "b")])
def test_an_array_is_no_single_value(check):
    numpy = pytest.importorskip("numpy")
    with pytest.raises(ValueError, match=r"^given: .* is needed, got array"):
        check("given", numpy.array(["a", "b"]))


def test_numbers_of_numpy_are_made_plain():
    numpy = pytest.importorskip("numpy")
    assert type(arguments.number("given", numpy.float32(0.5))) is float
    assert type(arguments.number("given", 3)) is int
    assert type(arguments.whole("given", numpy.int64(3))) is int
    assert corpusalign.memories.part_of(UNIT, {"all": 1.0}, seed=numpy.int64(3)) == "all"


def test_an_iterator_is_looked_at_as_it_is_read():
    units = corpusalign.lint(iter([UNIT, "no unit"]))
    with pytest.raises(ValueError, match=r"^units\[1\]: TranslationUnit is needed, got 'no unit'$"):
        list(units)


def test_what_is_checked_keeps_its_signature_and_its_own_errors():
    @arguments.checked(number=arguments.whole)
    def double(number: int, times: int = 2) -> int:
        """Return it twice."""
        return number * times

    assert double(2) == double(number=2) == 4
    assert double(3, 3) == 9
    assert double.__doc__ == "Return it twice."
    assert str(inspect.signature(double)) == "(number: 'int', times: 'int' = 2) -> 'int'"
    with pytest.raises(TypeError, match="positional argument"):
        double(1, 2, 3)
    with pytest.raises(TypeError, match="unexpected keyword"):
        double(1, other=2)
    with pytest.raises(TypeError, match="no argument wrong"):
        arguments.checked(wrong=arguments.whole)(lambda number: number)
