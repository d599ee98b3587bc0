"""A clerk before an empty system, and one with an open wave."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from testing.application import make_app
from testing.console import Clerk
from testing.district import District


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
def clerk(own_app: Flask, clock: ManualClock) -> Clerk:
    return Clerk(District(own_app, clock))


@pytest.fixture
def running(own_app: Flask, clock: ManualClock) -> Clerk:
    """Two schools, parents with slips, pupils with class codes, teachers with an open link."""
    return Clerk(District(own_app, clock).opened(access={"parent": "code", "student": "class"}))
