"""``flask year``: a year from its scheme to its marks, with what was imported and what cannot be done yet."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from survey_app.foundation.settings import PROJECT
from testing.answers import write_answers
from testing.district import District, written
from testing.inspection import make_inspector, signed_for

COUNTY = PROJECT / "questionnaires" / "assessment" / "county-four-evaluators.yaml"
IMPORT = "学校代码,学校名称,平安校园,整改逾期次数,未销号通知\n0101,河东小学,92,1,是\n0201,河东中学,80,,\n"


@pytest.fixture
def scheme(tmp_path: Path) -> Path:
    """The county's, for a first year with open links, and with one imported line."""
    text = COUNTY.read_text("utf-8").replace("rank_from: 20", "rank_from: 20\n  rank_unverified: 首年试行")
    text = text.replace("of: dimension/burden", "of: external/平安校园").replace(
        "function: threshold, zero_at: 50, full_at: 90", "function: proportional"
    )
    return written(tmp_path / "scheme.yaml", text)


@pytest.fixture
def answered(district: District, tmp_path: Path) -> District:
    district.command("responses", "import", "--wave", district.wave, str(write_answers(district, tmp_path / "a.csv")))
    return district


def run(district: District, *args: str):  # type: ignore[no-untyped-def]
    return district.app.test_cli_runner().invoke(args=list(args))


def step_of(district: District) -> str:
    return str(json.loads(run(district, "year", "list", "--json").stdout)[0]["next"])


def test_a_year_goes_from_its_scheme_to_its_marks(answered: District, scheme: Path, tmp_path: Path) -> None:
    done = run(answered, "year", "create", "2026", "--wave", answered.wave, "--scheme", str(scheme))
    assert done.exit_code == 0, done.stderr
    assert "核对方案和依据文号" in done.stderr
    assert step_of(answered) == "adopted"
    refused = run(answered, "year", "compute", "2026")
    assert refused.exit_code == 1
    assert "还没有封存" in refused.stderr
    answered.sealed()
    assert "方案还没有采用" in run(answered, "year", "compute", "2026").stderr
    assert run(answered, "year", "adopt", "2026").exit_code == 0
    table = written(tmp_path / "marks.csv", IMPORT)
    assert run(answered, "year", "import", "2026", str(table)).stdout.strip() == "已导入 2 行"
    assert run(answered, "year", "compute", "2026").exit_code == 0
    assert step_of(answered) == ""
    shown = run(answered, "results", "marks", "--year", "2026")
    rows = list(csv.DictReader(io.StringIO(shown.stdout.lstrip("\ufeff"))))
    totals = {row["school_code"]: row for row in rows if row["line"] == "total"}
    assert set(totals) == {"0101", "0201"}
    assert totals["0101"]["deduction"] == "0.5"
    for code, total in totals.items():
        lines = [float(row["expected_mark"]) for row in rows if row["school_code"] == code and row["line"] != "total"]
        assert round(sum(lines) - float(total["deduction"]), 2) == float(total["total"])
    assert "方案第 1 版" in shown.stderr
    awards = json.loads(
        run(answered, "results", "marks", "--year", "2026", "--table", "awards", "--format", "json").stdout
    )
    assert [row["outcome"] for row in awards if row["school_code"] == "0101"] in ([], ["excluded"])
    book = tmp_path / "book.xlsx"
    assert run(answered, "documents", "year-book", "--year", "2026", "--out", str(book)).exit_code == 0
    assert load_workbook(book).sheetnames[:3] == ["年度封面", "计分参数", "年度得分"]
    steps = json.loads(run(answered, "year", "show", "2026", "--json").stdout)
    assert [row["what"] for row in steps] == ["scheme", "adopted", "sealed", "marks", "scheme 1", "import"]
    assert "cli:" in steps[-1]["by"]
    run(answered, "year", "import", "2026", str(written(tmp_path / "new.csv", IMPORT.replace("92", "60"))))
    stale = run(answered, "documents", "year-book", "--year", "2026", "--out", str(book))
    assert (stale.exit_code, "请先重新计分" in stale.stderr) == (1, True)


