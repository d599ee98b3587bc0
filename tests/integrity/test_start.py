"""A server looks at its installation before anybody is served: what would lose or show answers stops it."""

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from survey_app.foundation.db import Database
from survey_app.foundation.keys import KeyStore
from survey_app.foundation.settings import PROJECT, Settings
from survey_app.integrity.doctor import bilingual_message, run_checks, run_checks_at_start
from testing.district import District
from testing.processes import free_port, wait_until
from testing.workers import READY_SECONDS, Served, start_server

pytestmark = pytest.mark.xdist_group("workers")
BASE_URL = "https://survey.lin-jiang.cn"
NEVER_AGAIN = 78
linux = pytest.mark.skipif(not Path("/proc").is_dir(), reason="!!! the server's settings are for Linux")


def environment(url: str, home: Path, **own: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": url, "SECRETS_DIR": str(home / "secrets"), "INSTANCE_DIR": str(home),
                         "BASE_URL": BASE_URL, "OFFICE_NAME": "临江区教育督导室", "WORKERS": "2"} | own  # fmt: skip


@contextmanager
def production(url: str, home: Path, **own: str) -> Iterator[Served]:
    """A server as the unit starts it."""
    server = start_server(environment(url, home, **own), home / "server.log")
    try:
        yield server
    finally:
        server.service.stop()


def refusal(url: str, home: Path, **own: str) -> str:
    """What a server prints that does not start."""
    with production(url, home, **own) as server:
        assert server.service.process.wait(READY_SECONDS) == NEVER_AGAIN
        return server.log.read_text("utf-8")


@linux
def test_a_healthy_server_starts_and_its_master_holds_no_connection(database_url: str, tmp_path: Path) -> None:
    with production(database_url, tmp_path) as server:
        server.wait_until_up()
        master = Path(f"/proc/{server.service.process.pid}/fd")
        opened = [os.readlink(path) for path in master.iterdir()]
        assert not [name for name in opened if "survey.db" in name]
        assert sum(name.startswith("socket:") for name in opened) <= 1, "the port, and nothing to a database"
        assert "CRITICAL" not in server.log.read_text("utf-8")


@linux
def test_a_key_that_others_can_read_stops_the_server(sqlite_url: str, tmp_path: Path) -> None:
    key = tmp_path / "secrets" / "form.key"
    KeyStore(key.parent).get("form")
    key.chmod(0o644)
    said = refusal(sqlite_url, tmp_path)
    assert (
        f"其他用户能读密钥 {key}。请运行：chmod 600 {key} · Other users can read the key {key}. Run: chmod 600" in said
    )


