"""The answers to every item in a category, over its publishable schools, as bars around a zero line."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from survey_app.definition.model import Item
from survey_app.foundation.translation import _, language
from survey_app.measurement.item_distribution import ItemDistribution, distribution_of
from survey_app.measurement.scoring import CLASS_DONT_KNOW, CLASSES, ItemScoring

from .. import labels
from ..charts.scatter import Answers, likert
from ..wave_report import CellReport, WaveReport
from .blocks import Figures, Heading, Part, PlainTable

Pooled = tuple[Item, ItemScoring, ItemDistribution]


def opinion_parts(report: WaveReport, category: str) -> Iterator[Part]:
    """One part an audience that has answers to show."""
    for asked in report.asked:
        if asked.category == category:
            pooled = list(_pooled(report, category, asked.audience))
            if pooled:
                yield _part(report, f"o-{category}-{asked.audience}", asked.audience, pooled)


def _pooled(report: WaveReport, category: str, audience: str) -> Iterator[Pooled]:
    """Each item with the counts of the cells that show them; a hidden cell or a range adds nothing."""
    least = report.scheme.method.least_n(audience)
    cells = [school.cells[audience] for school in report.in_category(category) if audience in school.cells]
    cells = [cell for cell in cells if cell.shown and cell.estimate.overall.n >= least]
    if not cells:
        return
    asked = next(found for found in report.asked if (found.category, found.audience) == (category, audience))
    items = {item.id: item for item in asked.instrument.scored_items()}
    for scoring in cells[0].scoring.items:
        if scoring.asked:
            found = distribution_of(scoring, _counts(cells, scoring))
            if found.n >= least:
                yield items[scoring.id], scoring, found


def _counts(cells: list[CellReport], scoring: ItemScoring) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    counts = np.zeros(CLASSES)
    for cell in cells:
        found = dict(cell.items)[scoring.id].distribution
        if found is not None:
            counts[: len(found.counts)] += found.counts
            counts[CLASS_DONT_KNOW] += found.not_applicable or 0
    return counts


def _part(report: WaveReport, place: str, audience: str, pooled: list[Pooled]) -> Part:
    figures = Figures(report)
    title = _("题目分布 · {audience}", audience=labels.audience(audience))
    usual = Counter(len(scoring.codes) for _item, scoring, _found in pooled).most_common(1)[0][0]
    drawn = [entry for entry in pooled if len(entry[1].codes) == usual]
    answers = [
        Answers(_label(item, audience), tuple(part / 100 for part in _worst_first(scoring, found)), figures.share(
            found.rate))
        for item, scoring, found in drawn
    ]  # fmt: skip
    plain = next((item for item, _scoring, _found in drawn if not item.reverse), drawn[0][0])
    options = [point.label.in_language(language()) for point in plain.scale.points]
    if plain.scale.points[0].points > plain.scale.points[-1].points:
        options.reverse()
    chart = likert(title, _("每条是一道题，零线左边不满意、右边满意，右侧是满意率；具体数字见下表"), answers, options)
    headings = (Heading(_("题号"), numeric=False), Heading(_("题目"), numeric=False), Heading(_("作答")),
                *(Heading(option, "likert") for option in options), Heading(_("不了解")),
                Heading(_("满意率"), "rate"))  # fmt: skip
    rows = tuple(
        (item.id, _label(item, audience), f"{found.n:,}",
         *(f"{part:.1f}%" for part in _worst_first(scoring, found)), f"{found.not_applicable or 0:,}",
         figures.share(found.rate))
        for item, scoring, found in drawn
    )  # fmt: skip
    note = _("人数太少、防止反推或只给出范围的学校不在其中，所以各题的“作答”可能不同。")
    return Part(place, title, "likert", PlainTable(headings, rows), "likert", chart, note)


def _label(item: Item, audience: str) -> str:
    text = item.text_to(audience).in_language(language())
    return _("{text}（反向题）", text=text) if item.reverse else text


def _worst_first(scoring: ItemScoring, found: ItemDistribution) -> tuple[float, ...]:
    """Percentages by option after flipping, least favourable first."""
    return found.percentages if scoring.points[0] <= scoring.points[-1] else found.percentages[::-1]
