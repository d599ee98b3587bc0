"""Of a raw school × audience, what may be read: the one place where figures of too few people are hidden."""

from survey_app.measurement.composite import INSPECTOR
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
    if policy is DisclosurePolicy.FULL or estimate.audience == INSPECTOR or estimate.received == 0:
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
    """Fewer people may have answered the overall item than the dimensions: they are as few as any others."""
    return PublishableDimension(
        dimension=estimate.dimension,
        n=estimate.n,
        index=estimate.index,
        unweighted_index=estimate.unweighted_index,
        rate=estimate.rate,
        satisfied=estimate.satisfied if estimate.satisfied.n >= min_n else NOBODY_ASKED,
        strata_count=len(estimate.groups),
        pooled_stratum=estimate.pooled_stratum,
        correlation=estimate.correlation,
        flags=estimate.flags,
    )


def _hide(estimate: SchoolAudienceEstimate) -> HiddenCell:
    return HiddenCell(
        school=estimate.school,
        audience=estimate.audience,
        instrument=estimate.instrument,
        population=estimate.population,
        received=estimate.received,
        respondents=estimate.respondents,
        flags=estimate.flags,
        dimension_names=tuple(dimension.dimension for dimension in estimate.estimates),
    )
