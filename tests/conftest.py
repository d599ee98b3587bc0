"""What tests share: two engines, an application with a clock that stands still, and a small district."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2.profiles import CHEAPEST
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, text

from survey_app.accounts import passwords
from survey_app.foundation import background, db
from survey_app.foundation.clock import ManualClock
from survey_app.foundation.db import Database
from survey_app.foundation.migration import upgrade
from survey_app.foundation.settings import PROJECT
from survey_app.foundation.translation import set_language
from testing.application import START as START
from testing.application import make_app as make_app
from testing.district import District
from testing.shared_inputs import shared_folder

# A machine that is busy is slow, and no test fails for that: those of waiting itself set their own patience.
background.PATIENCE = 120.0
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")

SHARED_IN_A_MODULE = {"measured", "tables", "home"}
ENGINES = ("sqlite", "postgresql")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share what is made for their module go to one process, or it would be made in each."""
    for item in items:
        if SHARED_IN_A_MODULE & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def samples() -> Path:
    return shared_folder("samples")


@pytest.fixture(scope="session")
def reference() -> Path:
    return shared_folder("reference")


@pytest.fixture(autouse=True)
def _speak_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_LANGUAGE", "zh")
    set_language(None)  # a request of the test before may have been English


@pytest.fixture(autouse=True)
def _passwords_are_cheap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash takes a tenth of a second on purpose; here only what looks at that pays it (``real_passwords``)."""
    if request.node.get_closest_marker("real_passwords") is None:
        monkeypatch.setattr(passwords, "COST", CHEAPEST)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to be copied."""
    path = tmp_path_factory.mktemp("template") / "survey.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgresql() -> Iterator[str | None]:
    """The name of a migrated PostgreSQL database to be copied, one for each test process."""
    url = os.environ.get("TEST_POSTGRESQL_URL")
    if not url:
        yield None
        return
    name = f"template_{uuid.uuid4().hex[:12]}"
    _administer(url, f"CREATE DATABASE {name}")
    database = Database(_sibling(url, name))
    upgrade(database)
    database.dispose()
    yield name


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _sibling(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Iterator[str]:
    """A migrated database of its own, on each engine in turn."""
    yield from _fresh_database(request.param, request, tmp_path, migrated)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Iterator[str]:
    yield from _fresh_database("sqlite", request, tmp_path, migrated)


def _fresh_database(engine: str, request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Iterator[str]:
    if engine == "sqlite":
        path = tmp_path / "survey.db"
        path.write_bytes(migrated.read_bytes())
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("migrated_postgresql")
    if template is None:
        pytest.skip("!!! PostgreSQL is not here")
    url, name = os.environ["TEST_POSTGRESQL_URL"], f"test_{uuid.uuid4().hex[:12]}"
    _administer(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _sibling(url, name)
    _administer(url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def impatient_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """An application made after this waits a moment, not ten seconds, for somebody who holds its SQLite file."""
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.2)


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: ManualClock) -> Iterator[Flask]:
    """The application on both engines."""
    app = make_app(database_url, tmp_path, clock)
    yield app
    app.extensions["database"].dispose()


@pytest.fixture
def sqlite_app(sqlite_url: str, tmp_path: Path, clock: ManualClock) -> Iterator[Flask]:
    """The application on SQLite only, where the engine does not matter."""
    app = make_app(sqlite_url, tmp_path, clock)
    yield app
    app.extensions["database"].dispose()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One place for every test: of a file with the path and the stamp of the test before is known what is in it."""
    return tmp_path_factory.mktemp("shelf") / "questionnaires"


@pytest.fixture
def own_app(sqlite_url: str, tmp_path: Path, clock: ManualClock, shelf: Path) -> Iterator[Flask]:
    """An application with a folder of questionnaires of its own, as shipped again for each test."""
    shutil.rmtree(shelf, ignore_errors=True)
    shutil.copytree(PROJECT / "questionnaires", shelf)
    app = make_app(sqlite_url, tmp_path, clock, shelf)
    yield app
    app.extensions["database"].dispose()


@pytest.fixture
def district(app: Flask, clock: ManualClock) -> District:
    """An open wave of two schools, on both engines."""
    return District(app, clock).opened()


@pytest.fixture
def small_district(sqlite_app: Flask, clock: ManualClock) -> District:
    """An open wave of two schools, on SQLite."""
    return District(sqlite_app, clock).opened()
