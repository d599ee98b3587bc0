"""``flask scheme try``: what a scheme would do to a wave that is over."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from survey_app.assessment.mark_report import SPREAD_SENTENCE, TOTAL_SENTENCE, MarkReport
from survey_app.assessment.scheme_trial import try_lines, try_schools, try_triggers
from survey_app.foundation.translation import _, render
from survey_app.reporting.export_formats import ExportTable
from survey_app.reporting.mark_figures import marks_from_report, ranking_only
from survey_app.reporting.tabular.mark_tables import (
    LINE_TRIAL_COLUMNS,
    SCHOOL_TRIAL_COLUMNS,
    TRIGGER_TRIAL_COLUMNS,
    line_trial_rows,
    school_trial_rows,
    trigger_trial_rows,
)
from survey_app.reporting.wave_report import WaveReport

from .mark_tables import MARK_TABLES, Rows
from .output import out_option, print_warning
from .result_group import load_report, wave_option
from .scheme_group import group
from .tables import format_option, require_file_for, write_table

TRIAL_TABLES = ("schools", "lines", "triggers", *MARK_TABLES)


@group.command("try", help=_("方案在一个已封存的批次上会怎样：各校新旧名次和得分、差距、稳定性、提请条件会错几次"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@wave_option
@click.option("--against", type=click.Path(dir_okay=False, path_type=Path), help=_("原来的方案，不写则用默认方案"))
@click.option("--table", type=click.Choice(TRIAL_TABLES), default="schools", show_default=True, help=_("要哪张表"))
@format_option
@out_option
def try_command(file: Path, wave_name: str, against: Path | None, table: str, form: str, out: Path | None) -> None:
    require_file_for(form, out)
    report = load_report(wave_name, file, False)
    marks = marks_from_report(report)
    columns, rows = _trial_table(table, marks, lambda: load_report(wave_name, against, False))
    write_table(ExportTable(_("试算"), columns, rows), form, out)
    explain(marks)


def explain(marks: MarkReport) -> None:
    """Print how the total is made, and where schools can hardly be told apart."""
    click.echo(render(TOTAL_SENTENCE), err=True)
    for warning in marks.warnings:
        values = {"category": warning.category, "reliability": warning.reliability, "most": warning.most}
        print_warning(_(SPREAD_SENTENCE.template, **values))


def _trial_table(table: str, marks: MarkReport, load_before: Callable[[], WaveReport]) -> tuple[Sequence[str], Rows]:
    if table in MARK_TABLES:
        columns, rows = MARK_TABLES[table]
        return columns, rows(marks)
    if table == "lines":
        return LINE_TRIAL_COLUMNS, line_trial_rows(try_lines(marks))
    if table == "triggers":
        return TRIGGER_TRIAL_COLUMNS, trigger_trial_rows(try_triggers(marks))
    before = load_before()
    has_marks = before.scheme.rules is not None and before.scheme.rules.marks is not None
    old = marks_from_report(before) if has_marks else ranking_only(before)
    return SCHOOL_TRIAL_COLUMNS, school_trial_rows(try_schools(marks, old))
