"""Sheets 总体与差异, 学校位置 and 问卷质量: what stands above and between the schools."""

from survey_app.foundation.translation import _, render

from .. import labels
from ..analysis.models import (
    COMPOSITE,
    ConsistencyFinding,
    Driver,
    DriverFinding,
    FunnelSchool,
    GroupFinding,
    RateVerdict,
    WeightedMean,
)
from ..wave_report import SchoolReport, WaveReport
from .writer import CellValue, SheetColumn, SheetTable, WorkbookWriter, cell_address, first_row_of

MEAN_COLUMN = 3


def group_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    """The district and each category: means, spread between schools, reliability."""
    name = _("总体与差异")
    table = SheetTable(writer, name, name, _group_columns(), _group_notes())
    for audience, mean in report.findings.district_means.items():
        table.write_row([_("全区"), labels.audience(audience), *_mean_values(mean), None, None, ""], bold=True)
    for group in report.findings.groups:
        warning = labels.low_reliability_warning(report, group) if group.has_low_reliability else ""
        table.write_row([
            labels.category(report, group.category), labels.audience(group.audience), *_mean_values(group.mean),
            group.inequality, group.reliability, warning,
        ])  # fmt: skip
    table.finish(freeze_columns=2)


def _group_columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("类别"), "text", 20), SheetColumn(_("对象"), "text", 12), SheetColumn(_("学校数"), "int", 9),
        SheetColumn(_("平均"), "points", 10), SheetColumn(_("标准误"), "points", 9),
        SheetColumn(_("下限"), "points", 9, _("95% 区间")),
        SheetColumn(_("上限"), "points", 9, _("95% 区间")), SheetColumn(_("校间差异系数"), "share", 12),
        SheetColumn(_("校均值信度"), "points", 11), SheetColumn(_("说明"), "wide", 46),
    ]  # fmt: skip


def _group_notes() -> list[str]:
    return [_("只用可以公布的学校，按名册人数加权；各列怎样算的见“方法说明”。")]


def district_mean_cells(report: WaveReport) -> dict[str, str]:
    """Return where the mean of each audience stands that has one: another sheet that shows it refers to it."""
    first = first_row_of(_group_columns(), _group_notes())
    means = enumerate(report.findings.district_means.items(), first)
    return {
        audience: f"'{_('总体与差异')}'!{cell_address(row, MEAN_COLUMN)}"
        for row, (audience, mean) in means
        if mean.points is not None
    }


def _mean_values(mean: WeightedMean) -> list[CellValue]:
    return [mean.schools, mean.points, mean.se, mean.low, mean.high]


def school_position_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    """Each school among its like: funnel, shrinkage, reliability, the 85 % line, and change since the earlier wave."""
    notes = [
        _(
            "“上升”“下降”只在经 Holm 校正仍显著且不少于 3 分时成立，“相当”是能证明变化小于 3 分；"
            "空格表示人数太少、学校太少或两次不可比。"
        )
    ]
    table = SheetTable(writer, _("学校位置"), _("学校位置"), _school_position_columns(report), notes)
    for school in report.schools:
        for audience in (COMPOSITE, *school.cells):
            table.write_row(_school_position_row(report, school, audience))
    table.finish(freeze_columns=2)


def _school_position_columns(report: WaveReport) -> list[SheetColumn]:
    earlier = report.comparison.earlier if report.comparison else ""
    change = _("与“{earlier}”相比", earlier=earlier) if earlier else _("与上次相比")
    return [
        SheetColumn(_("学校代码"), "code", 11),
        SheetColumn(_("学校名称"), "wide", 20),
        SheetColumn(_("类别"), "wide", 12),
        SheetColumn(_("对象"), "text", 9),
        SheetColumn(_("指数"), "points", 9),
        SheetColumn(_("标准误"), "points", 8),
        SheetColumn(_("信度"), "points", 8),
        SheetColumn("t", "points", 8, _("漏斗")),
        SheetColumn(_("位置"), "text", 20, _("漏斗")),
        SheetColumn(_("收缩估计（诊断）"), "points", 10),
        SheetColumn(_("满意人数比例"), "share", 9),
        SheetColumn(_("85% 线"), "text", 18),
        SheetColumn(_("多大的选择性会推翻"), "text", 14),
        SheetColumn(_("上次"), "points", 9, change),
        SheetColumn(_("变化"), "points", 9, change),
        SheetColumn(_("下限"), "points", 9, change),
        SheetColumn(_("上限"), "points", 9, change),
        SheetColumn(_("p（Holm 校正）"), "p", 8, change),
        SheetColumn(_("判断"), "text", 10, change),
        SheetColumn(_("不降低"), "text", 10, change),
        SheetColumn(_("增值"), "points", 8, change),
        SheetColumn(_("增值下限"), "points", 8, change),
        SheetColumn(_("增值上限"), "points", 8, change),
    ]


