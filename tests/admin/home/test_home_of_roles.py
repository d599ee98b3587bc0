"""The first page of a leader and of a system administrator; an old backup is said where answers are collected."""

from sqlalchemy import text

from survey_app.accounts.audit import add_audit_entry
from testing.console import Clerk
from testing.district import District

RELEASE = "/staff/waves/1/changes/release"


def test_a_leader_finds_what_is_asked_and_what_was_released(small_district: District) -> None:
    leader = Clerk(small_district, "局长", "leader")
    assert "现在没有等您批准的" in leader.open("/staff/")
    small_district.send_many(small_district.link(), 12)
    small_district.sealed()
    office = Clerk(small_district)
    office.open(RELEASE)
    office.send(RELEASE, reason="给学校看")
    office.send(RELEASE, reason="给学校看", confirmed="1")
    page = leader.open("/staff/")
    assert "请您批准：2026秋" in page
    assert "王督导" in page
    overview = leader.open("/staff/waves/1/results")
    assert "同意公布给学校" in overview
    assert leader.send("/staff/waves/1/release/1").status_code == 303
    page = leader.open("/staff/")
    assert "请您批准" not in page
    assert '<a href="/staff/waves/1/results">2026秋</a>' in page


def test_a_system_administrator_sees_health_and_the_last_backup(small_district: District) -> None:
    keeper = Clerk(small_district, "管理员", "sysadmin")
    page = keeper.open("/staff/")
    assert "还没有用本程序做过备份" in page
    assert "2026秋" not in page
    with small_district.app.extensions["database"].write_session() as session:
        session.execute(text("UPDATE wave_population SET population = population * 8"))
    assert "名册人数与冻结清单及更正记录不一致" in keeper.open("/staff/")


def test_collecting_for_a_week_without_a_backup_is_said(small_district: District) -> None:
    office = Clerk(small_district)
    assert "备份" not in office.open("/staff/")
    small_district.clock.advance(days=8)
    assert "收集了一周，还没有做过备份" in office.log_in().open("/staff/")
    with small_district.app.extensions["database"].write_session() as session:
        add_audit_entry(session, small_district.clock.at, "cli", "backup.create")
    assert "备份" not in office.open("/staff/")
