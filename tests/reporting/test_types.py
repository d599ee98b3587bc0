"""Whatever is drawn from a report can hold no raw figure: no type that is reachable from it is one."""

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from survey_app.measurement.estimate import DimensionEstimate, SchoolAudienceEstimate
from survey_app.measurement.signals import Signals
from survey_app.measurement.suppression import ItemAnswers
from survey_app.measurement.tally import Tally
from survey_app.reporting.analysis.district import AnalysisInput
from survey_app.reporting.analysis.item_analysis import TallyFindings
from survey_app.reporting.disclosure.figures import DisclosurePolicy, HiddenCell, HiddenItem, PublishableCell
from survey_app.reporting.html.page import results_page
from survey_app.reporting.measured_cells import MeasuredCell, MeasuredWave
from survey_app.reporting.wave_report import CellReport, WaveReport
from survey_app.reporting.xlsx.workbook import build_workbook
from testing.district import District
from tests.reporting.test_findings import built

RAW = {SchoolAudienceEstimate, DimensionEstimate, Tally, Signals, ItemAnswers}


def reachable(start: Any) -> set[Any]:
    seen: set[Any] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += parts(here)
    return seen


def parts(hint: Any) -> Iterator[Any]:
    yield from typing.get_args(hint) or ()
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        yield from typing.get_type_hints(hint).values()


def test_no_raw_type_is_reachable_from_a_report() -> None:
    found = {hint for hint in reachable(WaveReport) if isinstance(hint, type)}
    assert {CellReport, PublishableCell, HiddenCell, HiddenItem} <= found, "the walk goes all the way"
    assert not found & RAW


def test_nothing_raw_outlives_the_audience_it_is_of() -> None:
    """X-F18: tallies and estimates of all audiences together took 230 MB while a report was built."""
    found = {hint for kept in (MeasuredWave, AnalysisInput) for hint in reachable(kept) if isinstance(hint, type)}
    assert {MeasuredCell, CellReport, TallyFindings, PublishableCell} <= found, "the walk goes all the way"
    assert not found & RAW


def test_a_full_report_is_never_drawn(measured: District) -> None:
    full = built(measured, full=True)
    assert full.policy is DisclosurePolicy.FULL
    assert all(cell.publishable for school in full.schools for cell in school.cells.values())
    with pytest.raises(ValueError, match="never drawn"):
        results_page(full)
    with pytest.raises(ValueError, match="never drawn"):
        build_workbook(full, "督导室", measured.clock.at)
