"""Rosters as offices send them, and files that must not be opened."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from survey_app.foundation.errors import UserError
from survey_app.foundation.pdf import missing_glyphs
from survey_app.foundation.spreadsheet_reader import MAX_BYTES
from survey_app.frame.roster import Roster
from survey_app.frame.roster_reader import read_roster
from testing.district import written
from testing.instruments import CATEGORIES

HEADING = "学校代码,学校名称,类别,家长数,教师数,学生数\n"


def read(path: Path) -> Roster:
    return read_roster(path, CATEGORIES, missing_glyphs)


def sentences(roster: Roster) -> tuple[list[str], list[str]]:
    return (
        [str(found.to_message()) for found in roster.errors],
        [str(found.to_message()) for found in roster.warnings],
    )


def by_code(roster: Roster) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {code: {} for code in roster.schools}
    for (code, audience), population in roster.audience_populations().items():
        found[code][audience] = population
    return found


def test_an_office_sheet(samples: Path) -> None:
    roster = read(samples / "roster-office.xlsx")
    assert sentences(roster) == ([], [])
    assert roster.sheet_name == "2026秋"
    assert len(roster.schools) == 6
    assert len(roster.audience_populations()) == 17
    found = by_code(roster)
    assert found["1142000501"] == {"parent": 402, "teacher": 38}, "a kindergarten has no students"
    assert found["2142000102"] == {"parent": 388, "teacher": 26, "student": 201}, "full-width digits"
    school = roster.schools["2142000102"]
    assert (school.name, school.category, school.area) == ("垚喆中心小学", "primary", "一片区")
    assert [school.category for school in roster.schools.values()] == [
        "primary", "primary", "direct", "senior", "vocational", "kindergarten"
    ]  # fmt: skip


def test_a_sheet_by_class(samples: Path) -> None:
    roster = read(samples / "roster-by-class.xlsx")
    assert sentences(roster) == ([], [])
    assert {code: school.category for code, school in roster.schools.items()} == {"0012": "primary", "0013": "direct"}
    primary = roster.schools["0012"].populations
    classes = [(grade, name) for grade in "123456" for name in ("1班", "2班")]
    parents = {(grade, name): n for (audience, grade, name, _), n in primary.items() if audience == "parent"}
    assert parents == dict.fromkeys(classes, 43)
    assert {grade for audience, grade, _, _ in primary if audience == "student"} == {"4", "5", "6"}
    assert primary["teacher", "", "", ""] == 51
    assert by_code(roster)["0013"] == {"parent": 6 * 43, "student": 6 * 43, "teacher": 51}


def test_a_faulty_sheet_names_every_fault_by_row_and_column(samples: Path) -> None:
    faults, warnings = sentences(read(samples / "roster-faulty.xlsx"))
    expected = [
        "第 3 行 A（学校代码） 列：学校代码 2142000601 与第 2 行重复",
        "第 4 行 A（学校代码） 列：学校代码是空的",
        "第 5 行 D（家长数） 列：人数 -5 不合理",
        "第 6 行 D（家长数） 列：“约三百”不是整数人数",
        "第 7 行 C（类别） 列：没有类别“培训机构”",
        "第 8 行 A（学校代码） 列：学校代码“214200060”有 9 位",
        "第 10 行 B（学校名称） 列：学校名称是空的（如果是公式",
        "第 11 行 B（学校名称） 列：学校名称是空的",
    ]
    assert len(faults) == len(expected)
    assert [fault for fault, start in zip(faults, expected, strict=True) if not fault.startswith(start)] == []
    assert [warning.split("：")[0] for warning in warnings] == [
        "第 5 行 A（学校代码） 列", "第 9 行 B（学校名称） 列", "第 9 行 B（学校名称） 列"
    ]  # fmt: skip
    assert "存成了数字" in warnings[0]
    assert "看不见的字符" in warnings[1]
    assert "𬭳" in warnings[2]


def test_gbk_with_commas_in_quotes(samples: Path) -> None:
    roster = read(samples / "roster-gbk.csv")
    assert sentences(roster) == ([], [])
    assert by_code(roster) == {
        "0007": {"parent": 512, "teacher": 40, "student": 512},
        "0008": {"parent": 12, "teacher": 4},
    }
    assert roster.schools["0007"].name == "南山学校（西校区）"
    assert roster.schools["0007"].area == "南,西片"


def test_a_deep_heading_and_a_side_table(samples: Path) -> None:
    roster = read(samples / "roster-deep-header.xlsx")
    assert sentences(roster) == ([], [])
    assert by_code(roster) == {
        "0101": {"parent": 655, "teacher": 41, "student": 330},
        "0102": {"parent": 720, "teacher": 63, "student": 720},
        "0103": {"parent": 210, "teacher": 22},
    }


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


BOMBS = {
    "large": ({"xl/a.xml": b"\0" * (31 * 2**20)}, "解压后过大"),
    "ratio": ({"xl/a.xml": b"\0" * 2**20}, "解压后过大"),
    "many": ({f"xl/{number}.xml": b"x" for number in range(201)}, "里有 201 个部件"),
    "macro": ({"xl/vbaProject.bin": b"x"}, "含宏"),
    "climbing": ({"../../etc/cron.d/x": b"x"}, "内部路径可疑"),
    "absolute": ({"/etc/x": b"x"}, "内部路径可疑"),
    "no workbook": ({"hello.txt": b"x"}, "无法作为工作簿读取"),
}


@pytest.mark.parametrize(("members", "expected"), BOMBS.values(), ids=BOMBS)
def test_archives_that_are_not_opened(tmp_path: Path, members: dict[str, bytes], expected: str) -> None:
    with pytest.raises(UserError, match=expected):
        read(zipped(tmp_path / "r.xlsx", members))


def test_files_that_are_no_rosters(tmp_path: Path) -> None:
    cases = {
        "large.csv": (b"x" * (MAX_BYTES + 1), "超过 2 MB"),
        "plain.xlsx": (b"not a zip", "不是 xlsx 工作簿"),
        "binary.csv": (b"\xff\xfe\x00\x80\xff", "不是 UTF-8、UTF-16 或 GBK"),
        "empty.csv": (b"", "找不到名册的表头"),
        "nothing.csv": (HEADING.encode(), "表头下面没有学校"),
        "long.csv": ((HEADING + "\n" * 100_001).encode(), "超过 100000 行"),
        "wide.csv": ((HEADING + "," * 70 + "x").encode(), "60 列"),
    }
    for name, (content, expected) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UserError, match=expected):
            read(path)
    with pytest.raises(UserError, match="无法读取文件"):
        read(tmp_path / "absent.csv")


def test_two_sheets_that_look_like_rosters(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.worksheets[0], book.create_sheet("去年")):
        sheet.append(["学校代码", "学校名称", "类别", "家长数"])
        sheet.append(["0101", "河东小学", "小学", 10])
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(UserError, match=r"有几个工作表都像名册（Sheet, 去年）"):
        read(tmp_path / "r.xlsx")


def test_a_sheet_that_claims_a_million_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["学校代码", "学校名称", "类别", "家长数"])
    book.worksheets[0].cell(100_101, 1, "0101")
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(UserError, match="超过 100000 行"):
        read(tmp_path / "r.xlsx")


def test_without_a_category_column(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="缺少“类别”一列"):
        read(written(tmp_path / "r.csv", "学校代码,学校名称,家长数\n0101,河东小学,10\n"))


def test_a_wide_title_row_does_not_decide_the_delimiter(tmp_path: Path) -> None:
    text = "河东区学校名册，2026年秋\n" + HEADING + "0101,河东小学,小学,60,5,30\n"
    assert list(read(written(tmp_path / "r.csv", text)).schools) == ["0101"]


@pytest.mark.parametrize("cell", ["9" * 400, "1e9", "3.5", "１2０人", "1,200"])
def test_numbers_of_people(tmp_path: Path, cell: str) -> None:
    roster = read(written(tmp_path / "r.csv", HEADING + f'0101,河东小学,小学,"{cell}",5,30\n'))
    expected = {"１2０人": 120, "1,200": 1200}
    if cell in expected:
        assert by_code(roster)["0101"]["parent"] == expected[cell]
    else:
        assert [fault.row for fault in roster.errors] == [2]


@pytest.mark.parametrize(
    "text",
    [HEADING.replace("\n", "\r") + "0101,河东小学,小学,60,5,30\r", HEADING + "0101," + "河" * 140_000],
    ids=["mac", "long field"],
)
def test_a_csv_that_is_not_regular_is_read_or_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.csv").write_bytes(text.encode())
    try:
        roster = read(tmp_path / "r.csv")
    except UserError as error:
        assert "r.csv" in str(error)  # noqa: PT017 - refusing is as good as reading
    else:
        assert list(roster.schools) == ["0101"] or roster.errors


def test_what_the_tables_cannot_hold_is_a_fault(tmp_path: Path) -> None:
    # then ends with a traceback
    name = HEADING + f"0101,{'河' * 201},小学,60,5,30\n"
    kind = "学校代码,学校名称,类别,片区,对象,年级,班级,性别,人数\n0101,河东小学,小学,{},家长,1,{},{},5\n"
    texts = [
        name,
        kind.format("片" * 101, "1班", "男"),
        kind.format("片", "班" * 51, "男"),
        kind.format("片", "班", "男" * 9),
    ]
    found = [bool(read(written(tmp_path / "r.csv", text)).errors) for text in texts]
    assert found == [True, True, True, True]
