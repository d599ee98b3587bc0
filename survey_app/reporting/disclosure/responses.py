"""Which single responses may be read: none of a small cell, and no grade that would point to a few people."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.suppression import suppress_groups

ResponseCell = tuple[int, str, str]  # school, audience, structure hash


@dataclass(frozen=True, slots=True)
class ResponseDisclosure:
    """The cells that are left out, and in the others the grades that are blanked."""

    suppressed_cells: frozenset[ResponseCell]
    hidden_grades: Mapping[ResponseCell, frozenset[str]]

    def may_be_read(self, cell: ResponseCell) -> bool:
        return cell not in self.suppressed_cells

    def published_grade(self, cell: ResponseCell, grade: str) -> str:
        return "" if grade in self.hidden_grades.get(cell, ()) else grade


def disclose_responses(
    grades_by_cell: Mapping[ResponseCell, Counter[str]], settings: MeasurementSettings
) -> ResponseDisclosure:
    """Return what may be exported of responses that are counted by cell and grade."""
    suppressed, hidden = set(), {}
    for cell, grades in grades_by_cell.items():
        min_n = settings.audience_min_n(cell[1])
        if grades.total() < min_n:
            suppressed.add(cell)
        names = sorted(grades)
        hidden[cell] = frozenset(names[at] for at in suppress_groups([grades[name] for name in names], min_n))
    return ResponseDisclosure(frozenset(suppressed), hidden)
