"""Sheet 计分参数: full marks, and of each line its share and limits, in yellow cells that marks are made from."""

from dataclasses import dataclass

from survey_app.assessment.mark_sources import MARK_FUNCTION_LABELS, MARK_SOURCES
from survey_app.assessment.scheme_rules import MarkLine, Marks
from survey_app.foundation.translation import _, render
from survey_app.measurement.marks import Threshold

from .. import labels
from ..wave_report import WaveReport
from .writer import SheetColumn, SheetTable, WorkbookWriter, cell_address

SHARE_COLUMN, ZERO_COLUMN, FULL_COLUMN = 3, 4, 5


@dataclass(frozen=True, slots=True)
class ParameterCells:
    """Where the parameters stand, as addresses that other sheets can use."""

    full: str
    rows: dict[str, int]
    sheet: str

    def share(self, line: str) -> str:
        return self._address(line, SHARE_COLUMN)

    def zero_at(self, line: str) -> str:
        return self._address(line, ZERO_COLUMN)

    def full_at(self, line: str) -> str:
        return self._address(line, FULL_COLUMN)

    def _address(self, line: str, column: int) -> str:
        return f"'{self.sheet}'!{cell_address(self.rows[line], column)}"


def parameter_sheet(writer: WorkbookWriter, report: WaveReport, marks: Marks) -> ParameterCells:
    """Write the parameters; return where they stand."""
    name = _("计分参数")
    notes = [
        _(
            "黄色格是方案的参数，可以试改：“年度得分”随之重算。名次区间、等第、评优名单和提请按方案原参数计算，不随之变化。"
        ),
        _("某一类学校的问卷没有问到的一项不评，其余各项按占比放大到满分。"),
    ]
    columns = [
        SheetColumn(_("项"), "text", 16), SheetColumn(_("依据"), "wide", 44), SheetColumn(_("计分方法"), "text", 16),
        SheetColumn(_("占比（%）"), "points", 10), SheetColumn(_("0 分点"), "points", 10),
        SheetColumn(_("满分点"), "points", 10),
    ]  # fmt: skip
    table = SheetTable(writer, name, name, columns, notes)
    full_row = table.write_row([_("满分"), None, None, None, None, None], bold=True)
    _write_yellow(table, full_row, SHARE_COLUMN, marks.full)
    headings = labels.mark_lines(report, marks)
    rows = {line.id: _line_row(table, headings[line.id], line) for line in marks.lines}
    table.finish(freeze_columns=1, with_filter=False)
    table.sheet.protect("", {"format_columns": True, "format_rows": True, "select_unlocked_cells": True})
    return ParameterCells(f"'{name}'!{cell_address(full_row, SHARE_COLUMN)}", rows, name)


def _line_row(table: SheetTable, heading: str, line: MarkLine) -> int:
    source = f"{line.source}: {render(MARK_SOURCES[line.source.kind].explanation)}"
    row = table.write_row([heading, source, render(MARK_FUNCTION_LABELS[line.function]), None, None, None])
    _write_yellow(table, row, SHARE_COLUMN, line.share)
    if line.function == Threshold.name:
        assert line.zero_at is not None
        assert line.full_at is not None
        _write_yellow(table, row, ZERO_COLUMN, line.zero_at)
        _write_yellow(table, row, FULL_COLUMN, line.full_at)
    return row


def _write_yellow(table: SheetTable, row: int, column: int, value: float) -> None:
    table.sheet.write_number(
        row, column, value, table.writer.cell_format("points", bg_color="#FFF2CC", locked=False, bold=True)
    )
