"""Marks say by themselves when what they were computed from is not what it was."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from survey_app.assessment.conflicts import declare_conflict, lift_conflict
from survey_app.assessment.evaluations import withdraw_evaluation
from survey_app.assessment.inspector_scores import Evaluation, keep_inspector_scores
from survey_app.assessment.models import AssessmentYear
from survey_app.assessment.year_path import next_step
from survey_app.assessment.years import (
    adopt_scheme,
    create_year,
    keep_computation,
    latest_computation,
    save_scheme,
)
from survey_app.followup.cases import Actor, create_case, take_step
from survey_app.followup.cases import StepWords as Words
from survey_app.frame.manifest import append_record
from survey_app.frame.queries import wave_by_name
from survey_app.frame.school_history import find_school, set_successor
from survey_app.reporting.mark_inputs import current_steps, input_changes, stale_sentence
from survey_app.reporting.year_marks import year_marks
from testing.district import District
from testing.inspection import make_inspector, signed_for
from testing.rectification import CONTENT
from tests.reporting.test_year_book import compute, done, run, scheme_text

LATER = "2026 之后"


def computed_year(session: Session, district: District, name: str, text: str | None = None) -> AssessmentYear:
    """A year of the wave with its marks, in this transaction."""
    categories, now = district.app.extensions["categories"], district.clock.at
    year = create_year(session, name, wave_by_name(session, district.wave), None, "王督导", now)
    save_scheme(session, year, text or scheme_text(), "s.yaml", categories, "王督导", now)
    adopt_scheme(session, year, categories, "王督导", now)
    compute_again(session, district, year)
    return year


def compute_again(session: Session, district: District, year: AssessmentYear) -> None:
    categories, now = district.app.extensions["categories"], district.clock.at
    found = year_marks(session, year, categories, now)
    keep_computation(session, year, found.marks.scheme, found.tables(), found.inputs, "王督导", now)


@pytest.fixture
def session(measured: District):  # type: ignore[no-untyped-def]
    """What a test does to the district of this module is taken back."""
    with measured.app.app_context(), measured.app.extensions["database"].read_session() as session:
        yield session
        session.rollback()


def changes(session: Session, district: District, year: AssessmentYear) -> str:
    return stale_sentence(input_changes(session, year, latest_computation(session, year), district.clock.at))


def test_a_signature_its_withdrawal_and_a_conflict_make_marks_old(measured: District, session: Session) -> None:
    year, now = computed_year(session, measured, LATER), measured.clock.at
    assert changes(session, measured, year) == ""
    assert next_step(current_steps(session, year, now)) is None
    one, other = (make_inspector(session, measured, name, ["0101", "0102"]) for name in ("李督学", "王督学"))
    signed = signed_for(session, measured, one, "0101")
    signed_for(session, measured, other, "0101")
    assert changes(session, measured, year).startswith("算分之后：又有 2 份责任督学评价签名。")
    step = next_step(current_steps(session, year, now))
    assert step is not None
    assert (step.id, step.next.template) == ("marks", "重新计分")
    compute_again(session, measured, year)
    assert changes(session, measured, year) == ""
    withdraw_evaluation(session, signed, "王督导", "看错了学校", now)
    conflict = declare_conflict(session, other, "0101", "family", "", "王督导", now)
    said = changes(session, measured, year)
    assert "撤回了 1 份责任督学评价；1 份责任督学评价因声明回避不再计" in said
    compute_again(session, measured, year)
    lift_conflict(session, conflict.id, "王督导", now)
    assert "1 份责任督学评价因解除回避重新计" in changes(session, measured, year)


def test_imported_scores_tables_exclusions_and_successors_make_marks_old(measured: District, session: Session) -> None:
    year, now = computed_year(session, measured, LATER), measured.clock.at
    staff = make_inspector(session, measured, "赵督学", ["0101"])
    rows = [Evaluation("0101", name, date(2026, 11, 1), 65.0) for name in ("赵督学", "钱督学")]
    keep_inspector_scores(session, year, "督学.xlsx", rows, "王督导", now)
    assert "又导入了 2 行督学评分" in changes(session, measured, year)
    compute_again(session, measured, year)
    conflict = declare_conflict(session, staff, "0101", "family", "", "王督导", now)
    assert "1 行导入的督学评分因声明回避不再计" in changes(session, measured, year)
    compute_again(session, measured, year)
    lift_conflict(session, conflict.id, "王督导", now)
    assert "1 行导入的督学评分因解除回避重新计" in changes(session, measured, year)
    wave = wave_by_name(session, measured.wave)
    append_record(session, wave, "withdraw", "发早了", ["王督导"], now)
    assert "批次" not in changes(session, measured, year), "a release that is taken back changes no figure"
    append_record(session, wave, "exclude", "整班重复", ["王督导", "李督导"], now)
    assert f"批次“{wave.name}”排除答卷 1 次" in changes(session, measured, year)
    school = find_school(session, "0101")
    assert school is not None
    set_successor(session, school, "0102")
    assert "学校合并、改代码的登记变了" in changes(session, measured, year)


def test_the_ledger_makes_marks_old_only_where_the_scheme_uses_it(measured: District, session: Session) -> None:
    """A term that passes is a change too, though nobody wrote anything."""
    text = scheme_text()
    without = text[: text.index("  deductions:")] + text[text.index("awards:") :].replace("notice_open", "")
    years = [computed_year(session, measured, name, scheme) for name, scheme in (("用", text), ("不用", without))]
    by = Actor("王督导", "office", measured.clock.at)
    for number, year in enumerate(years, start=1):
        case = create_case(session, year, "0101", CONTENT, by)
        take_step(session, case.id, "deliver", case.step_count, Words(document=f"督整〔2026〕{number}号"), by)
    assert "1 所学校的整改逾期、未通过次数或未销号通知变了" in changes(session, measured, years[0])
    assert changes(session, measured, years[1]) == ""


def test_the_page_of_a_large_year_reads_rows_and_computes_nothing(measured: District, session: Session) -> None:
    year = computed_year(session, measured, LATER)
    statements: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    changes(session, measured, year)
    assert statements
    assert not [text for text in statements if " tally " in text or "INSERT" in text or "UPDATE" in text]
    assert len(statements) < 30


def test_commands_and_papers_say_that_marks_are_old(measured: District, tmp_path: Path) -> None:
    compute(measured, "old", tmp_path)
    table = "学校代码,学校名称,平安校园\n0101,河东小学,55\n"
    (tmp_path / "later.csv").write_text(table, "utf-8")
    done(measured, "year", "import", "old", str(tmp_path / "later.csv"))
    for command in (("results", "marks", "--year", "old"), ("year", "show", "old")):
        said = run(measured, *command)
        assert said.exit_code == 0
        assert "注意：算分之后：又导入了 1 张表（later.csv）" in said.stderr
    refused = run(measured, "documents", "year-book", "--year", "old", "--out", str(tmp_path / "book.xlsx"))
    assert "又导入了 1 张表（later.csv）" in refused.stderr
