"""What a small group sent in cannot be worked out from any count that may be followed: by linear programme."""

import random

import numpy as np
import pytest
from scipy.optimize import linprog

from survey_app.reporting.disclosure.live_counts import (
    PublishedCount,
    RawCount,
    disclose_count,
    disclose_split,
    total_count,
)

Link = tuple[int, int]  # school, number of its link


def district(chance: random.Random) -> dict[int, list[RawCount]]:
    """Schools with classes of all sizes, among them some under ten, and schools that are small as a whole."""
    schools = {}
    for school in range(chance.randint(1, 6)):
        sizes = [chance.choice([0, 3, 8, 9, 10, 25, 43]) for _ in range(chance.randint(1, 6))]
        schools[school] = [RawCount(size, chance.randint(0, size or 12)) for size in sizes]
    return schools


def published(schools: dict[int, list[RawCount]]) -> list[tuple[list[Link], int]]:
    """Each count on a page, with the links whose sum it is: by link, by school, and for the district."""
    known: list[tuple[list[Link], int]] = []
    by_school: dict[int, PublishedCount] = {}
    for school, links in schools.items():
        raw = RawCount(sum(link.population for link in links), sum(link.received for link in links))
        whole = by_school[school] = disclose_count("parent", raw)
        if whole.received is not None:
            known.append(([(school, number) for number in range(len(links))], whole.received))
        for number, part in enumerate(disclose_split("parent", whole, links)):
            if part.received is not None:
                known.append(([(school, number)], part.received))
    shown = [(school, number) for school, count in by_school.items() if count.received is not None
             for number in range(len(schools[school]))]  # fmt: skip
    return [*known, (shown, total_count(list(by_school.values())).received or 0)]


def bounds(
    schools: dict[int, list[RawCount]], known: list[tuple[list[Link], int]], wanted: Link
) -> tuple[float, float]:
    """The least and the greatest count of a link that agree with everything."""
    links = [(school, number) for school, own in schools.items() for number in range(len(own))]
    place = {link: index for index, link in enumerate(links)}
    equal = np.zeros((len(known), len(links)))
    for row, (members, _count) in enumerate(known):
        equal[row, [place[link] for link in members]] = 1
    limits = [(0, schools[school][number].population or None) for school, number in links]
    ends = []
    for sign in (1, -1):
        cost = np.zeros(len(links))
        cost[place[wanted]] = sign
        end = linprog(cost, A_eq=equal, b_eq=[count for _members, count in known], bounds=limits, method="highs")
        assert end.status in (0, 3), end.message  # what is true is possible; without a number of people it has no end
        ends.append(sign * float(end.fun or 0.0) if end.status == 0 else np.inf)
    return ends[0], ends[1]


def is_small(count: RawCount) -> bool:
    return 0 < (count.population or count.received) < 10


@pytest.mark.parametrize("seed", range(40))
def test_no_hidden_count_follows_from_those_that_are_shown(seed: int) -> None:
    """K16, S-M6: a class under ten, and its neighbour, stay open by more than one answer."""
    schools = district(random.Random(seed))
    known = published(schools)
    for school, links in schools.items():
        for number, raw in enumerate(links):
            if is_small(raw):
                low, high = bounds(schools, known, (school, number))
                assert high - low >= 1, (school, number, schools)


def test_the_programme_finds_a_count_that_is_not_protected() -> None:
    """If only the small class were hidden, the total of the school would say what it is."""
    schools = {0: [RawCount(8, 5), RawCount(43, 40)]}
    everything = [([(0, 0), (0, 1)], 45), ([(0, 1)], 40)]
    assert bounds(schools, everything, (0, 0)) == (5, 5)
    low, high = bounds(schools, published(schools), (0, 0))
    assert high - low >= 1
