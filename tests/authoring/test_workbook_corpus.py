"""Published XLSForms and the office's workbooks of the corpus: none falls over, every row is accounted for."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from survey_app.authoring.draft import Draft, Fate, ItemKind, Severity
from survey_app.authoring.draft_json import draft_json
from survey_app.authoring.sheet.workbook_reader import read_workbook
from survey_app.foundation.settings import PROJECT
from survey_app.foundation.spreadsheet_reader import Sheet, read_all_sheets
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from testing.processes import cpu_seconds
from testing.shared_inputs import shared_folder, shared_names

CATEGORIES = InstrumentCatalogue(PROJECT / "questionnaires").categories()
ALL_IN_A_REPEAT = {"pyxform__tutorial.xls", "pyxform__repeat_date_test.xls"}


@pytest.fixture
def corpus() -> Path:
    return shared_folder("corpus")


def rows_that_speak(sheets: list[Sheet]) -> set[tuple[str, int]]:
    """Counted without the code under test."""
    return {
        (sheet.name, number)
        for sheet in sheets
        for number, row in enumerate(sheet.rows, 1)
        if any(
            re.sub("[\\s\u200b-\u200f\ufeff]", "", str(cell)) and (number - 1, column) not in sheet.filled
            for column, cell in enumerate(row)
        )
    }


def read(path: Path) -> tuple[Draft, list[Sheet]]:
    sheets = read_all_sheets(path)
    return read_workbook(sheets, CATEGORIES), sheets


@pytest.mark.parametrize("name", shared_names("xlsform", "*.xls*"))
def test_a_published_form_comes_in_and_every_row_is_in_one_list(name: str, corpus: Path) -> None:
    start = cpu_seconds()
    draft, sheets = read(corpus / "xlsform" / name)
    content = draft_json(draft, name)
    assert cpu_seconds() - start < 5
    places = Counter((entry.place.sheet, entry.place.row) for entry in draft.account)
    assert set(places) == rows_that_speak(sheets)
    assert set(places.values()) == {1}
    assert content["counts"]["source"] == sum(content["counts"][fate.value] for fate in Fate)
    assert not [entry for entry in draft.account if entry.code == "not_understood"]
    assert (content["outcome"] == "refused") == (name in ALL_IN_A_REPEAT)
    assert len({item["id"] for item in content["items"] if item["id"]}) == len(draft.usable_items)


@pytest.mark.parametrize("name", shared_names("office", "*.xlsx"))
def test_a_workbook_of_an_office_says_its_faults_by_cell(name: str, corpus: Path) -> None:
    expected = json.loads((corpus / "office" / name).with_suffix(".json").read_text("utf-8"))
    draft, sheets = read(corpus / "office" / name)
    assert {(entry.place.sheet, entry.place.row) for entry in draft.account} == rows_that_speak(sheets)
    errors = {cell(fault) for fault in draft.faults if fault.severity is Severity.ERROR}
    wanted = {f"{one['sheet']}!{one['column']}{one['row']}" for one in expected["faults"]}
    assert errors == wanted
    assert draft_json(draft, name)["outcome"] == expected["outcome"]


def cell(fault: Any) -> str:
    return f"{fault.place.sheet}!{fault.place.column}{fault.place.row}"


def test_the_care_form_is_left_out_row_by_row(corpus: Path) -> None:
    """208 rows with relative paths and calculations: almost nothing can come in, all of it is named."""
    draft, _sheets = read(corpus / "xlsform" / "cht__pregnancy.xlsx")
    left = Counter(entry.code for entry in draft.listed(Fate.LEFT))
    assert left["calculation"] > 60
    assert all(entry.code for entry in draft.listed(Fate.LEFT))


def test_the_text_that_only_specifies_other_is_part_of_its_option(corpus: Path) -> None:
    draft, _sheets = read(corpus / "xlsform" / "correlaid__mitwirken_umfrage.xlsx")
    with_text = [item for item in draft.items if any(option.text_length for option in item.options)]
    assert len(with_text) > 3
    assert all(item.kind in (ItemKind.CHOICE, ItemKind.CHOICES) for item in with_text)


def test_a_grid_of_labels_is_a_lead_with_items(corpus: Path) -> None:
    draft, _sheets = read(corpus / "xlsform" / "correlaid__testB.xlsx")
    assert sum(item.lead is not None for item in draft.items) >= 20
    assert draft.forms[0].languages == ("en", "de") or draft.forms[0].languages == ("de", "en")
