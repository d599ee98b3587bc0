"""The seal's rewrite: afterwards nothing in the tables tells in which order submissions came.

Ids are random, but a table also remembers when a row was written: SQLite by page, PostgreSQL by transaction number and
place. Both tables of a wave are therefore written anew in one transaction, responses and comments under fresh ids, all
in random order. This runs as the maintenance role: the triggers that protect collected answers step aside inside this
transaction only.
"""

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from survey_app.collection.models import MIN_EXCLUDED, Comment, Response, SubmissionReceipt

TABLES: tuple[tuple[Table, bool], ...] = tuple(
    (model.__table__, has_fresh_ids)  # type: ignore[misc]
    for model, has_fresh_ids in ((Response, True), (Comment, True), (SubmissionReceipt, False))
)


def lock_tables(session: Session) -> None:
    """Waits for submissions that are being written, and lets in no other until this transaction ends."""
    session.flush()
    if session.get_bind().dialect.name != "sqlite":
        # In the order in which a submission is written, so that neither waits for the other.
        session.execute(text("LOCK TABLE submission_receipt, response, comment IN ACCESS EXCLUSIVE MODE"))


def shuffle_rows(session: Session, wave_id: int) -> None:
    """Writes the collected rows anew, without the halves of classes, after :func:`lock_tables`.

    What other waves are collecting stays as it is, only its order is lost too.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    for table, has_random_id in TABLES:
        if is_sqlite:
            _shuffle_sqlite(session, table, has_random_id, wave_id)
        else:
            _shuffle_postgresql(session, table, has_random_id, wave_id)


def _columns(table: Table, replacements: dict[str, str]) -> tuple[str, str]:
    """The columns, and what is selected for them: a fresh id in place of the old one, nothing in place of a half."""
    names = [column.name for column in table.columns]
    return ", ".join(names), ", ".join(replacements.get(name, name) for name in names)


def _replacements(table: Table, random_id: str) -> dict[str, str]:
    """What is written in place of what was collected; a small group is not shown by its file, nor by being on paper."""
    small = (
        f"SELECT school_id, audience FROM sealing_{table.name} WHERE wave_id = :wave "  # noqa: S608
        f"GROUP BY school_id, audience, imported_file HAVING count(*) < {MIN_EXCLUDED}"
    )
    file = f"CASE WHEN imported_file = 0 OR (school_id, audience) IN ({small}) THEN 0 ELSE imported_file END"
    return {"id": random_id, "half": "''", "imported_file": file, "response_speed": _speed(table)}


def _speed(table: Table) -> str:
    """The pace, which also tells paper from a phone: where few of a school's forms are one, they join the others."""
    is_untimed = "response_speed IN ('p', '-')"
    untimed, timed = (f"sum(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in (is_untimed, f"NOT {is_untimed}"))

    def groups(condition: str) -> str:
        return (
            f"(school_id, audience) IN (SELECT school_id, audience FROM sealing_{table.name} "  # noqa: S608
            f"WHERE wave_id = :wave GROUP BY school_id, audience HAVING {condition})"
        )

    few_untimed = groups(f"{untimed} BETWEEN 1 AND {MIN_EXCLUDED - 1}")
    few_timed = groups(f"{untimed} >= {MIN_EXCLUDED} AND {timed} < {MIN_EXCLUDED}")
    return (
        f"CASE WHEN {is_untimed} AND {few_untimed} THEN '3' "
        f"WHEN NOT {is_untimed} AND {few_timed} THEN '-' ELSE response_speed END"
    )


def _shuffle_sqlite(session: Session, table: Table, has_random_id: bool, wave_id: int) -> None:
    name, wave = table.name, {"wave": wave_id}
    names, selected = _columns(table, _replacements(table, "randomblob(16)") if has_random_id else {})
    triggers = session.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": name}
    ).all()
    copy_shuffled = (
        f"CREATE TEMP TABLE sealing_{name} AS SELECT {names} FROM {name} WHERE wave_id = :wave ORDER BY random()"  # noqa: S608
    )
    session.execute(text(copy_shuffled), wave)
    for trigger, _sql in triggers:
        session.execute(text(f"DROP TRIGGER {trigger}"))
    session.execute(text(f"DELETE FROM {name} WHERE wave_id = :wave"), wave)  # noqa: S608
    insert = f"INSERT INTO {name} ({names}) SELECT {selected} FROM sealing_{name}"  # noqa: S608
    session.execute(text(insert), wave if ":wave" in insert else {})
    session.execute(text(f"DROP TABLE sealing_{name}"))
    for _trigger, sql in triggers:
        session.connection().exec_driver_sql(sql)


def _shuffle_postgresql(session: Session, table: Table, has_random_id: bool, wave_id: int) -> None:
    """All rows move to a new file; TRUNCATE leaves names, grants and triggers where they are."""
    name = table.name
    fresh = _replacements(table, "uuid_send(gen_random_uuid())") if has_random_id else {}
    replacements = {column: f"CASE WHEN wave_id = :wave THEN {new} ELSE {column} END" for column, new in fresh.items()}
    names, selected = _columns(table, replacements)
    session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
    session.execute(text(f"CREATE TEMP TABLE sealing_{name} ON COMMIT DROP AS SELECT {names} FROM {name}"))  # noqa: S608
    session.execute(text(f"TRUNCATE {name}"))
    insert_shuffled = f"INSERT INTO {name} ({names}) SELECT {selected} FROM sealing_{name} ORDER BY random()"  # noqa: S608
    session.execute(text(insert_shuffled), {"wave": wave_id} if replacements else {})
    session.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
