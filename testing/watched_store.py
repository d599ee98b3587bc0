"""What an application stores, watched: which tables a request touched, and everything put back as it was."""

import shutil
import sqlite3
from pathlib import Path

from flask import Flask
from sqlalchemy import Integer, String

from survey_app.foundation.db import Base, Database

# What is written down of a request that was refused: that it was, by whom, and what had been typed.
ABOUT_REFUSALS = {"audit_entry", "denial", "staff_session", "login_attempt", "kept_form"}


class WatchedStore:
    """The SQLite file and the folder of questionnaires of an application. Triggers note every row that changes."""

    def __init__(self, app: Flask) -> None:
        database: Database = app.extensions["database"]
        assert database.path is not None
        self._database, self.path = database, database.path
        self._shelf: Path = app.extensions["settings"].questionnaires_dir
        self._kept_shelf = self.path.parent / "kept shelf"
        database.dispose()
        self._run(*self._triggers(), "PRAGMA wal_checkpoint(TRUNCATE)")
        self._kept = self.path.read_bytes()
        shutil.copytree(self._shelf, self._kept_shelf)
        self._files = self._files_now()

    def _run(self, *statements: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            return [row for statement in statements for row in connection.execute(statement).fetchall()]
        finally:
            connection.close()

    def _triggers(self) -> list[str]:
        changes = [
            (table.name, verb) for table in Base.metadata.sorted_tables for verb in ("INSERT", "UPDATE", "DELETE")
        ]
        return ["CREATE TABLE touched (name TEXT)"] + [
            f"CREATE TRIGGER touched_{table}_{verb} AFTER {verb} ON {table} "
            f"BEGIN INSERT INTO touched VALUES ('{table}'); END"
            for table, verb in changes
        ]

    def _files_now(self) -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in self._shelf.rglob("*")}

    def rows(self) -> dict[str, int]:
        """How many rows each table has, and the folder files."""
        names = [table.name for table in Base.metadata.sorted_tables if table.name not in ABOUT_REFUSALS]
        counts = self._run(*(f"SELECT count(*) FROM {name}" for name in names))
        rows = {name: int(str(count)) for name, (count,) in zip(names, counts, strict=True)}
        return rows | {"questionnaires": len(self._files_now())}

    def touched(self) -> set[str]:
        """The tables, and the folder, in which something is not as it was, but for what is said of refusals."""
        names = {str(name) for (name,) in self._run("SELECT DISTINCT name FROM touched")}
        return (names - ABOUT_REFUSALS) | ({"questionnaires"} if self._files_now() != self._files else set())

    def overflows(self) -> list[str]:
        """What SQLite stores and PostgreSQL would refuse: texts and numbers larger than their columns."""
        found = []
        names = {name for (name,) in self._run("SELECT DISTINCT name FROM touched")}
        for table in (table for table in Base.metadata.sorted_tables if table.name in names):
            for column in table.columns:
                text_length = column.type.length if isinstance(column.type, String) else None
                if not text_length and type(column.type) is not Integer:
                    continue
                size, most = ("length", text_length) if text_length else ("abs", 2**31 - 1)
                ((largest,),) = self._run(f'SELECT coalesce(max({size}("{column.name}")), 0) FROM {table.name}')
                if isinstance(largest, int) and largest > (most or 0):
                    found.append(f"{table.name}.{column.name}: {largest}")
        return found

    def put_back(self) -> None:
        """Everything as it was when the watching began."""
        if not self._run("SELECT 1 FROM touched LIMIT 1") and self._files_now() == self._files:
            return
        self._database.dispose()
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        self.path.write_bytes(self._kept)
        if self._files_now() != self._files:
            shutil.rmtree(self._shelf)
            shutil.copytree(self._kept_shelf, self._shelf)
            self._files = self._files_now()
