"""What an installation must be before it may be trusted with answers: durable, private, current."""

import os
import sqlite3
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text

from survey_app.definition.messages import message
from survey_app.foundation.db import Database, DatabaseUnavailable
from survey_app.foundation.keys import KEY_BYTES, KeyStore
from survey_app.foundation.migration import current_version, newest_version
from survey_app.foundation.settings import Settings
from survey_app.foundation.stored_settings import Office, load_office
from survey_app.foundation.translation import render, use_language
from survey_app.frame.manifest import manifest_issues
from survey_app.frame.queries import list_waves

from .closures import closure_issues
from .doctor_postgresql import check_postgresql
from .health_issue import HealthIssue as HealthIssue
from .key_check import key_issues, make_lasting_keys

MIN_SQLITE_VERSION = (3, 51, 3)  # before it, a reset of the write-ahead log can lose a commit
EXAMPLE_OFFICE, EXAMPLE_CONTACT = "××", "000-0000000"  # as in deploy/environment.example


def bilingual_message(issue: HealthIssue) -> str:
    """In both languages: nobody knows who will read the log of a server."""
    with use_language("zh"):
        chinese = render(issue.message)
    with use_language("en"):
        return f"{chinese} · {render(issue.message)}"


def run_checks(database: Database, settings: Settings) -> list[HealthIssue]:
    """Raises :class:`DatabaseUnavailable`."""
    database_issues = list(_check_database(database))
    if not any(issue.is_fatal for issue in database_issues):
        database_issues += _check_against_keys(database, settings)
    return [*database_issues, *_check_keys(settings), *_check_office(_chosen_office(database, settings))]


def run_checks_at_start(database: Database, settings: Settings) -> list[HealthIssue]:
    """What the office is told at each start; a database that is away now is waited for. No connection is left open."""
    try:
        if current_version(database) == newest_version():
            with database.write_session() as session:
                make_lasting_keys(session, KeyStore(settings.secrets_dir))
        return [issue for issue in run_checks(database, settings) if issue.is_for_office]
    except DatabaseUnavailable as error:
        warning = message("没有检查数据库，服务照常启动并等待它。{why}", why=error.messages[0])
        office = Office(settings.office_name, settings.office_contact, settings.base_url)
        return [HealthIssue(False, warning), *_check_keys(settings), *_check_office(office)]
    finally:
        database.dispose()


def _check_database(database: Database) -> Iterator[HealthIssue]:
    if owner_issues := list(_check_file_owner(database)):
        yield from owner_issues
        return
    yield from _check_file_modes(database)
    yield from _check_schema(database)
    yield from _check_sqlite(database) if database.is_sqlite else check_postgresql(database)


def _check_file_owner(database: Database) -> Iterator[HealthIssue]:
    """As after a command that root ran by itself."""
    path = database.path
    if path and path.exists() and not os.access(path, os.R_OK | os.W_OK):
        yield HealthIssue(True, message("数据库文件 {place} 不能由运行服务的用户读写，请更改它的属主", place=str(path)))


def _check_file_modes(database: Database) -> Iterator[HealthIssue]:
    """The program makes its files private; one that was copied here by hand may be open to everybody on the machine."""
    path = database.path
    if os.name != "posix" or path is None:
        return
    for file in (path, path.with_name(path.name + "-wal")):
        if file.exists() and _is_open_to_others(file):
            yield HealthIssue(
                True, message("其他用户能读数据库文件 {place}，里面有答卷。请运行：chmod 600 {place}", place=str(file))
            )


def _is_open_to_others(path: Path) -> bool:
    """Whether the group, or everybody, may read the file and enter its folder."""
    file, folder = path.stat().st_mode, path.parent.stat().st_mode
    return any(file & read and folder & enter for read, enter in ((0o040, 0o010), (0o004, 0o001)))


def _check_schema(database: Database) -> Iterator[HealthIssue]:
    current, newest = current_version(database), newest_version()
    if current != newest:
        yield HealthIssue(True, message("数据库版本是 {found}，需要 {wanted}。请运行：flask db upgrade",
                                    found=current or "—", wanted=newest))  # fmt: skip


