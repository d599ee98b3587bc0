"""``flask demo`` and ``flask serve`` are commands; ``run.py`` calls the same (house §1)."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from survey_app.foundation.settings import PROJECT


def environment(home: Path) -> dict[str, str]:
    return os.environ | {"INSTANCE_DIR": str(home), "SECRETS_DIR": str(home / "secrets"), "SURVEY_LANGUAGE": "zh",
                         "DATABASE_URL": f"sqlite:///{home / 'own.db'}"}  # fmt: skip


@pytest.mark.parametrize("name", ["demo", "serve"])
def test_both_are_flask_commands_with_help(sqlite_app: Flask, name: str) -> None:
    result = sqlite_app.test_cli_runner().invoke(args=[name, "--help"])
    assert result.exit_code == 0
    assert "--prepare-only" in result.output
    assert sqlite_app.test_cli_runner().invoke(args=[name, "--nonsense"]).exit_code == 2


def test_serve_prepares_says_the_printed_address_and_is_quiet_about_progress(tmp_path: Path) -> None:
    """K2: the start message says how to change the address in the codes."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "serve", "--prepare-only"], cwd=PROJECT, capture_output=True, text=True,
        timeout=120, check=False, env=environment(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "第一个账号" in done.stdout
    assert "在“设置”里改网址" in done.stdout
    assert "[####" not in done.stdout + done.stderr


def test_a_port_that_was_asked_for_is_never_replaced_silently(tmp_path: Path) -> None:
    """K2, K28: --port 8000 given explicitly became 8001."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "flask", "serve", "--prepare-only", "--port", str(port)], cwd=PROJECT,
            capture_output=True, text=True, timeout=120, check=False, env=environment(tmp_path),
        )  # fmt: skip
    assert done.returncode == 1
    assert f"{port} 端口已被占用" in done.stderr
