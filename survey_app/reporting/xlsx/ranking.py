"""Sheet 分类排名表: weights in yellow cells, score and rank as live formulas, rank sets beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.foundation.translation import _
from survey_app.measurement.ranking import PLACES

from .. import labels
from ..wave_report import SchoolReport, WaveReport
from .writer import (
    CellValue,
    Formula,
    FullPrecision,
    SheetColumn,
    SheetTable,
    WorkbookWriter,
    cell_address,
    first_row_of,
    round_value,
)

FIRST_INDEX_COLUMN = 4  # the column of the first audience
SAME_WEIGHT = "1E-6"


@dataclass(frozen=True, slots=True)
class RankingCells:
    """Where another sheet finds what follows the weights: composite and rank by school, and whether weights are other.

    ``has_other_weights``: a formula that is the empty text while every category has the weights of the scheme.
    """

    composites: Mapping[int, str]
    ranks: Mapping[int, str]
    has_other_weights: str


def ranking_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    audiences, name = _audiences(report), _("分类排名表")
    table = SheetTable(writer, name, name, _columns(audiences), _notes())
    for category in report.categories:
        schools = report.in_category(category.id)
        block = _CategoryBlock(report, audiences, table.next_row, len(schools))
        _write_weights(table, report, category.id, block)
        for school in schools:
            table.write_row(block.school_row(school, table.next_row))
    table.finish(freeze_columns=2, with_filter=False)
    table.sheet.protect("", {"format_columns": True, "format_rows": True, "select_unlocked_cells": True})


def ranking_cells(report: WaveReport) -> RankingCells:
    """Return where the sheet has its cells, for sheets before it."""
    audiences, sheet = _audiences(report), f"'{_('分类排名表')}'!"
    row = first_row_of(_columns(audiences), _notes())
    composites, ranks, changed = {}, {}, []
    for category in report.categories:
        schools = report.in_category(category.id)
        block = _CategoryBlock(report, audiences, row, len(schools))
        changed.append(f"{sheet}{block.changed}")
        for number, school in enumerate(schools, block.first):
            composites[school.school_id] = f"{sheet}{cell_address(number, block.end)}"
            ranks[school.school_id] = f"{sheet}{cell_address(number, block.end + 2)}"
        row = block.last + 1
    return RankingCells(composites, ranks, "&".join(changed))


def _audiences(report: WaveReport) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.audience for entry in report.audience_instruments))


def _notes() -> list[str]:
    return [
        _(
            "黄色格是方案权重，可以试改：综合得分和名次随之重算，“学校满意度汇总表”也跟着变。"
            "权重与方案不同时，标准误、名次区间、等第和概率留空；其他各表仍按方案权重。"
        ),
        _("名次区间越宽，名次越不确定。没有名次的学校在“说明”里写明原因。"),
    ]


def _columns(audiences: tuple[str, ...]) -> list[SheetColumn]:
    return [
        SheetColumn(_("学校代码"), "code", 11),
        SheetColumn(_("学校名称"), "wide", 15),
        SheetColumn(_("类别"), "wide", 9),
        SheetColumn(_("参与排名"), "text", 6),
        *(SheetColumn(labels.audience(audience), "points", 7, _("各对象总指数")) for audience in audiences),
        SheetColumn(_("综合得分"), "points", 7),
        SheetColumn(_("标准误"), "points", 7),
        SheetColumn(_("名次"), "int", 6),
        SheetColumn(_("单校区间"), "text", 9, _("名次区间（95%）")),
        SheetColumn(_("同类同时区间"), "text", 9, _("名次区间（95%）")),
        SheetColumn(_("等第"), "text", 5),
        *(SheetColumn(_("前 {n} 名", n=n), "share", 6, _("在内的概率（仅供参考）")) for n in PLACES),
        SheetColumn(_("说明"), "wide", 13),
    ]


class _CategoryBlock:
    """The rows of a category: the yellow weights, then its schools."""

    def __init__(self, report: WaveReport, audiences: tuple[str, ...], weights_row: int, schools: int) -> None:
        self.report, self.audiences, self.weights_row = report, audiences, weights_row
        self.first, self.last = weights_row + 1, weights_row + schools
        self.end = FIRST_INDEX_COLUMN + len(audiences)  # the column of the composite
        self.changed = cell_address(
            weights_row, len(_columns(audiences)) - 1
        )  # empty while the weights are the scheme's

    def changed_formula(self, weights: Mapping[str, float]) -> Formula:
        """A sentence where a weight is not what errors, intervals and bands were computed with."""
        alike = ",".join(
            f"ABS({cell_address(self.weights_row, column)}-{weights[audience]!r})<{SAME_WEIGHT}"
            for column, audience in enumerate(self.audiences, FIRST_INDEX_COLUMN)
            if audience in weights
        )
        sentence = _("权重已改，与方案不同")
        return Formula(f'=IF(AND({alike}),"","{sentence}")', "")

    def school_row(self, school: SchoolReport, row: int) -> list[CellValue | Formula | FullPrecision]:
        entry = school.ranking
        is_ranked = entry.rank is not None
        rank_formula = (
            f'=COUNTIFS({cell_address(self.first, 3)}:{cell_address(self.last, 3)},"{_("参与")}",'
            f"{cell_address(self.first, self.end)}:{cell_address(self.last, self.end)},"
            f'">"&{cell_address(row, self.end, absolute=False)})+1'
        )
        return [
            school.code, school.name, labels.category(self.report, school.category), _("参与") if is_ranked else "—",
            *(_index_value(school, audience) for audience in self.audiences), self._score_formula(school, row),
            self._as_computed(entry.se, "points"),
            Formula(rank_formula, entry.rank) if is_ranked else None,
            self._as_computed(labels.rank_range(entry.low, entry.high)),
            self._as_computed(labels.rank_range(entry.low_simultaneous, entry.high_simultaneous)),
            self._as_computed(entry.band),
            *(self._as_computed(dict(entry.among_first).get(n), "share") for n in PLACES), _note(self.report, school),
        ]  # fmt: skip

    def _as_computed(self, value: CellValue, style: str = "text") -> CellValue | Formula:
        """What holds with the weights of the scheme only: empty with others."""
        if value is None or value == "":
            return value
        shown = round_value(value, style, self.report.scheme.settings.decimals)
        literal = f'"{shown}"' if isinstance(shown, str) else repr(shown)
        return Formula(f'=IF({self.changed}="",{literal},"")', shown)

    def _score_formula(self, school: SchoolReport, row: int) -> Formula | None:
        if school.ranking.points is None:
            return None
        weight_range = (
            f"{cell_address(self.weights_row, FIRST_INDEX_COLUMN)}:{cell_address(self.weights_row, self.end - 1)}"
        )
        index_range = (
            f"{cell_address(row, FIRST_INDEX_COLUMN, absolute=False)}:{cell_address(row, self.end - 1, absolute=False)}"
        )
        mean = f'SUMPRODUCT({weight_range},{index_range})/SUMPRODUCT({weight_range},({index_range}<>"")*1)'
        return Formula(f"=ROUND(ROUND({mean},9),{self.report.scheme.settings.decimals})", school.ranking.points)


def _write_weights(table: SheetTable, report: WaveReport, category: str, block: _CategoryBlock) -> None:
    """The yellow weights of a category with their sum, red unless it is 100."""
    writer, row = table.writer, block.weights_row
    asked_audiences = report.audiences(category)
    weights = report.scheme.weights_for(category)
    name = writer.cell_format("text", font_name="黑体", bg_color="#EDEDED")
    table.sheet.merge_range(row, 0, row, 2, labels.category(report, category), name)
    table.write_cell(row, 3, _("权重"), name)
    yellow = writer.cell_format("points", bg_color="#FFF2CC", locked=False, bold=True)
    for audience_column, audience in enumerate(block.audiences, start=FIRST_INDEX_COLUMN):
        is_asked = audience in asked_audiences
        table.write_cell(
            row, audience_column, weights.get(audience, 0) if is_asked else 0, yellow if is_asked else name
        )
        if is_asked:
            table.sheet.data_validation(row, audience_column, row, audience_column, _between_0_and_100())
    first, last = cell_address(row, FIRST_INDEX_COLUMN), cell_address(row, block.end - 1)
    asked_weights = {audience: weights.get(audience, 0) for audience in asked_audiences}
    sum_formula = Formula(f"=SUM({first}:{last})", sum(asked_weights.values()))
    table.write_cell(row, block.end, sum_formula, writer.cell_format("points", bold=True))
    red = writer.format(bg_color="#FF7C80", bold=True)
    table.sheet.conditional_format(
        row, block.end, row, block.end, {"type": "cell", "criteria": "not between", "minimum": 99.9999,
                                         "maximum": 100.0001, "format": red}
    )  # fmt: skip
    for column in range(block.end + 1, table.column_count - 1):
        table.write_cell(row, column, None, name)
    warning = writer.cell_format("wide", font_name="黑体", bg_color="#EDEDED", font_color="#C00000")
    changed = block.changed_formula(asked_weights) if asked_weights else None
    table.write_cell(row, table.column_count - 1, changed, warning)
    table.next_row += 1


def _between_0_and_100() -> dict[str, Any]:
    return {
        "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100,
        "error_title": _("权重"), "error_message": _("权重应在 0 到 100 之间，一类学校的权重合计为 100"),
    }  # fmt: skip


def _index_value(school: SchoolReport, audience: str) -> FullPrecision | None:
    """The index in full precision if it enters the composite."""
    if audience not in school.composite.audiences:
        return None
    publishable = school.cells[audience].publishable
    points = None if publishable is None else publishable.overall.index.points
    return None if points is None else FullPrecision(points)


def _note(report: WaveReport, school: SchoolReport) -> str:
    sentences = [labels.ranking_reason(school.ranking.reason)] if school.ranking.reason else []
    if school.composite.missing:
        names = _("、").join(labels.audience(audience) for audience in school.composite.missing)
        sentences.append(_("未计入：{names}", names=names))
    if "low_response" in school.composite.flags:
        sentences.append(labels.flags(["low_response"]))
    return _("；").join(sentences)
