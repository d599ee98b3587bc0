"""The answers to every item in a category, over its publishable schools, as bars around a zero line."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from survey_app.definition.model import Item
from survey_app.foundation.translation import _, language
from survey_app.measurement.item_distribution import ItemDistribution, build_item_distribution
from survey_app.measurement.scoring import ANSWER_CLASS_COUNT, CLASS_DONT_KNOW, ItemScoring

from .. import labels
from ..charts.scatter import LikertDatum, likert
from ..wave_report import CellReport, WaveReport
from .blocks import Heading, NumberFormat, PageBlock, TextTable

PooledItem = tuple[Item, ItemScoring, ItemDistribution]


def item_distribution_blocks(report: WaveReport, category: str) -> Iterator[PageBlock]:
    """One part an audience that has answers to show."""
    for entry in report.audience_instruments:
        if entry.category == category:
            items = list(_pool_items(report, category, entry.audience))
            if items:
                yield _block(report, f"o-{category}-{entry.audience}", entry.audience, items)


def _pool_items(report: WaveReport, category: str, audience: str) -> Iterator[PooledItem]:
    """Each item with the counts of the cells that show them; a hidden cell or a range adds nothing."""
    min_n = report.scheme.settings.audience_min_n(audience)
    cells = [school.cells[audience] for school in report.in_category(category) if audience in school.cells]
    cells = [cell for cell in cells if cell.is_publishable and cell.estimate.overall.n >= min_n]
    if not cells:
        return
    entry = next(
        distribution
        for distribution in report.audience_instruments
        if (distribution.category, distribution.audience) == (category, audience)
    )
    items = {item.id: item for item in entry.instrument.scored_items()}
    for scoring in cells[0].scoring.items:
        if scoring.asked:
            distribution = build_item_distribution(scoring, _pooled_counts(cells, scoring))
            if distribution.n >= min_n:
                yield items[scoring.id], scoring, distribution


def _pooled_counts(cells: list[CellReport], scoring: ItemScoring) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    counts = np.zeros(ANSWER_CLASS_COUNT)
    for cell in cells:
        distribution = dict(cell.items)[scoring.id].distribution
        if distribution is not None:
            counts[: len(distribution.counts)] += distribution.counts
            counts[CLASS_DONT_KNOW] += distribution.not_applicable or 0
    return counts


def _block(report: WaveReport, block_id: str, audience: str, items: list[PooledItem]) -> PageBlock:
    number_format = NumberFormat(report)
    title = _("题目分布 · {audience}", audience=labels.audience(audience))
    common_option_count = Counter(len(scoring.codes) for _item, scoring, _distribution in items).most_common(1)[0][0]
    chart_items = [entry for entry in items if len(entry[1].codes) == common_option_count]
    data = [
        LikertDatum(
            _item_label(item, audience),
            tuple(percentage / 100 for percentage in _worst_first(scoring, distribution)),
            number_format.share(distribution.rate),
        )
        for item, scoring, distribution in chart_items
    ]
    legend_item = next((item for item, _scoring, _distribution in chart_items if not item.reverse), chart_items[0][0])
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
            _item_label(item, audience),
            f"{distribution.n:,}",
            *(f"{percentage:.1f}%" for percentage in _worst_first(scoring, distribution)),
            f"{distribution.not_applicable or 0:,}",
            number_format.share(distribution.rate),
        )
        for item, scoring, distribution in chart_items
    )
    note = _("人数太少、防止反推或只给出范围的学校不在其中，所以各题的“作答”可能不同。")
    return PageBlock(block_id, title, "likert", TextTable(headings, rows), "likert", chart, note)


def _item_label(item: Item, audience: str) -> str:
    text = item.text_for_audience(audience).in_language(language())
    return _("{text}（反向题）", text=text) if item.reverse else text


def _worst_first(scoring: ItemScoring, distribution: ItemDistribution) -> tuple[float, ...]:
    """Percentages by option after flipping, least favourable first."""
    return distribution.percentages if scoring.points[0] <= scoring.points[-1] else distribution.percentages[::-1]
