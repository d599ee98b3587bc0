"""The part of the results page about data quality: signals for people to look at, beside their usual share."""

from collections.abc import Iterator

from survey_app.foundation.translation import _, say
from survey_app.measurement.rounding import half_up

from .. import labels
from ..analysis.signals import NAMES, ShownSignals, Signal, pooled
from ..wave_report import CellReport, WaveReport
from .blocks import Heading, Part, PlainTable

Row = tuple[str, ...]
Named = tuple[str, CellReport]
MOST_LISTED = 40
FIGURES = len(NAMES) + 2  # the signals, what chance gives and how often


def quality_parts(report: WaveReport, category: str) -> Iterator[Part]:
    """One part a category in which somebody answered."""
    found = {audience: _cells(report, category, audience) for audience in report.audiences(category)}
    rows = tuple(row for audience, cells in found.items() if cells for row in _rows(report, category, audience, cells))
    note = caution()
    if any(len(cells) > MOST_LISTED for cells in found.values()):
        note += _("每类对象只列雷同多于偶然和答得快的前 {n} 所，全部学校在工作簿的“数据质量”表里。", n=MOST_LISTED)
    if rows:
        yield Part(f"q-{category}", _("数据质量：供人核查的信号"), "signals", PlainTable(_headings(), rows), note=note)


def caution() -> str:
    """What must be said wherever a signal stands."""
    return _(
        "这些只是供人查看的信号，不是结论：认真作答的人也会出现，例如真心全选满意，或在手机上答得快。"
        "任何一项都不能作为删除答卷的理由，也不能据此认定学校有问题；先与同类合计比较，再向学校了解情况。"
    )


def usual(report: WaveReport, category: str, audience: str) -> ShownSignals:
    """The signals of all cells of a category × audience that may be shown."""
    cells = (school.cells.get(audience) for school in report.in_category(category))
    return pooled(cell.signals for cell in cells if cell is not None and cell.signals is not None)


def _headings() -> tuple[Heading, ...]:
    return (
        Heading(_("学校"), numeric=False), Heading(_("对象"), numeric=False),
        Heading(_("提示"), numeric=False),
        Heading(_("每题不到 1 秒"), "signal_pace"), Heading(_("每题 1–2 秒"), "signal_pace"),
        Heading(_("半份以上连选同一项"), "signal_run"), Heading(_("全卷同一项"), "signal_alike"),
        Heading(_("全选最满意"), "signal_alike"), Heading(_("答法少见"), "signal_far"),
        Heading(_("雷同答卷"), "signal_twins"), Heading(_("偶然会有"), "signal_twins"), Heading("p", "signal_twins"),
    )  # fmt: skip


def _cells(report: WaveReport, category: str, audience: str) -> list[Named]:
    """The schools that have answers, first those that ask for a look, then the fastest."""
    found = [(school.name, cell) for school in report.in_category(category)
             if (cell := school.cells.get(audience)) is not None and cell.estimate.received]  # fmt: skip
    return [] if audience == "inspector" else sorted(found, key=lambda named: _urgency(named[1].signals))


def _urgency(found: ShownSignals | None) -> tuple[float, float]:
    if found is None:
        return 1.0, 1.0
    return (found.p_value or 0.0) if found.asks_for_a_look else 1.0, -(found.counts["fast"].share or 0.0)


def _rows(report: WaveReport, category: str, audience: str, cells: list[Named]) -> Iterator[Row]:
    """The usual share, then the schools."""
    yield (_("同类合计"), labels.audience(audience), "", *_figures(usual(report, category, audience)))
    for name, cell in cells[:MOST_LISTED]:
        yield (name, labels.audience(audience), *_cell(cell))


def _cell(cell: CellReport) -> Row:
    if not cell.shown:
        return (say(labels.FLAGS["suppressed"]), *["＊"] * FIGURES)
    if cell.signals is None:
        return ("", *["—"] * FIGURES)
    return (look(cell.signals), *_figures(cell.signals))


def look(found: ShownSignals | None) -> str:
    """Empty where nothing asks for a look."""
    return _("雷同偏多，建议核查") if found is not None and found.asks_for_a_look else ""


def _figures(found: ShownSignals) -> Row:
    chance = "—" if found.expected is None else f"{half_up(found.expected, 1):.1f}"
    p_value = "—" if found.p_value is None else f"{found.p_value:.3f}"
    return (*(text(found.counts[name]) for name in NAMES), chance, p_value)


def text(signal: Signal) -> str:
    """A signal as it is printed: count and share."""
    if signal.hidden:
        return "＊"
    if signal.unanimous:
        return _("不低于 95%")
    share = signal.share
    return "—" if share is None else _("{n}（{share}）", n=signal.count, share=f"{half_up(share * 100, 1):.1f}%")
