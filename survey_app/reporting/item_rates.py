"""How many are dissatisfied with each item of each school: gathered once a report, as triggers look at all of them."""

from collections.abc import Iterator, Sequence

from survey_app.assessment.trigger_facts import ItemRates

from .disclosure.figures import PublishableItem
from .wave_report import CellReport, SchoolReport


def item_rates(schools: Sequence[SchoolReport]) -> ItemRates:
    """Return those that may be read, school by school."""
    return ItemRates.of(
        {
            (school.school_id, audience): tuple(_dissatisfied(cell))
            for school in schools
            for audience, cell in school.cells.items()
        }
    )


def _dissatisfied(cell: CellReport) -> Iterator[tuple[str, int, int]]:
    for item, figures in cell.items:
        if isinstance(figures, PublishableItem) and figures.distribution.dissatisfied is not None:
            n = figures.distribution.n
            yield item, round(figures.distribution.dissatisfied * n), n
