"""Of a raw school × audience, what may be read: the one place where figures of too few people are hidden."""

from survey_app.definition.audiences import AUDIENCES
from survey_app.measurement.estimate import NOBODY_ASKED, DimensionEstimate, SchoolAudienceEstimate
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.suppression import ItemAnswers, suppress_items

from .figures import (
    Cell,
    DimensionFigures,
    DisclosurePolicy,
    HiddenCell,
    HiddenDimension,
    PublishableCell,
    PublishableDimension,
)
from .live_counts import is_small_population


def disclose_cell(
    estimate: SchoolAudienceEstimate,
    settings: MeasurementSettings,
    policy: DisclosurePolicy = DisclosurePolicy.PUBLIC,
) -> Cell:
    """Return the cell without what concerns fewer people than may be shown.

    The answers of OVERALL are those of the dimensions together, so dimensions are hidden like the parts of a split:
    never one alone, or it could be found by subtraction. Inspectors sign what they say, and where nobody answered
    there is nobody to protect.
    """
    nobody = estimate.received == 0 and not is_small_population(estimate.population)
    if policy is DisclosurePolicy.FULL or not AUDIENCES[estimate.audience].is_sample or nobody:
        return _publish(estimate, frozenset())
    min_n = settings.audience_min_n(estimate.audience)
    if estimate.overall.n < min_n:
        return _hide(estimate)
    dimensions = estimate.estimates[:-1]
    hidden = suppress_items([_dimension_part(dimension) for dimension in dimensions], min_n)
    small = {number for number, dimension in enumerate(dimensions) if dimension.n < min_n}
    return _publish(estimate, hidden | small, min_n)


def _dimension_part(estimate: DimensionEstimate) -> ItemAnswers:
    favourable, answers = estimate.rate.favourable, estimate.rate.answers
    return ItemAnswers(estimate.n, {(True, 100.0): favourable, (False, 0.0): answers - favourable})


def _publish(estimate: SchoolAudienceEstimate, hidden: frozenset[int], min_n: int = 0) -> PublishableCell:
    dimensions: tuple[DimensionFigures, ...] = tuple(
        HiddenDimension(dimension.dimension) if number in hidden else _publish_dimension(dimension)
        for number, dimension in enumerate(estimate.estimates[:-1])
    )
    return PublishableCell(
        school=estimate.school,
        audience=estimate.audience,
        instrument=estimate.instrument,
        population=estimate.population,
        received=estimate.received,
        respondents=estimate.respondents,
        flags=estimate.flags,
        dimensions=dimensions,
        overall=_publish_dimension(estimate.overall, min_n),
    )


def _publish_dimension(estimate: DimensionEstimate, min_n: int = 0) -> PublishableDimension:
    """Fewer people may have answered the overall item than the dimensions: they are as few as any others.

    Where the overall item is only shown as a range, so are the satisfied persons: they are its favourable answers.
    """
    satisfied = estimate.satisfied if estimate.satisfied.n >= min_n else NOBODY_ASKED
    flags = estimate.flags
    if min_n and satisfied.n and estimate.satisfied_range is not None:
        satisfied, flags = estimate.satisfied_range, flags | {"satisfied_range"}
    return PublishableDimension(
        dimension=estimate.dimension,
        n=estimate.n,
        index=estimate.index,
        unweighted_index=estimate.unweighted_index,
        rate=estimate.rate,
        satisfied=satisfied,
        strata_count=len(estimate.groups),
        correlation=estimate.correlation,
        flags=flags,
    )


def _hide(estimate: SchoolAudienceEstimate) -> HiddenCell:
    """Of a population that is small itself, not even how many came may be read, nor what depends on it."""
    is_small = is_small_population(estimate.population)
    return HiddenCell(
        school=estimate.school,
        audience=estimate.audience,
        instrument=estimate.instrument,
        population=estimate.population,
        received=None if is_small else estimate.received,
        respondents=None if is_small else estimate.respondents,
        flags=frozenset() if is_small else estimate.flags,
        dimension_names=tuple(dimension.dimension for dimension in estimate.estimates),
    )
