"""``flask cases``: the ledger of rectifications; the steps between opening and closing are taken in the browser."""

from pathlib import Path

import click

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.assessment.years import year_by_name
from survey_app.followup.case_steps import SEVERITIES, SOURCES, STATE_LABELS
from survey_app.followup.cases import Actor, CaseContent, StepWords, create_case, find_case, is_overdue, take_step
from survey_app.followup.ledger import CaseFilter, find_cases
from survey_app.followup.models import RectificationCase
from survey_app.foundation.clock import local_date
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.roles import Role
from survey_app.foundation.translation import _, render
from survey_app.reporting.export_formats import ExportTable

from .output import CommandGroup, out_option
from .tables import format_option, require_file_for, write_table

group = CommandGroup("cases", help=_("整改台账"))
year_option = click.option("--year", "year_name", required=True, help=_("考核年度"))
CASE_COLUMNS = (
    "case_id", "school_code", "school_name", "severity", "source", "subject", "state", "overdue", "deadline", "owner",
    "document",
)  # fmt: skip


@group.command("list", help=_("一个考核年度的整改，一项一行，逾期的在前"))
@year_option
@format_option
@out_option
def list_command(year_name: str, form: str, out: Path | None) -> None:
    require_file_for(form, out)
    today = local_date(clock().now())
    with database().read_session() as session:
        year = year_by_name(session, year_name)
        rows = [
            {
                "case_id": case.id, "school_code": case.school_code, "school_name": case.school_name,
                "severity": case.severity, "source": case.source, "subject": case.subject, "state": case.state,
                "overdue": is_overdue(case, today), "deadline": case.deadline.isoformat() if case.deadline else "",
                "owner": case.owner, "document": case.document or "",
            }
            for case in find_cases(session, CaseFilter(year=str(year.id)), today)
        ]  # fmt: skip
    write_table(ExportTable(year_name, CASE_COLUMNS, rows), form, out)


@group.command("open", help=_("立一项整改；送达、回复和核验在浏览器里“整改”"))
@year_option
@click.option("--school", "school_code", required=True, help=_("学校代码"))
@click.option("--severity", type=click.Choice(SEVERITIES.ids()), default="notice", show_default=True, help=_("处理"))
@click.option("--source", type=click.Choice(SOURCES.ids()), default="inspection", show_default=True, help=_("来源"))
@click.option("--subject", required=True, help=_("问题，一行"))
@click.option("--findings", required=True, help=_("发现了什么"))
@click.option("--requirement", required=True, help=_("要求学校做什么"))
@click.option("--owner", required=True, help=_("责任人"))
@click.option("--days", type=int, default=30, show_default=True, help=_("从送达算起多少天"))
def open_command(
    year_name: str, school_code: str, severity: str, source: str, subject: str, findings: str, requirement: str,
    owner: str, days: int,
) -> None:  # fmt: skip
    content = CaseContent(severity, source, subject, findings, requirement, owner, days)
    with database().write_session() as session:
        year = year_by_name(session, year_name)
        case = create_case(session, year, school_code, content, _actor())
        add_audit_entry(session, clock().now(), command_actor(), "case.create", f"{year_name} {_named(case)}")
        click.echo(_("已立案：第 {id} 项", id=case.id))


@group.command("close", help=_("销号：核验通过的一项整改"))
@year_option
@click.argument("case_id", type=int)
@click.option("--note", default="", help=_("说明"))
def close_command(year_name: str, case_id: int, note: str) -> None:
    with database().write_session() as session:
        year, case = year_by_name(session, year_name), find_case(session, case_id)
        if case is None or case.year_id != year.id:
            raise user_error("考核年度“{name}”没有第 {id} 项整改", name=year_name, id=case_id)
        case = take_step(session, case_id, "close", case.step_count, StepWords(note=note), _actor())
        detail = f"{year_name} {_named(case)} → {case.state}"
        add_audit_entry(session, clock().now(), command_actor(), "case.step", detail)
        click.echo(_("第 {id} 项：{state}", id=case.id, state=render(STATE_LABELS[case.state])))


def _actor() -> Actor:
    return Actor(command_actor(), Role.OFFICE, clock().now())


def _named(case: RectificationCase) -> str:
    return f"#{case.id} {case.school_code} {case.subject}"
