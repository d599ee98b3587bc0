"""The database: one engine, read sessions and write sessions, on SQLite or PostgreSQL."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DataError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeDecorator

from survey_app.definition.messages import message

from .errors import Refused
from .write_lock import turn

BUSY_SECONDS = 10
RETRY_SECONDS, RETRY_PAUSE = 60.0, 0.2

Result = TypeVar("Result")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """A moment, aware in the program, UTC in the table."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class Plain:
    """A transaction in plain SQL, for the two places where every microsecond is multiplied by a district."""

    def __init__(self, connection: PoolProxiedConnection, is_sqlite: bool) -> None:
        self.connection = connection
        self.cursor: Any = connection.cursor()
        self.is_sqlite = is_sqlite

    def run(self, statement: str, *values: object) -> Any:
        """Executes a statement with ``?`` for its values; returns the cursor, with rows and row count."""
        self.cursor.execute(self._native(statement), values)
        return self.cursor

    def run_all(self, statement: str, rows: Sequence[Sequence[object]]) -> int:
        """Executes a statement once for each row; the number of table rows that it changed in all."""
        self.cursor.executemany(self._native(statement), rows)
        return int(self.cursor.rowcount)

    def begin(self) -> None:
        """PostgreSQL's driver begins by itself."""
        if self.is_sqlite:
            self.cursor.execute("BEGIN IMMEDIATE")

    def begin_anew(self) -> None:
        """Undoes what was done so far."""
        self.connection.rollback()
        self.begin()

    def _native(self, statement: str) -> str:
        return statement if self.is_sqlite else statement.replace("?", "%s")


class Database:
    """Entry points (views, commands) open sessions here; services get them as their first argument."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = self._engine(url)
        # ballots are tried again when a connection is lost, so that it need not be asked before whether it lives
        self._plain_engine = self.engine if self.is_sqlite else self._engine(url, pre_ping=False)
        self._reader = self.engine.execution_options(reads_only=True)
        self._turn_file = f"{path}-turn" if (path := _file_of(url)) else None

    def _engine(self, url: str, pre_ping: bool = True) -> Engine:
        if not self.is_sqlite:
            return create_engine(url, pool_pre_ping=pre_ping, hide_parameters=True, connect_args={"connect_timeout": 2})
        if path := _file_of(url):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        with _named_failures(), Session(self._reader) as session:
            yield session

    @contextmanager
    def committed(self) -> Iterator[Session]:
        """A session whose work is committed when the block ends, or undone if it fails."""
        with _named_failures(), Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def plain(self, writes: bool) -> Iterator[Plain]:
        """Like :meth:`committed` (or, without ``writes``, :meth:`reading`), below SQLAlchemy's sessions."""
        driver = self.engine.dialect.loaded_dbapi
        failures = (driver.OperationalError, driver.ProgrammingError, driver.InternalError, driver.DataError)
        connection: PoolProxiedConnection | None = None
        try:
            with _named_failures():
                connection = self._plain_engine.raw_connection()
            plain = Plain(connection, self.is_sqlite)
            if not writes:
                yield plain
                return
            with turn(self._turn_file):
                plain.begin()
                yield plain
                connection.commit()
        except failures as error:
            unavailable = _unavailable(error)
            if connection is not None and unavailable.connection_lost:
                connection.invalidate(error)
                self._plain_engine.dispose()
            raise unavailable from None
        finally:
            if connection is not None:
                connection.close()  # back to the pool, which rolls back what was not committed

    def tried_again(self, work: Callable[[], Result]) -> Result:
        """The result of ``work``, a whole transaction; repeated while the connection is lost, up to a minute."""
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            try:
                return work()
            except DatabaseUnavailable as failure:
                if not failure.connection_lost or time.monotonic() > deadline:
                    raise
                time.sleep(RETRY_PAUSE)

    def compacted(self) -> None:
        """Overwrites what was deleted: SQLite's free pages and its log. PostgreSQL drops old files at a checkpoint."""
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)") if self.is_sqlite else ():
                cursor.execute(statement)
            cursor.close()
        finally:
            connection.close()

    def dispose(self) -> None:
        self.engine.dispose()
        self._plain_engine.dispose()


def _file_of(url: str) -> str | None:
    """The file of an SQLite database; None for a server, and where the URL says more than a path."""
    found = make_url(url)
    path = found.database if found.get_backend_name() == "sqlite" else None
    return None if path is None or path.startswith("file:") else path


class DatabaseUnavailable(Refused):
    """The database is away, busy, full, or not of the current version; nothing of the block was stored.

    ``connection_lost``: the server went away or cannot write yet, so the whole transaction may be tried again.
    """

    connection_lost = False


_LOST_STATES = ("08", "57P01", "57P02", "57P03", "53300", "25006")


def _is_lost(cause: BaseException | None) -> bool:
    """By SQLSTATE; a broken connection has none. SQLite has no connection to lose."""
    kinds = {kind.__name__ for kind in type(cause).__mro__ if kind.__module__.partition(".")[0] == "psycopg"}
    state = getattr(cause, "sqlstate", None)
    return bool(kinds) and (state.startswith(_LOST_STATES) if state else "OperationalError" in kinds)


@contextmanager
def _named_failures() -> Iterator[None]:
    """The driver's errors quote statements and rows; only their first line leaves this place."""
    try:
        yield
    except (OperationalError, ProgrammingError, InternalError, DataError) as error:
        raise _unavailable(error.orig) from None


def _unavailable(cause: BaseException | None) -> DatabaseUnavailable:
    why = str(cause).strip().partition("\n")[0]
    lines = (message("数据库现在不能用：{why}", why=why), message("请检查数据库，或运行：flask db upgrade"))
    unavailable = DatabaseUnavailable(*lines)
    unavailable.connection_lost = _is_lost(cause)
    return unavailable


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    # recursive_triggers: REPLACE deletes, and what was collected is never deleted
    # temp_store: the seal's copy in arrival order must not touch the disk
    chosen = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "recursive_triggers=ON",
              "temp_store=MEMORY")  # fmt: skip
    for pragma in chosen:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
