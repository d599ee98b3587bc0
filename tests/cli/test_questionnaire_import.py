"""``flask questionnaires import``: from the text that the office has to a file, and what it says on the way."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from survey_app.foundation.clock import ManualClock
from survey_app.frame import draft_import
from testing.application import make_app
from testing.district import District

PASTED = """食堂满意度调查（家长卷）
尊敬的家长：请如实作答。
1. 您的孩子在学校吃午餐吗？
A. 是  B. 否（请跳至第4题）
2. 您对饭菜味道的满意程度
A. 非常满意  B. 满意  C. 一般  D. 不满意  E. 非常不满意
3. 您对饭菜价格的满意程度
A. 非常满意  B. 满意  C. 一般  D. 不满意  E. 非常不满意
4. 请把下面几项排序
A. 味道  B. 价格
5. 您的建议：____________
第 1 页 共 1 页
"""


@pytest.fixture
def office(tmp_path: Path, clock: ManualClock) -> District:
    """The command without a database: importing needs none."""
    return District(make_app(f"sqlite:///{tmp_path / 'absent.db'}", tmp_path, clock), clock)


def refused_json(office: District, path: Path) -> dict[str, Any]:
    """What is printed of a source from which nothing comes in; sentences are no part of it."""
    result = office.app.test_cli_runner().invoke(args=["questionnaires", "import", str(path), "--json"])
    assert result.exit_code == 1
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


@pytest.fixture
def pasted(tmp_path: Path) -> Path:
    path = tmp_path / "食堂.txt"
    path.write_text(PASTED, "utf-8")
    return path


def test_a_pasted_text_becomes_a_file_with_gaps(office: District, pasted: Path, tmp_path: Path) -> None:
    out = tmp_path / "canteen.yaml"
    said = office.command("questionnaires", "import", str(pasted), "--out", str(out))
    assert "共 12 行：读入" in said
    assert "第 9 行：没有排序题，这一题没有读入" in said
    written = yaml.safe_load(out.read_text("utf-8"))
    assert (written["id"], written["version"], written["audiences"]) == ("canteen", None, ["parent"])
    assert [item["show_if"] for item in written["dimensions"][0]["items"]] == ["Q1 == '1'"] * 2
    first = out.read_bytes()
    office.command("questionnaires", "import", str(pasted), "--out", str(out))
    assert out.read_bytes() == first
    refusal = office.command("questionnaires", "check", str(out), code=1)
    assert "“version”是空的" in refusal


def test_the_json_is_one_object_whatever_happens(office: District, pasted: Path, tmp_path: Path) -> None:
    printed = json.loads(office.command("questionnaires", "import", str(pasted), "--audience", "教师", "--json"))
    assert printed["outcome"] == "draft"
    assert printed["instruments"][0]["audiences"] == ["teacher"]
    assert printed["instruments"][0]["background"][0]["private"] is True
    nothing = tmp_path / "空.txt"
    nothing.write_text("明天放假。\n", "utf-8")
    refused = refused_json(office, nothing)
    assert (refused["outcome"], refused["instruments"]) == ("refused", [])
    assert "没有读到题目" in refused["faults"][-1]["message"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("图.png", b"\x89PNG", "不认识 图.png 的格式"),
        ("坏.txt", b"\xff\xff\x00\x00", "编码的文本"),
        ("大.txt", b"1. \n" * 800_000, "超过 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    office: District, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert reason in office.command("questionnaires", "import", str(path), code=1)
    refused = refused_json(office, path)
    assert (refused["outcome"], refused["counts"]["source"]) == ("refused", 0)
    assert reason in refused["faults"][0]["message"]


def test_what_is_typed_wrong_is_named(office: District, pasted: Path, tmp_path: Path) -> None:
    assert "没有文件" in office.command("questionnaires", "import", str(tmp_path / "无.txt"), code=1)
    refusal = office.command("questionnaires", "import", str(pasted), "--audience", "校长", code=1)
    assert "没有“校长”这种对象" in refusal


def test_importing_again_says_what_changed_and_keeps_ids(office: District, pasted: Path, tmp_path: Path) -> None:
    out = tmp_path / "canteen.yaml"
    office.command("questionnaires", "import", str(pasted), "--out", str(out))
    out.write_text(out.read_text("utf-8").replace("id: Q2", "id: F1").replace("version:", "version: '2026.1'"), "utf-8")
    pasted.write_text(PASTED.replace("饭菜味道", "饭菜的味道").replace("饭菜价格", "食堂环境"), "utf-8")
    said = office.command(
        "questionnaires", "import", str(pasted), "--previous", str(out), "--out", str(tmp_path / "canteen2.yaml")
    )
    assert "沿用 3 题" in said
    assert "F1 改了字：“您对饭菜味道的满意程度” → “您对饭菜的味道的满意程度”" in said
    assert "新题：Q3_2" in said
    assert "不再有：Q3；已写进 retired" in said
    written = yaml.safe_load((tmp_path / "canteen2.yaml").read_text("utf-8"))
    assert written["retired"] == [{"id": "Q3", "last_version": "2026.1"}]
    assert [item["id"] for item in written["dimensions"][0]["items"]] == ["F1", "Q3_2"]
    out.write_text("format: [", "utf-8")
    office.command("questionnaires", "import", str(pasted), "--previous", str(out), code=1)


def test_a_source_that_takes_too_long_is_given_up(
    office: District, pasted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_import, "TIMEOUT_SECONDS", 0.001)
    assert "读得太久，没有导入" in office.command("questionnaires", "import", str(pasted), code=1)
