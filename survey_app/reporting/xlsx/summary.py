"""Sheet 学校满意度汇总表: one row a school."""

from collections.abc import Sequence

from survey_app.foundation.translation import _

from .. import labels
from ..analysis.models import COMPOSITE
from ..wave_report import CellReport, SchoolReport, WaveReport
from .findings import district_mean_cells
from .ranking import RankingCells, ranking_cells
from .school_columns import sum_of_people
from .writer import CellValue, Formula, SheetColumn, SheetTable, WorkbookWriter

FIRST_AUDIENCE_COLUMN, COLUMNS_PER_AUDIENCE = 5, 5


def summary_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    audiences = tuple(dict.fromkeys(entry.audience for entry in report.audience_instruments))
    notes = [
        _(
            "综合得分和名次随“分类排名表”的权重变。全区平均按名册人数加权，与“总体与差异”是同一个数；"
            "权重与方案不同时，全区综合得分留空。"
        )
    ]
    name, cells = _("学校满意度汇总表"), ranking_cells(report)
    table = SheetTable(writer, name, name, _columns(audiences), notes)
    for school in report.schools:
        table.write_row(_row(report, school, audiences, cells))
    last = table.next_row - 1
    _write_totals(table, report, audiences, last, cells)
    _add_conditional_formats(table, audiences, last)
    table.finish(freeze_columns=2, last_filtered=last)  # sorting must leave the totals where they are


def _columns(audiences: tuple[str, ...]) -> list[SheetColumn]:
    columns = [
        SheetColumn(_("学校代码"), "code", 11),
        SheetColumn(_("学校名称"), "wide", 20),
        SheetColumn(_("类别"), "wide", 10),
        SheetColumn(_("综合得分"), "points", 9),
        SheetColumn(_("名次"), "int", 6),
    ]
    for audience in audiences:
        group = labels.audience(audience)
        columns += [
            SheetColumn(_("名册人数"), "int", 7, group), SheetColumn(_("答卷"), "int", 7, group),
            SheetColumn(_("回收率"), "share", 7, group), SheetColumn(_("满意度指数"), "points", 7, group),
            SheetColumn(_("满意率"), "share", 7, group),
        ]  # fmt: skip
    return [*columns, SheetColumn(_("说明"), "wide", 30)]


def _row(
    report: WaveReport, school: SchoolReport, audiences: tuple[str, ...], cells: RankingCells
) -> list[CellValue | Formula]:
    entry, number = school.ranking, school.school_id
    values: list[CellValue | Formula] = [
        school.code,
        school.name,
        labels.category(report, school.category),
        None if entry.points is None else Formula(f"={cells.composites[number]}", entry.points),
        None if entry.rank is None else Formula(f"={cells.ranks[number]}", entry.rank),
    ]
    for audience in audiences:
        values += _audience_values(school, audience)
    return [*values, labels.missing_figure_note(school)]


def _audience_values(school: SchoolReport, audience: str) -> list[CellValue | Formula]:
    cell = school.cells.get(audience)
    if cell is None:
        return [None] * COLUMNS_PER_AUDIENCE
    participation = [cell.cell.population or None, cell.cell.received, cell.cell.response_rate]
    publishable = cell.publishable
    if publishable is None:
        return [*participation, None, None]
    return [*participation, publishable.overall.index.points, publishable.overall.rate.share]


def _write_totals(
    table: SheetTable, report: WaveReport, audiences: tuple[str, ...], last: int, cells: RankingCells
) -> None:
    """Sums of people, and the means of the district, as live formulas: one mean in the whole book."""
    means = district_mean_cells(report)
    composite = (
        _mean_of_district(table, report, COMPOSITE, f'=IF({cells.has_other_weights}="",{means[COMPOSITE]},"")')
        if COMPOSITE in means
        else None
    )
    values: list[CellValue | Formula] = [_("合计 / 全区平均"), None, None, composite, None]
    for number, audience in enumerate(audiences):
        column = FIRST_AUDIENCE_COLUMN + number * COLUMNS_PER_AUDIENCE
        school_cells = [cell for school in report.schools if (cell := school.cells.get(audience)) is not None]
        people = sum_of_people(table, column, column + 1, last, school_cells)
        received = sum(cell.cell.received or 0 for cell in school_cells)
        response = f"={_total_cell_address(table, column + 1)}/{_total_cell_address(table, column)}"
        values += [
            people,
            _sum_formula(table, column + 1, last, received),
            Formula(response, received / people.value) if isinstance(people.value, int) and people.value else None,
            _mean_of_district(table, report, audience, f"={means[audience]}") if audience in means else None,
            _mean_rate(table, column, last, school_cells),
        ]
    table.write_row([*values, None], bold=True, bg_color="#F2F2F2")


def _mean_of_district(table: SheetTable, report: WaveReport, audience: str, formula: str) -> Formula:
    points = table.round_value(report.findings.district_means[audience].points, "points")
    assert not isinstance(points, Formula)
    return Formula(formula, points)


def _mean_rate(table: SheetTable, column: int, last: int, cells: Sequence[CellReport]) -> Formula | None:
    """Weighted by the roster like every mean of the district, of the rates as they are printed."""
    rates = [
        (cell.cell.population, table.round_value(cell.publishable.overall.rate.share, "share"))
        for cell in cells
        if cell.publishable
    ]
    known = [(people, rate) for people, rate in rates if isinstance(rate, float)]
    weight = sum(people for people, _rate in known)
    if not weight:
        return None
    people_range, rate_range = table.column_range(column, None, last), table.column_range(column + 4, None, last)
    return Formula(
        f'=SUMPRODUCT({people_range},{rate_range})/SUMPRODUCT({people_range},({rate_range}<>"")*1)',
        sum(people * rate for people, rate in known) / weight,
    )


def _total_cell_address(table: SheetTable, column: int) -> str:
    return table.column_range(column, table.next_row, table.next_row).partition(":")[0]


def _sum_formula(table: SheetTable, column: int, last: int, value: float) -> Formula:
    return Formula(f"=SUM({table.column_range(column, None, last)})", value)


def _add_conditional_formats(table: SheetTable, audiences: tuple[str, ...], last: int) -> None:
    for number in range(len(audiences)):
        column = FIRST_AUDIENCE_COLUMN + number * COLUMNS_PER_AUDIENCE
        bar = {"type": "data_bar", "bar_color": "#9DC3E6", "bar_solid": True, "min_type": "num", "min_value": 0,
               "max_type": "num", "max_value": 1}  # fmt: skip
        table.sheet.conditional_format(table.first_row, column + 2, last, column + 2, bar)
        scale = {"type": "3_color_scale", "min_color": "#F8CBAD", "mid_color": "#FFFFFF", "max_color": "#C6E0B4"}
        table.sheet.conditional_format(table.first_row, column + 3, last, column + 3, scale)