def _check_sqlite(database: Database) -> Iterator[HealthIssue]:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "recursive_triggers": 1}
    with database.read_session() as session:
        for name, value in expected.items():
            actual = session.scalar(text(f"PRAGMA {name}"))
            if actual != value:
                yield HealthIssue(True, message("SQLite 的 {name} 是 {found}，应当是 {value}",
                                            name=name, found=actual, value=value))  # fmt: skip
    if sqlite3.sqlite_version_info < MIN_SQLITE_VERSION:
        yield HealthIssue(
            False,
            message(
                "SQLite {found} 早于 {wanted}，预写日志有已知缺陷；请换用带新版 SQLite 的 Python",
                found=sqlite3.sqlite_version,
                wanted=".".join(map(str, MIN_SQLITE_VERSION)),
            ),
            is_for_office=False,
        )


def _check_against_keys(database: Database, settings: Settings) -> Iterator[HealthIssue]:
    """What the database says against what stands beside the keys, and against its own manifests."""
    keys = KeyStore(settings.secrets_dir)
    with database.read_session() as session:
        for issue in (*key_issues(session, keys), *closure_issues(session, keys)):
            yield HealthIssue(True, issue)
        for wave in list_waves(session):
            for issue in manifest_issues(session, wave):
                yield HealthIssue(False, issue)


def _check_keys(settings: Settings) -> Iterator[HealthIssue]:
    directory = settings.secrets_dir
    if not directory.is_dir():
        yield HealthIssue(True, message("密钥目录 {place} 不存在", place=str(directory)))
        return
    if os.name == "posix" and directory.stat().st_mode & 0o077:
        yield HealthIssue(
            True, message("其他用户能读密钥目录 {place}。请运行：chmod 700 {place}", place=str(directory))
        )
    for path in sorted(directory.glob("*.key")):
        if not os.access(path, os.R_OK):
            yield HealthIssue(True, message("运行服务的用户读不到密钥 {place}，请更改它的属主", place=str(path)))
            continue
        key = path.read_bytes()
        if os.name == "posix" and path.stat().st_mode & 0o077:
            yield HealthIssue(True, message("其他用户能读密钥 {place}。请运行：chmod 600 {place}", place=str(path)))
        if len(key) != KEY_BYTES or len(set(key)) < KEY_BYTES // 4:
            yield HealthIssue(True, message("密钥 {place} 不像随机生成的", place=str(path)))


def _chosen_office(database: Database, settings: Settings) -> Office:
    """What the office stored, as it is printed; the environment's where there are no tables yet."""
    if current_version(database) != newest_version():
        return Office(settings.office_name, settings.office_contact, settings.base_url)
    with database.read_session() as session:
        return load_office(session, settings)


def _check_office(office: Office) -> Iterator[HealthIssue]:
    """What an office must choose itself. Only what no poster can yet carry is fatal: once posters hang, a server that
    does not start does more harm than a wrong address."""
    address = urlsplit(office.address)
    host = address.hostname or ""
    how = message("督导室的“设置”，或命令 flask settings set address=https://…")
    if "survey.example" in host or not host:
        yield HealthIssue(True, message("二维码里的网址还是示例 {url}（BASE_URL），会指向别处。请改为自己的域名：{how}",
                                        url=office.address, how=how))  # fmt: skip
    elif _is_loopback(host):
        yield HealthIssue(False, message("二维码里的网址是 {url}，手机打不开。打印海报之前请改：{how}",
                                         url=office.address, how=how))  # fmt: skip
    elif address.scheme != "https":
        yield HealthIssue(False, message("二维码里的网址是 {url}，没有加密，沿途能看到答案。请用 https：{how}",
                                         url=office.address, how=how))  # fmt: skip
    if office.name.startswith(EXAMPLE_OFFICE):
        yield HealthIssue(False, message("单位名称还是示例（OFFICE_NAME），会印在问卷和海报上。请改：{how}",
                                         how="flask settings set office=…"))  # fmt: skip
    if office.contact == EXAMPLE_CONTACT:
        yield HealthIssue(False, message("咨询电话还是示例（OFFICE_CONTACT），家长会打这个电话。请改：{how}",
                                         how="flask settings set contact=…"))  # fmt: skip


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
