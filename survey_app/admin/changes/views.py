"""Changes of a wave that runs: each asks for a reason, says in numbers what will happen, and is written down."""

from flask import Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.staff import list_staff
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.roles import Role
from survey_app.frame.manifest import list_records
from survey_app.frame.models import Wave
from survey_app.integrity.change_requests import confirm_request, waiting_requests
from survey_app.integrity.release import RELEASE
from survey_app.web.audit import record_done, record_shown

from ..form_answers import number_of, refused_page, sentences, text_of, typed
from ..lookup import categories, wave_or_404
from ..waves.context import wave_summary
from ..waves.moments import end_fields
from .context import change_form_choices, names_in, record_rows, request_rows
from .kinds import KINDS, Change, ChangeKind


class _TakenBack(Exception):
    """Ends the transaction of a change that is only shown."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines


def changes(wave_id: int) -> str:
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        summary = wave_summary(wave, clock().now())
        records = record_rows(list_records(db, wave_id), names_in(db, wave, categories()))
        waiting = request_rows(db, wave, waiting_requests(db, wave_id), categories(), g.staff.username)
        others = [one for one in list_staff(db) if one.role == Role.OFFICE and not one.disabled_at]
    kinds = [(kind, summary.state in kind.states) for kind in KINDS.values() if kind.id != "void"]
    done = request.args.get("done", "")
    return render_template(
        "admin/changes/changes.html", wave=summary, kinds=kinds, records=records, waiting=waiting,
        done=KINDS.get(done), is_asked=any(row["kind"] == done for row in waiting), is_alone=len(others) < 2,
    )  # fmt: skip


def change_form(wave_id: int) -> str:
    """The form of the kind that the address names; ``?school=`` and so on fill it in."""
    kind = _kind()
    with database().read_session() as db:
        wave = _changeable(wave_or_404(db, wave_id), kind)
    values = {name: request.args.get(name, "")[:200] for name in kind.fields} | {"reason": ""}
    if "closes_on" in values and not values["closes_on"]:
        values |= end_fields(wave.closes_at)
    return render_template("admin/changes/change_form.html", errors={}, **_form_page(wave, kind, values))


def make_change(wave_id: int) -> AnyResponse:
    """First the change is made, described and taken back; the second time, with the same wave, it stays."""
    kind = _kind()
    values = typed(*kind.fields, "reason")
    is_confirmed = "confirmed" in request.form
    try:
        lines = _make(wave_id, kind, values, is_confirmed)
    except UserError as error:
        with database().read_session() as db:
            wave = wave_or_404(db, wave_id)
            if text_of("revision") != str(wave.revision):
                return _conflict(
                    wave, kind, values, record_rows(list_records(db, wave_id), names_in(db, wave, categories()))
                )
        field = "reason" if not values["reason"] else (kind.fields or ("reason",))[0]
        shown = _form_page(wave, kind, values)
        return refused_page("admin/changes/change_form.html", {field: sentences(error)}, **shown)
    if is_confirmed:
        return redirect(url_for("admin.changes", wave_id=wave_id, done=kind.id), 303)
    with database().read_session() as db:
        wave = wave_or_404(db, wave_id)
        summary = wave_summary(wave, clock().now())
    page = render_template(
        "admin/changes/change_confirm.html", wave=summary, kind=kind, values=values, lines=lines, revision=wave.revision
    )
    return _shown_only(page, wave_id, kind)


def _shown_only(page: str, wave_id: int, kind: ChangeKind) -> AnyResponse:
    """That somebody looked at what a change would do is written down as what it is."""
    with database().write_session() as db:
        record_shown(db, f"{wave_or_404(db, wave_id).name} {kind.id}")
    return Response(page, mimetype="text/html")


def _make(wave_id: int, kind: ChangeKind, values: dict[str, str], is_confirmed: bool) -> list[str]:
    try:
        with database().write_session() as db:
            wave = _changeable(wave_or_404(db, wave_id), kind)
            if text_of("revision") != str(wave.revision):
                raise user_error("批次“{name}”在您打开这一页之后被改过，没有保存", name=wave.name)
            lines = kind.make(Change(db, wave, values, g.staff.username, clock().now()))
            if not is_confirmed:
                raise _TakenBack(lines)
            typed_values = " ".join(value for value in values.values() if value)
            record_done(db, f"{wave.name} {typed_values}")
    except _TakenBack as shown:
        return shown.lines
    return lines


def _kind() -> ChangeKind:
    return KINDS[request.path.rpartition("/")[2]]


def _changeable(wave: Wave, kind: ChangeKind) -> Wave:
    if wave_summary(wave, clock().now()).state not in kind.states:
        raise user_error("批次“{name}”现在不能做这项更改", name=wave.name)
    return wave


def _form_page(wave: Wave, kind: ChangeKind, values: dict[str, str]) -> dict[str, object]:
    with database().read_session() as db:
        choices = change_form_choices(db, wave, kind, values, categories())
    summary = wave_summary(wave, clock().now())
    return {"wave": summary, "kind": kind, "values": values, "choices": choices, "revision": wave.revision}


def _conflict(
    wave: Wave, kind: ChangeKind, values: dict[str, str], records: list[tuple[str, ...]]
) -> AnyResponse:  # fmt: skip
    """Two clerks at once: the second is told what the first did, above what he typed himself."""
    seen = number_of("revision")
    later = records[: max(1, wave.revision - seen)] if seen >= 0 else records[:1]
    is_possible = wave_summary(wave, clock().now()).state in kind.states
    page = render_template(
        "admin/changes/change_form.html", errors={}, meanwhile=later, is_possible=is_possible,
        **_form_page(wave, kind, values),
    )  # fmt: skip
    return Response(page, 409, mimetype="text/html")


def confirm_release(wave_id: int, request_id: int) -> AnyResponse:
    """A leader approves what he was asked to look at."""
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        waiting = {request.id: request for request in waiting_requests(db, wave_id)}
        if request_id not in waiting or waiting[request_id].kind != RELEASE:
            raise user_error("没有等您批准的，或者已经批准过了")
        confirm_request(db, request_id, g.staff.username, clock().now())
        record_done(db, f"{wave.name} {request_id}")
    return redirect(url_for("admin.results", wave_id=wave_id), 303)


def confirm_change(wave_id: int, request_id: int) -> AnyResponse:
    """The second person agrees, and the change is made."""
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        if not any(waiting.id == request_id for waiting in waiting_requests(db, wave_id)):
            raise user_error("没有编号为 {id} 的申请，或者已经确认过了", id=request_id)
        kind = next(waiting.kind for waiting in waiting_requests(db, wave_id) if waiting.id == request_id)
        if confirm_request(db, request_id, g.staff.username, clock().now()).id != wave_id:
            abort(404)
        record_done(db, f"{wave.name} {request_id}")
    return redirect(url_for("admin.changes", wave_id=wave_id, done=kind), 303)
