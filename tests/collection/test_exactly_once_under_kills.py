"""kill -9 under load: of workers, of a backend of PostgreSQL, of PostgreSQL itself. Acknowledged stays stored, once."""

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.migration import upgrade
from testing import postgres
from testing.application import make_app
from testing.clients import concurrent_clients
from testing.district import District, Fields
from testing.exactly_once import UNLIMITED, assert_exactly_once, fresh_forms
from testing.postgres import Server
from testing.workers import served

pytestmark = pytest.mark.xdist_group("workers")
BALLOTS = 120  # in each round


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A PostgreSQL that this test may kill, in a place that its own user can reach."""
    with tempfile.TemporaryDirectory() as home, postgres.running(Path(home)) as server:
        if server is None:
            pytest.skip("!!! PostgreSQL is not here")
        yield server


def many(short: int, long: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("rounds", [short, pytest.param(long, marks=pytest.mark.long)])


@many(2, 40)
def test_a_killed_postgresql_loses_nothing_that_was_acknowledged(
    own_server: Server, tmp_path: Path, rounds: int
) -> None:
    app = make_app(own_server.url, tmp_path, ManualClock(datetime.now(UTC) - timedelta(minutes=5)))
    upgrade(app.extensions["database"])
    district = District(app, app.extensions["clock"]).opened()
    chance, sent = random.Random(rounds), list[Fields]()
    with served(own_server.url, tmp_path, workers=2, extra=UNLIMITED) as server:
        for number in range(rounds):
            forms = fresh_forms(district, "teacher", BALLOTS)
            sent += forms
            with concurrent_clients(server.port, f"/s/{district.link('teacher').slug}", forms) as people:
                people.wait_for(chance.randint(1, BALLOTS // 3))
                own_server.kill_backend()
                people.wait_for(chance.randint(BALLOTS // 2, BALLOTS * 3 // 4))
                own_server.kill(with_backends=number % 2 == 0)
                own_server.start()
            assert_exactly_once(district, sent)
    app.extensions["database"].dispose()


@pytest.mark.long
def test_workers_killed_many_times_lose_nothing_that_was_acknowledged(
    present_district: District, database_url: str, tmp_path: Path
) -> None:
    chance, sent = random.Random(1), list[Fields]()
    with served(database_url, tmp_path, workers=3, extra=UNLIMITED) as server:
        for _ in range(60):
            forms = fresh_forms(present_district, "teacher", BALLOTS)
            sent += forms
            with concurrent_clients(server.port, f"/s/{present_district.link('teacher').slug}", forms) as people:
                for part in (0.25, 0.5, 0.75):
                    people.wait_for(int(BALLOTS * (part + chance.uniform(-0.1, 0.1))))
                    server.kill_worker()
            assert_exactly_once(present_district, sent)
