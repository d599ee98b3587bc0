"""What may be shown: nothing that lets a reader find out about fewer people than the limit."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .statistics.cross_products import CrossProducts

SMALL_GROUP_SIZE, MIN_UNCERTAIN_ANSWERS = (
    20,
    2,
)  # below 20 people 5 % is nobody; people who must have answered a small part differently
AnswerValue: TypeAlias = tuple[bool, float]


def suppress_groups(sizes: Sequence[int], min_n: int) -> frozenset[int]:
    """Which parts of a split inside a school × audience are hidden.

    A part below ``least`` is hidden. While exactly one part is hidden, or the hidden ones together are below
    ``least``, the smallest part that is still shown is hidden too, so that nothing can be found by subtraction. Parts
    without anybody hide nothing and are left alone.

    Parameters
    ----------
    sizes : sequence of int
        People (or answers) in each part.
    least : int
        ``min_n`` of the audience.

    Returns
    -------
    frozenset of int
        Positions of the hidden parts.

    Examples
    --------
    >>> sorted(suppress_groups([40, 3, 25, 12], 10))
    [1, 3]
    """
    hidden = {part for part, size in enumerate(sizes) if 0 < size < min_n}
    while hidden and (len(hidden) == 1 or sum(sizes[part] for part in hidden) < min_n):
        visible = [part for part, size in enumerate(sizes) if part not in hidden and size > 0]
        if not visible:
            break
        hidden.add(min(visible, key=lambda part: (sizes[part], part)))
    return frozenset(hidden)


def near_unanimity_share(respondents: int) -> float:
    """The share from which on only a range is shown: 95 %; below twenty people 90 %, because 5 % would be nobody.

    Examples
    --------
    >>> near_unanimity_share(20), near_unanimity_share(19)
    (0.95, 0.9)
    """
    return 0.95 if respondents >= SMALL_GROUP_SIZE else 0.9


def is_nearly_unanimous(counts: Sequence[int]) -> bool:
    """Whether one option has the share :func:`near_unanimity_share` of the answers or more.

    Then only a range is shown. If it were shown for exact unanimity alone, it would say that everybody agreed.

    Examples
    --------
    >>> is_nearly_unanimous([38, 2, 0]), is_nearly_unanimous([37, 3, 0]), is_nearly_unanimous([0, 0, 0])
    (True, False, False)
    """
    return sum(counts) > 0 and max(counts) >= near_unanimity_share(sum(counts)) * sum(counts) - 1e-9


@dataclass(frozen=True, slots=True)
class ItemAnswers:
    """One of several parts that the same people answered and whose total is published: the items of a dimension.

    Attributes
    ----------
    people : int
        Who answered it.
    answers : mapping
        Answers by what they are worth, (favourable, points): two that are worth the same are the same in every total.
    is_range : bool
        Whether only a range is shown, because it is :func:`is_nearly_unanimous`.
    """

    respondents: int
    answer_counts: Mapping[AnswerValue, int]
    is_range: bool = False

    def count_outside_mode(self, other: "ItemAnswers") -> int:
        """Answers to another part that are not worth what most answers to this one are."""
        mode = max(self.answer_counts, key=lambda worth: self.answer_counts[worth], default=None)
        return sum(count for worth, count in other.answer_counts.items() if worth != mode)

    def uncertain_answers(self) -> float:
        """How many answers of the largest kind its range leaves open."""
        return (1 - near_unanimity_share(self.respondents)) * self.respondents - self.count_outside_mode(self)

    def favourable_values(self) -> frozenset[bool]:
        """Favourable, unfavourable, both or none."""
        return frozenset(worth[0] for worth, count in self.answer_counts.items() if count)


def suppress_items(
    items: Sequence[ItemAnswers], min_n: int, cross_products: CrossProducts | None = None
) -> frozenset[int]:
    """Which parts whose total is published are not shown in full.

    A part of fewer than ``least`` people is hidden, of one that is nearly unanimous only a range is shown. Whoever
    subtracts the shown parts from the total then knows the sum of those two kinds. So shown parts are hidden too, the
    smallest that serves first, until that sum has at least two parts and ``least`` people, and until people answered a
    small part and the others differently, at least two, and a nearly unanimous part and the others so many that
    no more of its answers are certain than the range says. If a person's answers to two parts change places, no
    total changes, so no total tells whether they did. Where people do not differ so much, the total itself says so,
    and the last part is hidden for nothing.

    Parameters
    ----------
    parts : sequence of Part
    least : int
        ``min_n`` of the audience.
    together : CrossProducts, optional
        Points of the parts over the people who answered both; tells how many answered differently for certain. Without
        it the counts of the parts are taken for it.

    Returns
    -------
    frozenset of int
        Positions of the parts that are hidden or shown as a range.

    Notes
    -----
    Complementary suppression with swapping as the proof of protection: Duncan, Elliot and Salazar-González (2011),
    Statistical Confidentiality, chapters 4 and 5.

    Examples
    --------
    >>> small = ItemAnswers(4, {(True, 100.0): 4})
    >>> content = ItemAnswers(30, {(True, 100.0): 28, (True, 75.0): 2})
    >>> mixed = ItemAnswers(40, {(True, 100.0): 30, (False, 0.0): 10})
    >>> sorted(suppress_items([small, content, mixed], 10))
    [0, 2]
    """
    check = _SuppressionCheck(items, min_n, cross_products)
    suppressed = {at for at, item in enumerate(items) if 0 < item.respondents < min_n or item.is_range}
    while suppressed and not check.is_safe(suppressed):
        visible = [at for at, item in enumerate(items) if at not in suppressed and item.respondents > 0]
        if not visible:
            break
        visible.sort(key=lambda at: (items[at].respondents, at))
        sufficient = (at for at in visible if check.is_safe({*suppressed, at}))
        suppressed.add(next(sufficient, visible[0]))
    return frozenset(suppressed)


@dataclass(frozen=True, slots=True)
class _SuppressionCheck:
    items: Sequence[ItemAnswers]
    min_n: int
    cross_products: CrossProducts | None

    def is_safe(self, suppressed: set[int]) -> bool:
        """Whether the sum of the withheld parts tells no more of any of them than may be told."""
        if len(suppressed) < 2 or max(self.items[at].respondents for at in suppressed) < self.min_n:
            return False
        return all(self._is_protected(at, suppressed - {at}) for at in suppressed)

    def _is_protected(self, at: int, others: set[int]) -> bool:
        item, other_positions = self.items[at], set(range(len(self.items))) - {at}
        if item.respondents < self.min_n:
            required = float(MIN_UNCERTAIN_ANSWERS)
        elif item.is_range:
            required = item.uncertain_answers()
        else:
            return True
        has_sides = (
            len(self._favourable_values({at, *others})) > 1 or len(self._favourable_values({at, *other_positions})) < 2
        )
        return (
            has_sides
            and self._min_differences(at, others) >= min(required, self._min_differences(at, other_positions)) - 1e-9
        )

    def _favourable_values(self, positions: set[int]) -> frozenset[bool]:
        return frozenset[bool]().union(*(self.items[at].favourable_values() for at in positions))

    def _min_differences(self, at: int, others: set[int]) -> float:
        """People who answered this part and one of the others differently, at least."""
        return sum(self._min_pair_differences(at, other) for other in others)

    def _min_pair_differences(self, at: int, other: int) -> float:
        item, other_item = self.items[at], self.items[other]
        max_differences = math.floor(other_item.uncertain_answers() + 1e-9) if other_item.is_range else math.inf
        if self.cross_products is None:
            return min(item.count_outside_mode(other_item), max_differences)
        common_respondents, sums = self.cross_products.pair_counts[at, other], self.cross_products.sums
        by_points = math.ceil(abs(sums[at, other] - sums[other, at]) / 100 - 1e-9)
        by_counts = (
            item.count_outside_mode(other_item)
            - (other_item.respondents - common_respondents)
            - item.count_outside_mode(item)
        )
        return float(max(0.0, min(max(by_points, by_counts), max_differences)))
