"""The items of a category and audience together, one item school by school, and what goes with overall satisfaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from survey_app.definition.messages import message
from survey_app.definition.model import Item
from survey_app.foundation.translation import _

from .. import labels
from ..disclosure.figures import ItemFigures, ItemRange, PublishableItem
from ..number_format import NumberFormat
from ..wave_report import AudienceInstrument, CellReport, WaveReport
from .district_blocks import driver_blocks
from .explorer import ExplorerPage, choices, cut_table, valid_choice, view_labels
from .follow_ups import follow_up_blocks, follow_up_by_school
from .item_distributions import distribution_blocks, item_label, pooled_questions
from .page_block import Heading, PageBlock, TextTable

VIEWS = {"items": message("全部题目"), "item": message("一道题，逐校"), "importance": message("重要性")}


def question_page(report: WaveReport, words: Mapping[str, str]) -> ExplorerPage:
    """Return the view that the address asks for; ``words`` are those of its query."""
    report.check_public()
    view = valid_choice(words.get("view", "item" if words.get("item") else ""), tuple(VIEWS))
    entry = _entry(report, words)
    page = _VIEWS[view](report, entry, words) if entry else ExplorerPage("", sentences=(_("没有问卷。"),))
    stays = {"category": entry.category, "audience": entry.audience} if entry else {}
    return replace(page, title=_("题目"), choices=(choices("view", view_labels(VIEWS), view, stays), *page.choices))


def _entry(report: WaveReport, words: Mapping[str, str]) -> AudienceInstrument | None:
    """The instrument of the category and audience of the address, else the nearest."""
    asked = {entry.category for entry in report.audience_instruments}
    category = valid_choice(words.get("category", ""), [known.id for known in report.categories if known.id in asked])
    audience = valid_choice(words.get("audience", ""), report.audiences(category))
    entries = (
        entry for entry in report.audience_instruments if (entry.category, entry.audience) == (category, audience)
    )
    return next(entries, None)


def _audience_choices(report: WaveReport, entry: AudienceInstrument, view: str) -> ExplorerPage:
    """A page that has only its choices yet."""
    asked = {known.category for known in report.audience_instruments}
    categories = {known.id: labels.category(report, known.id) for known in report.categories if known.id in asked}
    audiences = {name: labels.audience(name) for name in report.audiences(entry.category)}
    return ExplorerPage(
        "",
        choices=(
            choices("category", categories, entry.category, {"view": view, "audience": entry.audience}),
            choices("audience", audiences, entry.audience, {"view": view, "category": entry.category}),
        ),
    )


def _items(report: WaveReport, entry: AudienceInstrument, words: Mapping[str, str]) -> ExplorerPage:
    page, items = _audience_choices(report, entry, "items"), pooled_questions(report, entry)
    if not items:
        return replace(page, sentences=(_("人数太少，没有可以公布的题目。"),))
    title = _("题目分布 · {audience}", audience=labels.audience(entry.audience))
    blocks = [*distribution_blocks(report, "items", title, entry.audience, items)]
    blocks += follow_up_blocks(report, "follow-ups", entry, _cells(report, entry))
    return replace(page, blocks=tuple(blocks))


def _cells(report: WaveReport, entry: AudienceInstrument) -> list[CellReport]:
    schools = (school.cells.get(entry.audience) for school in report.in_category(entry.category))
    return [cell for cell in schools if cell is not None]


def _item(report: WaveReport, entry: AudienceInstrument, words: Mapping[str, str]) -> ExplorerPage:
    """One item or follow-up at every school of the category; of items, the least favourable first."""
    items = {item.id: item for item in entry.instrument.scored_items() if entry.audience in item.audiences}
    follow_ups = {asked.id: asked for asked in entry.instrument.follow_up if entry.audience in asked.audiences}
    name = valid_choice(words.get("item", ""), (*items, *follow_ups))
    page = _audience_choices(report, entry, "item")
    stays = {"view": "item", "category": entry.category, "audience": entry.audience}
    names = {name: name for name in (*items, *follow_ups)}
    if name in items:
        block = PageBlock(
            "item", item_label(items[name], entry.audience), "rate", _item_table(report, entry, items[name])
        )
    else:
        block = follow_up_by_school(report, entry, follow_ups[name])
    cut, paged = cut_table(block, words.get("page", ""))
    return replace(page, choices=(*page.choices, choices("item", names, name, stays)), blocks=(cut,), paged=paged,
                   all_blocks=(block,))  # fmt: skip


def _item_table(report: WaveReport, entry: AudienceInstrument, item: Item) -> TextTable:
    lines = []
    shows_promoters = item.scale.numeric is not None and item.scale.numeric.nps
    for school in report.in_category(entry.category):
        cell = school.cells.get(entry.audience)
        figures = dict(cell.items).get(item.id) if cell is not None else None
        if figures is not None:
            promoters = _promoter_cells(report, figures) if shows_promoters else ()
            lines.append((_rate(figures), school.name, (*_item_cells(report, figures), *promoters)))
    lines.sort(key=lambda line: (line[0] is None, line[0] or 0.0, line[1]))
    headings = (
        Heading(_("学校"), numeric=False), Heading(_("满意率"), "rate"), Heading(_("95% 区间"), "rate"),
        Heading(_("不满意"), "rate"), Heading(_("作答")), Heading(_("不了解")),
        *((Heading("NPS"), Heading(_("NPS 标准误"))) if shows_promoters else ()),
    )  # fmt: skip
    return TextTable(headings, tuple((name, *cells) for _rate_found, name, cells in lines))


def _rate(figures: ItemFigures) -> float | None:
    return figures.distribution.rate if isinstance(figures, PublishableItem) else None


def _item_cells(report: WaveReport, figures: ItemFigures) -> tuple[str, ...]:
    number_format = NumberFormat(report)
    if isinstance(figures, ItemRange):
        span = f"{number_format.share(figures.rate_low)}–{number_format.share(figures.rate_high)}"
        return (span, "", "", "", "")
    if not isinstance(figures, PublishableItem):
        return ("＊", "＊", "＊", "＊", "＊")
    found = figures.distribution
    interval = (
        "—"
        if found.rate_low is None
        else f"{number_format.share(found.rate_low)}–{number_format.share(found.rate_high)}"
    )
    return (
        number_format.share(found.rate), interval, number_format.share(found.dissatisfied), f"{found.n:,}",
        f"{found.not_applicable or 0:,}",
    )  # fmt: skip


def _promoter_cells(report: WaveReport, figures: ItemFigures) -> tuple[str, str]:
    """The net promoter score and its error; a blank where only a range is shown."""
    if not isinstance(figures, PublishableItem):
        return ("", "") if isinstance(figures, ItemRange) else ("＊", "＊")
    number_format, found = NumberFormat(report), figures.distribution.promoters
    return ("—", "—") if found is None else (number_format.points(found.score), number_format.points(found.se))


def _importance(report: WaveReport, entry: AudienceInstrument, words: Mapping[str, str]) -> ExplorerPage:
    page = _audience_choices(report, entry, "importance")
    instrument = entry.instrument.id
    findings = [finding for finding in report.findings.drivers
                if (finding.instrument, finding.audience) == (instrument, entry.audience)]  # fmt: skip
    return replace(page, blocks=tuple(driver_blocks(report, findings)))


_VIEWS: dict[str, Callable[[WaveReport, AudienceInstrument, Mapping[str, str]], ExplorerPage]] = {
    "items": _items, "item": _item, "importance": _importance,
}  # fmt: skip
