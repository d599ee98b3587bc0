"""The parts of one category of a results page: what stands above and between its schools."""

from collections.abc import Iterator, Mapping, Sequence

from survey_app.foundation.translation import _, render

from .. import labels
from ..analysis.change import AudienceChanges, SchoolChange
from ..analysis.models import COMPOSITE, AwardFinding, GroupFinding
from ..charts.dot_plot import IntervalDatum, change_dot_plot
from ..charts.scatter import ScatterDatum, funnel_plot
from ..number_format import NumberFormat
from ..wave_report import SchoolReport, WaveReport
from .page_block import Heading, PageBlock, TextTable, audience_heading, school_heading

MAX_CHANGES_DRAWN = 40
ZONE_CLASSES = {0: "", 1: "high", 2: "high", -1: "low", -2: "low"}


class CategoryBlocks:
    """The parts of one category."""

    def __init__(self, report: WaveReport, category: str, changes_drawn: int = MAX_CHANGES_DRAWN) -> None:
        self.report, self.category, self.changes_drawn = report, category, changes_drawn
        self.schools: Sequence[SchoolReport] = report.in_category(category)
        self.names: Mapping[int, str] = {school.school_id: school.name for school in self.schools}
        self.number_format = NumberFormat(report)
        self.groups = [group for group in report.findings.groups if group.category == category]

    def blocks(self) -> Iterator[PageBlock]:
        yield self.means_block()
        yield from self.funnel_blocks()
        rate_table = self.rate_target_table()
        if rate_table.rows:
            yield PageBlock(f"l-{self.category}", _("满意人数比例与 85% 线"), "line", rate_table)
        yield from self.award_blocks()
        yield from self.change_blocks()

    def award_blocks(self) -> Iterator[PageBlock]:
        awards = [award for award in self.report.findings.awards if award.category == self.category]
        if awards:
            yield PageBlock(f"a-{self.category}", _("奖励名额"), "award", self.award_table(awards))

    def funnel_blocks(self) -> Iterator[PageBlock]:
        composite = self.report.findings.group(self.category, COMPOSITE)
        if composite is not None and composite.funnel is not None:
            yield self.funnel_block(composite)

    def means_block(self) -> PageBlock:
        headings = (audience_heading(), Heading(_("学校数")), Heading(_("平均"), "district"),
                    Heading(_("95% 区间"), "interval"), Heading(_("校间差异系数"), "inequality"),
                    Heading(_("校均值信度"), "reliability"))  # fmt: skip
        rows = tuple(
            (labels.audience(group.audience), str(group.mean.schools), self.number_format.points(group.mean.points),
             self.number_format.interval(group.mean.low, group.mean.high), self.number_format.share(group.inequality),
             self.number_format.decimal(group.reliability))
            for group in self.groups
        )  # fmt: skip
        return PageBlock(f"m-{self.category}", _("同类平均和学校间的差异"), "district", TextTable(headings, rows))

    def funnel_block(self, group: GroupFinding) -> PageBlock:
        funnel = group.funnel
        assert funnel is not None
        schools = sorted(funnel.schools, key=lambda school: -school.points)
        dots = [
            ScatterDatum(
                school.se, school.points, self.names[school.school] if school.zone else "", ZONE_CLASSES[school.zone]
            )
            for school in schools
        ]
        title = _("漏斗图：哪些学校超出了偶然")
        chart = funnel_plot(
            title, _("横轴是标准误，纵轴是综合得分；内线 95%，外线 99.8%"), (_("标准误"), _("综合得分")), dots,
            funnel.mean, funnel.tau2, ((funnel.warning, "warning"), (funnel.alarm, "alarm")),
        )  # fmt: skip
        headings = (
            school_heading(),
            Heading(_("综合得分"), "composite"),
            Heading(_("标准误")),
            Heading("t", "funnel"),
            Heading(_("位置"), "funnel", numeric=False),
            Heading(_("收缩估计"), "shrinkage"),
        )
        rows = tuple(
            (
                self.names[school.school],
                self.number_format.points(school.points),
                self.number_format.points(school.se),
                self.number_format.decimal(school.z),
                render(labels.FUNNEL_ZONE_LABELS[school.zone]),
                self.number_format.points(school.shrinkage_estimate),
            )
            for school in schools
        )
        note = _("只标出线外的学校。线内的差别可以由答卷多少和学校间的寻常差别解释。")
        return PageBlock(f"f-{self.category}", title, "funnel", TextTable(headings, rows), "scatter", chart, note)

    def rate_target_table(self) -> TextTable:
        """Rate, interval, verdict and what it would take to upset it, one row a school × audience."""
        rows, number_format = [], self.number_format
        for school in self.schools:
            for audience in school.cells:
                found = self.report.findings.rate_verdicts.get((school.school_id, audience))
                if found is not None:
                    rows.append((
                        school.name, labels.audience(audience),
                        labels.rate_share(found, number_format.share(found.share)),
                        f"{number_format.share(found.low)}–{number_format.share(found.high)}",
                        labels.rate_verdict(found), labels.tipping(found),
                    ))  # fmt: skip
        headings = (
            school_heading(), audience_heading(), Heading(_("满意人数比例"), "line"),
            Heading(_("今年 95% 区间"), "line"),
            Heading(_("85% 线"), "line", numeric=False), Heading(_("多大的选择性会推翻"), "tipping", numeric=False),
        )  # fmt: skip
        return TextTable(headings, tuple(rows))

    def award_table(self, awards: Sequence[AwardFinding]) -> TextTable:
        headings = (Heading(_("名额")), Heading(_("一定在内"), "award", numeric=False),
                    Heading(_("可能在内"), "award", numeric=False),
                    Heading(_("在内的概率"), "award", numeric=False))  # fmt: skip
        rows = tuple(
            (
                str(award.quota),
                self._school_names(award.certain),
                self._school_names(award.possible),
                self._likely(award),
            )
            for award in awards
        )
        return TextTable(headings, rows)

    def _likely(self, award: AwardFinding) -> str:
        """How likely those are among the first who may be, the likeliest first."""
        chances = [(award.likely[school], school) for school in (*award.certain, *award.possible) if award.likely]
        ordered = sorted(chances, key=lambda entry: -entry[0])
        return _("、").join(f"{self.names[school]} {labels.chance(chance)}" for chance, school in ordered) or "—"

    def _school_names(self, schools: tuple[int, ...]) -> str:
        return _("、").join(self.names[school] for school in schools) or "—"

    def changes_shown(self) -> list[AudienceChanges]:
        """Of the composite; of each audience where composites of the two waves have different audiences."""
        comparison = self.report.comparison
        shown: dict[str, AudienceChanges] = {}
        for entry in comparison.audience_changes if comparison else ():
            present = [change for change in entry.changes if change.school in self.names]
            if present:
                ordered = tuple(sorted(present, key=lambda change: -change.difference))
                shown[entry.audience] = AudienceChanges(entry.audience, ordered)
        return [shown[COMPOSITE]] if COMPOSITE in shown else list(shown.values())

    def change_blocks(self) -> Iterator[PageBlock]:
        """One a table of changes, with its picture; none without a wave before."""
        return (self.change_block(entry) for entry in self.changes_shown())

    def school_change_blocks(self, school: int) -> Iterator[PageBlock]:
        """The lines of one school, which is told by its id: several may bear one name."""
        for entry in self.changes_shown():
            rows = tuple(self.change_row(change) for change in entry.changes if change.school == school)
            if rows:
                table = TextTable(_change_headings(), rows)
                yield PageBlock(self._change_id(entry), self._change_title(entry), "change", table)

    def _change_id(self, entry: AudienceChanges) -> str:
        return f"t-{self.category}-{entry.audience}"

    def _change_title(self, entry: AudienceChanges) -> str:
        assert self.report.comparison is not None
        return _(
            "与“{earlier}”相比 · {audience}",
            earlier=self.report.comparison.earlier,
            audience=labels.audience(entry.audience),
        )

    def change_block(self, entry: AudienceChanges) -> PageBlock:
        title = self._change_title(entry)
        points = [
            IntervalDatum(
                self.names[change.school],
                change.after,
                min(change.before, change.after),
                max(change.before, change.after),
                _(
                    "{points}（{verdict}）",
                    points=_signed_points(change, self.number_format),
                    verdict=render(labels.CHANGE_LABELS[change.verdict]),
                ),
                change.verdict,
                change.before,
            )
            for change in entry.changes[: self.changes_drawn]
        ]
        note = _("空心圆是上次，实心圆是本次；具体数字见下表")
        chart = change_dot_plot(title, note, points)
        table = TextTable(_change_headings(), tuple(self.change_row(change) for change in entry.changes))
        return PageBlock(self._change_id(entry), title, "change", table, "dots", chart, note)

    def _value_added(self, change: SchoolChange) -> str:
        """The shrunken value with its interval, and an arrow only where the interval excludes 0."""
        if change.value_added is None or change.value_added_low is None or change.value_added_high is None:
            return "—"
        arrow = {1: "↑", 0: "", -1: "↓"}[change.value_added_sign]
        return f"{arrow}{change.value_added:+.2f}（{change.value_added_low:+.2f}–{change.value_added_high:+.2f}）"

    def change_row(self, change: SchoolChange) -> tuple[str, ...]:
        return (
            self.names[change.school],
            self.number_format.points(change.before),
            self.number_format.points(change.after),
            _signed_points(change, self.number_format),
            "—" if change.low is None or change.high is None else f"{change.low:+.2f}–{change.high:+.2f}",
            f"{change.p:.3f}",
            render(labels.CHANGE_LABELS[change.verdict]),
            _("是") if change.not_lower else _("不能确定"),
            self._value_added(change),
        )


def _change_headings() -> tuple[Heading, ...]:
    return (
        school_heading(),
        Heading(_("上次")),
        Heading(_("本次")),
        Heading(_("变化"), "change"),
        Heading(_("95% 区间"), "change"),
        Heading(_("p（Holm 校正）"), "change"),
        Heading(_("判断"), "change", numeric=False),
        Heading(_("不降低"), "not_lower", numeric=False),
        Heading(_("增值"), "value_added"),
    )


def _signed_points(change: SchoolChange, number_format: NumberFormat) -> str:
    text = number_format.points(abs(change.difference))
    return f"{'+' if change.difference > 0 else '−' if change.difference < 0 else ''}{text}"
