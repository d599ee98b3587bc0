"""A year's evaluations as the office sees them: school by school, inspector by inspector, with what is proposed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from survey_app.accounts.grants import granted_codes
from survey_app.accounts.models import Staff
from survey_app.accounts.staff import list_staff
from survey_app.foundation.clock import local_date
from survey_app.foundation.roles import Role
from survey_app.frame.models import WaveSchool
from survey_app.frame.queries import frozen_schools
from survey_app.measurement.statistics.crossed_raters import RaterEffect

from .conflicts import standing_conflicts
from .cross_rating import RaterProposal, RaterScope, propose_raters
from .evaluations import countable, current_period, year_evaluations
from .inspector_ratings import RaterError, counted_scores, names_of_both, year_ratings
from .models import AssessmentYear, DeclaredConflict, InspectorEvaluation
from .years import wave_of


@dataclass(frozen=True, slots=True)
class SchoolEvaluations:
    """A school with what stands of it, drafts too, and who is proposed."""

    school: WaveSchool
    evaluations: tuple[InspectorEvaluation, ...]
    proposal: RaterProposal

    @property
    def signed(self) -> int:
        return sum(1 for one in self.evaluations if one.signed_at)


@dataclass(frozen=True, slots=True)
class InspectorWork:
    """An inspector: how many schools are assigned, signed, drafted, and shared with others; how strict, where known."""

    staff: Staff
    assigned: int
    signed: int
    drafts: int
    shared: int
    effect: RaterEffect | None


@dataclass(frozen=True, slots=True)
class EvaluationOverview:
    """``barred``: evaluations that do not count because of a conflict; ``error`` is None while it is assumed.

    ``left``: drafts of a period that is over, which nobody signed.

    ``both``: schools with signed evaluations and imported scores, with the names of each.
    """

    schools: tuple[SchoolEvaluations, ...]
    inspectors: tuple[InspectorWork, ...]
    conflicts: tuple[DeclaredConflict, ...]
    barred: frozenset[int]
    error: RaterError | None
    crossed: int
    both: dict[str, tuple[list[str], list[str]]]
    left: tuple[InspectorEvaluation, ...]


def evaluation_overview(session: Session, year: AssessmentYear, now: datetime) -> EvaluationOverview:
    """Of a year of two periods, the one that is on now, or its last."""
    period = current_period(session, now)
    wave = period.wave if period is not None and period.year.id == year.id else wave_of(session, year)
    assert wave is not None
    schools = frozen_schools(session, wave.id)
    everything, conflicts = year_evaluations(session, year, with_answers=False), tuple(standing_conflicts(session))
    standing = [one for one in everything if one.withdrawn_at is None and one.wave_id == wave.id]
    by_school, by_rater = _grouped(standing, "school_code"), _grouped(standing, "rater")
    counted = countable(everything, conflicts)
    ratings = year_ratings(session, year, counted)
    staff = [one for one in list_staff(session) if one.role == Role.INSPECTOR and one.disabled_at is None]
    scopes = [_scope(session, one, conflicts, local_date(now)) for one in staff]
    begun = {code: {one.rater for one in own} for code, own in by_school.items()}
    proposals = propose_raters([school.code for school in schools], scopes, begun)
    shared, effects = ratings.shared_schools(), ratings.severities()
    known, barred = {school.code for school in schools}, {(one.rater, one.school_code) for one in conflicts}
    return EvaluationOverview(
        schools=tuple(
            SchoolEvaluations(school, tuple(by_school.get(school.code, ())), proposal)
            for school, proposal in zip(sorted(schools, key=lambda one: one.code), proposals, strict=True)
        ),
        inspectors=tuple(
            _work(
                one, len(scope.codes & known), by_rater.get(one.username, []), shared[one.username],
                effects.get(one.username),
            )
            for one, scope in zip(staff, scopes, strict=True)
        ),
        conflicts=conflicts,
        barred=frozenset(one.id for one in standing if (one.rater, one.school_code) in barred),
        error=ratings.rater_error(), crossed=shared[""],
        left=tuple(one for one in everything if one.signed_at is None and one.wave_id != wave.id),
        both=names_of_both(counted_scores(session, year), counted),
    )  # fmt: skip


def _grouped(evaluations: list[InspectorEvaluation], name: str) -> dict[str, list[InspectorEvaluation]]:
    groups: dict[str, list[InspectorEvaluation]] = {}
    for one in evaluations:
        groups.setdefault(getattr(one, name), []).append(one)
    return groups


def _scope(session: Session, staff: Staff, conflicts: tuple[DeclaredConflict, ...], today: date) -> RaterScope:
    barred = frozenset(one.school_code for one in conflicts if one.rater == staff.username)
    return RaterScope(staff.username, granted_codes(session, staff, today), barred)


def _work(
    staff: Staff, assigned: int, own: list[InspectorEvaluation], shared: int, effect: RaterEffect | None
) -> InspectorWork:
    signed = sum(1 for one in own if one.signed_at)
    return InspectorWork(staff, assigned, signed, len(own) - signed, shared, effect)
