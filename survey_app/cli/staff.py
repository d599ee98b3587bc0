"""``flask staff``: accounts."""

import sys

import click

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.accounts.denials import list_denials
from survey_app.accounts.grants import Node, NodeKind, replace_grants
from survey_app.accounts.one_time_links import create_link
from survey_app.accounts.passwords import hash_new_password
from survey_app.accounts.second_step import end_second_step
from survey_app.accounts.staff import create_staff, disable_staff, enable_staff, find_active_staff, list_staff
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.roles import Role
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _

from .output import CommandGroup, json_option, print_rows

group = CommandGroup("staff", help=_("工作人员账号"))


@group.command("create", help=_("新建账号；密码在提示后输入，或从标准输入读一行"))
@click.argument("username")
@click.option(
    "--role",
    type=click.Choice([str(role) for role in Role]),
    default="office",
    show_default=True,
    help=_("角色"),
)
@click.option("--school", "schools", multiple=True, help=_("学校代码，可多次；校长、责任督学必须写学校、片区或集团"))
@click.option("--area", "areas", multiple=True, help=_("片区，可多次"))
@click.option("--group", "groups", multiple=True, help=_("集团，可多次"))
def create_command(
    username: str, role: str, schools: tuple[str, ...], areas: tuple[str, ...], groups: tuple[str, ...]
) -> None:
    if sys.stdin.isatty():
        password = click.prompt(_("密码"), hide_input=True, confirmation_prompt=_("再输入一次"))
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    password_hash = hash_new_password(password, username, [settings().office_name])
    with database().write_session() as session:
        staff = create_staff(session, username, password_hash, role, clock().now())
        given = {NodeKind.AREA: areas, NodeKind.GROUP: groups, NodeKind.SCHOOL: schools}
        nodes = [Node(kind, name) for kind, names in given.items() for name in names]
        replace_grants(session, staff, nodes)
        add_audit_entry(session, clock().now(), command_actor(), "staff.create", f"{username} {role}")
    click.echo(_("已新建账号“{name}”（{role}）", name=username, role=role))


@group.command("list", help=_("列出账号"))
@json_option
def list_command(as_json: bool) -> None:
    with database().read_session() as session:
        rows = [
            {"username": staff.username, "role": staff.role, "created_at": format_local(staff.created_at),
             "disabled": staff.disabled_at is not None}
            for staff in list_staff(session)
        ]  # fmt: skip
    print_rows(rows, ("username", "role", "created_at", "disabled"), as_json)


@group.command("disable", help=_("停用账号，并结束它的登录"))
@click.argument("username")
def disable_command(username: str) -> None:
    with database().write_session() as session:
        disable_staff(session, username, clock().now())
        add_audit_entry(session, clock().now(), command_actor(), "staff.disable", username)
    click.echo(_("已停用账号“{name}”", name=username))


@group.command("enable", help=_("恢复停用的账号"))
@click.argument("username")
def enable_command(username: str) -> None:
    with database().write_session() as session:
        enable_staff(session, username)
        add_audit_entry(session, clock().now(), command_actor(), "staff.enable", username)
    click.echo(_("已恢复账号“{name}”", name=username))


@group.command("link", help=_("给一个一次性链接，七天内由本人设新密码"))
@click.argument("username")
def link_command(username: str) -> None:
    with database().write_session() as session:
        staff = find_active_staff(session, username)
        if staff is None:
            raise user_error("没有用户“{username}”", username=username)
        token = create_link(session, staff, command_actor(), clock().now())
        office = load_office(session, settings())
        add_audit_entry(session, clock().now(), command_actor(), "staff.reset", username)
    click.echo(f"{office.address}/staff/welcome/{token}")


@group.command("end-second-step", help=_("取消一个账号的两步登录（手机和备用码都丢了的时候）"))
@click.argument("username")
def end_second_step_command(username: str) -> None:
    with database().write_session() as session:
        staff = find_active_staff(session, username)
        if staff is None:
            raise user_error("没有用户“{username}”", username=username)
        if not end_second_step(session, staff.id):
            raise user_error("账号“{name}”没有开两步登录", name=username)
        add_audit_entry(session, clock().now(), command_actor(), "staff.step-reset", username)
    click.echo(_("账号“{name}”的两步登录已取消", name=username))


@group.command("denials", help=_("按小时列出被拒绝的请求：账号或来源（摘要，不是地址）、页面、原因、次数"))
@json_option
def denials_command(as_json: bool) -> None:
    with database().read_session() as session:
        rows = [
            {"hour": format_local(denial.hour), "subject": denial.subject, "endpoint": denial.endpoint,
             "reason": denial.reason, "count": denial.count}
            for denial in list_denials(session)
        ]  # fmt: skip
    print_rows(rows, ("hour", "subject", "endpoint", "reason", "count"), as_json)
