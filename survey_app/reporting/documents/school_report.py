"""The report of one school: how it stands and how certain that is, what is strong and weak, what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from survey_app.foundation.translation import _, language

from .. import labels
from ..analysis.models import COMPOSITE
from ..disclosure.figures import PublishableDimension
from ..html.category_blocks import CategoryBlocks
from ..html.page import CategoryPageBuilder, origin_note
from ..html.school_page import school_sentences
from ..number_format import NumberFormat
from ..wave_report import SchoolReport, WaveReport
from .advice import advice
from .graphics import Estimate, interval_graphic
from .items import ItemLines
from .model import Block, Column, Document, Graphic, Paragraph, ParagraphStyle, Table
from .parts import HIDDEN, closing_blocks, document_footer, hidden_note, numbered, period_line, table_from_page

MOST_COMMENTS = 12
MOST_PAGES = 4
METHODS = ("index", "interval", "composite", "rank_set", "band", "rate", "line", "suppression")


@dataclass(frozen=True, slots=True)
class SchoolExtras:
    """What a report has beside the figures: comments that were released, and the marks of a year as they were kept."""

    comments: tuple[str, ...] = ()
    marks: Table | None = None
    comments_note: str = ""  # in place of comments that were purged


class SchoolReports:
    """Reports of the schools of one wave in the language of this moment; what they have in common is made once."""

    def __init__(self, report: WaveReport, office: str) -> None:
        report.check_public()
        self.report, self.office = report, office
        self.items = ItemLines(report)
        self._number_format = NumberFormat(report)
        self._categories: dict[str, CategoryBlocks] = {}

    def document(self, school: SchoolReport, extras: SchoolExtras | None = None) -> Document:
        extras = extras or SchoolExtras()
        parts = (
            (_("先看这几句"), self._standing(school)), (_("与同类学校比较"), self._figures(school)),
            (_("强项和弱项"), self.items.extremes(school)), (_("每道题的答案"), self.items.graphics(school)),
            (_("与上次相比"), self._own_changes(school)), (_("回收"), self._response(school)),
            (_("留言"), _comments(extras.comments, extras.comments_note)),
            (_("本年度考核得分"), [extras.marks] if extras.marks else []),
            (_("可以做什么"), advice(self.report, school, self.items)),
            (_("怎样算出"), closing_blocks(self.report, METHODS)),
        )  # fmt: skip
        return Document(
            title=_("{school} 满意度报告", school=school.name), subtitle=period_line(self.report), office=self.office,
            language=language(), footer=document_footer(self.report, school.name), made_of=self.report.sealed_at,
            blocks=tuple(numbered(parts)), most_pages=MOST_PAGES,
        )  # fmt: skip

    def _standing(self, school: SchoolReport) -> Iterator[Block]:
        for sentence in (*_band_sentence(school), *school_sentences(self.report, school)):
            yield Paragraph(sentence, ParagraphStyle.LEAD)

    def _figures(self, school: SchoolReport) -> Iterator[Block]:
        yield self._overall(school)
        dimensions = self._dimensions(school)
        if dimensions.rows:
            yield dimensions

    def _overall(self, school: SchoolReport) -> Graphic:
        """The composite and every audience beside the mean of the category."""
        index, format_ = school.composite.index, self._number_format
        mean = self._mean(school, COMPOSITE)
        interval = format_.interval(index.low, index.high)
        texts = ("", format_.points(index.points), interval, format_.points(mean))
        estimates = [Estimate(labels.audience(COMPOSITE), index.points, index.low, index.high, texts, mean)]
        for audience, cell in school.cells.items():
            shown = cell.publishable
            if shown is None:
                estimates.append(Estimate(labels.audience(audience), None, None, None, (HIDDEN, HIDDEN, HIDDEN, "")))
            else:
                estimates.append(self._estimate(labels.audience(audience), shown.overall, self._mean(school, audience)))
        columns = (Column(_("对象")), Column(_("总指数（0–100）")), Column(_("人数"), True), Column(_("指数"), True),
                   Column(_("95% 区间"), True), Column(_("同类平均"), True))  # fmt: skip
        return interval_graphic(_("综合得分和各类对象的总指数"), columns, estimates, hidden_note(),
                                reference=_("同类平均"))  # fmt: skip

    def _mean(self, school: SchoolReport, audience: str) -> float | None:
        group = self.report.findings.group(school.category, audience)
        return group.mean.points if group else None

    def _estimate(self, label: str, figures: PublishableDimension, mean: float | None) -> Estimate:
        format_, index = self._number_format, figures.index
        texts = (f"{figures.n:,}", format_.points(index.points), format_.interval(index.low, index.high),
                 format_.points(mean))  # fmt: skip
        return Estimate(label, index.points, index.low, index.high, texts, mean)

    def _dimensions(self, school: SchoolReport) -> Graphic:
        """Of each audience that may be read; what is hidden as a whole is named among the overall indices."""
        format_, estimates = self._number_format, []
        for audience, cell in school.cells.items():
            for figures in cell.publishable.dimensions if cell.publishable else ():
                name = _("{audience}·{dimension}", audience=labels.audience(audience),
                         dimension=labels.dimension(self.report, figures.dimension))  # fmt: skip
                if isinstance(figures, PublishableDimension):
                    estimate = self._estimate(name, figures, None)
                    texts = (*estimate.values[:3], format_.share(figures.rate.share))
                    estimates.append(replace(estimate, values=texts))
                else:
                    estimates.append(Estimate(name, None, None, None, (HIDDEN,) * 4))
        columns = (Column(_("对象和维度")), Column(_("指数（0–100）")), Column(_("人数"), True),
                   Column(_("指数"), True), Column(_("95% 区间"), True), Column(_("满意率"), True))  # fmt: skip
        return interval_graphic(_("各维度"), columns, estimates)

    def _own_changes(self, school: SchoolReport) -> Iterator[Block]:
        """The lines of this school in the tables of its category, without its name, and what it was before."""
        if note := origin_note(self.report, school):
            yield Paragraph(note)
        if school.category not in self._categories:
            self._categories[school.category] = CategoryBlocks(self.report, school.category)
        for block in self._categories[school.category].school_change_blocks(school.school_id):
            table = table_from_page(block.title, block.table)
            yield replace(table, columns=table.columns[1:], rows=tuple(row[1:] for row in table.rows))

    def _response(self, school: SchoolReport) -> Iterator[Block]:
        columns = (Column(_("对象")), Column(_("名册人数"), True), Column(_("收到"), True), Column(_("计入"), True),
                   Column(_("回收率"), True), Column(_("说明")))  # fmt: skip
        rows = tuple(
            (line.audience, line.population, line.received, line.respondents, line.share, line.note)
            for line in CategoryPageBuilder(self.report).response_rate_rows((school,))
        )
        yield Table("", columns, rows)


def _band_sentence(school: SchoolReport) -> Iterator[str]:
    """What the band says, in words."""
    sentences = {
        "A": _("本校肯定高于同类其他学校的平均（等第 A）。"),
        "B": _("本校与同类其他学校的平均分不出高下（等第 B）：差别可能只是偶然。"),
        "C": _("本校肯定低于同类其他学校的平均（等第 C）。"),
    }
    if school.ranking.band in sentences:
        yield sentences[school.ranking.band]


def _comments(comments: tuple[str, ...], purged: str) -> Iterator[Block]:
    """Only what was reviewed and released; the rest of a long list is in the system."""
    if purged:
        yield Paragraph(purged, ParagraphStyle.NOTE)
    for text in comments[:MOST_COMMENTS]:
        yield Paragraph(text, ParagraphStyle.POINT)
    if comments:
        yield Paragraph(
            _("由督导室审过，号码和姓名已遮盖，先后次序是随机的。请不要打听是谁写的。"), ParagraphStyle.NOTE
        )
    if len(comments) > MOST_COMMENTS:
        rest = len(comments) - MOST_COMMENTS
        yield Paragraph(_("另有 {n} 条经审阅的留言，见系统中本校的结果页。", n=rest), ParagraphStyle.NOTE)
