"""One name has one meaning in a wave, one version one content; whatever ``check`` accepts, ``wave open`` accepts."""

import subprocess
import sys
from pathlib import Path

import pytest

from survey_app.foundation.settings import PROJECT
from testing.walk import INSTRUMENT, Walk, prepare

ROSTER = "学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,40\n0101,河东小学,小学,学生,40\n"


@pytest.fixture
def walk(tmp_path: Path, migrated: Path) -> Walk:
    return prepare(tmp_path, migrated, INSTRUMENT)


def add_file(walk: Walk, name: str, text: str) -> None:
    (walk.home / "questionnaires" / name).write_text(text, "utf-8")


def create(walk: Walk, name: str, *instruments: str) -> None:
    options = [word for instrument in instruments for word in ("--instrument", instrument)]
    walk.district.command("wave", "create", name, *options, "--opens", "2026-11-01", "--closes", "2026-11-20",
                          "--access", "parent=open,student=open")  # fmt: skip


def test_opening_refuses_a_dimension_that_means_two_things(walk: Walk) -> None:
    """C-F8: the workbook printed the parents' food index under "transport"."""
    (walk.home / "roster.csv").write_text(ROSTER, "utf-8")
    walk.district.command("roster", "import", str(walk.home / "roster.csv"))
    other = INSTRUMENT.replace("id: quarter", "id: second").replace("audiences: [parent]", "audiences: [student]")
    add_file(walk, "second.yaml", other.replace("zh: 开放程度", "zh: 交通"))
    create(walk, "二", "quarter", "second")
    said = walk.district.command("wave", "open", "二", "--yes", code=1)
    assert all(word in said for word in ("quarter", "second", "开放程度", "交通"))
    add_file(walk, "second.yaml", other)
    walk.district.command("wave", "open", "二", "--yes")


def test_a_changed_questionnaire_has_another_version(walk: Walk) -> None:
    """C-F16: the same id and version with other points opened in the next wave without a word."""
    walk.open(ROSTER)
    add_file(walk, "quarter.yaml", INSTRUMENT.replace("points: 50", "points: 60"))
    create(walk, "下一批", "quarter")
    said = walk.district.command("wave", "open", "下一批", "--yes", code=1)
    assert "quarter" in said
    assert "version" in said
    add_file(
        walk, "quarter.yaml", INSTRUMENT.replace("points: 50", "points: 60").replace('version: "1"', 'version: "2"')
    )
    walk.district.command("wave", "open", "下一批", "--yes")


def test_check_says_what_wave_create_would_refuse(walk: Walk) -> None:
    """C-F14: a file named otherwise than its id, and a file that is not used at all, were fine for ``check``."""
    add_file(walk, "b.yaml", INSTRUMENT)
    add_file(walk, "c.yml", INSTRUMENT)
    said = walk.district.command("questionnaires", "check", code=1)
    assert "b.yaml 里的 id 是“quarter”" in said
    assert "c.yml:1:1: 扩展名不是 .yaml" in said


def test_a_faulty_categories_file_is_named_and_not_a_traceback(tmp_path: Path, walk: Walk) -> None:
    """C-F14: every command ended in a traceback."""
    add_file(walk, "categories.yaml", "format: 1\ncategoreis: []\n")
    environment = {"QUESTIONNAIRES_DIR": str(walk.home / "questionnaires"), "SECRETS_DIR": str(tmp_path / "secrets"),
                   "SURVEY_LANGUAGE": "zh", "DATABASE_URL": f"sqlite:///{tmp_path / 'survey.db'}"}  # fmt: skip
    command = [sys.executable, "-m", "flask", "questionnaires", "check"]
    result = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 78
    assert "Traceback" not in result.stderr
    assert "categories.yaml:2:1: 类别文件没有“categoreis”这一项，是不是“categories”？" in result.stderr
