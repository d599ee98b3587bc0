"""The awkward district, sealed once for this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.district import District
from tests.independent.odd_district import Row, ballots, collect, links, opened, sealed


@pytest.fixture(scope="session")
def seed() -> int:
    return 2


@pytest.fixture(scope="session")
def measured(
    tmp_path_factory: pytest.TempPathFactory, migrated: Path, seed: int
) -> Iterator[tuple[District, list[Row], Path]]:
    """The sealed wave, and the links as they were dealt."""
    home = tmp_path_factory.mktemp("odd")
    (home / "survey.db").write_bytes(migrated.read_bytes())
    district = opened(home, f"sqlite:///{home / 'survey.db'}")
    dealt = links(district)
    collect(district, home, ballots(seed), dealt)
    yield sealed(district), dealt, home
    district.app.extensions["database"].dispose()
