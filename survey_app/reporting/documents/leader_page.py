"""The leader's page: what must be known of a wave before deciding anything, on one sheet."""

from collections.abc import Iterator

from survey_app.foundation.translation import _, language

from .. import labels
from ..analysis.models import COMPOSITE, WeightedMean
from ..html.overview import audience_block, category_strip
from ..html.statements import statements
from ..number_format import NumberFormat
from ..wave_report import WaveReport
from .graphics import Estimate, interval_graphic
from .model import Block, Column, Document, Graphic, Paragraph, ParagraphStyle, Picture, Signatures
from .parts import document_footer, evidence, numbered, period_line, table_from_page, warnings

MOST_STATEMENTS, MOST_STRIPS = 6, 2
SCHOOLS_OF_A_STRIP = 12


def leader_page(report: WaveReport, office: str) -> Document:
    """Return the page in the language of this moment."""
    report.check_public()
    parts = (
        (_("先看这几句"), statement_paragraphs(report, MOST_STATEMENTS)),
        (_("谁回答了，全区怎样"), [table_from_page("", audience_block(report).table)]),
        (_("各类学校"), _categories(report)),
        (_("请注意"), _cautions(report)),
    )  # fmt: skip
    closing = (Paragraph(evidence(report), ParagraphStyle.NOTE), Signatures((_("制表人"), _("审核人"), _("负责人"))))
    return Document(
        title=_("学校满意度结果（领导页）"), subtitle=period_line(report), office=office, language=language(),
        footer=document_footer(report, office), made_of=report.sealed_at, blocks=(*numbered(parts), *closing),
        most_pages=1,
    )  # fmt: skip


def statement_paragraphs(report: WaveReport, most: int | None = None) -> Iterator[Block]:
    """What stands out, each sentence with the figures or schools behind it."""
    found = statements(report)[:most]
    for statement in found:
        text = _("{text}：{evidence}", text=statement.text, evidence=statement.evidence)
        yield Paragraph(text if statement.evidence else statement.text, ParagraphStyle.LEAD)
    if not found:
        yield Paragraph(_("没有一样肯定突出：各校之间、与上次之间的差别都可能只是偶然。"), ParagraphStyle.LEAD)


def category_graphic(report: WaveReport) -> Graphic:
    """One row a category: how its schools stand and how far they can be told apart."""
    number_format, estimates = NumberFormat(report), []
    for category in report.categories:
        schools = report.in_category(category.id)
        group = report.findings.group(category.id, COMPOSITE)
        mean = group.mean if group else WeightedMean()
        bands = [school.ranking.band for school in schools]
        values = (
            str(len(schools)), number_format.points(mean.points), number_format.interval(mean.low, mean.high),
            str(bands.count("A")), str(bands.count("C")), number_format.decimal(group.reliability if group else None),
        )  # fmt: skip
        name = labels.category(report, category.id)
        estimates.append(Estimate(name, mean.points, mean.low, mean.high, values))
    columns = (
        Column(_("类别")), Column(_("综合得分（0–100）")), Column(_("学校数"), True), Column(_("综合得分平均"), True),
        Column(_("95% 区间"), True), Column(_("肯定高于同类"), True), Column(_("肯定低于同类"), True),
        Column(_("校均值信度"), True),
    )  # fmt: skip
    return interval_graphic("", columns, estimates)


def _categories(report: WaveReport) -> Iterator[Block]:
    """The categories beside each other, and all schools of those that are large."""
    yield category_graphic(report)
    found = [category_strip(report, category.id) for category in report.categories]
    found.sort(key=lambda entry: -entry.schools)
    for entry in found[:MOST_STRIPS]:
        if entry.strip is not None and entry.schools >= SCHOOLS_OF_A_STRIP:
            yield Picture(entry.strip.title, entry.strip)


def _cautions(report: WaveReport) -> Iterator[Block]:
    for group in report.findings.low_reliability_groups():
        if group.audience == COMPOSITE:
            yield Paragraph(labels.low_reliability_warning(report, group), ParagraphStyle.POINT)
    for warning in warnings(report):
        yield Paragraph(warning, ParagraphStyle.POINT)
    yield Paragraph(_("名次区间重叠的学校分不出高下，不要按名次或几分的差别奖惩；先看肯定的，再看怎样帮。"),
                    ParagraphStyle.POINT)  # fmt: skip
