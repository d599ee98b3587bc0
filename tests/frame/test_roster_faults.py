"""What a reader of rosters does not understand it refuses; what it leaves out it names (faults X-F… and K…)."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from survey_app.foundation.errors import UserError
from survey_app.foundation.pdf import missing_glyphs
from survey_app.frame.roster import Roster
from survey_app.frame.roster_reader import ReadingOptions, read_roster, read_rosters
from testing.district import written
from testing.instruments import CATEGORIES

WIDE = ("学校代码", "学校名称", "类别", "家长数", "教师数", "学生数")
LONG = ("学校代码", "学校名称", "类别", "对象", "年级", "班级", "人数")
Row = tuple[Any, ...]


def book(path: Path, *rows: Row, sheets: dict[str, list[Row]] | None = None, adjust: Any = None) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, lines in (sheets or {"名册": list(rows)}).items():
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append(line)
    if adjust:
        adjust(workbook)
    workbook.save(path)
    return path


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Roster]:
    def read_book(*rows: Row, **options: Any) -> Roster:
        return read_roster(book(tmp_path / "r.xlsx", *rows, **options), CATEGORIES, missing_glyphs)

    return read_book


def faults(roster: Roster) -> list[str]:
    return [str(issue.to_message()) for issue in roster.errors]


def warnings(roster: Roster) -> list[str]:
    return [str(issue.to_message()) for issue in roster.warnings]


def totals(roster: Roster) -> dict[str, int]:
    return roster.audience_totals()


def test_a_formula_without_a_value_is_a_fault(read: Callable[..., Roster]) -> None:
    """X-F1: openpyxl keeps no values of formulas; a blank cell stays "not asked"."""
    roster = read(WIDE, ("0101", "河东小学", "小学", "=300+300", 20, None))
    assert faults(roster) == ["第 2 行 D（家长数） 列：单元格是公式，却没有值，或是错误值。请粘贴为数值"]


@pytest.mark.parametrize("column", range(6))
def test_a_formula_without_a_value_is_a_fault_in_every_column(read: Callable[..., Roster], column: int) -> None:
    """X-F1, its kind: also where the cell is a code, a name or a category."""
    row: list[Any] = ["0101", "河东小学", "小学", 60, 20, 30]
    row[column] = '=A1&"x"'
    assert any(f"{'ABCDEF'[column]}（" in fault for fault in faults(read(WIDE, tuple(row))))


def test_an_error_value_is_a_fault(tmp_path: Path) -> None:
    """X-F1: #REF! in a count."""
    path = book(tmp_path / "r.xlsx", WIDE, ("0101", "河东小学", "小学", 60, 20, 30))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].replace(
        b'<c r="D2" t="n"><v>60</v></c>', b'<c r="D2" t="e"><v>#REF!</v></c>'
    )
    assert b"#REF!" in sheet
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (members | {"xl/worksheets/sheet1.xml": sheet}).items():
            archive.writestr(name, content)
    assert len(faults(read_roster(path, CATEGORIES))) == 1


def test_a_word_for_a_total_in_a_remark_drops_no_school(read: Callable[..., Roster]) -> None:
    """X-F2: 备注 "合计12个班"; a total row has no code of its own, and is named."""
    roster = read(
        (*WIDE, "备注"),
        ("0101", "河东小学", "小学", 60, 20, 30, "合计12个班"),
        ("合计", None, None, 60, 20, 30, None),
        (None, "总计", None, 60, 20, 30, None),
    )
    assert list(roster.schools) == ["0101"]
    assert [(skipped.row, skipped.text[:2]) for skipped in roster.skipped] == [(3, "合计"), (4, "总计")]
    assert not roster.errors


def test_merged_counts_are_never_filled_down(read: Callable[..., Roster]) -> None:
    """X-F3: a merged 1000 over a school and its branch."""

    def merge(workbook: Any) -> None:
        workbook.active.merge_cells("D2:D3")

    rows = [WIDE, ("0101", "河东小学", "小学", 1000, 20, None), ("0102", "河东分校", "小学", None, 20, None)]
    found = faults(read(sheets={"名册": rows}, adjust=merge))
    assert [fault[:12] for fault in found] == ["第 2 行 D（家长数）", "第 3 行 D（家长数）"]
    assert "合并" in found[0]


