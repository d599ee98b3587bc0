"""The parts of a results page about the whole district: its figures, its scales, its drivers."""

from collections.abc import Iterator, Mapping, Sequence

from survey_app.foundation.translation import _, render

from .. import labels
from ..analysis.models import ConsistencyFinding, DriverFinding, WeightedMean
from ..charts.scatter import ScatterDatum, quadrant
from ..number_format import NumberFormat
from ..wave_report import WaveReport
from .page_block import Heading, PageBlock, TextTable, audience_heading


def district_blocks(report: WaveReport) -> Iterator[PageBlock]:
    """The parts about the whole district: its figures, its scales, its drivers."""
    number_format = NumberFormat(report)
    yield PageBlock("district", _("全区"), "district", _district_table(report.findings.district_means, number_format))
    yield from driver_blocks(report, report.findings.drivers)
    yield from consistency_blocks(report)


def driver_blocks(report: WaveReport, findings: Sequence[DriverFinding]) -> Iterator[PageBlock]:
    """What goes with overall satisfaction, one part an instrument × audience."""
    for number, finding in enumerate(findings):
        yield _driver_block(report, finding, f"d-{number}", NumberFormat(report))


def consistency_blocks(report: WaveReport) -> Iterator[PageBlock]:
    """How the items of each dimension hang together, if that was asked of enough people."""
    if report.findings.consistency:
        yield PageBlock(
            "scales",
            _("题目之间的一致性"),
            "alpha",
            _consistency_table(report, report.findings.consistency, NumberFormat(report)),
        )


def _district_table(means: Mapping[str, WeightedMean], number_format: NumberFormat) -> TextTable:
    headings = (
        audience_heading(),
        Heading(_("学校数")),
        Heading(_("平均"), "district"),
        Heading(_("95% 区间"), "interval"),
    )
    rows = tuple(
        (labels.audience(name), str(mean.schools), number_format.points(mean.points),
         number_format.interval(mean.low, mean.high))
        for name, mean in means.items()
    )  # fmt: skip
    return TextTable(headings, rows)


def _driver_block(report: WaveReport, finding: DriverFinding, block_id: str, number_format: NumberFormat) -> PageBlock:
    title = _("重要性与表现 · {audience} · {instrument}", audience=labels.audience(finding.audience),
              instrument=labels.instrument(report, finding.instrument))  # fmt: skip
    ordered = sorted(finding.drivers, key=lambda driver: -driver.importance)
    headings = (
        Heading(_("序号")), Heading(_("维度"), numeric=False), Heading(_("重要性"), "importance"),
        Heading(_("95% 区间"), "importance"), Heading(_("确实大于"), "importance", numeric=False),
        Heading(_("指数"), "index"),
    )  # fmt: skip
    number_of = {driver.dimension: str(number) for number, driver in enumerate(ordered, start=1)}
    rows = tuple(
        (str(number), labels.dimension(report, driver.dimension), number_format.share(driver.importance),
         "—" if driver.low is None else f"{number_format.share(driver.low)}–{number_format.share(driver.high)}",
         _("、").join(number_of[name] for name in number_of if name in driver.above) or "—",
         number_format.points(driver.performance))
        for number, driver in enumerate(ordered, start=1)
    )  # fmt: skip
    if len(ordered) < 2:
        note = render(labels.DRIVER_REASON_LABELS[finding.reason or "no_variation"])
        return PageBlock(block_id, title, "importance", TextTable(headings, rows), note=note)
    centre = (1 / len(ordered), sum(driver.performance for driver in ordered) / len(ordered))
    dots = [
        ScatterDatum(driver.importance * 100, driver.performance, str(number))
        for number, driver in enumerate(ordered, 1)
    ]
    chart = quadrant(
        title, _("横轴是重要性，纵轴是指数；数字是下表的序号，右下是重要而表现偏低的维度"),
        (_("重要性（%）"), _("指数")), dots, (centre[0] * 100, centre[1]),
    )  # fmt: skip
    note = _("{n} 人、{schools} 所学校；各维度合计解释总体满意题的 {r2}。右边的维度与总体满意关系较大，不表示因果；"
             "区间不分开的维度，先后不作数。",
             n=finding.persons, schools=finding.schools, r2=number_format.share(finding.r_squared))  # fmt: skip
    return PageBlock(block_id, title, "importance", TextTable(headings, rows), "scatter", chart, note)


def _consistency_table(
    report: WaveReport, findings: Sequence[ConsistencyFinding], number_format: NumberFormat
) -> TextTable:
    headings = (
        audience_heading(),
        Heading(_("问卷"), numeric=False),
        Heading(_("维度"), numeric=False),
        Heading(_("题数")),
        Heading("α", "alpha"),
        Heading(_("Feldt 区间"), "alpha"),
        Heading(_("全答人数"), "alpha"),
        Heading("ω", "omega"),
        Heading(_("最低题余相关"), "item_rest"),
    )
    return TextTable(headings, tuple(_consistency_row(report, finding, number_format) for finding in findings))


def _consistency_row(report: WaveReport, finding: ConsistencyFinding, number_format: NumberFormat) -> tuple[str, ...]:
    correlations = [(value, item) for item, value in finding.item_rest if value is not None]
    worst = f"{number_format.decimal(min(correlations)[0])}（{min(correlations)[1]}）" if correlations else "—"
    limits = (
        "—" if finding.low is None else f"{number_format.decimal(finding.low)}–{number_format.decimal(finding.high)}"
    )
    return (
        labels.audience(finding.audience),
        labels.instrument(report, finding.instrument),
        labels.dimension(report, finding.dimension),
        str(len(finding.item_rest)),
        number_format.decimal(finding.alpha),
        limits,
        f"{finding.complete:,}",
        number_format.decimal(finding.omega),
        worst,
    )
