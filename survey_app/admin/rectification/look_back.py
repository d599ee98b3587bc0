"""回头看: the page that drafts a wave of the items of a case, and the page that says what it found."""

from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.followup.look_backs import (
    LookBackPlan,
    can_look_back,
    cases_of_look_back,
    concerned_items,
    joinable_cases,
    measured_wave,
    propose_look_back,
)
from survey_app.followup.models import RectificationCase
from survey_app.foundation.clock import LOCAL_ZONE
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.paging import page_of
from survey_app.frame.queries import list_waves
from survey_app.web.audit import record_done

from ..form_answers import REFUSED, sentences, typed
from ..lookup import categories, wave_or_404
from ..waves.moments import moments_of, read_moments
from .case import case_or_404
from .form import actor
from .look_back_context import audience_choices, case_choices, look_back_status, usual_moments, usual_name

FIELDS = ("name", "opens_on", "opens_time", "closes_on", "closes_time")
CASES_PER_PAGE = 10


def look_back_form(case_id: int) -> AnyResponse | str:
    with database().read_session() as db:
        case = case_or_404(db, case_id)
        if not can_look_back(case):
            return redirect(url_for("admin.rectification_case", case_id=case_id), 303)
        begins, ends = usual_moments(clock().now())
        midnight = ends.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        values = moments_of(begins.astimezone(LOCAL_ZONE).replace(hour=8, minute=0, second=0, microsecond=0), midnight)
        values["name"] = usual_name(case, measured_wave(db, case), frozenset(wave.name for wave in list_waves(db)))
        return _form_page(db, case, values, {})


def _form_page(
    db: Any, case: RectificationCase, values: dict[str, str], errors: dict[str, str],
    chosen: dict[str, list[str]] | None = None, joined: list[str] | None = None,
) -> str:  # fmt: skip
    return render_template(
        "admin/rectification/look_back_form.html", case=case, values=values, errors=errors,
        audiences=audience_choices(db, case, categories(), chosen), others=case_choices(db, case, joined or []),
    )  # fmt: skip


def draft_look_back(case_id: int) -> AnyResponse:
    """One button: a draft like any other wave, to be tried and opened; the cases wait for it."""
    values, joined = typed(*FIELDS), request.form.getlist("join")
    errors, moments = read_moments(values)
    chosen: dict[str, list[str]] = {}
    try:
        with database().write_session() as db:
            case = case_or_404(db, case_id)
            chosen = {
                one.id: request.form.getlist(f"item-{one.id}") for one in audience_choices(db, case, categories())
            }
            if errors or moments is None:
                raise user_error("请核对日期")
            items: dict[int, dict[str, list[str]]] = {case.id: chosen}
            for other in joinable_cases(db, case):
                if str(other.id) in joined:
                    items[other.id] = concerned_items(db, other, categories())
            plan = LookBackPlan(values["name"], moments.opens_at, moments.closes_at, items)
            wave = propose_look_back(db, plan, categories(), actor())
            wave_id = wave.id
            record_done(db, f"{wave.name}: {', '.join(f'#{number}' for number in sorted(items))}")
    except UserError as error:
        with database().read_session() as db:
            found = {"": sentences(error)} | errors
            page = _form_page(db, case_or_404(db, case_id), values, found, chosen, joined)
        return Response(page, REFUSED, mimetype="text/html")
    return redirect(url_for("admin.setup_check", wave_id=wave_id), 303)


def look_back_page(wave_id: int) -> str:
    """Before and after of each case that the wave was for: of a leader's waves those that he may see."""
    with database().read_session() as db:
        wave, now = wave_or_404(db, wave_id), clock().now()
        cases = page_of(cases_of_look_back(db, wave), request.args.get("page", ""), CASES_PER_PAGE)
        found = [(case, look_back_status(db, case, categories(), now, g.staff.role)) for case in cases.rows]
    return render_template("admin/rectification/look_back.html", wave=wave, cases=cases, found=found)
