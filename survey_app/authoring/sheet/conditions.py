"""The second pass over the questions of a workbook: conditions, and the texts that only specify "other"."""

import re
from collections.abc import Mapping
from dataclasses import replace

from survey_app.definition.condition_reader import MAX_LENGTH as MAX_CONDITION
from survey_app.definition.condition_reader import ConditionError, read_condition
from survey_app.definition.conditions import Comparison, Condition, leaves, to_source
from survey_app.definition.messages import Message, message

from ..draft import DraftItem, DraftOption, Fate, ItemKind
from ..expression import Dialect, ExpressionError
from ..expression_condition import Carried, Subject, both, carry_expression
from .form import FormInProgress, ReadQuestion, WrittenCondition

_OTHER = re.compile(
    r"其他|其它|other|specify|autre|andere|sonstig|otro|请说明|请注明|注明|请填写|nyingine|precis", re.IGNORECASE
)
_OTHER_LENGTH = 60


def subjects_of(items: list[DraftItem], grades: tuple[str, ...]) -> dict[str, Subject]:
    """Return what conditions can ask of the questions that come in."""
    return {item.name: _subject(item, grades) for item in items if item.name and not item.is_left_out}


def _subject(item: DraftItem, grades: tuple[str, ...]) -> Subject:
    if item.kind is ItemKind.GRADE:
        return Subject(item.name, grades, is_open=True)
    if item.kind is ItemKind.NUMBER:
        return Subject(item.name, (), is_number=True)
    options = [*item.options]
    if item.scale:
        options = [*item.scale.options, *([item.scale.not_applicable] if item.scale.not_applicable else [])]
    return Subject(item.name, tuple(option.name for option in options), item.kind is ItemKind.CHOICES)