def test_a_grade_beside_its_classes_is_a_fault_that_names_both_rows(read: Callable[..., Roster]) -> None:
    """X-F4: 90 for the grade and 45 + 45 for its classes are not 180; the same with schools and their grades."""
    for rows in (
        [("0101", "甲", "小学", "家长", "一年级", "", 90), ("0101", "甲", "小学", "家长", "一年级", "1班", 45)],
        [("0101", "甲", "小学", "家长", "", "", 90), ("0101", "甲", "小学", "家长", "一年级", "", 45)],
    ):
        found = faults(read(LONG, *rows))
        assert len(found) == 1
        assert "（第 3 行）" in found[0]
        assert "（第 2 行）" in found[0]
    separate = [("0101", "甲", "小学", "家长", "一年级", "1班", 45), ("0101", "甲", "小学", "家长", "二年级", "", 45)]
    assert not faults(read(LONG, *separate)), "another grade may have no classes"


def test_the_better_heading_wins_and_the_other_is_named(read: Callable[..., Roster]) -> None:
    """X-F5: 编号 (1, 2 …) before 学校标识码."""
    roster = read(("编号", "学校标识码", "学校名称", "类别", "家长数"), (1, "0101", "甲", "小学", 60))
    assert list(roster.schools) == ["0101"]
    assert [str(column) for column in roster.sheets[0].unused] == ["A“编号”"]


def test_two_columns_of_numbers_for_one_meaning_are_refused(read: Callable[..., Roster]) -> None:
    """X-F5, its kind: nobody can tell which number is meant."""
    found = faults(read((*WIDE, "家长人数"), ("0101", "甲", "小学", 60, 20, 30, 61)))
    assert len(found) == 1
    assert "分不清用哪一列" in found[0]


@pytest.mark.parametrize("remark", ['"分校未报', '"分校未报\n0103,丙,小学,5,5,5,"无'])
def test_a_quotation_mark_that_is_not_closed_is_refused_with_its_line(tmp_path: Path, remark: str) -> None:
    """X-F6: 2 of 4 schools were gone."""
    heading = ",".join((*WIDE, "备注"))
    text = f"{heading}\n0101,甲,小学,60,20,30,\n0102,乙,小学,60,20,30,{remark}\n0104,丁,小学,60,20,30,\n"
    with pytest.raises(UserError, match="第 3 行的引号没有配对"):
        read_roster(written(tmp_path / "r.csv", text), CATEGORIES)


def test_a_remark_may_have_two_lines(tmp_path: Path) -> None:
    """X-F6: strict, but not stricter than the format; rows keep the line numbers of the file."""
    heading = ",".join((*WIDE, "备注"))
    text = f'{heading}\n0101,甲,小学,60,20,30,"一\n二，三"\n0102,乙,小学,x,20,30,\n'
    roster = read_roster(written(tmp_path / "r.csv", text), CATEGORIES)
    assert [issue.row for issue in roster.errors] == [4]


def test_a_hundred_schools_by_class_and_several_files(tmp_path: Path) -> None:
    """X-F8: 7,300 rows were refused, and the second of two files removed the schools of the first."""
    lines = [
        f"{code},第{code}小学,小学,{audience},{grade},{class_name}班,40"
        for code in range(1001, 1101)
        for audience in ("家长", "学生")
        for grade in ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级")
        for class_name in range(1, 7)
    ]
    assert len(lines) == 7200
    halves = [
        written(tmp_path / f"{number}.csv", "\n".join([",".join(LONG), *part]) + "\n")
        for number, part in enumerate((lines[:3600], lines[3600:]))
    ]
    roster = read_rosters(halves, CATEGORIES)
    assert not roster.errors
    assert len(roster.schools) == 100
    assert totals(roster) == {"parent": 144_000, "student": 144_000}


def test_a_class_that_became_a_date_is_a_fault(read: Callable[..., Roster]) -> None:
    """X-F13: 1-2 typed as a class; its kind: in names and counts too."""
    from datetime import date

    found = faults(read(LONG, ("0101", "甲", "小学", "家长", "一年级", date(2026, 1, 2), 45)))
    assert len(found) == 1
    assert "看起来像日期（2026-01-02）" in found[0]
    assert "看起来像日期" in faults(read(WIDE, ("0101", "甲", "小学", date(2026, 1, 2), 20, 30)))[0]


def test_hidden_sheets_are_not_the_roster_and_filtered_rows_are_mentioned(read: Callable[..., Roster]) -> None:
    """X-F14: a very hidden sheet was imported."""

    def hide(workbook: Any) -> None:
        workbook["去年"].sheet_state = "veryHidden"
        workbook["名册"].row_dimensions[3].hidden = True

    sheets = {
        "去年": [WIDE, ("0999", "旧小学", "小学", 1, 1, 1)],
        "名册": [WIDE, ("0101", "甲", "小学", 60, 20, 30), ("0102", "乙", "小学", 60, 20, 30)],
    }
    roster = read(sheets=sheets, adjust=hide)
    assert list(roster.schools) == ["0101", "0102"]
    assert any("筛选或隐藏的行" in str(note) for note in roster.notes)


