"""Relevance and conditions of LimeSurvey, with codes or numeric ids, as conditions here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from survey_app.definition.condition_reader import MAX_LENGTH
from survey_app.definition.conditions import Condition, leaves, to_source
from survey_app.definition.messages import Message, message

from ..draft import DraftItem, ItemKind, Place
from ..expression import Dialect, ExpressionError
from ..expression_condition import Subject, both, carry_expression
from .survey import LssGroup, LssQuestion, LssSurvey

_ENDINGS = ("", ".NAOK", ".value", ".code", ".valueNAOK")


class Remarks(Protocol):
    """Where faults go."""

    def ask(self, place: Place, code: str, text: Message, value: str = "") -> None: ...
    def leave(self, place: Place, code: str, text: Message, value: str = "") -> None: ...


@dataclass(slots=True)
class LssConditions:
    """Collects what the questions say about being asked, and reads it when all are known."""

    survey: LssSurvey
    remarks: Remarks
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)
    owners: dict[str, tuple[LssQuestion, LssGroup]] = field(default_factory=dict)

    def add(self, item: DraftItem, question: LssQuestion, group: LssGroup) -> None:
        texts = [group.relevance, question.relevance]
        if question.relevance in ("", "1") and question.conditions:
            texts.append(_expression_of(question))
        part = next((part for part in question.parts if item.name == f"{question.code}_{part.code}"), None)
        if part:
            texts.append(part.relevance)
        self.written[item.name] = tuple(text for text in texts if text.strip() not in ("", "1"))
        self.owners[item.name] = (question, group)

    def read(self, items: Sequence[DraftItem]) -> list[DraftItem]:
        """Return the items with their conditions; one that nobody can see is left out."""
        subjects: dict[str, Subject] = {}
        out: list[DraftItem] = []
        for item in items:
            if not item.is_left_out:
                item = self.one(item, subjects)
            if not item.is_left_out:
                subjects |= self.variables(item)
            out.append(item)
        return self.in_order(out)

    def one(self, item: DraftItem, subjects: dict[str, Subject]) -> DraftItem:
        condition: Condition | None = None
        for text in self.written.get(item.name, ()):
            try:
                carried = carry_expression(text, Dialect.LIMESURVEY, subjects)
            except ExpressionError as error:
                why = message("显示条件没有带过来（{why}），现在人人都会看到这一题", why=error.message)
                self.remarks.ask(item.place, "condition_not_carried", why, text)
                continue
            if carried.never:
                why = message("这个条件永远不成立，这一题没有人会看到")
                self.remarks.leave(item.place, "condition_never_holds", why, text)
                return replace(item, is_left_out=True)
            condition = both(condition, carried.condition)
        if condition and len(to_source(condition)) > MAX_LENGTH:
            why = message("显示条件没有带过来（{why}），现在人人都会看到这一题", why=message("条件写出来太长"))
            self.remarks.ask(item.place, "condition_not_carried", why)
            condition = None
        return replace(item, show_if=condition)

    def variables(self, item: DraftItem) -> dict[str, Subject]:
        """The names under which later expressions ask a question: by code or by ids, and with an ending."""
        question, group = self.owners[item.name]
        ids = f"{self.survey.sid}X{group.gid}X{question.qid}"
        found: dict[str, Subject] = {}
        if item.kind is ItemKind.CHOICES:
            for part in question.parts:
                subject = Subject(item.name, (part.code,), option=part.code)
                found |= dict.fromkeys((f"{question.code}_{part.code}", f"{ids}{part.code}"), subject)
        else:
            options = [*(item.scale.options if item.scale else item.options)]
            if item.scale and item.scale.not_applicable:
                options.append(item.scale.not_applicable)
            row = item.name.removeprefix(f"{question.code}_") if item.name != question.code else ""
            found = dict.fromkeys(
                (item.name, f"{ids}{row}"),
                Subject(item.name, tuple(o.name for o in options), is_number=item.kind is ItemKind.NUMBER),
            )
        return {
            name + ending: subject if "NAOK" in ending else replace(subject, gate=item.show_if)
            for name, subject in found.items()
            for ending in _ENDINGS
        }

    def in_order(self, items: list[DraftItem]) -> list[DraftItem]:
        """Background questions come first here, then scored ones, then what depends on them."""
        scored = {item.name for item in items if item.scale}
        out = []
        for item in items:
            asked = {getattr(leaf, "question", "") for leaf in leaves(item.show_if)} if item.show_if else set()
            is_closed = not item.scale and item.kind is not ItemKind.TEXT
            if is_closed and asked & scored:
                scored.add(item.name)
                item = replace(item, follow_up=True)
            elif item.scale and any(self.comes_later(name, item, items) for name in asked):
                text = message("条件问的“{name}”在表单上排在这一题后面", name="、".join(sorted(asked)))
                self.remarks.ask(item.place, "condition_forward", text)
                item = replace(item, show_if=None)
            out.append(item)
        return out

    @staticmethod
    def comes_later(name: str, item: DraftItem, items: list[DraftItem]) -> bool:
        """Whether a closed question that depends on scored answers decides about a scored one."""
        asked = next((one for one in items if one.name == name), None)
        if asked is None or asked.scale or not asked.show_if:
            return False
        scored = {one.name for one in items if one.scale}
        return bool({getattr(leaf, "question", "") for leaf in leaves(asked.show_if)} & scored)


def _expression_of(question: LssQuestion) -> str:
    """The rows of conditions as an expression: any scenario; in it all questions; of a question any value."""
    scenarios: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in question.conditions:
        name = row.get("cfieldname", "").lstrip("+")
        value = row.get("value", "").replace('"', "'")
        sign = row.get("method", "==").strip() or "=="
        scenarios[row.get("scenario", "1")][row.get("cqid", "")].append(f'{name}.NAOK {sign} "{value}"')
    return " or ".join(
        "(" + " and ".join("(" + " or ".join(values) + ")" for values in questions.values()) + ")"
        for questions in scenarios.values()
    )
