"""Several audiences of a school in one figure, weighted as the scheme says."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.definition.audiences import AUDIENCES

from .settings import MeasurementSettings
from .strata import IndexEstimate
from .two_errors import combine

__all__ = ["Component", "Composite", "estimate_composite", "is_publishable"]
MAX_RESPONSE_RATE = 1.05  # more answers than people beyond this: not ranked until the roster is amended


@dataclass(frozen=True, slots=True)
class Component:
    """One audience of a school: its OVERALL index, or None in ``index.points`` if it has no answers.

    ``verified`` says that nobody could vote twice (codes); ``measured_error`` that the raters' error of a signed
    evaluation was estimated and not assumed.
    """

    audience: str
    index: IndexEstimate
    n: int
    response_rate: float | None
    verified: bool = False
    measured_error: bool = False


@dataclass(frozen=True, slots=True)
class Composite:
    """The weighted figure of a school with its errors, and what is to be known about it."""

    index: IndexEstimate
    audiences: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()

    @property
    def is_comparable(self) -> bool:
        """Whether it is made of every scheduled audience, none of them over-counted: comparable with such others."""
        return self.index.points is not None and not self.flags & {"missing_audience", "overcount"}


def estimate_composite(
    components: Sequence[Component],
    weights: Mapping[str, float],
    minimum_response: Mapping[str, float],
    settings: MeasurementSettings,
) -> Composite:
    """Σ W·I / ΣW over the publishable audiences; errors of this year and of the level by :func:`~.two_errors.combine`.

    Parameters
    ----------
    components : sequence of Component
        The audiences that were asked at this school.
    weights : mapping
        Weight by audience for the school's category; an audience that is not listed is not assessed.
    minimum_response : mapping
        Response rate (0–1) below which an audience is flagged. It keeps its weight: a lower one would reward keeping
        people from answering.

    Notes
    -----
    An audience below ``min_n`` is left out, flag ``missing_audience``. Inspectors are not a sample: no ``min_n``, no
    sampling error in the raw errors √Σ (W/ΣW)²·se², the raters' error in both others. Audiences are never pooled by
    heads (Simpson 1951).
    """
    assessed = [component for component in components if weights.get(component.audience, 0) > 0]
    included = [component for component in assessed if is_publishable(component, settings)]
    missing = tuple(component.audience for component in assessed if component not in included)
    flags = {"missing_audience"} if missing else set()
    if any(_has_low_response(component, minimum_response) for component in included):
        flags.add("low_response")
    if any(not component.verified and AUDIENCES[component.audience].is_sample for component in included):
        flags.add("unverified")
    if any((component.response_rate or 0.0) > MAX_RESPONSE_RATE for component in included):
        flags.add("overcount")
    if any(not (AUDIENCES[component.audience].is_sample or component.measured_error) for component in included):
        flags.add("assumed_rater")
    index = _weighted_index(included, weights)
    return Composite(index, tuple(component.audience for component in included), frozenset(flags), missing)


def is_publishable(component: Component, settings: MeasurementSettings) -> bool:
    """Whether the component may be shown: an index of at least ``min_n`` persons, or a signed evaluation."""
    if component.index.points is None:
        return False
    return not AUDIENCES[component.audience].is_sample or component.n >= settings.audience_min_n(component.audience)


def _has_low_response(component: Component, minimum_response: Mapping[str, float]) -> bool:
    min_response = minimum_response.get(component.audience)
    return min_response is not None and component.response_rate is not None and component.response_rate < min_response


def _weighted_index(included: Sequence[Component], weights: Mapping[str, float]) -> IndexEstimate:
    total_weight = sum(weights[component.audience] for component in included)
    if total_weight <= 0:
        return IndexEstimate()
    shares = [weights[component.audience] / total_weight for component in included]
    points = sum(share * (component.index.points or 0.0) for share, component in zip(shares, included, strict=True))
    pairs = list(zip(shares, included, strict=True))
    se = _composite_error([(share, _component_error(component, corrected=False)) for share, component in pairs])
    corrected = _composite_error([(share, _component_error(component, corrected=True)) for share, component in pairs])
    errors = [(share, component.index.errors) for share, component in pairs]
    known = [(share, one) for share, one in errors if one is not None]
    index = IndexEstimate(points, se, corrected)
    return index.with_errors(combine(known)) if len(known) == len(errors) else index


def _component_error(component: Component, corrected: bool) -> float | None:
    if not AUDIENCES[component.audience].is_sample:
        return 0.0
    return component.index.se_corrected if corrected else component.index.se


def _composite_error(parts: Sequence[tuple[float, float | None]]) -> float | None:
    weighted_errors = [share * error for share, error in parts if error is not None]
    return (
        math.sqrt(math.fsum(weighted_error**2 for weighted_error in weighted_errors))
        if len(weighted_errors) == len(parts)
        else None
    )
