"""``flask year``: the assessment year, from its scheme to its marks."""

from pathlib import Path

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.assessment.models import SchemeVersion
from survey_app.assessment.year_imports import import_lines, keep_year_table, read_year_table
from survey_app.assessment.year_path import next_step
from survey_app.assessment.years import (
    adopt_scheme,
    create_year,
    keep_computation,
    latest_computation,
    list_years,
    save_scheme,
    scheme_versions,
    wave_of,
    year_by_name,
)
from survey_app.definition.messages import Message
from survey_app.foundation.clock import format_local
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.text_file import decode_text, read_bytes
from survey_app.foundation.translation import _, render
from survey_app.frame.queries import frozen_schools, wave_by_name
from survey_app.integrity.jobs import TALLY_JOB
from survey_app.reporting.build import TalliesMissing
from survey_app.reporting.mark_inputs import current_steps, input_changes, stale_sentence
from survey_app.reporting.year_marks import YearMarks, year_marks, year_scheme

from .foreground import run_jobs_in_foreground
from .output import CommandGroup, json_option, print_rows
from .scheme_trial import explain

group = CommandGroup("year", help=_("考核年度"))
MAX_SCHEME_BYTES = 256 * 1024
scheme_path = click.Path(dir_okay=False, path_type=Path)


@group.command("create", help=_("新建考核年度：用哪个批次，与哪个批次比，按哪份方案（format: 2）"))
@click.argument("name")
@click.option("--wave", "wave_name", required=True, help=_("批次名称"))
@click.option("--previous", "earlier_name", help=_("上一批次，变化和增值从它算起"))
@click.option("--first", "first_name", help=_("一年两期时第一期的批次；数字是两期的平均"))
@click.option("--scheme", "scheme_file", type=scheme_path, help=_("考核方案文件"))
def create_command(
    name: str, wave_name: str, earlier_name: str | None, first_name: str | None, scheme_file: Path | None
) -> None:
    content = _read_scheme_file(scheme_file) if scheme_file else ""
    with database().write_session() as session:
        earlier = wave_by_name(session, earlier_name) if earlier_name else None
        wave, actor, now = wave_by_name(session, wave_name), command_actor(), clock().now()
        first = wave_by_name(session, first_name) if first_name else None
        year = create_year(session, name, wave, earlier, actor, now, first)
        if content:
            save_scheme(session, year, content, str(scheme_file), current_app.extensions["categories"], actor, now)
        add_audit_entry(session, now, actor, "year.create", name)
    _print_path(name)


def _read_scheme_file(path: Path) -> str:
    return decode_text(read_bytes(path, MAX_SCHEME_BYTES), path.name)


@group.command("scheme", help=_("存一份方案：还没有采用的一版被代替；采用过或者计过分的成为下一版，列出不同"))
@click.argument("name")
@click.argument("file", type=scheme_path)
def scheme_command(name: str, file: Path) -> None:
    content = _read_scheme_file(file)
    with database().write_session() as session:
        year = year_by_name(session, name)
        version = save_scheme(
            session, year, content, str(file), current_app.extensions["categories"], command_actor(), clock().now()
        )
        add_audit_entry(session, clock().now(), command_actor(), "year.scheme", f"{name} #{version.number}")
        _print_version(version)
    _print_path(name)


def _print_version(version: SchemeVersion) -> None:
    click.echo(_("第 {n} 版，校验码 {sha}", n=version.number, sha=version.sha256[:16]))
    for change in version.difference:
        click.echo(f"  {change['path']}: {change['before'] or '—'} → {change['after'] or '—'}")


@group.command("adopt", help=_("采用最新一版方案：写有依据文号，从此冻结"))
@click.argument("name")
def adopt_command(name: str) -> None:
    with database().write_session() as session:
        categories = current_app.extensions["categories"]
        version = adopt_scheme(session, year_by_name(session, name), categories, command_actor(), clock().now())
        add_audit_entry(session, clock().now(), command_actor(), "year.adopt", f"{name} #{version.number}")
        _print_version(version)
    _print_path(name)


