"""What may be shown: nothing that lets a reader find out about fewer people than the limit."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .statistics.cross_products import CrossProducts

FEW, LEAST_OPEN = 20, 2  # below 20 people 5 % is nobody; people who must have answered a small part differently
Worth: TypeAlias = tuple[bool, float]


def hidden_parts(sizes: Sequence[int], least: int) -> frozenset[int]:
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
    >>> sorted(hidden_parts([40, 3, 25, 12], 10))
    [1, 3]
    """
    hidden = {part for part, size in enumerate(sizes) if 0 < size < least}
    while hidden and (len(hidden) == 1 or sum(sizes[part] for part in hidden) < least):
        shown = [part for part, size in enumerate(sizes) if part not in hidden and size > 0]
        if not shown:
            break
        hidden.add(min(shown, key=lambda part: (sizes[part], part)))
    return frozenset(hidden)


def nearly_all(people: int) -> float:
    """The share from which on only a range is shown: 95 %; below twenty people 90 %, because 5 % would be nobody.

    Examples
    --------
    >>> nearly_all(20), nearly_all(19)
    (0.95, 0.9)
    """
    return 0.95 if people >= FEW else 0.9


def nearly_unanimous(counts: Sequence[int]) -> bool:
    """Whether one option has the share :func:`nearly_all` of the answers or more.

    Then only a range is shown. If it were shown for exact unanimity alone, it would say that everybody agreed.

    Examples
    --------
    >>> nearly_unanimous([38, 2, 0]), nearly_unanimous([37, 3, 0]), nearly_unanimous([0, 0, 0])
    (True, False, False)
    """
    return sum(counts) > 0 and max(counts) >= nearly_all(sum(counts)) * sum(counts) - 1e-9


@dataclass(frozen=True, slots=True)
class Part:
    """One of several parts that the same people answered and whose total is published: the items of a dimension.

    Attributes
    ----------
    people : int
        Who answered it.
    answers : mapping
        Answers by what they are worth, (favourable, points): two that are worth the same are the same in every total.
    is_range : bool
        Whether only a range is shown, because it is :func:`nearly_unanimous`.
    """

    people: int
    answers: Mapping[Worth, int]
    is_range: bool = False

    def off_the_largest(self, other: "Part") -> int:
        """Answers to another part that are not worth what most answers to this one are."""
        largest = max(self.answers, key=lambda worth: self.answers[worth], default=None)
        return sum(count for worth, count in other.answers.items() if worth != largest)

    def open_answers(self) -> float:
        """How many answers of the largest kind its range leaves open."""
        return (1 - nearly_all(self.people)) * self.people - self.off_the_largest(self)

    def sides(self) -> frozenset[bool]:
        """Favourable, unfavourable, both or none."""
        return frozenset(worth[0] for worth, count in self.answers.items() if count)


def withheld_parts(parts: Sequence[Part], least: int, together: CrossProducts | None = None) -> frozenset[int]:
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
    >>> small = Part(4, {(True, 100.0): 4})
    >>> content, mixed = Part(30, {(True, 100.0): 28, (True, 75.0): 2}), Part(40, {(True, 100.0): 30, (False, 0.0): 10})
    >>> sorted(withheld_parts([small, content, mixed], 10))
    [0, 2]
    """
    split = _Split(parts, least, together)
    withheld = {at for at, part in enumerate(parts) if 0 < part.people < least or part.is_range}
    while withheld and not split.is_safe(withheld):
        shown = [at for at, part in enumerate(parts) if at not in withheld and part.people > 0]
        if not shown:
            break
        shown.sort(key=lambda at: (parts[at].people, at))
        serving = (at for at in shown if split.is_safe({*withheld, at}))
        withheld.add(next(serving, shown[0]))
    return frozenset(withheld)


@dataclass(frozen=True, slots=True)
class _Split:
    parts: Sequence[Part]
    least: int
    together: CrossProducts | None

    def is_safe(self, withheld: set[int]) -> bool:
        """Whether the sum of the withheld parts tells no more of any of them than may be told."""
        if len(withheld) < 2 or max(self.parts[at].people for at in withheld) < self.least:
            return False
        return all(self._is_covered(at, withheld - {at}) for at in withheld)

    def _is_covered(self, at: int, others: set[int]) -> bool:
        part, rest = self.parts[at], set(range(len(self.parts))) - {at}
        if part.people < self.least:
            wanted = float(LEAST_OPEN)
        elif part.is_range:
            wanted = part.open_answers()
        else:
            return True
        has_sides = len(self._sides({at, *others})) > 1 or len(self._sides({at, *rest})) < 2
        return has_sides and self._apart(at, others) >= min(wanted, self._apart(at, rest)) - 1e-9

    def _sides(self, parts: set[int]) -> frozenset[bool]:
        return frozenset[bool]().union(*(self.parts[at].sides() for at in parts))

    def _apart(self, at: int, others: set[int]) -> float:
        """People who answered this part and one of the others differently, at least."""
        return sum(self._two_apart(at, other) for other in others)

    def _two_apart(self, at: int, other: int) -> float:
        part, another = self.parts[at], self.parts[other]
        most = math.floor(another.open_answers() + 1e-9) if another.is_range else math.inf
        if self.together is None:
            return min(part.off_the_largest(another), most)
        both, sums = self.together.pairs[at, other], self.together.sums
        by_points = math.ceil(abs(sums[at, other] - sums[other, at]) / 100 - 1e-9)
        by_counts = part.off_the_largest(another) - (another.people - both) - part.off_the_largest(part)
        return float(max(0.0, min(max(by_points, by_counts), most)))
