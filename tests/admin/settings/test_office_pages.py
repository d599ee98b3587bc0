"""Settings and the first page: what an empty system needs, where a wave stands, what needs attention."""

from datetime import timedelta
from pathlib import Path

from survey_app import create_app
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.db import Database
from survey_app.foundation.office_cache import OfficeCache
from survey_app.foundation.settings import Settings
from testing.console import Clerk
from testing.district import PASSWORD, District, csrf_in

FIELDS = {"office": "临江区教育督导室", "contact": "010-5555", "address": "https://q.example.edu.cn"}


def test_settings_are_saved_and_printed(clerk: Clerk) -> None:
    clerk.open("/staff/office")
    assert clerk.send("/staff/office", **FIELDS).headers["Location"] == "/staff/office?saved=1"
    page = clerk.open("/staff/office?saved=1")
    assert "已保存" in page
    assert "临江区教育督导室" in page
    assert clerk.client.get("/staff/office/code.svg").mimetype == "image/svg+xml"


def test_the_office_stands_on_every_form(small_district: District) -> None:
    """C18-0: parents saw the name of the environment and no telephone, whatever the clerk had typed."""
    clerk, link = Clerk(small_district), small_district.link()
    clerk.open("/staff/office")
    clerk.send("/staff/office", **FIELDS)
    for address in (f"/s/{link.slug}", "/s/nothing", "/"):
        page = small_district.client.get(address).text
        assert "咨询：临江区教育督导室" in page, address
        assert "010-5555" in page, address


def test_the_office_is_named_while_the_database_is_away(tmp_path: Path) -> None:
    settings = Settings(f"sqlite:///{tmp_path}/nowhere/survey.db", tmp_path, "http://127.0.0.1:8000")
    database = Database(settings.database_url)
    assert OfficeCache(database, settings, 0).find().name == settings.office_name
    database.dispose()


def test_the_first_login_of_a_new_installation_asks_who_the_office_is(
    sqlite_url: str, tmp_path: Path, clock: ManualClock
) -> None:
    """clerk 27, issue 11: office, telephone and address are asked in the browser and not in the terminal."""
    settings = Settings(sqlite_url, tmp_path / "secrets", "http://127.0.0.1:8000", link_cache_seconds=0)
    app = create_app(settings, clock)
    app.testing = True
    clerk = Clerk(District(app, clock))
    fields = {"csrf_token": csrf_in(clerk.open("/staff/office")), "username": clerk.name, "password": PASSWORD}
    asked = clerk.client.post("/staff/login", data=fields).headers["Location"]
    assert asked == "/staff/office?first=1"
    assert "先填这三项" in clerk.open(asked)
    assert clerk.send(asked, **FIELDS).headers["Location"] == "/staff/"
    fields["csrf_token"] = csrf_in(clerk.open("/staff/"))
    assert clerk.client.post("/staff/login", data=fields).headers["Location"] == "/staff/"
    app.extensions["database"].dispose()


def test_wrong_settings_are_refused_beside_their_fields(clerk: Clerk) -> None:
    clerk.open("/staff/office")
    response = clerk.send("/staff/office", office="", contact="9" * 500, address="survey")
    assert response.status_code == 422
    for name in ("office", "contact", "address"):
        assert f'id="{name}-error"' in response.text, name
    assert "999" in response.text, "what was typed is still there"


def test_two_clerks_do_not_overwrite_each_others_settings(clerk: Clerk) -> None:
    clerk.open("/staff/office")
    other = Clerk(clerk.district, "李老师")
    other.open("/staff/office")
    other.send("/staff/office", **FIELDS)
    late = clerk.send("/staff/office", **(FIELDS | {"contact": "020-1"}))
    assert late.status_code == 422
    assert "李老师" in late.text
    assert "010-5555" in late.text
    assert "020-1" in late.text


def test_an_auditor_reads_settings_and_changes_nothing(clerk: Clerk) -> None:
    auditor = Clerk(clerk.district, "审计", "auditor")
    page = auditor.open("/staff/office")
    assert "保存" not in page
    token = {"csrf_token": csrf_in(auditor.open("/staff/"))}
    assert auditor.client.post("/staff/office", data=FIELDS | token).status_code == 404


def test_a_local_address_is_said_to_be_no_good_for_phones(clerk: Clerk) -> None:
    """K2: posters carried an address that only the machine itself could open."""
    clerk.open("/staff/office")
    clerk.send("/staff/office", **(FIELDS | {"address": "http://127.0.0.1:8000"}))
    assert "只有这台机器能打开" in clerk.open("/staff/office")


def test_the_first_page_leads_through_four_steps(clerk: Clerk) -> None:
    """K27: the empty page told the clerk to run commands."""
    page = clerk.open("/staff/")
    assert "第一次测评，四步" in page
    assert "flask" not in page
    clerk.import_roster()
    clerk.start_draft()
    assert "继续准备" in clerk.open("/staff/")


def test_the_first_page_shows_the_wave_as_a_path(running: Clerk) -> None:
    page = running.open("/staff/")
    assert 'aria-current="step"' in page
    assert "看回收情况" in page
    assert "没有印发家长的纸条" in page
    running.district.clock.advance(days=8)
    assert "延长" in running.log_in().open("/staff/"), "the end is near"
    running.district.clock.advance(days=3)
    running.district.command("run-due")
    running.district.clock.advance(minutes=5)
    running.district.command("run-due")
    assert "封存之前还可以延长收集" in running.log_in().open("/staff/")
    running.district.sealed()
    assert "看结果" in running.open("/staff/")


def test_a_draft_whose_time_has_come_is_not_forgotten(clerk: Clerk) -> None:
    """K20: nothing said that opening was forgotten."""
    clerk.import_roster()
    clerk.start_draft()
    clerk.district.clock.at += timedelta(days=4)
    assert "还是草稿" in clerk.log_in().open("/staff/")


def test_attention_is_five_lines_at_most(running: Clerk) -> None:
    for number in range(6):
        running.start_draft(f"草稿{number}", opens_on="2026-11-03")
    page = running.open("/staff/")
    assert page.partition("需要注意")[2].partition("<h2>")[0].count("<li>") == 5


def test_who_keeps_accounts_sees_no_wave(running: Clerk) -> None:
    keeper = Clerk(running.district, "管理员", "sysadmin")
    page = keeper.open("/staff/")
    assert "看不到批次和结果" in page
    assert "名册</a>" not in page, "the menu offers what the role may see"


def test_lists_of_waves_and_results_know_when_they_are_empty(clerk: Clerk) -> None:
    assert "还没有批次" in clerk.open("/staff/waves")
    assert "还没有结果" in clerk.open("/staff/results")


def test_late_runs_of_what_is_due_are_told(running: Clerk) -> None:
    running.district.command("run-due")
    running.district.clock.advance(hours=3)
    assert "自动截止和封存没有在运行" in running.log_in().open("/staff/")
