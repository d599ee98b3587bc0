"""An edited questionnaire that is imported again keeps what people decided, and says what is new, changed and gone."""

from typing import Any

import yaml

from survey_app.authoring.draft_instrument import draft_instruments
from survey_app.authoring.draft_json import draft_json
from survey_app.authoring.draft_yaml import write_yaml
from survey_app.authoring.previous import PreviousFile, previous_file
from survey_app.authoring.revision import Revision, revise
from survey_app.authoring.text.reader import read_text
from survey_app.definition.categories import read_categories
from survey_app.definition.nodes import read_text as read_nodes
from survey_app.definition.parse import read_instrument_text
from survey_app.foundation.settings import PROJECT

SOURCE = """食堂满意度调查（家长卷）
一、饭菜
1. 孩子在学校吃午餐吗？
A. 是  B. 否（请跳至第4题）
2. 您对饭菜味道的满意程度
A. 非常满意  B. 满意  C. 一般  D. 不满意  E. 非常不满意
3. 您对饭菜价格的满意程度
A. 非常满意  B. 满意  C. 一般  D. 不满意  E. 非常不满意
4. 您希望增加哪些？（可多选）
A. 水果  B. 蔬菜  C. 其他____
5. 请为食堂打分（1-10分）：____
6. 每餐用时：______分钟
7. 您的建议：____________
"""


def earlier() -> dict[str, Any]:
    """The file of the first import, with its gaps filled in and some things better known."""
    (instrument,) = draft_instruments(read_text(SOURCE), "canteen")
    content = instrument.content
    content |= {"version": "2026.1", "categories": ["primary"], "grades_from": {"parent": "1"}}
    content["dimensions"][0] |= {"id": "food", "weight": 2}
    taste = content["dimensions"][0]["items"][0]
    taste |= {"id": "F1", "concept": "meals", "help": {"zh": "只看本学期"}}
    content["background"][0]["id"] = "lunch"
    content["background"][0]["options"][0]["code"] = "yes"
    for item in content["dimensions"][0]["items"][:2]:
        item["show_if"] = "lunch == 'yes'"
    content["scales"]["number10"] |= {"favourable_from": 8, "ends": [{"zh": "差"}, {"zh": "好"}]}
    content["background"][2]["bands"] = [0, 10, 20]
    return content


def again(source: str, content: dict[str, Any]) -> tuple[dict[str, Any], Revision, dict[str, Any]]:
    draft, revision = revise(read_text(source), previous_file(read_nodes(write_yaml(content), "canteen.yaml")))
    (instrument,) = draft_instruments(draft, "canteen")
    return instrument.content, revision, draft_json(draft, "a.txt")


def test_the_same_source_gives_the_same_file_and_asks_nothing_again() -> None:
    before = earlier()
    content, revision, printed = again(SOURCE, before)
    assert yaml.safe_load(write_yaml(content)) == yaml.safe_load(write_yaml(before))
    assert (revision.changed, revision.new, revision.gone) == ((), (), ())
    assert [entry["code"] for entry in printed["asked"]] == []
    assert len(revision.kept) == 7


def test_new_changed_and_gone_questions_are_told_apart() -> None:
    source = SOURCE.replace("饭菜味道", "饭菜的味道").replace(
        "3. 您对饭菜价格的满意程度\n", "3. 您对就餐环境的满意程度\n"
    )
    content, revision, _printed = again(source, earlier())
    assert [(change.id, change.after) for change in revision.changed] == [("F1", "您对饭菜的味道的满意程度")]
    assert (revision.new, revision.gone) == (("Q3_2",), ("Q3",))
    assert content["retired"] == [{"id": "Q3", "last_version": "2026.1"}]
    assert content["version"] is None
    items = content["dimensions"][0]["items"]
    assert [(item["id"], item["show_if"]) for item in items[:2]] == [
        ("F1", "lunch == 'yes'"), ("Q3_2", "lunch == 'yes'"),
    ]  # fmt: skip
    assert (items[0]["concept"], items[0]["help"]) == ("meals", {"zh": "只看本学期"})


def test_a_question_of_another_kind_is_another_question() -> None:
    source = SOURCE.replace("4. 您希望增加哪些？（可多选）", "4. 您希望增加哪些？")
    content, revision, _printed = again(source, earlier())
    assert (revision.new, revision.gone) == (("Q4_2",), ("Q4",))
    assert "Q4" in [entry["id"] for entry in content["retired"]]


def test_an_option_that_moves_keeps_its_code_and_a_new_one_gets_another() -> None:
    source = SOURCE.replace("A. 水果  B. 蔬菜  C. 其他____", "A. 牛奶  B. 蔬菜  C. 水果  D. 其他____")
    content, _revision, _printed = again(source, earlier())
    wishes = content["background"][1]["options"]
    assert {option["label"]["zh"]: option["code"] for option in wishes} == {
        "牛奶": "3", "蔬菜": "2", "水果": "1", "其他": "other",
    }  # fmt: skip


def test_translations_and_conditions_that_people_wrote_stay() -> None:
    source = "食堂问卷（家长卷）\n1. 孩子住校吗？\nA. 是  B. 否\n2. 您对饭菜的满意程度\nA. 满意  B. 一般  C. 不满意\n"
    (instrument,) = draft_instruments(read_text(source), "canteen")
    content = instrument.content | {"version": "1", "categories": ["primary"], "languages": ["zh", "en"]}
    content["title"]["en"] = "Canteen"
    content["dimensions"][0]["label"] = {"zh": "饭菜", "en": "Food"}
    item = content["dimensions"][0]["items"][0]
    item["text"]["en"], item["show_if"] = "How satisfied are you with the food?", "Q1 == '1'"
    content["background"][0]["text"]["en"] = "Does your child board?"
    for option, label in zip(content["background"][0]["options"], ("Yes", "No"), strict=True):
        option["label"]["en"] = label
    for point, label in zip(content["scales"]["satisfaction3"]["points"], ("Good", "Fair", "Poor"), strict=True):
        point["label"]["en"] = label
    kept, _revision, printed = again(source, content)
    assert yaml.safe_load(write_yaml(kept)) == yaml.safe_load(write_yaml(content))
    assert printed["outcome"] == "instrument"
    categories = read_categories(PROJECT / "questionnaires" / "categories.yaml")
    assert read_instrument_text(write_yaml(kept), "canteen.yaml", categories).title["en"] == "Canteen"


def test_a_broken_earlier_file_is_no_reason_to_lose_the_source() -> None:
    odd = {
        "dimensions": ["x", {"items": [{"id": "Q2"}]}],
        "scales": [],
        "background": [{"kind": "choice"}],
        "title": "x",
    }
    draft, revision = revise(read_text(SOURCE), PreviousFile(odd))
    assert len(revision.new) == 7
    assert len(draft.usable_items) == 7


def test_original_names_and_reasons_are_remembered_where_the_question_is_the_same() -> None:
    before = earlier() | {
        "source": {"F1": "第2题", "F9": "第9题"},
        "accepted": {"F1": {"leading": "照旧"}, "Q3": {"jargon": "照旧"}, "form-wide": {"no-overall": "另有一题"}},
    }
    content, _revision, _printed = again(SOURCE.replace("饭菜价格的满意程度", "饭菜价格和分量的满意程度"), before)
    assert content["source"] == {"F1": "第2题"}
    assert content["accepted"] == {"F1": {"leading": "照旧"}, "form-wide": {"no-overall": "另有一题"}}
