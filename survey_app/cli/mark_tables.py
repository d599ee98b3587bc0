"""The tables of marks that several commands print, by name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from survey_app.assessment.mark_report import MarkReport
from survey_app.reporting.tabular.mark_tables import (
    AWARD_COLUMNS,
    MARK_COLUMNS,
    PROPOSAL_COLUMNS,
    award_rows,
    mark_rows,
    proposal_rows,
)

Rows = Iterable[Mapping[str, Any]]
MARK_TABLES: dict[str, tuple[Sequence[str], Callable[[MarkReport], Rows]]] = {
    "marks": (MARK_COLUMNS, mark_rows),
    "awards": (AWARD_COLUMNS, award_rows),
    "proposals": (PROPOSAL_COLUMNS, proposal_rows),
}
