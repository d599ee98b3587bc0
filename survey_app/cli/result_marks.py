"""``flask results marks``: the marks of a year as they were computed and kept."""

from pathlib import Path

import click

from survey_app.assessment.years import latest_computation, year_by_name
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import _
from survey_app.reporting.export_formats import ExportTable
from survey_app.reporting.mark_inputs import input_changes
from survey_app.reporting.tabular.year_ranking import YEAR_RANKING_COLUMNS

from .mark_tables import MARK_TABLES
from .output import out_option
from .result_group import group
from .tables import format_option, require_file_for, write_table
from .year import print_stale

KEPT_TABLES = {name: columns for name, (columns, _rows) in MARK_TABLES.items()} | {"ranking": YEAR_RANKING_COLUMNS}


@group.command("marks", help=_("一个考核年度的得分（每校每行一行）、评优名单或提请，按存下来的打印"))
@click.option("--year", "year_name", required=True, help=_("考核年度"))
@click.option("--table", type=click.Choice(tuple(KEPT_TABLES)), default="marks", show_default=True, help=_("要哪张表"))
@format_option
@out_option
def marks_command(year_name: str, table: str, form: str, out: Path | None) -> None:
    require_file_for(form, out)
    with database().read_session() as session:
        year = year_by_name(session, year_name)
        computation = latest_computation(session, year)
        if computation is None:
            raise user_error("考核年度“{name}”还没有计分：请先采用方案，等批次封存以后计分", name=year_name)
        rows, number, sha256 = computation.tables[table], computation.scheme_number, computation.scheme_sha256
        print_stale(input_changes(session, year, computation, clock().now()))
        at, actor = format_local(computation.computed_at), computation.computed_by
    write_table(ExportTable(year_name, KEPT_TABLES[table], rows), form, out)
    click.echo(_("方案第 {n} 版（{sha}），{at} 由 {who} 计分", n=number, sha=sha256[:16], at=at, who=actor), err=True)
