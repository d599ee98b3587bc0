"""The report of a district for its committee: what is certain first, then every category with its pictures."""

from collections.abc import Iterator, Sequence

from survey_app.foundation.translation import _, language, render

from .. import labels
from ..analysis.change import SchoolChange
from ..analysis.models import COMPOSITE
from ..charts.scatter import Scatter
from ..html.category_blocks import CategoryBlocks
from ..html.district_blocks import driver_blocks
from ..html.item_distributions import item_label, pooled_questions, worst_first
from ..html.overview import audience_block, category_strip
from ..number_format import NumberFormat
from ..wave_report import AudienceInstrument, SchoolReport, WaveReport
from .graphics import BarRow, Estimate, bar_graphic, interval_graphic
from .leader_page import category_graphic, statement_paragraphs
from .model import Block, Column, Document, Graphic, Paragraph, ParagraphStyle, Picture, Table
from .parts import closing_blocks, document_footer, hidden_note, numbered, period_line, table_from_page

MOST_PAGES = 10
MOST_SCHOOLS = 24  # of a category in full; of a larger one those that stand out
MOST_ITEMS, MOST_DRIVERS = 6, 2
METHODS = ("index", "interval", "level", "composite", "rank_set", "band", "district", "reliability", "funnel", "rate",
           "line", "change", "importance", "suppression")  # fmt: skip


def district_report(report: WaveReport, office: str) -> Document:
    """Return the report in the language of this moment."""
    report.check_public()
    categories = ((labels.category(report, category.id), _CategoryPart(report, category.id).blocks())
                  for category in report.categories)  # fmt: skip
    parts = (
        (_("先看这几句"), statement_paragraphs(report)),
        (_("谁回答了，全区怎样"), _district(report)),
        *categories,
        (_("什么最要紧"), _drivers(report)),
        (_("可以做什么"), _advice(report)),
        (_("怎样算出"), closing_blocks(report, METHODS)),
    )  # fmt: skip
    return Document(
        title=_("{office}学校满意度报告", office=office), subtitle=period_line(report), office=office,
        language=language(), footer=document_footer(report, office), made_of=report.sealed_at,
        blocks=tuple(numbered(parts)), most_pages=MOST_PAGES,
    )  # fmt: skip


def _district(report: WaveReport) -> Iterator[Block]:
    block = audience_block(report)
    yield table_from_page("", block.table, block.note)
    yield category_graphic(report)


