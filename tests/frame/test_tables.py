"""What the tables promise, on both engines: constraints by name, answers that never change, migrations."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

import survey_app.accounts.models
import survey_app.collection.models
import survey_app.comments.models
import survey_app.distribution.models
import survey_app.frame.models
import survey_app.integrity.models  # noqa: F401
from survey_app.foundation.db import Base, Database
from survey_app.foundation.migration import MIGRATIONS, current_version, downgrade, is_current, newest_version, upgrade
from testing.district import District

SCHOOL = "INSERT INTO school (id, code, name, category, area, school_group, in_roster) VALUES "
WAVE = "INSERT INTO wave (id, name, opens_at, closes_at, instrument_ids, access, closed_at, sealed_at) VALUES "
ENROLMENT = "INSERT INTO enrolment (school_id, audience, grade, class_name, sex, population) VALUES "
RESPONSE = (
    "INSERT INTO response (wave_id, school_id, id, audience, structure_hash, grade, answers, response_speed) VALUES "
)
OPEN, END = "'2026-11-01 00:00:00'", "'2026-11-09 00:00:00'"
FIRST = [
    SCHOOL + "(1, '0101', 'a', 'primary', '', '', true)",
    WAVE + f"(1, 'w', {OPEN}, {END}, '[]', '{{}}', NULL, NULL)",
    ENROLMENT + "(1, 'parent', '1', '', '', 5)",
]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = Database(database_url)
    with found.engine.begin() as connection:
        for statement in FIRST:
            connection.execute(text(statement))
    yield found
    found.dispose()


REFUSED = {
    "ck_wave_closes_after_opening": WAVE + f"(2, 'x', {END}, {OPEN}, '[]', '{{}}', NULL, NULL)",
    "ck_wave_sealed_after_closing": WAVE + f"(2, 'x', {OPEN}, {END}, '[]', '{{}}', NULL, {END})",
    "uq_wave_name": WAVE + f"(2, 'w', {OPEN}, {END}, '[]', '{{}}', NULL, NULL)",
    "uq_school_code": SCHOOL + "(2, '0101', 'b', 'primary', '', '', true)",
    "ck_enrolment_population_positive": ENROLMENT + "(1, 'parent', '2', '', '', 0)",
    "uq_enrolment_school_id": ENROLMENT + "(1, 'parent', '1', '', '', 6)",
    "ck_response_teachers_have_no_grade": RESPONSE + "(1, 1, :id, 'teacher', 'h', '3', '1', '-')",
    "ck_response_halves_are_of_a_grade": RESPONSE.replace("response_speed)", "response_speed, half)")
    + "(1, 1, :id, 'teacher', 'h', '', '1', '-', 'A')",
    "fk_enrolment_school_id_school": ENROLMENT + "(99, 'parent', '1', '', '', 6)",
    "uq_submission_receipt_code": "INSERT INTO submission_receipt "
    "(wave_id, school_id, submission_hash, link_id, day, code_hash) VALUES (1, 1, :other, 1, '2026-11-02', :id)",
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_database_refuses_by_a_named_constraint(database: Database, name: str) -> None:
    values = {"id": b"1" * 16, "other": b"2" * 16}
    statement = text(REFUSED[name])
    values = {key: value for key, value in values.items() if f":{key}" in REFUSED[name]}
    if name == "uq_submission_receipt_code":
        with database.engine.begin() as connection:
            connection.execute(statement, values | {"other": b"3" * 16})
    with pytest.raises(DatabaseError) as caught, database.engine.begin() as connection:
        connection.execute(statement, values)
    said = str(caught.value.orig)
    if database.is_sqlite and not name.startswith("ck_"):  # SQLite names columns, not constraints
        assert ("FOREIGN KEY" if name.startswith("fk_") else "UNIQUE") in said
    else:
        assert name in said


@pytest.mark.parametrize("table", ["response", "comment", "submission_receipt"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_what_was_collected_is_never_changed(district: District, table: str, verb: str) -> None:
    link = district.link()
    assert district.send(link, district.answer(link, {"C1": "很好"})).status_code == 303
    assert district.count(table) == 1
    statement = f"DELETE FROM {table}" if verb == "DELETE" else f"UPDATE {table} SET school_id = 99"
    with (
        pytest.raises(DatabaseError, match=f"{table} is never changed"),
        district.app.extensions["database"].engine.begin() as connection,
    ):
        connection.execute(text(statement))
    assert district.count(f"{table} WHERE school_id <> 99") == 1


@pytest.mark.parametrize("table", ["response", "comment", "submission_receipt"])
def test_neither_replacing_nor_emptying_gets_around_it(district: District, table: str) -> None:
    link = district.link()
    district.send(link, district.answer(link, {"C1": "很好"}))
    database = district.app.extensions["database"]
    statement = f"REPLACE INTO {table} SELECT * FROM {table}" if database.is_sqlite else f"TRUNCATE {table}"
    with pytest.raises(DatabaseError, match="is never changed"), database.engine.begin() as connection:
        connection.execute(text(statement))
    assert district.count(table) == 1


def test_migrations_go_down_and_up_again(database: Database) -> None:
    assert is_current(database)
    downgrade(database, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    assert current_version(database) is None
    upgrade(database)
    assert is_current(database)
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM school")) == 0


def test_the_newest_version_is_the_head_of_alembic() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_heads() == [newest_version()]
    for revision in script.walk_revisions():
        assert Path(revision.path).name.startswith(f"{revision.revision}_")


def test_models_and_migrations_say_the_same(database: Database) -> None:
    assert len(Base.metadata.tables) >= 15
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        found = inspect(connection)
        for table in Base.metadata.tables.values():
            named = {check["name"] for check in found.get_check_constraints(table.name)}
            assert named == {str(c.name) for c in table.constraints if type(c).__name__ == "CheckConstraint"}, (
                table.name
            )
