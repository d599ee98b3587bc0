"""One row of a roster under its heading: its cells by the field they mean, and what is wrong in them."""

import re

from survey_app.definition.messages import Message, message
from survey_app.foundation.spreadsheet_reader import CellValue, Sheet

from .roster import CellIssue, Roster
from .roster_cells import check_kind, normalize_cell, parse_count
from .roster_columns import COLUMN_LABELS, Heading, column_label, column_letters, wide_audiences

_WHOLE_COUNT = re.compile(r"\d[\d,]*[人名位]?", re.ASCII)


class RosterRow:
    """The row that is being read; ``go_to`` moves on to another one."""

    def __init__(self, roster: Roster, sheet: Sheet, heading: Heading, sheet_number: int, place: str) -> None:
        self.roster, self.sheet, self.heading, self.columns = roster, sheet, heading, heading.columns
        self.sheet_number, self.place = sheet_number, place
        self.index = heading.row
        self.cells: list[CellValue] = []

    def go_to(self, index: int) -> None:
        self.index, self.cells = index, self.sheet.rows[index]

    @property
    def number(self) -> int:
        return self.sheet.row_number(self.index)

    def at(self, index: int | None) -> CellValue:
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def cell_text(self, name: str) -> str:
        return normalize_cell(self.at(self.columns.get(name)))

    def count_columns(self) -> list[int]:
        names = ("population",) if self.heading.is_long else wide_audiences()
        return [*(self.columns[name] for name in names if name in self.columns), *self.heading.grades]

    def stated_counts(self) -> dict[str, int]:
        """What a row of totals states, by audience; without the grades, and nothing where no number stands."""
        texts = {name: self.cell_text(name) for name in wide_audiences() if name in self.columns}
        return {name: int(re.sub(r"[^0-9]", "", text)) for name, text in texts.items() if _WHOLE_COUNT.fullmatch(text)}

    def add_error(self, name: str, text: Message) -> None:
        self.roster.errors.append(self.issue(self.columns.get(name), column_label(name), text))

    def add_warning(self, name: str, text: Message) -> None:
        self.roster.warnings.append(self.issue(self.columns.get(name), column_label(name), text))

    def add_error_at(self, index: int, text: Message) -> None:
        self.roster.errors.append(self.issue_at(index, text))

    def issue_at(self, index: int, text: Message) -> CellIssue:
        return CellIssue(self.number, self._column_name(index), text, self.sheet_number, self.place)

    def _column_name(self, index: int) -> Message:
        name = next((name for name, column in self.columns.items() if column == index), None)
        label = (
            column_label(name) if name in COLUMN_LABELS else message("{word}", word=self.heading.words.get(index, ""))
        )
        return message("{letters}（{label}）", letters=column_letters(index), label=label)

    def issue(self, index: int | None, label: Message, text: Message) -> CellIssue:
        column = label if index is None else message("{letters}（{label}）", letters=column_letters(index), label=label)
        return CellIssue(self.number, column, text, self.sheet_number, self.place)

    def read_count(self, index: int) -> int:
        """A number of people; a cell whose number cannot be known is an error, never "nobody"."""
        if (self.index, index) in self.sheet.valueless:
            self.add_error_at(index, message("单元格是公式，却没有值，或是错误值。请粘贴为数值"))
            return 0
        text = normalize_cell(self.at(index))
        if text and (self.index, index) in self.sheet.merged:
            self.add_error_at(index, message("人数单元格是合并的，分不清每一行各是多少。请拆开合并，逐行填写"))
            return 0
        if problem := check_kind(self.at(index)):
            self.add_error_at(index, problem)
            return 0
        count = parse_count(text)
        if isinstance(count, int):
            return count
        self.add_error_at(index, count)
        return 0