def _school_position_row(report: WaveReport, school: SchoolReport, audience: str) -> list[CellValue]:
    group = report.findings.group(school.category, audience)
    funnel_school = _funnel_school(group, school.school_id)
    verdict = report.findings.rate_verdicts.get((school.school_id, audience))
    return [
        school.code,
        school.name,
        labels.category(report, school.category),
        labels.audience(audience),
        *([funnel_school.points, funnel_school.se] if funnel_school else [None, None]),
        group.reliabilities.get(school.school_id) if group else None,
        *(
            [funnel_school.z, render(labels.FUNNEL_ZONE_LABELS[funnel_school.zone]), funnel_school.shrinkage_estimate]
            if funnel_school
            else [None] * 3
        ),
        *verdict_values(verdict),
        *_change_values(report, school.school_id, audience),
    ]


def verdict_values(verdict: RateVerdict | None) -> list[CellValue]:
    """Return share, verdict and what would tip it; of a bound only words, no number that anybody could go on with."""
    if verdict is None:
        return [None, "", ""]
    share = labels.rate_share(verdict, f"{verdict.share:.0%}") if verdict.bound else verdict.share
    return [share, labels.rate_verdict(verdict), labels.tipping(verdict)]


def _funnel_school(group: GroupFinding | None, school: int) -> FunnelSchool | None:
    schools = group.funnel.schools if group is not None and group.funnel is not None else ()
    return next((entry for entry in schools if entry.school == school), None)


def _change_values(report: WaveReport, school: int, audience: str) -> list[CellValue]:
    audience_changes = report.comparison.changes_of(audience) if report.comparison else None
    school_change = (
        next((school_change for school_change in audience_changes.changes if school_change.school == school), None)
        if audience_changes
        else None
    )
    if school_change is None:
        return [None] * 10
    not_lower_text = _("是") if school_change.not_lower else _("不能确定")
    return [
        school_change.before,
        school_change.difference,
        school_change.low,
        school_change.high,
        school_change.p,
        render(labels.CHANGE_LABELS[school_change.verdict]),
        not_lower_text,
        school_change.value_added,
        school_change.value_added_low,
        school_change.value_added_high,
    ]


def item_analysis_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    """Each dimension of each form: how its items hang together, and what it means for overall satisfaction."""
    columns = [
        SheetColumn(_("问卷"), "wide", 18),
        SheetColumn(_("对象"), "text", 8),
        SheetColumn(_("维度"), "wide", 14),
        SheetColumn(_("题数"), "int", 6),
        SheetColumn(_("人数"), "int", 7),
        SheetColumn("α", "points", 7),
        SheetColumn(_("下限"), "points", 7, _("Feldt 区间")),
        SheetColumn(_("上限"), "points", 7, _("Feldt 区间")),
        SheetColumn(_("全答人数"), "int", 7, _("Feldt 区间")),
        SheetColumn("ω", "points", 7),
        SheetColumn(_("题余相关"), "wide", 30),
        SheetColumn(_("重要性"), "share", 7),
        SheetColumn(_("指数"), "points", 7),
        SheetColumn(_("说明"), "wide", 13),
    ]
    table = SheetTable(writer, _("问卷质量"), _("问卷质量"), columns)
    for finding in report.findings.drivers:
        instrument_findings = [
            finding_of_dimension
            for finding_of_dimension in report.findings.consistency
            if (finding_of_dimension.instrument, finding_of_dimension.audience)
            == (finding.instrument, finding.audience)
        ]
        consistency_by_dimension = {
            finding_of_dimension.dimension: finding_of_dimension for finding_of_dimension in instrument_findings
        }
        drivers = {driver.dimension: driver for driver in finding.drivers}
        for dimension in dict.fromkeys([*consistency_by_dimension, *drivers]):
            table.write_row(
                _item_analysis_row(
                    report, finding, dimension, consistency_by_dimension.get(dimension), drivers.get(dimension)
                )
            )
    table.finish(freeze_columns=3)


def _item_analysis_row(
    report: WaveReport,
    finding: DriverFinding,
    dimension: str,
    consistency: ConsistencyFinding | None,
    driver: Driver | None,
) -> list[CellValue]:
    correlations = (
        [] if consistency is None else [(item, value) for item, value in consistency.item_rest if value is not None]
    )
    return [
        labels.instrument(report, finding.instrument),
        labels.audience(finding.audience),
        labels.dimension(report, dimension),
        *(
            [
                len(consistency.item_rest),
                consistency.persons,
                consistency.alpha,
                consistency.low,
                consistency.high,
                consistency.complete,
                consistency.omega,
            ]
            if consistency
            else [None] * 7
        ),
        _("、").join(f"{item} {value:.2f}" for item, value in correlations),
        driver.importance if driver else None,
        driver.performance if driver else None,
        render(labels.DRIVER_REASON_LABELS[finding.reason]) if finding.reason else "",
    ]
