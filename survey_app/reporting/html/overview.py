"""The first page of the results: who answered, where the district stands, every school at one glance."""

from dataclasses import dataclass

from survey_app.foundation.clock import format_local
from survey_app.foundation.translation import _, language

from .. import labels
from ..charts.dot_plot import IntervalDatum
from ..charts.strip import Strip, strip
from ..disclosure.figures import PublishableCell
from ..number_format import NumberFormat
from ..wave_report import WaveReport
from .page import report_notes, unverified_warning
from .page_block import Heading, PageBlock, TextTable
from .statements import Statement, statements


@dataclass(frozen=True, slots=True)
class CategoryStrip:
    """A category with its schools; without a strip where none may be shown."""

    category: str
    label: str
    schools: int
    strip: Strip | None


@dataclass(frozen=True, slots=True)
class Overview:
    received: str
    sealed: str
    scheme: str
    warning: str
    notes: tuple[str, ...]
    statements: tuple[Statement, ...]
    audiences: PageBlock
    strips: tuple[CategoryStrip, ...]
    quality: str


def overview(report: WaveReport) -> Overview:
    """Return the page in the language of this moment."""
    report.check_public()
    title = report.scheme.title.in_language(language())
    return Overview(
        received=labels.received(report),
        sealed=format_local(report.sealed_at),
        scheme=_("{name}，{document}", name=title, document=report.scheme.document or "—"),
        warning=unverified_warning(report),
        notes=report_notes(report),
        statements=statements(report),
        audiences=audience_block(report),
        strips=tuple(category_strip(report, category.id) for category in report.categories),
        quality=_("信号只供人核查，不是结论。"),
    )


def audience_block(report: WaveReport) -> PageBlock:
    """One row an audience: what came, of how many, and its mean over the district."""
    number_format, rows = NumberFormat(report), []
    for audience in dict.fromkeys(entry.audience for entry in report.audience_instruments):
        cells = [school.cells[audience].cell for school in report.schools if audience in school.cells]
        shown = [cell for cell in cells if isinstance(cell, PublishableCell) and cell.population]
        population = sum(cell.population for cell in shown)
        respondents = sum(cell.respondents or 0 for cell in shown)
        mean = report.findings.district_means.get(audience)
        rows.append((
            labels.audience(audience), f"{len(shown):,} / {len(cells):,}", f"{respondents:,}",
            number_format.share(respondents / population if population else None),
            number_format.points(mean.points if mean else None),
            number_format.interval(mean.low, mean.high) if mean else "—",
        ))  # fmt: skip
    headings = (
        Heading(_("对象"), numeric=False), Heading(_("可公布的学校")), Heading(_("计入")),
        Heading(_("回收率"), "response"), Heading(_("全区指数"), "district"), Heading(_("95% 区间"), "interval"),
    )  # fmt: skip
    return PageBlock("audiences", _("谁回答了，全区怎样（可公布的学校）"), "district", TextTable(headings, tuple(rows)))


def category_strip(report: WaveReport, category: str) -> CategoryStrip:
    schools, number_format = report.in_category(category), NumberFormat(report, blank="")
    data = [
        IntervalDatum(school.name, index.points, index.low, index.high, number_format.points(index.points),
                      f"band-{school.ranking.band}")
        for school in schools if (index := school.composite.index).points is not None
    ]  # fmt: skip
    label = labels.category(report, category)
    drawn = (
        strip(_("{category}：综合得分与 95% 区间", category=label), _("每个点是一所学校，竖线是区间"), data)
        if data
        else None
    )
    return CategoryStrip(category, label, len(schools), drawn)
