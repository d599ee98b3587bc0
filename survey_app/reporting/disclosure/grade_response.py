"""Response by grade as it may be read: small grades are hidden, and a second one where it is only one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.definition.audiences import AUDIENCES

from .figures import Cell
from .live_counts import PublishedCount, RawCount, disclose_split, is_small_population


@dataclass(frozen=True, slots=True)
class GradeResponse:
    """How many of a grade were asked and counted; ``count.received`` is None where it is hidden."""

    grade: str
    count: PublishedCount


def disclose_grade_response(
    cell: Cell,
    people: Mapping[str, int],
    respondents: Sequence[tuple[str, int]],
    classes: Sequence[tuple[int, int]] = (),
) -> tuple[GradeResponse, ...]:
    """Return the response of each grade of the roster; nothing where there are not two that may be read.

    ``respondents``: persons counted by grade, also of grades that the roster does not have. ``classes`` are followed by
    their links while the wave is open: where one of them is small, the sum of its grade less the others would tell it.
    """
    if any(is_small_population(population) for population, _ballots in classes):
        return ()
    grades = [grade for grade in people if grade and people[grade]]
    if cell.received is None or not AUDIENCES[cell.audience].is_sample or len(grades) < 2:
        return ()
    came = dict(respondents)
    order = [*grades, *(grade for grade in came if grade not in grades)]
    whole = PublishedCount(cell.population, cell.respondents)
    parts = disclose_split(cell.audience, whole, [RawCount(people.get(name, 0), came.get(name, 0)) for name in order])
    found = tuple(GradeResponse(grade, part) for grade, part in zip(order, parts, strict=True) if grade in grades)
    return found if sum(one.count.received is not None for one in found) > 1 else ()