class ConditionReader:
    """Reads the conditions of one form when all its questions are known."""

    def __init__(self, form: FormInProgress) -> None:
        self.form, self.report = form, form.report
        self.subjects: Mapping[str, Subject] = {}

    def read(self) -> None:
        self.subjects = subjects_of([question.item for question in self.form.questions], self.form.grades)
        for question in self.form.questions:
            if not question.item.is_left_out:
                self.one(question)
        self.fold_specifying_texts()
        self.mark_follow_ups()
        self.check_order()

    def one(self, question: ReadQuestion) -> None:
        """All conditions of a question and its groups must hold together."""
        condition: Condition | None = None
        for written in question.conditions:
            try:
                carried = self.carry(written)
            except (ExpressionError, ConditionError) as error:
                is_syntax = not isinstance(error, ExpressionError) or error.is_syntax
                self.lost(
                    question, written, error.message, "condition_syntax" if is_syntax else "condition_not_carried"
                )
                continue
            for asked, code in carried.unknown:
                text = message("“{question}”没有选项“{code}”", question=asked, code=code)
                self.report.mistake("condition_unknown_option", written.place, text, code)
            if carried.never:
                text = message("这个条件永远不成立，这一题没有人会看到")
                self.leave(question, "condition_never_holds", text, written)
                return
            condition = both(condition, carried.condition)
        if condition and len(to_source(condition)) > MAX_CONDITION:
            written = question.conditions[-1]
            self.lost(question, written, message("条件写出来太长"), "condition_not_carried")
            condition = None
        question.item = replace(question.item, show_if=condition)

    def carry(self, written: WrittenCondition) -> Carried:
        """In XLSForm's words, or in ours if nothing in it looks like theirs."""
        if "{" in written.text or "｛" in written.text:
            return carry_expression(written.text, Dialect.XLSFORM, self.subjects)
        try:
            condition = read_condition(written.text)
        except ConditionError:
            return carry_expression(written.text, Dialect.XLSFORM, self.subjects)
        unknown: list[tuple[str, str]] = []
        for leaf in leaves(condition):
            name = _asked(leaf)
            if name and name not in self.subjects:
                raise ExpressionError(message("条件问的“{name}”不在问卷里", name=name))
            subject = self.subjects.get(name)
            if subject and not subject.is_open and not subject.is_number:
                unknown += [(name, code) for code in getattr(leaf, "codes", ()) if code not in subject.codes]
        return Carried(condition, unknown=tuple(unknown))

    def lost(self, question: ReadQuestion, written: WrittenCondition, why: Message, code: str) -> None:
        text = message("显示条件没有带过来（{why}），现在人人都会看到这一题", why=why)
        if code == "condition_syntax":
            self.report.mistake(code, written.place, message("显示条件看不懂：{why}", why=why), written.text)
        else:
            self.report.warn(code, written.place, text, written.text)
        self.report.ask(question.place, "question", code)

    def leave(self, question: ReadQuestion, code: str, text: Message, written: WrittenCondition | None = None) -> None:
        question.item = replace(question.item, is_left_out=True)
        place = written.place if written else question.place
        self.report.warn(code, place, text, written.text if written else "")
        self.report.account.file(question.place, Fate.LEFT, code=code)

    def fold_specifying_texts(self) -> None:
        """A text that is asked only of those who chose "other" is a text on that option."""
        kept: list[ReadQuestion] = []
        for question in self.form.questions:
            if not self.folded(question.item):
                kept.append(question)
                continue
            self.report.take(question.place, "option")
        self.form.questions[:] = kept

    def folded(self, item: DraftItem) -> bool:
        condition = item.show_if
        if item.kind is not ItemKind.TEXT or not isinstance(condition, Comparison) or len(condition.codes) != 1:
            return False
        host = self.form.find(condition.question)
        if host is None or host.item.scale or host.item.kind not in (ItemKind.CHOICE, ItemKind.CHOICES):
            return False
        option = next((one for one in host.item.options if one.name == condition.codes[0]), None)
        said = " ".join([*item.text.values(), item.name])
        if option is None or not (_names_other(option) or _OTHER.search(said)):
            return False
        length = min(item.max_length or _OTHER_LENGTH, _OTHER_LENGTH)
        options = tuple(replace(one, text_length=length) if one is option else one for one in host.item.options)
        host.item = replace(host.item, options=options)
        return True

    def mark_follow_ups(self) -> None:
        """A closed question that depends on a scored answer comes after them, and so does what depends on it."""
        late = {question.item.name for question in self.form.questions if question.item.scale}
        for question in self.form.questions:
            item = question.item
            if item.scale or item.kind is ItemKind.TEXT or item.show_if is None:
                continue
            if any(_asked(leaf) in late or not _asked(leaf) for leaf in leaves(item.show_if)):
                question.item = replace(item, follow_up=True)
                late.add(item.name)

    def check_order(self) -> None:
        """A condition can only ask what stands before it on the form, where background questions come first."""
        sections = list(dict.fromkeys(question.item.section for question in self.form.questions if question.item.scale))
        ranks = {}
        for number, question in enumerate(self.form.questions):
            item = question.item
            block = 1 if item.scale else 5 if item.kind is ItemKind.TEXT else 3 if item.follow_up else 0
            section = sections.index(item.section) if item.scale else 0
            ranks[item.name or id(question)] = (2, 0, number) if item.is_overall else (block, section, number)
        for question in self.form.questions:
            item = question.item
            if item.show_if is None:
                continue
            here = ranks[item.name or id(question)]
            later = [leaf for leaf in leaves(item.show_if) if ranks.get(_asked(leaf), (-1, 0, 0)) >= here]
            if later:
                written = question.conditions[-1]
                name = _asked(later[0])
                text = message("条件问的“{name}”在表单上排在这一题后面", name=name)
                self.report.mistake("condition_forward", written.place, text, name)
                self.report.ask(question.place, "question", "condition_forward")
                question.item = replace(item, show_if=None)


def _asked(leaf: object) -> str:
    return getattr(leaf, "question", getattr(leaf, "item", ""))


def _names_other(option: DraftOption) -> bool:
    return any(_OTHER.search(words) for words in [*option.label.values(), option.code])
