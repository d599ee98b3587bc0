"""The answers to every item in a category, over its publishable schools, as bars around a zero line."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from survey_app.definition.model import Item
from survey_app.definition.school_name import with_school
from survey_app.foundation.translation import _, language

from .. import labels
from ..analysis.item_distributions import PooledItem, pool_items
from ..charts.likert import LikertDatum, likert
from ..number_format import NumberFormat
from ..wave_report import AudienceInstrument, WaveReport
from .follow_ups import follow_up_blocks
from .page_block import Heading, PageBlock, TextTable

PooledQuestion = tuple[Item, PooledItem]


def item_distribution_blocks(report: WaveReport, category: str) -> Iterator[PageBlock]:
    """One part for each scale of an audience that has answers to show: other words are no shades of satisfaction."""
    for entry in report.audience_instruments:
        if entry.category == category:
            title = _("题目分布 · {audience}", audience=labels.audience(entry.audience))
            items = pooled_questions(report, entry)
            yield from distribution_blocks(report, f"o-{category}-{entry.audience}", title, entry.audience, items)
            cells = [found for school in report.in_category(category) if (found := school.cells.get(entry.audience))]
            yield from follow_up_blocks(report, f"f-{category}-{entry.audience}", entry, cells)


def pooled_questions(report: WaveReport, entry: AudienceInstrument) -> list[PooledQuestion]:
    """The items of an audience with their answers over the schools of its category that show them."""
    questions = {item.id: item for item in entry.instrument.scored_items()}
    return [(questions[pooled.scoring.id], pooled) for pooled in _pool_items(report, entry)]


def distribution_blocks(
    report: WaveReport, block_id: str, title: str, audience: str, items: list[PooledQuestion]
) -> Iterator[PageBlock]:
    """One part for each scale of the items; where there are several, the title says which words it has."""
    by_scale: dict[str, list[PooledQuestion]] = {}
    for item, pooled in items:
        by_scale.setdefault(item.scale.id, []).append((item, pooled))
    for number, alike in enumerate(by_scale.values()):
        options = _options(alike[0][0])
        named = title
        if len(by_scale) > 1:
            named = _("{title}（{first}——{last}）", title=title, first=options[0], last=options[-1])
        block = _block(report, block_id + (f"-{number}" if number else ""), named, audience, alike)
        yield block if not number else replace(block, note=block.note.removesuffix(_varying_counts()))


def _options(item: Item) -> list[str]:
    """The words of its scale, least favourable first."""
    points = item.scale.points
    options = [point.label.in_language(language()) for point in points]
    return options[::-1] if points[0].points > points[-1].points else options


def _varying_counts() -> str:
    return _("人数太少、防止反推或只给出范围的学校不在其中，所以各题的“作答”可能不同。")


def _pool_items(report: WaveReport, entry: AudienceInstrument) -> list[PooledItem]:
    schools = (school.cells.get(entry.audience) for school in report.in_category(entry.category))
    cells = [cell for cell in schools if cell is not None]
    if not cells:
        return []
    publishable = [(cell.publishable, dict(cell.items)) for cell in cells if cell.publishable is not None]
    min_n = report.scheme.settings.audience_min_n(entry.audience)
    return list(pool_items(publishable, cells[0].scoring, min_n))


def _block(report: WaveReport, block_id: str, title: str, audience: str, items: list[PooledQuestion]) -> PageBlock:
    """The items of one scale as bars around a zero line, with their table."""
    number_format = NumberFormat(report)
    scale = items[0][0].scale
    options = _options(items[0][0])
    headings = (Heading(_("题号"), numeric=False), Heading(_("题目"), numeric=False), Heading(_("作答")),
                *(Heading(option, "likert") for option in options), Heading(_("不了解")),
                Heading(_("满意率"), "rate"))  # fmt: skip
    rows = tuple(
        (
            item.id,
            item_label(item, audience),
            f"{pooled.distribution.n:,}",
            *(f"{percentage:.1f}%" for percentage in _percentages(pooled)),
            f"{pooled.distribution.not_applicable or 0:,}",
            number_format.share(pooled.distribution.rate),
        )
        for item, pooled in items
    )
    note = _varying_counts()
    table = TextTable(headings, rows)
    if scale.has_ideal:
        return PageBlock(block_id, title, "likert", table, note=_("最好的选项在中间，所以只列表，不画图。") + note)
    data = [
        LikertDatum(
            item_label(item, audience),
            tuple(percentage / 100 for percentage in _percentages(pooled)),
            number_format.share(pooled.distribution.rate),
        )
        for item, pooled in items
    ]
    chart = likert(title, _("每条是一道题，零线左边不满意、右边满意，右侧是满意率；具体数字见下表"), data, options)
    return PageBlock(block_id, title, "likert", table, "likert", chart, note)


def item_label(item: Item, audience: str) -> str:
    text = with_school(item.text_for_audience(audience).in_language(language()), _("这所学校"))
    return _("{text}（反向题）", text=text) if item.reverse else text


def worst_first(percentages: tuple[float, ...], points: Sequence[float]) -> tuple[float, ...]:
    """Return percentages by option after flipping, least favourable first."""
    return percentages if points[0] <= points[-1] else percentages[::-1]


def _percentages(pooled: PooledItem) -> tuple[float, ...]:
    return worst_first(pooled.distribution.percentages, pooled.scoring.points)
