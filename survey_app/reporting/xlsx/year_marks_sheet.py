"""Sheet 年度得分: one row a school, expected marks of each line, total and rank as live formulas."""

from collections.abc import Mapping, Sequence

from survey_app.assessment.mark_figures import ABSENCE_REASONS
from survey_app.assessment.mark_report import TOTAL_SENTENCE, MarkReport, marks_of
from survey_app.assessment.school_marks import LineMark, SchoolMarks
from survey_app.foundation.translation import _, render
from survey_app.measurement.marks import Band
from survey_app.measurement.rounding import round_half_up

from .. import labels
from ..wave_report import WaveReport
from .findings import verdict_values
from .mark_formulas import MarkCells, expected_mark_formula
from .mark_parameters import ParameterCells
from .writer import CellValue, Formula, FullPrecision, SheetColumn, SheetTable, WorkbookWriter, cell_address

Values = list[CellValue | Formula | FullPrecision]
FIRST_LINE_COLUMN, COLUMNS_PER_LINE = 3, 4  # value, error, full marks, expected mark


def year_marks_sheet(writer: WorkbookWriter, report: WaveReport, marks: MarkReport, parameters: ParameterCells) -> None:
    """Write the marks of all schools, category by category."""
    notes = [
        render(TOTAL_SENTENCE) + _("。"),
        _("期望得分 = 按水平误差取期望的得分；同类比较（band）的数值是与其他学校平均的差。"),
    ]
    title = _("年度得分")
    table = SheetTable(writer, title, title, _columns(report, marks), notes)
    for category in dict.fromkeys(entry.school.category for entry in marks.schools):
        schools = marks.in_category(category)
        block = _CategoryRows(report, marks, parameters, table.next_row, schools)
        for entry in schools:
            table.write_row(block.row(entry, table.next_row))
    table.finish(freeze_columns=2, with_filter=False)


def _columns(report: WaveReport, marks: MarkReport) -> list[SheetColumn]:
    columns = [
        SheetColumn(_("学校代码"), "code", 13), SheetColumn(_("学校名称"), "wide", 26),
        SheetColumn(_("类别"), "text", 16),
    ]  # fmt: skip
    for line in labels.mark_lines(report, marks_of(marks.scheme)).values():
        columns += [
            SheetColumn(_("数值"), "points", 9, line), SheetColumn(_("水平误差"), "points", 9, line),
            SheetColumn(_("本项满分"), "points", 9, line), SheetColumn(_("期望得分"), "points", 9, line),
        ]  # fmt: skip
    return [
        *columns, SheetColumn(_("扣分"), "points", 8), SheetColumn(_("总分"), "points", 10),
        SheetColumn(_("参与排名"), "text", 9), SheetColumn(_("得分名次"), "int", 9),
        SheetColumn(_("综合得分名次区间"), "text", 12), SheetColumn(_("说明"), "wide", 34),
        SheetColumn(_("等第"), "text", 8), SheetColumn(_("满意人数比例"), "share", 9),
        SheetColumn(_("85% 线"), "text", 28), SheetColumn(_("多大的选择性会推翻"), "text", 14),
    ]  # fmt: skip


class _CategoryRows:
    """The rows of one category: what a line is worth in it, and where its figures stand."""

    def __init__(
        self, report: WaveReport, marks: MarkReport, parameters: ParameterCells, first: int,
        schools: Sequence[SchoolMarks],
    ) -> None:  # fmt: skip
        self.report, self.parameters = report, parameters
        self.headings = labels.mark_lines(report, marks_of(marks.scheme))
        self.decimals, self.main = marks.scheme.settings.decimals, marks.scheme.settings.main
        self.first, self.last = first, first + len(schools) - 1
        self.columns = {line: FIRST_LINE_COLUMN + COLUMNS_PER_LINE * n for n, line in enumerate(parameters.rows)}
        self.end = FIRST_LINE_COLUMN + COLUMNS_PER_LINE * len(parameters.rows)
        self.assessed = [line.line.id for line in schools[0].lines]

    def row(self, entry: SchoolMarks, row: int) -> Values:
        school, lines = entry.school, {line.line.id: line for line in entry.lines}
        values: Values = [school.code, school.name, labels.category(self.report, school.category)]
        for line in self.columns:
            values += self._line(lines[line], row) if line in lines else [None] * COLUMNS_PER_LINE
        is_ranked = entry.rank is not None
        return [
            *values, FullPrecision(entry.deduction), self._total(entry, row), _("参与") if is_ranked else "—",
            self._rank(entry, row), labels.rank_range(school.ranking.low, school.ranking.high),
            _note(self.headings, entry), school.ranking.band,
            *verdict_values(self.report.findings.rate_verdicts.get((school.school, self.main))),
        ]  # fmt: skip

    def _line(self, line: LineMark, row: int) -> Values:
        column = self.columns[line.line.id]
        full = Formula(f"={self._full_marks(line.line.id)}", line.full)
        figure = (
            line.compared if line.compared is not None else None if line.line.function == Band.name else line.figure
        )
        if figure is None:
            return [None, None, full, None]
        value, error = FullPrecision(figure.value), FullPrecision(figure.error)
        if line.expected is None:
            return [value, error, full, None]
        cells = MarkCells(
            cell_address(row, column), cell_address(row, column + 1), cell_address(row, column + 2),
            self.parameters.zero_at(line.line.id), self.parameters.full_at(line.line.id),
            f"{cell_address(self.first, column)}:{cell_address(self.last, column)}",
        )  # fmt: skip
        formula = f"=ROUND(ROUND({expected_mark_formula(line.line.function, cells)},9),{self.decimals})"
        return [value, error, full, Formula(formula, round_half_up(line.expected, self.decimals))]

    def _full_marks(self, line: str) -> str:
        shares = "+".join(self.parameters.share(other) for other in self.assessed)
        return f"{self.parameters.full}*{self.parameters.share(line)}/({shares})"

    def _total(self, entry: SchoolMarks, row: int) -> Formula | None:
        if entry.total is None:
            return None
        marks = ",".join(cell_address(row, self.columns[line] + 3) for line in self.assessed)
        formula = f"=ROUND(MAX(0,ROUND(SUM({marks})-{cell_address(row, self.end)},9)),{self.decimals})"
        return Formula(formula, entry.total)

    def _rank(self, entry: SchoolMarks, row: int) -> Formula | None:
        """The competition rank among the schools that take part."""
        if entry.rank is None:
            return None
        total = f"{cell_address(self.first, self.end + 1)}:{cell_address(self.last, self.end + 1)}"
        part = f"{cell_address(self.first, self.end + 2)}:{cell_address(self.last, self.end + 2)}"
        own = cell_address(row, self.end + 1)
        return Formula(f'=COUNTIFS({part},"{_("参与")}",{total},">"&{own})+1', entry.rank)


def _note(headings: Mapping[str, str], entry: SchoolMarks) -> str:
    """Why there is no total, or no rank though there is one."""
    sentences = [
        f"{headings[line.line.id]}: {render(ABSENCE_REASONS[line.reason].sentence)}"
        for line in entry.lines
        if line.reason
    ]
    if entry.total is not None and entry.rank is None and entry.school.ranking.reason:
        sentences.append(labels.ranking_reason(entry.school.ranking.reason))
    return _("；").join(sentences)
