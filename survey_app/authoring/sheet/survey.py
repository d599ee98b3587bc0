"""The rows of questions of a workbook, from the first to the last: groups open and close, questions are read."""

import re
from dataclasses import dataclass, field, replace
from enum import Enum

from survey_app.definition.languages import Text
from survey_app.definition.messages import Message, message

from ..draft import DraftItem, Fate, Section
from .cells import SheetCells, cell_place, cell_text, spoken_rows
from .form import FormInProgress, ReadQuestion, WrittenCondition
from .headings import Heading
from .question import CHECKED_COLUMNS, QuestionReader
from .row import SheetRow
from .types import RowType, TypeCell, asks_who_it_is, read_type

_REFERENCE = re.compile(r"\$\{[^}]*\}")


class GroupKind(Enum):
    """What an open group does with its rows."""

    GROUP = "group"
    REPEAT = "repeat"


@dataclass(slots=True)
class Group:
    """An open group. ``lead`` is the stem of a table, ``section`` what it becomes if it has a name."""

    kind: GroupKind
    section: Section | None = None
    conditions: tuple[WrittenCondition, ...] = ()
    is_table: bool = False
    has_questions: bool = False
    notes: list[Text] = field(default_factory=list)


class SurveyReader:
    """Reads the rows under the heading of a sheet that has the options on a sheet of their own."""

    def __init__(self, sheet: SheetCells, heading: Heading, form: FormInProgress) -> None:
        self.sheet, self.heading, self.form = sheet, heading, form
        self.report = form.report
        self.questions = QuestionReader(form)
        self.groups: list[Group] = []
        self.grid_lead: Text | None = None

    def read(self) -> None:
        for index in spoken_rows(self.sheet):
            row = SheetRow(self.sheet, self.heading, index, self.report)
            if index < self.heading.row:
                self.report.furnish(row.place)
            elif index == self.heading.row:
                self.report.take(row.place, "heading")
                self.unknown_columns()
            else:
                self.row(row)

    def unknown_columns(self) -> None:
        for column in self.heading.unknown:
            if len(self.heading.columns) > 2 and cell_text(column.word):
                place = cell_place(self.sheet, self.heading.row, column.index)
                self.report.hint(
                    "column_not_used", place, message("没有用到这一列：{name}", name=column.word), column.word
                )

    def row(self, row: SheetRow) -> None:
        row.check_cells(CHECKED_COLUMNS)
        cell = read_type(row.value("type"))
        if row.is_hidden:
            place = cell_place(self.sheet, row.index, 0)
            self.report.warn("hidden_row", place, message("这一行是隐藏的，也读入了；不要的请删除"), row.value("name"))
            self.report.ask(row.place, code="hidden_row")
        if cell.row_type in (RowType.BEGIN_GROUP, RowType.BEGIN_REPEAT):
            self.open_group(row, cell.row_type)
        elif cell.row_type in (RowType.END_GROUP, RowType.END_REPEAT):
            self.close_group(row)
        elif any(group.kind is GroupKind.REPEAT for group in self.groups):
            self.report.leave(row.place, "repeat", message("没有重复填写的部分"), row.value("name"))
        elif row.heading.has("disabled") and row.flag("disabled"):
            self.report.leave(row.place, "disabled", message("这一行标了停用"), row.value("name"))
        else:
            self.entry(row, cell)

    def open_group(self, row: SheetRow, row_type: RowType) -> None:
        if row_type is RowType.BEGIN_REPEAT or any(group.kind is GroupKind.REPEAT for group in self.groups):
            self.groups.append(Group(GroupKind.REPEAT))
            self.report.leave(row.place, "repeat", message("没有重复填写的部分"), row.value("name"))
            return
        label = row.text("label", self.form.languages)
        appearance = row.value("appearance").split()
        section = self.section_of_group(row, label)
        conditions = self.condition_of(row, is_own=False)
        self.groups.append(Group(GroupKind.GROUP, section, conditions, "table-list" in appearance))
        self.report.take(row.place, "section")

    def section_of_group(self, row: SheetRow, label: Text | None) -> Section | None:
        if label is None or any(_REFERENCE.search(words) for words in label.values()):
            return None
        stated = self.form.sections.get(next(iter(label.values())))
        section = stated or Section(label, row.value("name"))
        return replace(section, weight=row.number("weight") if section.weight is None else section.weight)

    def close_group(self, row: SheetRow) -> None:
        if not self.groups:
            self.report.leave(row.place, "group_not_open", message("这里没有要结束的分组"))
            return
        group = self.groups.pop()
        if group.kind is GroupKind.REPEAT:
            self.report.leave(row.place, "repeat", message("没有重复填写的部分"))
        else:
            self.report.take(row.place, "section")

    def condition_of(self, row: SheetRow, is_own: bool) -> tuple[WrittenCondition, ...]:
        text = row.value("relevant")
        place = row.place_of("relevant")
        return (WrittenCondition(text, place, is_own),) if text else ()

    def entry(self, row: SheetRow, cell: TypeCell) -> None:
        """A row that is neither a group nor within a repeat."""
        match cell.row_type:
            case RowType.MISSING:
                self.without_type(row)
            case RowType.UNKNOWN:
                text = message("不认识的题型“{word}”", word=row.value("type"))
                self.report.mistake("unknown_type", row.place_of("type"), text, row.value("type"))
                self.report.account.file(row.place, Fate.LEFT, code="unknown_type")
            case RowType.LEFT if cell.reason:
                self.report.leave(row.place, cell.left_code, cell.reason, row.value("type"))
            case RowType.NOTE:
                self.note(row)
            case _:
                self.question(row, cell)

    def without_type(self, row: SheetRow) -> None:
        if not row.value("name") and not row.text("label", self.form.languages):
            self.report.furnish(row.place)
            return
        self.report.leave(row.place, "type_missing", message("这一行没有题型"), row.value("name"))

    def note(self, row: SheetRow) -> None:
        """A note before all questions is the introduction; the first of a group stands above its questions."""
        text = row.text("label", self.form.languages)
        if text is None or row.value("calculation"):
            self.report.leave(row.place, "note_without_text", message("这段说明没有文字"))
        elif row.value("relevant") or any(group.conditions for group in self.groups):
            self.report.leave(row.place, "note_with_condition", message("有显示条件的说明放不进问卷"))
        elif any(_REFERENCE.search(words) for words in text.values()):
            self.report.leave(row.place, "note_with_answer", message("说明里引用了答案，放不进问卷"))
        elif not self.form.questions:
            self.form.intro.append(text)
            self.report.take(row.place, "intro")
            place = row.place_of("type")
            self.report.warn("note_moved_to_intro", place, message("题目前面的说明放进了卷首语"), row.value("type"))
        elif self.groups and not self.groups[-1].has_questions:
            self.groups[-1].notes.append(text)
            self.report.take(row.place, "lead")
        else:
            self.report.leave(row.place, "note_between", message("题目中间的说明放不进问卷，可写进题目下面的小字"))

    def question(self, row: SheetRow, cell: TypeCell) -> None:
        text = row.text("label", self.form.languages)
        if reason := self.why_left(row, cell, text):
            code, words = reason
            self.report.leave(row.place, code, words, row.value("name") or row.value("type"))
            return
        appearance = row.value("appearance").split()
        if "label" in appearance and cell.row_type in (RowType.SELECT_ONE, RowType.SELECT_MULTIPLE):
            self.grid_lead = text
            self.report.take(row.place, "lead")
            return
        if not {"list-nolabel", "list-nolabels"} & set(appearance):
            self.grid_lead = None
        item = self.questions.read(row, cell, text)
        if item is not None:
            self.keep(row, self.placed(item))

    def why_left(self, row: SheetRow, cell: TypeCell, text: Text | None) -> tuple[str, Message] | None:
        """The reason why a question cannot come in, if there is one that its type does not tell."""
        words = " ".join((text or {}).values())
        is_open = cell.row_type in (RowType.TEXT, RowType.NUMBER)
        if row.value("choice_filter"):
            return "choice_filter", message("选项随前面的答案变，这里没有")
        if row.value("calculation") and is_open:
            return "calculation", message("没有计算和隐藏的值")
        if is_open and asks_who_it_is(words):
            return "personal_data", message("不问能认出人的内容")
        if row.heading.has("read_only") and row.flag("read_only"):
            return "read_only", message("只读的题没有答案")
        return None

    def placed(self, item: DraftItem) -> DraftItem:
        """The item under the heading of its group, with what stands above it."""
        named = [group for group in self.groups if group.section]
        if item.section is None and named:
            item = replace(item, section=named[-1].section)
        table = next((group for group in reversed(self.groups) if group.is_table), None)
        lead = self.grid_lead or (table.section.label if table and table.section else None) or item.lead
        notes = self.groups[-1].notes if self.groups else []
        if notes and not lead:
            lead = notes[-1]
        for group in self.groups:
            group.has_questions = True
        return replace(item, lead=lead)

    def keep(self, row: SheetRow, item: DraftItem) -> None:
        conditions = tuple(condition for group in self.groups for condition in group.conditions)
        conditions += self.condition_of(row, is_own=True)
        self.form.questions.append(ReadQuestion(item, row.place, conditions))
        if not item.is_left_out:
            self.report.take(row.place, "question")
