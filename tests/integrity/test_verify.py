"""What was fixed is recomputed, what was closed stays closed, what would show answers is named."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from survey_app.foundation.db import Database
from survey_app.integrity.backup import create_backup
from survey_app.integrity.doctor import run_checks
from testing.district import WAVE, District

with_pg_dump = pytest.mark.skipif(shutil.which("pg_dump") is None, reason="!!! pg_dump is not here")


def fatal(district: District) -> list[str]:
    found = district.app.extensions
    return [str(entry.message) for entry in run_checks(found["database"], found["settings"]) if entry.is_fatal]


def execute(district: District, *statements: str) -> None:
    with district.app.extensions["database"].write_session() as session:
        for statement in statements:
            session.execute(text(statement))


@pytest.fixture
def counted(district: District) -> District:
    district.send_many(district.link(), 12)
    return district.sealed()


CHANGES = {
    "名册人数": "UPDATE wave_population SET population = population * 8",
    "学校": "UPDATE wave_school SET name = '别的小学' WHERE code = '0101'",
    "问卷": "UPDATE wave_instrument SET document = document || ' '",
    "参与方式": 'UPDATE wave SET access = \'{"parent": "code"}\'',
}


@pytest.mark.parametrize("label", CHANGES)
def test_a_frozen_table_that_was_changed_is_named(counted: District, label: str) -> None:
    """S-M14: the response rate fell from 100 % to 12 % under the same printed hash."""
    digest = counted.command("verify")
    assert "一致" in digest
    execute(counted, CHANGES[label])
    said = counted.command("verify", code=1)
    assert f"{label}与冻结清单及更正记录不一致" in said
    assert "≠" in counted.command("wave", "show", WAVE, "--json")


def test_a_record_that_was_dropped_or_rewritten_is_named(counted: District) -> None:
    """S-M14: each correction is chained to the opening."""
    with pytest.raises(Exception, match="never changed"):
        execute(counted, "UPDATE manifest_record SET reason = 'x'")
    database = counted.app.extensions["database"]
    drop = (
        "DROP TRIGGER manifest_record_no_delete"
        if database.is_sqlite
        else ("ALTER TABLE manifest_record DISABLE TRIGGER USER")
    )
    execute(counted, drop, "DELETE FROM manifest_record WHERE number = 1")
    said = counted.command("verify", code=1)
    assert "第 1 条更正记录被改过或缺失" in said
    assert "应有 2 条更正记录，现有 1 条" in said


def test_tallies_are_counted_again(counted: District) -> None:
    """S-M14."""
    execute(counted, "DELETE FROM tally WHERE grade = (SELECT min(grade) FROM tally)")
    assert "对象“parent”的计数与答卷不一致" in counted.command("verify", code=1)
    (row,) = json.loads(counted.app.test_cli_runner().invoke(args=["verify", "--json"]).stdout)
    assert "对象“parent”的计数与答卷不一致" in row["issues"][0]


def test_a_backup_from_before_the_closing_opens_nothing(small_district: District, tmp_path: Path) -> None:
    """S-M15: it reopened a sealed wave, with a silently new key, and nothing was written down."""
    out = tmp_path / "copy.backup"
    small_district.send_many(small_district.link(), 3)
    small_district.command("backup", "create", "--out", str(out))
    small_district.sealed()
    small_district.command("run-due")
    target = tmp_path / "restored.db"
    said = small_district.command("backup", "restore", str(out), "--to", f"sqlite:///{target}")
    assert f"恢复后仍然是截止的：{WAVE}" in said
    restored = Database(f"sqlite:///{target}")
    with restored.read_session() as session:
        assert session.scalar(text("SELECT count(*) FROM wave WHERE closed_at IS NOT NULL")) == 1
        assert session.scalar(text("SELECT kind FROM manifest_record")) == "restore"
        assert session.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'backup.restore'")) == 1
    restored.dispose()


def test_a_file_that_was_put_back_by_hand_stops_the_server(small_district: District, tmp_path: Path) -> None:
    """S-M15, S-M14: also a sealed wave that was set to open by SQL passed the check."""
    assert fatal(small_district) == []
    small_district.command("wave", "close", WAVE)
    execute(small_district, "UPDATE wave SET closed_at = NULL, closing_recorded_at = NULL")
    assert "数据库里却是开放的" in fatal(small_district)[0]
    small_district.command("wave", "close", WAVE)
    assert fatal(small_district) == []
    small_district.command("wave", "reopen", WAVE, "--closes", "2026-11-20", "--reason", "误操作")
    assert fatal(small_district) == [], "its own record reopened it"


@with_pg_dump
def test_a_dump_is_read_back_and_counted_and_a_damaged_one_refused(
    district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S-M9: the live database was counted; a dump with 1,500 zeroed bytes passed."""
    from survey_app.integrity import backup

    database = district.app.extensions["database"]
    if database.is_sqlite:
        pytest.skip("the other engine")
    district.send_many(district.link(), 9)
    execute(district, "INSERT INTO comment (wave_id, school_id, id, audience, question, text) "
                      "VALUES (1, 1, 'x', 'parent', 'C1', E'COPY public.response (\\n\\\\.\\nz')")  # fmt: skip
    counts = create_backup(database, tmp_path / "good.dump").by_table
    assert (counts["response"], counts["submission_receipt"], counts["comment"]) == (9, 9, 1)
    dump = backup._dump_postgresql

    def damaged(url: object, target: Path) -> None:
        dump(url, target)  # type: ignore[arg-type]
        content = bytearray(target.read_bytes())
        start = len(content) * 2 // 3
        content[start : start + 1500] = bytes(min(1500, len(content) - start))
        target.write_bytes(content)

    monkeypatch.setattr(backup, "_dump_postgresql", damaged)
    with pytest.raises(Exception, match=r"读不回来|没有答卷表"):
        create_backup(database, tmp_path / "bad.dump")
    assert not (tmp_path / "bad.dump").exists()


SHOWS_ANSWERS = {
    "log_statement": "all", "log_min_duration_statement": "0", "log_parameter_max_length_on_error": "200",
    "log_transaction_sample_rate": "0.5",
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWS_ANSWERS)
def test_a_postgresql_that_would_show_answers_is_refused(district: District, name: str) -> None:
    """S-M7."""
    database = district.app.extensions["database"]
    if database.is_sqlite:
        pytest.skip("the other engine")
    assert fatal(district) == []
    execute(district, f"ALTER DATABASE {database.url.database} SET {name} = '{SHOWS_ANSWERS[name]}'")
    database.dispose()
    assert f"{name} 是" in fatal(district)[0]


def test_no_samples_are_kept_of_answers_and_comments(district: District) -> None:
    """Security, Low: ``pg_stats`` kept 101 whole answer strings and comments."""
    database = district.app.extensions["database"]
    if database.is_sqlite:
        pytest.skip("the other engine")
    link = district.link()
    for number in range(20):
        district.send(link, district.answer(link, {"C1": f"食堂很好{number % 3}"}, seed=number))
    execute(district, "ANALYZE")
    with database.read_session() as session:
        columns = "attname IN ('answers', 'text') AND tablename IN ('response', 'comment')"
        assert session.scalar(text(f"SELECT count(*) FROM pg_stats WHERE {columns}")) == 0
    execute(district, "ALTER TABLE comment ALTER COLUMN text SET STATISTICS 100")
    assert "comment.text" in fatal(district)[0]
