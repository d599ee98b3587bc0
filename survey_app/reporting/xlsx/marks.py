"""Sheet 年终得分: parameters in yellow cells, the expected mark of every line and the total as live formulas."""

from collections.abc import Sequence

from survey_app.assessment.mark_report import TOTAL_SENTENCE, MarkReport
from survey_app.assessment.scheme_rules import MarkLine, Marks
from survey_app.assessment.school_marks import LineMark, SchoolMarks
from survey_app.foundation.translation import _, render
from survey_app.measurement.rounding import round_half_up

from .. import labels
from ..wave_report import WaveReport
from .writer import CellValue, Formula, FullPrecision, SheetColumn, SheetTable, WorkbookWriter, cell_address

FIRST_LINE_COLUMN, COLUMNS_OF_A_LINE = 4, 3
Cell = CellValue | Formula | FullPrecision


def marks_sheet(writer: WorkbookWriter, report: WaveReport, marks: MarkReport, scheme_marks: Marks) -> None:
    """Each category has a row of parameters: zero_at, full_at and the full marks of each line."""
    notes = [
        render(TOTAL_SENTENCE),
        _("黄色格是方案的参数（零分线、满分线、满分），可以试改：得分、总分和名次随之重算。"),
    ]
    table = SheetTable(writer, _("年终得分"), _("年终得分"), _columns(scheme_marks.lines), notes)
    for category in report.categories:
        entries = marks.in_category(category.id)
        if entries:
            _CategoryRows(table, report, scheme_marks.lines, entries).write(category.id)
    table.finish(freeze_columns=2, with_filter=False)
    table.sheet.protect("", {"format_columns": True, "format_rows": True, "select_unlocked_cells": True})


def _columns(lines: Sequence[MarkLine]) -> list[SheetColumn]:
    titles = (_("数值"), _("误差"), _("得分"))
    return [
        SheetColumn(_("学校代码"), "code", 13),
        SheetColumn(_("学校名称"), "wide", 28),
        SheetColumn(_("类别"), "text", 16),
        SheetColumn(_("参与排名"), "text", 9),
        *(SheetColumn(title, "points", 8, line.id) for line in lines for title in titles),
        SheetColumn(_("扣分"), "points", 8),
        SheetColumn(_("总分"), "points", 9),
        SheetColumn(_("名次"), "int", 7),
        SheetColumn(_("名次区间"), "text", 11),
    ]


