"""From a draft to an instrument, its file and its JSON, whatever reader made the draft."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from survey_app.authoring.account import NOT_UNDERSTOOD, AccountBook
from survey_app.authoring.draft import (
    Draft,
    DraftFault,
    DraftItem,
    DraftOption,
    DraftScale,
    Fate,
    FormHead,
    GuessedCondition,
    ItemKind,
    NumericRange,
    Place,
    Section,
    Severity,
)
from survey_app.authoring.draft_instrument import draft_instruments
from survey_app.authoring.draft_json import Outcome, draft_json, outcome_of
from survey_app.authoring.draft_names import identifier_from
from survey_app.authoring.draft_yaml import write_yaml
from survey_app.definition.categories import read_categories
from survey_app.definition.conditions import AllOf, Comparison
from survey_app.definition.languages import Text
from survey_app.definition.messages import message
from survey_app.definition.parse import read_instrument_text
from survey_app.foundation.settings import PROJECT


def zh(words: str) -> Text:
    return Text.of(zh=words)


SATISFACTION = DraftScale(
    "satisfaction",
    tuple(
        DraftOption(zh(label), points=points, favourable=points > 50)
        for label, points in (("很满意", 100.0), ("满意", 75.0), ("一般", 50.0), ("不满意", 25.0), ("很不满意", 0.0))
    ),
    DraftOption(zh("不了解")),
)
TEACHING = Section(zh("教育教学"))
YES_NO = (DraftOption(zh("是")), DraftOption(zh("否")))


def at(line: int) -> Place:
    return Place(line=line)


@pytest.fixture
def draft() -> Draft:
    """Two questions about the person, three scored ones, one of them the overall item, and a comment."""
    items = (
        DraftItem(at(3), zh("所在年级"), ItemKind.GRADE, required=True),
        DraftItem(at(4), zh("是否在校午餐"), ItemKind.CHOICE, "第2题", "2", YES_NO),
        DraftItem(at(5), zh("课堂教学"), ItemKind.SCALE, "Ｔ１", "3", scale=SATISFACTION, section=TEACHING),
        DraftItem(
            at(6), zh("午餐"), ItemKind.SCALE, "4", "4", scale=SATISFACTION, section=TEACHING,
            show_if=Comparison("第2题", ("是",)), guessed_condition=GuessedCondition("2", ("是",)), reverse=True,
        ),
        DraftItem(at(7), zh("总体"), ItemKind.SCALE, scale=SATISFACTION, is_overall=True),
        DraftItem(at(8), zh("建议"), ItemKind.TEXT, max_length=300),
    )  # fmt: skip
    head = FormHead(zh("午餐问卷"), zh("不记名"), ("parent",), ("primary",), version="2026.1")
    book = AccountBook([at(number) for number in (1, 3, 4, 5, 6, 7, 8)])
    book.file(at(1), Fate.TAKEN, "title")
    for item in items:
        book.file(item.place, Fate.TAKEN, "question")
    return Draft((head,), items, book.entries())


def test_a_complete_draft_is_an_instrument_that_the_reader_of_files_accepts(draft: Draft) -> None:
    (instrument,) = draft_instruments(draft, "lunch")
    assert instrument.gaps() == ()
    assert outcome_of(draft, [instrument]) is Outcome.INSTRUMENT
    text = write_yaml(instrument.content)
    assert yaml.safe_load(text) == instrument.content
    categories = read_categories(PROJECT / "questionnaires" / "categories.yaml")
    read = read_instrument_text(text, "lunch.yaml", categories)
    assert [item.id for item in read.scored_items()] == ["T1", "Q4", "Q5"]
    assert read.overall is not None
    assert read.overall.id == "Q5"
    item = read.dimensions[0].items[1]
    assert item.reverse
    assert item.show_if == Comparison("Q2", ("1",))
    assert [point.code for point in item.scale.points] == ["5", "4", "3", "2", "1"]
    assert [question.id for question in read.background] == ["grade", "Q2"]
    assert [comment.max_length for comment in read.comments] == [300]


def test_what_is_not_known_is_a_gap_and_its_file_says_so(draft: Draft) -> None:
    unknown = replace(draft, forms=(FormHead(zh("午餐问卷")),))
    (instrument,) = draft_instruments(unknown)
    assert instrument.gaps() == ("id", "version", "audiences", "categories")
    assert "version:\n" in write_yaml(instrument.content)
    assert outcome_of(unknown, [instrument]) is Outcome.DRAFT


def test_an_error_or_no_question_at_all_refuses_the_whole(draft: Draft) -> None:
    fault = DraftFault(
        "duplicate_id", Severity.ERROR, message("“{value}”重复", value="T1"), Place(None, "问卷", 3, "A"), "T1"
    )
    printed = draft_json(replace(draft, faults=(fault,)), "a.xlsx")
    assert (printed["outcome"], printed["instruments"]) == ("refused", [])
    assert printed["faults"] == [
        {"sheet": "问卷", "row": 3, "column": "A", "code": "duplicate_id", "severity": "error", "value": "T1",
         "message": "“T1”重复"}
    ]  # fmt: skip
    assert draft_json(replace(draft, items=()), "a.txt")["outcome"] == "refused"


def test_the_json_says_where_each_question_stands_and_what_it_is_called(draft: Draft) -> None:
    printed = draft_json(draft, "午餐.txt", name="lunch")
    assert [(item["line"], item["id"], item["number"]) for item in printed["items"]] == [
        (3, "grade", None), (4, "Q2", "2"), (5, "T1", "3"), (6, "Q4", "4"), (7, "Q5", None), (8, "Q6", None),
    ]  # fmt: skip
    rated = printed["items"][3]
    assert rated["scale"] == {"family": "satisfaction", "points": 5, "favourable": 2, "na": "不了解"}
    assert (rated["section"], rated["show_if"], rated["reverse"]) == (
        "教育教学",
        {"question": "2", "options": ["是"]},
        True,
    )
    assert printed["items"][4]["overall"] is True
    assert printed["counts"] == {"source": 7, "taken": 7, "asked": 0, "left": 0, "furniture": 0}
    assert json.loads(json.dumps(printed, ensure_ascii=False)) == printed


def test_a_line_that_nobody_files_is_left_out_and_says_why() -> None:
    book = AccountBook([at(1), at(2), at(3)])
    book.file(at(2), Fate.FURNITURE)
    book.file(at(2), Fate.ASKED, "option", "points_assigned")
    book.file(at(2), Fate.TAKEN, "question", "of no weight")
    book.file(at(9), Fate.TAKEN, "question")
    assert [(entry.fate, entry.role, entry.code) for entry in book.entries()] == [
        (Fate.LEFT, "", NOT_UNDERSTOOD), (Fate.ASKED, "option", "points_assigned"), (Fate.LEFT, "", NOT_UNDERSTOOD),
    ]  # fmt: skip


def test_names_that_break_the_rules_are_mapped_and_conditions_follow() -> None:
    assert identifier_from("q" * 40) == "q" * 32
    where = (DraftOption(zh("食堂"), "食堂"), DraftOption(zh("家里"), "at home"), DraftOption(zh("校外"), "at_home"))
    several = replace(SATISFACTION, options=SATISFACTION.options[:2], not_applicable=None)
    items = (
        DraftItem(at(1), zh("在哪里吃"), ItemKind.CHOICE, "在哪里", options=where),
        DraftItem(at(2), zh("味道"), ItemKind.SCALE, "school_code", scale=SATISFACTION),
        DraftItem(at(3), zh("价格"), ItemKind.SCALE, "味 道", scale=several, lead=zh("满意吗")),
        DraftItem(
            at(4), zh("原因"), ItemKind.CHOICES, options=(*YES_NO, DraftOption(zh("其他"), text_length=60)), at_most=2,
            show_if=AllOf((Comparison("在哪里", ("食堂", "at home")), Comparison("school_code", ("不了解",)))),
        ),
    )  # fmt: skip
    (instrument,) = draft_instruments(Draft((FormHead(audiences=("teacher",)),), items, ()))
    (where_asked,) = instrument.content["background"]
    assert [option["code"] for option in where_asked["options"]] == ["1", "at_home_2", "at_home"]
    assert where_asked["private"] is True
    (why,) = instrument.content["follow_up"]
    assert why["show_if"] == "(Q1 in ['1', 'at_home_2']) and (school_code_2 == '9')"
    assert [option["code"] for option in why["options"]] == ["1", "2", "other"]
    (dimension,) = instrument.content["dimensions"]
    assert (dimension["label"], "lead" in dimension) == (None, False)
    assert dimension["items"][1]["help"] == {"zh": "满意吗"}
    assert list(instrument.content["scales"]) == ["satisfaction5", "satisfaction2"]


def test_a_scale_of_numbers_has_ends_and_a_gap_for_what_is_favourable() -> None:
    options = tuple(DraftOption(zh(str(number))) for number in range(5, 0, -1))
    scale = DraftScale("number", options, numbers=NumericRange(1, 5, zh("差"), zh("好"), show="stars"))
    minutes = DraftItem(at(2), zh("时间"), ItemKind.NUMBER, unit=zh("分钟"))
    draft = Draft((FormHead(),), (DraftItem(at(1), zh("打分"), ItemKind.SCALE, scale=scale), minutes), ())
    (instrument,) = draft_instruments(draft)
    assert instrument.content["scales"]["number5"] == {
        "from": 1, "to": 5, "ends": [{"zh": "差"}, {"zh": "好"}], "favourable_from": None, "show": "stars",
    }  # fmt: skip
    assert instrument.content["background"][0]["bands"] is None
    first = draft_json(draft, "a.txt")["items"][0]
    assert (first["ends"], first["scale"]["favourable"]) == (["好", "差"], None)


def test_two_sheets_are_two_instruments_with_ids_of_their_own(tmp_path: Path) -> None:
    rated = DraftItem(Place(None, "家长", 2), zh("教学"), ItemKind.SCALE, "T1", scale=SATISFACTION)
    other = replace(rated, place=Place(None, "教师", 2), form=1)
    ranking = DraftItem(Place(None, "教师", 3), zh("排序"), ItemKind.RANKING, options=YES_NO, form=1, is_left_out=True)
    printed = draft_json(Draft((FormHead(), FormHead()), (rated, other, ranking), ()), "a.xlsx")
    assert [(item["id"], item.get("instrument", 0)) for item in printed["items"]] == [("T1", 0), ("T1", 1), (None, 1)]
    assert len(printed["instruments"]) == 2
