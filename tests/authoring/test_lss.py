"""LimeSurvey files in both layouts: what can be asked comes in, the rest is named by code; hostile XML does nothing."""

from collections import Counter
from xml.etree import ElementTree

import pytest

from survey_app.authoring.draft import Draft, DraftItem, Fate, ItemKind
from survey_app.authoring.draft_json import draft_json
from survey_app.authoring.lss.reader import read_survey
from survey_app.authoring.lss.tables import LssError, read_tables
from survey_app.definition.conditions import to_source
from testing.processes import cpu_seconds
from testing.shared_inputs import shared_folder, shared_names


@pytest.mark.parametrize("name", shared_names("lss", "*.lss"))
def test_a_published_survey_comes_in_and_every_question_is_in_one_list(name: str) -> None:
    path = shared_folder("corpus") / "lss" / name
    start = cpu_seconds()
    draft = read_survey(read_tables(path.read_bytes()))
    assert cpu_seconds() - start < 5
    places = Counter(entry.place.question for entry in draft.account)
    assert set(places.values()) == {1}
    root = ElementTree.parse(path).getroot()
    codes = {
        row.findtext("title")
        for row in root.findall("questions/rows/row")
        if row.findtext("parent_qid", "0") in ("0", "")
    }
    assert codes <= set(places)
    assert not [entry for entry in draft.account if entry.code == "not_understood"]
    content = draft_json(draft, name)
    assert content["outcome"] == "draft"
    assert content["counts"]["source"] == sum(content["counts"][fate.value] for fate in Fate)


def row(**fields: str) -> str:
    return "<row>" + "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in fields.items()) + "</row>"


def table(name: str, *rows: str) -> str:
    return f"<{name}><fields/><rows>{''.join(rows)}</rows></{name}>"


def survey(*tables: str, assessments: str = "N") -> bytes:
    head = table("surveys", row(sid="7", language="zh-Hans", additional_languages="en", assessments=assessments))
    settings = table(
        "surveys_languagesettings",
        row(
            surveyls_language="zh-Hans",
            surveyls_title="家长问卷",
            surveyls_welcometext="<p>您好</p><script>x()</script>",
        ),
        row(surveyls_language="en", surveyls_title="For parents", surveyls_welcometext="Hello"),
    )
    groups = table("groups", row(gid="1", group_order="1", grelevance="", randomization_group=""))
    texts = table("group_l10ns", row(gid="1", language="zh-Hans", group_name="教学"))
    kind = "<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>641</DBVersion>"
    body = f"{kind}{head}{settings}{groups}{texts}{''.join(tables)}"
    return f"<?xml version='1.0' encoding='UTF-8'?><document>{body}</document>".encode()


def question(qid: str, code: str, kind: str, **more: str) -> str:
    fields = {"parent_qid": "0", "gid": "1", "mandatory": "Y", "question_order": qid, "relevance": "1"} | more
    return row(qid=qid, title=code, type=kind, **fields)


def texts(**by_qid: str) -> str:
    rows = [row(qid=key.lstrip("q"), language="zh-Hans", question=words) for key, words in by_qid.items()]
    return table("question_l10ns", *rows)


def read(*tables: str, assessments: str = "N") -> Draft:
    return read_survey(read_tables(survey(*tables, assessments=assessments)))


def by_name(draft: Draft) -> dict[str, DraftItem]:
    return {item.name: item for item in draft.items}


def shown(item: DraftItem) -> str:
    return to_source(item.show_if) if item.show_if else ""


ANSWERS = table(
    "answers",
    *(row(aid=str(n), qid="2", code=f"A{n}", sortorder=str(n), assessment_value=str(v), scale_id="0")
      for n, v in enumerate((4, 3, 1, 0), 1)),
) + table(
    "answer_l10ns",
    *(row(aid=str(n), language="zh-Hans", answer=words)
      for n, words in enumerate(("非常满意", "满意", "不满意", "不了解"), 1)),
)  # fmt: skip


def test_an_array_is_a_lead_with_items_and_points_come_from_assessment_values() -> None:
    rows = table(
        "subquestions", row(qid="21", parent_qid="2", title="S1", question_order="1", gid="1"),
        row(qid="22", parent_qid="2", title="S2", question_order="2", gid="1"),
    )  # fmt: skip
    draft = read(
        table("questions", question("2", "Sat", "F")), rows, texts(q2="您的满意程度", q21="课堂", q22="食堂"), ANSWERS,
        assessments="Y",
    )  # fmt: skip
    first, second = draft.items
    assert (first.name, second.name, first.required) == ("Sat_S1", "Sat_S2", True)
    assert dict(first.lead or {}) == {"zh-Hans": "您的满意程度"}
    assert first.scale is not None
    assert [option.points for option in first.scale.options] == [100.0, 75.0, 25.0]
    assert first.scale.not_applicable is not None
    assert first.scale.not_applicable.code == "A4"
    assert first.section is not None
    assert dict(first.section.label) == {"zh-Hans": "教学"}
    assert draft.forms[0].audiences == ("parent",)
    assert dict(draft.forms[0].intro or {}) == {"zh-Hans": "您好", "en": "Hello"}


