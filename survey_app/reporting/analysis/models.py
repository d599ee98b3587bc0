"""What a wave says beyond its schools' figures, as frozen values; every figure is made of publishable cells only."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.measurement.statistics.change import TargetVerdict
from survey_app.measurement.statistics.rank_sets import Award

COMPOSITE = "composite"
MIN_RELIABILITY = 0.7  # median reliability of school means below which schools can hardly be told apart
RATE_TARGET = 0.85  # the promised satisfaction rate


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """A mean above the school, weighted by enrolment, with its error and 95 % interval; None is undefined."""

    points: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    schools: int = 0


@dataclass(frozen=True, slots=True)
class FunnelSchool:
    """Where a school stands among the others of its kind. ``z``: its distance from them in units of what errors and
    ordinary differences explain, ``p`` its two-sided probability; ``zone``: 0 inside the funnel, ±1 beyond 95 %,
    ±2 beyond 99.8 %."""

    school: int
    points: float
    se: float
    z: float
    zone: int
    shrinkage_estimate: float
    p: float = math.nan


@dataclass(frozen=True, slots=True)
class FunnelFinding:
    """The funnel of one category × audience (or composite); its limits are ``mean`` ± a multiple of √(SE² + ``tau2``).

    ``warning`` and ``alarm`` are the multiples for 95 % and 99.8 %, Student's t.
    """

    mean: float
    tau2: float
    warning: float
    alarm: float
    schools: tuple[FunnelSchool, ...]


@dataclass(frozen=True, slots=True)
class RateVerdict:
    """A verdict on the promised rate, by its whole interval of this year; see ``docs/method.md``.

    ``of_persons``: it is on satisfied persons (the overall item), otherwise on the satisfaction rate. ``tipping_odds``:
    from which selectivity of non-response it would fall, infinite if it cannot. ``needed``: about how many answers
    would decide, where it is undecided. ``bound``: the share is at least or at most so high, and all else is as if it
    were just so.
    """

    verdict: TargetVerdict
    share: float
    low: float
    high: float
    of_persons: bool
    tipping_odds: float
    needed: int | None = None
    bound: str = ""


@dataclass(frozen=True, slots=True)
class GroupFinding:
    """One category × audience, or its composites: mean, spread between schools, and how far they can be told apart."""

    category: str
    audience: str
    mean: WeightedMean
    inequality: float | None = None
    funnel: FunnelFinding | None = None
    reliability: float | None = None
    reliabilities: Mapping[int, float] = field(default_factory=dict)

    @property
    def has_low_reliability(self) -> bool:
        return self.reliability is not None and self.reliability < MIN_RELIABILITY


@dataclass(frozen=True, slots=True)
class ConsistencyFinding:
    """How well the items of a dimension hang together; None is undefined."""

    instrument: str
    audience: str
    dimension: str
    persons: int
    complete: int
    alpha: float | None
    low: float | None
    high: float | None
    omega: float | None
    item_rest: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True, slots=True)
class Driver:
    """A dimension: its index and its share (0–1) of what the dimensions explain of the overall item.

    ``low`` and ``high``: interval of the share; ``above``: dimensions that are told to be less important.
    """

    dimension: str
    performance: float
    importance: float
    low: float | None = None
    high: float | None = None
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DriverFinding:
    """The drivers of one instrument × audience; without ``drivers`` the ``ranking_reason`` says why."""

    instrument: str
    audience: str
    drivers: tuple[Driver, ...] = ()
    r_squared: float | None = None
    persons: int = 0
    schools: int = 0
    method: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AwardFinding:
    """Who would belong to the first ``places`` of a category beyond doubt, and who perhaps."""

    category: str
    quota: int
    certain: tuple[int, ...]
    possible: tuple[int, ...]
    likely: Mapping[int, float] = field(default_factory=dict)  # each school's P(rank ≤ places), a diagnostic


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything above and between the schools. ``lines``: (school, audience) to the verdict on the 85 % line."""

    district_means: Mapping[str, WeightedMean] = field(default_factory=dict)
    groups: tuple[GroupFinding, ...] = ()
    consistency: tuple[ConsistencyFinding, ...] = ()
    drivers: tuple[DriverFinding, ...] = ()
    awards: tuple[AwardFinding, ...] = ()
    rate_verdicts: Mapping[tuple[int, str], RateVerdict] = field(default_factory=dict)

    def group(self, category: str, audience: str) -> GroupFinding | None:
        return next((g for g in self.groups if (g.category, g.audience) == (category, audience)), None)

    def low_reliability_groups(self) -> tuple[GroupFinding, ...]:
        return tuple(group for group in self.groups if group.has_low_reliability)


def schools_with_award(awards: tuple[Award, ...], schools: tuple[int, ...], outcome: Award) -> tuple[int, ...]:
    return tuple(school for school, award in zip(schools, awards, strict=True) if award is outcome)


def none_if_nan(value: float) -> float | None:
    """None for what is undefined: a report has no NaN."""
    return float(value) if math.isfinite(value) else None