def test_a_change_after_marks_were_seen_is_a_new_version_with_its_difference(
    answered: District, scheme: Path, tmp_path: Path
) -> None:
    run(answered, "year", "create", "2026", "--wave", answered.wave, "--scheme", str(scheme))
    draft = written(tmp_path / "draft.yaml", scheme.read_text("utf-8").replace("full_at: 95", "full_at: 92"))
    assert "第 1 版" in run(answered, "year", "scheme", "2026", str(draft)).stdout
    run(answered, "year", "adopt", "2026")
    assert "已经采用" in run(answered, "year", "adopt", "2026").stderr
    assert "内容相同" in run(answered, "year", "scheme", "2026", str(draft)).stderr
    changed = run(answered, "year", "scheme", "2026", str(scheme))
    assert "第 2 版" in changed.stdout
    assert "rules.marks.lines.status.full_at: 92 → 95" in changed.stdout
    assert step_of(answered) == "adopted"


def test_old_marks_stay_beside_those_of_a_new_version(answered: District, scheme: Path, tmp_path: Path) -> None:
    plain = written(tmp_path / "plain.yaml", COUNTY.read_text("utf-8"))
    run(answered, "year", "create", "2026", "--wave", answered.wave, "--scheme", str(plain))
    answered.sealed()
    for step in ("adopt", "compute"):
        assert run(answered, "year", step, "2026").exit_code == 0
    run(answered, "year", "scheme", "2026", str(scheme))
    shown = run(answered, "results", "marks", "--year", "2026")
    assert "方案第 1 版" in shown.stderr
    run(answered, "year", "adopt", "2026")
    run(answered, "year", "compute", "2026")
    assert "方案第 2 版" in run(answered, "results", "marks", "--year", "2026").stderr


def test_a_scheme_without_a_document_is_not_adopted(answered: District, scheme: Path, tmp_path: Path) -> None:
    text = scheme.read_text("utf-8").replace('document: "示例方案（未发文）"\n', "")
    unnumbered = written(tmp_path / "n.yaml", text)
    run(answered, "year", "create", "2026", "--wave", answered.wave, "--scheme", str(unnumbered))
    assert "依据文号" in run(answered, "year", "adopt", "2026").stderr


