"""The index without flagged forms, and paper beside online forms, as they may be read by the office and auditors.

Both parts of a pair have as many persons as are shown at all, or there is no pair: otherwise what one part says could
be found by subtraction. Of the two pairs of a cell no third part follows: four parts of which each pair adds up.
How many chose the best throughout is said as a signal, so the other flagged persons must be as many as are shown, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from survey_app.measurement.estimate import DimensionEstimate, SchoolAudienceEstimate
from survey_app.measurement.form_groups import (
    FLAGGED,
    PAPER,
    SumsByGrade,
    as_cell,
    estimate_modes,
    estimate_without,
    mode_difference,
)
from survey_app.measurement.settings import MeasurementSettings
from survey_app.measurement.signals import Signals
from survey_app.measurement.strata import RosterPopulation
from survey_app.measurement.tally import Tally

from .figures import FormGroupFigures, ModeFigures, UnavailableCount, WithoutFlagged


@dataclass(frozen=True, slots=True)
class FormGroupSource:
    """A cell under the shipped settings; ``add_errors`` gives a cell made of some of its persons both errors."""

    whole: SchoolAudienceEstimate
    tally: Tally
    roster: RosterPopulation
    settings: MeasurementSettings
    add_errors: Callable[[SchoolAudienceEstimate], SchoolAudienceEstimate]

    def with_errors(self, estimate: DimensionEstimate, respondents: int) -> DimensionEstimate:
        return self.add_errors(as_cell(self.whole, estimate, respondents)).overall


def disclose_form_groups(
    source: FormGroupSource, sums: Mapping[str, SumsByGrade], signals: Signals
) -> FormGroupFigures:
    """Return both pairs of a publishable cell, each hidden where one of its parts is too small."""
    min_n = source.settings.audience_min_n(source.whole.audience)
    modes = _modes(source, sums.get(PAPER, {}), min_n)
    if modes is UnavailableCount.HIDDEN and signals.timed_responses == signals.responses:
        modes = UnavailableCount.UNDEFINED
    return FormGroupFigures(_without(source, sums.get(FLAGGED, {}), min_n), modes)


def _without(source: FormGroupSource, flagged: SumsByGrade, min_n: int) -> WithoutFlagged | UnavailableCount:
    if not flagged:
        return UnavailableCount.HIDDEN
    whole = source.whole
    found = estimate_without(source.tally, whole.school, flagged, source.roster, source.settings)
    others = found.left_out - sum(group.at_highest for group in flagged.values())
    if min(found.left_out, found.n) < min_n or 0 < others < min_n or whole.overall.index.points is None:
        return UnavailableCount.HIDDEN
    rest = source.with_errors(found.estimate, whole.respondents - found.left_out)
    return WithoutFlagged(found.left_out, found.n, whole.overall.index, rest.index)


def _modes(source: FormGroupSource, paper: SumsByGrade, min_n: int) -> ModeFigures | UnavailableCount:
    if not paper:
        return UnavailableCount.HIDDEN
    found = estimate_modes(source.tally, source.whole.school, paper, source.roster, source.settings)
    if min(found.paper.n, found.online.n) < min_n:
        return UnavailableCount.HIDDEN
    of_paper, of_online = (source.with_errors(one, one.n) for one in (found.paper, found.online))
    difference = mode_difference(of_paper, of_online)
    return ModeFigures(of_paper.n, of_online.n, of_paper.index, of_online.index, difference)
