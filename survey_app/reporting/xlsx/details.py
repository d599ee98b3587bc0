"""Sheets 分维度 and 题目分布."""

from collections import Counter
from collections.abc import Sequence

from survey_app.foundation.translation import _, language
from survey_app.measurement.scoring import OVERALL

from .. import labels
from ..disclosure.figures import (
    Cell,
    DimensionFigures,
    HiddenDimension,
    HiddenItem,
    ItemFigures,
    ItemRange,
    PublishableDimension,
    PublishableItem,
)
from ..wave_report import CellReport, SchoolReport, WaveReport
from .writer import CellValue, SheetColumn, SheetTable, WorkbookWriter

MAX_WORDS_OF_A_PLACE = 3
MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"


def dimension_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    """Indices with their interval, one row a school × audience × dimension."""
    columns = [
        SheetColumn(_("学校代码"), "code", 11),
        SheetColumn(_("学校名称"), "wide", 18),
        SheetColumn(_("类别"), "wide", 10),
        SheetColumn(_("对象"), "text", 8),
        SheetColumn(_("维度"), "wide", 14),
        SheetColumn(_("有效人数"), "int", 7),
        SheetColumn(_("指数"), "points", 8),
        SheetColumn(_("下限"), "points", 8, _("95% 区间")),
        SheetColumn(_("上限"), "points", 8, _("95% 区间")),
        SheetColumn(_("满意率"), "share", 8),
        SheetColumn(_("下限"), "share", 8, _("满意率区间")),
        SheetColumn(_("上限"), "share", 8, _("满意率区间")),
        SheetColumn(_("不满意"), "share", 8),
        SheetColumn(_("不了解"), "share", 8),
        SheetColumn(_("说明"), "text", 8),
    ]
    marks = _marks(report)
    notes = [_("说明：{marks}", marks=_("；").join(f"{mark} {labels.flags([flag])}" for flag, mark in marks.items()))]
    table = SheetTable(writer, _("分维度"), _("分维度满意度指数"), columns, notes if marks else ())
    for school in report.schools:
        for cell in school.cells.values():
            _dimension_rows(table, report, school, cell, marks)
    scale = {"type": "3_color_scale", "min_color": "#F8CBAD", "mid_color": "#FFFFFF", "max_color": "#C6E0B4"}
    table.sheet.conditional_format(table.first_row, 6, max(table.first_row, table.next_row - 1), 6, scale)
    table.finish(freeze_columns=2)


def _marks(report: WaveReport) -> dict[str, str]:
    """A mark for each flag that a row of the sheet has: the same sentence in a thousand rows is read by nobody."""
    cells = [cell.cell for school in report.schools for cell in school.cells.values()]
    used = {flag for cell in cells for figures in cell.dimensions_and_overall for flag in _flags(cell, figures)}
    return dict(zip((flag for flag in labels.FLAG_LABELS if flag in used), MARKS, strict=False))


def _flags(cell: Cell, figures: DimensionFigures) -> frozenset[str]:
    nobody = {"nobody"} if cell.received == 0 else set()
    return (figures.flags | nobody) - {"unstratified"}


def _dimension_rows(
    table: SheetTable, report: WaveReport, school: SchoolReport, cell: CellReport, marks: dict[str, str]
) -> None:
    leading_values: list[CellValue] = [school.code, school.name, labels.category(report, school.category)]
    for figures in cell.cell.dimensions_and_overall:
        flags = _flags(cell.cell, figures)
        notes = "".join(mark for flag, mark in marks.items() if flag in flags)
        bold = {"bold": True} if figures.dimension == OVERALL else {}
        names = [labels.audience(cell.cell.audience), labels.dimension(report, figures.dimension)]
        table.write_row([*leading_values, *names, *_dimension_values(figures), notes], **bold)


def _dimension_values(figures: PublishableDimension | HiddenDimension) -> list[CellValue]:
    if isinstance(figures, HiddenDimension):
        return [None] * 9
    index, rate = figures.index, figures.rate
    return [
        figures.n, index.points, index.low, index.high, rate.share, rate.low, rate.high, rate.dissatisfied,
        rate.not_applicable,
    ]  # fmt: skip


