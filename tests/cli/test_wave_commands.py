"""What creating and opening a wave say (faults K1, K3, K6, K7), and previews without a database."""

import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from scripts.review_pages import bad_questionnaire
from survey_app.foundation.clock import ManualClock, format_deadline, parse_local, parse_local_end
from survey_app.foundation.settings import PROJECT
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from testing.application import make_app
from testing.district import COMPULSORY, WAVE, District, written

INSTRUMENTS = [part for name in COMPULSORY for part in ("--instrument", name)]
DATES = ["--opens", "2026-11-02", "--closes", "2026-12-15"]
CREATE = ["wave", "create", WAVE, *INSTRUMENTS, *DATES, "--access", "parent=code,teacher=class,student=open"]
HEADING = "学校代码,学校名称,类别,对象,年级,人数\n"


@pytest.fixture
def office(sqlite_app: Flask, clock: ManualClock) -> District:
    return District(sqlite_app, clock)


def with_roster(office: District, tmp_path: Path, rows: str) -> None:
    office.command("roster", "import", str(written(tmp_path / "r.csv", HEADING + rows)))


def test_a_closing_date_means_the_end_of_that_day(office: District) -> None:
    """K6: the announced last day was lost."""
    said = office.command(*CREATE)
    assert "开始 2026-11-02 00:00（周一），截止 2026-12-15 24:00（周二），北京时间" in said
    shown = json.loads(office.command("wave", "show", WAVE, "--json"))[0]
    assert (shown["opens_at"], shown["closes_at"]) == ("2026-11-02 00:00", "2026-12-15 24:00")
    assert json.loads(office.command("wave", "list", "--json"))[0]["closes_at"] == "2026-12-15 24:00"


def test_moments_with_a_time_are_taken_as_they_are() -> None:
    """K6: also a midnight that somebody writes out."""
    assert format_deadline(parse_local_end("2026-12-15T18:00")) == "2026-12-15 18:00"
    assert parse_local_end("2026-12-15T00:00") == parse_local("2026-12-15")
    assert format_deadline(parse_local_end("20261215")) == "2026-12-15 24:00"


def test_the_way_in_must_be_said_for_every_audience(office: District) -> None:
    """K1: an open link usually means unranked, so nobody gets one by default."""
    refusal = office.command("wave", "create", WAVE, *INSTRUMENTS, *DATES, "--access", "parent=code", code=1)
    assert "缺 student, teacher" in refusal
    assert "默认方案不排名" in refusal
    assert office.count("wave") == 0


def test_opening_says_who_is_asked_and_what_the_ways_in_mean(office: District, tmp_path: Path) -> None:
    """K1, K2, K7."""
    with_roster(office, tmp_path, "0101,甲,小学,家长,四年级,40\n0101,甲,小学,学生,四年级,40\n0101,甲,小学,教师,,9\n")
    office.command(*CREATE)
    said = office.command("wave", "open", WAVE)
    assert "parent：1 所学校，40 人；一次性邀请码" in said
    assert "student：1 所学校，40 人；开放链接：谁都能填，不核实，默认方案只列出、不排名" in said
    assert "二维码里的网址：https://s.example.edu.cn" in said
    assert "（周二）" in said


@pytest.mark.parametrize(
    ("rows", "doubt"),
    [
        ("0301,乙,幼儿园,家长,小班,40\n", "1 所学校没有任何人会被问到：乙（0301）"),
        ("0301,乙,幼儿园,家长,小班,40\n", "名册里有对象“家长”、但本批次没有问卷的学校 1 所"),
        ("0102,丙,小学,学生,,400\n", "名册没有写年级，全部人数都会算作应答人数"),
    ],
)
def test_schools_that_nobody_asks_and_denominators_without_grades_need_a_yes(
    office: District, tmp_path: Path, rows: str, doubt: str
) -> None:
    """K7: six of twenty schools were silently not asked; K3: a denominator twice too large."""
    with_roster(office, tmp_path, "0101,甲,小学,家长,四年级,40\n" + rows)
    office.command(*CREATE)
    refusal = office.command("wave", "open", WAVE, code=1)
    assert doubt in refusal
    assert "--yes" in refusal
    assert office.count("link") == 0
    office.command("wave", "open", WAVE, "--yes")
    assert office.count("link") > 0


def test_the_opening_says_which_grades_are_left_out(office: District, tmp_path: Path) -> None:
    """K3: denominators are those of the grades that are asked, and the roster's number stands beside it."""
    with_roster(office, tmp_path, "0101,甲,小学,学生,四年级,40\n0101,甲,小学,学生,一年级,60\n")
    office.command(*CREATE)
    said = office.command("wave", "open", WAVE, "--yes")
    assert "student：1 所学校，40 人" in said
    assert "名册上有 100 人，只问问卷所问的年级" in said


