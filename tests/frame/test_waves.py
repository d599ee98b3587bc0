"""A wave from draft to seal: what freezes, what is refused, what never comes back."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from survey_app.distribution.access_codes import create_codes, wave_key_name
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.errors import UserError
from survey_app.frame.queries import eligible_population, frozen_populations, wave_by_name
from survey_app.frame.roster import Roster, RosterSchool
from survey_app.frame.roster_import import apply_roster
from survey_app.frame.wave_states import WaveState, state_of
from survey_app.frame.waves import close_wave, create_wave, freeze_wave
from survey_app.integrity.lifecycle import run_due
from survey_app.integrity.seal import seal_wave
from testing.district import COMPULSORY, WAVE, District, school
from testing.instruments import CATEGORIES, changed, read, tiny


@pytest.fixture
def district(sqlite_app: Flask, clock: ManualClock) -> District:
    """Nothing yet, on SQLite."""
    return District(sqlite_app, clock)


def state(district: District) -> WaveState:
    with district.app.extensions["database"].read_session() as session:
        return state_of(wave_by_name(session, WAVE), district.clock.at)


def draft(district: District, opens_in_days: float = 0, days: float = 10, instruments: tuple[str, ...] = COMPULSORY,
          access: dict[str, str] | None = None) -> None:  # fmt: skip
    catalogue = district.app.extensions["catalogue"]
    opens = district.clock.at + timedelta(days=opens_in_days)
    with district.app.extensions["database"].write_session() as session:
        found = [catalogue.instrument(name) for name in instruments]
        create_wave(session, WAVE, found, opens, opens + timedelta(days=days), access or {})


def refusal(district: District, **draft_options: object) -> str:
    with pytest.raises(UserError) as caught:
        draft(district, **draft_options)  # type: ignore[arg-type]
    return str(caught.value)


def due(district: District, now: datetime) -> list[tuple[str, str]]:
    found = district.app.extensions
    return run_due(found["database"], found["keys"], CATEGORIES, now, timedelta(0)).actions


def test_a_wave_goes_through_its_states_and_never_back(district: District) -> None:
    district.opened()
    with district.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, WAVE)
        opens, ends = wave.opens_at, wave.closes_at

    def at(moment: datetime) -> WaveState:
        district.clock.at = moment
        return state(district)

    second = timedelta(seconds=1)
    assert at(opens - second) == WaveState.WAITING
    assert at(opens) == at(ends - second) == WaveState.OPEN
    assert at(ends) == WaveState.CLOSING
    due(district, ends - second)
    assert due(district, ends) == [(WAVE, "closed")]
    assert due(district, ends + timedelta(minutes=9, seconds=59)) == []
    assert at(opens) == WaveState.CLOSING, "a clock that is set back opens nothing"
    assert due(district, ends + timedelta(minutes=10)) == [(WAVE, "sealed"), (WAVE, "cleaned")]
    assert due(district, ends + timedelta(minutes=20)) == []
    assert at(opens) == WaveState.SEALED


def test_a_draft_is_not_open(district: District) -> None:
    draft(district)
    assert state(district) == WaveState.DRAFT
    with district.app.extensions["database"].write_session() as session:
        wave = wave_by_name(session, WAVE)
        with pytest.raises(UserError, match="还没有开放，不能截止"):
            close_wave(wave, district.clock.at)
        with pytest.raises(UserError, match="还没有截止，不能封存"):
            seal_wave(session, wave, CATEGORIES, district.clock.at)


def test_closing_twice_keeps_the_first_moment(district: District) -> None:
    district.opened()
    first = district.clock.at
    for _ in range(2):
        with district.app.extensions["database"].write_session() as session:
            close_wave(wave_by_name(session, WAVE), district.clock.at)
        district.clock.advance(minutes=5)
    with district.app.extensions["database"].read_session() as session:
        assert wave_by_name(session, WAVE).closed_at == first


def test_opening_again_is_refused_in_every_state(district: District) -> None:
    district.opened()
    assert "已经开放过了" in district.command("wave", "open", WAVE, code=1)
    district.sealed()
    assert "已经开放过了" in district.command("wave", "open", WAVE, code=1)
    assert state(district) == WaveState.SEALED


def test_drafts_that_are_refused(district: District) -> None:
    assert "截止时间必须晚于开始时间" in refusal(district, days=0)
    assert "截止时间必须晚于开始时间" in refusal(district, days=-1)
    assert "parents=open" in refusal(district, access={"parents": "open"})
    assert "parent=door" in refusal(district, access={"parent": "door"})
    assert "没有问卷“compulsory”；现有：compulsory-parent" in refusal(district, instruments=("compulsory",))
    draft(district)
    assert "已经有名为" in refusal(district)
    assert district.count("wave") == 1


def test_an_empty_roster_opens_nothing(district: District) -> None:
    draft(district)
    assert "名册是空的" in district.command("wave", "open", WAVE, code=1)
    assert district.count("wave_instrument") == 0
    assert state(district) == WaveState.DRAFT


def test_a_wave_whose_end_has_passed_does_not_open(district: District) -> None:
    draft(district, opens_in_days=-20)
    assert "截止时间已过" in district.command("wave", "open", WAVE, code=1)


def test_a_wave_that_asks_nobody_does_not_open(district: District) -> None:
    with pytest.raises(UserError, match="没有可调查的对象"):
        district.opened(instruments=("kindergarten",))
    assert district.count("wave") == district.count("wave_school") == district.count("link") == 0


def test_two_instruments_for_one_audience_of_a_school(district: District) -> None:
    both = [tiny("wording"), read(changed("wording", "id: wording", "id: again"))]
    ends = district.clock.at + timedelta(days=1)
    with district.app.extensions["database"].write_session() as session:
        apply_roster(session, Roster(schools={"0101": school("0101", "河东小学")}))
        wave = create_wave(session, WAVE, both, district.clock.at, ends, {})
        with pytest.raises(UserError) as caught:
            freeze_wave(session, wave, both, district.clock.at)
    assert [line.render().partition("。")[0] for line in caught.value.messages] == [
        f"类别 primary 的对象 {audience} 有几份问卷：wording, again" for audience in ("parent", "student")
    ]


def test_links_for_whole_schools_and_for_classes(district: District) -> None:
    by_class = RosterSchool("0101", "河东小学", "primary", "", {
        ("parent", "3", "1班", ""): 40, ("parent", "4", "1班", ""): 41, ("parent", "4", "2班", ""): 42,
        ("student", "3", "1班", ""): 40, ("student", "4", "1班", ""): 41, ("teacher", "", "", ""): 9,
    })  # fmt: skip
    district.opened((by_class,))
    assert [(link.audience, link.class_label) for link in district.links] == [
        ("parent", ""), ("parent", "三年级 1班"), ("parent", "四年级 1班"), ("parent", "四年级 2班"),
        ("teacher", ""), ("student", ""), ("student", "四年级 1班"),
    ]  # fmt: skip
    assert len({link.slug for link in district.links}) == 7
    assert all(link.url == f"https://s.example.edu.cn/s/{link.slug}" for link in district.links)


def test_students_are_asked_from_the_grade_that_the_instrument_names(district: District) -> None:
    small = RosterSchool("0102", "村小", "primary", "", {("student", "2", "", ""): 9, ("parent", "2", "", ""): 9})
    district.opened((school("0101", "河东小学"), small))
    assert [link.school_code for link in district.links if link.audience == "student"] == ["0101"]
    student = district.app.extensions["catalogue"].instrument("compulsory-student")
    with district.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, WAVE)
        everybody = frozen_populations(session, wave.id)
    by_grade = {"2": 9, "3": 9, "4": 10, "5": 11, "6": 12}
    assert eligible_population(by_grade, student, CATEGORIES, "primary", "student") == {"4": 10, "5": 11, "6": 12}
    assert eligible_population({"": 50}, student, CATEGORIES, "primary", "student") == {"": 50}
    assert sum(sum(grades.values()) for (_, audience), grades in everybody.items() if audience == "student") == 39


def test_what_froze_is_written_down_and_hashed(district: District) -> None:
    district.opened()
    with district.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, WAVE)
        assert wave.manifest is not None
        assert sorted(wave.manifest["instruments"]) == sorted(COMPULSORY)
        assert [entry[0] for entry in wave.manifest["schools"]] == ["0101", "0201"]
        assert len(wave.manifest_hash or "") == 64
    assert district.count("wave_instrument") == 3
    assert district.count("wave_population") == district.count("enrolment")


def test_only_links_that_somebody_can_use_are_made(district: District) -> None:
    """C-F6: class posters on which a slip was refused, and a school poster that no class code opened."""
    by_class = RosterSchool("0101", "河东小学", "primary", "", {
        ("parent", "4", "1班", ""): 41, ("parent", "4", "2班", ""): 42,
        ("student", "4", "1班", ""): 41, ("student", "5", "", ""): 40, ("teacher", "", "", ""): 9,
    })  # fmt: skip
    only_classes = RosterSchool("0102", "河西小学", "primary", "", {
        ("parent", "4", "1班", ""): 41, ("student", "4", "1班", ""): 41,
    })  # fmt: skip
    district.opened((by_class, only_classes), access={"parent": "code", "student": "class"})
    assert [(link.school_code, link.audience, link.class_label) for link in district.links] == [
        ("0101", "parent", ""), ("0101", "teacher", ""),
        ("0101", "student", ""), ("0101", "student", "四年级 1班"),
        ("0102", "parent", ""), ("0102", "student", "四年级 1班"),
    ]  # fmt: skip
    for link in district.links:
        fields = district.answer(link)
        if link.audience != "teacher":
            label = link.class_label or "all"
            codes = dict(issued_by_label(district, link.audience, link.school_code))
            fields["_code"] = codes[label]
        assert district.send(link, fields).status_code == 303, link


def issued_by_label(district: District, audience: str, school_code: str) -> list[tuple[str, str]]:
    app = district.app
    with app.extensions["database"].write_session() as session:
        wave = wave_by_name(session, WAVE)
        key = app.extensions["keys"].read(wave_key_name(wave.id))
        batches = create_codes(session, wave, school_code, audience, 5, key, district.clock.at, CATEGORIES)
        return [(batch.class_label or "all", batch.codes[0]) for batch in batches]
