"""``flask documents``: what an office files and hands on."""

from pathlib import Path

import click

from survey_app.assessment.models import ImportedMarks, MarkComputation
from survey_app.assessment.years import latest_computation, list_imports, year_by_name
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _
from survey_app.reporting.xlsx.year_book import build_year_book

from .output import CommandGroup, write_file
from .year import load_year_marks

group = CommandGroup("documents", help=_("存档和下发的文件"))


@group.command(
    "year-book", help=_("年度考核台账（Excel）：封面、可试改的计分参数、各校得分、评优名单、提请和批次工作簿")
)
@click.option("--year", "year_name", required=True, help=_("考核年度"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("xlsx 文件"))
def year_book_command(year_name: str, out: Path) -> None:
    with database().read_session() as session:
        year = year_by_name(session, year_name)
        office, computation = load_office(session, settings()), latest_computation(session, year)
        if computation is None:
            raise user_error("考核年度“{name}”还没有计分：请先采用方案，等批次封存以后计分", name=year_name)
        imports = [(_("导入的表"), _import_text(entry)) for entry in list_imports(session, year)]
    computed = load_year_marks(year_name)
    if computed.tables()["marks"] != computation.tables["marks"]:
        raise user_error("考核年度“{name}”计分以后，导入的表、方案或者答卷有了变化：请先重新计分", name=year_name)
    evidence = [*_evidence(computation), *imports]
    write_file(build_year_book(year_name, computed.report, computed.marks, evidence, office.name, clock().now()), out)


def _evidence(computation: MarkComputation) -> list[tuple[str, str]]:
    values = {"n": computation.scheme_number, "who": computation.computed_by,
              "at": format_local(computation.computed_at)}  # fmt: skip
    return [(_("计分"), _("按方案第 {n} 版，{who}，{at}", **values))]


def _import_text(entry: ImportedMarks) -> str:
    values = {"file": entry.file_name, "who": entry.imported_by, "at": format_local(entry.imported_at)}
    return _("{file}，{who}，{at}", **values)