class _CategoryRows:
    """The rows of one category; its parameters stand in the row above its schools."""

    def __init__(
        self, table: SheetTable, report: WaveReport, lines: Sequence[MarkLine], entries: Sequence[SchoolMarks]
    ) -> None:
        self.table, self.report, self.lines, self.entries = table, report, lines, entries
        self.decimals = report.scheme.settings.decimals
        self.parameters = table.next_row
        self.first = table.next_row + 1
        self.last = self.first + len(entries) - 1
        self.deduction = FIRST_LINE_COLUMN + COLUMNS_OF_A_LINE * len(lines)

    def write(self, category: str) -> None:
        label = labels.category(self.report, category)
        self._write_parameters(label)
        for row, entry in enumerate(self.entries, start=self.first):
            self.table.write_row(self._school(entry, row, label))

    def _write_parameters(self, label: str) -> None:
        writer, row = self.table.writer, self.parameters
        name = writer.cell_format("text", font_name="黑体", bg_color="#EDEDED")
        yellow = writer.cell_format("points", bg_color="#FFF2CC", locked=False, bold=True)
        for column in range(self.table.column_count):
            self.table.write_cell(row, column, None, name)
        self.table.write_cell(row, 1, label, name)
        self.table.write_cell(row, 3, _("参数"), name)
        assessed = {mark.line.id: mark for mark in self.entries[0].lines}
        for number, line in enumerate(self.lines):
            column, mark = FIRST_LINE_COLUMN + COLUMNS_OF_A_LINE * number, assessed.get(line.id)
            if mark is not None:
                self.table.write_cell(row, column + 2, mark.full, yellow)
                if line.zero_at is not None:
                    self.table.write_cell(row, column, line.zero_at, yellow)
                    self.table.write_cell(row, column + 1, line.full_at, yellow)
        self.table.next_row += 1

    def _school(self, entry: SchoolMarks, row: int, label: str) -> list[Cell]:
        found = {mark.line.id: mark for mark in entry.lines}
        cells = [cell for number, line in enumerate(self.lines) for cell in self._line(found.get(line.id), number, row)]
        ranking = entry.school.ranking
        return [
            entry.school.code, entry.school.name, label, _("参与") if entry.rank is not None else "—", *cells,
            FullPrecision(entry.deduction), self._total(entry, row), self._rank(entry, row),
            labels.rank_range(ranking.low, ranking.high),
        ]  # fmt: skip

    def _line(self, mark: LineMark | None, number: int, row: int) -> list[Cell]:
        if mark is None or mark.figure is None or mark.expected is None or mark.compared is None:
            return [None, None, None]
        column = FIRST_LINE_COLUMN + COLUMNS_OF_A_LINE * number
        value = Formula(
            f"=ROUND(ROUND({self._expected(mark.line, column, row)},9),{self.decimals})",
            round_half_up(mark.expected, self.decimals),
        )
        return [FullPrecision(mark.compared.value), FullPrecision(mark.compared.error), value]

    def _expected(self, line: MarkLine, column: int, row: int) -> str:
        """The expected mark of the method, with the cells of this school and of the parameters."""
        value, error = cell_address(row, column), cell_address(row, column + 1)
        full = cell_address(self.parameters, column + 2)
        if line.function == "proportional":
            return f"{full}*MIN(1,MAX(0,{value}/100))"
        if line.function == "band":
            certain = f"IF({value}>0,1,IF({value}<0,0,0.5))"
            return f"{full}*IF({error}=0,{certain},_xlfn.NORM.S.DIST({value}/{error},TRUE))"
        if line.function == "standardised":
            values = self.table.column_range(column, self.first, self.last)
            mean, sd = f"AVERAGE({values})", f"STDEV({values})"
            share = expected_share(value, error, f"({mean}-3*{sd})", f"({mean}+2*{sd})")
            return f"{full}*IF({sd}=0,0.6,{share})"
        low, high = (cell_address(self.parameters, number) for number in (column, column + 1))
        return f"{full}*{expected_share(value, error, low, high)}"

    def _total(self, entry: SchoolMarks, row: int) -> Formula | None:
        if entry.total is None:
            return None
        columns = range(FIRST_LINE_COLUMN + 2, self.deduction, COLUMNS_OF_A_LINE)
        lines = ",".join(cell_address(row, column) for column in columns)
        deduction = cell_address(row, self.deduction)
        return Formula(f"=ROUND(MAX(0,ROUND(SUM({lines})-{deduction},9)),{self.decimals})", entry.total)

    def _rank(self, entry: SchoolMarks, row: int) -> Formula | None:
        if entry.rank is None:
            return None
        is_ranked = self.table.column_range(3, self.first, self.last)
        totals = self.table.column_range(self.deduction + 1, self.first, self.last)
        own = cell_address(row, self.deduction + 1)
        return Formula(f'=COUNTIFS({is_ranked},"{_("参与")}",{totals},">"&{own})+1', entry.rank)


def expected_share(value: str, error: str, low: str, high: str) -> str:
    """Return the formula of E[g(θ)] of a threshold: a = (T₀ − C)/s, b = (T₁ − C)/s; without error g itself."""
    a, b = f"(({low}-{value})/{error})", f"(({high}-{value})/{error})"
    plain = f"MIN(1,MAX(0,({value}-{low})/({high}-{low})))"
    above = f"1-_xlfn.NORM.S.DIST({b},TRUE)"
    inside = f"({value}-{low})/({high}-{low})*(_xlfn.NORM.S.DIST({b},TRUE)-_xlfn.NORM.S.DIST({a},TRUE))"
    bend = f"{error}/({high}-{low})*(_xlfn.NORM.S.DIST({a},FALSE)-_xlfn.NORM.S.DIST({b},FALSE))"
    return f"IF({error}=0,{plain},MIN(1,MAX(0,{above}+{inside}+{bend})))"
