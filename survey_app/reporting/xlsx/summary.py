"""Sheet 学校满意度汇总表: one row a school."""

from collections.abc import Sequence

from survey_app.foundation.translation import _

from .. import labels
from ..wave_report import SchoolReport, WaveReport
from .writer import CellValue, Formula, SheetColumn, SheetTable, WorkbookWriter

COLUMNS_PER_AUDIENCE = 5


def summary_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    audiences = tuple(dict.fromkeys(entry.audience for entry in report.audience_instruments))
    table = SheetTable(writer, _("学校满意度汇总表"), _("学校满意度汇总表"), _columns(audiences))
    for school in report.schools:
        table.write_row(_row(report, school, audiences))
    last = table.next_row - 1
    _write_totals(table, report, audiences, last)
    _add_conditional_formats(table, audiences, last)
    table.finish(freeze_columns=2, last_filtered=last)  # sorting must leave the totals where they are


def _columns(audiences: tuple[str, ...]) -> list[SheetColumn]:
    columns = [
        SheetColumn(_("学校代码"), "code", 13),
        SheetColumn(_("学校名称"), "wide", 26),
        SheetColumn(_("类别"), "text", 16),
    ]
    for audience in audiences:
        group = labels.audience(audience)
        columns += [
            SheetColumn(_("名册人数"), "int", 9, group), SheetColumn(_("答卷"), "int", 8, group),
            SheetColumn(_("回收率"), "share", 9, group), SheetColumn(_("满意度指数"), "points", 10, group),
            SheetColumn(_("满意率"), "share", 9, group),
        ]  # fmt: skip
    return [
        *columns,
        SheetColumn(_("综合得分"), "points", 10),
        SheetColumn(_("名次"), "int", 7),
        SheetColumn(_("说明"), "wide", 34),
    ]


def _row(report: WaveReport, school: SchoolReport, audiences: tuple[str, ...]) -> list[CellValue | Formula]:
    values: list[CellValue | Formula] = [school.code, school.name, labels.category(report, school.category)]
    for audience in audiences:
        values += _audience_values(school, audience)
    return [*values, school.ranking.points, school.ranking.rank, labels.missing_figure_note(school)]


def _audience_values(school: SchoolReport, audience: str) -> list[CellValue | Formula]:
    cell = school.cells.get(audience)
    if cell is None:
        return [None] * COLUMNS_PER_AUDIENCE
    participation = [cell.cell.population or None, cell.cell.received, cell.cell.response_rate]
    publishable = cell.publishable
    if publishable is None:
        return [*participation, None, None]
    return [*participation, publishable.overall.index.points, publishable.overall.rate.share]


def _write_totals(table: SheetTable, report: WaveReport, audiences: tuple[str, ...], last: int) -> None:
    """Sums of people and plain means of the schools' figures, as live formulas."""
    values: list[CellValue | Formula] = [_("合计 / 学校平均"), None, None]
    for number, audience in enumerate(audiences):
        column = 3 + number * COLUMNS_PER_AUDIENCE
        cells = [school.cells.get(audience) for school in report.schools]
        people = sum(cell.cell.population for cell in cells if cell)
        received = sum(cell.cell.received or 0 for cell in cells if cell)
        overall = [cell.publishable.overall for cell in cells if cell and cell.publishable]
        indices = [table.round_value(figures.index.points, "points") for figures in overall]
        rates = [table.round_value(figures.rate.share, "share") for figures in overall]
        sums = [_sum_formula(table, column, last, people), _sum_formula(table, column + 1, last, received)]
        rate = (
            Formula(
                f"={_total_cell_address(table, column + 1)}/{_total_cell_address(table, column)}", received / people
            )
            if people
            else None
        )
        values += [
            *sums,
            rate,
            _mean_formula(table, column + 2 + 1, last, indices),
            _mean_formula(table, column + 4, last, rates),
        ]
    points = [school.ranking.points for school in report.schools]
    end = 3 + len(audiences) * COLUMNS_PER_AUDIENCE
    table.write_row([*values, _mean_formula(table, end, last, points), None, None], bold=True, bg_color="#F2F2F2")


def _total_cell_address(table: SheetTable, column: int) -> str:
    return table.column_range(column, table.next_row, table.next_row).partition(":")[0]


def _sum_formula(table: SheetTable, column: int, last: int, value: float) -> Formula:
    return Formula(f"=SUM({table.column_range(column, None, last)})", value)


def _mean_formula(table: SheetTable, column: int, last: int, values: Sequence[CellValue | Formula]) -> Formula | None:
    numbers = [value for value in values if isinstance(value, float)]
    if not numbers:
        return None
    value_range = table.column_range(column, None, last)
    return Formula(f'=SUM({value_range})/COUNTIFS({value_range},">=0")', sum(numbers) / len(numbers))


def _add_conditional_formats(table: SheetTable, audiences: tuple[str, ...], last: int) -> None:
    for number in range(len(audiences)):
        column = 3 + number * COLUMNS_PER_AUDIENCE
        bar = {"type": "data_bar", "bar_color": "#9DC3E6", "bar_solid": True, "min_type": "num", "min_value": 0,
               "max_type": "num", "max_value": 1}  # fmt: skip
        table.sheet.conditional_format(table.first_row, column + 2, last, column + 2, bar)
        scale = {"type": "3_color_scale", "min_color": "#F8CBAD", "mid_color": "#FFFFFF", "max_color": "#C6E0B4"}
        table.sheet.conditional_format(table.first_row, column + 3, last, column + 3, scale)
