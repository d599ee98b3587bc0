"""``flask questionnaires export`` and ``template``: questionnaires as workbooks that an office can fill in."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from survey_app.definition.parse import read_instrument
from survey_app.foundation.translation import _
from survey_app.frame.instrument_catalogue import InstrumentCatalogue

from .output import AuditedCommand, write_file


@click.command("export", cls=AuditedCommand, help=_("把问卷写成 Excel 表格；改好再导入，什么也不丢"))
@click.argument("questionnaire")
@click.option("--format", "file_format", type=click.Choice(["xlsx"]), default="xlsx", help=_("文件格式"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("写到这个文件"))
@with_appcontext
def export_command(questionnaire: str, file_format: str, out: Path) -> None:
    from survey_app.reporting.xlsx.questionnaire_books import questionnaire_workbook

    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    path = Path(questionnaire)
    categories = catalogue.categories()
    is_file = path.suffix in (".yaml", ".yml") and path.is_file()
    instrument = read_instrument(path, categories) if is_file else catalogue.instrument(questionnaire)
    write_file(questionnaire_workbook(instrument, categories), out)


@click.command("template", cls=AuditedCommand, help=_("空白的问卷模板（Excel），填好用 import 导入"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("写到这个文件"))
@with_appcontext
def template_command(out: Path) -> None:
    from survey_app.reporting.xlsx.questionnaire_books import questionnaire_template

    write_file(questionnaire_template(), out)
