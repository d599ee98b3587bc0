"""How many of its lines each room's tests run, beside what ``pyproject.toml`` asks of it.

``python -m testing.coverage_gate`` prints the table of the last whole run.
"""

import json
import shutil
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from coverage import Coverage

from survey_app.foundation.settings import PROJECT
from testing.line_marks import FOLDER, PACKAGE

REPORT = PROJECT / "build" / "coverage.json"
OPTIONS = ["-p", "testing.line_marks"]


@dataclass(slots=True)
class RoomCoverage:
    """The statements of a room, and how many of them ran."""

    statements: int = 0
    covered: int = 0

    @property
    def percent(self) -> float:
        return 100 * self.covered / max(self.statements, 1)


def forget() -> None:
    """Remove what earlier runs measured."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    REPORT.unlink(missing_ok=True)


def write_report(report: Path = REPORT) -> None:
    """Gather the lines that each process ran, and let coverage.py say which statements those are."""
    measured = Coverage(data_file=None, config_file=str(PROJECT / "pyproject.toml"))
    data = measured.get_data()
    for file in sorted(FOLDER.glob("*.json")):
        data.add_lines(json.loads(file.read_text("utf-8")))
    if data:
        data.touch_files([str(path) for path in (PROJECT / PACKAGE).rglob("*.py")])
        measured.json_report(outfile=str(report))


def by_room(report: Path) -> dict[str, RoomCoverage]:
    """Read a report of coverage.py; what lies in no room is ``(app)``."""
    rooms: dict[str, RoomCoverage] = defaultdict(RoomCoverage)
    for name, file in json.loads(report.read_text("utf-8"))["files"].items():
        parts = name.replace("\\", "/").partition("survey_app/")[2].split("/")
        room = rooms[parts[0] if len(parts) > 1 else "(app)"]
        room.statements += file["summary"]["num_statements"]
        room.covered += file["summary"]["covered_lines"]
    return dict(sorted(rooms.items()))


def gates() -> dict[str, float]:
    with (PROJECT / "pyproject.toml").open("rb") as file:
        found: dict[str, float] = tomllib.load(file)["tool"]["rooms"]["coverage"]
    return found


def rooms_below(rooms: dict[str, RoomCoverage], wanted: dict[str, float]) -> list[str]:
    return [name for name, room in rooms.items() if room.percent < wanted.get(name, wanted["default"])]


def is_reached(report: Path = REPORT) -> bool:
    """Print the table; return whether every room reaches its gate. Without a report none does."""
    if not report.exists():
        print("!!! 没有覆盖率报告 · no coverage was measured", file=sys.stderr)
        return False
    rooms, wanted = by_room(report), gates()
    below = rooms_below(rooms, wanted)
    print(f"\n{'房间 · room':<16}{'语句 · statements':>18}{'%':>8}{'门槛 · gate':>12}")
    for name, room in rooms.items():
        mark = "  !!!" if name in below else ""
        print(f"{name:<18}{room.statements:>18}{room.percent:>10.1f}{wanted.get(name, wanted['default']):>10g}{mark}")
    return not below


if __name__ == "__main__":
    raise SystemExit(0 if is_reached(Path(sys.argv[1]) if len(sys.argv) > 1 else REPORT) else 1)
