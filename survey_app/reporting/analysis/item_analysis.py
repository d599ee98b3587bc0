"""How the items of a dimension hang together, and which dimensions go with overall satisfaction."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.statistics.arrays import FloatArray
from survey_app.measurement.statistics.cross_products import CrossProducts
from survey_app.measurement.statistics.driver_intervals import driver_intervals
from survey_app.measurement.statistics.inequality import estimate_district_index
from survey_app.measurement.statistics.reliability import alpha, feldt_interval, item_rest_correlations, omega
from survey_app.measurement.suppression import is_nearly_unanimous
from survey_app.measurement.tally import Tally

from ..disclosure.figures import HiddenDimension, PublishableCell, PublishableDimension
from .models import ConsistencyFinding, Driver, DriverFinding, none_if_nan

MIN_PERSONS = 30  # fewer say nothing about how items hang together


@dataclass(frozen=True, slots=True)
class TallyFindings:
    """What the persons of all schools together tell about one instrument × audience."""

    consistency: tuple[ConsistencyFinding, ...]
    driver: DriverFinding | None


def tally_findings(tally: Tally, cells: Sequence[PublishableCell], settings: MeasurementSettings) -> TallyFindings:
    """Return the findings over the cells of this instrument × audience; others may be among ``cells``."""
    key = (tally.scoring.instrument, tally.scoring.audience)
    members = [cell for cell in cells if (cell.instrument, cell.audience) == key]
    return TallyFindings(
        tuple(consistency_findings(tally, members)),
        driver_finding(tally, members, settings.audience_min_n(tally.scoring.audience)),
    )


def consistency_findings(tally: Tally, cells: Sequence[PublishableCell]) -> Iterator[ConsistencyFinding]:
    """One finding a dimension of two items or more, over the persons of the cells that show the dimension."""
    for number, dimension in enumerate(tally.scoring.dimensions):
        schools = [cell.school for cell in cells if not isinstance(cell.dimensions[number], HiddenDimension)]
        rows = [row for school in schools for row in tally.rows_for_school(school)]
        items = tally.scoring.item_positions(dimension)
        cross_products = tally.item_cross_products(rows, dimension)
        persons = int(np.diag(cross_products.pair_counts).max(initial=0))
        if len(items) < 2 or persons < MIN_PERSONS:
            continue
        alpha_estimate, complete_n = alpha(cross_products), int(tally.complete_counts[rows, number].sum())
        limits = feldt_interval(alpha_estimate, complete_n, len(items)) if complete_n >= MIN_PERSONS else None
        yield ConsistencyFinding(
            instrument=tally.scoring.instrument, audience=tally.scoring.audience, dimension=dimension,
            persons=persons, complete=complete_n, alpha=none_if_nan(alpha_estimate),
            low=None if limits is None else none_if_nan(float(limits.low)),
            high=None if limits is None else none_if_nan(float(limits.high)), omega=_omega(cross_products),
            item_rest=tuple(_item_rest(tally, schools, items, item_rest_correlations(cross_products))),
        )  # fmt: skip


def _item_rest(
    tally: Tally, schools: Sequence[int], items: Sequence[int], correlations: FloatArray
) -> Iterator[tuple[str, float | None]]:
    """Blank where every school shows a range only: a figure that is there or not would say who was unanimous."""
    for item, correlation in zip(items, correlations, strict=True):
        scoring = tally.scoring.items[item]
        school_counts = (tally.counts[tally.rows_for_school(school), item].sum(axis=0) for school in schools)
        is_range = all(is_nearly_unanimous(counts[: len(scoring.codes)].tolist()) for counts in school_counts)
        yield scoring.id, None if is_range else none_if_nan(correlation)


def _omega(cross_products: CrossProducts) -> float | None:
    """None with fewer than three items, or where one factor cannot be found."""
    if len(cross_products.pair_counts) < 3:
        return None
    try:
        return none_if_nan(omega(cross_products))
    except ValueError:
        return None


def driver_finding(tally: Tally, cells: Sequence[PublishableCell], min_n: int) -> DriverFinding | None:
    """Importance within schools beside the index of each dimension; None if nobody may be shown.

    Importance is computed from the schools where ``least`` persons have a score of each dimension and the overall item.
    """
    if not cells:
        return None
    scoring = tally.scoring
    blank_finding = DriverFinding(scoring.instrument, scoring.audience)
    if scoring.overall_item_position is None:
        return _finding_without_drivers(blank_finding, "no_overall_item")
    school_products = [tally.dimension_cross_products(tally.rows_for_school(cell.school)) for cell in cells]
    school_products = [products for products in school_products if np.diag(products.pair_counts).min() >= min_n]
    persons = int(sum(products.pair_counts[0, 0] for products in school_products))
    if persons < MIN_PERSONS * len(scoring.dimensions):
        return _finding_without_drivers(blank_finding, "few_persons")
    try:
        intervals = driver_intervals(school_products)
    except ValueError:  # a dimension that does not vary, or repeats another
        return _finding_without_drivers(blank_finding, "no_variation")
    result = intervals.importance
    if not result.r_squared > 0:
        return _finding_without_drivers(blank_finding, "no_variation")
    shares = result.shares / result.r_squared
    drivers = tuple(
        Driver(
            name,
            performance,
            float(shares[number]),
            none_if_nan(float(intervals.low[number]) / result.r_squared),
            none_if_nan(float(intervals.high[number]) / result.r_squared),
            tuple(np.array(scoring.dimensions)[intervals.is_above[number]].tolist()),
        )
        for number, name in enumerate(scoring.dimensions)
        if (performance := _district_index(cells, number)) is not None
    )
    return DriverFinding(
        scoring.instrument, scoring.audience, drivers, result.r_squared, persons, len(school_products), result.method
    )


def _finding_without_drivers(finding: DriverFinding, reason: str) -> DriverFinding:
    return DriverFinding(finding.instrument, finding.audience, reason=reason)


def _district_index(cells: Sequence[PublishableCell], dimension: int) -> float | None:
    """The district's index of a dimension, schools weighted by enrolment (equally without a roster)."""
    figures = [cell.dimensions[dimension] for cell in cells]
    indices = [entry.index.points if isinstance(entry, PublishableDimension) else None for entry in figures]
    people = [cell.population for cell in cells]
    weights = people if any(people) else [1] * len(cells)
    mean = estimate_district_index(
        [math.nan if points is None else points for points in indices], [math.nan] * len(cells), weights
    )
    return none_if_nan(mean.index)
