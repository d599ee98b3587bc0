"""``flask roster``: schools and how many people belong to them."""

import json
from pathlib import Path

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.definition.messages import message
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.pdf import missing_glyphs
from survey_app.foundation.translation import _, render
from survey_app.frame.roster import Roster, read_roster
from survey_app.frame.roster_import import RosterChange, apply_roster, compare_roster

from .output import CommandGroup, json_option

group = CommandGroup("roster", help=_("学校名册"))
MAX_LISTED = 10


@group.command("import", help=_("导入名册（xlsx 或 csv）：全部成功或一行也不写入"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("只看会有什么变化，不写入"))
@click.option("--confirm-gone", is_flag=True, help=_("确认名册里没有的学校不再参加"))
@json_option
def import_command(file: Path, dry_run: bool, confirm_gone: bool, as_json: bool) -> None:
    roster = read_roster(file, current_app.extensions["categories"], missing_glyphs)
    for issue in roster.warnings:
        click.echo(_("提醒：") + render(issue.to_message()), err=True)
    if roster.errors:
        raise UserError(
            *(issue.to_message() for issue in roster.errors),
            message("名册有 {n} 处错误，没有导入任何内容。请改正后重新导入", n=len(roster.errors)),
        )
    with database().read_session() as session:
        change = compare_roster(session, roster)
    _print_change(roster, change, as_json)
    if dry_run:
        click.echo(_("这是试运行，没有写入"), err=True)
        return
    if change.missing and not confirm_gone:
        raise UserError(
            message("有 {n} 所学校不在这份名册里（见上）。没有导入", n=len(change.missing)),
            message("如果这些学校确实不再参加，请加上 --confirm-gone 再运行"),
        )
    with database().write_session() as session:
        apply_roster(session, roster)
        add_audit_entry(session, clock().now(), command_actor(), "roster.import", f"{file.name}: {len(roster.schools)}")
    click.echo(_("已导入 {n} 所学校", n=len(roster.schools)), err=True)


def _print_change(roster: Roster, change: RosterChange, as_json: bool) -> None:
    if as_json:
        summary = {
            "schools": len(roster.schools),
            "populations": [
                {"school_code": code, "audience": audience, "population": population}
                for (code, audience), population in roster.audience_populations().items()
            ],
            "new": [code for code, _name in change.new],
            "changed": [code for code, _name in change.changed],
            "gone": [code for code, _name in change.missing],
            "unchanged": change.unchanged,
        }
        click.echo(json.dumps(summary, ensure_ascii=False, indent=1))
        return
    click.echo(
        _("工作表“{sheet}”：{schools} 所学校，{cells} 个对象人数",
          sheet=roster.sheet_name, schools=len(roster.schools), cells=len(roster.audience_populations()))
    )  # fmt: skip
    labels = (_("新增"), change.new), (_("有变化"), change.changed), (_("不再列出"), change.missing)
    for label, entries in labels:
        names = _("、").join(f"{name} ({code})" for code, name in entries[:MAX_LISTED]) + (
            "……" if len(entries) > MAX_LISTED else ""
        )
        click.echo(f"{label} {len(entries)}{_('：') + names if names else ''}")
    click.echo(_("没有变化 {n}", n=change.unchanged))
