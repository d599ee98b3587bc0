"""Importing again: the same questions keep their ids, codes and what people answered; what is new or gone is said.

Questions are recognised by their text, then by a text that is nearly the same; one of another kind is another question.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from survey_app.definition.condition_reader import ConditionError, read_condition
from survey_app.definition.conditions import Condition, leaves
from survey_app.definition.languages import Text
from survey_app.definition.model import RetiredId

from . import previous
from .draft import Draft, DraftItem, DraftOption, DraftScale, Entry, Fate, FormHead, Section
from .draft_names import FormNames, rename_condition
from .label_degrees import fold_label
from .previous import PreviousFile, PreviousQuestion

ALIKE = 0.75
ANSWERED = frozenset((
    "points_assigned", "points_unclear", "favourable_unclear", "favourable_missing", "reverse_wording",
    "condition_guessed", "skip_instruction", "number_needs_bands", "kind_guessed", "other_without_text_field",
    "audience_guessed", "audience_missing", "overall_guessed",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose text is no longer the same."""

    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Revision:
    """What importing again found, by ids; ``retired`` is proposed for those that are gone."""

    kept: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    retired: tuple[RetiredId, ...] = ()

    def written(self) -> dict[str, object]:
        """Return it as JSON."""
        changed = [{"id": change.id, "before": change.before, "after": change.after} for change in self.changed]
        return {"kept": list(self.kept), "changed": changed, "new": list(self.new), "gone": list(self.gone)}


def revise(draft: Draft, earlier: PreviousFile) -> tuple[Draft, Revision]:
    """Return the draft with ids, codes and answers of the earlier file, and what has changed.

    A source with several forms is left as it is: an earlier file is one form.
    """
    if len(draft.forms) != 1:
        return draft, Revision()
    pairs = _pairs(draft.items, earlier.questions())
    taken = {question.id for question in earlier.questions()} | {
        previous.words(entry.get("id")) for entry in previous.entries(earlier.content, "retired")
    }
    items = [
        _kept(item, pairs[index], earlier) if index in pairs else _fitted(item, _beside(index, pairs), earlier)
        for index, item in enumerate(draft.items)
    ]
    items = _free_names(items, pairs, taken)
    renamed = _with_conditions(draft.items, items, pairs)
    revision = _revision(draft.items, renamed, pairs, earlier)
    head = _head(draft.forms[0], earlier, revision)
    return _answered(replace(draft, forms=(head,), items=tuple(renamed)), pairs), revision


def _pairs(items: Sequence[DraftItem], questions: Sequence[PreviousQuestion]) -> dict[int, PreviousQuestion]:
    """Each item with the question that it was: equal texts first, then the most alike."""
    pairs: dict[int, PreviousQuestion] = {}
    free = list(questions)
    for index, item in enumerate(items):
        match = next(
            (q for q in free if q.kind == item.kind and fold_label(q.text) == fold_label(_first(item.text))), None
        )
        if match is not None and not item.is_left_out:
            pairs[index] = match
            free.remove(match)
    alike = [
        (SequenceMatcher(None, fold_label(question.text), fold_label(_first(item.text))).ratio(), -index, place)
        for index, item in enumerate(items)
        if index not in pairs and not item.is_left_out
        for place, question in enumerate(free)
        if question.kind == item.kind
    ]
    used: set[int] = set()
    for ratio, minus_index, place in sorted(alike, reverse=True):
        if ratio >= ALIKE and -minus_index not in pairs and place not in used:
            pairs[-minus_index] = free[place]
            used.add(place)
    return pairs


def _first(text: Text) -> str:
    return next(iter(text.values()), "")


def _kept(item: DraftItem, question: PreviousQuestion, earlier: PreviousFile) -> DraftItem:
    """The item as the earlier file has it; its text is that of the source, with translations while it is the same."""
    content = question.content
    earlier_text = previous.text(content.get("text"))
    is_same = earlier_text is not None and fold_label(_first(earlier_text)) == fold_label(_first(item.text))
    bands = tuple(
        int(value) for word in previous.names(content.get("bands")) if (value := previous.number(word)) is not None
    )
    required = previous.flag(content.get("required"))
    text_for = content.get("text_for") if isinstance(content.get("text_for"), dict) else {}
    return replace(
        item,
        name=question.id,
        text=earlier_text if is_same and earlier_text else item.text,
        concept=previous.words(content.get("concept")),
        help=previous.text(content.get("help")) or item.help,
        text_for={audience: said for audience, words in (text_for or {}).items() if (said := previous.text(words))},
        audiences=previous.names(content.get("audiences")) or item.audiences,
        required=item.required if item.required is not None else required,
        reverse=bool(previous.flag(content.get("reverse"))),
        private=previous.flag(content.get("private")) if "private" in content else item.private,
        bands=bands or item.bands,
        options=_options(item.options, previous.entries(content, "options")),
        scale=_scale(item.scale, earlier, previous.words(content.get("scale"))) if item.scale else None,
        section=_section(item.section, question, earlier),
    )


