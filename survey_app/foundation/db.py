"""The database: one engine, read sessions and write sessions, on SQLite or PostgreSQL."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DataError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeDecorator

from survey_app.definition.messages import message

from .errors import UserError
from .private_files import make_private_directory, make_private_file
from .write_lock import write_lock

BUSY_SECONDS = 10
RETRY_SECONDS, RETRY_PAUSE = 60.0, 0.2

# Whether write sessions of this request wait for each other: two presses, or two clerks, then see what the first did.
one_by_one: ContextVar[bool] = ContextVar("one_by_one", default=False)
TURN_OF_STAFF = 20_261_128  # any number that nothing else locks

ReturnValue = TypeVar("ReturnValue")


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


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware in the program, UTC in the table."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class RawTransaction:
    """A transaction in plain SQL, for the two places where every microsecond is multiplied by a district."""

    def __init__(self, connection: PoolProxiedConnection, is_sqlite: bool) -> None:
        self.connection = connection
        self.cursor: Any = connection.cursor()
        self.is_sqlite = is_sqlite

    def execute(self, statement: str, *values: object) -> Any:
        """Executes a statement with ``?`` for its values; returns the cursor, with rows and row count."""
        self.cursor.execute(self._native(statement), values)
        return self.cursor

    def insert(self, table: str, columns: str, rows: Sequence[Sequence[object]], ending: str = "") -> int:
        """Inserts rows in one statement, since the other threads of the process are let in after each; how many."""
        self.cursor.execute(self._native(_insert_statement(table, columns, len(rows), ending)), list(chain(*rows)))
        return int(self.cursor.rowcount)

    def begin(self) -> None:
        """PostgreSQL's driver begins by itself."""
        if self.is_sqlite:
            self.cursor.execute("BEGIN IMMEDIATE")

    def restart(self) -> None:
        """Undoes what was done so far."""
        self.connection.rollback()
        self.begin()

    def _native(self, statement: str) -> str:
        return statement if self.is_sqlite else statement.replace("?", "%s")


@lru_cache(maxsize=1024)
def _insert_statement(table: str, columns: str, row_count: int, ending: str) -> str:
    row = f"({', '.join('?' * len(columns.split(', ')))})"
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * row_count)} {ending}"  # noqa: S608 - all ours


