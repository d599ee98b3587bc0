"""回头看 in figures: before and after of the items of a case, by the rules of every other change."""

from datetime import timedelta

import pytest

from survey_app.assessment.schemes import DEFAULT_SCHEME_FILE, Scheme, read_scheme
from survey_app.distribution.open_wave import open_wave
from survey_app.distribution.queries import list_links
from survey_app.followup.look_backs import LookBackPlan, propose_look_back
from survey_app.followup.models import RectificationCase
from survey_app.foundation.settings import PROJECT
from survey_app.frame.look_backs import draft_instruments
from survey_app.frame.models import Wave
from survey_app.frame.queries import wave_by_name
from survey_app.integrity.key_check import make_wave_key
from survey_app.integrity.lifecycle import close_and_seal
from survey_app.reporting.build import build_report, previous_sealed_wave
from survey_app.reporting.disclosure.figures import HiddenItem, PublishableItem
from survey_app.reporting.look_backs import LookBackResult, look_back_result
from testing.district import District
from testing.rectification import closed_case, office

AGAIN = "河东小学回头看"


def answer(district: District, item: str, answers: str, audience: str = "parent") -> None:
    """One form for each letter: what it says about the item; everything else is drawn at random."""
    link = district.link(audience)
    for number, code in enumerate(answers):
        fields = district.answer(link, {item: code} if code != " " else None, seed=number)
        assert district.send(link, fields).status_code == 303


def scheme_of(district: District) -> Scheme:
    folder = PROJECT / "questionnaires" / "assessment"
    return read_scheme(folder / DEFAULT_SCHEME_FILE, district.app.extensions["categories"])


def look_back(district: District, items: dict[str, list[str]], answers: dict[str, str]) -> int:
    """Seal the first wave, close a case, ask again, answer and seal; return the case."""
    app, categories = district.app, district.app.extensions["categories"]
    district.clock.advance(days=11)
    district.sealed()
    with app.extensions["database"].write_session() as session:
        case = closed_case(session, district, item=next(iter(items.values()))[0], audience=next(iter(items)))
        begins, case_id = district.clock.at, case.id
        plan = LookBackPlan(AGAIN, begins, begins + timedelta(days=10), {case.id: items})
        wave = propose_look_back(session, plan, categories, office(district))
        instruments = draft_instruments(session, wave, app.extensions["catalogue"], categories)
        open_wave(session, wave, instruments, categories, begins)
        make_wave_key(session, app.extensions["keys"], wave)
        district.links = list_links(session, wave, categories, "https://s.example.edu.cn")
    for audience, codes in answers.items():
        answer(district, items[audience][0], codes, audience)
    assert result_of(district, case_id) is None, "nothing before the seal"
    district.clock.advance(days=11)
    with app.extensions["database"].write_session() as session:
        close_and_seal(
            session, wave_by_name(session, AGAIN), categories, "test", district.clock.at, lose_open_forms=True
        )
    return case_id


def result_of(district: District, case_id: int) -> LookBackResult | None:
    with district.app.extensions["database"].read_session() as session:
        case = session.get_one(RectificationCase, case_id)
        return look_back_result(session, case, district.app.extensions["categories"], scheme_of(district))


def test_an_item_that_became_better_is_said_to_be_better_and_nothing_else_of_the_district_moves(
    small_district: District,
) -> None:
    district, categories = small_district, small_district.app.extensions["categories"]
    answer(district, "T1", "1112223344" * 3)
    case_id = look_back(district, {"parent": ["T1"]}, {"parent": "5544455354" * 3})
    found = result_of(district, case_id)
    assert found is not None
    assert (found.earlier, found.later) == ("2026秋", AGAIN)
    [change] = found.changes
    assert isinstance(change.before, PublishableItem)
    assert isinstance(change.after, PublishableItem)
    before, after = (2.5 * (sum(map(int, codes)) - 10) for codes in ("1112223344", "5544455354"))
    assert (change.before.distribution.index, change.after.distribution.index) == (before, after)
    assert change.difference == pytest.approx(after - before)
    assert change.verdict == "up"
    assert change.low is not None
    assert change.high is not None
    assert 3 < change.low < after - before < change.high
    with district.app.extensions["database"].read_session() as session:
        again, scheme = wave_by_name(session, AGAIN), scheme_of(district)
        report = build_report(session, again, categories, scheme)
        assert [school.code for school in report.schools] == ["0101"]
        assert report.comparison is not None
        assert report.comparison.earlier == "2026秋", "with what it looks back at, and with no other wave"
        assert report.comparison.incomparable == ("parent",)
        spring = Wave(id=99, name="春", opens_at=district.clock.at, closes_at=district.clock.at + timedelta(days=1),
                      instrument_ids=[], access={}, sealed_at=district.clock.at)  # fmt: skip
        previous = previous_sealed_wave(session, spring)
        assert previous is not None
        assert previous.name == "2026秋", "a look back is no wave of the district"


def test_what_few_people_said_is_hidden_and_without_a_verdict(small_district: District) -> None:
    answer(small_district, "T1", "1112223344" * 2)
    case_id = look_back(small_district, {"parent": ["T1"]}, {"parent": "554445535"})  # nine
    found = result_of(small_district, case_id)
    assert found is not None
    [change] = found.changes
    assert isinstance(change.before, PublishableItem)
    assert isinstance(change.after, HiddenItem)
    assert (change.difference, change.low, change.verdict) == (None, None, "unknown")
