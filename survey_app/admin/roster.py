"""The roster: who is asked. A list to search, a school's card, and the files to work on."""

from flask import abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.foundation.extensions import database
from survey_app.foundation.translation import _
from survey_app.frame.queries import list_roster, list_waves
from survey_app.reporting.tabular.csv_writer import csv_text
from survey_app.reporting.xlsx.roster_books import roster_template
from survey_app.web.download import download

from .lookup import XLSX, categories
from .roster_context import counted_audiences, roster_list, roster_rows, school_card


def roster() -> str:
    words, category = request.args.get("q", "")[:100], request.args.get("category", "")
    with database().read_session() as db:
        schools = list_roster(db)
        open_waves = [wave.name for wave in list_waves(db) if wave.opened_at and not wave.closed_at]
    page = roster_list(schools, categories(), words, category, request.args.get("page", ""))
    return render_template(
        "admin/roster.html", page=page, words=words, category=category, open_waves=open_waves,
        applied=request.args.get("applied", "")[:10],
    )  # fmt: skip


def roster_school(code: str) -> str:
    with database().read_session() as db:
        entry = next((entry for entry in list_roster(db) if entry.code == code), None)
    if entry is None:
        abort(404)
    return render_template("admin/roster_school.html", card=school_card(entry, categories()))


def roster_table() -> AnyResponse:
    """The list of schools as a table for Excel."""
    with database().read_session() as db:
        schools = list_roster(db)
    page = roster_list(schools, categories(), "", "", "")
    names = (_("学校代码"), _("学校名称"), _("类别"), _("片区"), *page.audiences)
    listed = roster_rows(schools, categories(), counted_audiences(schools))
    rows = ((row.code, row.name, row.category, row.area, *row.people) for row in listed)
    content = csv_text((dict(zip(names, row, strict=True)) for row in rows), names)
    return download(content.encode(), "text/csv", _("名册.csv"))


def roster_template_file() -> AnyResponse:
    return download(roster_template(categories()), XLSX, _("名册模板.xlsx"))
