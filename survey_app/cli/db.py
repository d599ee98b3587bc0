"""``flask db``: the schema."""

import click

from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.migration import current_version, newest_version, upgrade
from survey_app.foundation.translation import _
from survey_app.integrity.backup import create_backup
from survey_app.integrity.key_check import make_lasting_keys

from .output import CommandGroup

group = CommandGroup("db", help=_("数据库结构"))


@group.command("upgrade", help=_("把数据库升级到当前版本"))
def upgrade_command() -> None:
    before = current_version(database())
    if before is not None and before != newest_version():
        backup_path = settings().backup_dir / f"before-{newest_version()}-{clock().now():%Y%m%dT%H%M%S}.backup"
        click.echo(
            _("升级前的备份：{file}（{rows}）", file=str(backup_path), rows=str(create_backup(database(), backup_path)))
        )
    upgrade(database())
    with database().write_session() as session:
        make_lasting_keys(session, keys())
    click.echo(_("数据库版本：{before} → {after}", before=before or "—", after=newest_version()))


@group.command("check", help=_("检查数据库是否为当前版本"))
def check_command() -> None:
    current, newest = current_version(database()), newest_version()
    if current != newest:
        raise user_error(
            "数据库版本是 {found}，需要 {wanted}。请运行：flask db upgrade", found=current or "—", wanted=newest
        )
    click.echo(_("数据库版本 {found}，已是最新", found=current))
