"""Careless-response signals in words, the same on the page and in the workbook."""

from survey_app.foundation.translation import _
from survey_app.measurement.rounding import round_half_up

from .analysis.signals import pool_signals
from .disclosure.figures import CellSignals, PublishableCount, SignalCount, UnanimousCount, UnavailableCount
from .wave_report import WaveReport


def signal_caution() -> str:
    """What must be said wherever a signal stands."""
    return _(
        "这些只是供人查看的信号，不是结论：认真作答的人也会出现，例如真心全选满意，或在手机上答得快。"
        "任何一项都不能作为删除答卷的理由，也不能据此认定学校有问题；先与同类合计比较，再向学校了解情况。"
    )


def category_signals(report: WaveReport, category: str, audience: str) -> CellSignals:
    """The signals of all cells of a category × audience that may be shown."""
    cells = (school.cells.get(audience) for school in report.in_category(category))
    return pool_signals(cell.signals for cell in cells if cell is not None and cell.signals is not None)


def review_hint(signals: CellSignals | None) -> str:
    """Empty where nothing asks for a look."""
    return _("雷同偏多，建议核查") if signals is not None and signals.needs_review else ""


def signal_text(count: SignalCount) -> str:
    """Return a signal as it is printed: count and share."""
    if isinstance(count, PublishableCount):
        share = f"{round_half_up(count.share * 100, 1):.1f}%"
        return _("{n}（{share}）", n=count.count, share=share)
    if isinstance(count, UnanimousCount):
        return _("不低于 {share}%", share=round(count.low * 100))
    return "＊" if count is UnavailableCount.HIDDEN else "—"