def test_a_category_without_the_asked_grades_is_not_asked(migrated: Path, tmp_path: Path, clock: ManualClock) -> None:
    """C-F4: a form from the seventh grade on had links and 120 people at a primary school."""
    shutil.copytree(PROJECT / "questionnaires", tmp_path / "questionnaires")
    file = tmp_path / "questionnaires" / "compulsory-student.yaml"
    file.write_text(file.read_text("utf-8").replace('{student: "4"}', '{student: "7"}'), "utf-8")
    (tmp_path / "s.db").write_bytes(migrated.read_bytes())
    office = District(make_app(f"sqlite:///{tmp_path / 's.db'}", tmp_path, clock, file.parent), clock)
    rows = "".join(f"0101,甲,小学,学生,{grade},40\n" for grade in ("一年级", "三年级", "六年级"))
    rows += "0201,乙,直属义务教育学校,学生,三年级,30\n0201,乙,直属义务教育学校,学生,八年级,50\n"
    with_roster(office, tmp_path, rows)
    office.command("wave", "create", WAVE, "--instrument", file.stem, *DATES, "--access", "student=open")
    assert "1 所学校没有任何人会被问到：甲（0101）" in office.command("wave", "open", WAVE, code=1)
    assert "student：1 所学校，50 人" in office.command("wave", "open", WAVE, "--yes")
    assert office.count("link") == 1


def test_another_wave_at_the_same_time_needs_a_yes(office: District, tmp_path: Path) -> None:
    """K3, K7: nobody said that a family would be asked twice."""
    with_roster(office, tmp_path, "0101,甲,小学,家长,四年级,40\n0101,甲,小学,学生,四年级,40\n")
    office.command(*CREATE)
    office.command("wave", "open", WAVE)
    second = tuple("第二批" if word == WAVE else word for word in CREATE)
    office.command(*second)
    refusal = office.command("wave", "open", "第二批", code=1)
    assert f"批次“{WAVE}”在同一段时间开放" in refusal
    assert "也问家长：同一个人会收到两份问卷" in refusal
    office.command("wave", "open", "第二批", "--yes")


def test_an_end_that_is_moved_into_another_wave_is_told(office: District, tmp_path: Path) -> None:
    """Extending and reopening did not ask what opening asks."""
    with_roster(office, tmp_path, "0101,甲,小学,家长,四年级,40\n0101,甲,小学,学生,四年级,40\n")
    office.command(*CREATE)
    office.command("wave", "open", WAVE)
    later = {WAVE: "第二批", "2026-11-02": "2026-12-20", "2026-12-15": "2026-12-30"}
    office.command(*(later.get(word, word) for word in CREATE))
    office.command("wave", "open", "第二批")
    move = ("wave", "extend", WAVE, "--reason", "下雪", "--closes")
    assert not told(office, *move, "2026-12-18")
    assert "批次“第二批”在同一段时间开放" in told(office, *move, "2026-12-22")
    office.command("wave", "close", WAVE)
    assert "也问家长" in told(office, "wave", "reopen", WAVE, "--reason", "下雪", "--closes", "2026-12-25")


def told(office: District, *arguments: str) -> str:
    """What the command says beside its result."""
    result = office.app.test_cli_runner().invoke(args=list(arguments))
    assert result.exit_code == 0, result.output
    return result.stderr


def test_a_school_that_joins_is_looked_at_like_the_others(office: District, tmp_path: Path) -> None:
    with_roster(office, tmp_path, "0101,甲,小学,家长,四年级,40\n0101,甲,小学,学生,四年级,40\n")
    office.command("wave", "create", WAVE, "--instrument", "compulsory-parent", *DATES, "--access", "parent=code")
    office.command("wave", "open", WAVE, "--yes")
    with_roster(
        office, tmp_path, "0101,甲,小学,家长,四年级,40\n0102,乙,小学,家长,四年级,40\n0102,乙,小学,学生,四年级,40\n"
    )
    said = told(office, "wave", "add-school", WAVE, "--school", "0102", "--reason", "漏报")
    assert "名册里有对象“学生”、但本批次没有问卷的学校 1 所：乙（0102）" in said


