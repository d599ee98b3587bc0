"""``flask backup``: a copy that is opened and counted before it is called one."""

from pathlib import Path

import click

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.followup.attachment_folder import SHARED, attachment_folder, rename_folder
from survey_app.followup.attachments import attachment_paths, faulty_attachments, take_copies
from survey_app.foundation.db import Database
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.migration import is_current
from survey_app.foundation.settings import database_url
from survey_app.foundation.translation import _
from survey_app.integrity.backup import create_backup, restore_backup
from survey_app.integrity.closures import close_again
from survey_app.integrity.file_backup import back_up_files, files_beside, restore_files

from .output import CommandGroup

group = CommandGroup("backup", help=_("备份与恢复"))


@group.command("create", help=_("备份数据库并验证；密钥不在备份里，请另外保管"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("备份文件"))
def create_command(out: Path) -> None:
    found = create_backup(database(), out)
    with database().read_session() as session:
        paths = attachment_paths(session, attachment_folder(session, settings().secrets_dir))
    files = back_up_files(paths, files_beside(out))
    with database().write_session() as session:
        add_audit_entry(session, clock().now(), command_actor(), "backup.create", out.name)
    click.echo(_("备份完成并已核对：{rows}", rows=str(found)))
    if files:
        click.echo(_("整改附件 {n} 个，在 {file}；两个文件一起保存", n=files, file=files_beside(out).name))


@group.command("restore", help=_("把备份恢复到一个新的位置并核对"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--to", "target", required=True, help=_("新的数据库地址，如 sqlite:////srv/survey/restored.db"))
def restore_command(file: Path, target: str) -> None:
    row_counts = restore_backup(file, database_url(target))
    _restore_attachments(file, Database(database_url(target)))
    closed_waves = _record_restore(Database(database_url(target)), file.name)
    click.echo(_("恢复完成并已核对：{rows}", rows=str(row_counts)))
    if closed_waves:
        names = "、".join(closed_waves)
        click.echo(_("这些批次在备份以后已经截止，恢复后仍然是截止的：{names}", names=names))
    click.echo(_("把 DATABASE_URL 改为新地址，再运行：flask doctor"))


def _restore_attachments(backup: Path, restored: Database) -> None:
    """Put back the files that lie beside a backup, and say which ones the database knows of and nobody has.

    They get a folder of their own: what was backed up may live on, and must not lose what is deleted here.
    """
    secrets_dir, files, count = settings().secrets_dir, files_beside(backup), 0
    try:
        if not is_current(restored):  # its tables are not known yet: the files lie where they are still looked for
            count = restore_files(files, secrets_dir.parent / SHARED) if files.is_file() else 0
        else:
            with restored.write_session() as session:
                folder = rename_folder(session, attachment_folder(session, secrets_dir))
                count = restore_files(files, folder.own) if files.is_file() else 0
                count += take_copies(session, folder)
                faulty = faulty_attachments(session, folder)
            for name in faulty:
                click.echo(_("缺少附件：{name}", name=name), err=True)
        if count:
            click.echo(_("整改附件恢复了 {n} 个", n=count))
    finally:
        restored.dispose()


def _record_restore(restored: Database, file_name: str) -> list[str]:
    """Keeps closed what was closed, and leaves an audit entry in the restored database."""
    now, actor = clock().now(), command_actor()
    try:
        if not is_current(restored):
            click.echo(_("恢复的数据库是旧版本，请运行：flask db upgrade"), err=True)
            return []
        with restored.write_session() as session:
            closed_waves = close_again(session, keys(), actor, now)
            add_audit_entry(session, now, actor, "backup.restore", " ".join((file_name, *closed_waves)))
        return closed_waves
    finally:
        restored.dispose()
