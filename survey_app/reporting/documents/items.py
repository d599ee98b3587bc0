"""The questions of a school beside those of its kind: which are strong and weak, and how all were answered."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.definition.model import Item
from survey_app.foundation.translation import _

from .. import labels
from ..disclosure.figures import HiddenItem, ItemFigures, ItemRange, PublishableItem
from ..html.item_distributions import item_label, pooled_questions, worst_first
from ..number_format import NumberFormat
from ..wave_report import AudienceInstrument, CellReport, SchoolReport, WaveReport
from .graphics import BarRow, bar_graphic
from .model import Block, Column, Graphic, Paragraph, ParagraphStyle, Table
from .parts import HIDDEN

EXTREME_ITEMS = 3
MIN_SCHOOLS_POOLED = 3


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One question of a school: what may be read of it, and the rate of all schools of the kind together."""

    audience: str
    item: Item
    label: str
    figures: ItemFigures
    scoring_points: tuple[float, ...]
    peer_rate: float | None

    @property
    def rate(self) -> float | None:
        return self.figures.distribution.rate if isinstance(self.figures, PublishableItem) else None

    @property
    def limits(self) -> tuple[float, float] | None:
        """Wilson's limits of the rate."""
        if not isinstance(self.figures, PublishableItem):
            return None
        found = self.figures.distribution
        return None if found.rate_low is None or found.rate_high is None else (found.rate_low, found.rate_high)


class ItemLines:
    """The questions of any school of a report; the figures of a category are added up once."""

    def __init__(self, report: WaveReport) -> None:
        self.report, self._number_format = report, NumberFormat(report)
        self._entries = {(entry.category, entry.audience): entry for entry in report.audience_instruments}
        self._peer_rates: dict[tuple[str, str], dict[str, float | None]] = {}

    def lines(self, school: SchoolReport) -> Iterator[ItemLine]:
        for audience, cell in school.cells.items():
            entry = self._entries.get((school.category, audience))
            if entry is not None and cell.publishable is not None:
                yield from self._cell_lines(entry, cell)

    def _cell_lines(self, entry: AudienceInstrument, cell: CellReport) -> Iterator[ItemLine]:
        questions = {item.id: item for item in entry.instrument.scored_items()}
        scorings = {scoring.id: scoring for scoring in cell.scoring.items}
        rates = self._rates(entry)
        for name, figures in cell.items:
            yield ItemLine(
                entry.audience, questions[name], item_label(questions[name], entry.audience), figures,
                tuple(scorings[name].points), rates.get(name),
            )  # fmt: skip

    def _rates(self, entry: AudienceInstrument) -> dict[str, float | None]:
        """Nothing where so few schools are added up that one of two could subtract its own answers."""
        key = (entry.category, entry.audience)
        if key not in self._peer_rates:
            cells = [school.cells.get(entry.audience) for school in self.report.in_category(entry.category)]
            shown = sum(cell is not None and cell.publishable is not None for cell in cells)
            pooled = pooled_questions(self.report, entry) if shown >= MIN_SCHOOLS_POOLED else []
            self._peer_rates[key] = {item.id: found.distribution.rate for item, found in pooled}
        return self._peer_rates[key]

    def extremes(self, school: SchoolReport) -> Iterator[Block]:
        """The questions with the highest and the lowest rates, each beside those of its kind."""
        rated = sorted(
            (line for line in self.lines(school) if line.rate is not None and not line.item.scale.has_ideal),
            key=lambda line: (line.rate or 0.0, line.audience, line.item.id),
        )
        if len(rated) < 2 * EXTREME_ITEMS:
            return
        yield self._extreme_table(_("满意率最高的题"), rated[: -EXTREME_ITEMS - 1 : -1])
        yield self._extreme_table(_("满意率最低的题"), rated[:EXTREME_ITEMS])
        note = _("“高于同类”“低于同类”是说本校的整个区间都在同类合计的一边；题目多，二十道里会有一道碰巧如此。")
        yield Paragraph(note, ParagraphStyle.NOTE)

    def _extreme_table(self, title: str, lines: list[ItemLine]) -> Table:
        columns = (Column(_("对象")), Column(_("题目")), Column(_("满意率"), True), Column(_("95% 区间"), True),
                   Column(_("同类合计"), True), Column(_("比同类")))  # fmt: skip
        format_ = self._number_format
        rows = []
        for line in lines:
            limits = line.limits
            interval = f"{format_.share(limits[0])}–{format_.share(limits[1])}" if limits else "—"
            rows.append((labels.audience(line.audience), line.label, format_.share(line.rate), interval,
                         format_.share(line.peer_rate), _beside_peers(line)))  # fmt: skip
        return Table(title, columns, tuple(rows))

    def graphics(self, school: SchoolReport) -> Iterator[Graphic]:
        """All questions, one graphic for each audience: shades of an answer stand for its place on its own scale."""
        groups: dict[str, list[ItemLine]] = {}
        for line in self.lines(school):
            groups.setdefault(line.audience, []).append(line)
        for audience, lines in groups.items():
            columns = (Column(_("题目")), Column(_("不满意 ← → 满意")), Column(_("作答"), True),
                       Column(_("满意率"), True), Column(_("同类"), True))  # fmt: skip
            title = _("{audience}的答案", audience=labels.audience(audience))
            has_ideal = any(line.item.scale.has_ideal for line in lines)
            note = _("最好的选项在中间的题不画图。") if has_ideal else ""
            yield bar_graphic(title, columns, [self._bar_row(line) for line in lines], note)

    def _bar_row(self, line: ItemLine) -> BarRow:
        format_, figures = self._number_format, line.figures
        peers = format_.share(line.peer_rate)
        if isinstance(figures, HiddenItem):
            return BarRow(line.label, (), (HIDDEN, HIDDEN, ""))
        if isinstance(figures, ItemRange):
            limits = f"{format_.share(figures.rate_low)}–{format_.share(figures.rate_high)}"
            return BarRow(line.label, (), (HIDDEN, limits, peers))
        found = figures.distribution
        pooled = worst_first(found.percentages, line.scoring_points)
        shares = () if line.item.scale.has_ideal or not found.n else tuple(value / 100 for value in pooled)
        return BarRow(line.label, shares, (f"{found.n:,}", format_.share(found.rate), peers))


def _beside_peers(line: ItemLine) -> str:
    if line.limits is None or line.peer_rate is None:
        return "—"
    low, high = line.limits
    return _("高于同类") if low > line.peer_rate else _("低于同类") if high < line.peer_rate else _("分不出")