def _beside(index: int, pairs: Mapping[int, PreviousQuestion]) -> PreviousQuestion | None:
    """The nearest scored question of the earlier file, first among those before it."""
    scored = [place for place, question in pairs.items() if question.dimension]
    nearest = min(scored, key=lambda place: (place > index, abs(place - index)), default=None)
    return None if nearest is None else pairs[nearest]


def _fitted(item: DraftItem, neighbour: PreviousQuestion | None, earlier: PreviousFile) -> DraftItem:
    """A new item in the dimensions and with the scales that the earlier file has."""
    scale = item.scale
    if scale and not scale.numbers:
        for name in earlier.scales():
            fitted = _scale(scale, earlier, name)
            if fitted.name == name:
                scale = fitted
                break
    return replace(item, scale=scale, section=_section(item.section, neighbour if scale else None, earlier))


def _options(options: Sequence[DraftOption], earlier: Sequence[Mapping[str, Any]]) -> tuple[DraftOption, ...]:
    """Options with the codes that their labels had; new ones get codes that were not used."""
    by_label = {fold_label(previous.first_words(entry.get("label"))): entry for entry in earlier}
    used = {previous.words(entry.get("code")) for entry in earlier}
    fresh = (str(number) for number in range(1, len(options) + len(used) + 1) if str(number) not in used)
    out = []
    for option in options:
        entry = by_label.get(fold_label(_first(option.label)))
        code = previous.words(entry.get("code")) if entry else next(fresh) if earlier else option.code
        label = (previous.text(entry.get("label")) if entry else None) or option.label
        out.append(replace(option, code=code, label=label))
    return tuple(out)


def _scale(scale: DraftScale, earlier: PreviousFile, name: str) -> DraftScale:
    """The scale with the codes and points that people have confirmed, if its labels are still the same."""
    content = earlier.scales().get(name)
    if content is None:
        return scale
    if scale.numbers:
        start, end = previous.number(content.get("favourable_from")), previous.number(content.get("unfavourable_to"))
        favourable = int(start) if start is not None else scale.numbers.favourable_from
        unfavourable = int(end) if end is not None else scale.numbers.unfavourable_to
        numbers = replace(scale.numbers, favourable_from=favourable, unfavourable_to=unfavourable)
        return replace(scale, name=name, numbers=numbers)
    points = previous.entries(content, "points")
    labels = [fold_label(previous.first_words(point.get("label"))) for point in points]
    entry = content.get("not_applicable")
    same_na = bool(scale.not_applicable) == isinstance(entry, dict)
    if not same_na or labels != [fold_label(_first(option.label)) for option in scale.options]:
        return scale
    options = tuple(
        replace(
            option,
            code=previous.words(point.get("code")),
            label=previous.text(point.get("label")) or option.label,
            points=previous.number(point.get("points")),
            favourable=previous.flag(point.get("favourable")) if "favourable" in point else False,
        )
        for option, point in zip(scale.options, points, strict=True)
    )
    na = scale.not_applicable
    if na and isinstance(entry, dict):
        na = replace(na, code=previous.words(entry.get("code")), label=previous.text(entry.get("label")) or na.label)
    return replace(scale, options=options, not_applicable=na, name=name)


def _section(section: Section | None, question: PreviousQuestion | None, earlier: PreviousFile) -> Section | None:
    """The dimension of the same name, or of the question where the source has no heading."""
    named = section is not None and next(
        (
            dimension
            for dimension in previous.entries(earlier.content, "dimensions")
            if fold_label(previous.first_words(dimension.get("label"))) == fold_label(_first(section.label))
        ),
        None,
    )
    dimension = named or (question.dimension if question and section is None else None)
    label = previous.text(dimension.get("label")) if dimension else None
    if not dimension or label is None:
        return section
    lead = previous.text(dimension.get("lead"))
    return Section(label, previous.words(dimension.get("id")), previous.number(dimension.get("weight")), lead)


