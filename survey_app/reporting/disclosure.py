"""What may be read of a cell: hidden figures are gone before anything is drawn."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey_app.definition.audiences import AUDIENCES
from survey_app.measurement.estimate import DimensionEstimate, SchoolAudienceEstimate
from survey_app.measurement.item_distribution import ItemDistribution
from survey_app.measurement.rates import SatisfactionRate
from survey_app.measurement.scoring import Scoring
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.strata import EMPTY_STRATUM, IndexEstimate
from survey_app.measurement.suppression import (
    AnswerValue,
    ItemAnswers,
    is_nearly_unanimous,
    near_unanimity_share,
    suppress_items,
)
from survey_app.measurement.tally import Tally

SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """The answers to one item; with ``is_hidden`` or ``is_range`` the counts are not there any more."""

    concept: str
    codes: tuple[str, ...]
    distribution: ItemDistribution | None
    is_hidden: bool = False
    is_range: bool = False
    rate_low: float | None = None
    rate_high: float | None = None


def mask_cell(estimate: SchoolAudienceEstimate, settings: MeasurementSettings) -> SchoolAudienceEstimate:
    """The cell without what concerns fewer people than may be shown.

    The answers of OVERALL are those of the dimensions together, so dimensions are hidden like the parts of a split:
    never one alone, or it could be found by subtraction.
    """
    if not AUDIENCES[estimate.audience].is_sample or estimate.received == 0:
        return estimate
    min_n = settings.audience_min_n(estimate.audience)
    dimensions = estimate.estimates[:-1]
    parts = [_dimension_part(dimension_estimate) for dimension_estimate in dimensions]
    hidden_dimensions = suppress_items(parts, min_n) if estimate.overall.n >= min_n else frozenset()
    return replace(
        estimate,
        estimates=tuple(
            _suppress_estimate(dimension_estimate)
            if dimension_estimate.n < min_n or number in hidden_dimensions
            else dimension_estimate
            for number, dimension_estimate in enumerate(estimate.estimates)
        ),
    )


def _dimension_part(estimate: DimensionEstimate) -> ItemAnswers:
    favourable, answers = estimate.rate.favourable, estimate.rate.answers
    return ItemAnswers(estimate.n, {(True, 100.0): favourable, (False, 0.0): answers - favourable})


def _suppress_estimate(estimate: DimensionEstimate) -> DimensionEstimate:
    return replace(
        estimate,
        n=0,
        index=IndexEstimate(),
        unweighted_index=IndexEstimate(),
        rate=SatisfactionRate(),
        strata=(),
        pooled_stratum=EMPTY_STRATUM,
        flags=frozenset({SUPPRESSED}),
    )


def is_hidden(estimate: DimensionEstimate) -> bool:
    return SUPPRESSED in estimate.flags


def mask_items(
    items: Sequence[tuple[str, ItemFigures]], tally: Tally, cell: SchoolAudienceEstimate, min_n: int
) -> tuple[tuple[str, ItemFigures], ...]:
    """The items of a masked cell without small, subtractable or nearly unanimous counts.

    The answers of a dimension are those of its items together; so a hidden dimension hides its items, and in a shown
    one a small or nearly unanimous item takes another with it. The overall item belongs to no total.
    """
    if AUDIENCES[cell.audience].is_sample and is_hidden(cell.overall):
        return tuple((name, _suppress_item(figures)) for name, figures in items)
    scoring, rows = tally.scoring, tally.rows_for_school(cell.school)
    positions = {name: position for position, (name, _figures) in enumerate(items)}
    hidden_positions: set[int] = set()
    for estimate in cell.estimates[:-1]:
        dimension_positions = [positions[scoring.items[row].id] for row in scoring.item_positions(estimate.dimension)]
        parts = [_item_part(scoring, *items[position]) for position in dimension_positions]
        cross_products = tally.item_cross_products(rows, estimate.dimension)
        hidden_in_dimension = (
            range(len(dimension_positions)) if is_hidden(estimate) else suppress_items(parts, min_n, cross_products)
        )
        hidden_positions |= {dimension_positions[position] for position in hidden_in_dimension}
    return tuple(
        (name, _mask_item(figures, position in hidden_positions, min_n))
        for position, (name, figures) in enumerate(items)
    )


def _item_part(scoring: Scoring, name: str, figures: ItemFigures) -> ItemAnswers:
    distribution = figures.distribution
    if distribution is None:
        return ItemAnswers(0, {})
    item = next(item for item in scoring.items if item.id == name)
    answers: Counter[AnswerValue] = Counter()
    for favourable, points, count in zip(item.favourable, item.points, distribution.counts, strict=True):
        answers[favourable, points] += count
    return ItemAnswers(distribution.n, answers, is_nearly_unanimous(distribution.counts))


def _mask_item(figures: ItemFigures, must_hide: bool, min_n: int) -> ItemFigures:
    distribution = figures.distribution
    if distribution is None or distribution.n == 0:
        return _suppress_item(figures) if must_hide else figures
    if distribution.n >= min_n and is_nearly_unanimous(distribution.counts):
        return _to_rate_range(figures, distribution)
    return _suppress_item(figures) if must_hide or distribution.n < min_n else figures


def _suppress_item(figures: ItemFigures) -> ItemFigures:
    return replace(figures, distribution=None, is_hidden=True, rate_low=None, rate_high=None)


def _to_rate_range(figures: ItemFigures, distribution: ItemDistribution) -> ItemFigures:
    """Nearly everybody chose one option: the rate is said to be at least 95 % or at most 5 %, counts are not shown."""
    most_are_favourable, share = (
        distribution.rate is not None and distribution.rate > 0.5,
        near_unanimity_share(distribution.n),
    )
    low, high = (share, 1.0) if most_are_favourable else (0.0, round(1 - share, 2))
    return replace(figures, distribution=None, is_range=True, rate_low=low, rate_high=high)
