"""Answers as files of statistics programs, read again: labels, missing values, and nothing that the tables hide."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from survey_app.definition.canonical import structure_hash
from survey_app.reporting.export_formats import EXPORT_FORMATS
from survey_app.reporting.tabular import statistics_files
from survey_app.reporting.tabular.codebook import DDI_NAMESPACE, Variable, plain_variables, response_variables
from testing.instruments import CATEGORIES, read, tiny, tiny_text
from testing.walk import Walk, prepare

ROSTER = "学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,90\n0102,河西小学,小学,家长,90\n"
NUMBER = """
  - {id: minutes, kind: number, text: {zh: 作业时间}, unit: {zh: 分钟}, bands: [0, 30]}
follow_up:"""
DONT_KNOW = '      - {code: "1", points: 0, label: {zh: 差}}\n'


@pytest.fixture
def walk(tmp_path: Path, migrated: Path) -> Iterator[Walk]:
    """Forty-eight parents of one school; of the other eight, so that its answers are not shown."""
    text = tiny_text("follow_up").replace("id: follow_up", "id: quarter", 1).replace("\nfollow_up:", NUMBER, 1)
    text = text.replace("audiences: [parent, teacher]", "audiences: [parent]", 1)
    text = text.replace(DONT_KNOW, DONT_KNOW + '    not_applicable: {code: "9", label: {zh: 不了解}}\n', 1)
    walk = prepare(tmp_path, migrated, text)
    walk.open(ROSTER)
    for number in range(48):
        low = number % 2 == 0
        fields: dict[str, Any] = {
            "T1": "1" if low else "39"[number % 3 == 1],
            "T2": "123"[number % 3],
            "advise": "yn"[number // 2 % 2],
            "minutes": str(number % 4 * 13),
        }
        if low:
            fields["why_low"] = ["lessons", "rooms"][: 1 + number % 4 // 2] if number % 8 else ["homework"]
            fields["why_low.rooms"] = "太挤" if "rooms" in fields["why_low"] else ""
        walk.answer(**fields)
    yield walk
    walk.district.app.extensions["database"].dispose()


def exported(walk: Walk, form: str) -> Path:
    path = walk.home / f"answers.{form}"
    walk.district.command("responses", "export", "--wave", "2026秋", "--format", form, "--out", str(path),
                          "--codebook", str(walk.home / "codebook.xml"))  # fmt: skip
    return path


def csv_rows(walk: Walk) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(walk, "csv").read_text("utf-8-sig"))))


def test_spss_reads_labels_missing_values_and_the_same_answers(walk: Walk) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    walk.seal()
    frame, found = pyreadstat.read_sav(str(exported(walk, "sav")), user_missing=True)
    rows = csv_rows(walk)
    assert len(frame) == len(rows) == 48
    labels = found.column_names_to_labels
    assert (labels["T1"], labels["why_low_lessons"]) == ("讲课", "不满意的原因: 讲课")
    assert found.variable_value_labels["T1"] == {3.0: "好", 2.0: "一般", 1.0: "差", 9.0: "不了解"}
    assert found.variable_value_labels["advise"] == {"y": "会", "n": "不会"}
    assert found.variable_value_labels["minutes"] == {0.0: "0–29分钟", 30.0: "≥ 30分钟"}
    assert [entry["lo"] for entry in found.missing_ranges["T1"]] == [9.0]
    assert sorted(frame["T1"]) == sorted(float(row["T1"]) for row in rows)
    chosen = [row["why_low"].split(";") for row in rows if row["why_low"]]
    assert chosen, "the follow-up is shown"
    assert frame["why_low_lessons"].sum() == sum("lessons" in codes for codes in chosen)
    assert frame["why_low_lessons"].notna().sum() == len(chosen), "who was not asked is missing and has not said no"
    assert set(frame["minutes"]) <= {0.0, 30.0}, "a band and never the number"
    assert not [name for name in frame.columns if "told" in name], "what is private does not leave the house"
    assert not {"太挤"} & {str(value) for column in frame for value in frame[column]}


def test_parquet_keeps_types_and_blanks(walk: Walk) -> None:
    pytest.importorskip("pyarrow")
    import pandas as pd

    walk.seal()
    frame = pd.read_parquet(exported(walk, "parquet"))
    rows = csv_rows(walk)
    assert sorted(frame["T1"]) == sorted(float(row["T1"]) for row in rows)
    assert frame["why_low_rooms"].isna().sum() == sum(not row["why_low"] for row in rows)
    assert set(frame["school_code"]) == {"0101"}


def test_the_codebook_says_what_codes_mean_and_counts_nothing(walk: Walk) -> None:
    walk.seal()
    exported(walk, "csv")
    root = ElementTree.parse(walk.home / "codebook.xml").getroot()
    space = {"d": DDI_NAMESPACE}
    assert root.tag == f"{{{DDI_NAMESPACE}}}codeBook"
    titl = root.find("d:stdyDscr/d:citation/d:titlStmt/d:titl", space)
    assert titl is not None
    assert titl.text == "2026秋"
    variables = {element.get("name"): element for element in root.iterfind("d:dataDscr/d:var", space)}
    item = variables["T1"]
    categories = {element.findtext("d:catValu", "", space): element for element in item.iterfind("d:catgry", space)}
    assert {code: entry.findtext("d:labl", "", space) for code, entry in categories.items()} == {
        "3": "好", "2": "一般", "1": "差", "9": "不了解",
    }  # fmt: skip
    assert [code for code, entry in categories.items() if entry.get("missing") == "Y"] == ["9"]
    assert "told" not in variables
    assert not list(root.iter(f"{{{DDI_NAMESPACE}}}catStat"))
    assert {"why_low_lessons", "minutes", "school_code"} <= variables.keys()


def test_a_hidden_school_is_in_no_format(walk: Walk) -> None:
    for _person in range(6):
        other = next(link.slug for link in walk.district.links if link.school_code == "0102")
        page = walk.district.client.get(f"/s/{other}").text
        token = page.split('name="_token" value="', 1)[1].split('"', 1)[0]
        walk.district.clock.advance(seconds=30)
        sent = walk.district.client.post(f"/s/{other}", data={"_token": token, "T1": "2", "advise": "y"})
        assert sent.status_code == 303
    walk.seal()
    assert {row["school_code"] for row in csv_rows(walk)} == {"0101"}
    pyreadstat = pytest.importorskip("pyreadstat")
    frame, _found = pyreadstat.read_sav(str(exported(walk, "sav")))
    assert set(frame["school_code"]) == {"0101"}


@pytest.mark.parametrize("form", ["sav", "parquet"])
def test_a_library_that_is_missing_is_named_before_anything_is_read(
    walk: Walk, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics_files, "find_spec", lambda _name: None)
    walk.seal()
    said = walk.district.command("responses", "export", "--wave", "2026秋", "--format", form, "--out",
                                 str(walk.home / "x"), code=1)  # fmt: skip
    assert f"写 {form} 要另装 {EXPORT_FORMATS[form].library}" in said
    assert not (walk.home / "x").exists()


def test_names_are_taken_by_every_program_and_stand_once() -> None:
    names = [variable.name for variable in plain_variables(("by", "a-b", "a_b", "A_B", "school_code"))]
    assert names == ["by_", "a_b", "a_b_2", "A_B_3", "school_code"]


def test_two_questionnaires_under_one_id_keep_both_wordings() -> None:
    other = tiny_text("choices").replace("题目A1", "另一题").replace("zh: 好,", "zh: 很好,")
    first, second = tiny("choices"), read(other)
    assert structure_hash(first) != structure_hash(second)
    item, *_options = response_variables(("A1", "why"), (first, second), CATEGORIES)
    assert item.label == "题目A1 / 另一题"
    assert item.values[0] == ("3", "好 / 很好")


def test_codes_with_leading_zeros_stay_text() -> None:
    assert not Variable("a", "a", values=(("01", "一"), ("2", "二"))).is_numeric
    assert Variable("a", "a", values=(("0", "零"), ("10", "十"))).is_numeric
