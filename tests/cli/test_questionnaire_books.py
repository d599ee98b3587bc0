"""Questionnaires as workbooks: written, filled in, sent back with what is wrong, mended and imported again."""

from pathlib import Path

import openpyxl
import pytest
import yaml

from survey_app.definition.parse import read_instrument
from survey_app.foundation.settings import PROJECT
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from testing.district import District


@pytest.fixture
def office(small_district: District) -> District:
    return small_district


CATALOGUE = InstrumentCatalogue(PROJECT / "questionnaires")


@pytest.mark.parametrize("name", ["compulsory-parent", "pulse-homework"])
def test_a_questionnaire_goes_to_excel_and_comes_back(office: District, tmp_path: Path, name: str) -> None:
    book, back = tmp_path / "q.xlsx", tmp_path / "back.yaml"
    office.command("questionnaires", "export", name, "--format", "xlsx", "--out", str(book))
    office.command("questionnaires", "import", str(book), "--out", str(back))
    categories = CATALOGUE.categories()
    assert read_instrument(back, categories) == CATALOGUE.instrument(name)


def test_a_file_can_be_exported_and_an_unknown_name_is_told(office: District, tmp_path: Path) -> None:
    path = PROJECT / "questionnaires" / "senior.yaml"
    office.command("questionnaires", "export", str(path), "--out", str(tmp_path / "s.xlsx"))
    assert openpyxl.load_workbook(tmp_path / "s.xlsx").sheetnames == ["问卷", "选项", "设置"]
    said = office.command("questionnaires", "export", "nobody", "--out", str(tmp_path / "n.xlsx"), code=1)
    assert "没有问卷“nobody”" in said


def test_the_template_is_filled_in_sent_back_mended_and_keeps_its_ids(office: District, tmp_path: Path) -> None:
    """The faults come back in a column 问题 in front; the sheet with that column is imported as it is."""
    filled, faults, out = tmp_path / "filled.xlsx", tmp_path / "faults.xlsx", tmp_path / "canteen.yaml"
    office.command("questionnaires", "template", "--out", str(filled))
    book = openpyxl.load_workbook(filled)
    survey, choices, settings = (book[name] for name in ("问卷", "选项", "设置"))
    survey.append(["T1", "单选", "满意度", "饭菜的味道", None, None, "饭菜", "三成", "家长", "是"])
    survey.append(["T1", "单选", "满意度", "饭菜的价格", None, None, "饭菜", None, "家长", "也许"])
    survey.append(["lunch", "单选", "yn", "在校吃午餐吗？", None, None, None, None, "家长"])
    for code, label, points, favourable in [("4", "很好", 100, "是"), ("3", "好", 66, "是"), ("1", "差", 0, None)]:
        choices.append(["满意度", code, label, None, points, favourable])
    for code, label in [("yes", "是"), ("no", "否")]:
        choices.append(["yn", code, label])
    words = {"问卷编号": "canteen", "版本": "1", "标题": "午餐", "对象": "家长", "学校类别": "小学", "说明语": "您好"}
    for row in settings.iter_rows(min_row=2):
        row[1].value = words[str(row[0].value)]
    book.save(filled)
    office.command("questionnaires", "import", str(filled), "--out", str(out), "--faults-out", str(faults), code=1)
    assert not out.exists()

    mended = openpyxl.load_workbook(faults)
    sheet = mended["问卷"]
    assert sheet["A1"].value == "问题"
    said = {str(row[1].value): str(row[0].value) for row in sheet.iter_rows(min_row=2)}
    assert "“权重” 这里应当是数字" in str(sheet["A2"].value)
    assert "重复" in said["T1"]
    assert "“编号”" in said["T1"]
    sheet["I2"], sheet["B3"], sheet["K3"] = 1, "T2", "是"
    mended.save(faults)
    office.command("questionnaires", "import", str(faults), "--out", str(out))
    content = yaml.safe_load(out.read_text("utf-8"))
    assert [item["id"] for item in content["dimensions"][0]["items"]] == ["T1", "T2"]
    assert content["id"] == "canteen"
    assert content["dimensions"][0]["weight"] == 1
