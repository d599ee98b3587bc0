"""Rules of evaluations: who may sign what, when, and what of it counts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from survey_app.accounts.staff import delete_disabled_before, disable_staff
from survey_app.assessment.conflicts import declare_conflict, lift_conflict, standing_conflicts
from survey_app.assessment.evaluations import (
    NotComplete,
    counted_evaluations,
    current_period,
    own_evaluations,
    withdraw_evaluation,
    year_evaluations,
)
from survey_app.assessment.models import FIRST_WAVE, AssessmentWave, EvaluationForm, InspectorEvaluation
from survey_app.assessment.years import list_years
from survey_app.definition.parse import read_instrument_text
from survey_app.foundation.errors import UserError
from testing.district import District
from testing.inspection import assessed, draft_for, make_inspector, signed_for
from testing.instruments import CATEGORIES


@pytest.fixture
def district(small_district: District) -> District:
    return assessed(small_district)


@pytest.fixture
def session(district: District) -> Iterator[Session]:
    with district.app.extensions["database"].write_session() as session:
        yield session


def test_a_signed_one_keeps_its_score_and_the_form_it_was_given_by(district: District, session: Session) -> None:
    staff = make_inspector(session, district, "李督学", ["0101"])
    with pytest.raises(NotComplete) as refused:
        signed_for(session, district, staff, "0101", V01="")
    assert [problem.question for problem in refused.value.problems] == ["V01"]
    with pytest.raises(UserError, match="算不出得分"):
        signed_for(session, district, staff, "0101", answer="9", V01="5")
    signed = signed_for(session, district, staff, "0101", V12="1")
    assert signed.score == pytest.approx(75 - 0.15 * 75 / 2)
    form = session.get(EvaluationForm, signed.structure_hash)
    assert form is not None
    assert read_instrument_text(form.document, "frozen", CATEGORIES).version == form.version
    with pytest.raises(UserError, match="已经签过"):
        draft_for(session, district, staff, "0101")


def test_what_was_withdrawn_is_history_and_its_answers_a_draft(district: District, session: Session) -> None:
    staff = make_inspector(session, district, "李督学", ["0101"])
    signed = signed_for(session, district, staff, "0101", VF="走廊灯坏了")
    year = list_years(session)[0]
    assert [one.score for one in counted_evaluations(session, year)] == [75]
    for reason, words in (("", "请写明"), ("x" * 201, "最多 200 字")):
        with pytest.raises(UserError, match=words):
            withdraw_evaluation(session, signed, "李督学", reason, district.clock.at)
    draft = withdraw_evaluation(session, signed, "李督学", "看错了", district.clock.at)
    assert counted_evaluations(session, year) == []
    assert draft.answers == signed.answers
    with pytest.raises(UserError, match="只有签过的"):
        withdraw_evaluation(session, draft, "李督学", "再来", district.clock.at)
    again = signed_for(session, district, staff, "0101", answer="5")
    assert [one.score for one in counted_evaluations(session, year)] == [100]
    assert [one.id for one in year_evaluations(session, year)] == [signed.id, again.id]


def test_what_was_signed_or_withdrawn_at_the_same_moment_is_not_written_over(
    district: District, session: Session
) -> None:
    """Each page reads before it waits for its turn; PostgreSQL lets the other one finish in between."""
    staff = make_inspector(session, district, "李督学", ["0101"])
    signed = signed_for(session, district, staff, "0101")

    def by_another(**values: object) -> None:
        change = update(InspectorEvaluation).where(InspectorEvaluation.id == signed.id).values(**values)
        session.execute(change.execution_options(synchronize_session=False))

    by_another(score=None, signed_at=None)
    session.refresh(signed)
    by_another(score=75, signed_at=district.clock.at)
    with pytest.raises(UserError, match="已经签过"):
        draft_for(session, district, staff, "0101", answer="5")
    by_another(withdrawn_at=district.clock.at, withdrawn_by="督导室")
    with pytest.raises(UserError, match="只有签过的"):
        withdraw_evaluation(session, signed, "李督学", "看错了", district.clock.at)


def test_a_declared_conflict_bars_and_uncounts_until_it_is_lifted(district: District, session: Session) -> None:
    now, staff = district.clock.at, make_inspector(session, district, "李督学", ["0101", "0201"])
    signed_for(session, district, staff, "0101")
    for code, kind, note, words in (("0101", "envy", "", "请选一种"), ("0101", "other", " ", "请写明原因"),
                                    ("9999", "family", "", "9999"), ("0101", "family", "x" * 201, "200")):  # fmt: skip
        with pytest.raises(UserError, match=words):
            declare_conflict(session, staff, code, kind, note, "王督导", now)
    conflict = declare_conflict(session, staff, "0101", "former_school", "", "王督导", now)
    assert declare_conflict(session, staff, "0101", "family", "", "李督学", now) is conflict
    year = list_years(session)[0]
    assert counted_evaluations(session, year) == []
    draft_for(session, district, staff, "0201")
    declare_conflict(session, staff, "0201", "family", "", "李督学", now)
    with pytest.raises(UserError, match="回避"):
        signed_for(session, district, staff, "0201")
    lift_conflict(session, conflict.id, "王督导", now)
    assert [one.school_code for one in counted_evaluations(session, year)] == ["0101"]
    assert [one.school_code for one in standing_conflicts(session)] == ["0201"]
    with pytest.raises(UserError, match="已经解除"):
        lift_conflict(session, conflict.id, "王督导", now)


def test_a_year_of_two_periods_is_evaluated_once_in_each(district: District, session: Session) -> None:
    """The first until its wave closes; both waves are the same one here but for their role."""
    year, staff = list_years(session)[0], make_inspector(session, district, "李督学", ["0101"])
    period = current_period(session, district.clock.at)
    assert period is not None
    assert own_evaluations(session, staff, period) == {}
    first = session.get(AssessmentWave, (year.id, period.wave.id))
    assert first is not None
    first.role = FIRST_WAVE
    session.flush()
    assert current_period(session, district.clock.at) is not None
    assert current_period(session, period.wave.closes_at + timedelta(days=1)) is None, "the second has no wave yet"


def test_what_was_signed_counts_when_the_account_is_gone(district: District, session: Session) -> None:
    """Accounts go by their term; what somebody signed in office stays, and so does a declared conflict."""
    now, staff = district.clock.at, make_inspector(session, district, "李督学", ["0101", "0201"])
    signed_for(session, district, staff, "0101")
    declare_conflict(session, staff, "0201", "family", "", "李督学", now)
    disable_staff(session, "李督学", now)
    assert delete_disabled_before(session, now + timedelta(days=1)) == 1
    assert [one.rater for one in counted_evaluations(session, list_years(session)[0])] == ["李督学"]
    assert [one.rater for one in standing_conflicts(session)] == ["李督学"]


def test_evaluations_are_no_questionnaire_of_a_wave(small_district: District) -> None:
    wave = (
        "wave",
        "create",
        "督学",
        "--instrument",
        "evaluation-school",
        "--opens",
        "2026-12-01",
        "--closes",
        "2026-12-09",
    )
    assert "不能放进批次" in small_district.command(*wave, code=1)
