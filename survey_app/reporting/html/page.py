"""The results page of a wave, drawn from its report: pictures with a table below each."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.definition.categories import Category
from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import _, language, render

from .. import labels
from ..charts.dot_plot import DotPlot, IntervalDatum, index_dot_plot, rank_dot_plot
from ..disclosure.figures import HiddenDimension
from ..flags import participation_flags
from ..method_notes import METHOD_NOTES
from ..number_format import NumberFormat
from ..wave_report import CellReport, SchoolReport, WaveReport
from .category_blocks import CategoryBlocks
from .data_quality import data_quality_blocks
from .district_blocks import district_blocks
from .form_groups import form_group_blocks
from .item_distributions import item_distribution_blocks
from .page_block import PageBlock
from .review_notes import review_blocks

HEAT_STEPS = 7  # classes of the style sheet: heat-0 (lowest) … heat-6
HEAT_MIN, HEAT_MAX = 50.0, 95.0


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell of a table: its text, the class of its colour, and a sentence for a missing figure."""

    text: str
    css_class: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RankRow:
    school: str
    code: str
    rank: str
    rank_set: str
    simultaneous_rank_set: str
    points: str
    interval: str
    band: str
    note: str


@dataclass(frozen=True, slots=True)
class HeatTable:
    """Schools by dimensions: the index, or the satisfaction rate."""

    audience: str
    dimensions: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    is_rate: bool = False


@dataclass(frozen=True, slots=True)
class ResponseRateRow:
    school: str
    audience: str
    population: str
    received: str
    respondents: str
    share: str
    bar_percent: float
    note: str


