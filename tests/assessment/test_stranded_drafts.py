"""A draft that cannot be signed where it is says why, what can be done, and keeps what was typed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.models import Staff, StaffGrant
from survey_app.assessment.conflicts import declare_conflict, lift_conflict
from survey_app.assessment.evaluation_forms import instrument_for
from survey_app.assessment.evaluation_overview import evaluation_overview
from survey_app.assessment.evaluations import DraftChanged, current_period, draft_stamp, save_draft
from survey_app.assessment.stranded_drafts import StrandedDraft, carry_draft, stranded_drafts
from survey_app.assessment.years import create_year
from survey_app.foundation.errors import UserError
from survey_app.frame.instrument_uploads import evaluation_instruments
from survey_app.frame.queries import frozen_schools, wave_by_name
from survey_app.frame.school_history import find_school, set_successor
from testing.district import District
from testing.inspection import assessed, draft_for, make_inspector, second_period, year_of


@pytest.fixture
def district(small_district: District) -> District:
    return assessed(small_district)


@pytest.fixture
def session(district: District) -> Iterator[Session]:
    with district.app.extensions["database"].write_session() as session:
        yield session


def only(session: Session, staff: Staff, now: datetime) -> StrandedDraft:
    (found,) = stranded_drafts(session, staff, now)
    return found


def test_a_draft_of_the_first_period_is_told_of_and_carried_with_all_that_was_typed(
    district: District, session: Session
) -> None:
    staff = make_inspector(session, district, "李督学", ["0101", "0201"])
    draft = draft_for(session, district, staff, "0101", VF="走廊灯坏了")
    typed = dict(draft.answers)
    assert stranded_drafts(session, staff, district.clock.at) == []
    later = second_period(session, district, "0101", "0201")
    found = only(session, staff, later)
    assert found.reason.template == "第一期“{wave}”{day} 截止时没有签，不计入第一期"
    assert found.can_carry
    assert [one.id for one in evaluation_overview(session, year_of(session), later).left] == [draft.id]
    other = make_inspector(session, district, "王督学", ["0101"])
    with pytest.raises(UserError, match="不能带到这一期"):
        carry_draft(session, other, draft.id, later)
    moved = carry_draft(session, staff, draft.id, later)
    period = current_period(session, later)
    assert period is not None
    assert (moved.id, moved.wave_id, dict(moved.answers)) == (draft.id, period.wave.id, typed)
    assert stranded_drafts(session, staff, later) == []


def test_a_page_that_was_open_when_the_period_ended_is_asked_about(district: District, session: Session) -> None:
    staff = make_inspector(session, district, "李督学", ["0101"])
    draft = draft_for(session, district, staff, "0101")
    seen, later = draft_stamp(draft), second_period(session, district, "0101")
    period, form = current_period(session, later), {"V01": ["2"]}
    assert period is not None
    school = frozen_schools(session, period.wave.id)[0]
    catalogue = district.app.extensions["catalogue"]
    instrument = instrument_for(evaluation_instruments(catalogue), school.category)
    assert instrument is not None
    day = later.date() - timedelta(days=1)
    with pytest.raises(DraftChanged, match="第一期已经截止") as asked:
        save_draft(session, staff, period, school, instrument, form, day, later, seen)
    kept = save_draft(session, staff, period, school, instrument, form, day, later, asked.value.seen)
    assert (kept.wave_id, kept.answers) == (period.wave.id, {"V01": ["2"]})
    found = only(session, staff, later)
    assert found.draft.id == draft.id
    assert "另有一份" in found.advice.template
    assert not found.can_carry


def test_a_grant_that_ends_a_conflict_and_a_merger_are_told_apart(district: District, session: Session) -> None:
    now, staff = district.clock.at, make_inspector(session, district, "李督学", ["0101", "0201"])
    draft_for(session, district, staff, "0101")
    replace_grants(session, staff, [Node(NodeKind.SCHOOL, "0201")])
    assert "没有指定给您" in only(session, staff, now).reason.template
    school = find_school(session, "0101")
    assert school is not None
    school.in_roster = False
    assert "已经不在名册里" in only(session, staff, now).reason.template
    set_successor(session, school, "0201")
    assert str(only(session, staff, now).reason.values["after"]) == "河东中学"
    replace_grants(session, staff, [Node(NodeKind.SCHOOL, "0101")])
    assert stranded_drafts(session, staff, now) == [], "the wave froze the school: it is evaluated to the end"
    conflict = declare_conflict(session, staff, "0101", "family", "", "王督导", now)
    found = only(session, staff, now)
    assert (found.reason.values["who"], found.can_carry) == ("王督导", False)
    lift_conflict(session, conflict.id, "王督导", now)
    later = second_period(session, district, "0201")
    assert "已经并入" in only(session, staff, later).advice.template
    with pytest.raises(UserError, match="不能带到这一期"):
        carry_draft(session, staff, only(session, staff, later).draft.id, later)


def test_a_draft_without_a_grant_in_the_second_period_or_of_a_past_year(district: District, session: Session) -> None:
    staff = make_inspector(session, district, "李督学", ["0101"])
    draft_for(session, district, staff, "0101")
    later = second_period(session, district, "0101", "0201")
    session.execute(delete(StaffGrant))
    assert "先在“人员”里" in only(session, staff, later).advice.template
    create_year(session, "2027年度", wave_by_name(session, "第二期"), None, "王督导", later)
    found = only(session, staff, later)
    assert found.reason.values == {"year": "2026年度", "now": "2027年度"}
    assert not found.can_carry
