"""Parts of the results page about what stands above and between the schools: a picture, and always its table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_app.foundation.translation import _, say
from survey_app.measurement.rounding import half_up
from survey_app.measurement.statistics.outliers import ALARM, WARNING

from .. import labels
from ..analysis.change import ChangeLine, Trend
from ..analysis.models import COMPOSITE, AwardFinding, DriverFinding, Figure, GroupFinding, ScaleFinding
from ..charts.dot_plot import Dots, Point, change_dots
from ..charts.scatter import Dot, Likert, Scatter, funnel_plot, quadrant
from ..tabular.tables import Rounding
from ..wave_report import SchoolReport, WaveReport

MOST_CHANGES_DRAWN = 40
TONES = {0: "", 1: "high", 2: "high", -1: "low", -2: "low"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column heading; ``how`` names the explanation of its figure."""

    text: str
    how: str = ""
    numeric: bool = True


@dataclass(frozen=True, slots=True)
class PlainTable:
    headings: tuple[Heading, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """``kind`` is the macro that draws ``chart``; empty without one."""

    id: str
    title: str
    how: str
    table: PlainTable
    kind: str = ""
    chart: Dots | Likert | Scatter | None = None
    note: str = ""


class Figures:
    """Numbers as they are printed."""

    def __init__(self, report: WaveReport) -> None:
        self.decimals = report.scheme.method.decimals
        self.rounding = Rounding(report)

    def points(self, value: float | None) -> str:
        rounded = self.rounding.points(value)
        return "—" if rounded is None else f"{rounded:.{self.decimals}f}"

    def share(self, value: float | None) -> str:
        rounded = self.rounding.share(value)
        return "—" if rounded is None else f"{rounded * 100:.{self.decimals}f}%"

    def plain(self, value: float | None) -> str:
        return "—" if value is None else f"{half_up(value, 2):.2f}"

    def interval(self, low: float | None, high: float | None) -> str:
        return "—" if low is None or high is None else f"{self.points(low)}–{self.points(high)}"


def _school() -> Heading:
    return Heading(_("学校"), numeric=False)


def _audience() -> Heading:
    return Heading(_("对象"), numeric=False)


class CategoryParts:
    """The parts of one category."""

    def __init__(self, report: WaveReport, category: str) -> None:
        self.report, self.category = report, category
        self.schools: Sequence[SchoolReport] = report.in_category(category)
        self.names: Mapping[int, str] = {school.school_id: school.name for school in self.schools}
        self.figures = Figures(report)
        self.groups = [group for group in report.findings.groups if group.category == category]

    def parts(self) -> Iterator[Part]:
        yield self.means()
        composite = self.report.findings.group(self.category, COMPOSITE)
        if composite is not None and composite.funnel is not None:
            yield self.funnel(composite)
        lines = self.lines()
        if lines.rows:
            yield Part(f"l-{self.category}", _("满意率与 85% 线"), "line", lines)
        awards = [award for award in self.report.findings.awards if award.category == self.category]
        if awards:
            yield Part(f"a-{self.category}", _("奖励名额"), "award", self.awards(awards))
        yield from self.changes()

    def means(self) -> Part:
        headings = (_audience(), Heading(_("学校数")), Heading(_("平均"), "district"),
                    Heading(_("95% 区间"), "interval"), Heading(_("校间差异系数"), "inequality"),
                    Heading(_("校均值信度"), "reliability"))  # fmt: skip
        rows = tuple(
            (labels.audience(group.audience), str(group.mean.schools), self.figures.points(group.mean.points),
             self.figures.interval(group.mean.low, group.mean.high), self.figures.share(group.inequality),
             self.figures.plain(group.reliability))
            for group in self.groups
        )  # fmt: skip
        return Part(f"m-{self.category}", _("同类平均和学校间的差异"), "district", PlainTable(headings, rows))

    def funnel(self, group: GroupFinding) -> Part:
        found = group.funnel
        assert found is not None
        places = sorted(found.places, key=lambda place: -place.points)
        dots = [Dot(place.se, place.points, self.names[place.school] if place.zone else "", TONES[place.zone])
                for place in places]  # fmt: skip
        title = _("漏斗图：哪些学校超出了偶然")
        chart = funnel_plot(
            title, _("横轴是标准误，纵轴是综合得分；内线 95%，外线 99.8%"), (_("标准误"), _("综合得分")), dots,
            found.mean, found.tau2, ((WARNING, "warning"), (ALARM, "alarm")),
        )  # fmt: skip
        headings = (_school(), Heading(_("综合得分"), "composite"), Heading(_("标准误")), Heading("z", "funnel"),
                    Heading(_("位置"), "funnel", numeric=False), Heading(_("收缩估计"), "shrinkage"))  # fmt: skip
        rows = tuple(
            (self.names[place.school], self.figures.points(place.points), self.figures.points(place.se),
             self.figures.plain(place.z), say(labels.ZONES[place.zone]), self.figures.points(place.shrunken))
            for place in places
        )  # fmt: skip
        note = _("只标出线外的学校。线内的差别可以由答卷多少和学校间的寻常差别解释。")
        return Part(f"f-{self.category}", title, "funnel", PlainTable(headings, rows), "scatter", chart, note)

    def lines(self) -> PlainTable:
        """Rate, interval and verdict, one row a school × audience."""
        rows = []
        for school in self.schools:
            for audience, cell in school.cells.items():
                verdict = self.report.findings.lines.get((school.school_id, audience))
                rate = cell.estimate.overall.rate
                if verdict is not None and rate.share is not None:
                    interval = f"{self.figures.share(rate.low)}–{self.figures.share(rate.high)}" \
                        if rate.low is not None else "—"  # fmt: skip
                    rows.append((school.name, labels.audience(audience), self.figures.share(rate.share), interval,
                                 say(labels.LINES[verdict])))  # fmt: skip
        headings = (_school(), _audience(), Heading(_("满意率"), "rate"), Heading(_("95% 区间"), "rate"),
                    Heading(_("85% 线"), "line", numeric=False))  # fmt: skip
        return PlainTable(headings, tuple(rows))

    def awards(self, awards: Sequence[AwardFinding]) -> PlainTable:
        headings = (Heading(_("名额")), Heading(_("一定在内"), "award", numeric=False),
                    Heading(_("可能在内"), "award", numeric=False))  # fmt: skip
        rows = tuple((str(award.places), self._named(award.certain), self._named(award.possible)) for award in awards)
        return PlainTable(headings, rows)

    def _named(self, schools: tuple[int, ...]) -> str:
        return _("、").join(self.names[school] for school in schools) or "—"

    def changes(self) -> Iterator[Part]:
        """Of the composite; of each audience where composites of the two waves have different audiences."""
        comparison = self.report.comparison
        found = {trend.audience: part for trend in (comparison.trends if comparison else ())
                 if (part := self.change(trend)) is not None}  # fmt: skip
        yield from [found[COMPOSITE]] if COMPOSITE in found else found.values()

    def change(self, trend: Trend) -> Part | None:
        """None if no school of this category was there before."""
        comparison = self.report.comparison
        assert comparison is not None
        lines = [line for line in trend.lines if line.school in self.names]
        lines.sort(key=lambda line: -line.difference)
        if not lines:
            return None
        title = _(
            "与“{earlier}”相比 · {audience}", earlier=comparison.earlier, audience=labels.audience(trend.audience)
        )
        points = [Point(self.names[line.school], line.after, min(line.before, line.after),
                        max(line.before, line.after), _("{points}（{verdict}）", points=_signed(line, self.figures),
                        verdict=say(labels.VERDICTS[line.verdict])), line.verdict, line.before)
                  for line in lines[:MOST_CHANGES_DRAWN]]  # fmt: skip
        note = _("空心圆是上次，实心圆是本次；具体数字见下表")
        chart = change_dots(title, note, points)
        headings = (_school(), Heading(_("上次")), Heading(_("本次")), Heading(_("变化"), "change"), Heading("p"),
                    Heading(_("判断"), "change", numeric=False), Heading(_("不降低"), "not_lower", numeric=False),
                    Heading(_("增值"), "value_added"))  # fmt: skip
        return Part(
            f"t-{self.category}-{trend.audience}", title, "change",
            PlainTable(headings, tuple(self._change_row(line) for line in lines)), "dots", chart, note,
        )  # fmt: skip

    def _change_row(self, line: ChangeLine) -> tuple[str, ...]:
        return (
            self.names[line.school], self.figures.points(line.before), self.figures.points(line.after),
            _signed(line, self.figures), f"{line.p:.3f}", say(labels.VERDICTS[line.verdict]),
            _("是") if line.not_lower else _("不能确定"), self.figures.plain(line.score),
        )  # fmt: skip


def _signed(line: ChangeLine, figures: Figures) -> str:
    text = figures.points(abs(line.difference))
    return f"{'+' if line.difference > 0 else '−' if line.difference < 0 else ''}{text}"


def district_parts(report: WaveReport) -> Iterator[Part]:
    """The parts about the whole district: its figures, its scales, its drivers."""
    figures = Figures(report)
    yield Part("district", _("全区"), "district", _districts(report.findings.districts, figures))
    for number, finding in enumerate(report.findings.drivers):
        yield _drivers(report, finding, f"d-{number}", figures)
    if report.findings.scales:
        yield Part("scales", _("题目之间的一致性"), "alpha", _scales(report, report.findings.scales, figures))


def _districts(districts: Mapping[str, Figure], figures: Figures) -> PlainTable:
    headings = (_audience(), Heading(_("学校数")), Heading(_("平均"), "district"), Heading(_("95% 区间"), "interval"))
    rows = tuple(
        (labels.audience(name), str(found.schools), figures.points(found.points),
         figures.interval(found.low, found.high))
        for name, found in districts.items()
    )  # fmt: skip
    return PlainTable(headings, rows)


def _drivers(report: WaveReport, finding: DriverFinding, place: str, figures: Figures) -> Part:
    title = _("重要性与表现 · {audience} · {instrument}", audience=labels.audience(finding.audience),
              instrument=labels.instrument(report, finding.instrument))  # fmt: skip
    ordered = sorted(finding.drivers, key=lambda driver: -driver.importance)
    headings = (Heading(_("序号")), Heading(_("维度"), numeric=False), Heading(_("重要性"), "importance"),
                Heading(_("指数"), "index"))  # fmt: skip
    rows = tuple(
        (str(number), labels.dimension(report, driver.dimension), figures.share(driver.importance),
         figures.points(driver.performance))
        for number, driver in enumerate(ordered, start=1)
    )  # fmt: skip
    if len(ordered) < 2:
        note = say(labels.DRIVER_REASONS[finding.reason or "no_variation"])
        return Part(place, title, "importance", PlainTable(headings, rows), note=note)
    centre = (1 / len(ordered), sum(driver.performance for driver in ordered) / len(ordered))
    dots = [Dot(driver.importance * 100, driver.performance, str(number)) for number, driver in enumerate(ordered, 1)]
    chart = quadrant(
        title, _("横轴是重要性，纵轴是指数；数字是下表的序号，右下是重要而表现偏低的维度"),
        (_("重要性（%）"), _("指数")), dots, (centre[0] * 100, centre[1]),
    )  # fmt: skip
    note = _("{n} 人、{schools} 所学校；各维度合计解释总体满意题的 {r2}。右下角：重要而表现偏低，先改这里。",
             n=finding.persons, schools=finding.schools, r2=figures.share(finding.r_squared))  # fmt: skip
    return Part(place, title, "importance", PlainTable(headings, rows), "scatter", chart, note)


def _scales(report: WaveReport, scales: Sequence[ScaleFinding], figures: Figures) -> PlainTable:
    headings = (_audience(), Heading(_("问卷"), numeric=False), Heading(_("维度"), numeric=False), Heading(_("题数")),
                Heading("α", "alpha"), Heading(_("Feldt 区间"), "alpha"), Heading(_("全答人数"), "alpha"),
                Heading("ω", "omega"), Heading(_("最低题余相关"), "item_rest"))  # fmt: skip
    return PlainTable(headings, tuple(_scale_row(report, found, figures) for found in scales))


def _scale_row(report: WaveReport, found: ScaleFinding, figures: Figures) -> tuple[str, ...]:
    known = [(value, item) for item, value in found.item_rest if value is not None]
    worst = f"{figures.plain(min(known)[0])}（{min(known)[1]}）" if known else "—"
    limits = "—" if found.low is None else f"{figures.plain(found.low)}–{figures.plain(found.high)}"
    return (
        labels.audience(found.audience), labels.instrument(report, found.instrument),
        labels.dimension(report, found.dimension), str(len(found.item_rest)), figures.plain(found.alpha), limits,
        f"{found.complete:,}", figures.plain(found.omega), worst,
    )  # fmt: skip
