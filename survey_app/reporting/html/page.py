"""The results page of a wave, drawn from its report: pictures with a table below each."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.definition.categories import Category
from survey_app.foundation.clock import shown
from survey_app.foundation.translation import _, language, say

from .. import labels
from ..charts.dot_plot import Dots, Point, index_dots, rank_dots
from ..method_notes import HOW
from ..tabular.tables import Rounding, participation_flags
from ..wave_report import CellReport, SchoolReport, WaveReport, is_hidden
from ..xlsx.summary import why
from .blocks import CategoryParts, Part, district_parts
from .data_quality import quality_parts
from .item_distributions import opinion_parts

HEAT_STEPS = 7  # classes of the style sheet: heat-0 (lowest) … heat-6
HEAT_FROM, HEAT_TO = 50.0, 95.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, the class of its colour, and a sentence for a missing figure."""

    text: str
    tone: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class RankLine:
    school: str
    code: str
    rank: str
    low_high: str
    low_high_all: str
    points: str
    interval: str
    band: str
    why: str


@dataclass(frozen=True, slots=True)
class HeatTable:
    audience: str
    dimensions: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class ResponseLine:
    school: str
    audience: str
    population: str
    received: str
    respondents: str
    share: str
    bar: float
    why: str


@dataclass(frozen=True, slots=True)
class CategorySection:
    id: str
    label: str
    composite: Dots | None
    ranks: Dots | None
    lines: tuple[RankLine, ...]
    heat: tuple[HeatTable, ...]
    responses: tuple[ResponseLine, ...]
    warnings: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


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
    parts: tuple[Part, ...]
    hows: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


def results_page(report: WaveReport) -> ResultsPage:
    """The page in the language of this moment."""
    drawing = _Drawing(report)
    scheme = report.scheme
    return ResultsPage(
        wave=report.wave,
        period=f"{shown(report.opens_at)} — {shown(report.closes_at)}",
        scheme=scheme.title.in_language(language()),
        document=scheme.document or "—",
        warning=_warning(report),
        received=f"{report.received:,}",
        sealed=shown(report.sealed_at),
        sections=tuple(drawing.section(category) for category in report.categories),
        parts=tuple(district_parts(report)),
        hows=tuple((key, say(name), say(sentence)) for key, (name, sentence) in HOW.items()),
        notes=tuple(_notes(report)),
    )


def _notes(report: WaveReport) -> Iterator[str]:
    """What a reader must know about the comparison with the earlier wave."""
    comparison = report.comparison
    if comparison is not None and comparison.incomparable:
        names = _("、").join(labels.audience(name) for name in comparison.incomparable)
        yield _("与“{earlier}”相比，{audiences}的题目、选项或赋分有变动，不作比较。",
                earlier=comparison.earlier, audiences=names)  # fmt: skip


def _warning(report: WaveReport) -> str:
    if report.is_verified:
        return ""
    reason = report.scheme.method.rank_unverified
    stated = _("方案说明：{reason}", reason=reason) if reason else _("因此只列出，不排名次。")
    return _("本批次使用开放链接，未核验唯一性，同一人可能多次填写。") + stated