def item_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    """Counts and percentages of every option, one row a school × audience × item."""
    max_options = max((len(figures.codes) for school in report.schools for cell in school.cells.values()
                  for _name, figures in cell.items), default=0)  # fmt: skip
    options, has_promoters = _options_by_item(report), report.asks_for_promoters
    columns = _item_columns(_option_names(list(options.values()), max_options), has_promoters)
    table = SheetTable(writer, _("题目分布"), _("题目分布"), columns)
    texts = labels.item_texts(report)
    for school in report.schools:
        for cell in school.cells.values():
            for name, figures in cell.items:
                asked = (school.category, cell.cell.audience, name)
                leading_values: list[CellValue] = [
                    school.code, school.name, labels.audience(cell.cell.audience), name, texts[asked],
                    _("、").join(options[asked]),
                ]  # fmt: skip
                values = _item_values(figures, max_options, cell.cell.received)
                promoters = _promoter_values(figures) if has_promoters else []
                table.write_row([*leading_values, *values[:-1], *promoters, values[-1]])
    table.finish(freeze_columns=2)


def _item_columns(option_names: Sequence[str], has_promoters: bool) -> list[SheetColumn]:
    return [
        SheetColumn(_("学校代码"), "code", 11),
        SheetColumn(_("学校名称"), "wide", 20),
        SheetColumn(_("对象"), "text", 8),
        SheetColumn(_("题号"), "text", 7),
        SheetColumn(_("题目"), "wide", 34),
        SheetColumn(_("选项（按卷面顺序）"), "wide", 22),
        SheetColumn(_("作答"), "int", 8),
        *(SheetColumn(name, "int", 7, _("各选项人数（按卷面顺序）")) for name in option_names),
        *(SheetColumn(name, "share", 7, _("各选项占比")) for name in option_names),
        SheetColumn(_("不了解"), "int", 8),
        SheetColumn(_("未答"), "int", 7),
        SheetColumn(_("满意率"), "share", 8),
        SheetColumn(_("下限"), "share", 8, _("满意率区间")),
        SheetColumn(_("上限"), "share", 8, _("满意率区间")),
        SheetColumn(_("平均分"), "points", 8),
        *((SheetColumn("NPS", "points", 8), SheetColumn(_("NPS 标准误"), "points", 8)) if has_promoters else ()),
        SheetColumn(_("说明"), "wide", 24),
    ]


def _options_by_item(report: WaveReport) -> dict[tuple[str, str, str], tuple[str, ...]]:
    return {
        (entry.category, entry.audience, item.id): tuple(
            point.label.in_language(language()) for point in item.scale.points
        )
        for entry in report.audience_instruments
        for item in entry.instrument.scored_items()
    }


def _promoter_values(figures: ItemFigures) -> list[CellValue]:
    found = figures.distribution.promoters if isinstance(figures, PublishableItem) else None
    return [None, None] if found is None else [found.score, found.se]


def _option_names(options: Sequence[tuple[str, ...]], count: int) -> list[str]:
    """What stands above the counts: the words of the scales at this place, the usual ones first."""
    names = []
    for place in range(count):
        words = Counter(scale[place] for scale in options if place < len(scale))
        shown = [word for word, _times in words.most_common(MAX_WORDS_OF_A_PLACE)]
        names.append("／".join(shown) + ("…" if len(words) > MAX_WORDS_OF_A_PLACE else ""))
    return names


def _item_values(figures: ItemFigures, max_options: int, received: int | None) -> list[CellValue]:
    no_counts: list[CellValue] = [None] * (max_options * 2 + 4)
    if isinstance(figures, HiddenItem):
        return [*no_counts, None, None, None, _("人数太少或防止反推，不公布")]
    if isinstance(figures, ItemRange):
        return [*no_counts, figures.rate_low, figures.rate_high, None, _("答案几乎一致，只给出范围")]
    if received == 0:
        return [*no_counts, None, None, None, labels.flags(["nobody"])]
    distribution = figures.distribution
    blanks: list[CellValue] = [None] * (max_options - len(distribution.counts))
    return [
        distribution.n,
        *distribution.counts,
        *blanks,
        *(percentage / 100 for percentage in distribution.percentages),
        *blanks,
        distribution.not_applicable,
        distribution.blank,
        distribution.rate,
        distribution.rate_low,
        distribution.rate_high,
        distribution.index,
        "",
    ]
