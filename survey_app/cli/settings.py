"""``flask settings``: what the office may change; printed on posters and slips."""

import click

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.retention_terms import TERMS
from survey_app.foundation.stored_settings import (
    SettingValue,
    address_warning,
    is_local_address,
    list_settings,
    save_settings,
)
from survey_app.foundation.translation import _, render

from .output import CommandGroup, json_option, print_rows, print_warning

group = CommandGroup("settings", help=_("设置：二维码网址、单位名称、咨询方式、保留期限"))


@group.command(
    "set",
    help=_(
        "修改设置，如 address=https://s.example.edu.cn office=督导室 contact=电话；写空值恢复默认。"
        "保留期限（月）：answers_months、comments_months、accounts_months、audit_months；写空值表示一直保留"
    ),
)
@click.argument("assignments", nargs=-1, required=True)
def set_command(assignments: tuple[str, ...]) -> None:
    values = {}
    for assignment in assignments:
        key, sign, value = assignment.partition("=")
        if not sign:
            raise click.UsageError(_("写法是 名称=值，如 office=临江区教育督导室"))
        values[key.strip()] = value
    with database().write_session() as session:
        save_settings(session, values)
        add_audit_entry(session, clock().now(), command_actor(), "settings.set", " ".join(sorted(values)))
        address = next(entry.value for entry in list_settings(session, settings()) if entry.key == "address")
    if "address" in values and is_local_address(address):
        print_warning(_("网址 {address} 只有这台机器能打开，不能用来打印", address=address))
    if warning := address_warning(address):
        print_warning(render(warning))
    click.echo(_("已保存设置：{keys}", keys=", ".join(sorted(values))), err=True)


@group.command("list", help=_("列出设置，以及是存在数据库里还是来自环境变量"))
@json_option
def list_command(as_json: bool) -> None:
    with database().read_session() as session:
        rows = [
            {"key": entry.key, "value": entry.value, "source": _source(entry)}
            for entry in list_settings(session, settings())
        ]
    print_rows(rows, ("key", "value", "source"), as_json)


def _source(entry: SettingValue) -> str:
    if entry.is_stored:
        return "database"
    return "default" if entry.key in TERMS else "environment"
