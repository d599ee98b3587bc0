"""One category of schools: the ranking, its dimensions, who came, the spread, the promised rate. One view at a time."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from survey_app.definition.messages import message
from survey_app.foundation.paging import page_of
from survey_app.foundation.translation import _

from .. import labels
from ..wave_report import SchoolReport, WaveReport
from .category_blocks import CategoryBlocks
from .explorer import CHARTED_ROWS, ExplorerPage, choices, cut_table, valid_choice, view_labels
from .page import CategoryPageBuilder
from .page_block import Heading, PageBlock, TextTable

VIEWS = {
    "ranking": message("排名"), "dimensions": message("分维度"), "response": message("回收率"),
    "spread": message("校间差异"), "line": message("85% 线"),
}  # fmt: skip
HEAT_FIGURES = {"index": message("指数"), "rate": message("满意率")}
FIGURES = {"index": message("综合得分"), "rank": message("名次区间")}


def category_page(report: WaveReport, words: Mapping[str, str]) -> ExplorerPage:
    """Return the view that the address asks for; ``words`` are those of its query."""
    report.check_public()
    category = valid_choice(words.get("category", ""), [entry.id for entry in report.categories])
    view = valid_choice(words.get("view", ""), tuple(VIEWS))
    page = _VIEWS[view](report, category, words)
    names = {entry.id: labels.category(report, entry.id) for entry in report.categories}
    warnings = [labels.low_reliability_warning(report, group) for group in report.findings.low_reliability_groups()
                if group.category == category]  # fmt: skip
    return replace(
        page,
        title=labels.category(report, category),
        sentences=(*(warnings if view == "ranking" else ()), *page.sentences),
        choices=(
            choices("category", names, category, {"view": view}),
            choices("view", view_labels(VIEWS), view, {"category": category}),
            *page.choices,
        ),
    )


def _ranking(report: WaveReport, category: str, words: Mapping[str, str]) -> ExplorerPage:
    """A picture of the schools on this page, and below it their lines: in words first, then the figures."""
    figure = valid_choice(words.get("figure", ""), tuple(FIGURES))
    schools = report.in_category(category)
    paged = page_of(schools, words.get("page", ""), CHARTED_ROWS)
    builder = CategoryPageBuilder(report)
    ranked_count = sum(school.ranking.rank is not None for school in schools)
    is_rank = figure == "rank"
    chart = builder.rank_chart(paged.rows, ranked_count) if is_rank else builder.composite_chart(paged.rows)
    full = PageBlock(
        f"ranking-{category}", _("综合得分和名次"), "composite", _ranking_table(builder, schools), "dots", chart
    )
    block, rows = cut_table(full, words.get("page", ""), CHARTED_ROWS)
    others = {"category": category, "view": "ranking"}
    return ExplorerPage("", choices=(choices("figure", view_labels(FIGURES), figure, others),), blocks=(block,),
                        paged=rows, all_blocks=(full,))  # fmt: skip


def _ranking_table(builder: CategoryPageBuilder, schools: tuple[SchoolReport, ...]) -> TextTable:
    headings = (
        Heading(_("学校"), numeric=False), Heading(_("难分高下"), "rank_set", numeric=False),
        Heading(_("等第"), "band"), Heading(_("名次区间"), "rank_set"),
        Heading(_("名次"), "rank"), Heading(_("综合得分"), "composite"),
        Heading(_("95% 区间"), "interval"), Heading(_("说明"), numeric=False),
    )  # fmt: skip
    rows = []
    for school in schools:
        line = builder.rank_row(school)
        rows.append((line.school, peers_in_words(school), line.band, line.rank_set, line.rank or "—",
                     line.points or "—", line.interval, line.note))  # fmt: skip
    return TextTable(headings, tuple(rows))


def peers_in_words(school: SchoolReport) -> str:
    """With how many schools this one may change places; empty for a school that is not ranked."""
    low, high = school.ranking.low, school.ranking.high
    if low is None or high is None:
        return ""
    return _("与 {n} 所难分高下", n=high - low) if high > low else _("名次确定")


def _dimensions(report: WaveReport, category: str, words: Mapping[str, str]) -> ExplorerPage:
    audiences = report.audiences(category)
    audience = valid_choice(words.get("audience", ""), audiences)
    figure = valid_choice(words.get("figure", ""), tuple(HEAT_FIGURES))
    heat = CategoryPageBuilder(report).heat_table(report.in_category(category), audience, figure == "rate")
    paged = page_of(heat.rows, words.get("page", ""))
    headings = (Heading(_("学校"), numeric=False), *(Heading(name) for name in heat.dimensions))
    table = TextTable(headings, tuple((school, *(cell.text for cell in cells)) for school, cells in heat.rows))
    names = {name: labels.audience(name) for name in audiences}
    view = {"category": category, "view": "dimensions"}
    return ExplorerPage(
        "", choices=(
            choices("audience", names, audience, {**view, "figure": figure}),
            choices("figure", view_labels(HEAT_FIGURES), figure, {**view, "audience": audience}),
        ),
        heat=replace(heat, rows=paged.rows), paged=paged,
        all_blocks=(PageBlock("heat", heat.audience, "rate" if heat.is_rate else "index", table),),
    )  # fmt: skip


def _response(report: WaveReport, category: str, words: Mapping[str, str]) -> ExplorerPage:
    lines = CategoryPageBuilder(report).response_rate_rows(report.in_category(category))
    headings = (
        Heading(_("学校"), numeric=False), Heading(_("对象"), numeric=False), Heading(_("名册人数")),
        Heading(_("收到")), Heading(_("计入")), Heading(_("回收率"), "response"), Heading(_("说明"), numeric=False),
    )  # fmt: skip
    rows = tuple((line.school, line.audience, line.population, line.received, line.respondents, line.share, line.note)
                 for line in lines)  # fmt: skip
    return _listed(PageBlock("response", _("回收率"), "response", TextTable(headings, rows)), words)


def _spread(report: WaveReport, category: str, words: Mapping[str, str]) -> ExplorerPage:
    """The means of the category, and its funnel with the table of one page."""
    blocks = CategoryBlocks(report, category)
    full = [blocks.means_block(), *blocks.award_blocks(), *blocks.funnel_blocks()]
    cut, paged = cut_table(full[-1], words.get("page", ""), CHARTED_ROWS)
    return ExplorerPage("", blocks=(*full[:-1], cut), paged=paged, all_blocks=tuple(full))


def _line(report: WaveReport, category: str, words: Mapping[str, str]) -> ExplorerPage:
    table = CategoryBlocks(report, category).rate_target_table()
    return _listed(PageBlock("line", _("满意人数比例与 85% 线"), "line", table), words)


def _listed(block: PageBlock, words: Mapping[str, str]) -> ExplorerPage:
    cut, paged = cut_table(block, words.get("page", ""))
    return ExplorerPage("", blocks=(cut,), paged=paged, all_blocks=(block,))


_VIEWS: dict[str, Callable[[WaveReport, str, Mapping[str, str]], ExplorerPage]] = {
    "ranking": _ranking, "dimensions": _dimensions, "response": _response, "spread": _spread, "line": _line,
}  # fmt: skip
