"""The roster: who is asked. A list to search, a school's card, and the files to work on."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import database
from survey_app.foundation.paging import page_of
from survey_app.foundation.translation import _
from survey_app.frame.queries import RosterEntry, list_roster, list_waves
from survey_app.frame.school_history import find_school, former_schools, school_history, set_successor
from survey_app.reporting.tabular.csv_writer import csv_text
from survey_app.reporting.xlsx.roster_books import roster_template
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..form_answers import refused_page, sentences, text_of
from ..lookup import XLSX, categories
from .context import counted_audiences, roster_list, roster_rows, school_card
from .school_past import history_page


def roster() -> str:
    words, category = request.args.get("q", "")[:100], request.args.get("category", "")
    with database().read_session() as db:
        schools = list_roster(db)
        former = [(school.code, school.name) for school in former_schools(db)]
        waves = list_waves(db)
        open_waves = [wave.name for wave in waves if wave.opened_at and not wave.closed_at]
    page = roster_list(schools, categories(), words, category, request.args.get("page", ""))
    return render_template(
        "admin/roster/roster.html", page=page, words=words, category=category, open_waves=open_waves,
        has_waves=bool(waves), applied=request.args.get("applied", "")[:10],
        former=page_of(former, request.args.get("former", "")),
    )  # fmt: skip


def roster_school(code: str) -> str:
    return render_template("admin/roster/roster_school.html", errors={}, saved="saved" in request.args, **_card(code))


def save_successor(code: str) -> AnyResponse:
    """Into which school this one was merged; an empty field takes it back."""
    successor = text_of("successor")
    try:
        with database().write_session() as db:
            school = find_school(db, code) or abort(404)
            now = school_history(db, school).successor
            now_code = now.code if now else ""
            if now_code not in (request.form.get("seen", now_code), successor):
                raise user_error(
                    "您打开这一页以后已经改成了“{now}”，没有保存。核对后再保存一次就以您的为准。", now=now_code or "—"
                )
            set_successor(db, school, successor)
            record_done(db, f"{school.code} {school.name} → {successor or '—'}")
    except UserError as error:
        values = {"saved": False, "successor": successor} | _card(code)
        return refused_page("admin/roster/roster_school.html", {"successor": sentences(error)}, **values)
    return redirect(url_for("admin.roster_school", code=code, saved=1), 303)


def _card(code: str) -> dict[str, object]:
    """The school of today's roster, or one that was in an earlier one, with its history."""
    with database().read_session() as db:
        school = find_school(db, code) or abort(404)
        entry = next((entry for entry in list_roster(db) if entry.code == code), None)
        history = history_page(school_history(db, school), school, categories())
    former = RosterEntry(school.code, school.name, school.category, school.area, {}, school.school_group)
    return {"card": school_card(entry or former, categories()), "history": history, "is_former": entry is None}


def roster_table() -> AnyResponse:
    """The list of schools as a table for Excel."""
    with database().read_session() as db:
        schools = list_roster(db)
    page = roster_list(schools, categories(), "", "", "")
    names = (_("学校代码"), _("学校名称"), _("类别"), _("片区"), _("集团"), *page.audiences)
    listed = roster_rows(schools, categories(), counted_audiences(schools))
    rows = ((row.code, row.name, row.category, row.area, row.school_group, *row.people) for row in listed)
    content = csv_text((dict(zip(names, row, strict=True)) for row in rows), names)
    return download(content.encode(), "text/csv", _("名册.csv"))


def roster_template_file() -> AnyResponse:
    return download(roster_template(categories()), XLSX, _("名册模板.xlsx"))
