"""The figures of the house and the gates of its rooms, on a small house whose figures are known."""

import json
from pathlib import Path

import pytest

from scripts import house_figures
from testing import coverage_gate

MODULES = {
    "survey_app/__init__.py": "",
    "survey_app/frame/a.py": "from . import b\n\n\ndef first(x: int) -> int:\n    return x\n",
    "survey_app/frame/b.py": "from survey_app.frame.c import last\n\n\ndef untyped(x):\n    return last(x)\n",
    "survey_app/frame/c.py": "import survey_app.frame.a\n\n\ndef last(x: int) -> int:\n    y = x\n    return y\n",
    "survey_app/admin/d.py": "def late() -> None:\n    from survey_app.frame import a\n\n    print(a)\n",
    "survey_app/templates/frame/page.html": "<p>\n" + "x" * 70 + "\n",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name, text in MODULES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def report(house: Path) -> Path:
    files = {
        "survey_app/frame/a.py": {"summary": {"num_statements": 50, "covered_lines": 50}},
        "survey_app/frame/b.py": {"summary": {"num_statements": 50, "covered_lines": 44}},
        "survey_app/admin/d.py": {"summary": {"num_statements": 10, "covered_lines": 10}},
        "survey_app/__init__.py": {"summary": {"num_statements": 1, "covered_lines": 1}},
    }
    path = house / "build" / "coverage.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"files": files}), "utf-8")
    return path


def test_three_modules_that_need_each_other_are_one_cycle(house: Path) -> None:
    assert house_figures.import_cycles(house) == "1"
    (house / "survey_app/frame/c.py").write_text("def last(x: int) -> int:\n    return x\n", "utf-8")
    assert house_figures.import_cycles(house) == "0", "an import inside a function is none"


def test_lengths_lines_and_types(house: Path) -> None:
    assert house_figures.file_lengths(house, ["survey_app"]) == "5 / 5 / 6"
    assert house_figures.function_lengths(house, ["survey_app"]) == "2 / 3 / 4"
    assert house_figures.longest_template_line(house) == "70"
    assert house_figures.largest_folder(house) == "3"
    assert house_figures.typed_share(house, ["survey_app"]) == "75.0 %"


def test_the_table_has_both_trees_and_every_room(house: Path, report: Path, tmp_path: Path) -> None:
    rows = house_figures.table([house, house])
    assert "| 循环引用 · import cycles | 1 | 1 |" in rows
    assert "| 覆盖率 · coverage `frame` | 94.0 % | 94.0 % |" in rows


def test_a_room_below_its_gate_is_named(report: Path) -> None:
    rooms = coverage_gate.by_room(report)
    assert coverage_gate.rooms_below(rooms, {"default": 95}) == ["frame"]
    assert coverage_gate.rooms_below(rooms, {"default": 95, "frame": 94}) == []
    assert coverage_gate.rooms_below(rooms, {"default": 95, "admin": 100.1, "frame": 90}) == ["admin"]


def test_without_a_measurement_no_gate_is_reached(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not coverage_gate.is_reached(tmp_path / "absent.json")
    assert "no coverage was measured" in capsys.readouterr().err


def test_every_gate_is_of_a_room(report: Path) -> None:
    folders = {path.name for path in (house_figures.ROOT / "survey_app").iterdir() if path.is_dir()}
    assert set(coverage_gate.gates()) <= folders | {"default", "(app)"}