def test_conditions_with_codes_and_with_numeric_ids_are_carried() -> None:
    boxes = table(
        "subquestions", row(qid="31", parent_qid="3", title="a", question_order="1", gid="1"),
        row(qid="32", parent_qid="3", title="b", question_order="2", gid="1"),
    )  # fmt: skip
    draft = read(
        table(
            "questions", question("1", "Board", "Y"), question("3", "Why", "M", relevance='((7X1X1.NAOK == "Y"))'),
            question("4", "More", "Y", relevance='Why_a == "Y" and Board.NAOK != "N"'),
            question("5", "Old", "Y", relevance=""), question("6", "Lost", "Y", relevance="rand(1, 2) == 1"),
        ), boxes,
        table("conditions", row(cid="1", qid="5", cqid="3", cfieldname="+7X1X3b", method="==", value="Y", scenario="1"),
              row(cid="2", qid="5", cqid="1", cfieldname="7X1X1", method="==", value="N", scenario="2")),
        texts(q1="住校吗", q3="原因", q4="还有", q5="旧", q6="丢", q31="近", q32="好"),
    )  # fmt: skip
    items = by_name(draft)
    assert items["Why"].kind is ItemKind.CHOICES
    assert shown(items["Why"]) == "Board == 'Y'"
    assert shown(items["More"]) == "(Board == 'Y') and (Why == 'a') and (not (Board == 'N'))"
    assert shown(items["Old"]) == "(Why == 'b') or (Board == 'N')"
    assert items["Lost"].show_if is None
    assert [fault.code for fault in draft.faults if fault.place and fault.place.question == "Lost"] == [
        "condition_not_carried"
    ]


def test_limits_and_other_of_boxes_come_in() -> None:
    boxes = table("subquestions", *(
        row(qid=f"3{n}", parent_qid="3", title=code, question_order=str(n), gid="1") for n, code in enumerate("abc")
    ))  # fmt: skip
    limits = table(
        "question_attributes", row(qid="3", attribute="max_answers", value="2"),
        row(qid="3", attribute="exclude_all_others", value="c"),
    )  # fmt: skip
    draft = read(table("questions", question("3", "Why", "M", other="Y")), boxes, limits, texts(q3="原因"))
    (item,) = draft.items
    assert item.at_most == 2
    assert [option.code for option in item.options if option.exclusive] == ["c"]
    assert [option.text_length for option in item.options] == [0, 0, 0, 60]


def test_what_has_no_place_is_named_by_its_code() -> None:
    kinds = {
        "D": "date",
        "R": "ranking",
        "|": "media",
        "*": "calculation",
        "K": "several_numbers",
        ":": "array_of_numbers",
    }
    rows = [question(str(n), f"Q{n}", kind) for n, kind in enumerate(kinds, 1)]
    draft = read(table("questions", *rows, question("9", "Ok", "5"), question("10", "Odd", "?")), texts(q9="好吗"))
    left = {entry.place.question: entry.code for entry in draft.listed(Fate.LEFT)}
    assert left == {f"Q{n}": code for n, code in enumerate(kinds.values(), 1)} | {"Odd": "unknown_type"}


BOMB = b"<!DOCTYPE document [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><document>&b;</document>"
OUTSIDE = b"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><document>&x;</document>"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB, "dtd"), (OUTSIDE, "dtd"), (OUTSIDE.decode().encode("utf-16"), "dtd"), (b"<document>", "syntax"),
        (b"\xff\xfe\x00", "syntax"), (b"", "syntax"), (b"<document/>", "other"), (b"<a>" * 40, "deep"),
        (b"<document><LimeSurveyDocType>Label set</LimeSurveyDocType></document>", "other"),
    ],
)  # fmt: skip
def test_hostile_or_foreign_xml_is_refused_before_anything_is_built(content: bytes, reason: str) -> None:
    with pytest.raises(LssError) as raised:
        read_tables(content)
    assert raised.value.reason == reason


def test_a_file_with_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey_app.authoring.lss.tables.MAX_ROWS", 3)
    with pytest.raises(LssError, match="large"):
        read_tables(survey(table("questions", *(question(str(n), f"Q{n}", "Y") for n in range(4)))))
