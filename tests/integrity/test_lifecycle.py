"""The life of a wave: an end is recorded, taken back until the seal, and no wrong clock ends anything."""

from datetime import datetime, timedelta

from sqlalchemy import text

from survey_app.frame.manifest import list_records, manifest_issues
from survey_app.frame.queries import wave_by_name
from survey_app.frame.wave_states import WaveState, state_of
from survey_app.integrity.lifecycle import RunResult, run_due
from testing.district import WAVE, District
from testing.time import run_steadily


def run(district: District, seal_after: timedelta = timedelta(days=1)) -> RunResult:
    found = district.app.extensions
    return run_due(found["database"], found["keys"], found["categories"], district.clock.at, seal_after)


def state(district: District) -> WaveState:
    with district.app.extensions["database"].read_session() as session:
        return state_of(wave_by_name(session, district.wave), district.clock.at)


def issues(district: District) -> list[str]:
    with district.app.extensions["database"].read_session() as session:
        return [line.render() for line in manifest_issues(session, wave_by_name(session, district.wave))]


def kinds(district: District) -> list[str]:
    with district.app.extensions["database"].read_session() as session:
        return [entry.kind for entry in list_records(session, wave_by_name(session, district.wave).id)]


def test_one_run_with_a_clock_that_is_a_day_ahead_ends_nothing(district: District) -> None:
    """S-M11: closed, sealed and the key destroyed in one run, twelve hours before the end."""
    run_steadily(district, timedelta(minutes=5))
    right = district.clock.at = district.clock.at + timedelta(days=9, hours=12)
    run_steadily(district, timedelta(minutes=5))
    district.clock.at = right + timedelta(days=1)
    result = run(district)
    assert result.only_recorded
    assert result.actions == []
    district.clock.at = right + timedelta(minutes=6)
    assert run(district).only_recorded, "the clock went back"
    district.clock.advance(minutes=1)
    assert run(district).actions == []
    assert state(district) == WaveState.OPEN


def test_the_first_run_after_a_gap_only_records_and_says_so(small_district: District) -> None:
    """S-M11; and the very first one, on a new installation, does not speak of a clock that was put back."""
    said = small_district.app.test_cli_runner().invoke(args=["run-due"]).stderr
    assert "第一次运行" in said
    assert "时钟" not in said
    small_district.clock.advance(days=11)
    assert "只登记" in small_district.app.test_cli_runner().invoke(args=["run-due"]).stderr
    assert small_district.count("wave WHERE closed_at IS NULL") == 1
    assert f"{WAVE}: closed" in small_district.command("run-due")


def test_closing_and_sealing_are_two_runs_a_day_apart(district: District) -> None:
    """S-M11, K5: a day between the recorded closing and the seal, however late the closing was found."""
    district.send_many(district.link(), 3)
    district.clock.advance(days=12)
    run(district)
    assert run(district).actions == [(WAVE, "closed")]
    assert state(district) == WaveState.CLOSED
    recorded = district.clock.at
    assert run_steadily(district, timedelta(hours=23, minutes=50)) == []
    district.clock.at = recorded + timedelta(days=1)
    assert run(district).actions == [(WAVE, "sealed"), (WAVE, "cleaned")]
    assert state(district) == WaveState.SEALED
    assert kinds(district) == ["close", "seal"]
    assert issues(district) == []


def test_no_setting_seals_within_the_ten_minutes_of_open_forms(district: District) -> None:
    """S-M11."""
    run_steadily(district, timedelta(minutes=1))
    district.command("wave", "close", WAVE)
    district.clock.advance(minutes=9)
    assert run(district, timedelta(0)).actions == []
    assert "起才能封存" in district.command("wave", "seal", WAVE, code=1)
    district.clock.advance(minutes=1)
    assert run(district, timedelta(0)).actions == [(WAVE, "sealed"), (WAVE, "cleaned")]


