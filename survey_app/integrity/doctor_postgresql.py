"""What PostgreSQL must be told: an acknowledged submission is on disk, and no answer stands in a log or an archive."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.definition.messages import message
from survey_app.foundation.db import Database
from survey_app.frame.queries import list_waves

from .health_issue import HealthIssue

COMMON_PASSWORDS = {"", "…", "password", "postgres", "changeme", "change-me", "secret", "123456", "12345678"}
DURABLE = ("fsync", "full_page_writes")
SILENT = {  # what would write statements or their values, and the values that do not
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_parameter_max_length": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "track_commit_timestamp": ("off",),
    "debug_print_parse": ("off",),
    "debug_print_rewritten": ("off",),
    "debug_print_plan": ("off",),
}
UNLOGGED_ALREADY = {"log_parameter_max_length": ("log_statement", "log_min_duration_statement")}
SAMPLED_COLUMNS = (
    ("response", "id"), ("response", "answers"), ("comment", "id"), ("comment", "text"),
    ("submission_receipt", "submission_hash"), ("submission_receipt", "code_hash"),
)  # fmt: skip


def check_postgresql(database: Database) -> Iterator[HealthIssue]:
    with database.read_session() as session:
        for name in DURABLE:
            if _value(session, name) != "on":
                yield HealthIssue(True, message("PostgreSQL 的 {name} 已关闭，断电会丢答卷。请打开", name=name))
        if _value(session, "synchronous_commit") in ("off", "local"):
            yield HealthIssue(True, message("PostgreSQL 的 synchronous_commit 应当是 on"))
        if _value(session, "log_min_error_statement") not in ("panic", "fatal"):
            yield HealthIssue(False, message("PostgreSQL 的 log_min_error_statement 应当是 panic，以免日志里出现答案"))
        yield from _check_what_is_logged(session)
        yield from _check_archive(session)
        yield from _check_samples(session)
    if (password := database.url.password) is not None and str(password) in COMMON_PASSWORDS:
        yield HealthIssue(False, message("DATABASE_URL 里的密码不是真正的密码，请更换"))


def _value(session: Session, name: str) -> str:
    return str(session.scalar(text("SELECT current_setting(:name, true)"), {"name": name}))


def _is_silent(session: Session, name: str) -> bool:
    return _value(session, name) in (*SILENT[name], "None", "")


def _check_what_is_logged(session: Session) -> Iterator[HealthIssue]:
    for name, allowed in SILENT.items():
        if _is_silent(session, name):
            continue
        if all(_is_silent(session, other) for other in UNLOGGED_ALREADY.get(name, (name,))):
            continue  # a value is only cut where a statement is logged at all
        yield HealthIssue(
            True,
            message("PostgreSQL 的 {name} 是 {found}，会把答案或提交时间写进日志或表里。请改为 {value}",
                    name=name, found=_value(session, name), value=allowed[0]),
        )  # fmt: skip


def _check_archive(session: Session) -> Iterator[HealthIssue]:
    """The archive keeps the order in which submissions came, whatever the seal rewrites."""
    has_unsealed = any(wave.opened_at is not None and wave.sealed_at is None for wave in list_waves(session))
    if has_unsealed and _value(session, "archive_mode") != "off":
        yield HealthIssue(
            True,
            message("批次开放期间 PostgreSQL 不能归档日志（archive_mode）：归档里留有答卷的先后。请关闭，封存后再打开"),
        )


def _check_samples(session: Session) -> Iterator[HealthIssue]:
    query = text("SELECT attstattarget FROM pg_attribute WHERE attrelid = to_regclass(:table) AND attname = :column")
    for table, column in SAMPLED_COLUMNS:
        if session.scalar(query, {"table": table, "column": column}) not in (0, None):
            yield HealthIssue(
                True, message("PostgreSQL 会为 {column} 留样本（统计目标不是 0）。请运行：flask db upgrade",
                              column=f"{table}.{column}")
            )  # fmt: skip
