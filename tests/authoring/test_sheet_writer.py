"""An instrument written as a workbook and read again is the same instrument, for every one that is shipped."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from survey_app.authoring.draft import Draft, Severity
from survey_app.authoring.draft_instrument import draft_instruments
from survey_app.authoring.draft_yaml import write_yaml
from survey_app.authoring.sheet.cells import CellValue
from survey_app.authoring.sheet.workbook_reader import read_workbook
from survey_app.authoring.sheet.writer import TemplateSheet, template_sheets, write_sheets
from survey_app.definition.model import Instrument
from survey_app.definition.parse import read_instrument, read_instrument_text
from survey_app.foundation.settings import PROJECT
from survey_app.frame.instrument_catalogue import InstrumentCatalogue

CATALOGUE = InstrumentCatalogue(PROJECT / "questionnaires")
CATEGORIES = CATALOGUE.categories()


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


def cells(sheets: tuple[TemplateSheet, ...]) -> list[Cells]:
    out = []
    for sheet in sheets:
        rows: list[list[CellValue]] = [[*sheet.headings]]
        for row in sheet.rows:
            rows.append([*row])
        out.append(Cells(sheet.name, rows))
    return out


def read_back(sheets: tuple[TemplateSheet, ...]) -> tuple[Instrument, Draft]:
    draft = read_workbook(cells(sheets), CATEGORIES)
    (written,) = draft_instruments(draft)
    return read_instrument_text(write_yaml(written.content), "again.yaml", CATEGORIES), draft


@pytest.mark.parametrize("path", CATALOGUE.files(), ids=lambda path: path.stem)
def test_every_shipped_instrument_comes_back_the_same(path: Path) -> None:
    instrument = read_instrument(path, CATEGORIES)
    again, draft = read_back(write_sheets(instrument, CATEGORIES))
    assert again == instrument
    for one, other in zip(again.questions(), instrument.questions(), strict=True):
        assert (one.text_for, one.help_for) == (other.text_for, other.help_for)
    assert (again.title_for, again.intro_for, again.accepted) == (
        instrument.title_for, instrument.intro_for, instrument.accepted,
    )  # fmt: skip
    assert again.grades_from == instrument.grades_from
    for dimension, same in zip(again.dimensions, instrument.dimensions, strict=True):
        assert (dimension.label_for, dimension.lead_for) == (same.label_for, same.lead_for)
    assert not [fault for fault in draft.faults if fault.severity is not Severity.HINT]


def test_the_empty_template_says_that_it_is_empty() -> None:
    draft = read_workbook(cells(template_sheets()), CATEGORIES)
    assert [fault.code for fault in draft.faults if fault.severity is Severity.ERROR] == ["no_question_found"]


NUMBERS = """
format: 1
id: numbers
version: "1"
languages: [zh]
title: {zh: "数字"}
audiences: [parent]
categories: [primary]
scales:
  recommend: {from: 0, to: 10, ends: [{zh: "不会"}, {zh: "会"}], favourable_from: 9}
dimensions:
  - {id: one, label: {zh: "推荐"}, weight: 1, items: [{id: R1, text: {zh: "愿意推荐吗"}, scale: recommend}]}
"""


@pytest.mark.parametrize(
    "more",
    [
        "favourable_from: 9",
        "favourable_from: 9, unfavourable_to: 6, show: stars, also: nps",
        "favourable_from: 9, points: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100], not_applicable: {code: na, label: {zh: 无}}",
    ],
)
def test_a_scale_of_numbers_comes_back_the_same(more: str) -> None:
    instrument = read_instrument_text(NUMBERS.replace("favourable_from: 9", more), "numbers.yaml", CATEGORIES)
    again, draft = read_back(write_sheets(instrument, CATEGORIES))
    assert again == instrument
    assert not [fault for fault in draft.faults if fault.severity is not Severity.HINT]


def test_a_scale_of_numbers_is_known_by_its_ends_and_asks_the_rest() -> None:
    sheets = cells(write_sheets(read_instrument_text(NUMBERS, "numbers.yaml", CATEGORIES), CATEGORIES))
    choices = next(sheet for sheet in sheets if sheet.name == "选项")
    choices.rows = [choices.rows[0], choices.rows[1], choices.rows[-1]]
    favourable = choices.rows[0].index("满意")
    choices.rows[2][favourable] = ""
    (written,) = draft_instruments(read_workbook(sheets, CATEGORIES))
    scale = written.content["scales"]["recommend"]
    assert (scale["from"], scale["to"], scale["favourable_from"]) == (0, 10, None)
    choices.rows[2][choices.rows[0].index("代码")] = "十"
    (fault,) = [one for one in read_workbook(sheets, CATEGORIES).faults if one.code == "number_expected"]
    assert (fault.place and fault.place.written(), fault.value) == ({"sheet": "选项", "row": 3, "column": "B"}, "十")


@pytest.mark.parametrize("label", ["推荐：学校", "“双减”:落实", "推荐", "“推荐”", "一:“二”：三"])
def test_a_dimension_may_have_a_colon_in_its_name(label: str) -> None:
    """It was refused, with the advice to use YAML."""
    named = f"label: {{zh: '{label}'}}, label_for: {{parent: {{zh: 家长}}}}, lead: {{zh: 请选}}"
    instrument = read_instrument_text(NUMBERS.replace('label: {zh: "推荐"}', named), "numbers.yaml", CATEGORIES)
    again, draft = read_back(write_sheets(instrument, CATEGORIES))
    assert again == instrument
    (dimension,), (same,) = again.dimensions, instrument.dimensions
    assert (dimension.label["zh"], dimension.lead, dimension.label_for) == (label, same.lead, same.label_for)
    assert not [fault for fault in draft.faults if fault.severity is not Severity.HINT]


def test_original_names_and_reasons_come_back_the_same() -> None:
    text = (
        NUMBERS + 'source: {R1: "第11题", one: "推 荐", recommend.9: "九"}\naccepted: {R1: {leading: "与去年一致"}}\n'
    )
    instrument = read_instrument_text(text, "numbers.yaml", CATEGORIES)
    again, _draft = read_back(write_sheets(instrument, CATEGORIES))
    assert (again.source, again.accepted) == (instrument.source, instrument.accepted)
