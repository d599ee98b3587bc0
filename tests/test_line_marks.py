"""The lines that tests run are told by marks in the lines: what runs does the same, and what did not run is told."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from survey_app.foundation.settings import PROJECT
from testing import line_marks

MODULE = '''"""A module."""
from __future__ import annotations

import functools


@functools.cache
def kind(value: object) -> str:
    """What it is."""
    match value:
        case int():
            return "number"
        case str():
            return "text"
    return "other"


class Shelf:
    """Keeps things."""

    size = 3

    def take(self, place: int) -> str:
        try:
            return "abc"[place]
        except IndexError:
            return ""
        finally:
            self.size -= 1


def never() -> None:
    raise AssertionError


if kind("x") == "number":
    never()
else:
    shelf = Shelf()
for place in (0, 9):
    shelf.take(
        place
    )
'''
NOT_RUN = {12, 15, 33, 37}


def test_marks_tell_what_ran_and_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_marks, "_marks", {})
    path = tmp_path / "shelves.py"
    path.write_text(MODULE)
    spec = importlib.util.spec_from_loader("shelves", line_marks.MarkingLoader("shelves", str(path)))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (module.__doc__, module.kind.__doc__, module.Shelf.__doc__) == ("A module.", "What it is.", "Keeps things.")
    assert (module.shelf.size, module.Shelf.size, module.kind("y"), list(tmp_path.iterdir())) == (1, 3, "text", [path])
    ran = set(line_marks.lines_that_ran()[str(path)])
    statements = {7, 8, 10, 13, 14, 18, 21, 23, 24, 25, 26, 27, 29, 32, 36, 39, 40, 41}
    assert statements <= ran
    assert not ran & NOT_RUN


def test_a_run_with_marks_writes_what_coverage_reads(tmp_path: Path) -> None:
    """The whole way, as the check goes it: a process of its own, its file, and the report of coverage.py."""
    program = (
        "import pathlib, sys; from testing import line_marks as m; m.FOLDER = pathlib.Path(sys.argv[1]) / 'lines';"
        "m.pytest_load_initial_conftests(); from survey_app.definition import languages; m.pytest_unconfigure();"
        "from testing import coverage_gate as g; g.FOLDER = m.FOLDER; g.write_report(pathlib.Path(sys.argv[1]) / 'r')"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=PROJECT, check=True)
    from testing.coverage_gate import by_room

    rooms = by_room(tmp_path / "r")
    assert 0 < rooms["definition"].covered < rooms["definition"].statements
    assert rooms["reporting"].covered == 0, "what nobody imported is counted, too"
    assert rooms["reporting"].statements > 5000


def test_marks_that_come_too_late_say_so() -> None:
    with pytest.raises(pytest.UsageError, match="imported before"):
        line_marks.pytest_load_initial_conftests()