REFUSED = {
    "unknown school": (IMPORT.replace("0201", "0999"), "第 3 行：批次里没有学校代码“0999”"),
    "unknown column": (IMPORT.replace("平安校园", "平安"), "方案里没有“平安”这一列"),
    "school twice": (IMPORT.replace("0201", "0101"), "已经出现过"),
    "no number": (IMPORT.replace("92", "优"), "第 2 行“平安校园”：“优”不是要填的数"),
    "half a time": (IMPORT.replace("92,1", "92,1.5"), "“整改逾期次数”：“1.5”"),
    "perhaps": (IMPORT.replace("是", "也许"), "“未销号通知”：“也许”"),
    "no codes": (IMPORT.replace("学校代码", "代号"), "没有“学校代码”这一列"),
    "no school": (IMPORT.partition("\n")[0] + "\n", "没有学校"),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_a_faulty_table_is_refused_as_a_whole(
    district: District, scheme: Path, tmp_path: Path, text: str, expected: str
) -> None:
    run(district, "year", "create", "2026", "--wave", district.wave, "--scheme", str(scheme))
    found = run(district, "year", "import", "2026", str(written(tmp_path / "marks.csv", text)))
    assert found.exit_code == 1
    assert expected in found.stderr
    assert "import" not in [row["what"] for row in json.loads(run(district, "year", "show", "2026", "--json").stdout)]


def test_what_does_not_exist_is_named_with_what_does(district: District, scheme: Path) -> None:
    assert "没有考核年度“2030”；现有：—" in run(district, "year", "show", "2030").stderr
    run(district, "year", "create", "2026", "--wave", district.wave)
    assert "还没有考核方案" in run(district, "year", "adopt", "2026").stderr
    assert "已经有考核年度" in run(district, "year", "create", "2026", "--wave", district.wave).stderr
    assert "1 到 100 个字" in run(district, "year", "create", " ", "--wave", district.wave).stderr
    assert "还没有计分" in run(district, "results", "marks", "--year", "2026").stderr
    assert "还没有计分" in run(district, "documents", "year-book", "--year", "2026", "--out", "x.xlsx").stderr
    earlier = run(district, "year", "create", "2027", "--wave", district.wave, "--previous", district.wave)
    assert "应当早于" in earlier.stderr


def test_a_wave_that_was_never_opened_is_not_assessed(district: District) -> None:
    run(district, "wave", "create", "2028", "--instrument", "compulsory-teacher", "--opens", "2028-01-01",
        "--closes", "2028-01-20", "--access", "teacher=open")  # fmt: skip
    assert "还没有开放，不能用于考核" in run(district, "year", "create", "2028", "--wave", "2028").stderr


def test_a_faulty_scheme_is_refused_with_file_line_and_column(district: District, scheme: Path, tmp_path: Path) -> None:
    faulty = written(tmp_path / "faulty.yaml", scheme.read_text("utf-8").replace("share: 60", "share: 61"))
    found = run(district, "year", "create", "2026", "--wave", district.wave, "--scheme", str(faulty))
    assert found.exit_code == 1
    assert "faulty.yaml:" in found.stderr
    assert "合计是 101" in found.stderr
    assert json.loads(run(district, "year", "list", "--json").stdout) == []


def test_scores_of_inspectors_are_a_component_with_their_error(
    answered: District, scheme: Path, tmp_path: Path
) -> None:
    """The county's scheme gives inspectors a tenth; a school that nobody came to lacks an audience."""
    answered.sealed()
    run(answered, "year", "create", "2026年度", "--wave", answered.wave, "--scheme", str(scheme))
    run(answered, "year", "adopt", "2026年度")
    run(answered, "year", "import", "2026年度", str(written(tmp_path / "t.csv", IMPORT)))
    assert run(answered, "year", "compute", "2026年度").exit_code == 0
    before = ranking(answered)
    table = "学校代码,责任督学,日期,得分\n0101,李督学,2026-10-09,40\n0101,赵督学,2026-10-12,50\n"
    assert "已导入 2 行" in run(answered, "year", "import", "2026年度", str(written(tmp_path / "i.csv", table))).output
    assert run(answered, "year", "compute", "2026年度").exit_code == 0
    after = ranking(answered)
    expected = 0.9 * before["0101", "status"][0] + 0.1 * 45
    assert abs(after["0101", "status"][0] - expected) < 0.001
    error = ((0.9 * before["0101", "status"][1]) ** 2 + (0.1 * 6 / 2**0.5) ** 2) ** 0.5
    assert abs(after["0101", "status"][1] - error) < 0.001
    assert after["0201", "status"] == before["0201", "status"], "nobody was evaluated in that category"
    with answered.app.extensions["database"].write_session() as session:
        signed_for(session, answered, make_inspector(session, answered, "李督学", ["0101"]), "0101")
    assert run(answered, "year", "compute", "2026年度").exit_code == 0
    expected = 0.9 * before["0101", "status"][0] + 0.1 * (75 + 50) / 2
    assert abs(ranking(answered)["0101", "status"][0] - expected) < 0.001, "what was signed stands for the imported 40"
    out = tmp_path / "b.xlsx"
    assert run(answered, "documents", "year-book", "--year", "2026年度", "--out", str(out)).exit_code == 0
    assert "i.csv" in run(answered, "year", "show", "2026年度").output


def ranking(district: District) -> dict[tuple[str, str], tuple[float, float]]:
    """Value and error of each school and line that has them."""
    found = run(district, "results", "marks", "--year", "2026年度", "--table", "marks", "--format", "json")
    return {(row["school_code"], row["line"]): (row["value"], row["se"]) for row in json.loads(found.stdout)
            if row.get("value") is not None and row.get("se") is not None}  # fmt: skip


def test_a_year_may_have_two_periods(answered: District, scheme: Path, tmp_path: Path) -> None:
    first = answered.sealed().wave
    answered.clock.advance(days=30)
    answered.wave = "2026冬"
    answered.opened()
    answers = str(write_answers(answered, tmp_path / "b.csv"))
    answered.command("responses", "import", "--wave", answered.wave, answers)
    wrong = run(answered, "year", "create", "x", "--wave", first, "--first", answered.wave)
    assert "第一期“2026冬”应当早于“2026秋”" in wrong.stderr
    run(answered, "year", "create", "2026年度", "--wave", "2026冬", "--first", first, "--scheme", str(scheme))
    run(answered, "year", "adopt", "2026年度")
    run(answered, "year", "import", "2026年度", str(written(tmp_path / "t.csv", IMPORT)))
    assert step_of(answered) == "sealed", "both periods have to be sealed"
    answered.sealed()
    computed = run(answered, "year", "compute", "2026年度")
    assert computed.exit_code == 0, computed.output
    assert ranking(answered)["0101", "status"][0] > 0
    table = run(answered, "results", "marks", "--year", "2026年度", "--format", "json")
    assert json.loads(table.stdout)[0]["wave"] == "2026秋、2026冬"
    out = tmp_path / "book.xlsx"
    assert run(answered, "documents", "year-book", "--year", "2026年度", "--out", str(out)).exit_code == 0
