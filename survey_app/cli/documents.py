"""``flask documents``: the year-end book; reports of a wave are in ``wave_documents``."""

from pathlib import Path

import click

from survey_app.assessment.years import year_by_name
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _
from survey_app.reporting.year_books import book_of_marks, kept_computation

from . import wave_documents  # noqa: F401  (it adds its verbs to the group)
from .document_group import group
from .output import write_file
from .year import load_year_marks

__all__ = ["group"]


@group.command(
    "year-book", help=_("年度考核台账（Excel）：封面、可试改的计分参数、各校得分、评优名单、提请和批次工作簿")
)
@click.option("--year", "year_name", required=True, help=_("考核年度"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("xlsx 文件"))
def year_book_command(year_name: str, out: Path) -> None:
    with database().read_session() as session:
        kept_computation(session, year_by_name(session, year_name))
        office = load_office(session, settings())
    computed = load_year_marks(year_name)
    with database().read_session() as session:
        content = book_of_marks(session, year_by_name(session, year_name), computed, office.name, clock().now())
    write_file(content, out)
