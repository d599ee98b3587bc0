"""The answers as rows: one account asks and says why, another one confirms, then the first may download them."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.approvals import (
    confirm_approval,
    confirmed_approval,
    current_approvals,
    request_approval,
)
from survey_app.accounts.models import Approval
from survey_app.accounts.two_people import are_in_one_hand
from survey_app.foundation.clock import format_local
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.translation import _
from survey_app.frame.models import Wave
from survey_app.reporting.tabular.csv_writer import csv_text
from survey_app.reporting.tabular.response_export import ResponseExport
from survey_app.web.audit import record_done
from survey_app.web.download import download

from ..lookup import categories, wave_or_404
from .report import wave_report

ACTION = "responses.export"


def row_export(wave_id: int) -> str:
    now = clock().now()
    with database().read_session() as db:
        wave = _sealed_wave(wave_or_404(db, wave_id))
        approvals = current_approvals(db, ACTION, _subject(wave_id), now)
        is_allowed = confirmed_approval(db, ACTION, _subject(wave_id), g.staff.username, now) is not None
        one_hand = {each.id for each in approvals if _is_one_hand(db, each)}
        name = wave.name
    return render_template(
        "admin/results/row_export.html", wave_id=wave_id, wave=name, approvals=approvals, is_allowed=is_allowed,
        one_hand=one_hand,
        has_asked=any(approval.asked_by == g.staff.username for approval in approvals), when=format_local,
    )  # fmt: skip


def request_row_export(wave_id: int) -> AnyResponse:
    with database().write_session() as db:
        wave = _sealed_wave(wave_or_404(db, wave_id))
        reason = request.form.get("reason", "")
        approval = request_approval(db, ACTION, _subject(wave_id), reason, g.staff.username, clock().now())
        record_done(db, f"{wave.name} #{approval.id}: {approval.reason}")
    return redirect(url_for("admin.row_export", wave_id=wave_id), 303)


def confirm_row_export(wave_id: int, approval_id: int) -> AnyResponse:
    with database().write_session() as db:
        wave = wave_or_404(db, wave_id)
        approval = confirm_approval(db, approval_id, ACTION, _subject(wave_id), g.staff.username, clock().now())
        mark = " (one hand)" if _is_one_hand(db, approval) else ""
        record_done(db, f"{wave.name} #{approval.id}: {approval.asked_by}: {approval.reason}{mark}")
    return redirect(url_for("admin.row_export", wave_id=wave_id), 303)


def _is_one_hand(db: Any, approval: Approval) -> bool:
    """Whether the two accounts may be those of one person: who confirmed, or who would by confirming now."""
    return are_in_one_hand(db, approval.asked_by, approval.confirmed_by or g.staff.username)


def responses_file(wave_id: int) -> AnyResponse:
    with database().read_session() as db:
        wave = _sealed_wave(wave_or_404(db, wave_id))
        approval = confirmed_approval(db, ACTION, _subject(wave_id), g.staff.username, clock().now())
        if approval is None:
            raise user_error("下载答卷要先申请、写明用途，并由另一个账号确认")
        detail = f"{wave.name} #{approval.id}: {approval.confirmed_by}: {approval.reason}"
    report = wave_report(wave_id)
    with database().read_session() as db:
        export = ResponseExport(db, wave_or_404(db, wave_id), categories(), report)
        names = export.columns()
        content = csv_text((dict(zip(names, row, strict=True)) for row in export.rows()), names).encode()
    with database().write_session() as db:
        record_done(db, detail)
    return download(content, "text/csv", _("{wave} 逐份答卷.csv", wave=report.wave))


def _sealed_wave(wave: Wave) -> Wave:
    if wave.sealed_at is None:
        raise user_error("批次“{name}”还没有封存，封存前不能导出答卷", name=wave.name)
    return wave


def _subject(wave_id: int) -> str:
    return f"wave {wave_id}"
