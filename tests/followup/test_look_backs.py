"""回头看: the same items again, of the same people, for the schools that were to put them right."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from survey_app.assessment.models import AssessmentYear
from survey_app.assessment.years import list_years
from survey_app.definition.model import Instrument
from survey_app.distribution.open_wave import open_wave
from survey_app.distribution.opening_check import check_opening, overlap_doubts
from survey_app.distribution.queries import list_links
from survey_app.followup.case_steps import CaseState
from survey_app.followup.cases import create_case
from survey_app.followup.ledger import history
from survey_app.followup.look_backs import (
    LookBackPlan,
    askable,
    can_look_back,
    cases_of_look_back,
    concerned_items,
    joinable_cases,
    propose_look_back,
)
from survey_app.followup.models import RectificationCase
from survey_app.foundation.errors import UserError
from survey_app.frame.look_backs import draft_instruments, find_asked_again, look_back_ids, waves_of_district_first
from survey_app.frame.manifest import manifest_issues
from survey_app.frame.models import Wave
from survey_app.frame.queries import frozen_populations, frozen_schools
from survey_app.frame.wave_drafts import delete_draft
from survey_app.frame.waves import create_wave
from testing.district import District
from testing.rectification import CONTENT, closed_case, office

NAME = "河东小学回头看"


@pytest.fixture
def session(small_district: District) -> Iterator[Session]:
    with small_district.app.extensions["database"].write_session() as session:
        yield session


def plan(district: District, items: dict[int, dict[str, list[str]]], name: str = NAME) -> LookBackPlan:
    begins = district.clock.at + timedelta(days=20)
    return LookBackPlan(name, begins, begins + timedelta(days=14), items)


def propose(session: Session, district: District, cases: list[RectificationCase]) -> Wave:
    categories = district.app.extensions["categories"]
    items = {case.id: concerned_items(session, case, categories) for case in cases}
    return propose_look_back(session, plan(district, items), categories, office(district))


def test_the_same_item_is_asked_again_of_the_same_people_and_of_nobody_else(
    session: Session, small_district: District
) -> None:
    district, categories = small_district, small_district.app.extensions["categories"]
    case = closed_case(session, district)
    wave = propose(session, district, [case])
    assert (case.state, case.look_back_id, case.look_back_items) == (
        CaseState.LOOKING_BACK,
        wave.id,
        {"parent": ["T1"]},
    )
    assert (str(case.look_back_from), str(case.look_back_until)) == ("2026-11-22", "2026-12-06")
    assert NAME in history(session, case)[0].note
    assert wave.access == {"parent": "open"}, "people come in as they did"
    [instrument] = draft_instruments(session, wave, district.app.extensions["catalogue"], categories)
    [item] = instrument.scored_items()
    [whole] = [one for one in small_instrument(district).scored_items() if one.id == "T1"]
    assert (item.text, item.scale, item.concept) == (whole.text, whole.scale, whole.concept)
    assert find_asked_again(session, instrument.id, categories) == instrument
    assert find_asked_again(session, "compulsory-parent", categories) is None
    outlook = check_opening(session, wave, [instrument], categories)
    assert {name: (one.schools, one.population) for name, one in outlook.audiences.items()} == {"parent": (1, 60)}
    open_wave(session, wave, [instrument], categories, wave.opens_at)
    assert [school.code for school in frozen_schools(session, wave.id)] == ["0101"]
    assert {audience for _school, audience in frozen_populations(session, wave.id)} == {"parent"}
    links = list_links(session, wave, categories, "https://s.example.edu.cn")
    assert [(link.school_code, link.audience) for link in links] == [("0101", "parent")]
    assert manifest_issues(session, wave) == []
    assert look_back_ids(session) == {wave.id}
    assert [one.name for one in waves_of_district_first(session)] == ["2026秋", NAME], "no wave of the district"
    assert cases_of_look_back(session, wave) == [case]


def small_instrument(district: District) -> Instrument:
    found: Instrument = district.app.extensions["catalogue"].instrument("compulsory-parent")
    return found


def test_cases_of_several_schools_share_a_wave_and_each_keeps_its_own_items(
    session: Session, small_district: District
) -> None:
    district, categories = small_district, small_district.app.extensions["categories"]
    first = closed_case(session, district, last="pass")
    second = closed_case(session, district, "0201", "T1", "student")
    by_hand = create_case(session, open_year_of(session), "0101", CONTENT, office(district))
    assert joinable_cases(session, first) == [second]
    assert not can_look_back(by_hand)
    wave = propose(session, district, [first, second])
    assert first.state == second.state == CaseState.LOOKING_BACK
    instruments = draft_instruments(session, wave, district.app.extensions["catalogue"], categories)
    assert [(one.audiences, [item.id for item in one.scored_items()]) for one in instruments] == [
        (("parent",), ["T1"]), (("student",), ["T1"]),
    ]  # fmt: skip
    open_wave(session, wave, instruments, categories, wave.opens_at)
    links = list_links(session, wave, categories, "https://s.example.edu.cn")
    assert {(link.school_code, link.audience) for link in links} == {("0101", "parent"), ("0201", "student")}


def open_year_of(session: Session) -> AssessmentYear:
    return list_years(session)[0]


def test_a_case_about_an_audience_asks_all_of_its_items(session: Session, small_district: District) -> None:
    case = closed_case(session, small_district, item="")
    found = {one.audience: one for one in askable(session, case, small_district.app.extensions["categories"])}
    assert set(found) == {"parent", "student", "teacher"}
    assert len(found["parent"].concerned) == len(found["parent"].items) > 20
    assert not found["student"].concerned


def test_a_draft_that_is_thrown_away_leaves_the_case_to_be_asked_about_anew(
    session: Session, small_district: District
) -> None:
    case = closed_case(session, small_district)
    steps = case.step_count
    wave = propose(session, small_district, [case])
    with pytest.raises(UserError, match="现在不能回头看"):
        propose(session, small_district, [case])
    delete_draft(session, wave)
    session.expire_all()
    assert case.look_back_id is None
    assert can_look_back(case)
    propose(session, small_district, [case])
    assert case.step_count == steps + 1, "it waits already; no second step"


def test_what_cannot_be_asked_again_is_refused_in_words(session: Session, small_district: District) -> None:
    district, categories = small_district, small_district.app.extensions["categories"]
    case = closed_case(session, district)
    overall = small_instrument(district).overall
    assert overall is not None
    for items, reason in (
        ({}, "至少选一道题"), ({"parent": [overall.id]}, "不是总评的题"), ({"parent": ["nothing"]}, "不能单独成为"),
        ({"inspector": ["T1"]}, "没有责任督学"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=reason):
            propose_look_back(session, plan(district, {case.id: items}), categories, office(district))
    open_case = closed_case(session, district, "0201", "E1", last="report")
    with pytest.raises(UserError, match="要核验通过或者已经销号"):
        propose_look_back(session, plan(district, {open_case.id: {"parent": ["E1"]}}), categories, office(district))


def test_who_is_asked_twice_in_the_same_days_is_said_and_nobody_else(
    session: Session, small_district: District
) -> None:
    """A look back concerns its own school: two of different schools overlap nobody."""
    district, categories = small_district, small_district.app.extensions["categories"]
    wave = propose(session, district, [closed_case(session, district)])
    instruments = draft_instruments(session, wave, district.app.extensions["catalogue"], categories)
    open_wave(session, wave, instruments, categories, wave.opens_at)
    other = closed_case(session, district, "0201", "T5")
    items = {other.id: {"parent": ["T5"]}}
    second = propose_look_back(session, plan(district, items, "河东中学回头看"), categories, office(district))
    assert list(overlap_doubts(session, second)) == []
    spring = create_wave(session, "春", [small_instrument(district)], wave.opens_at, wave.closes_at, {})
    [doubt] = [str(one) for one in overlap_doubts(session, spring)]
    assert NAME in doubt
