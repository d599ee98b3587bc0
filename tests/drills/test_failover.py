"""The drills themselves, in their short form: servers are killed, nothing acknowledged may be missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from survey_app.foundation.settings import PROJECT
from testing import programs

pytestmark = [
    pytest.mark.xdist_group("drills"),
    pytest.mark.skipif(sys.platform == "win32", reason="!!! gunicorn and runuser are not here"),
]


def _needs(**found: str | None) -> None:
    """Skips out loud where a program is missing; with CI set, that is a failure."""
    for name, place in found.items():
        if place is None and os.environ.get("CI"):
            pytest.fail(f"CI needs {name}")
        if place is None:
            pytest.skip(f"!!! {name} is not here")


def _run(*command: str, seconds: int) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=PROJECT, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_acknowledged_is_lost_when_an_app_node_and_then_the_primary_are_killed() -> None:
    _needs(postgresql=programs.postgres_bin(), nginx=programs.nginx())
    table = _run("drills.failover", "--short", seconds=150)
    assert "standby promoted" in table


def test_a_repeated_answer_is_not_acknowledged_before_the_standby_has_it() -> None:
    _needs(postgresql=programs.postgres_bin(), nginx=programs.nginx())
    table = _run("drills.duplicates", seconds=150)
    assert "primary crashed and came back in place" in table


def test_silence_is_counted_from_the_last_acknowledgement_before_a_fault() -> None:
    from drills.checking import longest_silence

    assert longest_silence([1.0, 2.0, 5.5, 6.0, 9.0], 3.0, 7.0) == 3.5
    assert longest_silence([1.0, 2.0], 3.0, 10.0) == 8.0  # nobody was acknowledged any more


def test_a_log_that_quotes_an_answer_is_noticed(tmp_path: Path) -> None:
    from drills.checking import lines_about_respondents
    from testing.clients import CANARY

    log = tmp_path / "log"
    log.write_text(f"all is well\nDETAIL: Failing row contains ({CANARY})\nrefused, client: 10.0.0.7, server: _\n")
    assert len(list(lines_about_respondents([log]))) == 2
