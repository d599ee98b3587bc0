"""The conditions of a source that is imported again, over the ids and codes that were kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from survey_app.definition.condition_reader import ConditionError, read_condition
from survey_app.definition.conditions import Condition, leaves

from . import previous
from .draft import DraftItem, DraftOption
from .draft_names import FormNames, rename_condition
from .previous import PreviousQuestion


def keep_conditions(
    before: Sequence[DraftItem], items: Sequence[DraftItem], pairs: Mapping[int, PreviousQuestion]
) -> list[DraftItem]:
    """The conditions of the source over the ids that were kept; where it has none, that of the earlier file."""
    questions = {old.name: new.name for old, new in zip(before, items, strict=True)}
    codes = {old.name: dict(_codes(old, new)) for old, new in zip(before, items, strict=True)}
    renaming = FormNames({}, {}, {}, questions, codes)
    present = {item.name for item in items}
    out = []
    for index, item in enumerate(items):
        condition = rename_condition(item.show_if, renaming) if item.show_if else None
        if condition is None and index in pairs:
            condition = _earlier_condition(pairs[index], present)
        out.append(replace(item, show_if=condition))
    return out


def _codes(old: DraftItem, new: DraftItem) -> Iterator[tuple[str, str]]:
    for before, after in zip(_all_options(old), _all_options(new), strict=True):
        yield before.name, after.name


def _all_options(item: DraftItem) -> tuple[DraftOption, ...]:
    if not item.scale:
        return item.options
    return (*item.scale.options, *([item.scale.not_applicable] if item.scale.not_applicable else []))


def _earlier_condition(question: PreviousQuestion, present: set[str]) -> Condition | None:
    try:
        condition = read_condition(previous.words(question.content.get("show_if")))
    except ConditionError:
        return None
    asked = {getattr(leaf, "question", getattr(leaf, "item", "")) for leaf in leaves(condition)} - {""}
    return condition if asked <= present else None
