"""``flask documents year-book``: the figures of the program, as formulas that go on living."""

import csv
import io
from functools import lru_cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from survey_app.foundation.settings import PROJECT
from testing.district import District, written
from testing.printed import docx_lines
from testing.workbooks import cells, recalculated
from tests.reporting.conftest import SCHOOLS

COUNTY = PROJECT / "questionnaires" / "assessment" / "county-four-evaluators.yaml"
MARKS, PARAMETERS = "年度得分", "计分参数"
NAMES = [(row.code, row.name) for row in SCHOOLS]
LINES = """  lines:
    - {id: status, of: composite, share: 40, function: threshold, zero_at: 40, full_at: 95}
    - {id: others, of: composite, share: 20, function: band}
    - {id: spread, of: composite, share: 10, function: standardised}
    - {id: response, of: response_rate/parent, share: 10, function: threshold, zero_at: 0.1, full_at: 0.9}
    - {id: peace, of: external/平安校园, share: 20, function: proportional}
"""


def scheme_text(lines: str = LINES) -> str:
    text = COUNTY.read_text("utf-8").replace("rank_from: 20", "rank_from: 20\n  rank_unverified: 首年试行")
    before, _, rest = text.partition("  lines:\n")
    after = rest[rest.index("  deductions:") :]
    return before + lines + after


def run(district: District, *args: str):  # type: ignore[no-untyped-def]
    return district.app.test_cli_runner().invoke(args=list(args))


def done(district: District, *args: str) -> str:
    result = run(district, *args)
    assert result.exit_code == 0, result.output + str(result.stderr)
    return str(result.stdout)


def compute(district: District, year: str, folder: Path, lines: str = LINES) -> None:
    """A year of this name with its marks."""
    scheme = written(folder / f"{year}.yaml", scheme_text(lines))
    done(district, "year", "create", year, "--wave", district.wave, "--scheme", str(scheme))
    done(district, "year", "adopt", year)
    table = "学校代码,学校名称,平安校园,整改逾期次数\n" + "".join(
        f"{code},{name},{90 - number},{number % 2 or ''}\n" for number, (code, name) in enumerate(NAMES)
    )
    done(district, "year", "import", year, str(written(folder / f"{year}.csv", table)))
    done(district, "year", "compute", year)


def book_of(district: District, year: str, folder: Path) -> Path:
    path = folder / f"{year}.xlsx"
    done(district, "documents", "year-book", "--year", year, "--out", str(path))
    return path


