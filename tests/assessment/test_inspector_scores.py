"""Inspectors' scores from a table: each with person and date, every fault by its cell, corrections by a later table."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from survey_app.assessment.inspector_scores import (
    Evaluation,
    InspectorMean,
    is_inspector_table,
    rating_means,
    read_inspector_scores,
    score_ratings,
)
from survey_app.assessment.mark_imports import read_mark_table
from survey_app.assessment.models import InspectorScore
from survey_app.assessment.schemes import read_scheme
from survey_app.foundation.errors import UserError
from survey_app.foundation.settings import PROJECT
from testing.district import written
from testing.instruments import CATEGORIES

HEADING = "学校代码,责任督学,日期,得分\n"


def table(tmp_path: Path, rows: str, heading: str = HEADING) -> Path:
    return written(tmp_path / "scores.csv", heading + rows)


def test_each_row_is_an_evaluation(tmp_path: Path) -> None:
    path = table(tmp_path, "0101,李督学,2026-10-09,88.5\n0101,王督学,2026/10/12,90\n\n")
    assert is_inspector_table(path)
    assert read_inspector_scores(path, ["0101"]) == (
        Evaluation("0101", "李督学", date(2026, 10, 9), 88.5),
        Evaluation("0101", "王督学", date(2026, 10, 12), 90.0),
    )
    assert not is_inspector_table(table(tmp_path, "0101,3\n", "学校代码,整改逾期次数\n"))


def test_every_fault_is_named_by_row_and_column(tmp_path: Path) -> None:
    rows = "0999,李督学,2026-10-09,88\n0101,,2026-13-09,101\n0101,李,2026-10-09,5\n0101,李,2026-10-09,6\n"
    with pytest.raises(UserError) as refused:
        read_inspector_scores(table(tmp_path, rows), ["0101"])
    said = "\n".join(map(str, refused.value.messages))
    for words in ("第 2 行“学校代码”", "0999", "第 3 行“责任督学”", "第 3 行“日期”", "2026-13-09", "第 3 行“得分”",
                  "第 5 行：同一位督学同一天"):  # fmt: skip
        assert words in said, said
    for heading, row, words in (("学校代码,责任督学\n", "0101,李\n", "日期、得分"), (HEADING, "", "没有评分")):
        with pytest.raises(UserError, match=words):
            read_inspector_scores(table(tmp_path, row, heading), ["0101"])


def sheet(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    page = book.create_sheet("表", 0)
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def test_codes_that_a_spreadsheet_keeps_as_numbers_are_codes(tmp_path: Path) -> None:
    """5002 in a cell of Excel is no 5002.0, and a fact typed as 1 is true; lost zeros are named."""
    scores = sheet(tmp_path / "i.xlsx", tuple(HEADING.strip().split(",")), (5002, "李督学", date(2026, 10, 9), 88))
    assert read_inspector_scores(scores, ["5002"]) == (Evaluation("5002", "李督学", date(2026, 10, 9), 88.0),)
    with pytest.raises(UserError, match="是否应为 05002"):
        read_inspector_scores(scores, ["05002"])
    scheme = read_scheme(PROJECT / "questionnaires" / "assessment" / "ten-marks.yaml", CATEGORIES)
    marks = sheet(tmp_path / "m.xlsx", ("学校代码", "整改逾期次数", "未销号通知"), (5002, 2, 1), (5003, None, "否"))
    assert read_mark_table(marks, scheme, ["5002", "5003"]) == {
        "5002": {"整改逾期次数": 2.0, "未销号通知": 1.0}, "5003": {"未销号通知": 0.0},
    }  # fmt: skip
    with pytest.raises(UserError, match="第 2 行：批次里没有学校代码“5002”；是否应为 05002"):
        read_mark_table(marks, scheme, ["05002", "5003"])


def score(inspector: str, day: int, value: float, code: str = "0101") -> InspectorScore:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return InspectorScore(year_id=1, school_code=code, inspector=inspector, rated_on=date(2026, 10, day), score=value,
                          file_name="x", imported_by="王", imported_at=at)  # fmt: skip


def test_each_inspector_counts_once_and_a_later_table_corrects() -> None:
    """§8: an evaluator who left keeps what he gave in office."""
    scores = [score("离任的", 1, 80), score("离任的", 2, 90), score("李", 3, 60), score("李", 3, 95)]
    assert rating_means(score_ratings(scores)) == {"0101": InspectorMean(90.0, 2)}
