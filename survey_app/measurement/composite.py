"""Several audiences of a school in one figure, weighted as the scheme says."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .settings import Method
from .statistics.intervals import normal
from .strata import Index

INSPECTOR = "inspector"


@dataclass(frozen=True, slots=True)
class Component:
    """One audience of a school: its OVERALL index, or None in ``index.points`` if it has no answers.

    ``verified`` says that nobody could vote twice (codes); ``asked`` that the audience has an instrument and people.
    """

    audience: str
    index: Index
    n: int
    response_rate: float | None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Composite:
    """The weighted figure of a school with both errors, and what is to be known about it."""

    index: Index
    audiences: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()


def composite_of(
    components: Sequence[Component],
    weights: Mapping[str, float],
    minimum_response: Mapping[str, float],
    method: Method,
) -> Composite:
    """Σ W·I / ΣW over the publishable audiences; error √Σ (W/ΣW)²·SE².

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
    An audience below ``min_n`` is left out, flag ``missing_audience``. Inspectors are not a sample: error 0, no
    ``min_n``. Audiences are never pooled by heads (Simpson 1951).
    """
    assessed = [component for component in components if weights.get(component.audience, 0) > 0]
    present = [component for component in assessed if publishable(component, method)]
    missing = tuple(component.audience for component in assessed if component not in present)
    flags = {"missing_audience"} if missing else set()
    if any(_is_low(component, minimum_response) for component in present):
        flags.add("low_response")
    if any(not component.verified and component.audience != INSPECTOR for component in present):
        flags.add("unverified")
    index = _weighted(present, weights)
    return Composite(index, tuple(component.audience for component in present), frozenset(flags), missing)


def publishable(component: Component, method: Method) -> bool:
    """Whether the component may be shown: an index of at least ``min_n`` persons, or a signed evaluation."""
    if component.index.points is None:
        return False
    return component.audience == INSPECTOR or component.n >= method.least_n(component.audience)


def _is_low(component: Component, minimum_response: Mapping[str, float]) -> bool:
    least = minimum_response.get(component.audience)
    return least is not None and component.response_rate is not None and component.response_rate < least


def _weighted(present: Sequence[Component], weights: Mapping[str, float]) -> Index:
    whole = sum(weights[component.audience] for component in present)
    if whole <= 0:
        return Index()
    shares = [weights[component.audience] / whole for component in present]
    points = sum(share * (component.index.points or 0.0) for share, component in zip(shares, present, strict=True))
    se = _error([(share, _se(component, corrected=False)) for share, component in zip(shares, present, strict=True)])
    corrected = _error(
        [(share, _se(component, corrected=True)) for share, component in zip(shares, present, strict=True)]
    )
    if se is None:
        return Index(points)
    limits = normal(points, se)
    return Index(points, se, corrected, max(0.0, float(limits.low)), min(100.0, float(limits.high)))


def _se(component: Component, corrected: bool) -> float | None:
    if component.audience == INSPECTOR:
        return 0.0
    return component.index.se_corrected if corrected else component.index.se


def _error(parts: Sequence[tuple[float, float | None]]) -> float | None:
    known = [share * error for share, error in parts if error is not None]
    return math.sqrt(math.fsum(part**2 for part in known)) if len(known) == len(parts) else None
