"""What may be read of a cell: hidden figures are gone before anything is drawn."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey_app.measurement.estimate import CellEstimate, Estimate
from survey_app.measurement.item_distribution import ItemDistribution
from survey_app.measurement.rates import Rate
from survey_app.measurement.scoring import Scoring
from survey_app.measurement.settings import Method
from survey_app.measurement.strata import NOBODY, Index
from survey_app.measurement.suppression import Part, Worth, nearly_all, nearly_unanimous, withheld_parts
from survey_app.measurement.tally import Tally

SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """The answers to one item; with ``hidden`` or ``is_range`` the counts are not there any more."""

    concept: str
    codes: tuple[str, ...]
    distribution: ItemDistribution | None
    hidden: bool = False
    is_range: bool = False
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
    parts = [_dimension_part(found) for found in dimensions]
    hidden = withheld_parts(parts, least) if estimate.overall.n >= least else frozenset()
    return replace(
        estimate,
        estimates=tuple(
            _emptied(found) if found.n < least or number in hidden else found
            for number, found in enumerate(estimate.estimates)
        ),
    )


def _dimension_part(found: Estimate) -> Part:
    favourable, answers = found.rate.favourable, found.rate.answers
    return Part(found.n, {(True, 100.0): favourable, (False, 0.0): answers - favourable})


def _emptied(estimate: Estimate) -> Estimate:
    return replace(
        estimate, n=0, index=Index(), plain=Index(), rate=Rate(), strata=(), whole=NOBODY,
        flags=frozenset({SUPPRESSED}),
    )  # fmt: skip


def is_hidden(estimate: Estimate) -> bool:
    return SUPPRESSED in estimate.flags


def masked_items(
    items: Sequence[tuple[str, ItemFigures]], tally: Tally, cell: CellEstimate, least: int
) -> tuple[tuple[str, ItemFigures], ...]:
    """The items of a masked cell without small, subtractable or nearly unanimous counts.

    The answers of a dimension are those of its items together; so a hidden dimension hides its items, and in a shown
    one a small or nearly unanimous item takes another with it. The overall item belongs to no total.
    """
    if cell.audience != "inspector" and is_hidden(cell.overall):
        return tuple((name, _without(figures)) for name, figures in items)
    scoring, rows = tally.scoring, tally.rows_of(cell.school)
    places = {name: at for at, (name, _figures) in enumerate(items)}
    hidden: set[int] = set()
    for estimate in cell.estimates[:-1]:
        own = [places[scoring.items[row].id] for row in scoring.items_of(estimate.dimension)]
        parts = [_part(scoring, *items[at]) for at in own]
        together = tally.items_together(rows, estimate.dimension)
        withheld = range(len(own)) if is_hidden(estimate) else withheld_parts(parts, least, together)
        hidden |= {own[at] for at in withheld}
    return tuple(
        (name, _masked_item(figures, at in hidden, least)) for at, (name, figures) in enumerate(items)
    )  # fmt: skip


def _part(scoring: Scoring, name: str, figures: ItemFigures) -> Part:
    found = figures.distribution
    if found is None:
        return Part(0, {})
    item = next(item for item in scoring.items if item.id == name)
    answers: Counter[Worth] = Counter()
    for favourable, points, count in zip(item.favourable, item.points, found.counts, strict=True):
        answers[favourable, points] += count
    return Part(found.n, answers, nearly_unanimous(found.counts))


def _masked_item(figures: ItemFigures, is_withheld: bool, least: int) -> ItemFigures:
    found = figures.distribution
    if found is None or found.n == 0:
        return _without(figures) if is_withheld else figures
    if found.n >= least and nearly_unanimous(found.counts):
        return _range(figures, found)
    return _without(figures) if is_withheld or found.n < least else figures


def _without(figures: ItemFigures) -> ItemFigures:
    return replace(figures, distribution=None, hidden=True, rate_low=None, rate_high=None)


def _range(figures: ItemFigures, found: ItemDistribution) -> ItemFigures:
    """Nearly everybody chose one option: the rate is said to be at least 95 % or at most 5 %, counts are not shown."""
    most_are_favourable, share = found.rate is not None and found.rate > 0.5, nearly_all(found.n)
    low, high = (share, 1.0) if most_are_favourable else (0.0, round(1 - share, 2))
    return replace(figures, distribution=None, is_range=True, rate_low=low, rate_high=high)
