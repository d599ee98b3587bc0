"""Waves whose time is now, for servers that run with the real clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey_app.foundation.clock import ManualClock
from testing.application import make_app
from testing.district import District


@pytest.fixture
def present_district(database_url: str, tmp_path: Path) -> Iterator[District]:
    """An open wave on both engines; parents use one-time codes, students class codes, teachers open links."""
    clock = ManualClock(datetime.now(UTC) - timedelta(minutes=5))
    app = make_app(database_url, tmp_path, clock)
    yield District(app, clock).opened(access={"parent": "code", "student": "class"})
    app.extensions["database"].dispose()