@pytest.mark.parametrize(
    "heading",
    [
        ("学校（机构）标识码", "校名", "办学类型", "在校生数", "专任教师数"),
        ("*学校代码", "*学校名称", "*学段", "学生（人）", "教师（人）"),
        ("学校代码：", "学校名称", "类别", "学生数(单位：人)", "教职工数"),
    ],
)
def test_headings_of_official_forms(read: Callable[..., Roster], heading: Row) -> None:
    """X-F17."""
    roster = read(heading, ("0101", "甲", "小学", 60, 20))
    assert not roster.errors
    assert totals(roster) == {"student": 60, "teacher": 20}


OFFICIAL_KINDS = {
    "kindergarten": ("幼儿园", "附设幼儿班"),
    "primary": ("小学", "小学教学点", "教学点", "附设小学班"),
    "direct": ("初级中学", "职业初中", "附设普通初中班", "九年一贯制学校", "公办初中"),
    "senior": ("高级中学", "完全中学", "附设普通高中班", "成人高中"),
    "vocational": ("中职学校", "调整后中等职业学校", "中等技术学校", "中等师范学校", "成人中等专业学校", "职业高中学校",
                   "技工学校", "附设中职班", "其他中职机构"),
    "other": ("盲人学校", "聋人学校", "弱智学校", "培智学校", "其他特教学校", "特殊教育学校", "工读学校", "专门学校"),
}  # fmt: skip


@pytest.mark.parametrize(("category", "words"), OFFICIAL_KINDS.items(), ids=OFFICIAL_KINDS)
def test_official_kinds_of_school_are_known(category: str, words: tuple[str, ...]) -> None:
    """X-F17: 9 of 34 were."""
    assert {word: found.id if (found := CATEGORIES.find(word)) else None for word in words} == dict.fromkeys(
        words, category
    )


def test_headings_that_were_found_are_named_and_what_is_missing(read: Callable[..., Roster]) -> None:
    """X-F17, K11: "找不到名册的表头" alone helps nobody."""
    with pytest.raises(UserError) as refusal:
        read(("学校名称", "类别", "家长数"), ("甲", "小学", 60))
    assert "认得的表头：学校名称、类别、家长数；还缺：学校代码" in str(refusal.value)


def test_teachers_by_grade_are_added_up(read: Callable[..., Roster]) -> None:
    """X-F17."""
    rows = [("0101", "甲", "小学", "教师", grade, "", 5) for grade in ("一年级", "二年级")]
    roster = read(LONG, *rows)
    assert not roster.errors
    assert totals(roster) == {"teacher": 10}


def test_grade_columns_of_a_statistics_form(read: Callable[..., Roster]) -> None:
    """K11: 一年级 … 六年级; with a total that must agree; parents as children only if somebody says so."""
    heading = ("学校代码", "学校名称", "学段", "一年级", "二年级", "在校生数", "教师数")
    roster = read(heading, ("0101", "甲", "小学", 40, 50, 90, 8))
    assert not roster.errors
    assert roster.schools["0101"].populations == {
        ("student", "1", "", ""): 40, ("student", "2", "", ""): 50, ("teacher", "", "", ""): 8,
    }  # fmt: skip
    assert any("读这个文件时选上这一项" in str(note) for note in roster.notes), "parents do not vanish silently"
    assert "与各年级之和 90 不一致" in faults(read(heading, ("0101", "甲", "小学", 40, 50, 91, 8)))[0]


def test_parents_may_be_counted_by_children(tmp_path: Path) -> None:
    """K11: 学生数 + 教师数 without 家长数."""
    path = book(
        tmp_path / "r.xlsx", ("学校代码", "学校名称", "类别", "学生数", "教师数"), ("0101", "甲", "小学", 90, 8)
    )
    roster = read_rosters([path], CATEGORIES, options=ReadingOptions(parents_by_children=True))
    assert totals(roster) == {"student": 90, "teacher": 8, "parent": 90}