def _free_names(items: Sequence[DraftItem], pairs: Mapping[int, PreviousQuestion], taken: set[str]) -> list[DraftItem]:
    """New questions must not take an id that meant something else."""
    out, used = [], set(taken)
    for index, item in enumerate(items):
        name = item.name
        if index not in pairs and name in used:
            number = 2
            while f"{name}_{number}" in used:
                number += 1
            name = f"{name}_{number}"
        used.add(name)
        out.append(replace(item, name=name))
    return out


def _with_conditions(
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


def _revision(
    before: Sequence[DraftItem],
    items: Sequence[DraftItem],
    pairs: Mapping[int, PreviousQuestion],
    earlier: PreviousFile,
) -> Revision:
    changed = tuple(
        Change(question.id, question.text, _first(before[index].text))
        for index, question in sorted(pairs.items())
        if fold_label(question.text) != fold_label(_first(before[index].text))
    )
    kept_ids = {question.id for question in pairs.values()}
    gone = tuple(question.id for question in earlier.questions() if question.id not in kept_ids)
    new = tuple(item.name for index, item in enumerate(items) if index not in pairs and not item.is_left_out)
    version = previous.words(earlier.content.get("version"))
    retired = [
        RetiredId(previous.words(entry.get("id")), previous.words(entry.get("last_version")))
        for entry in previous.entries(earlier.content, "retired")
    ]
    retired += [RetiredId(name, version) for name in gone]
    kept = tuple(question.id for _index, question in sorted(pairs.items()))
    return Revision(kept, changed, new, gone, tuple(retired))


def _head(head: FormHead, earlier: PreviousFile, revision: Revision) -> FormHead:
    """What stands above the questions, with what people filled in; a change of questions asks for a new version."""
    content = earlier.content
    is_same = not (revision.changed or revision.new or revision.gone)
    grades = content.get("grades_from")
    title, intro = previous.text(content.get("title")), previous.text(content.get("intro"))
    return replace(
        head,
        name=previous.words(content.get("id")) or head.name,
        version=(previous.words(content.get("version")) if is_same else "") or head.version,
        audiences=previous.names(content.get("audiences")) or head.audiences,
        categories=previous.names(content.get("categories")) or head.categories,
        languages=previous.names(content.get("languages")) or head.languages,
        grades_from={key: previous.words(value) for key, value in grades.items()} if isinstance(grades, dict) else {},
        title=_same(title, head.title),
        intro=_same(intro, head.intro),
        retired=revision.retired,
        source={**_plain_words(content.get("source")), **head.source},
        accepted={**_reasons_that_stand(content.get("accepted"), revision), **head.accepted},
    )


def _plain_words(block: object) -> dict[str, str]:
    return (
        {str(key): said for key, value in block.items() if (said := previous.words(value))}
        if isinstance(block, dict)
        else {}
    )


def _reasons_that_stand(block: object, revision: Revision) -> dict[str, dict[str, str]]:
    """What somebody let stand, unless the question says something else now or is gone: then it is judged anew."""
    judged_anew = {change.id for change in revision.changed} | set(revision.gone)
    accepted = block if isinstance(block, dict) else {}
    return {
        name: reasons
        for name, rules in accepted.items()
        if name not in judged_anew and (reasons := _plain_words(rules))
    }


def _same(earlier: Text | None, now: Text | None) -> Text | None:
    """The earlier text with its translations, unless the source says something else now."""
    if earlier is None or (now is not None and fold_label(_first(now)) != fold_label(_first(earlier))):
        return now
    return earlier


def _answered(draft: Draft, pairs: Mapping[int, PreviousQuestion]) -> Draft:
    """The draft without asking again what the earlier file has answered."""
    lines = {index: item.place.line or item.place.row or 0 for index, item in enumerate(draft.items)}

    def is_answered(entry_code: str, line: int) -> bool:
        above = [index for index, start in lines.items() if start <= line]
        return entry_code in ANSWERED and (not line or (bool(above) and max(above, key=lambda i: lines[i]) in pairs))

    faults = tuple(
        fault
        for fault in draft.faults
        if not is_answered(fault.code, (fault.place.line or fault.place.row or 0) if fault.place else 0)
    )
    account = tuple(
        Entry(entry.place, Fate.TAKEN, entry.role)
        if entry.fate is Fate.ASKED and is_answered(entry.code, entry.place.line or entry.place.row or 0)
        else entry
        for entry in draft.account
    )
    return replace(draft, faults=faults, account=account)
