"""``python3 run.py test``: brings what the tests need and runs them all, with lint, types, layers and catalogue beside.

What a laptop may lack (browser, PostgreSQL, LibreOffice) is skipped with one loud line; with CI set it is a failure.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from testing import coverage_gate, postgres, programs

HERE = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
WORKERS = (os.cpu_count() or 2) + 1  # a third of the time tests wait for browsers and servers


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    long = "--long" in arguments
    chosen = [argument for argument in arguments if argument != "--long"]
    environment = os.environ | programs.found_or_installed()
    if not chosen:
        coverage_gate.forget()
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(WORKERS), "--dist", "loadgroup"]
    command += [*([] if long else ["-m", "not long"]), *(chosen or coverage_gate.OPTIONS)]
    command += ["-p", "no:cacheprovider"] if os.environ.get("CI") else []
    with ThreadPoolExecutor(1) as beside, tempfile.TemporaryDirectory() as directory:
        static = [beside.submit(result_of, name, check) for name, check in ([] if chosen else checks())]
        with postgres.running(Path(directory)) as server:
            environment |= {"TEST_POSTGRESQL_URL": server.url} if server else {}
            print("── pytest", flush=True)
            failed = ["pytest"] if subprocess.run(command, cwd=HERE, env=environment, check=False).returncode else []
        for name, printed, is_right in (future.result() for future in static):
            print(f"── {name}\n{printed}", end="", flush=True)
            failed += [] if is_right else [name]
    if not chosen:
        coverage_gate.write_report()
        failed += [] if coverage_gate.is_reached() else ["coverage"]
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


def result_of(name: str, command: list[str]) -> tuple[str, str, bool]:
    """Run one check; return what it printed, to be shown when the tests do not print any more."""
    done = subprocess.run(
        command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )  # fmt: skip
    return name, done.stdout, done.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
