"""Signals, and what flagged and paper forms do to an index, as rows: what ``flask results quality`` prints."""

from collections.abc import Iterator

from ..disclosure.figures import (
    FormGroupFigures,
    ModeFigures,
    PublishableCount,
    SignalCount,
    UnavailableCount,
    WithoutFlagged,
)
from ..disclosure.signals import SIGNAL_NAMES
from ..number_format import Rounding
from ..wave_report import CellReport, WaveReport
from .tables import TableRow

QUALITY_COLUMNS = (
    "wave", "school_code", "school_name", "category", "audience", "received", "respondents", "timed", *SIGNAL_NAMES,
    "duplicates_by_chance", "duplicates_p", "flagged", "n_without", "index_shipped", "index_without", "without_low",
    "without_high", "without_difference", "paper_n", "online_n", "index_paper", "index_online", "mode_difference",
    "mode_low", "mode_high",
)  # fmt: skip


def quality_rows(report: WaveReport) -> Iterator[TableRow]:
    """One row a school × audience; blank where nothing may or can be said."""
    rounding = Rounding(report)
    for school in report.schools:
        for audience, cell in school.cells.items():
            blank: TableRow = dict.fromkeys(QUALITY_COLUMNS)
            yield blank | {
                "wave": report.wave, "school_code": school.code, "school_name": school.name,
                "category": school.category, "audience": audience, "received": cell.cell.received,
                "respondents": cell.cell.respondents,
            } | _signal_columns(cell, rounding) | _form_group_columns(cell.form_groups, rounding)  # fmt: skip


def _signal_columns(cell: CellReport, rounding: Rounding) -> TableRow:
    signals = cell.signals
    if signals is None:
        return {}
    timed = signals.counts["speeding_1s"]
    return {name: _count(signals.counts[name]) for name in SIGNAL_NAMES} | {
        "timed": None if isinstance(timed, UnavailableCount) else timed.total,
        "duplicates_by_chance": rounding.points(signals.expected), "duplicates_p": rounding.share(signals.p_value),
    }  # fmt: skip


def _count(count: SignalCount) -> int | None:
    return count.count if isinstance(count, PublishableCount) else None


def _form_group_columns(figures: FormGroupFigures | None, rounding: Rounding) -> TableRow:
    points, columns = rounding.points, TableRow()
    if figures is not None and isinstance(found := figures.without, WithoutFlagged):
        index = found.without
        columns |= {
            "flagged": found.flagged, "n_without": found.n, "index_shipped": points(found.index.points),
            "index_without": points(index.points), "without_low": points(index.low),
            "without_high": points(index.high), "without_difference": points(found.difference),
        }  # fmt: skip
    if figures is not None and isinstance(pair := figures.modes, ModeFigures):
        difference = pair.difference
        columns |= {
            "paper_n": pair.paper_n, "online_n": pair.online_n, "index_paper": points(pair.paper.points),
            "index_online": points(pair.online.points), "mode_difference": points(difference.points),
            "mode_low": points(difference.low), "mode_high": points(difference.high),
        }  # fmt: skip
    return columns
