"""``flask responses``: answers from elsewhere in, answers of a sealed wave out."""

import csv
import sys
from pathlib import Path
from typing import TextIO

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.collection.response_import import import_responses
from survey_app.foundation.clock import LOCAL_ZONE
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.private_files import make_private_file, private_opener
from survey_app.foundation.translation import _, render
from survey_app.frame.queries import wave_by_name
from survey_app.frame.wave_states import WaveState, state_of
from survey_app.reporting.tabular.response_export import ResponseExport
from survey_app.reporting.xlsx.writer import write_text_rows

from .output import CommandGroup, out_option, print_warning
from .results import load_report

group = CommandGroup("responses", help=_("答卷"))
MAX_LISTED = 20
wave_option = click.option("--wave", "wave_name", required=True, help=_("批次名称"))


@group.command("import", help=_("导入在别处收集的答卷（csv）：全部成功或一份也不写入"))
@wave_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def import_command(wave_name: str, file: Path) -> None:
    now = clock().now()
    with database().write_session() as session:
        wave = wave_by_name(session, wave_name)
        if state_of(wave, now) != WaveState.OPEN:
            raise user_error("批次“{name}”不在开放期间，不能导入答卷", name=wave_name)
        day = now.astimezone(LOCAL_ZONE).date()
        imported = import_responses(session, wave, file, current_app.extensions["categories"], day)
        detail = f"{wave_name}: {file.name}: {imported.count}"
        add_audit_entry(session, now, command_actor(), "responses.import", detail)
    for note in imported.notes[:MAX_LISTED]:
        print_warning(render(note))
    if len(imported.notes) > MAX_LISTED:
        print_warning(_("另有 {n} 处没有计入", n=len(imported.notes) - MAX_LISTED))
    click.echo(_("已导入 {n} 份答卷", n=imported.count))


@group.command("export", help=_("导出已封存批次的答卷，每份一行，顺序随机；不比公布的表多说什么，使用会记入审计"))
@wave_option
@click.option("--format", "form", type=click.Choice(("csv", "xlsx")), default="csv", show_default=True)
@out_option
def export_command(wave_name: str, form: str, out: Path | None) -> None:
    if form == "xlsx" and out is None:
        raise click.UsageError(_("导出 xlsx 要写 --out 文件"))
    with database().read_session() as session:
        if wave_by_name(session, wave_name).sealed_at is None:
            raise user_error("批次“{name}”还没有封存，封存前不能导出答卷", name=wave_name)
    report = load_report(wave_name, None, full=False)
    with database().read_session() as session:
        wave = wave_by_name(session, wave_name)
        export = ResponseExport(session, wave, current_app.extensions["categories"], report)
        if form == "xlsx" and out is not None:
            make_private_file(out)
            write_text_rows(out, wave_name, export.columns(), export.rows())
        elif out is None:
            _write_csv(sys.stdout, export)
        else:
            with open(out, "w", encoding="utf-8-sig", newline="", opener=private_opener) as file:
                _write_csv(file, export)


def _write_csv(file: TextIO, export: ResponseExport) -> None:
    writer = csv.writer(file)
    writer.writerow(export.columns())
    writer.writerows(export.rows())
