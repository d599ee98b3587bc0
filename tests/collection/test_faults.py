"""Disks fill, files turn read-only, replies get lost: acknowledged stays stored, and the rest is said honestly."""

import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.db import Database
from testing.application import make_app
from testing.district import District, Fields
from testing.exactly_once import UNLIMITED, assert_exactly_once, fresh_forms
from testing.workers import Served, served

pytestmark = pytest.mark.xdist_group("workers")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount")
    mounted = is_root and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)], check=False, capture_output=True
    ).returncode == 0  # fmt: skip
    if not mounted:
        pytest.skip("!!! a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.parametrize("rounds", [1, pytest.param(40, marks=pytest.mark.long)])
def test_a_full_disk_is_an_honest_503_and_heals_without_a_restart(
    small_disk: Path, migrated: Path, tmp_path: Path, rounds: int
) -> None:
    """Operate 6, S-M4: the file of limits lies on the full disk too, and what was typed comes back with the refusal."""
    (small_disk / "survey.db").write_bytes(migrated.read_bytes())
    url = f"sqlite:///{small_disk / 'survey.db'}"
    app = make_app(url, tmp_path, ManualClock(datetime.now(UTC) - timedelta(minutes=5)))
    district = District(app, app.extensions["clock"]).opened()
    path = f"/s/{district.link('teacher').slug}"
    chance, sent = random.Random(rounds), list[Fields]()
    fresh_forms(district, "teacher", 1)  # makes the key of forms
    shutil.copytree(tmp_path / "secrets", small_disk / "secrets")
    on_disk = UNLIMITED | {"SECRETS_DIR": str(small_disk / "secrets")}
    with served(url, tmp_path, workers=2, extra=on_disk) as server:
        for number in range(rounds):
            forms = fresh_forms(district, "teacher", 60)
            sent += forms
            app.extensions["database"].dispose()
            assert server.post_all(path, forms[:20], threads=4) == [303] * 20
            has_log = number % 2 == 1  # room in the log that is there already may be enough for some ballots
            if not has_log:
                _empty_log(small_disk / "survey.db")
            filler = small_disk / "filler"
            _fill(filler, spared=chance.randrange(16) * 1024 if rounds > 1 else 0)
            full = server.post_all(path, forms[20:40], threads=4)
            assert has_log or 503 in full
            assert set(full) <= {303, 503}
            if not has_log:
                _assert_refusal_keeps_the_answers(server, path, forms[20 + full.index(503)])
            assert (small_disk / "limits.bin").exists()
            filler.unlink()
            rest = [form for form, status in zip(forms[20:40], full, strict=True) if status == 503]
            assert server.post_all(path, [*rest, *forms[40:]], threads=4) == [303] * (len(rest) + 20)
            assert_exactly_once(district, sent)
    assert district.count("response") == district.count("submission_receipt") == 60 * rounds
    app.extensions["database"].dispose()


def _assert_refusal_keeps_the_answers(server: Served, path: str, form: Fields) -> None:
    status, page = server.request("POST", path, urlencode(form, doseq=True))
    assert status == 503
    assert "没有提交成功" in page
    for name, value in form.items():
        assert f'name="{name}" value="{value}"' in page, "what was typed goes along behind the button"


def _empty_log(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill(path: Path, spared: int) -> None:
    """Takes all the room there is, but for a few bytes, so that one round is stopped earlier than another."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            file.truncate(max(0, file.tell() - spared))


def test_a_read_only_database_is_an_honest_503(small_district: District, tmp_path: Path) -> None:
    link = small_district.link()
    form = small_district.answer(link)
    path = small_district.app.extensions["database"].path
    small_district.app.extensions["database"].dispose()
    read_only = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    kept = small_district.app.extensions["submission_writer"].database
    small_district.app.extensions["submission_writer"].database = read_only
    response = small_district.send(link, form)
    assert response.status_code == 503
    assert "没有提交成功" in response.text
    assert "已收到" not in response.text
    read_only.dispose()
    small_district.app.extensions["submission_writer"].database = kept
    assert small_district.send(link, form).status_code == 303
    assert small_district.count("response") == 1


def test_a_reply_that_was_lost_after_the_commit_is_given_again(district: District) -> None:
    link = district.link()
    form = district.answer(link)
    database = district.app.extensions["database"]
    assert district.send(link, form).status_code == 303  # the phone never hears of it
    database.dispose()  # every connection is new, as after a crash
    assert district.send(link, form).status_code == 303
    assert district.count("response") == district.count("submission_receipt") == 1
