"""Sheet 学校满意度汇总表: one row a school."""

from collections.abc import Sequence

from survey_app.foundation.translation import _

from .. import labels
from ..wave_report import SchoolReport, WaveReport, is_hidden
from .writer import Book, Column, Formula, Table, Value

PER_AUDIENCE = 5


def summary_sheet(book: Book, report: WaveReport) -> None:
    audiences = tuple(dict.fromkeys(found.audience for found in report.asked))
    table = Table(book, _("学校满意度汇总表"), _("学校满意度汇总表"), _columns(audiences))
    for school in report.schools:
        table.row(_row(report, school, audiences))
    last = table.next_row - 1
    _totals(table, report, audiences, last)
    _decorate(table, audiences, last)
    table.finish(freeze_columns=2)


def _columns(audiences: tuple[str, ...]) -> list[Column]:
    columns = [Column(_("学校代码"), "code", 13), Column(_("学校名称"), "text", 26), Column(_("类别"), "text", 16)]
    for audience in audiences:
        group = labels.audience(audience)
        columns += [
            Column(_("名册人数"), "int", 9, group), Column(_("答卷"), "int", 8, group),
            Column(_("回收率"), "share", 9, group), Column(_("满意度指数"), "points", 10, group),
            Column(_("满意率"), "share", 9, group),
        ]  # fmt: skip
    return [*columns, Column(_("综合得分"), "points", 10), Column(_("名次"), "int", 7), Column(_("说明"), "wide", 34)]


def _row(report: WaveReport, school: SchoolReport, audiences: tuple[str, ...]) -> list[Value | Formula]:
    values: list[Value | Formula] = [school.code, school.name, labels.category(report, school.category)]
    for audience in audiences:
        values += _audience_cells(school, audience)
    return [*values, school.ranked.points, school.ranked.rank, why(school)]


def _audience_cells(school: SchoolReport, audience: str) -> list[Value | Formula]:
    cell = school.cells.get(audience)
    if cell is None:
        return [None] * PER_AUDIENCE
    estimate, overall = cell.estimate, cell.estimate.overall
    return [
        estimate.population or None,
        estimate.received,
        estimate.response_rate,
        overall.index.points,
        overall.rate.share,
    ]


def why(school: SchoolReport) -> str:
    """Why a figure of a school is missing, in words."""
    parts = []
    for audience, cell in school.cells.items():
        if cell.estimate.received == 0:
            parts.append(_("{audience}没有人答卷", audience=labels.audience(audience)))
        elif is_hidden(cell.estimate.overall):
            parts.append(_("{audience}人数太少，不公布", audience=labels.audience(audience)))
    if school.ranked.reason:
        parts.append(_("不排名：{reason}", reason=labels.reason(school.ranked.reason)))
    return _("；").join(parts)


def _totals(table: Table, report: WaveReport, audiences: tuple[str, ...], last: int) -> None:
    """Sums of people and plain means of the schools' figures, as live formulas."""
    values: list[Value | Formula] = [_("合计 / 学校平均"), None, None]
    for number, audience in enumerate(audiences):
        at = 3 + number * PER_AUDIENCE
        cells = [school.cells.get(audience) for school in report.schools]
        people = sum(cell.estimate.population for cell in cells if cell)
        received = sum(cell.estimate.received for cell in cells if cell)
        overall = [cell.estimate.overall for cell in cells if cell]
        indices = [table.published(found.index.points, "points") for found in overall]
        rates = [table.published(found.rate.share, "share") for found in overall]
        whole = [_sum(table, at, last, people), _sum(table, at + 1, last, received)]
        rate = Formula(f"={_cell(table, at + 1)}/{_cell(table, at)}", received / people) if people else None
        values += [*whole, rate, _mean(table, at + 2 + 1, last, indices), _mean(table, at + 4, last, rates)]
    points = [school.ranked.points for school in report.schools]
    end = 3 + len(audiences) * PER_AUDIENCE
    table.row([*values, _mean(table, end, last, points), None, None], bold=True, bg_color="#F2F2F2")


def _cell(table: Table, column: int) -> str:
    return table.cells(column, table.next_row, table.next_row).partition(":")[0]


def _sum(table: Table, column: int, last: int, value: float) -> Formula:
    return Formula(f"=SUM({table.cells(column, None, last)})", value)


def _mean(table: Table, column: int, last: int, values: Sequence[Value | Formula]) -> Formula | None:
    known = [value for value in values if isinstance(value, float)]
    if not known:
        return None
    cells = table.cells(column, None, last)
    return Formula(f'=SUM({cells})/COUNTIFS({cells},">=0")', sum(known) / len(known))


def _decorate(table: Table, audiences: tuple[str, ...], last: int) -> None:
    for number in range(len(audiences)):
        at = 3 + number * PER_AUDIENCE
        bar = {"type": "data_bar", "bar_color": "#9DC3E6", "bar_solid": True, "min_type": "num", "min_value": 0,
               "max_type": "num", "max_value": 1}  # fmt: skip
        table.sheet.conditional_format(table.first_row, at + 2, last, at + 2, bar)
        scale = {"type": "3_color_scale", "min_color": "#F8CBAD", "mid_color": "#FFFFFF", "max_color": "#C6E0B4"}
        table.sheet.conditional_format(table.first_row, at + 3, last, at + 3, scale)
