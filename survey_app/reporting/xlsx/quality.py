"""Sheet 数据质量: what a reader should know before trusting a figure, and signals for people to look at."""

from survey_app.foundation.translation import _

from .. import labels
from ..analysis.signals import NAMES, ShownSignals
from ..html.data_quality import caution, look, text, usual
from ..tabular.tables import participation_flags
from ..wave_report import AudienceInstrument, CellReport, SchoolReport, WaveReport, is_hidden
from .participation import start, start_columns
from .writer import Book, Column, Table, Value

HINT_WIDTH = 44


def quality_sheet(book: Book, report: WaveReport) -> None:
    """What a reader should know before trusting a figure; notes, never verdicts."""
    columns = [
        *start_columns(), Column(_("收到答卷"), "int", 9), Column(_("无计分题的答卷"), "int", 10),
        Column(_("不了解占比"), "share", 10), Column(_("分层数"), "int", 8), *_signal_columns(),
        Column(_("提示"), "wide", HINT_WIDTH),
    ]  # fmt: skip
    notes = [_("提示不是结论：例如全选满意的答卷多数是真实的。需要时请核查原因，系统不会自动删除任何答卷。"), caution()]
    table = Table(book, _("数据质量"), _("数据质量"), columns, notes)
    for school in report.schools:
        for cell in school.cells.values():
            values = _quality(report, school, cell)
            lines = 1 + 2 * len(str(values[-1])) // (HINT_WIDTH + 8)
            table.sheet.set_row(table.row(values), 15 * lines)
    last = table.next_row - 1
    for asked in report.asked:
        if asked.audience != "inspector":
            _usual_row(table, report, asked)
    table.finish(freeze_columns=2, last_filtered=last)


def _signal_columns() -> list[Column]:
    group = _("供人核查的信号（份数）")
    return [
        Column(_("有时间的答卷"), "int", 9, group), Column(_("每题不到 1 秒"), "int", 9, group),
        Column(_("每题 1–2 秒"), "int", 9, group), Column(_("半份以上连选同一项"), "int", 11, group),
        Column(_("全卷同一项"), "int", 9, group), Column(_("全选最满意"), "int", 9, group),
        Column(_("答法少见"), "int", 9, group), Column(_("雷同答卷"), "int", 9, group),
        Column(_("偶然会有"), "points", 9, group), Column("p", "p", 8, group),
    ]  # fmt: skip


def _signals(found: ShownSignals | None) -> list[Value]:
    """Empty cells where nothing may or can be said."""
    if found is None:
        return [None] * len(_signal_columns())
    shown = (found.counts[name] for name in NAMES)
    counts = [text(signal) if signal.unanimous else signal.count for signal in shown]
    return [found.counts["fast"].of or None, *counts, found.expected, found.p_value]


def _usual_row(table: Table, report: WaveReport, asked: AudienceInstrument) -> None:
    """The sums over the cells that may be shown: what is usual in this category."""
    cells = [cell for school in report.in_category(asked.category) if (cell := school.cells.get(asked.audience))]
    shown = [cell.estimate for cell in cells if cell.signals is not None]
    received, unscored = (sum(each.received for each in shown), sum(each.received - each.respondents for each in shown))
    sums = _signals(usual(report, asked.category, asked.audience))
    table.row([
        _("同类合计"), _("可公布的学校"), labels.category(report, asked.category), labels.audience(asked.audience),
        received, unscored, None, None, *sums, None,
    ], bold=True, bg_color="#F2F2F2")  # fmt: skip


def _quality(report: WaveReport, school: SchoolReport, cell: CellReport) -> list[Value]:
    estimate, overall = cell.estimate, cell.estimate.overall
    hidden = is_hidden(overall)
    flags = participation_flags(report, estimate) | overall.flags
    nobody = {"nobody"} if estimate.received == 0 else set()
    return [
        *start(report, school, cell), estimate.received, estimate.received - estimate.respondents,
        None if hidden else overall.rate.not_applicable, None if hidden else len(overall.strata),
        *_signals(cell.signals), _("；").join(filter(None, (labels.flags(flags | nobody), look(cell.signals)))),
    ]  # fmt: skip
