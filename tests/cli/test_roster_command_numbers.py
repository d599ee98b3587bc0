"""Dry runs of rosters with numbers, sheets with a column 问题, the template, samples (K10–K12, X-F…)."""

import csv
import io
import json
import random
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from survey_app.foundation.clock import ManualClock
from testing.district import District, written

HEADING = "学校代码,学校名称,类别,家长数,教师数,学生数\n"
FIRST = HEADING + "0101,河东小学,小学,60,5,30\n0102,河西小学,小学,50,4,20\n0201,河东中学,初中,90,8,90\n"


@pytest.fixture
def office(sqlite_app: Flask, clock: ManualClock) -> District:
    return District(sqlite_app, clock)


def imported(office: District, path: Path, *options: str, code: int = 0) -> str:
    return office.command("roster", "import", str(path), *options, code=code)


def test_a_dry_run_has_totals_and_old_and_new_numbers(office: District, tmp_path: Path) -> None:
    """K12: a typo 9999 passes unless somebody sees the sums and the change."""
    imported(office, written(tmp_path / "a.csv", FIRST))
    second = FIRST.replace("0101,河东小学,小学,60", "0101,河东实验小学,小学,9999") + "合计,,,10139,17,140\n"
    shown = imported(office, written(tmp_path / "b.csv", second), "--dry-run")
    assert "家长数：200 → 10,139" in shown
    assert "教师数：17 → 17" in shown
    assert "河东实验小学 (0101)：学校名称 河东小学 → 河东实验小学、家长数 60 → 9999" in shown
    assert "A 学校代码 = 学校代码" in shown
    assert "没有当作学校的行 1：5 “合计" in shown
    found = json.loads(imported(office, tmp_path / "b.csv", "--dry-run", "--json"))
    assert found["totals"]["parent"] == {"before": 200, "after": 10139}
    assert found["differences"]["0101"][1] == {"what": "家长数", "before": "60", "after": "9999"}
    assert found["skipped"] == [{"row": 5, "text": "合计 10139 17 140"}]
    assert office.count("enrolment WHERE population = 9999") == 0


def test_totals_count_schools_that_stay_and_not_those_that_go(office: District, tmp_path: Path) -> None:
    """K12."""
    imported(office, written(tmp_path / "a.csv", FIRST))
    only_one = written(tmp_path / "b.csv", HEADING + "0101,河东小学,小学,60,5,30\n")
    found = json.loads(imported(office, only_one, "--dry-run", "--json"))
    assert found["gone"] == ["0102"]
    assert found["totals"]["parent"] == {"before": 200, "after": 150}


def test_a_name_under_a_new_code_is_pointed_out(office: District, tmp_path: Path) -> None:
    """K12."""
    imported(office, written(tmp_path / "a.csv", FIRST))
    renumbered = written(tmp_path / "b.csv", FIRST.replace("0101", "0110"))
    found = json.loads(imported(office, renumbered, "--dry-run", "--json"))
    assert "“河东小学”原来的代码是 0101，这里是 0110：代码写错了吗？" in found["notes"]


def test_several_files_are_one_roster(office: District, tmp_path: Path) -> None:
    """X-F8: the second half of a split file wanted to remove the first."""
    files = [written(tmp_path / f"{n}.csv", HEADING + f"010{n},甲{n},小学,60,5,30\n") for n in (1, 2)]
    found = json.loads(office.command("roster", "import", *map(str, files), "--json"))
    assert found["new"] == ["0101", "0102"]
    again = json.loads(office.command("roster", "import", *map(str, files), "--json"))
    assert (again["gone"], again["unchanged"]) == ([], 2)


def test_the_words_of_an_import_do_not_decide_whether_it_is_written(office: District, tmp_path: Path) -> None:
    """files: ``roster import | head -1`` wrote nothing; now the words come after the commit."""
    result = office.app.test_cli_runner().invoke(args=["roster", "import", str(written(tmp_path / "a.csv", FIRST))])
    assert result.output.index("已导入 3 所学校") < result.output.index("新增 3")


def test_the_sheet_comes_back_with_what_is_wrong(office: District, tmp_path: Path) -> None:
    """issue 9, kind 6: the same workbook with a column 问题."""
    book = openpyxl.Workbook()
    for row in (["河东区名册"], ["学校代码", "学校名称", "类别", "家长数"], ["0101", "甲", "小学", "约三百"],
                ["0102", "乙", "小学", 60], ["0102", "丙", "学院", 60]):  # fmt: skip
        book.worksheets[0].append(row)
    book.save(tmp_path / "r.xlsx")
    out = tmp_path / "问题.xlsx"
    imported(office, tmp_path / "r.xlsx", "--faults-out", str(out), code=1)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert lines[1][:3] == ["问题", "学校代码", "学校名称"]
    assert lines[2][0] == "错误：D（家长数） “约三百”不是整数人数"
    assert lines[2][1:] == ["0101", "甲", "小学", "约三百"]
    assert lines[3][0] is None
    assert "没有类别“学院”" in str(lines[4][0])
    assert office.count("school") == 0


def test_the_template_can_be_filled_in_and_imported(office: District, tmp_path: Path) -> None:
    """K11: no template."""
    path = tmp_path / "名册模板.xlsx"
    office.command("roster", "template", "--out", str(path))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["名册", "填写说明"]
    sheet = book["名册"]
    assert sheet.data_validations.dataValidation[0].formula1.count(",") == 5, "six categories to choose from"
    sheet.append(["0101", "河东小学", "学区小学", "一片区", "东方集团", "家长", "一年级", "1班", 45])
    sheet.append(["0101", "河东小学", "学区小学", "一片区", None, "教师", None, None, 12])
    book.save(path)
    found = json.loads(imported(office, path, "--json"))
    assert {entry["audience"]: entry["population"] for entry in found["populations"]} == {"parent": 45, "teacher": 12}


def test_a_sample_can_be_drawn_again_and_is_on_record(office: District, tmp_path: Path) -> None:
    """issue 8, point 8: 网评1% with seed and record."""
    lines = [f"{1000 + n},第{n}小学,小学,{random.Random(n).randrange(100, 900)},20,100" for n in range(40)]
    imported(office, written(tmp_path / "a.csv", HEADING + "\n".join(lines) + "\n"))

    def drawn(seed: int, name: str) -> list[dict[str, str]]:
        out = tmp_path / name
        office.command("roster", "sample", "--share", "0.05", "--seed", str(seed), "--out", str(out))
        return list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))

    first = drawn(7, "a.csv")
    assert drawn(7, "b.csv") == first
    assert drawn(8, "c.csv") != first
    assert {(row["seed"], row["share"]) for row in first} == {("7", "0.05")}
    assert all(row["strata"].startswith("audience>category>school") for row in first)
    for audience in ("parent", "teacher", "student"):
        rows = [row for row in first if row["audience"] == audience]
        assert len(rows) == 40
        people, sample = (sum(int(row[name]) for row in rows) for name in ("population", "sample"))
        assert abs(sample - 0.05 * people) <= 1
        for row in rows:
            numbers = [int(number) for number in row["numbers"].split()]
            assert len(set(numbers)) == int(row["sample"])
            assert all(1 <= number <= int(row["population"]) for number in numbers)
            assert abs(len(numbers) - 0.05 * int(row["population"])) <= 1
    assert office.count("audit_entry WHERE action = 'roster.sample' AND detail LIKE 'share 0.05, seed 7: %'") == 2
    assert "大于 0、不超过 1" in office.command(
        "roster", "sample", "--share", "1.5", "--seed", "1", "--out", str(tmp_path / "x"), code=1
    )
