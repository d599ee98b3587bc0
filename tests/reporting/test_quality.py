"""Signals of careless answers on the page and in the workbook: the same numbers, and none of a hidden cell."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from survey_app.measurement.signals import Signals
from survey_app.reporting.analysis.signals import pool_signals
from survey_app.reporting.disclosure.figures import (
    CellSignals,
    DisclosurePolicy,
    PublishableCount,
    UnanimousCount,
    UnavailableCount,
)
from survey_app.reporting.disclosure.signals import SIGNAL_NAMES, disclose_signals
from testing.careless import answered_carelessly
from testing.district import District
from testing.time import seal_by_time

FOUND = Signals(
    responses=20,
    timed_responses=12,
    speeding_1s=3,
    speeding_2s=0,
    longstring=20,
    straightlined=5,
    top_option_only=4,
    outliers=None,
    duplicates=6,
    expected=0.4,
    p_value=0.005,
)
HEADS = (
    "学校", "对象", "提示", "有人要求怎样回答", "不愿说", "各班回收率", "R 指标", "每题不到 1 秒",
    "每题 1–2 秒", "半份以上连选同一项", "全卷同一项", "全选最满意", "答法少见", "雷同答卷", "偶然会有", "p",
)  # fmt: skip


def _text(cell: str) -> str:
    return unescape(re.sub(r"<a.*?</a>|<[^>]+>", "", cell)).strip()


def table_of(page: str, category: str) -> dict[tuple[str, str], list[str]]:
    """The part about signals by school and audience, without the links of the headings."""
    part = page.partition(f'id="q-{category}"')[2].partition("</table>")[0]
    rows = [[_text(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
            for row in re.findall(r"<tr.*?</tr>", part, re.S)]  # fmt: skip
    assert tuple(rows[0]) == HEADS
    return {(row[0], row[1]): [*row[7:], row[2]] for row in rows[1:]}


def sheet_of(path: Path) -> dict[tuple[str, str], list[object]]:
    """The rows of the sheet by school name and audience: signals, by chance, p, and the hint."""
    sheet = openpyxl.load_workbook(path)["数据质量"]
    return {(f"{row[0]} {row[2]}" if row[0] == "同类合计" else str(row[1]), str(row[3])): [*row[19:28], row[-1]]
            for row in sheet.iter_rows(values_only=True) if row[3]}  # fmt: skip


@pytest.fixture(scope="module")
def book(measured: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("quality") / "report.xlsx"
    measured.command("results", "report", "--wave", "2026秋", "--out", str(path))
    return path


def test_what_everybody_or_too_few_show_is_not_said() -> None:
    found = disclose_signals(FOUND, 10)
    assert found.counts["speeding_1s"] == PublishableCount(3, 12)
    assert found.counts["longstring"] == UnanimousCount(20)
    assert found.counts["outliers"] == UnavailableCount.UNDEFINED
    assert disclose_signals(FOUND, 13).counts["speeding_1s"] == UnavailableCount.HIDDEN, "twelve forms with a time"
    assert disclose_signals(FOUND, 13).counts["duplicates"] == PublishableCount(6, 20)
    assert disclose_signals(FOUND, 13, DisclosurePolicy.FULL).counts["longstring"] == PublishableCount(20, 20)
    assert found.needs_review


def test_nearly_everybody_is_said_like_everybody() -> None:
    """S-L: "at least 95 %" was printed only where it was all of them, and so said just that."""
    for count, total, low in ((19, 20, 0.95), (20, 20, 0.95), (11, 12, 0.9), (12, 12, 0.9)):
        signals = replace(FOUND, responses=total, timed_responses=total, top_option_only=count)
        assert disclose_signals(signals, 10).counts["top_option_only"] == UnanimousCount(total, low)
    assert disclose_signals(replace(FOUND, top_option_only=18), 10).counts["top_option_only"] == PublishableCount(
        18, 20
    )


def test_the_usual_share_leaves_out_what_is_not_said() -> None:
    other = Signals(
        responses=30,
        timed_responses=0,
        speeding_1s=0,
        speeding_2s=0,
        longstring=3,
        straightlined=0,
        top_option_only=0,
        outliers=1,
        duplicates=0,
        expected=None,
        p_value=1.0,
    )
    both = pool_signals([disclose_signals(FOUND, 10), disclose_signals(other, 10)])
    assert both.counts == {
        "speeding_1s": PublishableCount(3, 12),
        "speeding_2s": PublishableCount(0, 12),
        "longstring": PublishableCount(3, 30),
        "straightlined": PublishableCount(5, 50),
        "top_option_only": PublishableCount(4, 50),
        "outliers": PublishableCount(1, 30),
        "duplicates": PublishableCount(6, 50),
    }
    assert pool_signals([]) == CellSignals(dict.fromkeys(SIGNAL_NAMES, UnavailableCount.UNDEFINED))
    assert not disclose_signals(other, 10).needs_review


def test_page_and_workbook_show_the_hand_made_table(small_district: District, tmp_path: Path) -> None:
    answered_carelessly(small_district)
    seal_by_time(small_district)
    page = small_district.staff().get("/staff/waves/1/results/all").text
    row = table_of(page, "primary")["河东小学", "家长"]
    assert row[:7] == ["5（20.8%）", "4（16.7%）", "5（20.8%）", "5（20.8%）", "0（0.0%）", "—", "6（25.0%）"]
    assert row[-1] == "雷同偏多，建议核查"
    assert table_of(page, "primary")["同类合计", "家长"][:7] == row[:7]
    assert "任何一项都不能作为删除答卷的理由" in page
    links = set(re.findall(r'href="#how-(signal\w+)"', page))
    assert links == {"signals", "signal_pace", "signal_run", "signal_alike", "signal_far", "signal_twins"}
    assert all(f'id="how-{name}"' in page for name in links)
    out = tmp_path / "book.xlsx"
    small_district.command("results", "report", "--wave", "2026秋", "--out", str(out))
    found = sheet_of(out)["河东小学", "家长"]
    assert found[:7] == [5, 4, 5, 5, 0, None, 6]
    assert "建议核查" in str(found[-1])
    assert sheet_of(out)["同类合计 学区小学", "家长"][:7] == found[:7]


def test_page_and_workbook_agree_and_hidden_cells_show_nothing(measured: District, book: Path) -> None:
    page = measured.staff(name="质量").get("/staff/waves/1/results/all").text
    in_book = sheet_of(book)
    compared = 0
    for category in ("primary", "direct"):
        for (name, audience), row in table_of(page, category).items():
            if name == "同类合计":
                continue
            counts = [None if text in ("—", "＊") else int(text.partition("（")[0]) for text in row[:7]]
            assert in_book[name, audience][:7] == counts, (name, audience)
            compared += 1
    assert compared == 17, "six schools by three audiences, and one cell in which nobody answered"
    for name, category, audience in (("河南小学", "primary", "教师"), ("河西中学", "direct", "家长")):
        assert table_of(page, category)[name, audience] == ["＊"] * 9 + ["人数太少，不公布"]
        assert in_book[name, audience][:9] == [None] * 9
    far = [row[5] for (_, audience), row in table_of(page, "primary").items() if audience == "家长"]
    assert all("%" in text for text in far), "enough parents for a pattern"


def test_the_usual_share_is_made_of_cells_that_are_shown(measured: District, book: Path) -> None:
    """Otherwise the hidden teachers could be found by subtraction."""
    rows = sheet_of(book)
    shown = [rows[name, "教师"] for name in ("河东小学", "河西小学", "河北小学")]
    for at in (2, 3, 4, 6):
        assert rows["同类合计 学区小学", "教师"][at] == sum(int(str(row[at])) for row in shown)