class Database:
    """Entry points (views, commands) open sessions here; services get them as their first argument."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and (self.url.database or "").startswith("file:"):
            self.url = self.url.update_query_dict({"uri": "true"})  # or a folder "file:" would be made
        self.path = _sqlite_path(self.url)
        self.engine = self._engine()
        # submissions are tried again when a connection is lost, so that it need not be asked before whether it lives
        self._raw_engine = self.engine if self.is_sqlite else self._engine(pre_ping=False)
        self._read_only_engine = self.engine.execution_options(reads_only=True)
        self._spare_connections: list[PoolProxiedConnection] = []
        self._lock_file = self.path and self.path.with_name(f"{self.path.name}-turn")

    def _engine(self, pre_ping: bool = True) -> Engine:
        if not self.is_sqlite:
            return create_engine(
                self.url, pool_pre_ping=pre_ping, hide_parameters=True, connect_args={"connect_timeout": 2}
            )
        if self.path:
            make_private_directory(self.path.parent)
        engine = create_engine(
            self.url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}
        )
        event.listen(engine, "do_connect", self._make_sqlite_file)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _make_sqlite_file(self, *_of_the_driver: object) -> None:
        """SQLite gives a new file the process's umask, and its log the mode of the file."""
        if self.path and not self.path.exists():
            make_private_file(self.path)

    @property
    def is_absent(self) -> bool:
        """Whether there is no file yet: to look into it would make one."""
        return self.path is not None and not self.path.exists()

    @contextmanager
    def read_session(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        with _translate_driver_errors(), Session(self._read_only_engine) as session:
            yield session

    @contextmanager
    def write_session(self) -> Iterator[Session]:
        """A session whose work is committed when the block ends, or undone if it fails."""
        with _translate_driver_errors(), Session(self.engine, expire_on_commit=False) as session:
            if one_by_one.get() and not self.is_sqlite:  # where SQLite's writers queue anyway
                session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN_OF_STAFF})
            yield session
            session.commit()

    @contextmanager
    def raw_transaction(self, writes: bool) -> Iterator[RawTransaction]:
        """Like :meth:`write_session` (or, without ``writes``, :meth:`read_session`), below SQLAlchemy's sessions."""
        driver = self.engine.dialect.loaded_dbapi
        driver_errors = (driver.OperationalError, driver.ProgrammingError, driver.InternalError, driver.DataError)
        connection: PoolProxiedConnection | None = None
        try:
            connection = self._take_connection(writes)
            transaction = RawTransaction(connection, self.is_sqlite)
            if not writes:
                yield transaction
                return
            with write_lock(self._lock_file):
                transaction.begin()
                yield transaction
                connection.commit()
            if not self._spare_connections:
                self._spare_connections.append(connection)
                connection = None
        except driver_errors as error:
            unavailable_error = _unavailable_error(error)
            if connection is not None and unavailable_error.connection_lost:
                connection.invalidate(error)
                self._dispose_raw_connections()
            raise unavailable_error from None
        finally:
            if connection is not None:
                connection.close()  # back to the pool, which rolls back what was not committed

    def _take_connection(self, writes: bool) -> PoolProxiedConnection:
        """One whose last transaction was committed is clean: it goes to the next writer past the pool's own look."""
        with suppress(IndexError):
            if writes:
                return self._spare_connections.pop()
        with _translate_driver_errors():
            return self._raw_engine.raw_connection()

    def _dispose_raw_connections(self) -> None:
        with suppress(IndexError):  # several threads may lose the server at once
            while True:
                self._spare_connections.pop().invalidate()
        self._raw_engine.dispose()

    def retry_on_disconnect(self, work: Callable[[], ReturnValue]) -> ReturnValue:
        """The result of ``work``, a whole transaction; repeated while the connection is lost, up to a minute."""
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            try:
                return work()
            except DatabaseUnavailable as error:
                if not error.connection_lost or time.monotonic() > deadline:
                    raise
                time.sleep(RETRY_PAUSE)

    def scrub_free_pages(self) -> bool:
        """Overwrites what was deleted: SQLite's free pages and its log. PostgreSQL drops old files at a checkpoint.

        Returns false if a reader kept the log from being emptied; what was deleted still stands in it then.
        """
        if not self.is_sqlite:
            return True
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, pages_in_log, _pages_moved = cursor.fetchone() or (1, 0, 0)
        except self.engine.dialect.loaded_dbapi.OperationalError:  # somebody writes, or the disk is full
            return False
        finally:
            connection.close()
        return not busy and pages_in_log == 0

    def dispose(self) -> None:
        self._dispose_raw_connections()
        self.engine.dispose()


def _sqlite_path(url: URL) -> Path | None:
    """Return the file of an SQLite database that may be written; None for a server, for memory and for reading only.

    The one place that takes such a URL apart; everybody else asks :attr:`Database.path`.
    """
    name = url.database if url.get_backend_name() == "sqlite" else None
    if not name or ":memory:" in name or url.query.get("mode") in ("memory", "ro") or "immutable" in url.query:
        return None
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)


class DatabaseUnavailable(UserError):
    """The database is away, busy, full, or not of the current version; nothing of the block was stored.

    ``connection_lost``: the server went away or cannot write yet, so the whole transaction may be tried again.
    """

    connection_lost = False


_LOST_CONNECTION_STATES = ("08", "57P01", "57P02", "57P03", "53300", "25006")


def _is_lost(cause: BaseException | None) -> bool:
    """By SQLSTATE; a broken connection has none. SQLite has no connection to lose."""
    error_names = {
        error_class.__name__
        for error_class in type(cause).__mro__
        if error_class.__module__.partition(".")[0] == "psycopg"
    }
    state = getattr(cause, "sqlstate", None)
    return bool(error_names) and (
        state.startswith(_LOST_CONNECTION_STATES) if state else "OperationalError" in error_names
    )


@contextmanager
def _translate_driver_errors() -> Iterator[None]:
    """The driver's errors quote statements and rows; only their first line leaves this place."""
    try:
        yield
    except (OperationalError, ProgrammingError, InternalError, DataError) as error:
        raise _unavailable_error(error.orig) from None


def _unavailable_error(cause: BaseException | None) -> DatabaseUnavailable:
    why = str(cause).strip().partition("\n")[0]
    messages = (message("数据库现在不能用：{why}", why=why), message("请检查数据库，或运行：flask db upgrade"))
    error = DatabaseUnavailable(*messages)
    error.connection_lost = _is_lost(cause)
    return error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    # recursive_triggers: REPLACE deletes, and what was collected is never deleted
    # temp_store: the seal's copy in arrival order must not touch the disk
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "recursive_triggers=ON",
              "temp_store=MEMORY")  # fmt: skip
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
