"""XLSForms made for the test: groups, conditions, limits, languages, grids; and what is left out, with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from survey_app.authoring.draft import Draft, DraftItem, Fate, ItemKind, Severity
from survey_app.authoring.expression_limits import limits_of_choices, limits_of_text
from survey_app.authoring.sheet.cells import CellValue
from survey_app.authoring.sheet.workbook_reader import read_workbook
from survey_app.definition.conditions import to_source
from survey_app.foundation.settings import PROJECT
from survey_app.frame.instrument_catalogue import InstrumentCatalogue

CATEGORIES = InstrumentCatalogue(PROJECT / "questionnaires").categories()


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


def table(name: str, headings: str, *rows: Sequence[CellValue]) -> Cells:
    heads = headings.split("|")
    return Cells(name, [[*heads], *([*row, *[""] * (len(heads) - len(row))] for row in rows)])


CHOICES = table(
    "choices", "list_name|name|label", ("yn", "yes", "Yes"), ("yn", "no", "No"), ("why", "near", "Close to home"),
    ("why", "good", "Good teaching"), ("why", "none", "None of these"), ("why", "oth", "Other"),
    ("agree", 4, "Strongly agree"), ("agree", 3, "Agree"), ("agree", 2, "Disagree"), ("agree", 1, "Strongly disagree"),
    ("agree", 9, "Don't know"), ("mark", 1, "1"), ("mark", 2, "2"), ("mark", 3, "3"), ("long", "a b", "A"),
    ("long", "ä", "B"), ("empty", "", ""),
)  # fmt: skip
HEADINGS = "type|name|label|hint|required|relevant|constraint|appearance|choice_filter|calculation|read_only|parameters"


def read(*rows: Sequence[CellValue], settings: Cells | None = None) -> Draft:
    sheets = [table("survey", HEADINGS, *rows), CHOICES, *([settings] if settings else [])]
    return read_workbook(sheets, CATEGORIES)


def by_name(draft: Draft) -> dict[str, DraftItem]:
    return {item.name: item for item in draft.items}


def shown(item: DraftItem) -> str:
    return to_source(item.show_if) if item.show_if else ""


def left(draft: Draft) -> dict[int | None, str]:
    return {entry.place.row: entry.code for entry in draft.listed(Fate.LEFT) if entry.place.sheet == "survey"}


def codes(draft: Draft) -> set[str]:
    return {fault.code for fault in draft.faults}


def test_the_condition_of_a_group_goes_to_each_of_its_questions() -> None:
    draft = read(
        ("select_one yn", "board", "Boarder?"), ("begin_group", "outer", "Life", "", "", "${board} = 'yes'"),
        ("note", "n1", "Please think of this term"),
        ("begin group", "inner", "Rooms"), ("select_one agree", "clean", "Rooms are clean"),
        ("select_one agree", "quiet", "Rooms are quiet", "", "", "${board} != 'no'"), ("end group",), ("end_group",),
        ("end_group",),
    )  # fmt: skip
    items = by_name(draft)
    assert shown(items["clean"]) == "board == 'yes'"
    assert shown(items["quiet"]) == "(board == 'yes') and (not (board == 'no'))"
    assert items["clean"].section is not None
    assert (items["clean"].section.name, dict(items["clean"].section.label)) == ("inner", {"en": "Rooms"})
    assert items["clean"].scale is not None
    assert items["clean"].scale.not_applicable is not None
    assert left(draft)[4] == "note_with_condition"
    assert left(draft)[10] == "group_not_open"


def test_limits_and_the_text_of_other_come_in() -> None:
    draft = read(
        ("select_multiple why", "why", "Why?", "pick two", "yes", "",
         "not(selected(., 'none') and count-selected(.) > 1) and count-selected(.) <= 2"),
        ("text", "which", "Which?", "", "", "selected(${why}, 'oth')", "string-length(.) <= 40"),
        ("text", "more", "More?", "optional", "", "", "string-length(.) < 301"),
        ("text", "odd", "Odd?", "", "", "", "regex(., 'x')"),
        ("select_multiple why or_other", "again", "Again?"),
    )  # fmt: skip
    items = by_name(draft)
    why = items["why"]
    assert (why.at_most, why.required, dict(why.help or {})) == (2, True, {"en": "pick two"})
    assert [option.exclusive for option in why.options] == [False, False, True, False]
    assert [option.text_length for option in why.options] == [0, 0, 0, 40]
    assert "which" not in items
    assert (items["more"].max_length, items["more"].required) == (300, False)
    assert items["again"].options[-1].code == "other"
    assert {"constraint_not_carried", "other_text_field"} <= codes(draft)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count-selected(.) >= 2 and count-selected(.) <= 3", (2, 3, (), True)),
        ("count-selected(.) = 2", (2, 2, (), True)), ("count-selected(.) != 2", (None, None, (), False)),
        ("selected(., 'a')", (None, None, (), False)), ("count-selected(.) < 3", (None, 2, (), True)),
        ("if(. = 'a', 1, 0)", (None, None, (), False)), ("count-selected(.", (None, None, (), False)),
    ],
)  # fmt: skip
def test_a_constraint_is_carried_whole_or_not_at_all(
    text: str, expected: tuple[int | None, int | None, tuple[str, ...], bool]
) -> None:
    limits = limits_of_choices(text, ["a", "b", "c", "d"])
    assert (limits.at_least, limits.at_most, limits.exclusive, limits.is_whole) == expected


def test_limits_on_many_options_and_on_texts() -> None:
    many = [str(number) for number in range(20)]
    assert limits_of_choices("count-selected(.) > 1 and count-selected(.) < 4", many).at_most == 3
    assert limits_of_choices("count-selected(.) > 1 and count-selected(.) < 4", many).at_least == 2
    assert not limits_of_choices("selected(., '1')", many).is_whole
    assert limits_of_text("string-length(.) <= 9 and string-length(.) > 0").max_length == 9
    assert not limits_of_text("string-length(.) > 5").is_whole
    assert not limits_of_text("((").is_whole


def test_what_has_no_place_is_left_out_row_by_row() -> None:
    draft = read(
        ("start", "s"), ("geopoint", "g", "Where"), ("image", "i", "Photo"), ("date", "d", "When"),
        ("calculate", "c", "", "", "", "", "", "", "", "1+1"), ("rank why", "r", "Rank"),
        ("select_one yn", "f", "Filtered", "", "", "", "", "", "x=${y}"), ("text", "p", "Your phone number"),
        ("telepathy", "t", "Thoughts"), ("", "", ""), ("", "q", "No type"), ("select_one nolist", "l", "List?"),
        ("begin repeat", "rep", "Each"), ("begin group", "in", "In"), ("text", "x", "In it"), ("end group",),
        ("end repeat",), ("text", "ro", "Shown", "", "", "", "", "", "", "", "yes"),
        ("select_one_from_file f.csv", "ff", "File"), ("select_one yn", "ok", "Fine?"),
    )  # fmt: skip
    assert left(draft) == {
        2: "metadata", 3: "place", 4: "media", 5: "date", 6: "calculation", 7: "ranking", 8: "choice_filter",
        9: "personal_data", 10: "unknown_type", 12: "type_missing", 13: "list_missing", 14: "repeat", 15: "repeat",
        16: "repeat", 17: "repeat", 18: "repeat", 19: "read_only", 20: "external_list",
    }  # fmt: skip
    assert not draft.has_errors
    assert [item.name for item in draft.usable_items] == ["ok"]


def test_conditions_that_cannot_be_said_are_reported_and_those_that_never_hold_hide_nothing() -> None:
    draft = read(
        ("select_one yn", "a", "A?", "", "", "${later} = '4'"), ("select_one agree", "later", "Later"),
        ("select_one agree", "b", "B", "", "", "../x = 1"), ("select_one agree", "c", "C", "", "", "${a} = 'maybe'"),
        ("select_one yn", "d", "D?", "", "", "${later} = 4"), ("select_one agree", "e", "E", "", "", "${d} = 'yes'"),
        ("text", "f", "F?", "", "", "${a} = 'yes"), ("integer", "n", "How many?"),
        ("text", "g", "G?", "", "", "${n} != ''"), ("text", "h", "H?", "", "", "${n} > 3"),
    )  # fmt: skip
    items = by_name(draft)
    assert items["d"].follow_up
    assert items["e"].show_if is None
    assert items["b"].show_if is None
    assert items["c"].is_left_out
    assert shown(items["g"]) == "answered(n)"
    assert {
        "condition_forward", "condition_not_carried", "condition_never_holds", "condition_syntax", "bands_missing",
        "condition_unknown_option",
    } <= codes(draft)  # fmt: skip


def test_grids_tables_ranges_and_lists_of_numbers() -> None:
    draft = read(
        ("select_one agree", "head", "Do you agree?", "", "", "", "", "label"),
        ("select_one agree", "g1", "Lessons", "", "", "", "", "list-nolabel"),
        ("begin group", "t", "How is it?", "", "", "", "", "table-list"),
        ("select_one agree", "t1", "Food"), ("end group",),
        ("range", "r", "Mark", "", "", "", "", "", "", "", "", "start=0 end=10 step=1"),
        ("range", "w", "Wide", "", "", "", "", "", "", "", "", "start=0 end=100 step=5"),
        ("select_one mark", "m", "Stars"), ("select_one long", "x", "Codes"),
    )  # fmt: skip
    items = by_name(draft)
    assert dict(items["g1"].lead or {}) == {"en": "Do you agree?"}
    assert dict(items["t1"].lead or {}) == {"en": "How is it?"}
    assert items["r"].scale is not None
    assert items["r"].scale.numbers is not None
    assert (items["r"].scale.numbers.low, items["r"].scale.numbers.high) == (0, 10)
    assert items["w"].kind is ItemKind.NUMBER
    assert items["m"].scale is not None
    assert items["m"].scale.numbers is not None
    assert {"code_mapped", "favourable_missing", "favourable_assigned"} <= codes(draft)


def test_languages_settings_and_names_that_stand_twice() -> None:
    survey = table(
        "survey", "type|name|label::English (en)|label::中文|audience|重要", ("note", "n", "Hello", "您好"),
        ("select_one yn", "a", "Same?", "一样吗", "parent、martians"), ("select_one yn", "a", "Twice?", "两次"),
        ("select_one yn", "第三", "Third", ""),
    )  # fmt: skip
    choices = table(
        "choices", "list_name|name|label::English (en)|label::中文", ("yn", "y", "Yes", "是"), ("yn", "n", "No", "否")
    )
    settings = table(
        "settings", "form_title|form_id|default_language|style|colour",
        ("For parents", "f1", "English (en)", "x", "red"),
        ("second",),
    )  # fmt: skip
    draft = read_workbook([survey, choices, settings], CATEGORIES)
    assert draft.forms[0].languages == ("en", "zh")
    assert draft.forms[0].audiences == ("parent",)
    assert dict(draft.forms[0].intro or {}) == {"en": "Hello", "zh": "您好"}
    assert [item.name for item in draft.items] == ["a", "a_2", "第三"]
    assert {"unknown_audience", "duplicate_id", "id_mapped", "setting_unknown", "column_not_used"} <= codes(draft)
    assert all(fault.severity is not Severity.ERROR for fault in draft.faults)
