"""``flask wave add-school / amend / pause / resume / correct / confirm``: changes of an open wave, with a reason."""

import sys
from pathlib import Path

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.accounts.passwords import verify_password
from survey_app.accounts.staff import find_active_staff
from survey_app.definition.parse import read_instrument
from survey_app.distribution.opening_check import added_school_doubts
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.roles import Role
from survey_app.foundation.translation import _, render
from survey_app.frame.queries import frozen_instruments, wave_by_name
from survey_app.frame.roster_columns import parse_audience
from survey_app.integrity.change_requests import confirm_request
from survey_app.integrity.changes import add_school, amend_population, pause_links, request_correction
from survey_app.integrity.exclusions import ExclusionGroup, request_exclusion
from survey_app.reporting.count_requests import request_after_change

from .output import print_warning
from .wave_group import group
from .wave_life import reason_option

school_option = click.option("--school", required=True, help=_("学校代码"))
user_option = click.option("--user", required=True, help=_("工作人员账号；密码在提示后输入，或从标准输入读一行"))


@group.command("add-school", help=_("把漏掉的学校加进进行中的批次（先导入名册）"))
@click.argument("name")
@school_option
@reason_option
def add_school_command(name: str, school: str, reason: str) -> None:
    now, actor = clock().now(), command_actor()
    with database().write_session() as session:
        wave = wave_by_name(session, name)
        categories = current_app.extensions["categories"]
        links = add_school(session, wave, school, categories, reason, actor, now)
        frozen = [entry.instrument for entry in frozen_instruments(session, wave.id, categories)]
        doubts = added_school_doubts(session, school, frozen, categories)
        add_audit_entry(session, now, actor, "wave.add-school", f"{name} {school}: {reason}")
    click.echo(_("学校 {code} 已加入批次“{name}”，共 {n} 个链接", code=school, name=name, n=len(links)))
    for doubt in doubts:
        print_warning(render(doubt))


@group.command("amend", help=_("更正批次里冻结的人数；旧的数字留在更正记录里"))
@click.argument("name")
@school_option
@click.option("--audience", required=True, help=_("对象，如 parent"))
@click.option("--grade", default="", help=_("年级代码，名册没有年级时不写"))
@click.option("--class", "class_name", default="", help=_("班级，名册没有班级时不写"))
@click.option("--population", required=True, type=int, help=_("正确的人数"))
@reason_option
def amend_command(
    name: str, school: str, audience: str, grade: str, class_name: str, population: int, reason: str
) -> None:
    now, actor, audience = clock().now(), command_actor(), parse_audience(audience) or audience
    with database().write_session() as session:
        wave = wave_by_name(session, name)
        before = amend_population(session, wave, school, audience, grade, class_name, population, reason, actor, now)
        detail = f"{name} {school} {audience} {grade} {class_name} {before} → {population}: {reason}"
        add_audit_entry(session, now, actor, "wave.amend", detail)
    click.echo(_("人数已更正：{before} → {after}", before=before, after=population))


@group.command("pause", help=_("暂停一所学校的链接；已经打开的表单仍可提交"))
@click.argument("name")
@school_option
@click.option("--audience", help=_("只暂停这类对象"))
@reason_option
def pause_command(name: str, school: str, audience: str | None, reason: str) -> None:
    _pause(name, school, audience, True, reason)


@group.command("resume", help=_("恢复暂停的链接"))
@click.argument("name")
@school_option
@click.option("--audience", help=_("只恢复这类对象"))
@reason_option
def resume_command(name: str, school: str, audience: str | None, reason: str) -> None:
    _pause(name, school, audience, False, reason)


def _pause(name: str, school: str, audience: str | None, pause: bool, reason: str) -> None:
    now, actor = clock().now(), command_actor()
    audience = (parse_audience(audience) or audience) if audience else None
    with database().write_session() as session:
        count = pause_links(session, wave_by_name(session, name), school, audience, pause, reason, actor, now)
        action = "wave.pause" if pause else "wave.resume"
        add_audit_entry(session, now, actor, action, f"{name} {school} {audience or ''}: {reason}")
    click.echo(_("已暂停 {n} 个链接", n=count) if pause else _("已恢复 {n} 个链接", n=count))


@group.command("correct", help=_("申请更正进行中批次的问卷错别字；由第二个人用 flask wave confirm 确认"))
@click.argument("name")
@click.option("--file", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("改好的问卷文件"))
@user_option
@reason_option
def correct_command(name: str, file: Path, user: str, reason: str) -> None:
    now = clock().now()
    instrument = read_instrument(file, current_app.extensions["categories"])
    person = _sign_in(user)
    with database().write_session() as session:
        request = request_correction(session, wave_by_name(session, name), instrument, reason, person, now)
        add_audit_entry(session, now, person, "wave.correct", f"{name} {instrument.id} {request.id}: {reason}")
        request_id = request.id
    click.echo(_("已登记申请 {id}。请第二个人运行：flask wave confirm {id} --user 账号", id=request_id))


@group.command("exclude", help=_("封存后申请不计入一组答卷（导入的文件，或一字不差的答卷）；由第二个人确认"))
@click.argument("name")
@click.option("--file", type=int, help=_("导入文件的编号"))
@click.option("--school", default="", help=_("学校代码：这所学校里十份以上一字不差的答卷"))
@click.option("--audience", default="", help=_("对象，如 parent"))
@user_option
@reason_option
def exclude_command(name: str, file: int | None, school: str, audience: str, user: str, reason: str) -> None:
    if (file is None) == (not school) or bool(school) != bool(audience):
        raise user_error("请写 --file 编号，或者 --school 和 --audience")
    now, person = clock().now(), _sign_in(user)
    left_out = ExclusionGroup(file, school, parse_audience(audience) or audience)
    with database().write_session() as session:
        request, parts = request_exclusion(session, wave_by_name(session, name), left_out, reason, person, now)
        add_audit_entry(session, now, person, "wave.exclude", f"{name} {file or ''}{school} {request.id}: {reason}")
        request_id = request.id
    for part in parts:
        click.echo(_("学校 {code} {audience}：不计入 {excluded} 份，剩 {remaining} 份", code=part.code,
                     audience=part.audience, excluded=part.excluded, remaining=part.remaining))  # fmt: skip
    click.echo(_("已登记申请 {id}。请第二个人运行：flask wave confirm {id} --user 账号", id=request_id))


@group.command("confirm", help=_("由第二个人确认一项申请，更正随即生效"))
@click.argument("request_id", type=int)
@user_option
def confirm_command(request_id: int, user: str) -> None:
    now, person = clock().now(), _sign_in(user)
    with database().write_session() as session:
        wave = confirm_request(session, request_id, person, now)
        name = wave.name
        categories = current_app.extensions["categories"]
        request_after_change(session, wave, settings().assessment_dir, categories, person, now)
        add_audit_entry(session, now, person, "wave.confirm", f"{name} {request_id}")
    click.echo(_("申请 {id} 已确认，批次“{name}”已更正", id=request_id, name=name))


def _sign_in(username: str) -> str:
    """The name of an account of the office whose password was typed. Raises :class:`UserError`."""
    if sys.stdin.isatty():
        password = click.prompt(_("“{name}”的密码", name=username), hide_input=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    with database().read_session() as session:
        staff = find_active_staff(session, username)
        password_hash, role = (staff.password_hash, staff.role) if staff else (None, "")
    if not verify_password(password_hash, password) or role != Role.OFFICE:
        raise user_error("账号或密码不对，或者“{name}”不是督导室的账号", name=username)
    return username
