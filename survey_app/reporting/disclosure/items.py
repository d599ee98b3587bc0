"""The items of a cell as they may be read."""

from collections import Counter

from survey_app.measurement.item_distribution import ItemDistribution, build_item_distribution
from survey_app.measurement.scoring import Scoring
from survey_app.measurement.suppression import (
    AnswerValue,
    ItemAnswers,
    is_nearly_unanimous,
    near_unanimity_share,
    suppress_items,
)
from survey_app.measurement.tally import Tally

from .figures import (
    Cell,
    DisclosurePolicy,
    HiddenCell,
    HiddenDimension,
    HiddenItem,
    ItemFigures,
    ItemRange,
    PublishableItem,
)

NamedItem = tuple[str, ItemFigures]
_RawItem = tuple[str, PublishableItem]  # before anything is hidden; it does not leave this module


def disclose_items(tally: Tally, cell: Cell, min_n: int, policy: DisclosurePolicy) -> tuple[NamedItem, ...]:
    """Return the items of a cell without small, subtractable or nearly unanimous counts.

    The answers of a dimension are those of its items together; so a hidden dimension hides its items, and in a shown
    one a small or nearly unanimous item takes another with it. The overall item belongs to no total.
    """
    items = _count_items(tally, cell.school)
    if policy is DisclosurePolicy.FULL:
        return tuple(items)
    if isinstance(cell, HiddenCell):
        return tuple((name, _hide_item(item)) for name, item in items)
    scoring, rows = tally.scoring, tally.rows_for_school(cell.school)
    positions = {name: position for position, (name, _item) in enumerate(items)}
    hidden_positions: set[int] = set()
    for dimension in cell.dimensions:
        dimension_positions = [positions[scoring.items[row].id] for row in scoring.item_positions(dimension.dimension)]
        parts = [_item_part(scoring, *items[position]) for position in dimension_positions]
        cross_products = tally.item_cross_products(rows, dimension.dimension)
        hidden_in_dimension = (
            range(len(dimension_positions))
            if isinstance(dimension, HiddenDimension)
            else suppress_items(parts, min_n, cross_products)
        )
        hidden_positions |= {dimension_positions[position] for position in hidden_in_dimension}
    return tuple(
        (name, _disclose_item(item, position in hidden_positions, min_n)) for position, (name, item) in enumerate(items)
    )


def _count_items(tally: Tally, school: int) -> list[_RawItem]:
    counts = tally.counts[tally.rows_for_school(school)].sum(axis=0)
    return [
        (item.id, PublishableItem(item.concept, item.codes, build_item_distribution(item, counts[number])))
        for number, item in enumerate(tally.scoring.items)
        if item.asked
    ]


def _item_part(scoring: Scoring, name: str, raw_item: PublishableItem) -> ItemAnswers:
    distribution = raw_item.distribution
    item = next(item for item in scoring.items if item.id == name)
    answers: Counter[AnswerValue] = Counter()
    for favourable, points, count in zip(item.favourable, item.points, distribution.counts, strict=True):
        answers[favourable, points] += count
    return ItemAnswers(distribution.n, answers, is_nearly_unanimous(distribution.counts))


def _disclose_item(item: PublishableItem, must_hide: bool, min_n: int) -> ItemFigures:
    distribution = item.distribution
    if distribution.n == 0:
        return _hide_item(item) if must_hide else item
    if distribution.n >= min_n and is_nearly_unanimous(distribution.counts):
        return _to_range(item, distribution)
    return _hide_item(item) if must_hide or distribution.n < min_n else item


def _hide_item(item: PublishableItem) -> HiddenItem:
    return HiddenItem(item.concept, item.codes)


def _to_range(item: PublishableItem, distribution: ItemDistribution) -> ItemRange:
    """Nearly everybody chose one option: the rate is said to be at least 95 % or at most 5 %, counts are not shown."""
    most_are_favourable = distribution.rate is not None and distribution.rate > 0.5
    share = near_unanimity_share(distribution.n)
    low, high = (share, 1.0) if most_are_favourable else (0.0, round(1 - share, 2))
    return ItemRange(item.concept, item.codes, low, high)
