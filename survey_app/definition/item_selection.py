"""A smaller questionnaire of some items of another one: the same ids, texts and scales, so that answers compare."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from .conditions import AnyAtMost, leaves
from .kinds import Counting, kind_of
from .languages import Text
from .model import BackgroundQuestion, Dimension, Instrument, Item, Occasion, Question, Scale

_Asked = TypeVar("_Asked", Item, BackgroundQuestion)
_Value = TypeVar("_Value")
Keep = Mapping[str, frozenset[str]]  # ids of questions by audience


def select_items(instrument: Instrument, asked: Mapping[str, Iterable[str]], name: str, title: Text) -> Instrument:
    """Return the questionnaire with only these items, with the grade, the private questions and what shows an item.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire that was asked; its version and categories stay.
    asked : mapping of str to iterable of str
        The items by audience; an audience without items is not asked.
    name, title : str, Text
        Id and title of the smaller one.

    Raises
    ------
    ValueError
        If an audience or item is not asked by the questionnaire, or an audience keeps no item of a dimension: nothing
        could be scored then.

    Notes
    -----
    An item that only some see comes with the questions that decide who does, and other items among them. Private
    questions stay, because a school that is looked at again has all the more reason to tell people what to say. Other
    questions about the person, reasons and comments go.
    """
    keep = {audience: _with_conditions(instrument, audience, items) for audience, items in asked.items() if items}
    _check_asked(instrument, asked, keep)
    audiences = tuple(audience for audience in instrument.audiences if audience in keep)
    dimensions = [_dimension(dimension, keep) for dimension in instrument.dimensions]
    overall = instrument.overall and _only_for(instrument.overall, keep)
    background = [_only_for(question, keep) for question in instrument.background]
    smaller = replace(
        instrument, id=name, title=title, title_for={}, intro_for=_of(instrument.intro_for, audiences),
        audiences=audiences, grades_from=_of(instrument.grades_from, audiences),
        dimensions=tuple(dimension for dimension in dimensions if dimension.items),
        overall=overall if overall and overall.audiences else None,
        background=tuple(question for question in background if question.audiences),
        follow_up=(), comments=(), retired=(), accepted={}, source={}, occasion=Occasion.PULSE.value,
    )  # fmt: skip
    return replace(smaller, scales=_scales_in_use(smaller))


def items_of_audience(instrument: Instrument, audience: str) -> tuple[Item, ...]:
    """Return the scored items that an audience is asked, in the frozen order."""
    return tuple(item for item in instrument.scored_items() if audience in item.audiences)


def _with_conditions(instrument: Instrument, audience: str, items: Iterable[str]) -> frozenset[str]:
    """The ids to be asked: the items, what they depend on, what that depends on, the grade and private questions."""
    questions = {question.id: question for question in instrument.questions()}
    todo = [*items, *(one.id for one in instrument.background if audience in one.audiences and _always_stays(one))]
    keep: set[str] = set()
    while todo:
        if (name := todo.pop()) not in keep and name in questions:
            keep.add(name)
            todo += _names_in_condition(instrument, questions[name], audience)
    return frozenset(keep)


def _always_stays(question: BackgroundQuestion) -> bool:
    return question.private or kind_of(question).counting is Counting.STRATUM


def _names_in_condition(instrument: Instrument, question: Question, audience: str) -> list[str]:
    names: list[str] = []
    for leaf in leaves(question.show_if) if question.show_if else ():
        if isinstance(leaf, AnyAtMost):
            dimension = next(one for one in instrument.dimensions if one.id == leaf.dimension)
            names += [item.id for item in dimension.items_for(audience)]
        else:
            names.append(leaf.question)
    return names


def _check_asked(instrument: Instrument, asked: Mapping[str, Iterable[str]], keep: Keep) -> None:
    for audience, items in asked.items():
        known = {item.id for item in items_of_audience(instrument, audience)}
        if unknown := sorted(set(items) - known):
            raise ValueError(
                f"{instrument.id} does not ask {audience}: {', '.join(unknown)}. Choose items that it asks."
            )
    for audience, names in keep.items():
        if not any(item.id in names for dimension in instrument.dimensions for item in dimension.items_for(audience)):
            raise ValueError(f"{audience} is asked no item of a dimension, so nothing can be scored. Choose one more.")
    if not keep:
        raise ValueError("Nobody is asked anything. Choose at least one item.")


def _of(values: Mapping[str, _Value], audiences: Iterable[str]) -> dict[str, _Value]:
    chosen = set(audiences)
    return {audience: value for audience, value in values.items() if audience in chosen}


def _only_for(question: _Asked, keep: Keep) -> _Asked:
    """The question with the audiences that are still asked it; perhaps none."""
    audiences = tuple(audience for audience in question.audiences if question.id in keep.get(audience, ()))
    return replace(
        question, audiences=audiences, text_for=_of(question.text_for, audiences),
        help_for=_of(question.help_for, audiences),
    )  # fmt: skip


def _dimension(dimension: Dimension, keep: Keep) -> Dimension:
    items = tuple(item for item in (_only_for(one, keep) for one in dimension.items) if item.audiences)
    audiences = {audience for item in items for audience in item.audiences}
    return replace(
        dimension, items=items, label_for=_of(dimension.label_for, audiences),
        lead_for=_of(dimension.lead_for, audiences),
    )  # fmt: skip


def _scales_in_use(instrument: Instrument) -> tuple[Scale, ...]:
    used = {item.scale.id for item in instrument.scored_items()}
    return tuple(scale for scale in instrument.scales if scale.id in used)
