"""What an installation must be before it may be trusted with answers: durable, private, current."""

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.engine import make_url

from survey_app.definition.messages import Message, message
from survey_app.foundation.db import Database, DatabaseUnavailable
from survey_app.foundation.keys import KEY_BYTES
from survey_app.foundation.migration import current_version, newest_version
from survey_app.foundation.settings import Settings
from survey_app.foundation.translation import say, speaking

SAFE_SQLITE = (3, 51, 3)  # before it, a reset of the write-ahead log can lose a commit
EXAMPLE_OFFICE, EXAMPLE_CONTACT = "××", "000-0000000"  # as in deploy/environment.example
GUESSED_FIRST = {"", "…", "password", "postgres", "changeme", "change-me", "secret", "123456", "12345678"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. ``fatal``: do not collect answers like this."""

    fatal: bool
    message: Message


def told(finding: Finding) -> str:
    """In both languages: nobody knows who will read the log of a server."""
    with speaking("zh"):
        chinese = say(finding.message)
    with speaking("en"):
        return f"{chinese} · {say(finding.message)}"


def selfcheck(database: Database, settings: Settings) -> list[Finding]:
    """Raises :class:`DatabaseUnavailable`."""
    return [*_database(database), *_keys(settings), *_chosen(settings)]


def selfcheck_at_start(database: Database, settings: Settings) -> list[Finding]:
    """A database that is away now is waited for, not a reason to stay away too. No connection is left open."""
    try:
        return selfcheck(database, settings)
    except DatabaseUnavailable as away:
        unseen = message("没有检查数据库，服务照常启动并等待它。{why}", why=away.lines[0])
        return [Finding(False, unseen), *_keys(settings), *_chosen(settings)]
    finally:
        database.dispose()


def _database(database: Database) -> Iterator[Finding]:
    if found := list(_foreign_file(database)):
        yield from found
        return
    yield from _schema(database)
    yield from _sqlite(database) if database.is_sqlite else _postgresql(database)


def _foreign_file(database: Database) -> Iterator[Finding]:
    """As after a command that root ran by itself."""
    path = make_url(database.url).database or ""
    if database.is_sqlite and os.path.exists(path) and not os.access(path, os.R_OK | os.W_OK):
        yield Finding(True, message("数据库文件 {place} 不能由运行服务的用户读写，请更改它的属主", place=path))


def _schema(database: Database) -> Iterator[Finding]:
    found, wanted = current_version(database), newest_version()
    if found != wanted:
        yield Finding(True, message("数据库版本是 {found}，需要 {wanted}。请运行：flask db upgrade",
                                    found=found or "—", wanted=wanted))  # fmt: skip


def _sqlite(database: Database) -> Iterator[Finding]:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "recursive_triggers": 1}
    with database.reading() as session:
        for name, value in wanted.items():
            found = session.scalar(text(f"PRAGMA {name}"))
            if found != value:
                yield Finding(True, message("SQLite 的 {name} 是 {found}，应当是 {value}",
                                            name=name, found=found, value=value))  # fmt: skip
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        yield Finding(False, message("SQLite {found} 早于 {wanted}，预写日志有已知缺陷；请换用带新版 SQLite 的 Python",
                                     found=sqlite3.sqlite_version, wanted=".".join(map(str, SAFE_SQLITE))))  # fmt: skip


def _postgresql(database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        for name in ("fsync", "full_page_writes"):
            if session.scalar(text(f"SHOW {name}")) != "on":
                yield Finding(True, message("PostgreSQL 的 {name} 已关闭，断电会丢答卷。请打开", name=name))
        if session.scalar(text("SHOW synchronous_commit")) in ("off", "local"):
            yield Finding(True, message("PostgreSQL 的 synchronous_commit 应当是 on"))
        if session.scalar(text("SHOW log_min_error_statement")) not in ("panic", "fatal"):
            yield Finding(False, message("PostgreSQL 的 log_min_error_statement 应当是 panic，以免日志里出现答案"))
    if (password := make_url(database.url).password) is not None and str(password) in GUESSED_FIRST:
        yield Finding(False, message("DATABASE_URL 里的密码不是真正的密码，请更换"))


def _keys(settings: Settings) -> Iterator[Finding]:
    directory = settings.secrets_dir
    if not directory.is_dir():
        yield Finding(True, message("密钥目录 {place} 不存在", place=str(directory)))
        return
    if os.name == "posix" and directory.stat().st_mode & 0o077:
        yield Finding(True, message("其他用户能读密钥目录 {place}。请运行：chmod 700 {place}", place=str(directory)))
    for path in sorted(directory.glob("*.key")):
        if not os.access(path, os.R_OK):
            yield Finding(True, message("运行服务的用户读不到密钥 {place}，请更改它的属主", place=str(path)))
            continue
        key = path.read_bytes()
        if os.name == "posix" and path.stat().st_mode & 0o077:
            yield Finding(True, message("其他用户能读密钥 {place}。请运行：chmod 600 {place}", place=str(path)))
        if len(key) != KEY_BYTES or len(set(key)) < KEY_BYTES // 4:
            yield Finding(True, message("密钥 {place} 不像随机生成的", place=str(path)))


def _chosen(settings: Settings) -> Iterator[Finding]:
    """What an office must choose itself. Only what no poster can yet carry is fatal: once posters hang, a server that
    does not start does more harm than a wrong address."""
    address = urlsplit(settings.base_url)
    host = address.hostname or ""
    if "survey.example" in host or not host:
        yield Finding(
            True, message("BASE_URL 还是示例 {url}，二维码会指向别处。请改为自己的域名", url=settings.base_url)
        )
    elif _is_loopback(host):
        yield Finding(False, message("BASE_URL 是 {url}，手机打不开。打印海报之前请改", url=settings.base_url))
    elif address.scheme != "https":
        yield Finding(False, message("BASE_URL 是 {url}，没有加密，沿途能看到答案。请用 https", url=settings.base_url))
    if settings.office.startswith(EXAMPLE_OFFICE):
        yield Finding(False, message("OFFICE_NAME 还是示例，会印在问卷和海报上"))
    if settings.contact == EXAMPLE_CONTACT:
        yield Finding(False, message("OFFICE_CONTACT 还是示例，家长会打这个电话"))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
