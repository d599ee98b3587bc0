"""``flask responses``: answers from elsewhere in, answers of a sealed wave out."""

from pathlib import Path

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.collection.response_import import import_responses
from survey_app.foundation.clock import LOCAL_ZONE
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.private_files import write_private_file
from survey_app.foundation.translation import _, render
from survey_app.frame.queries import wave_by_name
from survey_app.frame.wave_states import WaveState, state_of
from survey_app.reporting.export_formats import ExportTable
from survey_app.reporting.tabular.codebook import ddi_codebook, response_variables
from survey_app.reporting.tabular.response_export import ResponseExport

from .output import CommandGroup, out_option, print_warning
from .result_group import load_report
from .tables import format_option, require_file_for, write_table

group = CommandGroup("responses", help=_("答卷"))
MAX_LISTED = 20
wave_option = click.option("--wave", "wave_name", required=True, help=_("批次名称"))


@group.command("import", help=_("导入在别处收集的答卷（csv、xlsx）：全部成功或一份也不写入"))
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
        print_warning(_("另有 {n} 处说明没有列出", n=len(imported.notes) - MAX_LISTED))
    click.echo(_("已导入 {n} 份答卷", n=imported.count))


@group.command("export", help=_("导出已封存批次的答卷，每份一行，顺序随机；不比公布的表多说什么，使用会记入审计"))
@wave_option
@format_option
@out_option
@click.option(
    "--codebook",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("另写一份编码本（DDI-Codebook XML）：每列问什么、代码是什么意思"),
)
def export_command(wave_name: str, form: str, out: Path | None, codebook: Path | None) -> None:
    require_file_for(form, out)
    with database().read_session() as session:
        if wave_by_name(session, wave_name).sealed_at is None:
            raise user_error("批次“{name}”还没有封存，封存前不能导出答卷", name=wave_name)
    report = load_report(wave_name, None, full=False)
    with database().read_session() as session:
        wave = wave_by_name(session, wave_name)
        export = ResponseExport(session, wave, current_app.extensions["categories"], report)
        names = export.columns()
        rows = (dict(zip(names, row, strict=True)) for row in export.rows())
        variables = response_variables(names, export.public_instruments(), current_app.extensions["categories"])
        if codebook is not None:
            write_private_file(codebook, ddi_codebook(wave_name, variables))
        table = ExportTable(
            wave_name, names, rows, is_verbatim=True, has_byte_order_mark=out is not None, variables=variables
        )
        write_table(table, form, out)
