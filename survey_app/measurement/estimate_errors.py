"""The errors of an estimate, of this year and of the level: made with what cells of one kind tell of each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from survey_app.definition.audiences import AUDIENCES

from .estimate import DimensionEstimate, SchoolAudienceEstimate
from .group_sums import GroupSums, index_group, rate_groups, satisfied_group
from .rates import SatisfiedPersons
from .settings import MeasurementSettings
from .statistics.dispersion import ScaledChiSquarePrior
from .strata import IndexEstimate
from .two_errors import BINOMIAL, TwoErrors, estimate_two_errors, fit_dispersion_prior, without_sampling


@dataclass(frozen=True, slots=True)
class DispersionPriors:
    """Priors of the dispersion of indices and of rates, by dimension."""

    index: Mapping[str, ScaledChiSquarePrior]
    rate: Mapping[str, ScaledChiSquarePrior]


def fit_priors(own: Iterable[DimensionEstimate], wider: Iterable[DimensionEstimate] = ()) -> DispersionPriors:
    """Return what cells of one kind may borrow, from the dimensions of them that are shown; see ``docs/method.md``.

    Parameters
    ----------
    own, wider : iterable of DimensionEstimate
        Of the category × audience, and of the audience in all categories, which serves where the first is too small.
    """
    own_by_name, wider_by_name = _by_dimension(own), _by_dimension(wider)
    names = own_by_name.keys() | wider_by_name.keys()
    index, rate = {}, {}
    for name in names:
        kinds = [by_name.get(name, []) for by_name in (own_by_name, wider_by_name)]
        index[name] = fit_dispersion_prior(*([[index_group(group) for group in one.groups] for one in kind]
                                             for kind in kinds))  # fmt: skip
        rate[name] = fit_dispersion_prior(*([rate_groups(one.groups) for one in kind] for kind in kinds))
    return DispersionPriors(index, rate)


def _by_dimension(estimates: Iterable[DimensionEstimate]) -> dict[str, list[DimensionEstimate]]:
    result: dict[str, list[DimensionEstimate]] = {}
    for estimate in estimates:
        if estimate.n > 0:
            result.setdefault(estimate.dimension, []).append(estimate)
    return result


def with_errors(
    cell: SchoolAudienceEstimate,
    priors: DispersionPriors,
    settings: MeasurementSettings,
    correlations: Mapping[str, float] = MappingProxyType({}),
    class_size: float | None = None,
) -> SchoolAudienceEstimate:
    """Return the cell with the errors of this year and of the level.

    Parameters
    ----------
    cell : SchoolAudienceEstimate
    priors : DispersionPriors
        What cells of its kind may borrow.
    settings : MeasurementSettings
    correlations : mapping of str to float
        The measured correlation of persons of one class by dimension; where there is none the assumed one of the
        settings, with a flag.
    class_size : float, optional
        Σm²/Σm of the classes that answered; ``class_size`` of the settings × response rate otherwise.
    """
    if not AUDIENCES[cell.audience].is_sample:
        return replace(cell, estimates=tuple(_with_rater_error(one, settings) for one in cell.estimates))
    assumed = settings.correlation_in_classes(cell.audience)
    rate = min(1.0, cell.response_rate or 1.0)
    size = max(1.0, settings.class_size * rate) if class_size is None else class_size

    def context(dimension: str) -> _ErrorContext:
        flags = frozenset({"assumed_correlation"} if dimension not in correlations and assumed > 0 else ())
        correlation = correlations.get(dimension, assumed)
        return _ErrorContext(cell.response_rate, settings.nonresponse, correlation, size, flags)

    return replace(cell, estimates=tuple(context(one.dimension).apply(one, priors) for one in cell.estimates))


def _with_rater_error(estimate: DimensionEstimate, settings: MeasurementSettings) -> DimensionEstimate:
    """Inspectors are no sample: a figure without an interval of its own, whose error is that of its raters."""
    if estimate.index.points is None:
        return estimate
    errors = without_sampling(estimate.index.points / 100, settings.rater_sd / 100 / max(1, estimate.n) ** 0.5)
    index = IndexEstimate(estimate.index.points, errors=errors)
    return replace(estimate, index=index, flags=estimate.flags | {"assumed_rater"})


@dataclass(frozen=True, slots=True)
class _ErrorContext:
    response_rate: float | None
    nonresponse: float
    correlation: float
    class_size: float
    flags: frozenset[str]

    def apply(self, estimate: DimensionEstimate, priors: DispersionPriors) -> DimensionEstimate:
        if estimate.n == 0:
            return estimate
        index_prior = priors.index.get(estimate.dimension) or fit_dispersion_prior([])
        rate_prior = priors.rate.get(estimate.dimension) or fit_dispersion_prior([])
        groups = [index_group(group) for group in estimate.groups]
        index_errors = estimate_two_errors(
            groups, index_group(estimate.together), index_prior, self.response_rate, self.nonresponse,
            self.class_size, self.correlation,
        )  # fmt: skip
        flags = estimate.flags | self.flags
        if index_errors is not None and index_errors.is_borrowed:
            flags |= {"borrowed"}
        return replace(
            estimate,
            index=estimate.index.with_errors(index_errors),
            rate=estimate.rate.with_errors(self._rate_errors(estimate, rate_prior)),
            satisfied=estimate.satisfied.with_errors(self._satisfied_errors(estimate.satisfied)),
            satisfied_range=estimate.satisfied_range
            and estimate.satisfied_range.with_errors(self._satisfied_errors(estimate.satisfied_range)),
            correlation=self.correlation,
            flags=flags,
        )

    def _rate_errors(self, estimate: DimensionEstimate, prior: ScaledChiSquarePrior) -> TwoErrors | None:
        together = rate_groups([estimate.together])
        if estimate.rate.share is None or not together:
            return None
        return estimate_two_errors(
            rate_groups(estimate.groups), together[0], prior, self.response_rate, self.nonresponse,
            self.class_size, self.correlation, estimate.rate.share,
        )  # fmt: skip

    def _satisfied_errors(self, satisfied: SatisfiedPersons) -> TwoErrors | None:
        if satisfied.share is None:
            return None
        together = satisfied_group(sum(satisfied.groups, GroupSums()))
        return estimate_two_errors(
            [satisfied_group(group) for group in satisfied.groups], together, BINOMIAL, self.response_rate,
            self.nonresponse, self.class_size, self.correlation,
        )  # fmt: skip
