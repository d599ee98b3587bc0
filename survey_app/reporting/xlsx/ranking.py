"""Sheet 分类排名表: weights in yellow cells, score and rank as live formulas, rank sets beside them."""

from typing import Any

from survey_app.foundation.translation import _
from survey_app.measurement.ranking import PLACES

from .. import labels
from ..wave_report import SchoolReport, WaveReport
from .writer import CellValue, Formula, FullPrecision, SheetColumn, SheetTable, WorkbookWriter, cell_address

FIRST_INDEX_COLUMN = 4  # the column of the first audience


def ranking_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    audiences = tuple(dict.fromkeys(entry.audience for entry in report.audience_instruments))
    notes = [
        _("黄色格是方案权重，可以试改：综合得分和名次随之重算。名次区间和等第按方案原权重计算，不随之变化。"),
        _("名次区间越宽，名次越不确定。没有名次的学校在“说明”里写明原因。"),
    ]
    table = SheetTable(writer, _("分类排名表"), _("分类排名表"), _columns(audiences), notes)
    for category in report.categories:
        schools = report.in_category(category.id)
        weights = _weights_row(table, report, category.id, audiences)
        first = table.next_row
        for school in schools:
            table.write_row(_school_row(report, school, audiences, weights, first, first + len(schools) - 1))
    table.finish(freeze_columns=2, with_filter=False)
    table.sheet.protect("", {"format_columns": True, "format_rows": True, "select_unlocked_cells": True})


def _columns(audiences: tuple[str, ...]) -> list[SheetColumn]:
    return [
        SheetColumn(_("学校代码"), "code", 13),
        SheetColumn(_("学校名称"), "wide", 28),
        SheetColumn(_("类别"), "text", 16),
        SheetColumn(_("参与排名"), "text", 9),
        *(SheetColumn(labels.audience(audience), "points", 10, _("各对象总指数")) for audience in audiences),
        SheetColumn(_("综合得分"), "points", 10),
        SheetColumn(_("标准误"), "points", 8),
        SheetColumn(_("名次"), "int", 7),
        SheetColumn(_("单校区间"), "text", 11, _("名次区间（95%）")),
        SheetColumn(_("同类同时区间"), "text", 13, _("名次区间（95%）")),
        SheetColumn(_("等第"), "text", 7),
        *(SheetColumn(_("前 {n} 名", n=n), "share", 8, _("在内的概率（仅供参考）")) for n in PLACES),
        SheetColumn(_("说明"), "wide", 30),
    ]


def _weights_row(table: SheetTable, report: WaveReport, category: str, audiences: tuple[str, ...]) -> int:
    """The yellow weights of a category with their sum, red unless it is 100."""
    writer, row = table.writer, table.next_row
    asked_audiences = report.audiences(category)
    weights = report.scheme.weights_for(category)
    name = writer.cell_format("text", font_name="黑体", bg_color="#EDEDED")
    table.sheet.merge_range(row, 0, row, 2, labels.category(report, category), name)
    table.write_cell(row, 3, _("权重"), name)
    yellow = writer.cell_format("points", bg_color="#FFF2CC", locked=False, bold=True)
    for audience_column, audience in enumerate(audiences, start=FIRST_INDEX_COLUMN):
        is_asked = audience in asked_audiences
        table.write_cell(
            row, audience_column, weights.get(audience, 0) if is_asked else 0, yellow if is_asked else name
        )
        if is_asked:
            table.sheet.data_validation(row, audience_column, row, audience_column, _between_0_and_100())
    total = FIRST_INDEX_COLUMN + len(audiences)
    first, last = cell_address(row, FIRST_INDEX_COLUMN), cell_address(row, total - 1)
    weight_total = sum(weight for audience, weight in weights.items() if audience in asked_audiences)
    table.write_cell(
        row, total, Formula(f"=SUM({first}:{last})", weight_total), writer.cell_format("points", bold=True)
    )
    red = writer.format(bg_color="#FF7C80", bold=True)
    table.sheet.conditional_format(
        row, total, row, total, {"type": "cell", "criteria": "not between", "minimum": 99.9999, "maximum": 100.0001,
                                 "format": red}
    )  # fmt: skip
    for column in range(total + 1, table.column_count):
        table.write_cell(row, column, None, name)
    table.next_row += 1
    return row


def _between_0_and_100() -> dict[str, Any]:
    return {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100,
        "error_title": _("权重"), "error_message": _("权重应在 0 到 100 之间，一类学校的权重合计为 100"),
    }  # fmt: skip


def _school_row(
    report: WaveReport, school: SchoolReport, audiences: tuple[str, ...], weights_row: int, first: int, last: int
) -> list[CellValue | Formula | FullPrecision]:
    """One school between rows ``first`` and ``last`` of its category."""
    entry, row = school.ranking, first + report.in_category(school.category).index(school)
    end = FIRST_INDEX_COLUMN + len(audiences)
    indices = [_index_value(school, audience) for audience in audiences]
    is_ranked = entry.rank is not None
    rank_formula = (
        f'=COUNTIFS({cell_address(first, 3)}:{cell_address(last, 3)},"{_("参与")}",'
        f'{cell_address(first, end)}:{cell_address(last, end)},">"&{cell_address(row, end, absolute=False)})+1'
    )
    return [
        school.code, school.name, labels.category(report, school.category), _("参与") if is_ranked else "—",
        *indices, _score_formula(report, school, weights_row, row, end), entry.se,
        Formula(rank_formula, entry.rank) if is_ranked else None, labels.rank_range(entry.low, entry.high),
        labels.rank_range(entry.low_simultaneous, entry.high_simultaneous), entry.band,
        *(dict(entry.among_first).get(n) for n in PLACES), _note(report, school),
    ]  # fmt: skip


def _index_value(school: SchoolReport, audience: str) -> FullPrecision | None:
    """The index in full precision if it enters the composite."""
    if audience not in school.composite.audiences:
        return None
    publishable = school.cells[audience].publishable
    points = None if publishable is None else publishable.overall.index.points
    return None if points is None else FullPrecision(points)


def _score_formula(report: WaveReport, school: SchoolReport, weights_row: int, row: int, end: int) -> Formula | None:
    if school.ranking.points is None:
        return None
    weight_range = f"{cell_address(weights_row, FIRST_INDEX_COLUMN)}:{cell_address(weights_row, end - 1)}"
    index_range = (
        f"{cell_address(row, FIRST_INDEX_COLUMN, absolute=False)}:{cell_address(row, end - 1, absolute=False)}"
    )
    mean = f'SUMPRODUCT({weight_range},{index_range})/SUMPRODUCT({weight_range},({index_range}<>"")*1)'
    return Formula(f"=ROUND(ROUND({mean},9),{report.scheme.settings.decimals})", school.ranking.points)


def _note(report: WaveReport, school: SchoolReport) -> str:
    sentences = [labels.ranking_reason(school.ranking.reason)] if school.ranking.reason else []
    if school.composite.missing:
        names = _("、").join(labels.audience(audience) for audience in school.composite.missing)
        sentences.append(_("未计入：{names}", names=names))
    if "low_response" in school.composite.flags:
        sentences.append(labels.flags(["low_response"]))
    return _("；").join(sentences)
