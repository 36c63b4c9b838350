import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusalign.fetch.robots import MAX_BYTES, Robots, matches, parse

SITE = "https://example.org"


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /private", "/private/page", False),
        ("Disallow: /private", "/Private", True),
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),  # the longest match decides, whatever the order
        ("Allow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("Disallow: /a\nAllow: /a", "/a", True),  # Allow on a tie
        ("Disallow:", "/anything", True),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow: /", "/", False),
        ("Disallow: /*.pdf$", "/x/y.pdf", False),
        ("Disallow: /*.pdf$", "/x/y.pdf?a=1", True),
        ("Disallow: /*?print=", "/page?print=1", False),
        ("Disallow: /page", "/page?print=1", False),
        ("Disallow: /fran%C3%A7ais", "/français/x", False),
        ("Disallow: /français", "/fran%c3%a7ais/x", False),
        ("Disallow: /a%2Fb", "/a/b", True),  # an escaped slash is none
        ("Disallow: /%7Euser", "/~user", False),
        ("disallow : /x # a comment", "/x", False),
    ],
)
def test_rules(rules, path, allowed):
    assert parse(f"User-agent: *\n{rules}\n").allows(SITE + path) is allowed


def test_groups():
    text = """\ufeff# a file
    User-agent: Other
    Disallow: /other
    Crawl-delay: 60

    User-agent: CorpusAlign/2.0
    User-agent: third
    Disallow: /ours
    Crawl-delay: 2.5

    User-agent: *
    Disallow: /

    Sitemap: https://example.org/sitemap.xml
    User-agent: corpusalign
    Disallow: /also
    """
    robots = parse(text)
    assert (
        not robots.allows(f"{SITE}/ours")
        and not robots.allows(f"{SITE}/also")
        and robots.allows(f"{SITE}/other")
    )
    assert robots.delay == 2.5 and robots.sitemaps == ("https://example.org/sitemap.xml",)
    assert not parse(text, "unnamed").allows(f"{SITE}/page")


@pytest.mark.parametrize(
    "text", ["", "<html>Not found</html>", "Disallow: /", "User-agent: other\nDisallow: /", "\0:::"]
)
def test_what_closes_nothing(text):
    assert parse(text).allows(f"{SITE}/page")


@pytest.mark.parametrize("delay", ["x", "-1", "nan", "inf", ""])
def test_a_senseless_delay_is_none(delay):
    assert parse(f"User-agent: *\nCrawl-delay: {delay}\n").delay is None


def test_only_the_beginning_of_a_huge_file_is_read():
    assert parse("#" * MAX_BYTES + "\nUser-agent: *\nDisallow: /") == Robots()


@given(st.text("ab/*$", max_size=12), st.text("ab/$", max_size=12))
def test_matching_is_that_of_the_pattern_read_as_an_expression(pattern, path):
    body = pattern.removesuffix("$")
    expression = ".*".join(map(re.escape, body.split("*"))) + (r"\Z" if pattern.endswith("$") else "")
    assert matches(pattern, path) is (re.match(expression, path) is not None)


def test_a_hostile_pattern_ends():
    assert not matches("/" + "*a" * 5000 + "*b$", "/" + "a" * 100_000)


@given(st.text(max_size=300), st.text(max_size=50))
def test_any_text_is_read(text, path):
    assert parse(text).allows(f"{SITE}/{path}") in (True, False)
