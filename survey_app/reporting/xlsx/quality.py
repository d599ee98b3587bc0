"""Sheet 数据质量: what a reader should know before trusting a figure, and signals for people to look at."""

from survey_app.definition.audiences import AUDIENCES
from survey_app.foundation.translation import _

from .. import labels
from ..analysis.form_groups import usual_differences
from ..disclosure.class_response import ClassResponse
from ..disclosure.figures import (
    CellSignals,
    HiddenDimension,
    PressedFigures,
    PublishableCount,
    RareCount,
    SignalCount,
    UnanimousCount,
    UnavailableCount,
)
from ..disclosure.signals import SIGNAL_NAMES
from ..flags import participation_flags
from ..signal_labels import (
    category_signals,
    form_group_caution,
    pressed_caution,
    review_hint,
    signal_caution,
    signal_text,
)
from ..wave_report import AudienceInstrument, CellReport, SchoolReport, WaveReport
from .form_groups import form_group_columns, form_group_values, usual_form_group_values
from .school_columns import school_columns, school_values
from .writer import CellValue, SheetColumn, SheetTable, WorkbookWriter

HINT_WIDTH = 44


def quality_sheet(writer: WorkbookWriter, report: WaveReport) -> None:
    """What a reader should know before trusting a figure; notes, never verdicts."""
    columns = [
        *school_columns(), *_pressed_columns(), *_class_columns(),
        SheetColumn(_("收到答卷"), "int", 9), SheetColumn(_("无计分题的答卷"), "int", 10),
        SheetColumn(_("不了解占比"), "share", 10), SheetColumn(_("分层数"), "int", 8), *_signal_columns(),
        *form_group_columns(),
        SheetColumn(_("提示"), "wide", HINT_WIDTH),
    ]  # fmt: skip
    notes = [
        _("提示不是结论：例如全选满意的答卷多数是真实的。需要时请核查原因，系统不会自动删除任何答卷。"),
        pressed_caution(),
        signal_caution(),
        form_group_caution(),
    ]
    table = SheetTable(writer, _("数据质量"), _("数据质量"), columns, notes)
    for school in report.schools:
        for cell in school.cells.values():
            values = _quality_row(report, school, cell)
            line_count = 1 + 2 * len(str(values[-1])) // (HINT_WIDTH + 8)
            table.sheet.set_row(table.write_row(values), 15 * line_count)
    last = table.next_row - 1
    for entry in report.audience_instruments:
        if AUDIENCES[entry.audience].is_sample:
            _category_total_row(table, report, entry)
    table.finish(freeze_columns=2, last_filtered=last)


def _pressed_columns() -> list[SheetColumn]:
    group = _("有人要求怎样回答（不转给学校）")
    return [
        SheetColumn(_("作答"), "int", 8, group), SheetColumn(_("有人要求过"), "int", 9, group),
        SheetColumn(_("占比"), "share", 8, group), SheetColumn(_("下限"), "share", 8, group),
        SheetColumn(_("上限"), "share", 8, group), SheetColumn(_("不愿说"), "int", 8, group),
    ]  # fmt: skip


def _pressed_values(figures: PressedFigures | None) -> list[CellValue]:
    """Empty cells where nothing may or can be said."""
    if figures is None or isinstance(figures.pressed, UnavailableCount):
        return [None] * len(_pressed_columns())
    share = figures.pressed.share if isinstance(figures.pressed, PublishableCount) else None
    count, unsaid = _signal_value(figures.pressed), _signal_value(figures.unsaid)
    return [figures.pressed.total, count, share, figures.low, figures.high, unsaid]


def _class_columns() -> list[SheetColumn]:
    group = _("各班回收率（不足 10 人的班不计）")
    return [
        SheetColumn(_("班级"), "int", 7, group), SheetColumn(_("最低"), "share", 8, group),
        SheetColumn(_("最高"), "share", 8, group), SheetColumn(_("R 指标"), "points", 8, group),
    ]  # fmt: skip


def _class_values(classes: ClassResponse | None) -> list[CellValue]:
    if classes is None:
        return [None] * len(_class_columns())
    return [classes.classes, classes.lowest, classes.highest, classes.r_indicator]


def _signal_columns() -> list[SheetColumn]:
    group = _("供人核查的信号（份数）")
    return [
        SheetColumn(_("有时间的答卷"), "int", 9, group), SheetColumn(_("每题不到 1 秒"), "int", 9, group),
        SheetColumn(_("每题 1–2 秒"), "int", 9, group), SheetColumn(_("半份以上连选同一项"), "int", 11, group),
        SheetColumn(_("全卷同一项"), "int", 9, group), SheetColumn(_("全选最满意"), "int", 9, group),
        SheetColumn(_("答法少见"), "int", 9, group), SheetColumn(_("雷同答卷"), "int", 9, group),
        SheetColumn(_("偶然会有"), "points", 9, group), SheetColumn("p", "p", 8, group),
    ]  # fmt: skip


def _signal_values(signals: CellSignals | None) -> list[CellValue]:
    """Empty cells where nothing may or can be said."""
    if signals is None:
        return [None] * len(_signal_columns())
    timed = signals.counts["speeding_1s"]
    total = None if isinstance(timed, UnavailableCount) else timed.total
    counts = [_signal_value(signals.counts[name]) for name in SIGNAL_NAMES]
    return [total, *counts, signals.expected, signals.p_value]


def _signal_value(count: SignalCount) -> CellValue:
    if isinstance(count, UnanimousCount | RareCount):
        return signal_text(count)
    return count.count if isinstance(count, PublishableCount) else None


def _category_total_row(table: SheetTable, report: WaveReport, entry: AudienceInstrument) -> None:
    """The sums over the cells that may be shown: what is usual in this category."""
    cells = [cell for school in report.in_category(entry.category) if (cell := school.cells.get(entry.audience))]
    publishable = [cell.cell for cell in cells if cell.signals is not None]
    received, unscored = (
        sum(each.received or 0 for each in publishable),
        sum(each.unscored or 0 for each in publishable),
    )
    signal_totals = _signal_values(category_signals(report, entry.category, entry.audience))
    table.write_row([
        _("同类合计"), _("可公布的学校"), labels.category(report, entry.category), labels.audience(entry.audience),
        *_pressed_values(report.usual_pressed.get((entry.category, entry.audience))), *_class_values(None),
        received, unscored, None, None,
        *signal_totals, *_usual_values(report, entry), None,
    ], bold=True, bg_color="#F2F2F2")  # fmt: skip


def _usual_values(report: WaveReport, entry: AudienceInstrument) -> list[CellValue]:
    cells = (school.cells.get(entry.audience) for school in report.in_category(entry.category))
    known = [cell.form_groups for cell in cells if cell is not None and cell.form_groups is not None]
    return usual_form_group_values(usual_differences(known))


def _quality_row(report: WaveReport, school: SchoolReport, cell: CellReport) -> list[CellValue]:
    who, overall = cell.cell, cell.cell.dimensions_and_overall[-1]
    figures = None if isinstance(overall, HiddenDimension) else overall
    flags = participation_flags(report, who) | overall.flags
    nobody = {"nobody"} if who.received == 0 else set()
    return [
        *school_values(report, school, cell),
        *_pressed_values(cell.pressed),
        *_class_values(cell.classes),
        who.received,
        who.unscored,
        None if figures is None else figures.rate.not_applicable,
        None if figures is None else figures.strata_count,
        *_signal_values(cell.signals),
        *form_group_values(cell.form_groups),
        _("；").join(filter(None, (labels.flags(flags | nobody), review_hint(report, school.category, cell)))),
    ]
