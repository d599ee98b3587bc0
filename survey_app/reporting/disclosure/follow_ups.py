"""The follow-ups of a cell as they may be read."""

from collections.abc import Mapping, Sequence

from survey_app.definition.conditions import AnyAtMost, leaves
from survey_app.definition.kinds import kind_of
from survey_app.definition.model import BackgroundQuestion, Instrument
from survey_app.measurement.scoring import FollowUpColumn
from survey_app.measurement.statistics.arrays import FloatArray
from survey_app.measurement.suppression import is_nearly_unanimous, near_unanimity_share
from survey_app.measurement.tally import Tally

from .figures import (
    Cell,
    DisclosurePolicy,
    FollowUpFigures,
    HiddenCell,
    HiddenFollowUp,
    PublishableFollowUp,
    PublishableItem,
)
from .items import NamedItem

NamedFollowUp = tuple[str, FollowUpFigures]


def disclose_follow_ups(
    tally: Tally, instrument: Instrument, cell: Cell, items: Sequence[NamedItem], min_n: int, policy: DisclosurePolicy
) -> tuple[NamedFollowUp, ...]:
    """Return the follow-ups of a cell without small or nearly unanimous counts.

    How many people are asked a follow-up says how they answered the items that its condition names; so it is shown only
    where each of these is shown in full. No total is made of follow-ups, so none can be found by subtraction.
    """
    counts = tally.follow_up_counts[tally.rows_for_school(cell.school)].sum(axis=0)
    shown: dict[str, bool] = {name: isinstance(item, PublishableItem) for name, item in items}
    found: list[NamedFollowUp] = []
    for question in instrument.follow_up:
        if cell.audience not in question.audiences:
            continue
        raw = _count(question, tally.scoring.follow_ups, counts)
        may_be_read = policy is DisclosurePolicy.FULL or (
            not isinstance(cell, HiddenCell)
            and all(shown.get(name, True) for name in _named(question, instrument, cell.audience))
            and not _is_telling(question, raw, min_n)
        )
        shown[question.id] = may_be_read
        found.append((question.id, raw if may_be_read else HiddenFollowUp(raw.codes)))
    return tuple(found)


def _count(
    question: BackgroundQuestion, columns: tuple[FollowUpColumn, ...], counts: FloatArray
) -> PublishableFollowUp:
    codes = tuple(option.code for option in question.options)
    own = [(column, counts[place]) for place, column in enumerate(columns) if column.question == question.id]
    if kind_of(question).takes_several:
        chosen = tuple(int(found[0]) for _column, found in own)
        return PublishableFollowUp(codes, int(own[0][1][:2].sum()), chosen)
    ((_column, found),) = own
    by_code = tuple(int(count) for count in found[: len(codes)])
    return PublishableFollowUp(codes, sum(by_code), by_code)


def _named(question: BackgroundQuestion, instrument: Instrument, audience: str) -> set[str]:
    """The items and follow-ups that decide who is asked; questions before them decide with them."""
    questions = {entry.id: entry for entry in instrument.questions()}
    names: set[str] = set()
    waiting = [question.id]
    while waiting:
        condition = questions[waiting.pop()].show_if
        for leaf in leaves(condition) if condition else ():
            asked = [leaf.dimension] if isinstance(leaf, AnyAtMost) else []
            items = [item.id for dimension in instrument.dimensions if dimension.id in asked
                     for item in dimension.items_for(audience)]  # fmt: skip
            new = set(items if isinstance(leaf, AnyAtMost) else [leaf.question]) - names
            names |= new
            waiting += new
    return names


def _is_telling(question: BackgroundQuestion, raw: PublishableFollowUp, min_n: int) -> bool:
    """Whether the counts are of few people, or say of nearly everybody what they answered."""
    if raw.n == 0:
        return False
    if kind_of(question).takes_several:
        return raw.n < min_n or max(raw.counts) >= near_unanimity_share(raw.n) * raw.n - 1e-9
    return raw.n < min_n or is_nearly_unanimous(raw.counts)


def shown_follow_ups(follow_ups: Mapping[str, FollowUpFigures]) -> frozenset[str]:
    """Return the follow-ups whose answers the tables show, which single responses may show too."""
    return frozenset(name for name, figures in follow_ups.items() if isinstance(figures, PublishableFollowUp))
