"""``python3 run.py test``: brings what the tests need, then runs lint, types, layers, catalogue and all tests.

What a laptop may lack (browser, PostgreSQL, LibreOffice) is skipped with one loud line; with CI set it is a failure.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from testing import coverage_gate, postgres, programs

HERE = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    long = "--long" in arguments
    chosen = [argument for argument in arguments if argument != "--long"]
    environment = os.environ | programs.found_or_installed()
    failed = [] if chosen else [name for name, command in checks() if not passes(name, command, environment)]
    with tempfile.TemporaryDirectory() as directory, postgres.running(Path(directory)) as server:
        if server:
            environment["TEST_POSTGRESQL_URL"] = server.url
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup"]
        command += [*([] if long else ["-m", "not long"]), *(chosen or coverage_gate.OPTIONS)]
        if not passes("pytest", [*command, *(["-p", "no:cacheprovider"] if os.environ.get("CI") else [])], environment):
            failed.append("pytest")
    if not chosen and not coverage_gate.is_reached():
        failed.append("coverage")
    print(f"\n{'没有通过 · failed: ' + ', '.join(failed) if failed else '全部通过 · all passed'} "
          f"({time.monotonic() - started:.0f} s)")  # fmt: skip
    return 1 if failed else 0


def checks() -> list[tuple[str, list[str]]]:
    return [
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
        ("ruff check", [str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", "."]),
        ("mypy", [str(BIN / "mypy")]),
        ("layers", [str(BIN / "lint-imports"), "--no-logo"]),
        ("templates", [str(BIN / "djlint"), "survey_app/templates", "--lint", "--check", "--quiet"]),
        ("catalogue", [sys.executable, "scripts/catalogue.py", "--check"]),
    ]


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    print(f"── {name}", flush=True)
    return subprocess.run(command, cwd=HERE, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