@linux
def test_a_database_that_others_can_read_stops_the_server(sqlite_url: str, tmp_path: Path) -> None:
    """S-M8, operate 1: a copy that was restored by hand was open to every account of the machine."""
    home = tmp_path / "open"
    home.mkdir()
    home.chmod(0o755)
    copy = home / "survey.db"
    copy.write_bytes(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
    copy.chmod(0o644)
    said = refusal(f"sqlite:///{copy}", tmp_path)
    assert f"其他用户能读数据库文件 {copy}，里面有答卷。请运行：chmod 600 {copy} · " in said
    home.chmod(0o700)
    with production(f"sqlite:///{copy}", tmp_path) as server:
        server.wait_until_up()  # nobody else gets into the folder


@linux
def test_keys_that_cannot_be_read_or_written_stop_the_server(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("a file where the folder should be")
    said = refusal(sqlite_url, tmp_path)
    assert "请检查目录的属主和权限" in said
    assert "Check who owns the folder" in said
    assert "Traceback" not in said


@linux
def test_a_database_of_another_version_stops_the_server(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    database.dispose()
    said = refusal(sqlite_url, tmp_path)
    assert "flask db upgrade · The database is at version 0000" in said


@linux
def test_the_address_of_the_example_stops_the_server(sqlite_url: str, tmp_path: Path) -> None:
    assert "二维码里的网址还是示例" in refusal(sqlite_url, tmp_path, BASE_URL="https://survey.example.edu.cn")


@linux
def test_a_database_that_is_away_does_not_stop_the_server(tmp_path: Path) -> None:
    with production(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/survey", tmp_path) as server:
        wait_until(
            lambda: "the server starts nevertheless" in server.log.read_text("utf-8")
            and len(server.worker_pids()) == 2,
            READY_SECONDS, "two workers without a database",
        )  # fmt: skip
        assert server.service.process.poll() is None
        assert len(server.worker_pids()) == 2


def test_the_command_names_a_database_that_is_away(tmp_path: Path) -> None:
    KeyStore(tmp_path / "secrets").get("form")
    settings = Settings(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/survey", tmp_path / "secrets", BASE_URL)
    database = Database(settings.database_url)
    with pytest.raises(Exception, match="数据库现在不能用"):
        run_checks(database, settings)
    assert [finding.is_fatal for finding in run_checks_at_start(database, settings)] == [False]


def test_the_version_of_a_library_frightens_nobody_at_the_start(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K29: each start warned of the version of SQLite, about which a clerk can do nothing."""
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 40, 0))
    database, settings = sqlite_app.extensions["database"], sqlite_app.extensions["settings"]
    at_start = {bilingual_message(issue) for issue in run_checks_at_start(database, settings)}
    on_request = {bilingual_message(issue) for issue in run_checks(database, settings)}
    (said,) = (sentence for sentence in on_request - at_start if "SQLite" in sentence)
    assert "预写日志有已知缺陷" in said


@pytest.mark.parametrize(
    ("changed", "fatal", "sentence"),
    [
        ({"base_url": "https://survey.example.edu.cn"}, True, "二维码里的网址还是示例"),
        ({"base_url": "http://127.0.0.1:8000"}, False, "手机打不开"),
        ({"base_url": "http://localhost:8000"}, False, "手机打不开"),
        ({"base_url": "http://10.0.0.5"}, False, "没有加密"),
        ({"office_name": "××区教育督导室"}, False, "单位名称还是示例"),
        ({"office_contact": "000-0000000"}, False, "咨询电话还是示例"),
    ],
)
def test_what_the_office_must_choose_is_named(
    sqlite_url: str, tmp_path: Path, changed: dict[str, str], fatal: bool, sentence: str
) -> None:
    KeyStore(tmp_path / "secrets").get("form")
    chosen = {"base_url": BASE_URL, "office_name": "临江区教育督导室", "office_contact": "0512-1234567"} | changed
    database = Database(sqlite_url)
    found = run_checks(database, Settings(sqlite_url, tmp_path / "secrets", **chosen))  # type: ignore[arg-type]
    database.dispose()
    named = [finding for finding in found if sentence in bilingual_message(finding)]
    assert [finding.is_fatal for finding in named] == [fatal]
    assert [finding for finding in found if finding.is_fatal] == [finding for finding in named if finding.is_fatal]


def test_what_the_office_stored_is_judged_and_not_the_environment(small_district: District) -> None:
    """It is what posters print."""
    settings = dataclasses.replace(small_district.app.extensions["settings"], base_url="http://127.0.0.1:8000")
    database = small_district.app.extensions["database"]
    assert any("手机打不开" in bilingual_message(issue) for issue in run_checks(database, settings))
    small_district.command("settings", "set", "address=https://survey.linjiang.edu.cn")
    assert not any("手机打不开" in bilingual_message(issue) for issue in run_checks(database, settings))


def test_every_placeholder_of_the_example_is_known(sqlite_url: str, tmp_path: Path) -> None:
    lines = (PROJECT / "deploy" / "environment.example").read_text("utf-8").splitlines()
    example = dict(line.replace('"', "").split("=", 1) for line in lines if line and line[0] != "#")
    settings = Settings(
        sqlite_url, tmp_path / "secrets", example["BASE_URL"], office_name=example["OFFICE_NAME"],
        office_contact=example["OFFICE_CONTACT"],
    )  # fmt: skip
    KeyStore(settings.secrets_dir).get("form")
    database = Database(sqlite_url)
    named = " ".join(map(bilingual_message, run_checks(database, settings)))
    database.dispose()
    assert all(name in named for name in ("BASE_URL", "OFFICE_NAME", "OFFICE_CONTACT"))


def test_real_use_on_one_machine_warns_and_refuses(tmp_path: Path) -> None:
    def started() -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "survey_app.demo.start", "--prepare-only"],
            cwd=PROJECT, capture_output=True, text=True,
            timeout=60, check=False,
            env=environment(f"sqlite:///{tmp_path / 'own.db'}", tmp_path, BASE_URL="http://127.0.0.1:8000"),
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    status, said = started()
    assert status == 0
    assert re.search(r"另有 \d+ 条写在系统管理员登录后的首页", said), "counted for the keeper; doctor says them in full"
    (tmp_path / "secrets" / "session.key").chmod(0o644)
    status, said = started()
    assert status == 1
    assert "其他用户能读密钥" in said
    assert "not started" in said
