"""What is secret or personal is for its owner only, whatever the umask of the shell that started the program."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from survey_app.demo.command import prepare_demo
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.db import Database
from survey_app.foundation.keys import KeyStore
from survey_app.foundation.migration import upgrade
from survey_app.foundation.private_files import write_private_file
from survey_app.foundation.rate_limit import SharedTokenBuckets
from testing.district import District

pytestmark = pytest.mark.skipif(os.name != "posix", reason="!!! Windows has no modes")


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """The shell hides nothing, so that only the code can."""
    former = os.umask(0)
    yield
    os.umask(former)


def seen_by_others(folder: Path) -> list[str]:
    found = [folder, *folder.rglob("*")]
    return [str(path.relative_to(folder)) for path in found if path.lstat().st_mode & 0o077 and not path.is_symlink()]


def test_a_database_its_log_and_every_folder_made_for_it(tmp_path: Path) -> None:
    home = tmp_path / "made" / "by" / "us"
    database = Database(f"sqlite:///{home / 'survey.db'}")
    upgrade(database)
    with database.raw_transaction(writes=True) as transaction:
        transaction.execute("UPDATE alembic_version SET version_num = version_num")
        names = {path.name for path in home.iterdir()}
    assert {"survey.db", "survey.db-wal", "survey.db-shm", "survey.db-turn"} <= names
    assert seen_by_others(tmp_path / "made") == []
    database.dispose()


def test_keys_and_limits(tmp_path: Path) -> None:
    KeyStore(tmp_path / "installation" / "secrets").get("form")
    SharedTokenBuckets(tmp_path / "installation" / "shared" / "limits.bin").acquire("somebody", 1, 1)
    assert (tmp_path / "installation" / "shared" / "limits.bin").exists()
    assert seen_by_others(tmp_path / "installation") == []


def test_backups_and_what_is_restored_from_them(small_district: District, tmp_path: Path) -> None:
    backup, restored = tmp_path / "backups" / "2026" / "x.backup", tmp_path / "new" / "survey.db"
    small_district.command("backup", "create", "--out", str(backup))
    small_district.command("backup", "restore", str(backup), "--to", f"sqlite:///{restored}")
    assert restored.exists()
    assert seen_by_others(tmp_path / "backups") == seen_by_others(tmp_path / "new") == []


def test_a_postgresql_dump(district: District, tmp_path: Path) -> None:
    if district.app.extensions["database"].is_sqlite:
        pytest.skip("the other engine")
    out = tmp_path / "backups" / "x.dump"
    district.command("backup", "create", "--out", str(out))
    assert seen_by_others(out.parent) == []


def test_slips_answers_tables_and_workbooks(sqlite_app: Flask, clock: ManualClock, tmp_path: Path) -> None:
    small_district = District(sqlite_app, clock).opened(access={"parent": "code"})
    out = tmp_path / "out"
    out.mkdir(0o700)
    command, wave = small_district.command, ("--wave", small_district.wave)
    command("codes", "issue", *wave, "--school", "0101", "--audience", "parent", "--count", "2",
            "--out", str(out / "slips.pdf"))  # fmt: skip
    small_district.send_many(small_district.link("student"), 12)
    small_district.sealed()
    (out / "old.csv").write_text("written by somebody with an open umask")
    for name in ("answers.csv", "old.csv"):
        command("responses", "export", *wave, "--out", str(out / name))
    command("responses", "export", *wave, "--format", "xlsx", "--out", str(out / "answers.xlsx"))
    command("results", "indices", *wave, "--out", str(out / "indices.csv"))
    command("results", "report", *wave, "--out", str(out / "report.xlsx"))
    assert len(list(out.iterdir())) == 6
    assert seen_by_others(out) == []


def test_the_password_of_the_demo(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    prepare_demo(home, "http://127.0.0.1:8000", share=0.01)
    assert home.stat().st_mode & 0o077 == (home / "login.txt").stat().st_mode & 0o077 == 0
    assert [name for name in seen_by_others(home) if name.endswith((".key", ".db", ".db-wal", ".db-shm"))] == []


@pytest.mark.skipif(sys.platform != "linux", reason="!!! /dev/stdout")
def test_a_screen_is_written_as_it_is() -> None:
    write_private_file(Path("/dev/null"), b"shown")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file::memory:?cache=shared"])
def test_a_database_in_memory_leaves_no_file(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock file was once made from such an address, and a folder named ``file:``."""
    monkeypatch.chdir(tmp_path)
    database = Database(url)
    assert database.path is None
    with database.raw_transaction(writes=True) as transaction:
        transaction.execute("CREATE TABLE t (x INTEGER)")
    database.dispose()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["?mode=ro", "?mode=ro&uri=true"])
def test_a_database_opened_for_reading_leaves_no_file(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        connection.execute("CREATE TABLE t (x INTEGER)")
    database = Database(f"sqlite:///file:{tmp_path / 'old.db'}{ending}")
    assert database.path is None
    with pytest.raises(Exception, match="数据库现在不能用"), database.raw_transaction(writes=True) as transaction:
        transaction.execute("INSERT INTO t VALUES (1)")
    database.dispose()
    assert [path.name for path in tmp_path.iterdir()] == ["old.db"]


def test_an_address_that_is_a_uri_has_its_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///file:{tmp_path}/a%20b.db?mode=rwc")
    assert database.path == tmp_path / "a b.db"
    upgrade(database)
    database.dispose()
    assert database.path.exists()


def test_nothing_else_takes_an_address_apart() -> None:
    """One owner: :attr:`Database.path`."""
    from survey_app.foundation.settings import PROJECT

    users = {
        path.name for path in (PROJECT / "survey_app").rglob("*.py")
        if "make_url(" in (text := path.read_text("utf-8")) or "url.database" in text
    }  # fmt: skip
    assert users <= {"db.py", "backup.py"}
