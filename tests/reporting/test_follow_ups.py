"""Follow-ups from the form to every table, and what of them is not shown."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from testing.instruments import tiny_text
from testing.walk import Walk, prepare

ROSTER = "学校代码,学校名称,类别,对象,人数\n0101,河东小学,小学,家长,90\n"
Answered = Callable[..., Walk]


@pytest.fixture
def answered(tmp_path: Path, migrated: Path) -> Iterator[Answered]:
    """Seals a wave with the answers that are given, by one school."""
    walks: list[Walk] = []

    def seal_with(answers: list[dict[str, Any]]) -> Walk:
        text = tiny_text("follow_up").replace("id: follow_up", "id: quarter", 1)
        walk = prepare(tmp_path, migrated, text.replace("audiences: [parent, teacher]", "audiences: [parent]", 1))
        walks.append(walk)
        walk.open(ROSTER)
        for fields in answers:
            walk.answer(**fields)
        walk.seal()
        return walk

    yield seal_with
    for walk in walks:
        walk.district.app.extensions["database"].dispose()


def answers(low: int, content: int, reasons: tuple[str, ...] = ("lessons", "homework")) -> list[dict[str, Any]]:
    """People who are not satisfied with the lessons and say why, and others; half of each would advise it."""
    found: list[dict[str, Any]] = [
        {"T1": "1", "T2": "23"[n % 2], "why_low": [reasons[n % len(reasons)], "rooms"][: 1 + (n % 4 == 0)],
         "advise": "yn"[n % 2]} for n in range(low)
    ]  # fmt: skip
    return found + [{"T1": "32"[n % 2], "T2": "23"[n % 2], "advise": "yn"[n % 2]} for n in range(content)]


def rows(walk: Walk) -> dict[str, dict[str, str]]:
    text = walk.district.command("results", "items", "--wave", "2026秋")
    return {row["item"]: row for row in csv.DictReader(text.splitlines())}


def sheet(walk: Walk) -> list[tuple[Any, ...]]:
    path = walk.home / "report.xlsx"
    walk.district.command("results", "report", "--wave", "2026秋", "--out", str(path))
    return [row for row in openpyxl.load_workbook(path)["追问"].iter_rows(values_only=True) if row[0] == "0101"]


def pages(walk: Walk) -> list[str]:
    staff = walk.district.staff()
    addresses = ("all", "questions?view=items", "questions?item=advise", "school/0101?view=items")
    return [staff.get(f"/staff/waves/1/results/{address}").text for address in addresses]


def test_counts_and_shares_stand_on_every_page_and_in_every_table(answered: Answered) -> None:
    walk = answered(answers(low=24, content=24))
    row = rows(walk)["why_low"]
    assert (row["n"], row["flags"], row["index"], row["rate"]) == ("24", "follow_up", "", "")
    assert [row[f"count_{code}"] for code in ("lessons", "homework", "rooms", "none")] == ["12", "12", "6", "0"]
    assert [rows(walk)["advise"][f"count_{code}"] for code in "yn"] == ["24", "24"]
    lessons = next(found for found in sheet(walk) if found[5] == "lessons")
    assert lessons[3:10] == ("why_low", "不满意的原因", "lessons", "讲课", 24, 12, 0.5)
    for page in pages(walk):
        assert "追问 · 家长" in page or "会推荐给别人吗" in page
        assert "50.00%" in page
    indices = walk.district.command("results", "indices", "--wave", "2026秋")
    assert "why_low" not in indices


def test_single_responses_show_what_the_tables_show(answered: Answered) -> None:
    exported = answered(answers(low=24, content=24)).district.command("responses", "export", "--wave", "2026秋")
    found = list(csv.DictReader(exported.splitlines()))
    assert list(found[0]) == ["school_code", "audience", "grade", "near", "T1", "T2", "OV1", "why_low", "advise"]
    assert sorted({row["why_low"] for row in found}) == ["", "homework", "lessons", "lessons;rooms"]


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        (answers(low=6, content=40), {"why_low"}),
        (answers(low=24, content=24, reasons=("lessons",)), {"why_low"}),
        ([fields | {"advise": "y"} for fields in answers(low=24, content=24)], {"advise"}),
        (answers(low=46, content=1), {"why_low"}),
        (answers(low=4, content=4), {"why_low", "advise"}),
    ],
    ids=["few", "one reason for all", "one answer for all", "how many are asked would tell the item", "a small school"],
)
def test_what_would_tell_of_few_or_of_everybody_is_not_shown(
    answered: Answered, given: list[dict[str, Any]], hidden: set[str]
) -> None:
    walk = answered(given)
    found = rows(walk)
    assert {name for name in ("why_low", "advise") if "suppressed" in found[name]["flags"]} == hidden
    for name in hidden:
        assert found[name]["n"] == ""
        assert all(row[7] is None and "不公布" in row[10] for row in sheet(walk) if row[3] == name)
    for page in pages(walk)[2:3]:
        assert (">＊<" in page) is ("advise" in hidden)
    exported = walk.district.command("responses", "export", "--wave", "2026秋").splitlines()
    for row in csv.DictReader(exported):
        assert not any(row[name] for name in hidden)


def test_without_follow_ups_nothing_is_added(tmp_path: Path, migrated: Path) -> None:
    walk = prepare(tmp_path, migrated, tiny_text("choices").replace("id: choices", "id: quarter", 1))
    walk.open(ROSTER)
    for number in range(24):
        walk.answer(A1="321"[number % 3])
    walk.seal()
    path = walk.home / "report.xlsx"
    walk.district.command("results", "report", "--wave", "2026秋", "--out", str(path))
    assert "追问" not in openpyxl.load_workbook(path).sheetnames
    assert "追问" not in "".join(pages(walk))
    assert set(rows(walk)) == {"A1"}
    walk.district.app.extensions["database"].dispose()
