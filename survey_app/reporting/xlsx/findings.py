"""Sheets 总体与差异, 学校位置 and 问卷质量: what stands above and between the schools."""

from survey_app.foundation.translation import _, say

from .. import labels
from ..analysis.models import COMPOSITE, Driver, DriverFinding, Figure, GroupFinding, ScaleFinding, SchoolPlace
from ..wave_report import SchoolReport, WaveReport
from .writer import Book, Column, Table, Value


def group_sheet(book: Book, report: WaveReport) -> None:
    """The district and each category: means, spread between schools, reliability."""
    columns = [
        Column(_("类别"), "text", 20), Column(_("对象"), "text", 12), Column(_("学校数"), "int", 9),
        Column(_("平均"), "points", 10), Column(_("标准误"), "points", 9),
        Column(_("下限"), "points", 9, _("95% 区间")),
        Column(_("上限"), "points", 9, _("95% 区间")), Column(_("校间差异系数"), "share", 12),
        Column(_("校均值信度"), "points", 11), Column(_("说明"), "wide", 50),
    ]  # fmt: skip
    notes = [_("只用可以公布的学校，按名册人数加权；各列怎样算的见“封面与口径”。")]
    table = Table(book, _("总体与差异"), _("总体与差异"), columns, notes)
    for audience, figure in report.findings.districts.items():
        table.row([_("全区"), labels.audience(audience), *_figure(figure), None, None, ""], bold=True)
    for group in report.findings.groups:
        warning = labels.hardly_told_apart(report, group) if group.is_hardly_told_apart else ""
        table.row([
            labels.category(report, group.category), labels.audience(group.audience), *_figure(group.mean),
            group.inequality, group.reliability, warning,
        ])  # fmt: skip
    table.finish(freeze_columns=2)


def _figure(figure: Figure) -> list[Value]:
    return [figure.schools, figure.points, figure.se, figure.low, figure.high]


def place_sheet(book: Book, report: WaveReport) -> None:
    """Each school among its like: funnel, shrinkage, reliability, the 85 % line, and change since the earlier wave."""
    earlier = report.comparison.earlier if report.comparison else ""
    change = _("与“{earlier}”相比", earlier=earlier) if earlier else _("与上次相比")
    columns = [
        Column(_("学校代码"), "code", 13), Column(_("学校名称"), "text", 26), Column(_("类别"), "text", 16),
        Column(_("对象"), "text", 9), Column(_("指数"), "points", 9), Column(_("标准误"), "points", 8),
        Column(_("信度"), "points", 8), Column("z", "points", 8, _("漏斗")), Column(_("位置"), "text", 20, _("漏斗")),
        Column(_("收缩估计（诊断）"), "points", 10), Column(_("满意率"), "share", 9), Column(_("85% 线"), "text", 10),
        Column(_("上次"), "points", 9, change), Column(_("变化"), "points", 9, change), Column("p", "p", 8, change),
        Column(_("判断"), "text", 10, change), Column(_("不降低"), "text", 10, change),
        Column(_("增值"), "points", 8, change),
    ]  # fmt: skip
    notes = [_("“变化”只在经 Holm 校正仍显著且不少于 3 分时成立；空格表示人数太少、学校太少或两次不可比。")]
    table = Table(book, _("学校位置"), _("学校位置"), columns, notes)
    for school in report.schools:
        for audience in (COMPOSITE, *school.cells):
            table.row(_place(report, school, audience))
    table.finish(freeze_columns=2)


def _place(report: WaveReport, school: SchoolReport, audience: str) -> list[Value]:
    group = report.findings.group(school.category, audience)
    place = _found(group, school.school_id)
    verdict = report.findings.lines.get((school.school_id, audience))
    rate = school.cells[audience].estimate.overall.rate.share if verdict is not None else None
    return [
        school.code, school.name, labels.category(report, school.category), labels.audience(audience),
        *([place.points, place.se] if place else [None, None]),
        group.reliabilities.get(school.school_id) if group else None,
        *([place.z, say(labels.ZONES[place.zone]), place.shrunken] if place else [None] * 3),
        rate, "" if verdict is None else say(labels.LINES[verdict]), *_change(report, school.school_id, audience),
    ]  # fmt: skip


def _found(group: GroupFinding | None, school: int) -> SchoolPlace | None:
    places = group.funnel.places if group is not None and group.funnel is not None else ()
    return next((place for place in places if place.school == school), None)


def _change(report: WaveReport, school: int, audience: str) -> list[Value]:
    trend = report.comparison.trend(audience) if report.comparison else None
    line = next((line for line in trend.lines if line.school == school), None) if trend else None
    if line is None:
        return [None] * 6
    kept = _("是") if line.not_lower else _("不能确定")
    return [line.before, line.difference, line.p, say(labels.VERDICTS[line.verdict]), kept, line.score]


def scale_sheet(book: Book, report: WaveReport) -> None:
    """Each dimension of each form: how its items hang together, and what it means for overall satisfaction."""
    columns = [
        Column(_("问卷"), "text", 26), Column(_("对象"), "text", 9), Column(_("维度"), "text", 18),
        Column(_("题数"), "int", 7), Column(_("人数"), "int", 9), Column("α", "points", 8),
        Column(_("下限"), "points", 8, _("Feldt 区间")), Column(_("上限"), "points", 8, _("Feldt 区间")),
        Column(_("全答人数"), "int", 9, _("Feldt 区间")), Column("ω", "points", 8),
        Column(_("题余相关"), "wide", 40), Column(_("重要性"), "share", 9), Column(_("指数"), "points", 9),
        Column(_("说明"), "wide", 30),
    ]  # fmt: skip
    table = Table(book, _("问卷质量"), _("问卷质量"), columns)
    for finding in report.findings.drivers:
        own = [scale for scale in report.findings.scales
               if (scale.instrument, scale.audience) == (finding.instrument, finding.audience)]  # fmt: skip
        scales = {scale.dimension: scale for scale in own}
        drivers = {driver.dimension: driver for driver in finding.drivers}
        for dimension in dict.fromkeys([*scales, *drivers]):
            table.row(_scale(report, finding, dimension, scales.get(dimension), drivers.get(dimension)))
    table.finish(freeze_columns=3)


def _scale(
    report: WaveReport, finding: DriverFinding, dimension: str, scale: ScaleFinding | None, driver: Driver | None
) -> list[Value]:
    rests = [] if scale is None else [(item, value) for item, value in scale.item_rest if value is not None]
    return [
        labels.instrument(report, finding.instrument), labels.audience(finding.audience),
        labels.dimension(report, dimension),
        *([len(scale.item_rest), scale.persons, scale.alpha, scale.low, scale.high, scale.complete, scale.omega]
          if scale else [None] * 7),
        _("、").join(f"{item} {value:.2f}" for item, value in rests), driver.importance if driver else None,
        driver.performance if driver else None,
        say(labels.DRIVER_REASONS[finding.reason]) if finding.reason else "",
    ]  # fmt: skip
