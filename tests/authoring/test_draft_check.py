"""What seemed whole and is not allowed by the format is a draft still, and says where."""

from survey_app.authoring.draft_check import faults_of
from survey_app.authoring.draft_json import draft_json, with_faults_of_the_format
from survey_app.authoring.draft_yaml import write_yaml
from survey_app.authoring.sheet.workbook_reader import read_workbook
from survey_app.authoring.sheet.writer import write_sheets
from survey_app.definition.parse import read_instrument_text
from tests.authoring.test_sheet_writer import CATEGORIES, NUMBERS, cells


def test_a_fault_of_the_format_stands_beside_its_row() -> None:
    sheets = cells(write_sheets(read_instrument_text(NUMBERS, "numbers.yaml", CATEGORIES), CATEGORIES))
    survey = next(sheet for sheet in sheets if sheet.name == "问卷")
    content = draft_json(read_workbook(sheets, CATEGORIES), "a.xlsx")
    assert with_faults_of_the_format(content, CATEGORIES) == content
    assert content["outcome"] == "instrument"
    survey.rows[1][survey.rows[0].index("可比编号")] = "推荐"
    printed = with_faults_of_the_format(draft_json(read_workbook(sheets, CATEGORIES), "a.xlsx"), CATEGORIES)
    assert printed["outcome"] == "draft"
    (fault,) = [one for one in printed["faults"] if one["code"] == "not_allowed"]
    assert (fault["sheet"], fault["row"], fault["value"]) == ("问卷", 2, "R1")


def test_a_fault_above_the_questions_belongs_to_none() -> None:
    sheets = cells(write_sheets(read_instrument_text(NUMBERS, "numbers.yaml", CATEGORIES), CATEGORIES))
    (instrument,) = draft_json(read_workbook(sheets, CATEGORIES), "a.xlsx")["instruments"]
    assert [name for name, _what in faults_of(instrument | {"version": "1" * 40}, CATEGORIES)] == [""]
    assert next(name for name, _what in faults_of(instrument | {"scales": {}}, CATEGORIES)) in ("", "R1")
    assert write_yaml({"a": [None], "b": {"c": None}}) == "a:\n-\nb:\n  c:\n"