@pytest.fixture(scope="module")
def book(measured: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year")
    compute(measured, "2026", folder)
    return book_of(measured, "2026", folder)


@lru_cache(maxsize=2)
def marks_sheet(path: Path) -> Worksheet:
    return openpyxl.load_workbook(path)[MARKS]


HEADINGS = {
    "status": "综合得分（status）", "others": "综合得分（others）", "spread": "综合得分（spread）",
    "response": "家长回收率", "peace": "平安校园",
}  # fmt: skip


def place(path: Path, code: str, title: str, group: str = "") -> tuple[str, str]:
    """The cell of a school under a heading, in the group of a line where it has one."""
    rows = list(marks_sheet(path).iter_rows(values_only=True))
    head = next(row for row, values in enumerate(rows) if values[0] == "学校代码")
    column = rows[head + 1].index(title, rows[head].index(HEADINGS[group])) if group else rows[head].index(title)
    school = next(row for row, values in enumerate(rows) if values[0] == code)
    return MARKS, f"{get_column_letter(column + 1)}{school + 1}"


def kept(district: District, year: str = "2026") -> dict[tuple[str, str], dict[str, str]]:
    shown = done(district, "results", "marks", "--year", year)
    return {(row["school_code"], row["line"]): row for row in csv.DictReader(io.StringIO(shown.lstrip("\ufeff")))}


def test_a_book_refuses_marks_that_no_longer_hold(measured: District, tmp_path: Path) -> None:
    compute(measured, "changed", tmp_path)
    table = "学校代码,学校名称,平安校园\n0101,河东小学,55\n"
    done(measured, "year", "import", "changed", str(written(tmp_path / "later.csv", table)))
    out = tmp_path / "changed.xlsx"
    refused = run(measured, "documents", "year-book", "--year", "changed", "--out", str(out))
    assert refused.exit_code == 1
    assert "请先重新计分" in refused.stderr
    assert not out.exists()
    done(measured, "year", "compute", "changed")
    again = book_of(measured, "changed", tmp_path)
    assert cells(again, values=True)[place(again, "0101", "数值", "peace")] == 55


def test_a_year_without_marks_has_no_book(measured: District, tmp_path: Path) -> None:
    scheme = written(tmp_path / "scheme.yaml", scheme_text())
    done(measured, "year", "create", "empty", "--wave", measured.wave, "--scheme", str(scheme))
    refused = run(measured, "documents", "year-book", "--year", "empty", "--out", str(tmp_path / "b.xlsx"))
    assert refused.exit_code == 1
    assert "还没有计分" in refused.stderr


def test_the_figures_of_the_book_are_those_of_the_program(measured: District, book: Path) -> None:
    cached, compared = cells(book, values=True), 0
    for (code, line), row in kept(measured).items():
        address = place(book, code, "总分") if line == "total" else place(book, code, "期望得分", line)
        printed = row["total" if line == "total" else "expected_mark"]
        assert cached[address] == (float(printed) if printed else None)
        compared += bool(printed)
    assert compared >= 20
    assert {"年度封面", PARAMETERS, MARKS, "评优名单", "提请", "分类排名表"} <= {sheet for sheet, _ in cached}


def test_the_book_has_band_and_verdict_of_the_ranking(measured: District, book: Path) -> None:
    """Issue 12.4: what is certain stands in the one sheet too, after the live columns."""
    cached = cells(book, values=True)
    shown = done(measured, "results", "marks", "--year", "2026", "--table", "ranking")
    words, judged = {"met": "达到", "not_met": "未达到", "undecided": "不能判定"}, 0
    for row in csv.DictReader(io.StringIO(shown.lstrip("\ufeff"))):
        code = row["school_code"]
        assert (cached.get(place(book, code, "等第")) or "") == row["band"]
        if row["line_verdict"]:
            judged += 1
            assert str(cached[place(book, code, "85% 线")]).startswith(words[row["line_verdict"]])
            share = cached[place(book, code, "满意人数比例")]
            assert isinstance(share, str) or round(float(share or 0), 4) == float(row["satisfied"])
            assert cached[place(book, code, "多大的选择性会推翻")]
    assert judged >= 3


@pytest.mark.office
def test_every_formula_recalculated_gives_the_value_of_the_program(book: Path, tmp_path: Path) -> None:
    cached, formulas = cells(book, values=True), cells(book, values=False)
    fresh = recalculated(book, tmp_path)
    live = [key for key, value in formulas.items() if isinstance(value, str) and value.startswith("=")]
    for function in ("_xlfn.NORM.S.DIST", "_xlfn.STDEV.S", "SIGN", "COUNTIFS"):
        assert any(f"{function}(" in str(formulas[key]) for key in live), function
    for key in live:
        assert fresh[key] == pytest.approx(cached[key], abs=1e-9), (key, formulas[key])


@pytest.mark.office
def test_changed_parameters_give_the_marks_of_a_scheme_with_them(
    measured: District, book: Path, tmp_path: Path
) -> None:
    rows = {cell.value: cell.row for cell in openpyxl.load_workbook(book)[PARAMETERS]["A"]}
    changes: dict[tuple[str, str], float] = {
        (PARAMETERS, f"E{rows[HEADINGS['status']]}"): 60, (PARAMETERS, f"F{rows[HEADINGS['status']]}"): 85,
        (PARAMETERS, f"D{rows[HEADINGS['status']]}"): 50, (PARAMETERS, f"D{rows[HEADINGS['others']]}"): 10,
    }  # fmt: skip
    fresh, before = recalculated(book, tmp_path, changes), kept(measured)
    lines = LINES.replace("share: 40, function: threshold, zero_at: 40, full_at: 95",
                          "share: 50, function: threshold, zero_at: 60, full_at: 85")  # fmt: skip
    compute(measured, "other", tmp_path, lines.replace("share: 20, function: band", "share: 10, function: band"))
    moved = 0
    for (code, line), row in kept(measured, "other").items():
        if line == "total" and row["total"]:
            assert fresh[place(book, code, "总分")] == pytest.approx(float(row["total"]), abs=1e-9)
            moved += row["total"] != before[code, line]["total"]
            if row["rank"]:
                assert fresh[place(book, code, "得分名次")] == int(row["rank"])
    assert moved >= 3


def test_the_report_of_a_school_says_its_marks_as_they_were_kept(
    measured: District, book: Path, tmp_path: Path
) -> None:
    """Line by line, with the total; of the year that was computed last."""
    done(measured, "documents", "school-reports", "--year", "2026", "--out", str(tmp_path), "--format", "docx")
    for code, name in NAMES:
        lines = docx_lines(tmp_path / f"{code} {name}.docx")
        start = lines.index(["计分项", "满分", "得分", "说明"])
        year = lines[start - 1][0].partition(" 考核得分")[0]  # other tests of this file compute years of their own
        table = done(measured, "results", "marks", "--year", year).lstrip("\ufeff")
        kept = [row for row in csv.DictReader(io.StringIO(table)) if row["school_code"] == code]
        for row, line in zip(kept, lines[start + 1 :], strict=False):
            mark = row["total"] if row["line"] == "total" else row["expected_mark"]
            assert (f"{float(mark):.2f}" if mark else "—") in line, (code, row["line"])
        assert lines[start + len(kept)][0] == "总分"
        assert lines[start + 1][0] == HEADINGS["status"]
