"""The answers to every item in a category, over its publishable schools, as bars around a zero line."""

from collections import Counter
from collections.abc import Iterator

from survey_app.definition.model import Item
from survey_app.foundation.translation import _, language

from .. import labels
from ..analysis.item_distributions import PooledItem, pool_items
from ..charts.likert import LikertDatum, likert
from ..number_format import NumberFormat
from ..wave_report import AudienceInstrument, WaveReport
from .blocks import Heading, PageBlock, TextTable

PooledQuestion = tuple[Item, PooledItem]


def item_distribution_blocks(report: WaveReport, category: str) -> Iterator[PageBlock]:
    """One part an audience that has answers to show."""
    for entry in report.audience_instruments:
        if entry.category == category:
            items = pooled_questions(report, entry)
            if items:
                title = _("题目分布 · {audience}", audience=labels.audience(entry.audience))
                yield distribution_block(report, f"o-{category}-{entry.audience}", title, entry.audience, items)


def pooled_questions(report: WaveReport, entry: AudienceInstrument) -> list[PooledQuestion]:
    """The items of an audience with their answers over the schools of its category that show them."""
    questions = {item.id: item for item in entry.instrument.scored_items()}
    return [(questions[pooled.scoring.id], pooled) for pooled in _pool_items(report, entry)]


def _pool_items(report: WaveReport, entry: AudienceInstrument) -> list[PooledItem]:
    schools = (school.cells.get(entry.audience) for school in report.in_category(entry.category))
    cells = [cell for cell in schools if cell is not None]
    if not cells:
        return []
    publishable = [(cell.publishable, dict(cell.items)) for cell in cells if cell.publishable is not None]
    min_n = report.scheme.settings.audience_min_n(entry.audience)
    return list(pool_items(publishable, cells[0].scoring, min_n))


def distribution_block(
    report: WaveReport, block_id: str, title: str, audience: str, items: list[PooledQuestion]
) -> PageBlock:
    """The items as bars around a zero line, with their table."""
    number_format = NumberFormat(report)
    common_option_count = Counter(len(pooled.scoring.codes) for _item, pooled in items).most_common(1)[0][0]
    chart_items = [entry for entry in items if len(entry[1].scoring.codes) == common_option_count]
    data = [
        LikertDatum(
            item_label(item, audience),
            tuple(percentage / 100 for percentage in _worst_first(pooled)),
            number_format.share(pooled.distribution.rate),
        )
        for item, pooled in chart_items
    ]
    legend_item = next((item for item, _pooled in chart_items if not item.reverse), chart_items[0][0])
    options = [point.label.in_language(language()) for point in legend_item.scale.points]
    if legend_item.scale.points[0].points > legend_item.scale.points[-1].points:
        options.reverse()
    chart = likert(title, _("每条是一道题，零线左边不满意、右边满意，右侧是满意率；具体数字见下表"), data, options)
    headings = (Heading(_("题号"), numeric=False), Heading(_("题目"), numeric=False), Heading(_("作答")),
                *(Heading(option, "likert") for option in options), Heading(_("不了解")),
                Heading(_("满意率"), "rate"))  # fmt: skip
    rows = tuple(
        (
            item.id,
            item_label(item, audience),
            f"{pooled.distribution.n:,}",
            *(f"{percentage:.1f}%" for percentage in _worst_first(pooled)),
            f"{pooled.distribution.not_applicable or 0:,}",
            number_format.share(pooled.distribution.rate),
        )
        for item, pooled in chart_items
    )
    note = _("人数太少、防止反推或只给出范围的学校不在其中，所以各题的“作答”可能不同。")
    return PageBlock(block_id, title, "likert", TextTable(headings, rows), "likert", chart, note)


def item_label(item: Item, audience: str) -> str:
    text = item.text_for_audience(audience).in_language(language())
    return _("{text}（反向题）", text=text) if item.reverse else text


def _worst_first(pooled: PooledItem) -> tuple[float, ...]:
    """Percentages by option after flipping, least favourable first."""
    percentages, points = pooled.distribution.percentages, pooled.scoring.points
    return percentages if points[0] <= points[-1] else percentages[::-1]
