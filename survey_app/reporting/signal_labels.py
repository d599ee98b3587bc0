"""Careless-response signals in words, the same on the page and in the workbook."""

from survey_app.foundation.translation import _
from survey_app.measurement.rounding import round_half_up

from .analysis.signals import pool_signals
from .disclosure.class_response import ClassResponse
from .disclosure.figures import (
    CellSignals,
    PressedFigures,
    PublishableCount,
    RareCount,
    SignalCount,
    UnanimousCount,
    UnavailableCount,
)
from .wave_report import CellReport, WaveReport


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


def is_pressed_above_usual(report: WaveReport, category: str, cell: CellReport) -> bool:
    """Whether more say that they were told how to answer than is usual in the category."""
    usual = report.usual_pressed.get((category, cell.cell.audience))
    return cell.pressed is not None and usual is not None and cell.pressed.is_above(usual)


def review_hint(report: WaveReport, category: str, cell: CellReport) -> str:
    """Empty where nothing asks for a look."""
    hints = []
    if is_pressed_above_usual(report, category, cell):
        hints.append(_("要求怎样回答的多于同类，请先了解"))
    if cell.signals is not None and cell.signals.needs_review:
        hints.append(_("雷同偏多，建议核查"))
    return _("；").join(hints)


def pressed_caution() -> str:
    """For whom the answers to the private question are."""
    return _(
        "“有人要求怎样回答”是卷上一道不提供给学校的题，本栏只供督导室和审计，不转给学校。"
        "它是答卷人自己说的，高于同类时先了解情况；很少的（不高于 5%）不写几人，免得有人去找是谁。"
    )


def form_group_caution() -> str:
    """What a reader must know of an index without some of its forms."""
    return _(
        "公布的是指数；“去掉后的指数”只用来看结论是否靠这些答卷，不代替它：真心全选一项的人也在其中，去掉以后通常略低。"
        "纸卷和网上的人本来就可能不同，相差不都是方式造成的；二十所学校里平均有一所的区间碰巧不含 0。"
        "两部分都够公布人数才显示，少的一律＊，两样都没有的学校不列；本栏按默认计分口径，只供督导室和审计。"
    )


def pressed_text(figures: PressedFigures | None) -> str:
    """Return count, share and interval; the reason where there is none."""
    if figures is None:
        return "—"
    if figures.low is None or figures.high is None:
        return signal_text(figures.pressed)
    low, high = (f"{round_half_up(limit * 100, 1):.1f}" for limit in (figures.low, figures.high))
    return _("{count} [{low}–{high}]", count=signal_text(figures.pressed), low=low, high=high)


def class_texts(classes: ClassResponse | None) -> tuple[str, str]:
    """Return from which to which response of classes, and the R-indicator, as they are printed."""
    if classes is None:
        return "—", "—"
    low, high = (f"{round_half_up(rate * 100, 0):.0f}%" for rate in (classes.lowest, classes.highest))
    return f"{low}–{high}", f"{round_half_up(classes.r_indicator, 2):.2f}"


def signal_text(count: SignalCount) -> str:
    """Return a signal as it is printed: count and share."""
    if isinstance(count, PublishableCount):
        share = f"{round_half_up(count.share * 100, 1):.1f}%"
        return _("{n}（{share}）", n=count.count, share=share)
    if isinstance(count, UnanimousCount):
        return _("不低于 {share}%", share=round(count.low * 100))
    if isinstance(count, RareCount):
        return _("不高于 {share}%", share=round(count.high * 100))
    return "＊" if count is UnavailableCount.HIDDEN else "—"