class _Drawing:
    def __init__(self, report: WaveReport) -> None:
        self.report = report
        self.rounding = Rounding(report)

    def points(self, value: float | None) -> str:
        rounded = self.rounding.points(value)
        return "" if rounded is None else f"{rounded:.{self.report.scheme.method.decimals}f}"

    def share(self, value: float | None) -> str:
        rounded = self.rounding.share(value)
        return "" if rounded is None else f"{rounded * 100:.{self.report.scheme.method.decimals}f}%"

    def section(self, category: Category) -> CategorySection:
        schools = self.report.in_category(category.id)
        return CategorySection(
            id=category.id,
            label=category.label.in_language(language()),
            composite=self.composite_dots(schools),
            ranks=self.rank_dots(schools),
            lines=tuple(self.rank_line(school) for school in schools),
            heat=tuple(self.heat(schools, audience) for audience in self.report.audiences(category.id)),
            responses=tuple(self.responses(schools)),
            warnings=tuple(
                labels.hardly_told_apart(self.report, group)
                for group in self.report.findings.hardly_told_apart()
                if group.category == category.id
            ),
            parts=(
                *CategoryParts(self.report, category.id).parts(),
                *opinion_parts(self.report, category.id),
                *quality_parts(self.report, category.id),
            ),
        )

    def composite_dots(self, schools: tuple[SchoolReport, ...]) -> Dots | None:
        points = [
            Point(
                school.name,
                index.points,
                index.low,
                index.high,
                self.points(index.points),
                f"band-{school.ranked.band}",
            )
            for school in schools
            if (index := school.composite.index).points is not None
        ]
        title = _("综合得分与 95% 区间")
        return index_dots(title, _("圆点是得分，横线是区间；具体数字见下表"), points) if points else None

    def rank_dots(self, schools: tuple[SchoolReport, ...]) -> Dots | None:
        ranked = [school for school in schools if school.ranked.rank is not None]
        points = [
            Point(
                school.name,
                float(line.rank),
                line.low,
                line.high,
                _("{rank}（{span}）", rank=line.rank, span=_span(line.low, line.high)),
            )
            for school in ranked
            if (line := school.ranked).rank is not None
        ]
        title = _("名次与 95% 名次区间")
        return rank_dots(title, _("横线越长，名次越不确定"), points, len(ranked)) if len(ranked) > 1 else None

    def rank_line(self, school: SchoolReport) -> RankLine:
        line, index = school.ranked, school.composite.index
        interval = f"{self.points(index.low)}–{self.points(index.high)}" if index.low is not None else ""
        return RankLine(
            school.name, school.code, "" if line.rank is None else str(line.rank), _span(line.low, line.high),
            _span(line.low_simultaneous, line.high_simultaneous), self.points(line.points), interval, line.band,
            why(school),
        )  # fmt: skip

    def heat(self, schools: tuple[SchoolReport, ...], audience: str) -> HeatTable:
        cells = [(school.name, school.cells[audience]) for school in schools if audience in school.cells]
        names = cells[0][1].scoring.dimension_rows() if cells else ()
        return HeatTable(
            labels.audience(audience),
            tuple(labels.dimension(self.report, name) for name in names),
            tuple((school, tuple(self.heat_cells(cell))) for school, cell in cells),
        )

    def heat_cells(self, cell: CellReport) -> Iterator[Cell]:
        for estimate in cell.estimate.estimates:
            value = estimate.index.points
            if value is not None:
                yield Cell(self.points(value), f"heat-{_heat(value)}")
            elif is_hidden(estimate):
                yield Cell("＊", "missing", say(labels.FLAGS["suppressed"]))
            else:
                yield Cell("—", "missing", say(labels.FLAGS["nobody"]))

    def responses(self, schools: tuple[SchoolReport, ...]) -> Iterator[ResponseLine]:
        for school in schools:
            for audience, cell in school.cells.items():
                estimate = cell.estimate
                flags = participation_flags(self.report, estimate) - {"unverified"}
                nobody = {"nobody"} if estimate.received == 0 else set()
                share = estimate.response_rate
                yield ResponseLine(
                    school.name, labels.audience(audience), f"{estimate.population:,}" if estimate.population else "",
                    f"{estimate.received:,}", f"{estimate.respondents:,}", self.share(share),
                    round(min(1.0, share or 0.0) * 100, 1), labels.flags(flags | nobody),
                )  # fmt: skip


def _heat(value: float) -> int:
    place = (value - HEAT_FROM) / (HEAT_TO - HEAT_FROM) * HEAT_STEPS
    return int(min(max(place, 0), HEAT_STEPS - 1))


def _span(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return ""
    return str(low) if low == high else f"{low}–{high}"
