"""What the processes of a machine share: buckets, and the turn to write."""

import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.pool import Pool
from pathlib import Path

import pytest

from survey_app.foundation import write_lock as turns
from survey_app.foundation.rate_limit import SharedTokenBuckets
from survey_app.foundation.write_lock import write_lock


@pytest.fixture
def four() -> Iterator[Pool]:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        yield pool


def taken(path: Path) -> int:
    buckets = SharedTokenBuckets(path)
    return sum(buckets.acquire("open:1", 0, 400) for _ in range(300))


def test_a_limit_holds_for_all_workers_together(four: Pool, tmp_path: Path) -> None:
    total = sum(four.map(taken, [tmp_path / "limits.bin"] * 4))
    assert 400 <= total <= 420, "1,200 asked; nearly nobody shares a token, nobody loses one"


def one_more(path: Path) -> None:
    for _ in range(50):
        with write_lock(path.with_name("turn")):
            path.write_text(str(int(path.read_text()) + 1))


def test_one_process_at_a_time_has_its_turn(four: Pool, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    four.map(one_more, [counter] * 4)
    assert counter.read_text() == "200"


def test_a_process_that_never_ends_its_turn_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "TIMEOUT", 0.2)
    path = tmp_path / "turn"
    with write_lock(path):
        began = time.monotonic()
        with write_lock(path):
            assert 0.2 <= time.monotonic() - began < 2


def test_without_a_file_everybody_is_let_in(tmp_path: Path) -> None:
    for path in (None, tmp_path / "missing" / "turn"):
        with write_lock(path), write_lock(path):
            pass
