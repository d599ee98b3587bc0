"""A scheme as fields: what is typed is written where it stands, and nothing else of the text moves."""

from difflib import unified_diff
from pathlib import Path

import pytest

from survey_app.assessment.scheme_form import fields_of_issues, read_fields, write_fields
from survey_app.assessment.scheme_text import remove_entry, set_mapping, set_value
from survey_app.assessment.schemes import parse_scheme, read_scheme
from survey_app.definition.nodes import DefinitionError
from survey_app.foundation.settings import PROJECT
from survey_app.frame.instrument_catalogue import InstrumentCatalogue

SHIPPED = PROJECT / "questionnaires" / "assessment"
CATEGORIES = InstrumentCatalogue(PROJECT / "questionnaires").categories()
TEN = (SHIPPED / "ten-marks.yaml").read_text("utf-8")


def boxes(text: str) -> dict[str, str]:
    """What a browser sends for the boxes of an untouched form."""
    fields = read_fields(text)
    return {f"on.triggers.{kind}": "1" for kind in fields.triggers} | {f"fact.{f}": "1" for f in fields.excluded_by}


def changed_lines(before: str, after: str) -> list[str]:
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def written(text: str, **typed: str) -> list[str]:
    """What changes; ``__`` stands for the dot of a name."""
    fields = {name.replace("__", "."): value for name, value in typed.items()}
    return changed_lines(text, write_fields(text, read_fields(text), boxes(text) | fields))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_an_untouched_form_changes_nothing_of_a_shipped_file(path: Path) -> None:
    text = path.read_text("utf-8")
    fields = read_fields(text)
    assert write_fields(text, fields, {**fields.values, **boxes(text)}) == text


def test_values_are_written_where_they_stand() -> None:
    assert written(TEN, categories__primary__parent="40", categories__primary__inspector="10") == [
        "-  primary: {parent: 50, student: 30, teacher: 20}",
        "+  primary: {parent: 40, student: 30, teacher: 20, inspector: 10}",
    ]
    assert written(TEN, document="临督〔2026〕3号", method__map="ordinal") == [
        '-document: "示例方案（未发文）"', '+document: "临督〔2026〕3号"', "+  map: ordinal",
    ]  # fmt: skip
    assert written(TEN, recognition__line="0.9") == ["+recognition: {line: 0.9}"]


def test_what_is_emptied_is_taken_out() -> None:
    assert written(TEN, awards__quota__primary="") == [
        '-  quota: {kindergarten: "1/3", primary: "1/3", direct: "1/3", senior: "1/3", vocational: "1/3"}',
        '+  quota: {kindergarten: "1/3", direct: "1/3", senior: "1/3", vocational: "1/3"}',
    ]
    emptied = {f"categories__vocational__{audience}": "" for audience in ("parent", "student", "teacher")}
    assert written(TEN, **emptied) == ["-  vocational: {parent: 40, student: 40, teacher: 20}"]


def test_lines_of_marks_come_and_go() -> None:
    new = {"id": "safe", "of": "external/平安", "share": "20", "function": "proportional"}
    changes = written(TEN, drop__1="1", **{f"marks__lines__3__{key}": value for key, value in new.items()})
    assert changes == [
        "-    - {id: growth, of: value_added, share: 20, function: threshold, zero_at: -6, full_at: 6}",
        '+    - {id: safe, of: "external/平安", share: 20, function: proportional}',
    ]


def test_boxes_turn_triggers_and_facts_on_and_off() -> None:
    fields = read_fields(TEN)
    ticked = {name: "1" for name in boxes(TEN) if name != "on.triggers.ledger"} | {"fact.rectification_overdue": "1"}
    changes = changed_lines(TEN, write_fields(TEN, fields, ticked))
    assert "-  ledger: {item_dissatisfied: 0.10, n: 30, drop: 3}" in changes
    assert "+  excluded_by: [notice_open, rectification_overdue]" in changes
    again = write_fields(TEN.replace("  watch_list: {false_discovery: 0.10}\n", ""), fields, boxes(TEN))
    assert parse_scheme(again, "x", CATEGORIES).rules == read_scheme(SHIPPED / "ten-marks.yaml", CATEGORIES).rules


def test_a_field_and_the_text_may_be_changed_at_once() -> None:
    edited = TEN.replace("full: 10\n", "full: 100\n")
    both = write_fields(edited, read_fields(TEN), boxes(TEN) | {"marks.full": "10", "document": "x"})
    assert changed_lines(TEN, both) == [
        '-document: "示例方案（未发文）"',
        "+document: x",
        "-  full: 10",
        "+  full: 100",
    ]


def test_blocks_and_remarks_stay_as_they_are() -> None:
    block = "a:\n  # first\n  b: 1  # why\n\n  c: |\n    two\n    lines\nd:\n- x: 1\n  y: 2\n- z\n"
    assert set_value(block, ("a", "b"), "5").splitlines()[2] == "  b: 5  # why"
    assert set_value(block, ("a", "e"), "5") == block.replace("    lines\n", "    lines\n  e: 5\n")
    assert remove_entry(block, ("d", "0", "x")) == block.replace("x: 1\n  y: 2", "y: 2")
    assert remove_entry(block, ("d", "1")) == block.replace("- z\n", "")
    assert set_mapping(block, ("d", "2"), {"q": "1"}) == block + "- {q: 1}\n"
    assert remove_entry("a:\n  b: 1\nc: 2\n", ("a", "b")) == "c: 2\n"
    assert set_value("a:\nc: 2\n", ("a", "b"), "1") == "a: {b: 1}\nc: 2\n"
    assert remove_entry(block, ("nothing", "here")) == block


def test_each_fault_is_about_a_field() -> None:
    faulty = TEN.replace("full_at: 95", "full_at: 50").replace("student: 30", "student: 40", 1).replace(": 0.10", ": x")
    with pytest.raises(DefinitionError) as caught:
        parse_scheme(faulty, "x.yaml", CATEGORIES)
    assert set(fields_of_issues(faulty, caught.value.issues)) == {
        "marks.lines.0.full_at", "categories.primary", "triggers.ledger.item_dissatisfied",
        "triggers.watch_list.false_discovery", "method.class_correlation.student",
    }  # fmt: skip
    with pytest.raises(DefinitionError, match="一组键和值"):
        read_fields("- a\n")


def test_ten_marks_are_the_default_scheme_with_marks() -> None:
    ten, default = (read_scheme(SHIPPED / f"{name}.yaml", CATEGORIES) for name in ("ten-marks", "default"))
    assert (ten.settings, ten.weights, ten.minimum_response) == (
        default.settings, default.weights, default.minimum_response,
    )  # fmt: skip