@dataclass(frozen=True, slots=True)
class CategorySection:
    id: str
    label: str
    composite_chart: DotPlot | None
    rank_chart: DotPlot | None
    rank_rows: tuple[RankRow, ...]
    heat_tables: tuple[HeatTable, ...]
    response_rates: tuple[ResponseRateRow, ...]
    warnings: tuple[str, ...] = ()
    blocks: tuple[PageBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultsPage:
    wave: str
    period: str
    scheme: str
    document: str
    warning: str
    received: str
    sealed: str
    sections: tuple[CategorySection, ...]
    blocks: tuple[PageBlock, ...]
    method_notes: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


def results_page(report: WaveReport) -> ResultsPage:
    """The page in the language of this moment."""
    report.check_public()
    builder = CategoryPageBuilder(report)
    scheme = report.scheme
    return ResultsPage(
        wave=report.wave,
        period=f"{format_local(report.opens_at)} — {format_local(report.closes_at)}",
        scheme=scheme.title.in_language(language()),
        document=scheme.document or "—",
        warning=unverified_warning(report),
        received=labels.received(report),
        sealed=format_local(report.sealed_at),
        sections=tuple(builder.section(category) for category in report.categories),
        blocks=(*district_blocks(report), *review_blocks(report)),
        method_notes=method_sentences(),
        notes=report_notes(report),
    )


def method_sentences() -> tuple[tuple[str, str, str], ...]:
    """How each figure is made: its key, its name and a sentence."""
    return tuple((key, render(name), render(sentence)) for key, (name, sentence) in METHOD_NOTES.items())


def report_notes(report: WaveReport) -> tuple[str, ...]:
    """What a reader must know about the comparison with the earlier wave."""
    comparison = report.comparison
    notes = []
    if comparison is not None and comparison.incomparable:
        names = _("、").join(labels.audience(name) for name in comparison.incomparable)
        notes.append(
            _(
                "与“{earlier}”相比，{audiences}的题目、选项或赋分有变动，不作比较。",
                earlier=comparison.earlier,
                audiences=names,
            )
        )
    return (*notes, *filter(None, (origin_note(report, school) for school in report.schools)))


def origin_note(report: WaveReport, school: SchoolReport) -> str:
    """What a school was in the earlier wave, if it had another code or was several schools."""
    comparison = report.comparison
    was = comparison.origins.get(school.school_id, ()) if comparison else ()
    if comparison is None or not was:
        return ""
    names = _("、").join(was)
    if len(was) > 1:
        return _(
            "{school}由{names}合并而来，没有自己上次的数字，与“{earlier}”不作比较。",
            school=school.name, names=names, earlier=comparison.earlier,
        )  # fmt: skip
    return _("{school}在“{earlier}”里是{names}，变化与它比较。", school=school.name, names=names,
             earlier=comparison.earlier)  # fmt: skip


def unverified_warning(report: WaveReport) -> str:
    if report.is_verified:
        return ""
    reason = report.scheme.settings.rank_unverified
    scheme_note = _("方案说明：{reason}", reason=reason) if reason else _("因此只列出，不排名次。")
    return _("本批次使用开放链接，未核验唯一性，同一人可能多次填写。") + scheme_note


class CategoryPageBuilder:
    def __init__(self, report: WaveReport) -> None:
        self.report = report
        number_format = NumberFormat(report, blank="")
        self.points, self.share = number_format.points, number_format.share

    def section(self, category: Category) -> CategorySection:
        schools = self.report.in_category(category.id)
        return CategorySection(
            id=category.id,
            label=category.label.in_language(language()),
            composite_chart=self.composite_chart(schools),
            rank_chart=self.rank_chart(schools),
            rank_rows=tuple(self.rank_row(school) for school in schools),
            heat_tables=tuple(self.heat_table(schools, audience) for audience in self.report.audiences(category.id)),
            response_rates=tuple(self.response_rate_rows(schools)),
            warnings=tuple(
                labels.low_reliability_warning(self.report, group)
                for group in self.report.findings.low_reliability_groups()
                if group.category == category.id
            ),
            blocks=(
                *CategoryBlocks(self.report, category.id).blocks(),
                *item_distribution_blocks(self.report, category.id),
                *data_quality_blocks(self.report, category.id),
                *form_group_blocks(self.report, category.id),
            ),
        )

    def composite_chart(self, schools: tuple[SchoolReport, ...]) -> DotPlot | None:
        points = [
            IntervalDatum(
                school.name,
                index.points,
                index.low,
                index.high,
                self.points(index.points),
                f"band-{school.ranking.band}",
            )
            for school in schools
            if (index := school.composite.index).points is not None
        ]
        title = _("综合得分与 95% 区间")
        return index_dot_plot(title, _("圆点是得分，横线是区间；具体数字见下表"), points) if points else None

    def rank_chart(self, schools: tuple[SchoolReport, ...], ranked_count: int | None = None) -> DotPlot | None:
        """``ranked_count``: how many are ranked, where ``schools`` are only some of them."""
        ranked = [school for school in schools if school.ranking.rank is not None]
        points = [
            IntervalDatum(
                school.name,
                float(entry.rank),
                entry.low,
                entry.high,
                _("{rank}（{span}）", rank=entry.rank, span=labels.rank_range(entry.low, entry.high)),
            )
            for school in ranked
            if (entry := school.ranking).rank is not None
        ]
        title = _("名次与 95% 名次区间")
        count = ranked_count or len(ranked)
        return rank_dot_plot(title, _("横线越长，名次越不确定"), points, count) if points and count > 1 else None

    def rank_row(self, school: SchoolReport) -> RankRow:
        entry, index = school.ranking, school.composite.index
        interval = f"{self.points(index.low)}–{self.points(index.high)}" if index.low is not None else ""
        return RankRow(
            school.name,
            school.code,
            "" if entry.rank is None else str(entry.rank),
            labels.rank_range(entry.low, entry.high),
            labels.rank_range(entry.low_simultaneous, entry.high_simultaneous),
            self.points(entry.points),
            interval,
            entry.band,
            labels.missing_figure_note(school),
        )

    def heat_table(self, schools: tuple[SchoolReport, ...], audience: str, is_rate: bool = False) -> HeatTable:
        cells = [(school.name, school.cells[audience]) for school in schools if audience in school.cells]
        names = cells[0][1].scoring.dimensions_and_overall() if cells else ()
        return HeatTable(
            labels.audience(audience),
            tuple(labels.dimension(self.report, name) for name in names),
            tuple((school, tuple(self.heat_cells(cell, is_rate))) for school, cell in cells),
            is_rate,
        )

    def heat_cells(self, cell: CellReport, is_rate: bool = False) -> Iterator[HeatCell]:
        for figures in cell.cell.dimensions_and_overall:
            if isinstance(figures, HiddenDimension):
                yield HeatCell("＊", "missing", render(labels.FLAG_LABELS["suppressed"]))
            elif is_rate and (share := figures.rate.share) is not None:
                yield HeatCell(self.share(share), f"heat-{_heat_class(100 * share)}")
            elif is_rate:
                yield HeatCell("—", "missing", render(labels.FLAG_LABELS["nobody"]))
            elif (value := figures.index.points) is not None:
                yield HeatCell(self.points(value), f"heat-{_heat_class(value)}")
            else:
                yield HeatCell("—", "missing", render(labels.FLAG_LABELS["nobody"]))

    def response_rate_rows(self, schools: tuple[SchoolReport, ...]) -> Iterator[ResponseRateRow]:
        for school in schools:
            for audience, cell in school.cells.items():
                who = cell.cell
                flags = participation_flags(self.report, who) - {"unverified"}
                nobody = {"nobody"} if who.received == 0 else set()
                share = who.response_rate
                yield ResponseRateRow(
                    school.name, labels.audience(audience), f"{who.population:,}" if who.population else "",
                    _count(who.received), _count(who.respondents), self.share(share),
                    round(min(1.0, share or 0.0) * 100, 1), labels.flags(flags | nobody),
                )  # fmt: skip


def _heat_class(value: float) -> int:
    step = (value - HEAT_MIN) / (HEAT_MAX - HEAT_MIN) * HEAT_STEPS
    return int(min(max(step, 0), HEAT_STEPS - 1))


def _count(people: int | None) -> str:
    return "＊" if people is None else f"{people:,}"
