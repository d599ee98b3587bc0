"""The part of the results page about data quality: signals for people to look at, beside their usual share."""

from collections.abc import Iterator

from survey_app.definition.audiences import AUDIENCES
from survey_app.foundation.translation import _, render
from survey_app.measurement.rounding import round_half_up

from .. import labels
from ..disclosure.figures import CellSignals, PublishableCount
from ..disclosure.signals import SIGNAL_NAMES
from ..signal_labels import (
    category_signals,
    class_texts,
    is_pressed_above_usual,
    pressed_caution,
    pressed_text,
    review_hint,
    signal_caution,
    signal_text,
)
from ..wave_report import CellReport, SchoolReport, WaveReport
from .page_block import Heading, PageBlock, TextTable

TextRow = tuple[str, ...]
NamedCell = tuple[str, CellReport]
MAX_SCHOOLS_LISTED = 40
SIGNAL_COLUMN_COUNT = len(SIGNAL_NAMES) + 2  # the signals, what chance gives and how often
PRESSED_COLUMN_COUNT, CLASS_COLUMN_COUNT = 2, 2


def data_quality_blocks(report: WaveReport, category: str) -> Iterator[PageBlock]:
    """One part a category in which somebody answered; none for who is neither office nor auditor."""
    if not report.shows_private:
        return
    cells_by_audience = {audience: _sorted_cells(report, category, audience) for audience in report.audiences(category)}
    rows = tuple(
        row
        for audience, cells in cells_by_audience.items()
        if cells
        for row in _rows(report, category, audience, cells)
    )
    note = pressed_caution() + signal_caution()
    if any(len(cells) > MAX_SCHOOLS_LISTED for cells in cells_by_audience.values()):
        note += _(
            "每类对象只列雷同多于偶然和答得快的前 {n} 所，全部学校在工作簿的“数据质量”表里。", n=MAX_SCHOOLS_LISTED
        )
    if rows:
        yield PageBlock(
            f"q-{category}", _("数据质量：供人核查的信号"), "signals", TextTable(_headings(), rows), note=note
        )


def school_quality_block(report: WaveReport, school: SchoolReport) -> PageBlock | None:
    """The same of one school, a row an audience; None for who is neither office nor auditor."""
    rows = tuple(
        (labels.audience(audience), *_cell_texts(report, school.category, cell))
        for audience, cell in school.cells.items()
        if AUDIENCES[audience].is_sample and cell.cell.received
    )
    if not report.shows_private or not rows:
        return None
    title = _("数据质量：供人核查的信号")
    return PageBlock(
        "quality", title, "signals", TextTable(_headings()[1:], rows), note=pressed_caution() + signal_caution()
    )


def _headings() -> tuple[Heading, ...]:
    return (
        Heading(_("学校"), numeric=False), Heading(_("对象"), numeric=False),
        Heading(_("提示"), numeric=False),
        Heading(_("有人要求怎样回答"), "pressed"), Heading(_("不愿说"), "pressed"),
        Heading(_("各班回收率"), "class_response"), Heading(_("R 指标"), "class_response"),
        Heading(_("每题不到 1 秒"), "signal_pace"), Heading(_("每题 1–2 秒"), "signal_pace"),
        Heading(_("半份以上连选同一项"), "signal_run"), Heading(_("全卷同一项"), "signal_alike"),
        Heading(_("全选最满意"), "signal_alike"), Heading(_("答法少见"), "signal_far"),
        Heading(_("雷同答卷"), "signal_twins"), Heading(_("偶然会有"), "signal_twins"), Heading("p", "signal_twins"),
    )  # fmt: skip


def _sorted_cells(report: WaveReport, category: str, audience: str) -> list[NamedCell]:
    """The schools that have answers, first those where people say they were pressed, then the other hints."""
    named_cells = [(school.name, cell) for school in report.in_category(category)
             if (cell := school.cells.get(audience)) is not None and cell.cell.received]  # fmt: skip
    if not AUDIENCES[audience].is_sample:
        return []
    return sorted(named_cells, key=lambda named: _review_order(report, category, named[1]))


def _review_order(report: WaveReport, category: str, cell: CellReport) -> tuple[bool, float, float]:
    signals, is_usual = cell.signals, not is_pressed_above_usual(report, category, cell)
    if signals is None:
        return is_usual, 1.0, 1.0
    fastest = signals.counts["speeding_1s"]
    share = fastest.share if isinstance(fastest, PublishableCount) else 0.0
    return is_usual, (signals.p_value or 0.0) if signals.needs_review else 1.0, -share


def _rows(report: WaveReport, category: str, audience: str, cells: list[NamedCell]) -> Iterator[TextRow]:
    """The usual share, then the schools."""
    usual = pressed_text(report.usual_pressed.get((category, audience)))
    signals = _signal_texts(category_signals(report, category, audience))
    yield (_("同类合计"), labels.audience(audience), "", usual, "", *[""] * CLASS_COLUMN_COUNT, *signals)
    for name, cell in cells[:MAX_SCHOOLS_LISTED]:
        yield (name, labels.audience(audience), *_cell_texts(report, category, cell))


def _cell_texts(report: WaveReport, category: str, cell: CellReport) -> TextRow:
    if cell.publishable is None:
        return (render(labels.FLAG_LABELS["suppressed"]), *["＊"] * PRESSED_COLUMN_COUNT, *class_texts(cell.classes),
                *["＊"] * SIGNAL_COLUMN_COUNT)  # fmt: skip
    pressed = cell.pressed
    texts = (pressed_text(pressed), "—" if pressed is None else signal_text(pressed.unsaid))
    signals = ["—"] * SIGNAL_COLUMN_COUNT if cell.signals is None else _signal_texts(cell.signals)
    return (review_hint(report, category, cell), *texts, *class_texts(cell.classes), *signals)


def _signal_texts(signals: CellSignals) -> TextRow:
    expected_text = "—" if signals.expected is None else f"{round_half_up(signals.expected, 1):.1f}"
    p_value = "—" if signals.p_value is None else f"{signals.p_value:.3f}"
    return (*(signal_text(signals.counts[name]) for name in SIGNAL_NAMES), expected_text, p_value)
