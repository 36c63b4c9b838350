"""From edges between pages to groups: each page in one group at most, each language in a group once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from corpusalign.pair import Alone, Match, Pairing
from corpusalign.pair.address import same
from corpusalign.pair.evidence import Edge, edges
from corpusalign.pair.profile import Profile

_SAME = 0.8
"""Share of a page's longer blocks that another of its language holds word for word, to be a copy."""

_PARTLY_SAME = 0.3
"""The same for a page that says it is in another language than its text is: a translation hardly begun."""


def match(profiles: Sequence[Profile], alone: Sequence[Alone], min_score: float) -> Pairing:
    """Pair profiles; `alone` are pages left alone already.

    Edges are taken from the strongest down (competitive linking, Melamed 2000). One joins two groups where
    they have no language in common and the edges between them are, on average, not worse than half the least
    score.
    """
    reasons = _set_aside(profiles)
    by_language: dict[str, list[int]] = defaultdict(list)
    for number, profile in enumerate(profiles):
        if number not in reasons:
            by_language[profile.lang].append(number)
    known = {
        (edge.left, edge.right): edge
        for one, other in combinations(sorted(by_language), 2)
        for edge in edges(profiles, by_language[one], by_language[other])
    }
    groups = _linked_groups(profiles, known, min_score)
    matches = [_match(profiles, group, known) for group in groups if len(group) > 1]
    matches.sort(key=lambda found: -found.score)
    paired = {number for group in groups if len(group) > 1 for number in group}
    nearest = _nearest(known)
    left = [
        Alone(
            profile.url,
            profile.lang,
            reasons.get(number) or _why_alone(profiles, number, nearest, len(by_language)),
        )
        for number, profile in enumerate(profiles)
        if number not in paired
    ]
    return Pairing(tuple(matches), (*alone, *left))


def _set_aside(profiles: Sequence[Profile]) -> dict[int, str]:
    """Return the pages that are copies of another of the same language, with the reason.

    Where the markup or address of one of them says another language than its text is in, that one is the
    copy: a page that nobody has translated yet. Else the one stays that other pages name as a version.
    """
    holders: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    reasons: dict[int, str] = {}
    linked = {same(url) for profile in profiles for url in profile.alternates.values()}
    order = sorted(
        range(len(profiles)),
        key=lambda number: (_is_misdeclared(profiles[number]), not _is_named(profiles[number], linked)),
    )
    for number in order:
        profile = profiles[number]
        share = _PARTLY_SAME if _is_misdeclared(profile) else _SAME
        whole = sum(profile.blocks.values())
        shared = {
            holder: sum(length for digest, length in profile.blocks.items() if digest in held.blocks)
            for holder in _candidates(profile, share * whole, holders)
            for held in (profiles[holder],)
        }
        for holder, length in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            if length >= share * max(whole, sum(profiles[holder].blocks.values())):
                what = "is not translated: its text is" if _is_misdeclared(profile) else "has the text"
                reasons[number] = f"{what} that of {profiles[holder].url}"
                break
        else:
            for digest in profile.blocks:
                holders[profile.lang, digest].append(number)
    return reasons


def _candidates(
    profile: Profile, least: float, holders: Mapping[tuple[str, bytes], Sequence[int]]
) -> set[int]:
    """Return the pages that may hold `least` characters of a page's blocks, every one that does among them.

    Who holds so much holds one of the rarer blocks too, when the commonest are left out as far as they do not
    come up to it (prefix filtering, Chaudhuri et al. 2006): what stands on every page of a site makes none.
    """
    lists = [(holders.get((profile.lang, digest), ()), length) for digest, length in profile.blocks.items()]
    lists.sort(key=lambda one: -len(one[0]))
    found: set[int] = set()
    left_out = 0
    for numbers, length in lists:
        left_out += length
        if left_out >= least:
            found.update(numbers)
    return found


def _is_named(profile: Profile, linked: set[str]) -> bool:
    return any(same(name) in linked for name in (profile.url, *profile.names))


def _is_misdeclared(profile: Profile) -> bool:
    return profile.declared is not None and profile.declared != profile.lang


def _linked_groups(
    profiles: Sequence[Profile], known: dict[tuple[int, int], Edge], min_score: float
) -> list[list[int]]:
    group_of = {number: [number] for edge in known for number in edge}
    for edge in sorted(known.values(), key=lambda edge: (-edge.score, edge.left, edge.right)):
        if edge.score < min_score:
            break
        one, other = group_of[edge.left], group_of[edge.right]
        if one is other or {profiles[n].lang for n in one} & {profiles[n].lang for n in other}:
            continue
        between = [_score(known, left, right) for left in one for right in other]
        if sum(between) / len(between) < min_score / 2:
            continue
        one.extend(other)
        for number in other:
            group_of[number] = one
    return list({id(group): group for group in group_of.values()}.values())


def _score(known: dict[tuple[int, int], Edge], one: int, other: int) -> float:
    edge = known.get((one, other)) or known.get((other, one))
    return edge.score if edge else 0.0


def _match(profiles: Sequence[Profile], group: list[int], known: dict[tuple[int, int], Edge]) -> Match:
    members = sorted(group, key=lambda number: profiles[number].lang)
    found = [known.get((a, b)) or known.get((b, a)) for a, b in combinations(members, 2)]
    reasons = [
        f"{profiles[edge.left].lang}-{profiles[edge.right].lang}: {', '.join(edge.reasons)}"
        for edge in found
        if edge
    ]
    score = sum(edge.score for edge in found if edge) / len(found)
    versions = {profiles[number].lang: profiles[number].url for number in members}
    return Match(versions, score, tuple(reasons))


def _nearest(known: dict[tuple[int, int], Edge]) -> dict[int, tuple[float, int]]:
    nearest: dict[int, tuple[float, int]] = {}
    for edge in known.values():
        for here, there in ((edge.left, edge.right), (edge.right, edge.left)):
            nearest[here] = max(nearest.get(here, (0.0, there)), (edge.score, there))
    return nearest


def _why_alone(
    profiles: Sequence[Profile], number: int, nearest: dict[int, tuple[float, int]], languages: int
) -> str:
    if languages < 2 or number not in nearest:
        return "there is no page in another language"
    score, other = nearest[number]
    return f"no page is near enough; the nearest is {profiles[other].url} with {score:.2f}"
