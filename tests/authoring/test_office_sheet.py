"""Sheets as offices draw them: every layout that was seen, on sheets made for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from survey_app.authoring.draft import Draft, DraftItem, Fate, ItemKind
from survey_app.authoring.sheet.cells import CellValue
from survey_app.authoring.sheet.workbook_reader import read_workbook
from survey_app.definition.conditions import to_source
from survey_app.foundation.settings import PROJECT
from survey_app.frame.instrument_catalogue import InstrumentCatalogue

CATEGORIES = InstrumentCatalogue(PROJECT / "questionnaires").categories()
FOUR = ["非常满意", "满意", "基本满意", "不满意"]


@dataclass
class Cells:
    """A sheet in memory."""

    name: str
    rows: list[list[CellValue]]
    filled: frozenset[tuple[int, int]] = frozenset()
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    too_large: bool = False


def sheet(name: str, *rows: Sequence[CellValue]) -> Cells:
    width = max(map(len, rows))
    return Cells(name, [[*row, *[""] * (width - len(row))] for row in rows])


def read(*sheets: Cells, audience: str = "") -> Draft:
    return read_workbook(sheets, CATEGORIES, audience)


def text(item: DraftItem) -> str:
    return next(iter(item.text.values()))


def labels(item: DraftItem) -> list[str]:
    options = item.scale.options if item.scale else item.options
    return [next(iter(option.label.values())) for option in options]


def codes(draft: Draft) -> set[str]:
    return {fault.code for fault in draft.faults}


def test_a_sheet_for_each_audience_is_an_instrument_for_each() -> None:
    sheets = [
        sheet(
            name, [f"2026年学校满意度调查（{name}卷）"], [], ["题号", "一级指标", "问题", "选项", "是否必答"],
            [1, "教学", "对课堂教学的满意程度", "①非常满意②满意③基本满意④不满意⑤不了解", "是"],
            [2, "", "对作业的满意程度", "同上", "否"], ["合计", "", "2题"], ["填表人：", "", "2026年5月1日"],
        )
        for name in ("家长", "教师", "学生")
    ]  # fmt: skip
    draft = read(*sheets)
    assert [head.audiences for head in draft.forms] == [("parent",), ("teacher",), ("student",)]
    assert [item.form for item in draft.items] == [0, 0, 1, 1, 2, 2]
    assert all(labels(item) == FOUR for item in draft.items)
    assert all(item.scale and item.scale.not_applicable for item in draft.items)
    assert [item.required for item in draft.items] == [True, False] * 3
    assert len(draft.listed(Fate.FURNITURE)) == 6


def test_one_option_a_column_and_a_dimension_that_is_written_once() -> None:
    draft = read(
        sheet(
            "Sheet1", ["某区家长满意度调查表"], ["尊敬的家长：您好！本调查匿名进行，感谢您的支持与配合。"],
            ["序号", "调查项目", "题目", "A", "B", "C", "D", "备注"],
            [1, "一、教学", "老师上课认真", "完全同意", "比较同意", "不太同意", "完全不同意", ""],
            [2, "", "作业批改及时", "完全同意", "比较同意", "不太同意", "完全不同意", "必填"],
            [3, "二、其他", "了解学校的渠道（可多选）", "家长会", "微信群", "其他", "", "限选2项"],
            [4, "", "您的手机号", "", "", "", "", ""], [5, "", "还有什么建议？", "", "", "", "", "选填"],
        )
    )  # fmt: skip
    first, second, third, last = draft.items
    assert [text(item) for item in draft.items][:2] == ["老师上课认真", "作业批改及时"]
    assert second.section == first.section
    assert first.section is not None
    assert dict(first.section.label) == {"zh": "教学"}
    assert (second.required, last.required, last.kind) == (True, False, ItemKind.TEXT)
    assert (third.kind, third.at_most) == (ItemKind.CHOICES, 2)
    assert [option.text_length for option in third.options] == [0, 0, 60]
    assert dict(draft.forms[0].title or {}) == {"zh": "某区家长满意度调查表"}
    assert draft.forms[0].intro is not None
    assert [entry.code for entry in draft.listed(Fate.LEFT)] == ["personal_data"]


def test_section_rows_conditions_in_words_marks_and_the_overall_item() -> None:
    draft = read(
        sheet(
            "问卷", ["序号", "题目", "选项", "题型"], ["一、课堂教学"],
            [1, "教学质量", "A.非常满意 B.满意 C.基本满意 D.不满意", "单选题"], ["二、后勤"],
            [2, "是否住校", "是；否", "单选题"],
            [3, "宿舍条件（第2题选“是”的填）", "非常满意/满意/基本满意/不满意", "单选题"],
            [4, "总体来说，您对学校的满意程度", "非常满意\n满意\n基本满意\n不满意", "单选题"],
            [5, "给学校打分", "1-10分", "打分题"], [6, "把下面几项排序", "甲、乙、丙", "排序题"],
            [7, "家里离学校多远", "", "数值题"],
        )
    )  # fmt: skip
    quality, boarding, dormitory, overall, marks, ranking, number = draft.items
    assert quality.section is not None
    assert dict(quality.section.label) == {"zh": "课堂教学"}
    assert labels(boarding) == ["是", "否"]
    assert dormitory.show_if is not None
    assert to_source(dormitory.show_if) == "Q2 == '是'"
    assert text(dormitory) == "宿舍条件"
    assert overall.is_overall
    assert labels(overall) == FOUR
    assert labels(marks) == [str(number) for number in range(1, 11)]
    assert (ranking.kind, ranking.is_left_out, number.kind) == (ItemKind.RANKING, True, ItemKind.NUMBER)
    assert {"condition_guessed", "favourable_missing", "ranking", "bands_missing"} <= codes(draft)


def test_a_grid_with_the_answers_as_headings() -> None:
    draft = read(
        sheet(
            "测评表", ["学校工作满意度测评表"], ["序号", "测评内容", *FOUR, "不了解"],
            [1, "师德师风", "□", "□", "□", "□"], [2, "2. 办学条件"], [3, "意见和建议："],
        )
    )  # fmt: skip
    assert [(item.kind, text(item)) for item in draft.items] == [
        (ItemKind.SCALE, "师德师风"), (ItemKind.SCALE, "办学条件"), (ItemKind.TEXT, "意见和建议"),
    ]  # fmt: skip
    assert labels(draft.items[0]) == FOUR


def test_grades_of_the_school_options_above_and_options_that_are_missing() -> None:
    draft = read(
        sheet(
            "Sheet1", ["题目", "题型", "选项"], ["孩子的年级", "单选", "按学校年级"], ["甲", "单选", "同上"],
            ["乙", "单选", "非常满意、满意、不满意"], ["丙", "单选", ""], ["丁", "地理位置", "一、二"],
            ["照片", "image", ""],
        ),
        audience="parent",
    )  # fmt: skip
    kinds = {text(item): item.kind for item in draft.items}
    assert kinds["孩子的年级"] is ItemKind.GRADE
    assert labels(draft.items[3]) == ["非常满意", "满意", "不满意"]
    assert {"options_missing", "options_guessed", "media"} <= codes(draft)
    assert draft.forms[0].audiences == ("parent",)


def test_hidden_rows_dates_and_formulas_are_said() -> None:
    one = sheet(
        "Sheet1", ["序号", "题目", "选项"], [1, "甲方面", "满意、不满意"], [2, "", "满意、不满意"], [3, "丙", ""]
    )
    one.hidden_rows = frozenset({1})
    one.formulas = {(2, 1): "A1&B1"}
    draft = read(one)
    assert {"hidden_row", "text_missing"} <= codes(draft)


@pytest.mark.parametrize(
    "rows",
    [[["姓名", "电话"], ["张三", "1"]], [["题目"], ["只有表头和一行"]], [["序号", "题目", "选项"]], [["", ""]]],
)
def test_what_is_no_questionnaire_is_refused_with_what_to_do(rows: list[list[CellValue]]) -> None:
    draft = read(sheet("Sheet1", *rows))
    assert draft.has_errors
    assert "no_question_found" in codes(draft)


def test_sheets_that_are_too_large_or_hidden_are_left_out_by_name() -> None:
    large, hidden = sheet("大", ["x"]), sheet("旧", ["题目", "选项"], ["甲", "是、否"])
    large.too_large, hidden.is_hidden = True, True
    draft = read(large, hidden)
    assert [entry.code for entry in draft.listed(Fate.LEFT)] == ["sheet_not_used"] * 3


def test_a_grid_without_numbers_is_a_questionnaire() -> None:
    rows: list[list[CellValue]] = [["题目", "非常满意", "满意", "一般", "不满意"], ["教学", "", "", "", ""]]
    draft = read_workbook([Cells("家长卷", rows)], CATEGORIES)
    assert [(next(iter(item.text.values())), item.scale and item.scale.size) for item in draft.items] == [("教学", 4)]
