"""One school as the office sees it: where it stands and how certain that is, its parts, its items, its change."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from survey_app.definition.messages import message
from survey_app.definition.model import Item
from survey_app.foundation.translation import _, language, render

from .. import labels
from ..analysis.item_distributions import PooledItem
from ..disclosure.figures import SUPPRESSED, HiddenDimension, PublishableItem
from ..number_format import NumberFormat
from ..wave_report import CellReport, SchoolReport, WaveReport
from .category_blocks import CategoryBlocks
from .category_page import peers_in_words
from .data_quality import school_quality_block
from .explorer import ExplorerPage, choices, valid_choice, view_labels
from .follow_ups import follow_up_blocks
from .form_groups import school_form_group_blocks
from .item_distributions import distribution_blocks, item_label
from .page import CategoryPageBuilder, origin_note
from .page_block import Heading, PageBlock, TextTable

VIEWS = {
    "summary": message("概要"), "items": message("题目"), "response": message("回收和变化"),
    "quality": message("质量"),  # for the office and auditors
}  # fmt: skip
EXTREME_ITEMS, SUMMARY_ITEMS = 3, 2  # the summary of three audiences stays on one screen or two


def school_page(report: WaveReport, school: SchoolReport, words: Mapping[str, str]) -> ExplorerPage:
    """Return the view that the address asks for; ``words`` are those of its query."""
    report.check_public()
    views = {name: label for name, label in VIEWS.items() if name != "quality" or report.shows_private}
    view = valid_choice(words.get("view", ""), tuple(views))
    page = _VIEWS[view](report, school, words)
    return replace(
        page,
        title=school.name,
        sentences=(*(school_sentences(report, school) if view == "summary" else ()), *page.sentences),
        choices=(choices("view", view_labels(views), view, {}), *page.choices),
    )


def school_sentences(report: WaveReport, school: SchoolReport) -> Iterator[str]:
    """Where the school stands, in words."""
    number_format, index, entry = NumberFormat(report), school.composite.index, school.ranking
    kind = labels.category(report, school.category)
    if index.points is not None:
        yield _("综合得分 {points}（今年 95% 区间 {interval}）。", points=number_format.points(index.points),
                interval=number_format.interval(index.low, index.high))  # fmt: skip
    if entry.rank is not None:
        ranked = sum(other.ranking.rank is not None for other in report.in_category(school.category))
        yield _("{category} {n} 所学校中的名次区间 {ranks}，{peers}。", category=kind, n=ranked,
                ranks=labels.rank_range(entry.low, entry.high), peers=peers_in_words(school))  # fmt: skip
    if note := labels.missing_figure_note(school):
        yield note
    for audience in school.cells:
        found = report.findings.rate_verdicts.get((school.school_id, audience))
        if found is not None and found.verdict != "undecided":
            share = labels.rate_share(found, number_format.share(found.share))
            yield _("{audience}：满意人数比例 {share}，对 85% 线：{verdict}。", audience=labels.audience(audience),
                    share=share, verdict=labels.rate_verdict(found))  # fmt: skip


def _summary(report: WaveReport, school: SchoolReport, words: Mapping[str, str]) -> ExplorerPage:
    """Every audience × dimension with its interval; a hidden one is named as hidden."""
    headings = (
        Heading(_("对象"), numeric=False), Heading(_("维度"), numeric=False), Heading(_("人数")),
        Heading(_("指数"), "index"), Heading(_("95% 区间"), "interval"), Heading(_("满意率"), "rate"),
        Heading(_("同类平均"), "district"), Heading(_("说明"), numeric=False),
    )  # fmt: skip
    common = _common_flags(school)
    rows = [
        (labels.audience(audience), *row)
        for audience, cell in school.cells.items()
        for row in _dimension_rows(report, school.category, audience, cell, common)
    ]
    table = TextTable(headings, tuple(rows))
    note = _("大多数行：{flags}。", flags=labels.flags(common)) if common else ""
    parts = PageBlock("parts", _("各类对象、各维度"), "index", table, note=note)
    return ExplorerPage("", blocks=tuple(filter(None, (parts, _strengths(report, school)))))


def _common_flags(school: SchoolReport) -> frozenset[str]:
    """What is to be known of most rows: said once above the table."""
    flags = [figures.flags for cell in school.cells.values() for figures in cell.cell.dimensions_and_overall]
    counts = Counter(flag for present in flags for flag in present)
    return frozenset(flag for flag, count in counts.items() if count > len(flags) / 2) - {SUPPRESSED}


def _dimension_rows(
    report: WaveReport, category: str, audience: str, cell: CellReport, common: frozenset[str]
) -> Iterator[tuple[str, ...]]:
    number_format = NumberFormat(report)
    means = _category_means(report, category, audience)
    for figures in cell.cell.dimensions_and_overall:
        name = labels.dimension(report, figures.dimension)
        if isinstance(figures, HiddenDimension):
            yield (name, "＊", "＊", "＊", "＊", "", render(labels.FLAG_LABELS["suppressed"]))
            continue
        index, mean = figures.index, number_format.points(means.get(figures.dimension))
        yield (
            name, f"{figures.n:,}", number_format.points(index.points), number_format.interval(index.low, index.high),
            number_format.share(figures.rate.share), mean, labels.flags(figures.flags - common),
        )  # fmt: skip


def _category_means(report: WaveReport, category: str, audience: str) -> dict[str, float]:
    """The mean of every dimension over the schools that may be read, weighted by the roster as that of OVERALL is."""
    people: dict[str, int] = {}
    points: dict[str, float] = {}
    cells = [school.cells[audience].publishable for school in report.in_category(category) if audience in school.cells]
    for cell in filter(None, cells):
        for figures in cell.dimensions_and_overall:
            if not isinstance(figures, HiddenDimension) and figures.index.points is not None:
                name = figures.dimension
                people[name] = people.get(name, 0) + cell.population
                points[name] = points.get(name, 0.0) + cell.population * figures.index.points
    return {dimension: points[dimension] / count for dimension, count in people.items() if count}


def _strengths(report: WaveReport, school: SchoolReport) -> PageBlock | None:
    """The items that are best and worst of each audience, where there are enough to tell them apart."""
    headings = tuple(Heading(text, numeric=False) for text in (_("对象"), _("满意率最高"), _("满意率最低")))
    rows = []
    for audience, cell in school.cells.items():
        best, worst = _extremes(report, audience, _shown_items(report, school, audience, cell), SUMMARY_ITEMS)
        if best:
            rows.append((labels.audience(audience), best, worst))
    note = _("按满意率排列，只是描述：差几个百分点可能出于偶然。")
    return PageBlock("extremes", _("强项和弱项"), "rate", TextTable(headings, tuple(rows)), note=note) if rows else None


def _items(report: WaveReport, school: SchoolReport, words: Mapping[str, str]) -> ExplorerPage:
    audiences = [audience for audience, cell in school.cells.items() if _shown_items(report, school, audience, cell)]
    audience = valid_choice(words.get("audience", ""), audiences)
    names = {name: labels.audience(name) for name in audiences}
    if not audience:
        return ExplorerPage("", sentences=(_("人数太少，没有可以公布的题目。"),))
    items = _shown_items(report, school, audience, school.cells[audience])
    title = _("题目分布 · {audience}", audience=names[audience])
    blocks = [*distribution_blocks(report, "items", title, audience, items)]
    for entry in report.audience_instruments:
        if (entry.category, entry.audience) == (school.category, audience):
            blocks += follow_up_blocks(report, "follow-ups", entry, [school.cells[audience]])
    best, worst = _extremes(report, audience, items)
    sentences = (_("满意率最高：{items}。", items=best), _("满意率最低：{items}。", items=worst)) if best else ()
    return ExplorerPage("", sentences=sentences, blocks=tuple(blocks),
                        choices=(choices("audience", names, audience, {"view": "items"}),))  # fmt: skip


def _shown_items(
    report: WaveReport, school: SchoolReport, audience: str, cell: CellReport
) -> list[tuple[Item, PooledItem]]:
    """The items whose distribution may be read at this school."""
    instruments = [entry.instrument for entry in report.audience_instruments
                   if (entry.category, entry.audience) == (school.category, audience)]  # fmt: skip
    if not instruments or cell.publishable is None:
        return []
    questions = {item.id: item for item in instruments[0].scored_items()}
    scorings = {scoring.id: scoring for scoring in cell.scoring.items}
    return [
        (questions[name], PooledItem(scorings[name], figures.distribution))
        for name, figures in cell.items
        if isinstance(figures, PublishableItem)
    ]


def _extremes(
    report: WaveReport, audience: str, items: list[tuple[Item, PooledItem]], count: int = EXTREME_ITEMS
) -> tuple[str, str]:
    """The best and the worst items with their rates; empty where there are few."""
    number_format = NumberFormat(report)
    rated = sorted(
        ((rate, item) for item, pooled in items if (rate := pooled.distribution.rate) is not None),
        key=lambda pair: (pair[0], pair[1].id),
    )
    if len(rated) < 2 * count:
        return "", ""

    def listed(pairs: list[tuple[float, Item]]) -> str:
        return _("；").join(f"{item_label(item, audience)} {number_format.share(rate)}" for rate, item in pairs)

    return listed(rated[: -count - 1 : -1]), listed(rated[:count])


def _response(report: WaveReport, school: SchoolReport, words: Mapping[str, str]) -> ExplorerPage:
    headings = (
        Heading(_("对象"), numeric=False), Heading(_("名册人数")), Heading(_("收到")), Heading(_("计入")),
        Heading(_("回收率"), "response"), Heading(_("说明"), numeric=False),
    )  # fmt: skip
    lines = CategoryPageBuilder(report).response_rate_rows((school,))
    rows = tuple((line.audience, line.population, line.received, line.respondents, line.share, line.note)
                 for line in lines)  # fmt: skip
    response = PageBlock("response", _("回收率"), "response", TextTable(headings, rows))
    changes = CategoryBlocks(report, school.category).school_change_blocks(school.school_id)
    blocks = (response, *_grade_blocks(report, school), *changes)
    return ExplorerPage("", sentences=tuple(filter(None, (origin_note(report, school),))), blocks=blocks)


def _grade_blocks(report: WaveReport, school: SchoolReport) -> Iterator[PageBlock]:
    """Which grades came less than others; hidden where few people are in a grade."""
    category = next(entry for entry in report.categories if entry.id == school.category)
    names = {grade.code: grade.label.in_language(language()) for grade in category.grades}
    share = NumberFormat(report).share
    rows = tuple(
        (labels.audience(audience), names.get(one.grade, one.grade), f"{one.count.population:,}",
         *(("＊", "＊") if one.count.received is None else (f"{one.count.received:,}", share(one.count.share))))
        for audience, cell in school.cells.items()
        for one in cell.grades
    )  # fmt: skip
    if rows:
        headings = (
            Heading(_("对象"), numeric=False), Heading(_("年级"), numeric=False), Heading(_("名册人数")),
            Heading(_("计入")), Heading(_("回收率"), "response"),
        )  # fmt: skip
        note = _("＊：不足 10 人的年级不显示；只有一个这样的年级时再隐去一个。")
        yield PageBlock("grades", _("各年级的回收率"), "response", TextTable(headings, rows), note=note)


def _quality(report: WaveReport, school: SchoolReport, words: Mapping[str, str]) -> ExplorerPage:
    signals = school_quality_block(report, school)
    blocks = (*((signals,) if signals else ()), *school_form_group_blocks(report, school))
    return ExplorerPage("", sentences=() if blocks else (_("没有可以显示的信号。"),), blocks=blocks)


_VIEWS: dict[str, Callable[[WaveReport, SchoolReport, Mapping[str, str]], ExplorerPage]] = {
    "summary": _summary, "items": _items, "response": _response, "quality": _quality,
}  # fmt: skip
