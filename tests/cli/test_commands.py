"""The whole story by commands, as the office types them."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from survey_app.foundation.clock import ManualClock
from survey_app.foundation.settings import PROJECT
from testing.district import COMPULSORY, WAVE, District, written

ROSTER = "学校代码,学校名称,类别,对象,年级,人数\n" + "".join(
    f"{code},{name},小学,家长,{grade},40\n"
    for code, name in (("0101", "河东小学"), ("0102", "河西小学"))
    for grade in "45"
)
INSTRUMENTS = [part for name in COMPULSORY for part in ("--instrument", name)]
ACCESS = ["--access", "parent=open,teacher=open,student=open"]
CREATE = ["wave", "create", WAVE, *INSTRUMENTS, *ACCESS, "--opens", "2026-11-02", "--closes", "2026-11-12T18:00"]
HEADER = "school_code,audience,grade,lunch,T1,T5,E1,E2,M1,M3,S1,S2,H1,H2,E3,B3,OV1"


def answers(code: str, sign: str, count: int, grade: str = "4") -> list[str]:
    return [f"{code},parent,{grade},no," + ",".join(sign * 13)] * count


PAPER = (
    "\n".join([HEADER, *answers("0101", "5", 15), *answers("0101", "4", 15, "五年级"), *answers("0102", "3", 4)]) + "\n"
)


@pytest.fixture
def office(sqlite_app: Flask, clock: ManualClock) -> District:
    return District(sqlite_app, clock)


@pytest.fixture
def opened(office: District, tmp_path: Path) -> District:
    office.command("roster", "import", str(written(tmp_path / "roster.csv", ROSTER)))
    office.command(*CREATE)
    office.command("wave", "open", WAVE)
    return office


@pytest.fixture
def sealed(opened: District, tmp_path: Path) -> District:
    """Thirty parents of one school and four of another."""
    opened.command("responses", "import", "--wave", WAVE, str(written(tmp_path / "paper.csv", PAPER)))
    opened.command("wave", "close", WAVE, "--seal-now")
    return opened


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def promised(sentence: str) -> list[str]:
    """The column names that a sentence of commands.md promises; read here, so that both stay the same."""
    return re.findall(r"[a-z0-9_]+", sentence)


INDICES = promised(
    "wave, school_code, school_name, category, audience, instrument, dimension, population, received, respondents, "
    "response_rate, n, index, se_year, ci_low, ci_high, df_year, se_level, df_level, se, se_corrected, index_plain, "
    "se_plain, se_plain_corrected, answers, favourable, rate, rate_se_year, rate_low, rate_high, rate_plain, "
    "rate_plain_se, rate_plain_se_corrected, satisfied, satisfied_se_year, satisfied_low, satisfied_high, top3, "
    "dissatisfied_share, na_share, strata, class_correlation, reliability, flags"
)
ITEMS = promised("wave, school_code, audience, instrument, item, text, concept, n, na, blank, not_shown, count_5, "
                 "count_4, count_3, count_2, count_1, index, rate, rate_low, rate_high, flags")  # fmt: skip
RANKING = promised("wave, category, school_code, school_name, composite, se_level, ranked, reason, rank, "
                   "rank_low, rank_high, rank_low_simultaneous, rank_high_simultaneous, "
                   "expected_rank, band")  # fmt: skip
HIDDEN = INDICES[INDICES.index("n") : INDICES.index("flags")]


def test_questionnaires_are_checked(office: District, tmp_path: Path) -> None:
    shipped = len(list((PROJECT / "questionnaires").glob("*.yaml"))) - len(["categories.yaml"])
    assert f"{shipped} 份问卷文件没有错误" in office.command("questionnaires", "check")
    text = (PROJECT / "questionnaires" / "compulsory-parent.yaml").read_text("utf-8")
    faulty = written(tmp_path / "q.yaml", text.replace("id: T5", "id: T1", 1).replace("weight: 0.2\n", "weight: x\n"))
    said = office.command("questionnaires", "check", str(faulty), code=1).splitlines()
    assert len(said) == 2
    assert all(re.match(rf"{re.escape(str(faulty))}:\d+:\d+: ", line) for line in said)
    assert "题号“T1”重复" in said[0]
    assert "不能是“x”" in said[1]


def test_a_wave_from_roster_to_links(opened: District) -> None:
    assert json.loads(opened.command("wave", "list", "--json"))[0]["state"] == "open"
    links = json.loads(opened.command("links", "list", "--wave", WAVE, "--json"))
    assert [list(link) for link in links] == [["school_code", "school_name", "audience", "class", "slug", "url"]] * 2
    assert [link["school_code"] for link in links] == ["0101", "0102"]
    one = json.loads(opened.command("links", "list", "--wave", WAVE, "--school", "0102", "--json"))
    assert one == links[1:]
    assert "没有学校代码为“9999”的链接" in opened.command("links", "list", "--wave", WAVE, "--school", "9999", code=1)
    assert "还没有开放" not in opened.command("wave", "show", WAVE)
    assert "没有名为“别的”的批次；现有：2026秋" in opened.command("wave", "show", "别的", code=1)


def test_moments_are_local_and_wrong_usage_is_status_2(office: District) -> None:
    office.command(*CREATE)
    shown = json.loads(office.command("wave", "show", WAVE, "--json"))[0]
    assert (shown["state"], shown["opens_at"], shown["closes_at"]) == ("draft", "2026-11-02 00:00", "2026-11-12 18:00")
    assert "无法识别时间“明天”" in office.command(*CREATE[:-1], "明天", code=1)
    office.command("wave", "create", "x", code=2)
    office.command("results", "indices", "--wave", WAVE, "--format", "pdf", code=2)
    assert "还没有开放，没有链接" in office.command("links", "list", "--wave", WAVE, code=1)


def test_answers_from_paper_are_imported_once(opened: District, tmp_path: Path) -> None:
    file = str(written(tmp_path / "paper.csv", PAPER))
    assert "已导入 34 份答卷" in opened.command("responses", "import", "--wave", WAVE, file)
    assert opened.count("response") == opened.count("submission_receipt") == 34
    assert opened.count("response WHERE grade = '5'") == 15, "grades by label too"
    assert "已经导入过" in opened.command("responses", "import", "--wave", WAVE, file, code=1)
    assert opened.count("response") == 34


def test_every_bad_line_is_named_and_nothing_is_stored(opened: District, tmp_path: Path) -> None:
    good = answers("0101", "5", 1)
    bad = [*good, *answers("9999", "5", 1), *answers("0101", "8", 1), *answers("0101", "5", 1, "6"),
           good[0].replace("parent", "student")]  # fmt: skip
    text = "\n".join([HEADER, *bad]) + "\n"
    said = opened.command("responses", "import", "--wave", WAVE, str(written(tmp_path / "bad.csv", text)), code=1)
    assert "第 3 行：学校代码“9999”不在本批次名册里" in said
    assert said.count("第 4 行：列 ") == 13
    assert "第 5 行：列 grade 的值“6”无效" in said
    assert "第 6 行：学校 0101 没有对象“student”" in said
    assert "第 2 行" not in said
    assert opened.count("response") == opened.count("submission_receipt") == opened.count("imported_file") == 0


def test_a_blank_line_does_not_move_the_numbers(opened: District, tmp_path: Path) -> None:
    text = "\n".join([HEADER, *answers("0101", "5", 1), "", *answers("9999", "5", 1)]) + "\n"
    said = opened.command("responses", "import", "--wave", WAVE, str(written(tmp_path / "r.csv", text)), code=1)
    assert "第 4 行：学校代码“9999”" in said


def test_a_comma_at_the_end_of_each_line_does_not_shift_the_columns(opened: District, tmp_path: Path) -> None:
    text = "\n".join([HEADER, *(line + "," for line in answers("0101", "5", 2))]) + "\n"
    opened.command("responses", "import", "--wave", WAVE, str(written(tmp_path / "r.csv", text)))
    assert opened.count("response") == 2


def test_results_wait_for_the_seal_and_for_answers(opened: District) -> None:
    for what in ("indices", "items", "ranking"):
        said = opened.command("results", what, "--wave", WAVE, code=1)
        assert "还没有封存" in said
        assert f"flask wave seal {WAVE}" in said
    assert "封存前不能导出" in opened.command("responses", "export", "--wave", WAVE, code=1)
    opened.command("wave", "close", WAVE, "--seal-now")
    assert "没有收到答卷" in opened.command("results", "indices", "--wave", WAVE, code=1)
    assert "不在开放期间" in opened.command("responses", "import", "--wave", WAVE, "any.csv", code=1)


def test_indices_have_the_promised_columns_and_hide_small_cells(sealed: District) -> None:
    found = rows(sealed.command("results", "indices", "--wave", WAVE))
    assert list(found[0]) == INDICES
    as_json = json.loads(sealed.command("results", "indices", "--wave", WAVE, "--format", "json"))
    assert [list(row) for row in as_json] == [INDICES] * len(found)
    shown, hidden, composite = (
        next(row for row in found if (row["school_code"], row["audience"], row["dimension"]) == key)
        for key in (("0101", "parent", "OVERALL"), ("0102", "parent", "OVERALL"), ("0101", "composite", "OVERALL"))
    )
    # grade 4: everybody 100 and 0 on the reverse item B4, which is not in the file; grade 5: 75; both of 40 → 87.5
    assert (shown["n"], shown["population"], float(shown["index"]), shown["strata"]) == ("30", "80", 87.5, "2")
    assert float(shown["rate"]) == 1.0
    assert {hidden[name] for name in HIDDEN} == {""}
    assert (hidden["population"], hidden["received"], hidden["respondents"], hidden["response_rate"]) == (
        "80", "4", "4", "0.05")  # fmt: skip
    assert "suppressed" in hidden["flags"].split("|")
    plain = INDICES[INDICES.index("index_plain") : INDICES.index("reliability")]
    assert {composite[name] for name in ("instrument", *INDICES[7:12], *plain)} == {""}
    assert float(composite["index"]) == 87.5
    assert not any(row["index"] for row in found if row["school_code"] == "0102"), "hidden is never a figure"


def test_full_figures_have_ten_decimals_and_are_in_the_audit(sealed: District, tmp_path: Path) -> None:
    assert sealed.count("audit_entry WHERE action = 'results.full'") == 0
    out = tmp_path / "full.csv"
    sealed.command("results", "indices", "--wave", WAVE, "--full", "--out", str(out))
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    found = rows(out.read_text("utf-8-sig"))
    assert list(found[0]) == INDICES
    hidden = next(row for row in found if (row["school_code"], row["dimension"]) == ("0102", "OVERALL"))
    assert (hidden["n"], hidden["index"]) == ("4", "50.0000000000")
    assert sealed.count(f"audit_entry WHERE action = 'results.full' AND detail = '{WAVE}'") == 1
    composites = [row["index"] for row in found if row["audience"] == "composite"]
    assert composites == ["87.5000000000", ""], "the full figures change no composite"


def test_items_and_ranking_have_the_promised_columns(sealed: District) -> None:
    items = rows(sealed.command("results", "items", "--wave", WAVE))
    assert list(items[0]) == ITEMS
    first, other = items[0], next(row for row in items if row["school_code"] == "0102")
    assert (first["item"], first["concept"], first["n"], first["count_5"], first["count_4"]) == (
        "T1",
        "lessons",
        "30",
        "15",
        "15",
    )
    assert (other["flags"], other["n"], other["count_3"], other["index"]) == ("suppressed", "", "", "")
    ranking = rows(sealed.command("results", "ranking", "--wave", WAVE))
    assert list(ranking[0]) == RANKING
    assert [(row["school_code"], row["ranked"], row["reason"]) for row in ranking] == [
        ("0101", "false", "unverified"), ("0102", "false", "no_composite")]  # fmt: skip
    as_json = json.loads(sealed.command("results", "ranking", "--wave", WAVE, "--format", "json"))
    assert [list(row) for row in as_json] == [RANKING] * 2


def test_a_scheme_is_named_checked_and_used(sealed: District, tmp_path: Path) -> None:
    text = (PROJECT / "questionnaires" / "assessment" / "default.yaml").read_text("utf-8")
    assert "没有错误" in sealed.command("scheme", "check")
    wrong = written(tmp_path / "wrong.yaml", text.replace("primary: {parent: 50,", "primary: {parent: 40,"))
    for command in (["scheme", "check", str(wrong)], ["results", "ranking", "--wave", WAVE, "--scheme", str(wrong)]):
        said = sealed.command(*command, code=1)
        assert f"{wrong}:" in said
        assert "类别“primary”的权重合计是 90，应当是 100" in said
    good = written(tmp_path / "own.yaml", text.replace("decimals: 2", "decimals: 2\n  rank_unverified: 首年试行"))
    ranking = rows(sealed.command("results", "ranking", "--wave", WAVE, "--scheme", str(good)))
    assert (ranking[0]["ranked"], ranking[0]["rank"], ranking[0]["composite"]) == ("true", "1", "87.5")


def test_the_export_withholds_small_cells_and_can_be_imported_again(sealed: District, tmp_path: Path) -> None:
    out = tmp_path / "export.csv"
    sealed.command("responses", "export", "--wave", WAVE, "--out", str(out))
    found = rows(out.read_text("utf-8-sig"))
    assert len(found) == 30
    assert {row["school_code"] for row in found} == {"0101"}
    assert {row["T1"] for row in found} == {"5", "4"}
    assert "pressed" not in found[0], "private answers stay in the house"
    again = ["wave", "create", "again", *INSTRUMENTS, *ACCESS, "--opens", "2026-11-02", "--closes", "2026-11-12"]
    sealed.command(*again)
    sealed.command("wave", "open", "again", "--yes")
    assert "已导入 30 份答卷" in sealed.command("responses", "import", "--wave", "again", str(out))


def test_tick_does_what_is_due_and_may_be_repeated(opened: District, clock: ManualClock) -> None:
    assert opened.command("run-due") == ""
    clock.advance(days=11)
    assert opened.command("run-due") == "", "after a gap it only records"
    assert opened.command("run-due") == f"{WAVE}: closed\n"
    assert opened.command("run-due") == ""
    clock.advance(days=1)
    opened.command("run-due")
    assert opened.command("run-due") == f"{WAVE}: sealed\n{WAVE}: cleaned\n"
    assert opened.command("run-due") == ""
    assert json.loads(opened.command("wave", "show", WAVE, "--json"))[0]["state"] == "sealed"
