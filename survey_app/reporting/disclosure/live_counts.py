"""How many responses came, as it may be followed: one rule for pages, commands, tables and workbook.

Of fewer than ten people nobody may see who came. The number that is hidden must not be found by subtraction either: it
is in no total, and of the links of one school and audience a second one is hidden with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.definition.audiences import AUDIENCES
from survey_app.measurement.suppression import suppress_groups

MIN_POPULATION = 10  # smaller groups are not followed: who has answered would be known


@dataclass(frozen=True, slots=True)
class RawCount:
    """Responses of a group; ``population`` is 0 where the roster has no number."""

    population: int
    received: int


@dataclass(frozen=True, slots=True)
class PublishedCount:
    """The same as it may be read: ``received`` is None where it is hidden."""

    population: int
    received: int | None

    @property
    def is_small(self) -> bool:
        """Whether the group itself is small, rather than hidden for the sake of another."""
        return is_small_population(self.population)

    @property
    def share(self) -> float | None:
        return self.received / self.population if self.population and self.received is not None else None


def is_small_population(population: int) -> bool:
    return 0 < population < MIN_POPULATION


def disclose_count(audience: str, count: RawCount) -> PublishedCount:
    """Return the count of a school × audience. Inspectors sign, so they may be seen to have come."""
    is_hidden = AUDIENCES[audience].is_sample and _is_small(count)
    return PublishedCount(count.population, None if is_hidden else count.received)


def disclose_split(audience: str, whole: PublishedCount, parts: Sequence[RawCount]) -> list[PublishedCount]:
    """Return the counts of the links of a school × audience; ``whole`` may have more, on paper."""
    if not AUDIENCES[audience].is_sample:
        return [PublishedCount(part.population, part.received) for part in parts]
    hidden = suppress_groups([part.population or part.received for part in parts], MIN_POPULATION)
    return [
        PublishedCount(part.population, None if whole.received is None or number in hidden else part.received)
        for number, part in enumerate(parts)
    ]


def total_count(counts: Sequence[PublishedCount]) -> PublishedCount:
    """Return the sum of the counts that are shown; the others are left out with their people."""
    shown = [(count.population, count.received) for count in counts if count.received is not None]
    return PublishedCount(sum(people for people, _ in shown), sum(received for _, received in shown))


def _is_small(count: RawCount) -> bool:
    """Where the roster has no number, the responses are taken for it; that nobody came from there tells of nobody."""
    return 0 < (count.population or count.received) < MIN_POPULATION
