"""What an installation must be before it may be trusted with answers: durable, private, current."""

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from survey_app.definition.messages import Message, message
from survey_app.foundation.db import Database
from survey_app.foundation.keys import KEY_BYTES
from survey_app.foundation.migrating import current_version, newest_version
from survey_app.foundation.settings import Settings

SAFE_SQLITE = (3, 51, 3)  # before it, a reset of the write-ahead log can lose a commit


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. ``fatal``: do not collect answers like this."""

    fatal: bool
    message: Message


def selfcheck(database: Database, settings: Settings) -> list[Finding]:
    return [*_schema(database), *(_sqlite(database) if database.is_sqlite else _postgresql(database)), *_keys(settings)]


def _schema(database: Database) -> Iterator[Finding]:
    found, wanted = current_version(database), newest_version()
    if found != wanted:
        yield Finding(True, message("数据库版本是 {found}，需要 {wanted}。请运行：flask db upgrade",
                                    found=found or "—", wanted=wanted))  # fmt: skip


def _sqlite(database: Database) -> Iterator[Finding]:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "recursive_triggers": 1}
    with database.engine.connect() as connection:
        for name, value in wanted.items():
            found = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            if found != value:
                yield Finding(True, message("SQLite 的 {name} 是 {found}，应当是 {value}",
                                            name=name, found=found, value=value))  # fmt: skip
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        yield Finding(False, message("SQLite {found} 早于 {wanted}，预写日志有已知缺陷；请换用带新版 SQLite 的 Python",
                                     found=sqlite3.sqlite_version, wanted=".".join(map(str, SAFE_SQLITE))))  # fmt: skip


def _postgresql(database: Database) -> Iterator[Finding]:
    with database.engine.connect() as connection:
        for name in ("fsync", "full_page_writes"):
            if connection.scalar(text(f"SHOW {name}")) != "on":
                yield Finding(True, message("PostgreSQL 的 {name} 已关闭，断电会丢答卷。请打开", name=name))
        if connection.scalar(text("SHOW synchronous_commit")) in ("off", "local"):
            yield Finding(True, message("PostgreSQL 的 synchronous_commit 应当是 on"))
        if connection.scalar(text("SHOW log_min_error_statement")) not in ("panic", "fatal"):
            yield Finding(False, message("PostgreSQL 的 log_min_error_statement 应当是 panic，以免日志里出现答案"))


def _keys(settings: Settings) -> Iterator[Finding]:
    directory = settings.secrets_dir
    if not directory.is_dir():
        yield Finding(True, message("密钥目录 {place} 不存在", place=str(directory)))
        return
    if os.name == "posix" and directory.stat().st_mode & 0o077:
        yield Finding(True, message("其他用户能读密钥目录 {place}。请运行：chmod 700 {place}", place=str(directory)))
    for path in sorted(directory.glob("*.key")):
        key = path.read_bytes()
        if os.name == "posix" and path.stat().st_mode & 0o077:
            yield Finding(True, message("其他用户能读密钥 {place}。请运行：chmod 600 {place}", place=str(path)))
        if len(key) != KEY_BYTES or len(set(key)) < KEY_BYTES // 4:
            yield Finding(True, message("密钥 {place} 不像随机生成的", place=str(path)))
