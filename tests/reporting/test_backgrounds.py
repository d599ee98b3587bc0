"""What rows say about their senders: never a combination of fewer people than may be shown."""

import random
from collections import Counter

import pytest

from survey_app.reporting.disclosure.responses import Background, background_of, coarsen_backgrounds


def published_sizes(valid: dict[Background, int], min_n: int) -> Counter[Background]:
    sizes: Counter[Background] = Counter()
    for raw, published in coarsen_backgrounds(valid, min_n).items():
        sizes[published] += valid[raw]
    return sizes


@pytest.mark.parametrize("seed", range(40))
def test_every_combination_has_enough_valid_persons(seed: int) -> None:
    """S4: 130 of 5,488 people were alone in school × audience × grade × lunch × after_school."""
    chance = random.Random(seed)
    people = Counter(
        (chance.choice("123456"), chance.choices(["yes", "no", ""], [8, 1, 1])[0], chance.choice("ab"))
        for _ in range(chance.randint(10, 300))
    )
    valid: dict[Background, int] = {raw: chance.choice([n, n, 0]) for raw, n in people.items()}
    if sum(valid.values()) < 10:
        valid[next(iter(valid))] += 10
    sizes = published_sizes(valid, 10)
    assert min(sizes.values()) >= 10
    assert sum(sizes.values()) == sum(valid.values())
    for raw, published in coarsen_backgrounds(valid, 10).items():
        assert all(value in ("", original) for value, original in zip(published, raw, strict=True))


def test_what_is_large_enough_is_kept() -> None:
    valid: dict[Background, int] = {("4", "yes"): 20, ("4", "no"): 20, ("5", "yes"): 20, ("5", "no"): 3}
    assert published_sizes(valid, 10) == {("4", "yes"): 20, ("4", "no"): 20, ("5", ""): 23}
    assert coarsen_backgrounds({}, 10) == {}


def test_teachers_have_no_background() -> None:
    assert background_of("teacher", "4", {"years": "long"}, ["years"]) == ("", "")
    assert background_of("parent", "4", {"years": "long"}, ["years"]) == ("4", "long")
