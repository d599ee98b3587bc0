"""One row under a heading, read by the names of its columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey_app.definition.languages import Text
from survey_app.definition.messages import message

from ..draft import Place
from .cells import SheetCells, cell_lines, cell_place, cell_text, fold_word
from .headings import Column, Heading
from .report import SheetReport

_YES = frozenset(("是", "yes", "true", "true()", "1", "√", "✓", "✔", "☑", "y", "必答", "必填", "对", "有", "required"))
_NO = frozenset(("否", "no", "false", "false()", "0", "×", "✗", "n", "选填", "选答", "无", "-", "—", "不"))
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of a form, the first is its reference; ``default`` is that of columns that name none."""

    tags: tuple[str, ...]
    default: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with its heading. Texts are cleaned; what is wrong with a cell goes to the report."""

    sheet: SheetCells
    heading: Heading
    index: int
    report: SheetReport

    @property
    def place(self) -> Place:
        return cell_place(self.sheet, self.index)

    @property
    def is_hidden(self) -> bool:
        return self.index in self.sheet.hidden_rows

    def place_of(self, name: str) -> Place:
        column = self.heading.first(name) or next(iter(self.heading.all(name)), None)
        return cell_place(self.sheet, self.index, column.index) if column else self.place

    def cell(self, column: Column) -> str:
        row = self.sheet.rows[self.index]
        return cell_text(row[column.index]) if column.index < len(row) else ""

    def lines(self, column: Column) -> str:
        row = self.sheet.rows[self.index]
        return cell_lines(row[column.index]) if column.index < len(row) else ""

    def value(self, name: str) -> str:
        """Return the cell of a column without a language, else of its first."""
        column = self.heading.first(name)
        return self.cell(column) if column else ""

    def formula(self, name: str) -> str:
        """Return the formula that stands in a cell without a value."""
        column = self.heading.first(name)
        return self.sheet.formulas.get((self.index, column.index), "") if column else ""

    def text(
        self, name: str, languages: Languages, audience: str = "", keep_lines: bool = False
    ) -> Text | None:  # fmt: skip
        """Return a text in all languages of the form; None if no cell says anything."""
        words: dict[str, str] = {}
        read = self.lines if keep_lines else self.cell
        for column in self.heading.all(name):
            tag = column.language or languages.default
            if column.audience == audience and tag in languages.tags and tag not in words and read(column):
                words[tag] = read(column)
        return Text.of({tag: words[tag] for tag in languages.tags if tag in words}) if words else None

    def texts_for(self, name: str, languages: Languages) -> dict[str, Text]:
        audiences = dict.fromkeys(column.audience for column in self.heading.all(name) if column.audience)
        found = {audience: self.text(name, languages, audience) for audience in audiences}
        return {audience: text for audience, text in found.items() if text}

    def flag(self, name: str) -> bool | None:
        """Return a yes or no, None if nothing is said; anything else is a mistake."""
        said = fold_word(self.value(name))
        if not said:
            return None
        if said in _YES or said in _NO:
            return said in _YES
        self.report.mistake(
            "yes_no_expected", self.place_of(name), message("这里应当写“是”或“否”"), self.value(name)
        )  # fmt: skip
        return None

    def number(self, name: str) -> float | None:
        """Return a number, None if nothing is said; anything else is a mistake."""
        said = fold_word(self.value(name))
        if not said:
            return None
        if said.endswith("%") and _NUMBER.match(said[:-1]):
            return float(said[:-1]) / 100
        if _NUMBER.match(said):
            return float(said)
        self.report.mistake("number_expected", self.place_of(name), message("这里应当是数字"), self.value(name))
        return None

    def whole_number(self, name: str) -> int | None:
        number = self.number(name)
        return int(number) if number is not None else None

    def check_cells(self, names: Sequence[str]) -> None:
        """Report formulas without a value in the columns that matter, and dates where a text is expected."""
        for column in self.heading.columns:
            formula = self.sheet.formulas.get((self.index, column.index))
            place = cell_place(self.sheet, self.index, column.index)
            if formula is not None and column.name in names:
                text = message("公式没有算出的值，请粘贴为数值")
                self.report.mistake("formula", place, text, f"={formula}" if formula else "")
            row = self.sheet.rows[self.index]
            if column.name == "label" and column.index < len(row) and isinstance(row[column.index], date):
                text = message("这里应当是文字，Excel 把它变成了日期")
                self.report.mistake("text_expected", place, text, cell_text(row[column.index]))