@group.command(
    "import",
    help=_(
        "导入其他得分、扣分次数和未销号通知（每校一行），或督学的评分（每次一行）；xlsx 或 csv，全部成功或一行也不写入"
    ),
)
@click.argument("name")
@click.argument("file", type=scheme_path)
def import_command(name: str, file: Path) -> None:
    with database().read_session() as session:
        year = year_by_name(session, name)
        wave = wave_of(session, year)
        assert wave is not None
        scheme = year_scheme(session, year, current_app.extensions["categories"])
        schools = frozen_schools(session, wave.id)
    table = read_year_table(file, scheme, schools)
    with database().write_session() as session:
        keep_year_table(session, year_by_name(session, name), table, file.name, command_actor(), clock().now())
        add_audit_entry(session, clock().now(), command_actor(), "year.import", f"{name} {file.name}")
    click.echo(_("已导入 {n} 行", n=table.rows))


@group.command("compute", help=_("按采用的方案计分并存下来，连同方案的校验码"))
@click.argument("name")
def compute_command(name: str) -> None:
    computed = load_year_marks(name)
    scheme = computed.marks.scheme
    with database().write_session() as session:
        year = year_by_name(session, name)
        keep_computation(session, year, scheme, computed.tables(), computed.inputs, command_actor(), clock().now())
        add_audit_entry(session, clock().now(), command_actor(), "year.compute", f"{name} {scheme.sha256[:16]}")
    explain(computed.marks)
    _print_path(name)


def load_year_marks(name: str) -> YearMarks:
    """Marks as they are now; answers that were not counted for the scheme are counted first."""

    def build() -> YearMarks:
        with database().read_session() as session:
            return year_marks(session, year_by_name(session, name), current_app.extensions["categories"], clock().now())

    while True:
        try:
            return build()
        except TalliesMissing as missing:
            run_jobs_in_foreground(TALLY_JOB, missing.parameters, _("按这份方案计数"))


@group.command("list", help=_("列出考核年度"))
@json_option
def list_command(as_json: bool) -> None:
    with database().read_session() as session:
        rows = []
        for year in list_years(session):
            wave, step = wave_of(session, year), next_step(current_steps(session, year, clock().now()))
            rows.append({"name": year.name, "wave": wave.name if wave else "", "next": step.id if step else ""})
    print_rows(rows, ("name", "wave", "next"), as_json)


@group.command("show", help=_("显示一个考核年度：走到哪一步，方案的各版，导入的表"))
@click.argument("name")
@json_option
def show_command(name: str, as_json: bool) -> None:
    with database().read_session() as session:
        year = year_by_name(session, name)
        rows = [
            {"what": step.id, "at": format_local(step.at) if step.at else "", "by": "", "detail": render(step.label)}
            for step in current_steps(session, year, clock().now())
        ]
        for version in reversed(scheme_versions(session, year)):
            rows.append({"what": f"scheme {version.number}", "at": format_local(version.saved_at),
                         "by": version.saved_by, "detail": version.sha256})  # fmt: skip
        for file_name, count, who, at in import_lines(session, year):
            rows.append({"what": "import", "at": format_local(at), "by": who, "detail": f"{file_name} ({count})"})
    print_rows(rows, ("what", "at", "by", "detail"), as_json)
    if not as_json:
        _print_path(name)


def print_stale(changes: tuple[Message, ...]) -> None:
    """Say on the second stream that marks which were kept do not hold any more, and why."""
    if changes:
        click.echo(_("注意：{what}", what=stale_sentence(changes)), err=True)


def _print_path(name: str) -> None:
    with database().read_session() as session:
        year, now = year_by_name(session, name), clock().now()
        print_stale(input_changes(session, year, latest_computation(session, year), now))
        step = next_step(current_steps(session, year, now))
    if step is not None:
        click.echo(_("下一步：{what}", what=render(step.next)), err=True)
