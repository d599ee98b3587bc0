"""What the processes of a machine share: buckets, and the turn to write."""

import hmac
import multiprocessing
import os
import resource
import signal
import struct
import time
from collections.abc import Iterator
from multiprocessing.pool import Pool
from pathlib import Path

import pytest

from survey_app.foundation import write_lock as turns
from survey_app.foundation.rate_limit import FILE_BYTES, HEADER, SLOT, SLOTS, SharedTokenBuckets
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


def test_of_a_large_bucket_a_process_takes_a_hundredth_at_a_time_and_none_is_given_twice(tmp_path: Path) -> None:
    now = 1_794_000_000.0
    one, other = (SharedTokenBuckets(tmp_path / "limits.bin", clock=lambda: now) for _ in range(2))
    assert one.acquire("open:1", 0, 400)
    assert sum(other.acquire("open:1", 0, 400) for _ in range(500)) == 396, "three of one's four are still its own"
    assert [one.acquire("open:1", 0, 400) for _ in range(5)] == [True, True, True, False, False]


def test_tokens_that_a_process_took_and_did_not_use_lapse_after_a_second(tmp_path: Path) -> None:
    now = 1_794_000_000.0
    buckets = SharedTokenBuckets(tmp_path / "limits.bin", clock=lambda: now)
    for _ in range(397):
        buckets.acquire("open:1", 0, 400)
    now += 2
    assert not buckets.acquire("open:1", 0, 400)


def test_a_small_bucket_is_counted_token_by_token(tmp_path: Path) -> None:
    one, other = (SharedTokenBuckets(tmp_path / "limits.bin") for _ in range(2))
    assert [buckets.acquire("login", 0, 20) for _ in range(11) for buckets in (one, other)].count(True) == 20


def test_a_deleted_file_is_replaced_by_one_that_all_share(tmp_path: Path) -> None:
    one, other = (SharedTokenBuckets(tmp_path / "limits.bin") for _ in range(2))
    one.add("a")
    other.add("a")
    (tmp_path / "limits.bin").unlink()
    one.add("a")
    other.add("a")
    assert (one.count("a"), other.count("a")) == (2, 2)


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
            assert 0.2 <= time.monotonic() - began < 8, "the wait ends by itself"


def test_without_a_file_everybody_is_let_in(tmp_path: Path) -> None:
    for path in (None, tmp_path / "missing" / "turn"):
        with write_lock(path), write_lock(path):
            pass


def test_the_file_of_limits_holds_no_address_and_no_moment(tmp_path: Path) -> None:
    """S-M3: an unkeyed hash of the address and microseconds; five of five addresses were found in two seconds."""
    path = tmp_path / "limits.bin"
    moment = 1_794_000_003.123456
    buckets = SharedTokenBuckets(path, b"secret", clock=lambda: moment)
    for number in range(50):
        buckets.acquire(f"wrong:10.0.0.{number}:7", 0.1, 20)
    content = path.read_bytes()
    times = {SLOT.unpack_from(content, HEADER.size + place * SLOT.size)[2] for place in range(SLOTS)}
    assert times == {0.0, 1_794_000_000.0}, "ten seconds is as fine as it gets"
    salt = HEADER.unpack_from(content)[1]
    for secret in (b"", salt, b"limits"):
        guesses = {hmac.digest(secret, salt + f"wrong:10.0.0.{n}:7".encode(), "sha256")[:8] for n in range(50)}
        assert not [guess for guess in guesses if guess in content], "without the key no guess can be tried"
    assert path.stat().st_mode & 0o077 == 0


def test_the_file_of_limits_is_emptied_when_due(tmp_path: Path) -> None:
    """S-M3: nothing ever cleared it."""
    now = 1_794_000_000.0
    buckets = SharedTokenBuckets(tmp_path / "limits.bin", b"secret", clock=lambda: now)
    buckets.add("a")
    assert not buckets.empty_when_due()
    now += 25 * 3600
    assert buckets.empty_when_due()
    assert not any((tmp_path / "limits.bin").read_bytes()[HEADER.size :])
    assert buckets.count("a") == 0


@pytest.mark.parametrize("content", [b"", b"\0" * 17, b"\xff" * 300_000, os.urandom(FILE_BYTES)])
def test_nothing_that_stands_in_the_file_stops_anybody(tmp_path: Path, content: bytes) -> None:
    """S-M4: truncation killed a worker with all its requests."""
    path = tmp_path / "limits.bin"
    path.write_bytes(content)
    buckets = SharedTokenBuckets(path, b"secret")
    assert [buckets.acquire("open:1", 0, 2) for _ in range(3)] == [True, True, False]
    path.write_bytes(content)
    assert buckets.acquire("open:1", 0, 2)
    assert buckets.count("x") == 0


def test_a_slot_of_nonsense_is_a_full_bucket(tmp_path: Path) -> None:
    """S-M4: counters outside their range."""
    path = tmp_path / "limits.bin"
    buckets = SharedTokenBuckets(path, b"secret")
    for number in (float("nan"), float("inf"), -5.0, 1e300):
        buckets.acquire("open:1", 0, 2)
        content = bytearray(path.read_bytes())
        (offset,) = [place for place in range(HEADER.size, FILE_BYTES, SLOT.size) if any(content[place : place + 8])]
        content[offset + 8 : offset + 16] = struct.pack("<d", number)
        path.write_bytes(content)
        assert buckets.has_token("open:1", 0, 2), number


def fill_disk(path: Path) -> str:
    """In a process whose files may not grow: every write is refused, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    buckets = SharedTokenBuckets(path, b"secret")
    return str([buckets.acquire("open:1", 0, 2) for _ in range(5)])


def test_a_full_disk_refuses_nobody_and_kills_nobody(tmp_path: Path) -> None:
    """S-M4: SIGBUS on the first touch of a page."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(fill_disk, (tmp_path / "limits.bin",)) == str([True] * 5)