class _CategoryPart:
    """One category: its schools, its spread, its questions, its change."""

    def __init__(self, report: WaveReport, category: str) -> None:
        self.report, self.category, self.number_format = report, category, NumberFormat(report)
        self.schools = report.in_category(category)
        self.pages = CategoryBlocks(report, category)

    def blocks(self) -> Iterator[Block]:
        yield from self._warnings()
        if len(self.schools) > MOST_SCHOOLS:
            strip = category_strip(self.report, self.category).strip
            if strip is not None:
                yield Picture(strip.title, strip)
        yield self._ranking()
        for block in self.pages.funnel_blocks():
            if isinstance(block.chart, Scatter):
                yield Picture(block.title, block.chart, block.note)
        yield from self._rates()
        for entry in self.report.audience_instruments:
            if entry.category == self.category:
                yield from self._low_items(entry)
        yield from self._change()

    def _warnings(self) -> Iterator[Block]:
        for group in self.report.findings.low_reliability_groups():
            if (group.category, group.audience) == (self.category, COMPOSITE):
                yield Paragraph(labels.low_reliability_warning(self.report, group), ParagraphStyle.BODY)

    def _ranking(self) -> Graphic:
        """All schools with their intervals; of a large category those that surely differ from the others."""
        shown = self.schools
        note = hidden_note()
        if len(shown) > MOST_SCHOOLS:
            shown = self._outstanding()
            rest = len(self.schools) - len(shown)
            note = _("只列肯定高于或低于同类的学校；其余 {n} 所分不出高下，全部名单在工作簿里。", n=rest)
        columns = (Column(_("学校")), Column(_("综合得分（0–100）")), Column(_("等第"), True),
                   Column(_("名次区间"), True), Column(_("综合得分"), True), Column(_("95% 区间"), True))  # fmt: skip
        title = _("综合得分、95% 区间和名次区间")
        return interval_graphic(title, columns, [self._school(school) for school in shown], note)

    def _outstanding(self) -> tuple[SchoolReport, ...]:
        """The best and the lowest of those outside band B."""
        above = [school for school in self.schools if school.ranking.band == "A"]
        below = [school for school in self.schools if school.ranking.band == "C"]
        half = MOST_SCHOOLS // 2
        return (*above[:half], *below[-half:])

    def _school(self, school: SchoolReport) -> Estimate:
        entry, index, format_ = school.ranking, school.composite.index, self.number_format
        values = (entry.band or "—", labels.rank_range(entry.low, entry.high) or "—", format_.points(entry.points),
                  format_.interval(index.low, index.high))  # fmt: skip
        return Estimate(school.name, index.points, index.low, index.high, values)

    def _rates(self) -> Iterator[Block]:
        """How many schools surely meet the promised rate, by audience."""
        rows = []
        for audience in self.report.audiences(self.category):
            verdicts: list[str] = [found.verdict for school in self.schools
                        if (found := self.report.findings.rate_verdicts.get((school.school_id, audience)))]  # fmt: skip
            if verdicts:
                counts = [str(verdicts.count(verdict)) for verdict in labels.RATE_VERDICT_LABELS]
                rows.append((labels.audience(audience), *counts))
        if rows:
            words = [Column(render(label), True) for label in labels.RATE_VERDICT_LABELS.values()]
            yield Table(_("满意人数比例对 85% 线：几所学校"), (Column(_("对象")), *words), tuple(rows))

    def _low_items(self, entry: AudienceInstrument) -> Iterator[Block]:
        """The questions with the lowest rates over all schools of the category."""
        rated = [(found.distribution.rate, item, found) for item, found in pooled_questions(self.report, entry)
                 if found.distribution.rate is not None and not item.scale.has_ideal]  # fmt: skip
        rated.sort(key=lambda line: (line[0], line[1].id))
        format_, rows = self.number_format, []
        for rate, item, found in rated[:MOST_ITEMS]:
            figures = found.distribution
            shares = tuple(value / 100 for value in worst_first(figures.percentages, found.scoring.points))
            limits = f"{format_.share(figures.rate_low)}–{format_.share(figures.rate_high)}"
            values = (f"{figures.n:,}", format_.share(rate), limits)
            rows.append(BarRow(item_label(item, entry.audience), shares, values))
        if rows:
            columns = (Column(_("题目")), Column(_("不满意 ← → 满意")), Column(_("作答"), True),
                       Column(_("满意率"), True), Column(_("95% 区间"), True))  # fmt: skip
            title = _("{audience}：满意率最低的题", audience=labels.audience(entry.audience))
            yield bar_graphic(title, columns, rows)

    def _change(self) -> Iterator[Block]:
        comparison = self.report.comparison
        found = comparison.changes_of(COMPOSITE) if comparison else None
        names = {school.school_id: school.name for school in self.schools}
        changes = [change for change in (found.changes if found else ()) if change.school in names]
        if comparison is None or not changes:
            return
        changes.sort(key=lambda change: -change.difference)
        note = ""
        if len(changes) > MOST_SCHOOLS:
            clear = [change for change in changes if change.verdict in ("up", "down")][:MOST_SCHOOLS]
            note = _("只列肯定上升或下降的学校；其余 {n} 所见工作簿。", n=len(changes) - len(clear))
            changes = clear
        title = _("与“{earlier}”相比 · {audience}", earlier=comparison.earlier, audience=labels.audience(COMPOSITE))
        yield self._change_table(title, changes, names, note)

    def _change_table(self, title: str, changes: Sequence[SchoolChange], names: dict[int, str], note: str) -> Table:
        """The rows of the page, without the columns that need an explanation."""
        rows = tuple(
            (names[change.school], *self.pages.change_row(change)[1:5], render(labels.CHANGE_LABELS[change.verdict]))
            for change in changes
        )
        columns = (Column(_("学校")), Column(_("上次"), True), Column(_("本次"), True), Column(_("变化"), True),
                   Column(_("95% 区间"), True), Column(_("判断")))  # fmt: skip
        return Table(title, columns, rows, note)


def _drivers(report: WaveReport) -> Iterator[Block]:
    """Which dimensions go with overall satisfaction, of the audiences with most answers."""
    findings = sorted(report.findings.drivers, key=lambda finding: -finding.persons)[:MOST_DRIVERS]
    for block in driver_blocks(report, findings):
        if isinstance(block.chart, Scatter):
            yield Picture(block.title, block.chart)
        if block.table.rows:
            yield table_from_page(block.title, block.table, block.note)


def _advice(report: WaveReport) -> Iterator[Block]:
    low = [school.name for school in report.schools if school.ranking.band == "C"]
    high = [school.name for school in report.schools if school.ranking.band == "A"]
    if low:
        yield Paragraph(_("先到肯定低于同类的学校去看、去听、去帮：{schools}。", schools=_("、").join(low)),
                        ParagraphStyle.POINT)  # fmt: skip
    if high:
        yield Paragraph(_("请肯定高于同类的学校说一说怎样做的：{schools}。", schools=_("、").join(high)),
                        ParagraphStyle.POINT)  # fmt: skip
    yield Paragraph(_("全区满意率最低的题，由教育局牵头办一两件看得见的事，下次测评再看。"), ParagraphStyle.POINT)
    yield Paragraph(_("名次区间重叠的学校分不出高下，不排队、不奖惩；把各校的报告发到学校，让学校自己定改什么。"),
                    ParagraphStyle.POINT)  # fmt: skip
