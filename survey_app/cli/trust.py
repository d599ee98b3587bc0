"""``flask trust``: backup, restore, self-check."""

from pathlib import Path

import click

from survey_app.accounts.audit import command_actor, record
from survey_app.foundation.errors import Refused
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.settings import database_url
from survey_app.foundation.translation import _, say
from survey_app.integrity.backup import backup, restore
from survey_app.integrity.selfcheck import selfcheck

from .framing import Group

group = Group("trust", help=_("备份、恢复与自检"))


@group.command("backup", help=_("备份数据库并验证；密钥不在备份里，请另外保管"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("备份文件"))
def backup_command(out: Path) -> None:
    found = backup(database(), out)
    with database().committed() as session:
        record(session, clock().now(), command_actor(), "trust.backup", out.name)
    click.echo(_("备份完成并已核对：{rows}", rows=str(found)))


@group.command("restore", help=_("把备份恢复到一个新的位置并核对"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--to", "target", required=True, help=_("新的数据库地址，如 sqlite:////srv/survey/restored.db"))
def restore_command(file: Path, target: str) -> None:
    found = restore(file, database_url(target))
    click.echo(_("恢复完成并已核对：{rows}", rows=str(found)))
    click.echo(_("把 DATABASE_URL 改为新地址，再运行：flask trust selfcheck"))


@group.command("selfcheck", help=_("检查数据库设置、密钥权限和版本"))
def selfcheck_command() -> None:
    findings = selfcheck(database(), settings())
    for finding in findings:
        if not finding.fatal:
            click.echo(_("提醒：") + say(finding.message), err=True)
    fatal = [finding.message for finding in findings if finding.fatal]
    if fatal:
        raise Refused(*fatal)
    click.echo(_("自检通过"))
