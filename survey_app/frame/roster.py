"""The roster: what the files of an office say about schools and their enrolment, with every fault by row and column.

What is not understood is refused; what is left out (totals, signatures, unused columns) is named.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from survey_app.definition.messages import Message, message
from survey_app.foundation.spreadsheet_reader import CellValue

PopulationKey = tuple[str, str, str, str]  # audience, grade, class, sex


@dataclass(slots=True)
class RosterSchool:
    """One school of a roster file and how many people of each kind belong to it."""

    code: str
    name: str
    category: str
    area: str
    populations: dict[PopulationKey, int] = field(default_factory=dict)
    school_group: str = ""


@dataclass(frozen=True, slots=True)
class CellIssue:
    """A fault or a warning about one cell. ``row`` counts from 1; ``column`` as the spreadsheet names it.

    ``sheet`` is the number of the sheet it stands on, among those that were read.
    """

    row: int
    column: Message
    message: Message
    sheet: int = 0
    place: str = ""  # the file or sheet, where there are several

    def where(self) -> Message:
        """Its row, with the sheet where there are several."""
        if self.place:
            return message("{place} 第 {row} 行", place=self.place, row=self.row)
        return message("第 {row} 行", row=self.row)

    def to_message(self) -> Message:
        if self.place:
            return message("{place} 第 {row} 行 {column} 列：{what}",
                           place=self.place, row=self.row, column=self.column, what=self.message)  # fmt: skip
        return message("第 {row} 行 {column} 列：{what}", row=self.row, column=self.column, what=self.message)


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that was not read as a school, and how it begins."""

    row: int
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet as it was read: its cells, where the heading is, and what the columns were taken for."""

    name: str
    rows: list[list[CellValue]]
    heading_row: int
    columns: tuple[tuple[str, str, Message], ...]  # letters, its heading, what it was taken for
    unused: tuple[Message, ...] = ()
    line_numbers: tuple[int, ...] = ()
    ignored: tuple[Message, ...] = ()  # columns whose heading means nothing here

    def row_number(self, index: int) -> int:
        """The number that a person sees beside the row with this index."""
        return self.line_numbers[index] if self.line_numbers else index + 1


@dataclass(slots=True)
class Roster:
    """What the files say. It may be used only if there are no faults."""

    sheet_name: str = ""
    schools: dict[str, RosterSchool] = field(default_factory=dict)
    errors: list[CellIssue] = field(default_factory=list)
    warnings: list[CellIssue] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)
    sheets: list[ReadSheet] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    def audience_populations(self) -> dict[tuple[str, str], int]:
        """(code, audience) to the number of people."""
        totals: Counter[tuple[str, str]] = Counter()
        for school in self.schools.values():
            for (audience, *_), population in school.populations.items():
                totals[school.code, audience] += population
        return dict(totals)

    def audience_totals(self) -> dict[str, int]:
        """Everybody of an audience, to be compared with the total row of the office's own sheet."""
        totals: Counter[str] = Counter()
        for (_code, audience), population in self.audience_populations().items():
            totals[audience] += population
        return dict(totals)


def sort_issues(issues: Sequence[CellIssue]) -> list[CellIssue]:
    return sorted(issues, key=lambda issue: (issue.sheet, issue.row, str(issue.column)))
