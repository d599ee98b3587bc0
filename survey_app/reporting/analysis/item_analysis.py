"""How the items of a dimension hang together, and which dimensions go with overall satisfaction."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from survey_app.measurement.estimate import CellEstimate
from survey_app.measurement.statistics.arrays import FloatArray
from survey_app.measurement.statistics.cross_products import CrossProducts, covariance_within
from survey_app.measurement.statistics.drivers import importance
from survey_app.measurement.statistics.inequality import district_figure
from survey_app.measurement.statistics.reliability import alpha, feldt, item_rest_correlations, omega
from survey_app.measurement.suppression import nearly_unanimous
from survey_app.measurement.tally import Tally

from ..disclosure import is_hidden
from .models import Driver, DriverFinding, ScaleFinding

LEAST_PERSONS = 30  # fewer say nothing about how items hang together


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def scale_findings(tally: Tally, cells: Sequence[CellEstimate]) -> Iterator[ScaleFinding]:
    """One finding a dimension of two items or more, over the persons of the cells that show the dimension."""
    for number, dimension in enumerate(tally.scoring.dimensions):
        schools = [cell.school for cell in cells if not is_hidden(cell.estimates[number])]
        rows = [row for school in schools for row in tally.rows_of(school)]
        items = tally.scoring.items_of(dimension)
        together = tally.items_together(rows, dimension)
        persons = int(np.diag(together.pairs).max(initial=0))
        if len(items) < 2 or persons < LEAST_PERSONS:
            continue
        value, whole = alpha(together), int(tally.complete[rows, number].sum())
        limits = feldt(value, whole, len(items)) if whole >= LEAST_PERSONS else None
        yield ScaleFinding(
            instrument=tally.scoring.instrument, audience=tally.scoring.audience, dimension=dimension,
            persons=persons, complete=whole, alpha=_known(value),
            low=None if limits is None else _known(float(limits.low)),
            high=None if limits is None else _known(float(limits.high)), omega=_omega(together),
            item_rest=tuple(_item_rest(tally, schools, items, item_rest_correlations(together))),
        )  # fmt: skip


def _item_rest(
    tally: Tally, schools: Sequence[int], items: Sequence[int], correlations: FloatArray
) -> Iterator[tuple[str, float | None]]:
    """Blank where every school shows a range only: a figure that is there or not would say who was unanimous."""
    for item, correlation in zip(items, correlations, strict=True):
        scoring = tally.scoring.items[item]
        of_schools = (tally.counts[tally.rows_of(school), item].sum(axis=0) for school in schools)
        is_range = all(nearly_unanimous(counts[: len(scoring.codes)].tolist()) for counts in of_schools)
        yield scoring.id, None if is_range else _known(correlation)


def _omega(together: CrossProducts) -> float | None:
    """None with fewer than three items, or where one factor cannot be found."""
    if len(together.pairs) < 3:
        return None
    try:
        return _known(omega(together))
    except ValueError:
        return None


def driver_finding(tally: Tally, cells: Sequence[CellEstimate], least: int) -> DriverFinding | None:
    """Importance within schools beside the index of each dimension; None if nobody may be shown.

    Importance is computed from the schools where ``least`` persons have a score of each dimension and the overall item.
    """
    if not cells:
        return None
    scoring = tally.scoring
    empty = DriverFinding(scoring.instrument, scoring.audience)
    if scoring.overall_item is None:
        return _without(empty, "no_overall_item")
    schools = [tally.dimensions_together(tally.rows_of(cell.school)) for cell in cells]
    schools = [part for part in schools if np.diag(part.pairs).min() >= least]
    persons = int(sum(part.pairs[0, 0] for part in schools))
    if persons < LEAST_PERSONS * len(scoring.dimensions):
        return _without(empty, "few_persons")
    try:
        found = importance(covariance_within(schools))
    except ValueError:  # a dimension that does not vary, or repeats another
        return _without(empty, "no_variation")
    if not found.r_squared > 0:
        return _without(empty, "no_variation")
    shares = found.shares / found.r_squared
    drivers = tuple(
        Driver(name, performance, float(shares[number]))
        for number, name in enumerate(scoring.dimensions)
        if (performance := _performance(cells, number)) is not None
    )
    return DriverFinding(
        scoring.instrument, scoring.audience, drivers, found.r_squared, persons, len(schools), found.method
    )


def _without(finding: DriverFinding, reason: str) -> DriverFinding:
    return DriverFinding(finding.instrument, finding.audience, reason=reason)


def _performance(cells: Sequence[CellEstimate], dimension: int) -> float | None:
    """The district's index of a dimension, schools weighted by enrolment (equally without a roster)."""
    indices = [cell.estimates[dimension].index.points for cell in cells]
    people = [cell.population for cell in cells]
    weights = people if any(people) else [1] * len(cells)
    found = district_figure(
        [math.nan if points is None else points for points in indices], [math.nan] * len(cells), weights
    )
    return _known(found.index)