def test_a_wave_is_extended_and_every_page_knows(district: District) -> None:
    """K5: no command could change a deadline; C-F10: a date means its end."""
    link = district.link()
    assert district.client.get(f"/s/{link.slug}").status_code == 200
    said = district.command("wave", "extend", WAVE, "--closes", "2026-11-20", "--reason", "多数学校要求")
    assert "2026-11-20 24:00 周五" in said
    district.clock.at = datetime.fromisoformat("2026-11-20T15:59:00+00:00")
    assert district.client.get(f"/s/{link.slug}").status_code == 200
    district.clock.advance(minutes=2)
    assert district.client.get(f"/s/{link.slug}").status_code == 410
    assert kinds(district) == ["extend"]
    assert issues(district) == []
    assert district.count("audit_entry WHERE action = 'wave.extend'") == 1


def test_a_closing_is_taken_back_until_the_seal_and_never_afterwards(district: District) -> None:
    """K5: closed too early was for ever."""
    link = district.link()
    fields = district.answer(link)
    district.command("wave", "close", WAVE)
    district.clock.advance(minutes=20)
    assert district.client.get(f"/s/{link.slug}").status_code == 410
    assert "已经截止" in district.command("wave", "extend", WAVE, "--closes", "2026-11-20", "--reason", "x", code=1)
    past = ("--closes", "2026-11-01", "--reason", "误操作")
    assert "已经过去" in district.command("wave", "reopen", WAVE, *past, code=1)
    assert "理由" in district.command("wave", "reopen", WAVE, "--closes", "2026-11-20", "--reason", " ", code=1)
    district.command("wave", "reopen", WAVE, "--closes", "2026-11-20", "--reason", "误操作")
    assert district.send(link, fields).status_code == 303
    assert kinds(district) == ["close", "reopen"]
    assert issues(district) == []
    district.command("wave", "close", WAVE)
    district.clock.advance(minutes=10)
    district.command("wave", "seal", WAVE)
    for verb in ("reopen", "extend"):
        later = ("--closes", "2026-12-20", "--reason", "x")
        assert "已经封存" in district.command("wave", verb, WAVE, *later, code=1)
    assert state(district) == WaveState.SEALED


def test_sealing_at_once_spares_forms_that_are_open(district: District) -> None:
    """S-M11, K5: ``close --seal-now`` lost whatever people were filling in."""
    link = district.link()
    fields = district.answer(link)
    assert "立即封存会丢失" in district.command("wave", "close", WAVE, "--seal-now", code=1)
    assert district.send(link, fields).status_code == 303
    district.clock.advance(minutes=5)
    assert "立即封存会丢失" in district.command("wave", "close", WAVE, "--seal-now", code=1)
    district.command("wave", "close", WAVE, "--seal-now", "--lose-open-forms")
    assert district.count("audit_entry WHERE detail LIKE '%lose-open-forms%'") == 2
    assert state(district) == WaveState.SEALED
    assert district.count("form_activity") == 0


def test_sealing_at_once_where_nobody_has_a_form_open(district: District) -> None:
    district.send(district.link())
    district.clock.advance(minutes=11)
    district.command("wave", "close", WAVE, "--seal-now")
    assert state(district) == WaveState.SEALED


def test_a_sealed_wave_that_was_opened_again_past_the_program_is_named(district: District) -> None:
    """S-M14: a sealed wave set to open by SQL took ballots, and nothing said so."""
    district.sealed()
    assert issues(district) == []
    with district.app.extensions["database"].write_session() as session:
        session.execute(text("UPDATE wave SET sealed_at = NULL, closed_at = NULL, closing_recorded_at = NULL"))
    assert [line.partition("：")[2] for line in issues(district)] == [
        "实际截止与冻结清单及更正记录不一致", "封存时间与冻结清单及更正记录不一致",
    ]  # fmt: skip


def test_a_wave_that_is_not_closed_cannot_be_sealed(district: District) -> None:
    assert "还没有截止" in district.command("wave", "seal", WAVE, code=1)
    district.sealed()
    assert "已经封存" in district.command("wave", "seal", WAVE, code=1)
    assert "已经封存" in district.command("wave", "close", WAVE, "--seal-now", "--lose-open-forms", code=1)