def test_a_form_can_be_looked_at_without_a_database(tmp_path: Path, clock: ManualClock) -> None:
    """commands.md: questionnaires preview FILE --audience A --out DIR."""
    from tests.conftest import make_app

    app = make_app(f"sqlite:///{tmp_path / 'absent.db'}", tmp_path, clock)
    office = District(app, clock)
    source = PROJECT / "questionnaires" / "compulsory-student.yaml"
    out = tmp_path / "preview"
    office.command("questionnaires", "preview", str(source), "--audience", "student", "--out", str(out))
    pages = {path.name: path.read_text("utf-8") for path in out.iterdir()}
    assert {"compulsory-student-student-zh.html", "compulsory-student-student-en-large.html"} <= pages.keys()
    assert len(re.findall(r'name="T1"', pages["compulsory-student-student-zh.html"])) >= 5
    assert "示例学校" in pages["compulsory-student-student-zh.html"]
    assert not (tmp_path / "absent.db").exists()
    refusal = office.command(
        "questionnaires", "preview", str(source), "--audience", "parent", "--out", str(out), code=1
    )
    assert "不问对象“parent”；可用：student" in refusal


def test_a_database_that_is_not_ready_is_one_sentence(tmp_path: Path, clock: ManualClock) -> None:
    """House §2, errors in one place: no traceback, status 1."""
    from tests.conftest import make_app

    app = make_app(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path, clock)
    said = District(app, clock).command("wave", "list", code=1)
    assert "数据库现在不能用" in said
    assert "flask db upgrade" in said


def test_a_questionnaire_with_errors_of_the_review_gets_no_wave(office: District, tmp_path: Path) -> None:
    """The press case: 满意 and 非常满意 were all there was to choose."""
    shutil.copytree(PROJECT / "questionnaires", tmp_path / "q")
    file = tmp_path / "q" / "senior.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('intro:\n  zh: "', 'intro:\n  zh: "请务必选择“非常满意”。', 1), "utf-8")
    office.app.extensions["catalogue"] = InstrumentCatalogue(tmp_path / "q")
    checked = office.command("questionnaires", "check", code=1)
    assert "senior.yaml:7:" in checked
    assert "要人选好的答案" in checked
    refused = office.command(
        "wave", "create", WAVE, "--instrument", "senior", *DATES, "--access", "parent=open", code=1
    )
    assert "要人选好的答案" in refused


def test_the_review_is_printed_and_read_by_programs(office: District, tmp_path: Path) -> None:
    bad = bad_questionnaire((PROJECT / "docs" / "review.md").read_text("utf-8"))
    files = [str(written(tmp_path / "lovely.yaml", bad)), str(written(tmp_path / "none.yaml", "id: x\n"))]
    runner = office.app.test_cli_runner()
    printed = runner.invoke(args=["questionnaires", "review", *files, "--json"])
    assert printed.exit_code == 1
    (review, unread) = json.loads(printed.stdout)["files"]
    assert unread["findings"] == []
    assert unread["faults"]
    errors = [one for one in review["findings"] if one["severity"] == "error"]
    assert {one["rule"] for one in errors} == {"coaching", "personal-data", "no-negative-option"}
    assert all(set(one) >= {"ids", "line", "message", "suggestion", "source", "accepted"} for one in review["findings"])
    said = runner.invoke(args=["questionnaires", "review", *files]).output
    assert "lovely.yaml:8: 必改 coaching" in said
    assert "已接受：去年就是这样问的" in said
    assert "没有发现问题" in office.command(
        "questionnaires", "review", str(PROJECT / "questionnaires" / "compulsory-student.yaml")
    )


def test_a_pasted_text_is_reviewed_as_the_draft_that_an_import_makes(office: District, tmp_path: Path) -> None:
    text = written(tmp_path / "p.txt", "问卷\n1. 您对老师的教学和食堂是否满意？\nA. 满意\nB. 一般\nC. 不满意\n")
    said = office.command("questionnaires", "review", str(text), "--audience", "parent")
    assert "p.txt:2: 提醒 double-barrelled" in said
    assert "没有文件" in office.command("questionnaires", "review", str(tmp_path / "none.txt"), code=1)


def test_the_check_shows_what_was_accepted(office: District, tmp_path: Path) -> None:
    text = (PROJECT / "questionnaires" / "senior.yaml").read_text("utf-8")
    text = text.replace('zh: "课堂教学的质量"', 'zh: "课堂教学和食堂的质量"', 1)
    file = written(tmp_path / "senior.yaml", text + 'accepted: {T1: {double-barrelled: "照去年的问法"}}\n')
    said = office.command("questionnaires", "check", str(file))
    assert "1 份问卷文件没有错误" in said
    assert "double-barrelled T1: 已接受：照去年的问法" in said
