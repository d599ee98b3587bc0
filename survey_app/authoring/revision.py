"""Importing again: the same questions keep their ids, codes and what people answered; what is new or gone is said.

Questions are recognised by their text, then by a text that is nearly the same; one of another kind is another question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from survey_app.definition.model import RetiredId

from . import previous
from .draft import Draft, DraftItem, Entry, Fate
from .kept_conditions import keep_conditions
from .kept_head import keep_head
from .kept_questions import first_of, fit_question, keep_question, question_beside
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

    @property
    def is_same(self) -> bool:
        """Whether nothing was changed, added or taken away."""
        return not (self.changed or self.new or self.gone)

    @property
    def judged_anew(self) -> frozenset[str]:
        """The questions that say something else now, or are gone."""
        return frozenset((*self.gone, *(change.id for change in self.changed)))

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
        keep_question(item, pairs[index], earlier)
        if index in pairs
        else fit_question(item, question_beside(index, pairs), earlier)
        for index, item in enumerate(draft.items)
    ]
    items = _free_names(items, pairs, taken)
    renamed = keep_conditions(draft.items, items, pairs)
    revision = _revision(draft.items, renamed, pairs, earlier)
    head = keep_head(draft.forms[0], earlier, revision.judged_anew, revision.is_same, revision.retired)
    return _answered(replace(draft, forms=(head,), items=tuple(renamed)), pairs), revision


def _pairs(items: Sequence[DraftItem], questions: Sequence[PreviousQuestion]) -> dict[int, PreviousQuestion]:
    """Each item with the question that it was: equal texts first, then the most alike."""
    pairs: dict[int, PreviousQuestion] = {}
    free = list(questions)
    for index, item in enumerate(items):
        match = next(
            (q for q in free if q.kind == item.kind and fold_label(q.text) == fold_label(first_of(item.text))), None
        )
        if match is not None and not item.is_left_out:
            pairs[index] = match
            free.remove(match)
    alike = [
        (_likeness(question.text, first_of(item.text)), -index, place)
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


def _likeness(one: str, other: str) -> float:
    """How much of two texts is the same, 0 where that cannot be enough: most pairs are dismissed by their lengths."""
    matcher = SequenceMatcher(None, fold_label(one), fold_label(other))
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


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


def _revision(
    before: Sequence[DraftItem],
    items: Sequence[DraftItem],
    pairs: Mapping[int, PreviousQuestion],
    earlier: PreviousFile,
) -> Revision:
    changed = tuple(
        Change(question.id, question.text, first_of(before[index].text))
        for index, question in sorted(pairs.items())
        if fold_label(question.text) != fold_label(first_of(before[index].text))
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
