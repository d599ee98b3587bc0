"""Columns of sheet 数据质量 about the index without flagged forms, and about paper beside online forms."""

from survey_app.foundation.translation import _

from ..analysis.form_groups import UsualDifferences
from ..disclosure.figures import FormGroupFigures, ModeFigures, WithoutFlagged
from .writer import CellValue, SheetColumn

_WITHOUT_COLUMNS, _MODE_COLUMNS = 6, 7


def form_group_columns() -> list[SheetColumn]:
    without, modes = _("去掉有信号的答卷（不代替指数）"), _("纸卷和网上")
    return [
        SheetColumn(_("有信号"), "int", 8, without), SheetColumn(_("指数"), "points", 8, without),
        SheetColumn(_("去掉后的指数"), "points", 10, without), SheetColumn(_("下限"), "points", 8, without),
        SheetColumn(_("上限"), "points", 8, without), SheetColumn(_("相差"), "points", 8, without),
        SheetColumn(_("纸卷人数"), "int", 8, modes), SheetColumn(_("网上人数"), "int", 8, modes),
        SheetColumn(_("纸卷指数"), "points", 8, modes), SheetColumn(_("网上指数"), "points", 8, modes),
        SheetColumn(_("纸卷减网上"), "points", 8, modes), SheetColumn(_("下限"), "points", 8, modes),
        SheetColumn(_("上限"), "points", 8, modes),
    ]  # fmt: skip


def form_group_values(figures: FormGroupFigures | None) -> list[CellValue]:
    """Return empty cells where nothing may or can be said."""
    without: list[CellValue] = [None] * _WITHOUT_COLUMNS
    modes: list[CellValue] = [None] * _MODE_COLUMNS
    if figures is not None and isinstance(found := figures.without, WithoutFlagged):
        index = found.without
        without = [found.flagged, found.index.points, index.points, index.low, index.high, found.difference]
    if figures is not None and isinstance(pair := figures.modes, ModeFigures):
        difference = pair.difference
        modes = [pair.paper_n, pair.online_n, pair.paper.points, pair.online.points, difference.points,
                 difference.low, difference.high]  # fmt: skip
    return [*without, *modes]


def usual_form_group_values(usual: UsualDifferences) -> list[CellValue]:
    """Return the plain means of both differences over the category."""
    return [*[None] * (_WITHOUT_COLUMNS - 1), usual.without, *[None] * 4, usual.modes, None, None]
