"""Tables in any of the formats: the option of the commands that export, and writing to a file or the screen."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from survey_app.foundation.private_files import private_opener
from survey_app.foundation.translation import _
from survey_app.reporting.export_formats import EXPORT_FORMATS, ExportTable
from survey_app.reporting.tabular.statistics_files import require_library


def format_option(function: Callable[..., None]) -> Callable[..., None]:
    """``--format`` with every format that there is."""
    option = click.option(
        "--format", "form", type=FormatChoice(), default="csv", show_default=True, help=_("文件格式")
    )  # fmt: skip
    return option(function)


class FormatChoice(click.ParamType[str]):
    """The name of an export format, looked up when the command runs."""

    name = "format"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"[{'|'.join(EXPORT_FORMATS.ids())}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in EXPORT_FORMATS:
            self.fail(
                _("没有格式“{value}”；可用：{known}", value=value, known=", ".join(EXPORT_FORMATS.ids())), param, ctx
            )
        return value


def write_table(table: ExportTable, form: str, out: Path | None) -> None:
    """A table to a file, or to the screen where the format is text."""
    export_format = EXPORT_FORMATS[form]
    if out is None:
        export_format.write(table, sys.stdout.buffer)
        sys.stdout.flush()
        return
    try:
        with open(out, "wb", opener=private_opener) as file:
            export_format.write(table, file)
    except OSError as error:
        raise click.FileError(str(out), hint=error.strerror) from error
    click.echo(_("已写入 {file}", file=str(out)), err=True)


def require_file_for(form: str, out: Path | None) -> None:
    """Binary formats are not for the screen; said before anything is recorded or read."""
    if out is None and EXPORT_FORMATS[form].is_binary:
        raise click.UsageError(_("导出 {form} 要写 --out 文件", form=form))
    if library := EXPORT_FORMATS[form].library:
        require_library(library, form)
