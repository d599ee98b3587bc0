"""Sheet 分类排名表: weights in yellow cells, score and rank as live formulas, rank sets beside them."""

from typing import Any

from survey_app.foundation.translation import _

from .. import labels
from ..wave_report import SchoolReport, WaveReport
from .writer import Book, Column, Exact, Formula, Table, Value, address

INDICES_FROM = 4  # the column of the first audience


def ranking_sheet(book: Book, report: WaveReport) -> None:
    audiences = tuple(dict.fromkeys(found.audience for found in report.asked))
    notes = [
        _("黄色格是方案权重，可以试改：综合得分和名次随之重算。名次区间和等第按方案原权重计算，不随之变化。"),
        _("名次区间越宽，名次越不确定。没有名次的学校在“说明”里写明原因。"),
    ]
    table = Table(book, _("分类排名表"), _("分类排名表"), _columns(audiences), notes)
    for category in report.categories:
        schools = report.in_category(category.id)
        weights = _weights_row(table, report, category.id, audiences)
        first = table.next_row
        for school in schools:
            table.row(_row(report, school, audiences, weights, first, first + len(schools) - 1))
    table.finish(freeze_columns=2, filtered=False)
    table.sheet.protect("", {"format_columns": True, "format_rows": True, "select_unlocked_cells": True})


def _columns(audiences: tuple[str, ...]) -> list[Column]:
    return [
        Column(_("学校代码"), "code", 13), Column(_("学校名称"), "text", 28), Column(_("类别"), "text", 16),
        Column(_("参与排名"), "text", 9),
        *(Column(labels.audience(audience), "points", 10, _("各对象总指数")) for audience in audiences),
        Column(_("综合得分"), "points", 10), Column(_("标准误"), "points", 8), Column(_("名次"), "int", 7),
        Column(_("单校区间"), "text", 11, _("名次区间（95%）")),
        Column(_("同类同时区间"), "text", 13, _("名次区间（95%）")),
        Column(_("等第"), "text", 7), Column(_("说明"), "wide", 30),
    ]  # fmt: skip


def _weights_row(table: Table, report: WaveReport, category: str, audiences: tuple[str, ...]) -> int:
    """The yellow weights of a category with their sum, red unless it is 100."""
    book, row = table.book, table.next_row
    asked = report.audiences(category)
    weights = report.scheme.weights_for(category)
    name = book.cell_format("text", font_name="黑体", bg_color="#EDEDED")
    table.sheet.merge_range(row, 0, row, 2, labels.category(report, category), name)
    table.write(row, 3, _("权重"), name)
    yellow = book.cell_format("points", bg_color="#FFF2CC", locked=False, bold=True)
    for at, audience in enumerate(audiences, start=INDICES_FROM):
        is_open = audience in asked
        table.write(row, at, weights.get(audience, 0) if is_open else 0, yellow if is_open else name)
        if is_open:
            table.sheet.data_validation(row, at, row, at, _between_0_and_100())
    total = INDICES_FROM + len(audiences)
    first, last = address(row, INDICES_FROM), address(row, total - 1)
    whole = sum(weight for audience, weight in weights.items() if audience in asked)
    table.write(row, total, Formula(f"=SUM({first}:{last})", whole), book.cell_format("points", bold=True))
    red = book.format(bg_color="#FF7C80", bold=True)
    table.sheet.conditional_format(
        row, total, row, total, {"type": "cell", "criteria": "not between", "minimum": 99.9999, "maximum": 100.0001,
                                 "format": red}
    )  # fmt: skip
    for column in range(total + 1, table.width):
        table.write(row, column, None, name)
    table.next_row += 1
    return row


def _between_0_and_100() -> dict[str, Any]:
    return {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100,
        "error_title": _("权重"), "error_message": _("权重应在 0 到 100 之间，一类学校的权重合计为 100"),
    }  # fmt: skip


def _row(
    report: WaveReport, school: SchoolReport, audiences: tuple[str, ...], weights: int, first: int, last: int
) -> list[Value | Formula | Exact]:
    """One school between rows ``first`` and ``last`` of its category."""
    line, row = school.ranked, first + report.in_category(school.category).index(school)
    end = INDICES_FROM + len(audiences)
    indices = [_index(school, audience) for audience in audiences]
    ranked = line.rank is not None
    rank_formula = (
        f'=COUNTIFS({address(first, 3)}:{address(last, 3)},"{_("参与")}",'
        f'{address(first, end)}:{address(last, end)},">"&{address(row, end, fixed=False)})+1'
    )
    return [
        school.code, school.name, labels.category(report, school.category), _("参与") if ranked else "—",
        *indices, _score(report, school, weights, row, end), line.se,
        Formula(rank_formula, line.rank) if ranked else None, _span(line.low, line.high),
        _span(line.low_simultaneous, line.high_simultaneous), line.band, _why(report, school),
    ]  # fmt: skip


def _index(school: SchoolReport, audience: str) -> Exact | None:
    """The index in full precision if it enters the composite."""
    if audience not in school.composite.audiences:
        return None
    points = school.cells[audience].estimate.overall.index.points
    return None if points is None else Exact(points)


def _score(report: WaveReport, school: SchoolReport, weights: int, row: int, end: int) -> Formula | None:
    if school.ranked.points is None:
        return None
    weight = f"{address(weights, INDICES_FROM)}:{address(weights, end - 1)}"
    own = f"{address(row, INDICES_FROM, fixed=False)}:{address(row, end - 1, fixed=False)}"
    mean = f'SUMPRODUCT({weight},{own})/SUMPRODUCT({weight},({own}<>"")*1)'
    return Formula(f"=ROUND(ROUND({mean},9),{report.scheme.method.decimals})", school.ranked.points)


def _span(low: int | None, high: int | None) -> str:
    return "" if low is None or high is None else f"{low}–{high}" if low != high else str(low)


def _why(report: WaveReport, school: SchoolReport) -> str:
    parts = [labels.reason(school.ranked.reason)] if school.ranked.reason else []
    if school.composite.missing:
        names = _("、").join(labels.audience(audience) for audience in school.composite.missing)
        parts.append(_("未计入：{names}", names=names))
    if "low_response" in school.composite.flags:
        parts.append(labels.flags(["low_response"]))
    return _("；").join(parts)
