"""Which file is read by what; formats that are known and not read are refused by name, with what to do instead."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from survey_app.foundation.errors import UserError
from survey_app.frame.draft_import import import_source
from survey_app.frame.draft_readers import ReadOptions
from testing.shared_inputs import shared_folder, shared_names


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as raised:
        import_source(path, ReadOptions())
    return " ".join(map(str, raised.value.messages))


@pytest.mark.parametrize("name", shared_names("surveyjs", "*.json"))
def test_a_form_of_surveyjs_is_refused_by_name(name: str) -> None:
    said = refusal(shared_folder("corpus") / "surveyjs" / name)
    assert "SurveyJS" in said
    assert ".txt" in said


@pytest.mark.parametrize("name", shared_names("redcap", "*.csv"))
def test_a_dictionary_of_redcap_is_refused_by_name(name: str) -> None:
    said = refusal(shared_folder("corpus") / "redcap" / name)
    assert "REDCap" in said
    assert "PDF" in said


def test_other_json_is_refused_with_the_endings_that_are_read(tmp_path: Path) -> None:
    (tmp_path / "map.json").write_text(json.dumps({"type": "FeatureCollection"}), "utf-8")
    said = refusal(tmp_path / "map.json")
    assert ".xlsx" in said
    assert ".json" not in said.replace("map.json", "")


def test_a_table_as_text_is_read_like_a_sheet(tmp_path: Path) -> None:
    rows = "序号,题目,选项\n1,课堂教学,非常满意、满意、一般、不满意\n2,食堂,同上\n合计,2题,\n"
    (tmp_path / "家长问卷.csv").write_text(rows, "gbk")
    content = import_source(tmp_path / "家长问卷.csv", ReadOptions()).content
    assert [item["kind"] for item in content["items"]] == ["scale", "scale"]
    assert content["counts"]["furniture"] == 1


def test_a_limesurvey_file_with_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.lss"
    path.write_bytes(b"<!DOCTYPE d [<!ENTITY a 'aaaa'>]><document>&a;</document>")
    assert "DTD" in refusal(path)


def test_a_zip_bomb_macros_and_what_is_no_workbook_are_refused(tmp_path: Path) -> None:
    bomb, macros, nothing = tmp_path / "bomb.xlsx", tmp_path / "macros.xlsm", tmp_path / "nothing.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 40_000_000)
    with zipfile.ZipFile(macros, "w") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    nothing.write_text("no workbook", "utf-8")
    assert "过大" in refusal(bomb)
    assert "宏" in refusal(macros)
    assert "不是 xlsx" in refusal(nothing)


def test_ten_thousand_questions_and_headings_alone_are_answered(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["序号", "题目", "选项"])
    book.save(tmp_path / "empty.xlsx")
    for number in range(10_000):
        sheet.append([number + 1, f"第 {number} 个方面", "非常满意、满意、一般、不满意"])
    book.save(tmp_path / "many.xlsx")
    assert import_source(tmp_path / "empty.xlsx", ReadOptions()).is_refused
    many = import_source(tmp_path / "many.xlsx", ReadOptions()).content
    assert many["counts"] == {"source": 10_001, "taken": 0, "asked": 0, "left": 10_001, "furniture": 0}
    assert [fault["code"] for fault in many["faults"]] == ["too_many_rows"]
