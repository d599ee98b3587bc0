"""Transactions below SQLAlchemy's sessions: one connection goes from writer to writer."""

from contextlib import suppress

from survey_app.foundation.db import Database

COUNT = "SELECT count(*) FROM alembic_version"


def test_the_next_writer_gets_the_connection_and_nothing_that_was_not_committed(database_url: str) -> None:
    database = Database(database_url)
    with database.raw_transaction(writes=True) as first:
        assert first.execute(COUNT).fetchone() == (1,)
    with suppress(ZeroDivisionError), database.raw_transaction(writes=True) as second:
        assert second.connection is first.connection
        second.execute("DELETE FROM alembic_version")
        raise ZeroDivisionError
    with database.raw_transaction(writes=True) as third:
        assert third.execute(COUNT).fetchone() == (1,)
    database.dispose()


def test_readers_keep_to_the_pool_and_what_was_disposed_of_is_gone(database_url: str) -> None:
    database = Database(database_url)
    with database.raw_transaction(writes=False) as reader, database.raw_transaction(writes=True) as writer:
        assert writer.connection is not reader.connection
    with database.raw_transaction(writes=True) as next_writer:
        assert next_writer.connection is writer.connection
        with database.raw_transaction(writes=False) as reader:
            assert reader.execute(COUNT).fetchone() == (1,)
    database.dispose()
    with database.raw_transaction(writes=True) as after:
        assert after.connection is not writer.connection, "what was disposed of is not used again"
    database.dispose()
