"""你说我改 for everybody: the words that the office proposes, a second person confirms and one takes back."""

from dataclasses import asdict

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.two_people import are_in_one_hand
from survey_app.distribution.posters import improvements_poster
from survey_app.followup.models import PublicImprovement
from survey_app.followup.public_improvements import (
    confirm_entry,
    find_entry,
    is_linked,
    list_entries,
    propose_entry,
    proposed_words,
    public_entries,
    switch_link,
    withdraw_entry,
    words_digest,
)
from survey_app.followup.public_words import LATIN_FACTOR, MAX_DONE, MAX_SAID, PublicWords
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.paging import page_of
from survey_app.foundation.roles import OFFICE, RELEASED_TO
from survey_app.foundation.stored_settings import load_office, require_reachable_address
from survey_app.foundation.translation import _
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..form_answers import REFUSED, number_of, sentences, typed, who_was_it
from ..lookup import categories
from .case import case_or_404

FIELDS = ("said", "done", "said_en", "done_en")
PER_PAGE = 8
PUBLIC_ADDRESS = "/improved"


def public_list() -> str:
    return _list_page("")


def _list_page(error: str) -> str:
    with database().read_session() as db:
        found = page_of(list_entries(db), request.args.get("page", ""), PER_PAGE)
        lines = [(entry, words_digest(entry), format_local(entry.requested_at),
                  are_in_one_hand(db, entry.requested_by, g.staff.username)) for entry in found.rows]  # fmt: skip
        linked, is_shown = is_linked(db), bool(public_entries(db))
    return render_template(
        "admin/rectification/public_list.html", page=found, lines=lines, linked=linked, is_shown=is_shown, error=error,
        public_address=PUBLIC_ADDRESS, may_confirm=g.staff.role in OFFICE | RELEASED_TO,
    )  # fmt: skip


def public_form(case_id: int) -> AnyResponse | str:
    with database().read_session() as db:
        case = case_or_404(db, case_id)
        entry = find_entry(db, case.id)
        if entry is not None and entry.confirmed_at is not None:
            return redirect(url_for("admin.public_list"), 303)
        values = asdict(proposed_words(db, case.id))
    return _form_page(case_id, case.school_name, values, "")


def _form_page(case_id: int, school: str, values: dict[str, str], error: str) -> str:
    with database().read_session() as db:
        entry = find_entry(db, case_id)
    return render_template(
        "admin/rectification/public_form.html", case_id=case_id, school=school, values=values,
        seen=words_digest(entry) if entry else "",
        errors={"": error} if error else {}, most_said=MAX_SAID, most_done=MAX_DONE, factor=LATIN_FACTOR,
    )  # fmt: skip


def propose_public(case_id: int) -> AnyResponse:
    values = typed(*FIELDS)
    try:
        with database().write_session() as db:
            case_or_404(db, case_id)
            _refuse_unseen(find_entry(db, case_id), PublicWords(**values))
            entry = propose_entry(db, case_id, PublicWords(**values), categories(), g.staff.username, clock().now())
            record_done(db, _detail(entry))
    except UserError as error:
        with database().read_session() as db:
            school = case_or_404(db, case_id).school_name
        page = _form_page(case_id, school, values, sentences(error))
        return Response(page, REFUSED, mimetype="text/html")
    return redirect(url_for("admin.public_list"), 303)


def _refuse_unseen(entry: PublicImprovement | None, words: PublicWords) -> None:
    """Words that a colleague wrote since the page was opened are not replaced unasked."""
    now = words_digest(entry) if entry else ""
    is_same = entry is not None and (entry.said, entry.done) == (words.said, words.done)
    if request.form.get("seen", now) != now and not is_same:
        meanwhile = who_was_it(("public.propose", "public.withdraw"))
        raise user_error(
            "您打开这一页以后改过，没有保存。{who}您填的还在下面，核对后再保存一次就以您的为准。", who=meanwhile + " "
        )


def confirm_public() -> AnyResponse:
    """The second person, the office's or a leader, for the words that the page showed."""
    try:
        with database().write_session() as db:
            seen = request.form.get("seen", "")
            record_done(db, _detail(confirm_entry(db, _case_id(), seen, g.staff.username, clock().now())))
    except UserError as error:
        return _refused(error)
    return redirect(url_for("admin.public_list"), 303)


def withdraw_public() -> AnyResponse:
    try:
        with database().write_session() as db:
            record_done(db, _detail(withdraw_entry(db, _case_id())))
    except UserError as error:
        return _refused(error)
    return redirect(url_for("admin.public_list"), 303)


def switch_public_link() -> AnyResponse:
    is_on = request.form.get("do") == "on"
    try:
        with database().write_session() as db:
            switch_link(db, is_on)
            record_done(db, "on" if is_on else "off")
    except UserError as error:
        return _refused(error)
    return redirect(url_for("admin.public_list"), 303)


def public_poster() -> AnyResponse:
    with database().read_session() as db:
        if not public_entries(db):
            raise user_error("还没有公开的条目，海报没有可以指向的页面")
        office = load_office(db, settings())
    require_reachable_address(office.address, settings().allow_local_address)
    content = improvements_poster(f"{office.address}{PUBLIC_ADDRESS}", office)
    return download(content, "application/pdf", _("你说我改 海报.pdf"))


def _refused(error: UserError) -> AnyResponse:
    return Response(_list_page(sentences(error)), REFUSED, mimetype="text/html")


def _case_id() -> int:
    """The case of the form; no number is none."""
    return number_of("case")


def _detail(entry: PublicImprovement) -> str:
    return f"#{entry.case_id} {entry.school_code} {entry.said} → {entry.done}"
