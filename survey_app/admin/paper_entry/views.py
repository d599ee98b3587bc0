"""Entry of forms that were filled in on paper, one after another, by school and audience."""

from datetime import datetime
from typing import Any

from flask import Response, abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.audit import count_entries
from survey_app.collection.context import MAX_LISTED_ERRORS, form_context
from survey_app.collection.form_data import FormData, first_value
from survey_app.collection.paper_entry import asked_schools, find_paper_link, left_out, store_entry
from survey_app.collection.token import issue_token, read_token
from survey_app.definition.answers import Problem, read_answers
from survey_app.definition.audiences import AUDIENCES
from survey_app.distribution.queries import FormLink
from survey_app.foundation.clock import LOCAL_ZONE, local_date
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database, keys
from survey_app.foundation.keys import keyed_hash
from survey_app.foundation.paging import page_of
from survey_app.foundation.translation import _, render
from survey_app.web.audit import record_done

from ..form_answers import REFUSED, sentences
from ..lookup import categories, wave_or_404
from ..waves.context import wave_summary

ACTION = "responses.paper"
FORM_KEY_NAME = "form"
LEFT_KEY, MAX_LEFT = "left_out_of_paper", 20  # as many ids as a cookie holds with ease
AS_ON_PAPER = "_as_on_paper"


def paper_entry(wave_id: int) -> str:
    """Which school and which audience the form in the clerk's hand is of."""
    words = request.args.get("q", "")[:100]
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        summary, today = wave_summary(wave, clock().now()), _today(db, wave.name)
        schools = asked_schools(db, wave_id)
    found = [school for school in schools if words.lower() in f"{school.code} {school.name}".lower()]
    return render_template(
        "admin/paper_entry/paper_entry.html", wave=summary, words=words,
        schools=page_of(found, request.args.get("page", "")),
        today=today, imported=request.args.get("imported", "")[:9],
        labels={one.id: render(one.label) for one in AUDIENCES},
    )  # fmt: skip


def paper_form(wave_id: int, code: str, audience: str) -> str:
    """An empty form; ``stored`` says that the one before is kept. What was left out of it is said once, to this browser
    only: in an address it would stay in the history and in logs.
    """
    now = clock().now()
    with database().read_session() as db:
        link = _link_or_404(db, wave_id, code, audience, now)
    link_id, *left = session.pop(LEFT_KEY, None) or [None]
    left = left if link_id == link.link_id else []
    return _page(link, code, {}, [], left=left, is_stored="stored" in request.args)


def enter_paper(wave_id: int, code: str, audience: str) -> AnyResponse:
    """Checked like a phone's answers; what is missing on paper is asked about once and then taken as it is."""
    now = clock().now()
    form_data = {name: request.form.getlist(name) for name in request.form}
    with database().read_session() as db:
        link = _link_or_404(db, wave_id, code, audience, now)
    token = read_token(keys().get(FORM_KEY_NAME), first_value(form_data, "_token"), link.link_id, link.structure_hash)
    answers, problems = read_answers(link.form, form_data, link.grades, AS_ON_PAPER not in form_data)
    if token is None:
        return _again(link, code, form_data, [], _("没有存：页面已过期。请核对学校，再按一次“存下”"), fresh=True)
    if problems:
        return _again(link, code, form_data, problems, _("没有存：有 {n} 题要看一下", n=len(problems)))
    if answers.is_blank():
        return _again(link, code, form_data, [], _("没有存：还没有录入任何答案"))
    try:
        with database().write_session() as db:
            digest = keyed_hash(keys().get(FORM_KEY_NAME), token.submission_id)
            is_stored = store_entry(db, link, answers, digest, now, local_date(now))
            if is_stored:
                record_done(db, f"{link.wave_name}: {code} {audience}")
    except UserError as error:
        return _again(link, code, form_data, [], sentences(error))
    if not is_stored:
        return _again(link, code, form_data, [], "", fresh=True, is_repeated=True)
    if left := left_out(form_data, answers):
        session[LEFT_KEY] = [link.link_id, *left[:MAX_LEFT], *(["……"] if len(left) > MAX_LEFT else [])]
    return redirect(url_for("admin.paper_form", wave_id=wave_id, code=code, audience=audience, stored=1), 303)


def _link_or_404(db: Any, wave_id: int, code: str, audience: str, now: datetime) -> FormLink:
    link = find_paper_link(db, wave_id, code, audience, categories(), now)
    if link is None:
        abort(404)
    return link


def _again(
    link: FormLink, code: str, form_data: FormData, problems: list[Problem], notice: str, *, fresh: bool = False,
    is_repeated: bool = False,
) -> AnyResponse:  # fmt: skip
    """Everything that was typed is still there; a page that was stored before gets a new submission id."""
    page = _page(link, code, form_data, problems, notice=notice, fresh=fresh, is_repeated=is_repeated)
    return Response(page, 409 if is_repeated else REFUSED, mimetype="text/html")


def _page(
    link: FormLink, code: str, form_data: FormData, problems: list[Problem], *, notice: str = "", fresh: bool = True,
    is_repeated: bool = False, is_stored: bool = False, left: list[str] | None = None,
) -> str:  # fmt: skip
    now = clock().now()
    page = form_context(link.form, link.grades, form_data, problems, notice, asks_grade=bool(link.grades),
                        school=link.school_name)  # fmt: skip
    with database().read_session() as db:
        wave = wave_or_404(db, link.wave_id)
        summary, today = wave_summary(wave, now), _today(db, wave.name)
    token = issue_token(keys().get(FORM_KEY_NAME), link.link_id, link.structure_hash, now) if fresh else ""
    return render_template(
        "admin/paper_entry/paper_form.html", wave=summary, link=link, code=code, page=page, today=today,
        token=token or first_value(form_data, "_token"), label=render(AUDIENCES[link.audience].label),
        errors=_errors(problems, notice), is_repeated=is_repeated, is_stored=is_stored, left=left or [],
        as_on_paper=AS_ON_PAPER,
        asks_as_is=bool(problems) or AS_ON_PAPER in form_data, is_as_on_paper=AS_ON_PAPER in form_data,
    )  # fmt: skip


def _errors(problems: list[Problem], notice: str) -> dict[str, str]:
    """By the id of the field; what is wrong with the page as a whole leads nowhere."""
    by_field = {
        f"i-{each.question}": f"{each.question} {render(each.message)}" for each in problems[:MAX_LISTED_ERRORS]
    }
    return ({"": notice} if notice else {}) | by_field


def _today(db: Any, wave_name: str) -> tuple[int, int]:
    """How many forms were typed in today in this wave: by all, and by who is asking."""
    midnight = clock().now().astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    by_all = count_entries(db, ACTION, f"{wave_name}: ", midnight)
    return by_all, count_entries(db, ACTION, f"{wave_name}: ", midnight, g.staff.username)
