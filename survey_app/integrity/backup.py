"""Backups that were opened and counted before they are believed, and restoring them to a new place."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import URL

from survey_app.foundation.db import Database
from survey_app.foundation.errors import user_error
from survey_app.foundation.private_files import make_private_directory, make_private_file

COUNTED_TABLES = ("wave", "school", "submission_receipt", "response", "comment")


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows the important tables have."""

    by_table: dict[str, int]

    def __str__(self) -> str:
        return ", ".join(f"{table} {count}" for table, count in self.by_table.items())


def count_rows(database: Database) -> RowCounts:
    with database.read_session() as session:
        present = set(inspect(session.connection()).get_table_names())
        return RowCounts({
            table: int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608
            for table in COUNTED_TABLES if table in present
        })  # fmt: skip


def create_backup(database: Database, target: Path) -> RowCounts:
    """A copy as of one moment; keys are not in it. Raises :class:`UserError` if it cannot be made or verified."""
    draft = target.with_name(target.name + ".part")
    try:
        make_private_directory(target.parent)
        if target.exists():
            raise user_error("文件 {file} 已存在，请换一个文件名", file=str(target))
        make_private_file(draft)
        if database.is_sqlite:
            _copy_sqlite(_stored_at(database), draft)
        else:
            _dump_postgresql(database.url, draft)
        row_counts = _verify_copy(database, draft)
        draft.rename(target)
    except OSError as error:
        raise user_error("备份没有成功：{why}", why=error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return row_counts


def _stored_at(database: Database) -> Path:
    if database.path is None:
        raise user_error("这个数据库不是可写的文件，不能备份或恢复：{place}", place=database.url.database or ":memory:")
    return database.path


def _copy_sqlite(source: Path, target: Path) -> None:
    """By SQLite's own backup: a copy of the file under load would be torn."""
    try:
        with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(target)) as writer:
            reader.backup(writer)
            writer.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise user_error("备份没有成功：{why}", why=str(error)) from error


def _verify_copy(database: Database, copy: Path) -> RowCounts:
    if not database.is_sqlite:
        return _count_dump(copy)
    with closing(sqlite3.connect(copy)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise user_error("备份没有成功：备份文件损坏")
    copy_database = Database(f"sqlite:///{copy}")
    try:
        return count_rows(copy_database)
    finally:
        copy_database.dispose()
        for extra in ("-wal", "-shm"):
            copy.with_name(copy.name + extra).unlink(missing_ok=True)


def _dump_postgresql(url: URL, target: Path) -> None:
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}", _libpq_conninfo(url)], url)


def _libpq_conninfo(url: URL) -> str:
    """What PostgreSQL's own programs understand: SQLAlchemy writes several hosts in its own way. No password."""
    from psycopg.conninfo import make_conninfo

    _positional, parameters = url.get_dialect()().create_connect_args(url)
    return make_conninfo(**{name: value for name, value in parameters.items() if name != "password"})


def _count_dump(dump: Path) -> RowCounts:
    """Reads the whole dump as a restore would, to nothing, and counts the rows in it."""
    counts: Counter[str] = Counter()
    table = ""
    with tempfile.TemporaryFile() as errors:
        command = [_find_program("pg_restore"), "--file=-", str(dump)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as restore:
            assert restore.stdout is not None
            for line in restore.stdout:
                if table:
                    table = "" if line == b"\\.\n" else table
                    counts[table] += bool(table)
                elif line.startswith(b"COPY "):
                    table = line.split(b" ", 2)[1].decode().rpartition(".")[2]
                    counts[table] += 0
        errors.seek(0)
        why = errors.read().decode(errors="replace").strip()[:500]
    if restore.returncode:
        raise user_error("备份没有成功：备份文件读不回来：{why}", why=why)
    if "submission_receipt" not in counts:
        raise user_error("备份没有成功：备份文件里没有答卷表")
    return RowCounts({name: counts[name] for name in COUNTED_TABLES if name in counts})


def _find_program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise user_error("找不到程序 {name}，请安装 PostgreSQL 客户端工具", name=name)
    return path


def _run(command: list[str], url: URL) -> None:
    """A tool of PostgreSQL's; the password goes by the environment, never by the command line."""
    _find_program(command[0])
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    completed = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if completed.returncode:
        raise user_error("{name} 没有成功：{why}", name=command[0], why=completed.stderr.strip()[:500])


def restore_backup(file: Path, target_url: str) -> RowCounts:
    """Puts a backup into a new, empty place and counts it. Raises :class:`UserError` if something is there already."""
    if not os.access(file, os.R_OK):
        raise user_error("没有文件 {file}，或者无权读取它", file=str(file))
    target = Database(target_url)
    try:
        if target.is_sqlite:
            _restore_sqlite(file, _stored_at(target))
        else:
            if count_rows(target).by_table:
                raise user_error("目标数据库不是空的，请先新建一个空数据库")
            _run(
                ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_libpq_conninfo(target.url)}", str(file)],
                target.url,
            )
        return count_rows(target)
    finally:
        target.dispose()


def _restore_sqlite(file: Path, path: Path) -> None:
    if path.exists() and path.stat().st_size:
        raise user_error("{file} 已存在；恢复只写到新的位置", file=str(path))
    with file.open("rb") as stream:
        if stream.read(15) != b"SQLite format 3":
            raise user_error("{file} 不是 SQLite 备份", file=str(file))
    make_private_file(path)
    _copy_sqlite(file, path)
