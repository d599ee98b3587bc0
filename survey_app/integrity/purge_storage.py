"""Taking rows away for good, past the triggers that protect them, as the seal rewrites them.

PostgreSQL keeps deleted rows in the file until it is cleaned some day: there the rows that stay move to a new file, and
the old one is dropped. SQLite overwrites what it deletes; its log is emptied by the run that follows.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from survey_app.foundation.db import UtcDateTime


def delete_collected(session: Session, wave_id: int, *tables: str) -> dict[str, int]:
    """Return how many rows of each table there were. Call :func:`.shuffle_storage.lock_tables` before."""
    return {name: _delete(session, name, "wave_id = :value", bindparam("value", wave_id)) for name in tables}


def delete_audit_before(session: Session, moment: datetime) -> int:
    """Return how many entries of the audit there were."""
    return _delete(session, "audit_entry", "at < :value", bindparam("value", moment, UtcDateTime))


def _delete(session: Session, name: str, condition: str, value: Any) -> int:
    def bound(statement: str) -> TextClause:
        return text(statement).bindparams(value)

    count = int(session.scalar(bound(f"SELECT count(*) FROM {name} WHERE {condition}")) or 0)  # noqa: S608
    if session.get_bind().dialect.name == "sqlite":
        _delete_sqlite(session, name, bound(f"DELETE FROM {name} WHERE {condition}"))  # noqa: S608
    else:
        kept = bound(f"INSERT INTO purging_{name} SELECT * FROM {name} WHERE NOT ({condition})")  # noqa: S608
        _rewrite_postgresql(session, name, kept)
    return count


def _delete_sqlite(session: Session, name: str, delete: TextClause) -> None:
    triggers = session.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": name}
    ).all()
    for trigger, _sql in triggers:
        session.execute(text(f"DROP TRIGGER {trigger}"))
    session.execute(delete)
    for _trigger, sql in triggers:
        session.connection().exec_driver_sql(sql)


def _rewrite_postgresql(session: Session, name: str, keep: TextClause) -> None:
    session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
    empty_copy = f"CREATE TEMP TABLE purging_{name} ON COMMIT DROP AS SELECT * FROM {name} WITH NO DATA"  # noqa: S608
    session.execute(text(empty_copy))
    session.execute(keep)
    session.execute(text(f"TRUNCATE {name}"))
    session.execute(text(f"INSERT INTO {name} SELECT * FROM purging_{name} ORDER BY random()"))  # noqa: S608
    session.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
