"""The pages about the whole wave: what changed, how good the data are, how each figure was made."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from survey_app.definition.messages import message
from survey_app.foundation.translation import _

from .. import labels
from ..wave_report import WaveReport
from .category_blocks import CategoryBlocks
from .data_quality import data_quality_blocks
from .district_blocks import consistency_blocks
from .explorer import CHARTED_ROWS, LISTED_ROWS, Choice, ExplorerPage, choices, cut_table, valid_choice, view_labels
from .form_groups import form_group_blocks
from .page import report_notes
from .page_block import PageBlock
from .review_notes import review_blocks

QUALITY_VIEWS = {
    "signals": message("答卷的信号"),
    "forms": message("信号和纸卷使指数相差多少"),  # for the office and auditors
    "consistency": message("题目之间的一致性"),
    "review": message("问卷的审阅"),
}


def _category(report: WaveReport, words: Mapping[str, str]) -> str:
    return valid_choice(words.get("category", ""), [entry.id for entry in report.categories])


def _category_names(report: WaveReport) -> dict[str, str]:
    return {entry.id: labels.category(report, entry.id) for entry in report.categories}


def change_page(report: WaveReport, words: Mapping[str, str]) -> ExplorerPage:
    """This wave beside the earlier one, a category at a time."""
    report.check_public()
    category = _category(report, words)
    page = ExplorerPage(_("变化"), report_notes(report), (choices("category", _category_names(report), category, {}),))
    found = {block.id: block for block in CategoryBlocks(report, category, CHARTED_ROWS).change_blocks()}
    if not found:
        sentences = (
            _("没有可以比较的上一批次，或没有可以比较的学校。"),
            _("用同样的题目再问一次，封存以后这里列出各校变了多少，哪些肯定变了。"),
        )
        return replace(page, sentences=(*page.sentences, *sentences))
    part = valid_choice(words.get("part", ""), tuple(found))
    block, paged = cut_table(found[part], words.get("page", ""), CHARTED_ROWS)
    if paged.page > 1:  # the picture shows the first ones
        block = replace(block, kind="", chart=None)
    titles = {name: entry.title for name, entry in found.items()}
    parts = (choices("part", titles, part, {"category": category}),) if len(found) > 1 else ()
    return replace(page, choices=(*page.choices, *parts), blocks=(block,), paged=paged, all_blocks=(found[part],))


def _quality_blocks(report: WaveReport, view: str, category: str) -> Iterator[PageBlock]:
    if view == "review":
        yield from review_blocks(report)
    elif view == "consistency":
        yield from consistency_blocks(report)
    elif view == "forms":
        yield from form_group_blocks(report, category)
    else:
        yield from data_quality_blocks(report, category)


def quality_page(report: WaveReport, words: Mapping[str, str]) -> ExplorerPage:
    """Signals for people to look at, and how far the items of a dimension hang together."""
    report.check_public()
    is_shown = {"forms": report.shows_private, "review": bool(report.accepted)}
    views = {name: words for name, words in QUALITY_VIEWS.items() if is_shown.get(name, True)}
    category, view = _category(report, words), valid_choice(words.get("view", ""), tuple(views))
    found = tuple(_quality_blocks(report, view, category))
    shown: tuple[tuple[Choice, ...], ...] = (choices("view", view_labels(views), view, {"category": category}),)
    if view in ("signals", "forms"):
        shown = (*shown, choices("category", _category_names(report), category, {"view": view}))
    page = ExplorerPage(_("质量"), choices=shown, all_blocks=found)
    if not found:
        return replace(page, sentences=(_("没有可以显示的信号。"),))
    size = CHARTED_ROWS if view == "consistency" else LISTED_ROWS
    cut, paged = cut_table(found[-1], words.get("page", ""), size)
    return replace(page, blocks=(*found[:-1], cut), paged=paged)
