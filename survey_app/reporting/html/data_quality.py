"""The part of the results page about data quality: signals for people to look at, beside their usual share."""

from collections.abc import Iterator

from survey_app.definition.audiences import AUDIENCES
from survey_app.foundation.translation import _, render
from survey_app.measurement.rounding import round_half_up

from .. import labels
from ..analysis.signals import SIGNAL_NAMES, CellSignals, SignalCount, pool_signals
from ..wave_report import CellReport, WaveReport
from .blocks import Heading, PageBlock, TextTable

TextRow = tuple[str, ...]
NamedCell = tuple[str, CellReport]
MAX_SCHOOLS_LISTED = 40
SIGNAL_COLUMN_COUNT = len(SIGNAL_NAMES) + 2  # the signals, what chance gives and how often


def data_quality_blocks(report: WaveReport, category: str) -> Iterator[PageBlock]:
    """One part a category in which somebody answered."""
    cells_by_audience = {audience: _sorted_cells(report, category, audience) for audience in report.audiences(category)}
    rows = tuple(
        row
        for audience, cells in cells_by_audience.items()
        if cells
        for row in _rows(report, category, audience, cells)
    )
    note = signal_caution()
    if any(len(cells) > MAX_SCHOOLS_LISTED for cells in cells_by_audience.values()):
        note += _(
            "每类对象只列雷同多于偶然和答得快的前 {n} 所，全部学校在工作簿的“数据质量”表里。", n=MAX_SCHOOLS_LISTED
        )
    if rows:
        yield PageBlock(
            f"q-{category}", _("数据质量：供人核查的信号"), "signals", TextTable(_headings(), rows), note=note
        )


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


def _headings() -> tuple[Heading, ...]:
    return (
        Heading(_("学校"), numeric=False), Heading(_("对象"), numeric=False),
        Heading(_("提示"), numeric=False),
        Heading(_("每题不到 1 秒"), "signal_pace"), Heading(_("每题 1–2 秒"), "signal_pace"),
        Heading(_("半份以上连选同一项"), "signal_run"), Heading(_("全卷同一项"), "signal_alike"),
        Heading(_("全选最满意"), "signal_alike"), Heading(_("答法少见"), "signal_far"),
        Heading(_("雷同答卷"), "signal_twins"), Heading(_("偶然会有"), "signal_twins"), Heading("p", "signal_twins"),
    )  # fmt: skip


def _sorted_cells(report: WaveReport, category: str, audience: str) -> list[NamedCell]:
    """The schools that have answers, first those that ask for a look, then the fastest."""
    named_cells = [(school.name, cell) for school in report.in_category(category)
             if (cell := school.cells.get(audience)) is not None and cell.estimate.received]  # fmt: skip
    if not AUDIENCES[audience].is_sample:
        return []
    return sorted(named_cells, key=lambda named: _review_order(named[1].signals))


def _review_order(signals: CellSignals | None) -> tuple[float, float]:
    if signals is None:
        return 1.0, 1.0
    return (signals.p_value or 0.0) if signals.needs_review else 1.0, -(signals.counts["speeding_1s"].share or 0.0)


def _rows(report: WaveReport, category: str, audience: str, cells: list[NamedCell]) -> Iterator[TextRow]:
    """The usual share, then the schools."""
    yield (_("同类合计"), labels.audience(audience), "", *_signal_texts(category_signals(report, category, audience)))
    for name, cell in cells[:MAX_SCHOOLS_LISTED]:
        yield (name, labels.audience(audience), *_cell_texts(cell))


def _cell_texts(cell: CellReport) -> TextRow:
    if not cell.is_publishable:
        return (render(labels.FLAG_LABELS["suppressed"]), *["＊"] * SIGNAL_COLUMN_COUNT)
    if cell.signals is None:
        return ("", *["—"] * SIGNAL_COLUMN_COUNT)
    return (review_hint(cell.signals), *_signal_texts(cell.signals))


def review_hint(signals: CellSignals | None) -> str:
    """Empty where nothing asks for a look."""
    return _("雷同偏多，建议核查") if signals is not None and signals.needs_review else ""


def _signal_texts(signals: CellSignals) -> TextRow:
    expected_text = "—" if signals.expected is None else f"{round_half_up(signals.expected, 1):.1f}"
    p_value = "—" if signals.p_value is None else f"{signals.p_value:.3f}"
    return (*(signal_text(signals.counts[name]) for name in SIGNAL_NAMES), expected_text, p_value)


def signal_text(signal: SignalCount) -> str:
    """A signal as it is printed: count and share."""
    if signal.is_hidden:
        return "＊"
    if signal.is_unanimous:
        return _("不低于 95%")
    share = signal.share
    return "—" if share is None else _("{n}（{share}）", n=signal.count, share=f"{round_half_up(share * 100, 1):.1f}%")
