"""``flask keys``: keys for another node, or new ones after a loss."""

import os
from pathlib import Path

import click

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, keys
from survey_app.foundation.translation import _
from survey_app.integrity.key_check import export_keys, import_keys, replace_lost_keys

from .output import CommandGroup

group = CommandGroup("keys", help=_("密钥：供另一个节点使用，或丢失后更换"))


@group.command("export", help=_("导出密钥供另一个节点导入；文件与密码一样保管，用完即删"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("文件，权限 0600"))
def export_command(out: Path) -> None:
    with database().write_session() as session:
        content = export_keys(session, keys())
        add_audit_entry(session, clock().now(), command_actor(), "keys.export", out.name)
        _write_private(content, out)
    click.echo(_("已导出密钥到 {file}。导入以后请删除它", file=str(out)))


def _write_private(content: bytes, out: Path) -> None:
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise user_error("文件 {file} 已存在，请换一个文件名", file=str(out)) from error
    except OSError as error:
        raise click.FileError(str(out), hint=error.strerror) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


@group.command("import", help=_("导入另一个节点导出的密钥；只接受与数据库相符的"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def import_command(file: Path) -> None:
    with database().write_session() as session:
        names = import_keys(session, keys(), file)
        add_audit_entry(session, clock().now(), command_actor(), "keys.import", " ".join(names))
    click.echo(_("已导入密钥：{names}。请重新启动服务，并删除 {file}", names=", ".join(names), file=str(file)))


@group.command("replace", help=_("密钥丢失以后换新的；相应批次未用的邀请码和班级口令全部作废"))
@click.option("--reason", required=True, help=_("理由，记入审计"))
def replace_command(reason: str) -> None:
    now = clock().now()
    if not reason.strip():
        raise user_error("请写明理由")
    with database().write_session() as session:
        names = replace_lost_keys(session, keys(), now)
        add_audit_entry(session, now, command_actor(), "keys.replace", f"{' '.join(names)}: {reason.strip()}")
    click.echo(_("已更换密钥：{names}。请在其他节点导入，重新启动服务，并重新印发作废的码", names=", ".join(names)))
