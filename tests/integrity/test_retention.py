"""S-Low "no retention or purge": what is over its term goes, announced and whole; results and records stay."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey_app.accounts.audit import add_audit_entry
from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.staff import create_staff, disable_staff
from survey_app.assessment.conflicts import declare_conflict
from survey_app.comments.queries import CommentFilter, comment_page, released_comments
from survey_app.distribution.open_wave import open_wave
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.errors import UserError
from survey_app.foundation.job import JobContext
from survey_app.frame.queries import wave_by_name
from survey_app.frame.waves import create_wave
from survey_app.integrity.exclusions import ExclusionGroup, request_exclusion
from survey_app.integrity.lifecycle import RunResult, run_due
from survey_app.integrity.models import DueRun
from survey_app.integrity.retention import NOTICE, planned_purges
from survey_app.integrity.tally_job import make_tallies, tally_parameters
from survey_app.measurement.settings import MeasurementSettings
from survey_app.reporting.live_counts import count_live
from testing.district import WAVE, District, csrf_in

SECRET = "校门口的路灯坏了三年"
YEAR = timedelta(days=366)


def run(district: District) -> RunResult:
    found = district.app.extensions
    return run_due(found["database"], found["keys"], found["categories"], district.clock.at)


def run_after(district: District, pause: timedelta) -> RunResult:
    """As a server that was away for so long: its first run only writes down that it is back."""
    district.clock.advance(seconds=pause.total_seconds())
    assert run(district).only_recorded
    district.clock.advance(minutes=5)
    return run(district)


def asked(district: District, link_number: int = 12) -> District:
    link = district.link("parent")
    for number in range(link_number):
        district.send(link, district.answer(link, {"C1": SECRET}, seed=number))
    district.send_many(district.link("teacher"), 5)
    district.sealed()
    run(district)
    return district


def purged(district: District) -> RunResult:
    run_after(district, 6 * YEAR)
    return run_after(district, NOTICE)


def next_wave(district: District) -> None:
    """A wave that collects while the old one is purged."""
    found = district.app.extensions
    with found["database"].write_session() as session:
        instruments = [found["catalogue"].instrument("compulsory-parent")]
        now = district.clock.at
        wave = create_wave(session, "下一次", instruments, now, now + timedelta(days=10), {})
        open_wave(session, wave, instruments, found["categories"], now)
        school = session.scalar(text("SELECT min(school_id) FROM wave_school"))
        session.execute(
            text(
                "INSERT INTO response (wave_id, school_id, id, audience, structure_hash, grade, answers, "
                "response_speed) VALUES (:wave, :school, :id, 'parent', 'x', '', '111', '1')"
            ),
            {"wave": wave.id, "school": school, "id": b"0123456789abcdef"},
        )


def test_answers_and_comments_go_and_everything_that_was_counted_stays(district: District) -> None:
    asked(district)
    before = district.command("results", "indices", "--wave", WAVE)
    database, categories = district.app.extensions["database"], district.app.extensions["categories"]
    with database.read_session() as session:
        counts = count_live(session, wave_by_name(session, WAVE), categories, 1).by_school
    assert run_after(district, 6 * YEAR).actions == [], "announced first, and nothing goes"
    next_wave(district)
    with database.read_session() as session:
        now = district.clock.at
        plans = {plan.part.term.kind: plan.rows for plan in planned_purges(session, now) if plan.part.wave_name == WAVE}
    assert plans == {"answers": 17, "comments": 12}
    done = dict(run_after(district, NOTICE).actions)
    assert WAVE in done
    assert {name: district.count(name) for name in ("response", "submission_receipt", "comment")} == {
        "response": 1, "submission_receipt": 0, "comment": 0,
    }  # fmt: skip
    assert district.command("results", "indices", "--wave", WAVE) == before
    with database.read_session() as session:
        wave = wave_by_name(session, WAVE)
        assert count_live(session, wave, categories, 1).by_school == counts
    with pytest.raises((DBAPIError, DatabaseUnavailable), match="never changed"), database.write_session() as session:
        session.execute(text("DELETE FROM response"))
    verified = district.command("verify", "--wave", WAVE)
    assert "一致" in verified
    assert "按保留期限（60 个月）清除" in verified
    assert district.count("audit_entry WHERE action = 'retention.purge' AND detail LIKE '%response 17%'") == 1
    assert not run(district).actions, "once"


def test_whoever_reads_answers_is_told_that_they_were_purged(small_district: District, tmp_path: Path) -> None:
    """A re-tally, the rows, an exclusion, the comments: the term and the day, never "nobody answered"."""
    purged(asked(small_district))
    found = small_district.app.extensions
    with found["database"].read_session() as session:
        wave = wave_by_name(session, WAVE)
        with pytest.raises(UserError, match="清除"):
            request_exclusion(
                session, wave, ExclusionGroup(school="0101", audience="parent"), "x", "a", small_district.clock.at
            )
        with pytest.raises(UserError, match=r"意见的文字.*36 个月"):
            comment_page(session, wave, CommentFilter(), "")
        assert released_comments(session, wave, "0101") == []
        parameters = tally_parameters(wave, MeasurementSettings(valid_share=0.9), {})
    context = JobContext(found["database"], small_district.clock, found["categories"], lambda _percent: None)
    with pytest.raises(UserError, match=r"答卷和提交回执.*60 个月"):
        make_tallies(context, parameters)
    make_tallies(context, parameters | {"valid_share": MeasurementSettings().valid_share})
    rows = small_district.command("responses", "export", "--wave", WAVE, "--out", str(tmp_path / "rows.csv"), code=1)
    assert "清除" in rows
    with found["database"].write_session() as session:
        session.execute(text("UPDATE tally SET sums = substr(sums, 1, 8)"))
    assert "清除答卷时登记的不一致" in small_district.command("verify", "--wave", WAVE, code=1)


@pytest.mark.usefixtures("impatient_database")
def test_nothing_is_left_in_the_file_and_a_reader_only_delays_it(small_district: District) -> None:
    """As at the seal: old pages are overwritten, by a later run where somebody reads."""
    asked(small_district)
    run_after(small_district, 6 * YEAR)
    database = small_district.app.extensions["database"]
    files = [database.path, database.path.with_name(database.path.name + "-wal")]
    assert any(SECRET.encode() in file.read_bytes() for file in files)
    with database.read_session() as reader:
        reader.execute(text("SELECT count(*) FROM comment"))
        assert run_after(small_district, NOTICE).log_kept_by_reader
    with database.read_session() as session:
        assert session.get(DueRun, 1).scrub_due
    assert not run(small_district).log_kept_by_reader
    assert not any(SECRET.encode() in file.read_bytes() for file in files)


def test_what_was_stopped_in_the_middle_is_whole_and_done_by_the_next_run(small_district: District) -> None:
    """The last statement of the purge fails, as a kill would: everything is still there, and goes later."""
    asked(small_district)
    run_after(small_district, 6 * YEAR)
    database = small_district.app.extensions["database"]
    with database.write_session() as session:
        session.execute(
            text(
                "CREATE TRIGGER stop BEFORE INSERT ON audit_entry WHEN NEW.action = 'retention.purge' "
                "BEGIN SELECT RAISE(ABORT, 'stopped'); END"
            )
        )
    with pytest.raises(Exception, match="stopped"):
        run_after(small_district, NOTICE)
    kept = ("response", "submission_receipt", "comment")
    assert [small_district.count(name) for name in kept] == [17, 17, 12]
    assert small_district.count("receipt_count") == 0
    with database.write_session() as session:
        session.execute(text("DROP TRIGGER stop"))
    small_district.clock.advance(minutes=5)
    run(small_district)
    assert [small_district.count(name) for name in kept] == [0, 0, 0]
    assert "一致" in small_district.command("verify", "--wave", WAVE)


def test_a_wrong_clock_and_a_longer_term_take_nothing(small_district: District) -> None:
    asked(small_district)
    right = small_district.clock.at
    run_after(small_district, 10 * YEAR)
    assert small_district.count("purge_notice WHERE wave_id > 0") == 2
    small_district.clock.at = right + timedelta(hours=2)
    assert run(small_district).only_recorded
    small_district.clock.advance(minutes=5)
    run(small_district)
    assert small_district.count("purge_notice") == 0, "announced by a clock that was wrong"
    run_after(small_district, 6 * YEAR)
    small_district.command("settings", "set", "answers_months=120", "comments_months=")
    run_after(small_district, NOTICE)
    assert (small_district.count("response"), small_district.count("comment")) == (17, 12)


def test_accounts_and_the_audit_go_by_their_own_terms(district: District) -> None:
    """The account with all that is its own; the name that a record bears stays as long as the record."""
    database = district.app.extensions["database"]
    start = district.clock.at
    with database.write_session() as session:
        for name in ("走了的人", "还在的人"):
            staff = create_staff(session, name, "hash", "principal", start)
            replace_grants(session, staff, [Node(NodeKind.SCHOOL, "0101")])
        disable_staff(session, "走了的人", start)
        add_audit_entry(session, start, "走了的人", "wave.close", "x")
        add_audit_entry(session, start + 3 * YEAR, "走了的人", "wave.open", "x")
    run(district)
    run_after(district, 3 * YEAR)
    assert district.count("staff") == 2
    run_after(district, NOTICE)
    assert district.count("staff") == 1
    assert district.count("staff_grant") == 1
    assert district.count("audit_entry WHERE actor = '走了的人'") == 2
    run_after(district, 3 * YEAR)
    run_after(district, NOTICE)
    assert district.count("audit_entry WHERE actor = '走了的人'") == 1
    assert district.count("audit_entry WHERE detail LIKE 'audit: audit 1 (60 months)'") == 1


def test_a_clock_that_jumps_while_something_is_announced_takes_that_and_no_more(district: District) -> None:
    """Something of the accounts and the audit is announced nearly always: that is no leave for all that comes later."""
    start = district.clock.at
    with district.app.extensions["database"].write_session() as session:
        for name, gone_at in (("早走的人", start), ("后走的人", start + YEAR)):
            create_staff(session, name, "", "leader", start)  # nobody has followed the link
            disable_staff(session, name, gone_at)
    run_after(district, 2 * YEAR + timedelta(days=20))
    run_after(district, 10 * YEAR)
    assert district.count("staff WHERE username = '早走的人'") == 0
    assert district.count("staff WHERE username = '后走的人'") == 1
    with district.app.extensions["database"].read_session() as session:
        plans = {plan.part.term.kind: plan for plan in planned_purges(session, district.clock.at)}
    assert plans["accounts"].rows == 1
    assert plans["accounts"].earliest >= district.clock.at + NOTICE - timedelta(hours=1)


def test_what_somebody_declared_keeps_the_name_when_the_account_is_gone(district: District) -> None:
    """A declared conflict bears the name itself and still says whose it is; the account goes whole, and only once."""
    start = district.clock.at
    with district.app.extensions["database"].write_session() as session:
        staff = create_staff(session, "走了的督学", "hash", "inspector", start)
        replace_grants(session, staff, [Node(NodeKind.SCHOOL, "0101")])
        session.flush()
        declare_conflict(session, staff, "0101", "former_school", "", "督导室", start)
        disable_staff(session, "走了的督学", start)
    run_after(district, 3 * YEAR)
    run_after(district, NOTICE)
    run_after(district, NOTICE)
    assert district.count("staff WHERE username = '走了的督学'") == 0
    assert (district.count("staff_grant"), district.count("declared_conflict WHERE rater = '走了的督学'")) == (0, 1)
    assert district.count("audit_entry WHERE action = 'retention.purge' AND detail LIKE 'accounts%'") == 1
    with (
        district.app.extensions["database"].write_session() as session,
        pytest.raises(UserError, match="不再给别人"),
    ):
        create_staff(session, "走了的督学", "hash", "inspector", district.clock.at)


@pytest.mark.parametrize(
    "assignment",
    ["answers_months=11", "comments_months=5", "audit_months=23", "accounts_months=ten"],
)
def test_a_term_that_is_too_short_is_refused_with_the_least(small_district: District, assignment: str) -> None:
    assert "之间的月数" in small_district.command("settings", "set", assignment, code=1)


def test_the_page_says_what_will_go_and_each_role_changes_its_own(small_district: District) -> None:
    asked(small_district)
    run_after(small_district, 6 * YEAR)
    office, keeper = small_district.staff(), small_district.staff("sysadmin", "管机器的")
    assert "到了保留期限" in office.get("/staff/").text
    page = office.get("/staff/retention").text
    assert "答卷和提交回执：17 条" in page
    assert 'name="audit_months"' not in page
    assert 'name="answers_months"' not in keeper.get("/staff/retention").text
    fields = {
        "csrf_token": csrf_in(page), "answers_months": "11", "seen_answers_months": "60", "comments_months": "",
        "seen_comments_months": "36", "audit_months": "24",
    }  # fmt: skip
    refused = office.post("/staff/retention", data=fields)
    assert refused.status_code == 422
    assert 'value="11"' in refused.text
    assert office.post("/staff/retention", data=fields | {"answers_months": "84"}).status_code == 303
    assert "答卷和提交回执：" not in office.get("/staff/retention").text
    assert "60 个月" in office.get("/staff/retention").text, "the audit's term is not the office's"
    stale = office.post("/staff/retention", data=fields | {"answers_months": "90"})
    assert "设置刚刚改过" in stale.text
