"""Backups are opened before they are believed; an installation that would lose answers is named."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from survey_app.foundation.db import Database
from survey_app.foundation.migration import upgrade
from survey_app.integrity.backup import count_rows, create_backup, restore_backup
from survey_app.integrity.doctor import run_checks
from testing.district import District
from testing.processes import free_port


def test_a_backup_is_restored_to_a_new_place_and_counts_the_same(small_district: District, tmp_path: Path) -> None:
    small_district.send_many(small_district.link(), 7)
    out = tmp_path / "copy.backup"
    assert "response 7" in small_district.command("backup", "create", "--out", str(out))
    assert out.stat().st_mode & 0o077 == 0
    small_district.send_many(small_district.link(), 2, seed=40)
    target = f"sqlite:///{tmp_path / 'restored.db'}"
    assert "response 7" in small_district.command("backup", "restore", str(out), "--to", target)
    restored = Database(target)
    assert count_rows(restored).by_table["submission_receipt"] == 7
    restored.dispose()
    assert "只写到新的位置" in small_district.command("backup", "restore", str(out), "--to", target, code=1)
    assert "已存在" in small_district.command("backup", "create", "--out", str(out), code=1)


def test_a_backup_makes_its_folder_and_says_where_it_may_not(small_district: District, tmp_path: Path) -> None:
    out = tmp_path / "backup" / "2026-11-22"
    small_district.command("backup", "create", "--out", str(out))
    assert out.parent.stat().st_mode & 0o077 == 0
    (tmp_path / "file").touch()
    assert "备份没有成功" in small_district.command("backup", "create", "--out", str(tmp_path / "file" / "x"), code=1)
    target = f"sqlite:///{tmp_path / 'new.db'}"
    assert "没有文件" in small_district.command("backup", "restore", str(tmp_path / "none"), "--to", target, code=1)
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/new"
    assert "数据库现在不能用" in small_district.command("backup", "restore", str(out), "--to", away, code=1)


def test_the_keys_are_not_in_a_backup(small_district: District, tmp_path: Path) -> None:
    small_district.send(small_district.link())
    out = tmp_path / "copy.backup"
    create_backup(small_district.app.extensions["database"], out)
    for key in (tmp_path / "secrets").glob("*.key"):
        assert key.read_bytes() not in out.read_bytes()


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="!!! pg_dump is not here")
def test_postgresql_is_dumped_and_never_restored_over_something(district: District, tmp_path: Path) -> None:
    database = district.app.extensions["database"]
    if database.is_sqlite:
        pytest.skip("the other engine")
    district.send_many(district.link(), 4)
    out = tmp_path / "copy.dump"
    assert create_backup(database, out).by_table["response"] == 4
    with pytest.raises(Exception, match="不是空的"):
        restore_backup(out, database.engine.url.render_as_string(hide_password=False))


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="!!! pg_dump is not here")
def test_a_primary_among_two_hosts_is_dumped_and_no_password_is_shown(
    district: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if district.app.extensions["database"].is_sqlite:
        pytest.skip("the other engine")
    commands: list[str] = []
    run = subprocess.run

    def seen(command: list[str], **more: Any) -> Any:
        commands.extend(command)
        return run(command, **more)

    monkeypatch.setattr("survey_app.integrity.backup.subprocess.run", seen)
    one = district.app.extensions["database"].engine.url
    hosts = tuple(f"127.0.0.1:{port}" for port in (free_port(), one.port))
    query = {"host": hosts, "target_session_attrs": "read-write"}
    both = one.set(host="", password="it's a secret").update_query_dict(query)._replace(port=None)
    database = Database(both.render_as_string(hide_password=False))
    assert create_backup(database, tmp_path / "copy.dump").by_table["response"] == 0
    database.dispose()
    assert "a secret" not in " ".join(commands)


def test_a_file_that_is_no_backup_is_refused(small_district: District, tmp_path: Path) -> None:
    wrong = tmp_path / "x.backup"
    wrong.write_text("nothing")
    target = f"sqlite:///{tmp_path / 'new.db'}"
    assert "不是 SQLite 备份" in small_district.command("backup", "restore", str(wrong), "--to", target, code=1)


def test_an_upgrade_makes_a_backup_first(small_district: District, tmp_path: Path) -> None:
    database = small_district.app.extensions["database"]
    small_district.send(small_district.link())
    assert "—" not in small_district.command("db", "check")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    small_district.app.test_cli_runner().invoke(args=["db", "upgrade"])
    kept = list((tmp_path / "backups").glob("before-*.backup"))
    assert len(kept) == 1
    copy = Database(f"sqlite:///{kept[0]}")
    assert count_rows(copy).by_table["response"] == 1
    copy.dispose()


def test_the_doctor_names_readable_and_made_up_keys(small_district: District, tmp_path: Path) -> None:
    small_district.send(small_district.link())
    assert "自检通过" in small_district.command("doctor")
    key = tmp_path / "secrets" / "form.key"
    key.chmod(0o644)
    assert "其他用户能读密钥" in small_district.command("doctor", code=1)
    listed = small_district.app.test_cli_runner().invoke(args=["doctor", "--json"])
    assert (listed.exit_code, any(row["fatal"] for row in json.loads(listed.stdout))) == (1, True)
    key.chmod(0o600)
    key.write_bytes(b"\0" * 32)
    assert "不像随机生成" in small_district.command("doctor", code=1)


def test_the_doctor_of_each_engine(district: District) -> None:
    found = district.app.extensions
    found["keys"].get("form")

    def fatal() -> list[str]:
        return [str(entry.message) for entry in run_checks(found["database"], found["settings"]) if entry.is_fatal]

    assert fatal() == []
    with found["database"].engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert len(fatal()) == 1
    assert "flask db upgrade" in fatal()[0]


def test_a_fresh_database_is_named_as_such(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(database)
    assert count_rows(database).by_table == {
        "wave": 0,
        "school": 0,
        "submission_receipt": 0,
        "response": 0,
        "comment": 0,
    }
    database.dispose()
