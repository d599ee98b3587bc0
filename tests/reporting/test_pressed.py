"""Was-pressed answers: counts made at the seal, for the office and auditors, and never a count of one."""

import csv
import io
import re
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect

from survey_app.cli.scheme_group import load_scheme
from survey_app.frame.queries import wave_by_name
from survey_app.integrity.models import StoredPrivateCount
from survey_app.integrity.private_counts_store import load_private_counts
from survey_app.reporting.build import build_report
from survey_app.reporting.disclosure.figures import (
    DisclosurePolicy,
    PublishableCount,
    RareCount,
    UnanimousCount,
    UnavailableCount,
)
from survey_app.reporting.disclosure.pressed import PRESSED_QUESTION, disclose_pressed, usual_pressed
from survey_app.reporting.html.data_quality import data_quality_blocks
from survey_app.reporting.xlsx.workbook import build_workbook
from testing.application import START
from testing.district import District


def counts(no: int, yes: int, unsaid: int = 0) -> dict[str, int]:
    return {"no": no, "yes": yes, "unsaid": unsaid}


def test_a_few_are_not_counted_out_and_neither_are_all() -> None:
    """Who reads "one of forty" looks for the one."""
    assert disclose_pressed(counts(39, 1), 10).pressed == RareCount(40, 1 - 0.95)
    assert disclose_pressed(counts(40, 0), 10).pressed == disclose_pressed(counts(38, 2), 10).pressed
    assert disclose_pressed(counts(1, 39), 10).pressed == UnanimousCount(40)
    assert disclose_pressed(counts(5, 4), 10).pressed == UnavailableCount.HIDDEN
    found = disclose_pressed(counts(182, 81, 0), 10)
    assert found.pressed == PublishableCount(81, 263)
    assert [found.low, found.high] == pytest.approx([0.2553, 0.3662], abs=1e-4), "Wilson's"
    assert disclose_pressed(counts(39, 1), 10, DisclosurePolicy.FULL).pressed == PublishableCount(1, 40)


def test_above_usual_is_said_by_the_interval_and_not_by_the_point() -> None:
    cells = [(disclose_pressed(each, 10), each) for each in (counts(80, 20), counts(90, 10), counts(70, 30))]
    usual = usual_pressed(cells)
    assert usual.pressed == PublishableCount(60, 300)
    assert [figures.is_above(usual) for figures, _counts in cells] == [False, False, True]
    assert disclose_pressed(counts(0, 40), 10).is_above(usual)
    assert not disclose_pressed(counts(40, 0), 10).is_above(usual)
    assert not usual.is_above(usual_pressed([])), "nothing is usual where nobody was asked"


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_no_range_is_found_by_subtracting_what_is_shown(cells: list[tuple[int, int]]) -> None:
    """The usual share less all shown counts never leaves the persons of exactly one school."""
    entries = [(disclose_pressed(counts(no, yes), 5), counts(no, yes)) for no, yes in cells]
    usual = usual_pressed(entries).pressed
    ranges = [entry for entry in entries if isinstance(entry[0].pressed, RareCount | UnanimousCount)]
    shown = [entry[0].pressed for entry in entries if isinstance(entry[0].pressed, PublishableCount)]
    if isinstance(usual, PublishableCount):
        left = usual.total - sum(each.total for each in shown)
        assert left == (0 if len(ranges) < 2 else sum(sum(raw.values()) for _figures, raw in ranges))


def answers_of(district: District) -> Counter[tuple[str, str, str]]:
    """School, audience and answer to the private question, from the file that was imported."""
    path = Path(str(district.app.extensions["database"].url.database)).parent / "answers.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    return Counter((row["school_code"], row["audience"], row["pressed"]) for row in rows if row.get("pressed"))


def test_the_seal_keeps_what_was_answered_and_nothing_of_few(measured: District) -> None:
    with measured.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, measured.wave)
        stored = load_private_counts(session, wave.id)
    codes = dict(enumerate(("0101", "0102", "0103", "0104", "0201", "0202"), start=1))
    given_answers = answers_of(measured)
    for (school, audience), by_question in stored.items():
        expected = {code: given_answers[codes[school], audience, code] for code in by_question[PRESSED_QUESTION]}
        assert dict(by_question[PRESSED_QUESTION]) == expected
    kept = {(codes[school], audience) for school, audience in stored}
    people = Counter[tuple[str, str]]()
    for (code, audience, _answer), n in given_answers.items():
        people[code, audience] += n
    assert kept == {key for key, n in people.items() if n >= (5 if key[1] == "teacher" else 10)}
    assert ("0103", "teacher") not in kept, "three teachers"


def test_a_count_stands_beside_no_grade_no_half_and_no_other_answer() -> None:
    assert {column.name for column in inspect(StoredPrivateCount).columns} == {
        "wave_id", "school_id", "audience", "structure_hash", "question", "option", "persons"
    }  # fmt: skip


def test_page_and_workbook_say_the_same_and_tables_nothing(measured: District, tmp_path: Path) -> None:
    """E11: every family was asked, and no page, sheet or export read the answer."""
    client = measured.staff(name="压力")
    page = client.get("/staff/waves/1/results/all").text
    assert "不转给学校" in page
    out = tmp_path / "book.xlsx"
    measured.command("results", "report", "--wave", measured.wave, "--out", str(out))
    sheet = openpyxl.load_workbook(out)["数据质量"]
    book: dict[tuple[Any, Any], Any] = {
        (row[1], row[3]): row[4:10] for row in sheet.iter_rows(values_only=True) if row[3]
    }
    compared = 0
    for category in ("primary", "direct"):
        part = page.partition(f'id="q-{category}"')[2].partition("</table>")[0]
        for row in re.findall(r"<tr.*?</tr>", part, re.S)[2:]:
            name, audience, _hint, pressed, *_rest = (
                unescape(re.sub(r"<a.*?</a>|<[^>]+>", "", cell)).strip()
                for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)
            )
            if (name, audience) not in book:
                continue
            found = re.fullmatch(r"(\d+)（([\d.]+)%） \[([\d.]+)–([\d.]+)\]", pressed)
            total, count, share, low, high, _unsaid = book[name, audience]
            if found is None:
                assert share is None
                continue
            assert count == int(found[1])
            shown = [float(found[at]) / 100 for at in (2, 3, 4)]
            assert [share, low, high] == pytest.approx(shown, abs=6e-4)
            assert count / total == pytest.approx(share, abs=1e-4)
            compared += 1
    assert compared >= 10
    assert book["河南小学", "教师"] == (None,) * 6, "a hidden cell shows nothing"
    for name in ("indices", "items", "ranking"):
        printed = measured.command("results", name, "--wave", measured.wave, "--headings", "zh")
        assert "要求" not in printed
        assert ",pressed," not in printed


def test_whoever_is_neither_office_nor_auditor_reads_nothing_of_it(measured: District) -> None:
    with measured.app.app_context(), measured.app.extensions["database"].read_session() as session:
        wave = wave_by_name(session, measured.wave)
        report = build_report(session, wave, measured.app.extensions["categories"], load_scheme(None))
        private, public = report, report.without_private()
        (for_office,) = list(data_quality_blocks(private, "primary"))
        assert list(data_quality_blocks(public, "primary")) == []
        book = openpyxl.load_workbook(io.BytesIO(build_workbook(public, "督导室", START)))
    assert any("怎样回答" in heading.text for heading in for_office.table.headings)
    assert "数据质量" not in book.sheetnames
    texts = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert not any("不愿说" in text for text in texts)
