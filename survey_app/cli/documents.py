"""``flask documents``: what an office signs and files."""

from pathlib import Path

import click

from survey_app.assessment.years import latest_computation, year_by_name
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _
from survey_app.reporting.xlsx.workbook import build_year_book

from .output import CommandGroup, write_file
from .year import load_year_marks

group = CommandGroup("documents", help=_("文件"))


@group.command("year-book", help=_("年终考核工作簿：得分是可以重算的公式，参数在黄色格里"))
@click.option("--year", "name", required=True, help=_("考核年度"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("xlsx 文件"))
def year_book_command(name: str, out: Path) -> None:
    """The book says what was computed and kept; where that is no longer so, marks are computed first."""
    with database().read_session() as session:
        computation = latest_computation(session, year_by_name(session, name))
        office = load_office(session, settings())
    if computation is None:
        raise user_error("考核年度“{name}”还没有计分：请先采用方案，等批次封存以后计分", name=name)
    computed = load_year_marks(name)
    if computed.tables()["marks"] != computation.tables["marks"]:
        raise user_error("计分以后方案或导入的得分变了，请先重新计分")
    write_file(build_year_book(computed.report, computed.marks, office.name, clock().now()), out)
