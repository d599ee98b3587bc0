"""你说我改: what was said and what was done about it, to be read, passed on and kept as a file."""

import io

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.followup.improvements import improvement_headings, list_improvements
from survey_app.followup.public_improvements import list_entries
from survey_app.foundation.extensions import database
from survey_app.foundation.paging import page_of
from survey_app.foundation.translation import _
from survey_app.reporting.tabular.csv_writer import text_tables_csv
from survey_app.reporting.xlsx.plain_book import write_table_rows
from survey_app.web.download import download

from ..lookup import XLSX
from .context import year_choices, year_of

MAX_WORD = 100
PER_PAGE = 20


def improvements() -> str:
    words = _words()
    with database().read_session() as db:
        year = year_of(db, words["year"]) if words["year"] else None
        found = list_improvements(db, year.id if year else None, words["school"])
        years = [("", _("所有年度")), *year_choices(db)]
        entries = {entry.case_id: entry.confirmed_at is not None for entry in list_entries(db)}
    page = page_of(found, request.args.get("page", ""), PER_PAGE)
    return render_template(
        "admin/rectification/improvements.html", page=page, words=words, years=years, entries=entries,
        text="\n".join(row.sentence() for row in page.rows),
        address=lambda number: url_for("admin.improvements", page=number, year=words["year"], school=words["school"]),
    )  # fmt: skip


def improvement_file(form: str) -> AnyResponse:
    """What was found, as it is shown."""
    words = _words()
    with database().read_session() as db:
        year = year_of(db, words["year"]) if words["year"] else None
        rows = [row.cells() for row in list_improvements(db, year.id if year else None, words["school"])]
    name = _("你说我改.{form}", form=form)
    if form == "csv":
        return download(text_tables_csv([(improvement_headings(), rows)]).encode(), "text/csv", name)
    file = io.BytesIO()
    write_table_rows(file, _("你说我改"), improvement_headings(), rows, _("你说我改"))
    return download(file.getvalue(), XLSX, name)


def _words() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:MAX_WORD] for name in ("year", "school")}