def test_section_rows_signatures_units_and_examples_are_no_schools(read: Callable[..., Roster]) -> None:
    """K11: merged section rows gave 20 errors, a signature over several cells "没有类别"."""

    def merge(workbook: Any) -> None:
        workbook.active.merge_cells("A3:E3")

    roster = read(
        sheets={
            "名册": [
                ("学校代码", "学校名称", "家长数", "教师数", "备注"),
                (None, None, "（人）", "（人）", None),
                ("一、小学", None, None, None, None),
                ("例：0100", "示例小学", 10, 2, None),
                ("0101", "甲", 60, 8, None),
                ("学校代码", "学校名称", "家长数", "教师数", "备注"),
                ("二、初中", None, None, None, None),
                ("0201", "乙", 60, 8, None),
                ("制表人：张三", "审核人：李四", "日期：12月1日", None, None),
            ]
        },
        adjust=merge,
    )
    assert not faults(roster)
    assert {code: school.category for code, school in roster.schools.items()} == {"0101": "primary", "0201": "direct"}
    assert [skipped.row for skipped in roster.skipped] == [2, 3, 4, 6, 7, 9]


def test_one_sheet_for_each_category(read: Callable[..., Roster]) -> None:
    """K11: sheets that are named after categories belong together."""
    heading = ("学校代码", "学校名称", "家长数")
    roster = read(sheets={"小学": [heading, ("0101", "甲", 60)], "初中": [heading, ("0201", "乙", "x")]})
    assert {code: school.category for code, school in roster.schools.items()} == {"0101": "primary"}
    assert faults(roster) == ["初中 第 2 行 C（家长数） 列：“x”不是整数人数"]


def test_a_large_sheet_beside_the_roster_is_no_obstacle(read: Callable[..., Roster]) -> None:
    """files, list of poor sentences: one large unrelated sheet refused the whole book."""

    def widen(workbook: Any) -> None:
        workbook["明细"].cell(1, 70, "x")

    assert (
        len(read(sheets={"明细": [("x",)], "名册": [WIDE, ("0101", "甲", "小学", 1, 1, 1)]}, adjust=widen).schools) == 1
    )


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-16", ","), ("utf-8", "\t"), ("gbk", ";"), ("utf-8-sig", ",")]
)
def test_encodings_separators_and_notes_with_commas(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """files, list of poor sentences: UTF-16, TSV with commas in a note, 31 trailing commas."""
    rows = [(*WIDE, "备注"), ("0101", "甲", "小学", "60", "20", "30", "东,西,南,北片".replace(delimiter, "、"))]
    text = "\n".join(delimiter.join(row) + delimiter * 31 for row in rows) + "\n"
    (tmp_path / "r.csv").write_bytes(text.encode(encoding))
    assert totals(read_roster(tmp_path / "r.csv", CATEGORIES)) == {"parent": 60, "teacher": 20, "student": 30}


def test_a_number_that_a_spreadsheet_has_rounded_is_a_fault(read: Callable[..., Roster]) -> None:
    """files: an 18-digit numeric code."""
    assert "已经四舍五入" in faults(read(WIDE, (214200060123456789, "甲", "小学", 60, 20, 30)))[0]


def test_an_ods_file_is_named_as_one(tmp_path: Path) -> None:
    """files: .ods merges came in as blanks."""
    with zipfile.ZipFile(tmp_path / "r.xlsx", "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(UserError, match="不是 xlsx（是 ods 或 xlsb）"):
        read_roster(tmp_path / "r.xlsx", CATEGORIES)


def test_another_spelling_of_a_name_is_no_repetition(read: Callable[..., Roster]) -> None:
    """files: reported as 重复."""
    rows = [("0101", name, "小学", "家长", grade, "", 5) for name, grade in (("甲小学", "一年级"), ("甲小", "二年级"))]
    assert "在第 2 行写作“甲小学”，这里写作“甲小”" in faults(read(LONG, *rows))[0]


def test_a_school_without_people_and_a_long_name_are_warned_of_and_codes_once(read: Callable[..., Roster]) -> None:
    """files: accepted silently; X-F11: names are warned of at import; K11: one warning repeated 20 times."""
    found = warnings(read(WIDE, (101, "甲", "小学", None, None, None), (102, "长" * 40, "小学", 1, 1, 1)))
    assert len(found) == 3
    assert any("没有任何人数" in text for text in found)
    assert any("校名有 40 个字" in text for text in found)
    assert any("存成了数字" in text and "共 2 行" in text for text in found)


def test_characters_of_class_names_are_checked_too(read: Callable[..., Roster]) -> None:
    """X-F9."""
    found = warnings(read(LONG, ("0101", "甲", "小学", "家长", "一年级", "𠮷班", 45)))
    assert any("G" not in text and "班级" in text and "𠮷" in text for text in found)
