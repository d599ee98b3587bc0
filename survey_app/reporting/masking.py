"""What may be read of a cell: hidden figures are gone before anything is drawn."""

from dataclasses import dataclass, replace

from survey_app.measurement.distribution import ItemDistribution
from survey_app.measurement.estimate import CellEstimate, Estimate
from survey_app.measurement.method import Method
from survey_app.measurement.rates import Rate
from survey_app.measurement.strata import NOBODY, Index
from survey_app.measurement.suppression import hidden_parts

SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """The answers to one item; with ``hidden`` or ``unanimous`` the counts are not there any more."""

    concept: str
    codes: tuple[str, ...]
    distribution: ItemDistribution | None
    hidden: bool = False
    unanimous: bool = False
    rate_low: float | None = None
    rate_high: float | None = None


def masked(estimate: CellEstimate, method: Method) -> CellEstimate:
    """The cell without what concerns fewer people than may be shown.

    The answers of OVERALL are those of the dimensions together, so dimensions are hidden like the parts of a split:
    never one alone, or it could be found by subtraction.
    """
    if estimate.audience == "inspector" or estimate.received == 0:
        return estimate
    least = method.least_n(estimate.audience)
    dimensions = estimate.estimates[:-1]
    hidden = hidden_parts([found.n for found in dimensions], least) if estimate.overall.n >= least else frozenset()
    return replace(
        estimate,
        estimates=tuple(
            _emptied(found) if found.n < least or number in hidden else found
            for number, found in enumerate(estimate.estimates)
        ),
    )


def _emptied(estimate: Estimate) -> Estimate:
    return replace(
        estimate, n=0, index=Index(), plain=Index(), rate=Rate(), strata=(), whole=NOBODY,
        flags=frozenset({SUPPRESSED}),
    )  # fmt: skip


def is_hidden(estimate: Estimate) -> bool:
    return SUPPRESSED in estimate.flags


def masked_items(
    items: list[tuple[str, ItemFigures]], least: int, cell_shown: bool
) -> tuple[tuple[str, ItemFigures], ...]:
    """The items of a cell without small, subtractable or unanimous counts."""
    sizes = [figures.distribution.n if figures.distribution else 0 for _, figures in items]
    hidden = hidden_parts(sizes, least) if cell_shown else frozenset(range(len(items)))
    return tuple(
        (name, _without(figures) if number in hidden else _unanimous(figures))
        for number, (name, figures) in enumerate(items)
    )


def _without(figures: ItemFigures) -> ItemFigures:
    return replace(figures, distribution=None, hidden=True, rate_low=None, rate_high=None)


def _unanimous(figures: ItemFigures) -> ItemFigures:
    """Everybody chose one option: the share is said to be at least 95 % or at most 5 %, the counts are not shown."""
    found = figures.distribution
    if found is None or not found.is_unanimous:
        return figures
    low, high = (0.95, 1.0) if found.rate == 1.0 else (0.0, 0.05)
    return replace(figures, distribution=None, unanimous=True, rate_low=low, rate_high=high)
