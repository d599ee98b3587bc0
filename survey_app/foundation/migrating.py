"""The schema and its versions: Alembic, driven from code."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from .db import Base, Database
from .settings import PROJECT


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = Base.metadata
    return config


def current_version(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(database: Database) -> bool:
    return current_version(database) == newest_version()


def upgrade(database: Database, to: str = "head") -> None:
    with database.engine.begin() as connection:
        command.upgrade(_config(connection), to)


def downgrade(database: Database, to: str) -> None:
    with database.engine.begin() as connection:
        command.downgrade(_config(connection), to)
