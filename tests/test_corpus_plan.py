"""Pages into sets, sets into shards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpusalign.corpus import plan as plans
from corpusalign.corpus.records import Found, PageRef, PageSet, Recipe

RECIPE = Recipe("made so", ("en", "fr", "zh"), False)


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(plans.new_plan(tmp_path)) as made:
        yield made


def ref(url: str, lang: str | None, content: str | None = None, size: int = 100) -> PageRef:
    return PageRef(url, lang, content or f"of {url}", size, "file", f"somewhere/{url}")


def grouped(
    plan: sqlite3.Connection, *found: tuple[str, PageRef], languages=RECIPE.languages
) -> list[list[str]]:
    recipe = Recipe("made so", languages, False)
    plans.add_pages(plan, (Found(stem, page) for stem, page in found), languages)
    plans.group_by_name(plan, recipe)
    plans.group_by_links(plan, recipe)
    plans.reject_singles(plan)
    plans.cut_shards(plan, 1 << 20)
    return [
        [page.url for page in one.pages]
        for shard in plans.shards(plan)
        for one in plans.sets_of(plan, shard.number)
    ]


def reasons(plan: sqlite3.Connection) -> list[tuple[str, tuple[str, ...]]]:
    return [(reject.reason, reject.pages) for reject in plans.rejects(plan)]


def test_a_set_is_in_the_order_of_the_languages(plan: sqlite3.Connection) -> None:
    assert grouped(plan, ("a", ref("zh/a", "zh")), ("a", ref("fr/a", "fr")), ("a", ref("en/a", "en"))) == [
        ["en/a", "fr/a", "zh/a"]
    ]


def test_what_is_no_set_is_rejected_with_its_reason(plan: sqlite3.Connection) -> None:
    sets = grouped(
        plan,
        ("a", ref("en/a", "en")),
        ("a", ref("fr/a", "fr")),
        ("a", ref("a", None, "of en/a")),
        ("a", ref("en-GB/a", "en")),
        ("b", ref("en/b", "en")),
        ("c", ref("de/c", "de")),
    )
    assert sets == [["en-GB/a", "fr/a"]]
    assert sorted(reasons(plan)) == [
        ("duplicate", ("a",)),
        ("language", ("de/c",)),
        ("second", ("en/a",)),
        ("unpaired", ("en/b",)),
    ]


def test_a_page_whose_name_tells_no_language_joins_its_versions(plan: sqlite3.Connection) -> None:
    assert grouped(plan, ("a", ref("a", None)), ("a", ref("a.fr", "fr"))) == [["a.fr", "a"]]


def test_of_an_address_that_comes_twice_the_last_page_counts(plan: sqlite3.Connection) -> None:
    pages = [ref("en/a", "en", "old"), ref("fr/a", "fr"), ref("en/a", "en", "new")]
    assert grouped(plan, *(("a", page) for page in pages)) == [["en/a", "fr/a"]]
    (one,) = plans.sets_of(plan, 0)
    assert one.pages[0].sha256 == "new"
    assert reasons(plan) == [("duplicate", ("en/a",))]


def test_links_pair_pages_only_when_both_say_so(plan: sqlite3.Connection) -> None:
    plans.add_link(plan, "one", "un")
    plans.add_link(plan, "un", "one")
    plans.add_link(plan, "two", "accueil")
    found = [(name, ref(name, None)) for name in ("one", "un", "two", "accueil")]
    assert grouped(plan, *found) == [["one", "un"]]
    assert sorted(reasons(plan)) == [("unpaired", ("accueil",)), ("unpaired", ("two",))]


def test_the_same_set_twice_is_one(plan: sqlite3.Connection) -> None:
    pages = (ref("a", "en"), ref("b", "fr"))
    plans.add_set(plan, PageSet("first", pages), RECIPE)
    plans.add_set(plan, PageSet("second", pages), RECIPE)
    assert reasons(plan) == [("duplicate", ("a", "b"))]
    assert plans.count(plan)[1] == 1


def cut(folder: Path, sizes: dict[int, int], aim: int | None) -> list[tuple[str, list[str], int]]:
    with closing(plans.new_plan(folder)) as plan:
        for number, size in sizes.items():
            pages = (ref(f"en/{number:05}", "en", size=size), ref(f"fr/{number:05}", "fr", size=0))
            plans.add_set(plan, PageSet(f"{number:05}", pages), RECIPE)
        plans.cut_shards(plan, aim)
        return [
            (shard.key, [one.name for one in plans.sets_of(plan, shard.number)], shard.size)
            for shard in plans.shards(plan)
        ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.dictionaries(st.integers(0, 99999), st.integers(1, 3000), max_size=60))
def test_shards_partition_the_sets_in_order_and_none_is_too_big(
    tmp_path: Path, sizes: dict[int, int]
) -> None:
    shards = cut(tmp_path, sizes, 1000)
    assert [name for _, names, _ in shards for name in names] == [f"{number:05}" for number in sorted(sizes)]
    for _, names, size in shards:
        assert size == sum(sizes[int(name)] for name in names)
        assert size <= 2000 or len(names) == 1
    assert len({key for key, _, _ in shards}) == len(shards)


@pytest.mark.parametrize("changed", [0, 137, 999])
def test_a_set_that_comes_or_goes_touches_few_shards(tmp_path: Path, changed: int) -> None:
    sizes = dict.fromkeys(range(1000), 100)
    before = {key for key, _, _ in cut(tmp_path, sizes, 2000)}
    del sizes[changed]
    after = {key for key, _, _ in cut(tmp_path, sizes, 2000)}
    assert len(before) > 25
    assert len(before - after) <= 3


def test_the_biggest_come_first(tmp_path: Path) -> None:
    with closing(plans.new_plan(tmp_path)) as plan:
        for number in range(50):
            plans.add_set(plan, PageSet(str(number), (ref(f"{number}", "en", size=50 + number),)), RECIPE)
        plans.cut_shards(plan, 500)
        sizes = [shard.size for shard in plans.shards(plan, biggest_first=True)]
        assert sizes == sorted(sizes, reverse=True)
        assert len(set(sizes)) > 1
