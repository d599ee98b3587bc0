"""The audit: who did what, when, with which result. Filters stand in the address."""

import io
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.audit_log import RESULTS, AuditFilter, audit_entries, audit_page, audit_words
from survey_app.accounts.models import AuditEntry
from survey_app.foundation.clock import format_local
from survey_app.foundation.extensions import database
from survey_app.foundation.translation import _
from survey_app.reporting.tabular.csv_writer import csv_text
from survey_app.reporting.xlsx.plain_book import write_table_rows
from survey_app.web.download import download

from ..lookup import XLSX
from .audit_labels import action_label, result_label

WORDS = ("actor", "action", "since", "until", "text", "result")
COLUMNS = ("at", "actor", "action", "detail", "result")
MAX_WORD = 100


def audit_log() -> str:
    wanted = _wanted()
    with database().read_session() as db:
        page = audit_page(db, wanted, request.args.get("page", ""))
        lines = [_line(entry) for entry in page.rows]
        actors, actions = audit_words(db)
    return render_template(
        "admin/records/audit_log.html", page=page, lines=lines, wanted=wanted, words=_words(),
        actors=[("", _("所有人")), *((name, name) for name in actors)],
        actions=[("", _("所有事")), *((name, action_label(name)) for name in actions)],
        results=[("", _("所有结果")), *zip(RESULTS, (_("做了"), _("没有做"), _("别的")), strict=True)],
    )  # fmt: skip


def audit_file(form: str) -> AnyResponse:
    """What was found, all of it: for Excel as the page shows it, else as it is stored."""
    with database().read_session() as db:
        entries = audit_entries(db, _wanted())
        if form == "xlsx":
            file = io.BytesIO()
            headings = (_("时间"), _("谁"), _("做了什么"), _("内容"), _("结果"))
            write_table_rows(file, _("记录"), headings, (tuple(_line(entry).values()) for entry in entries), _("记录"))
            return download(file.getvalue(), XLSX, _("记录.xlsx"))
        content = csv_text((_row(entry) for entry in entries), COLUMNS).encode()
    return download(content, "text/csv", _("记录.csv"))


def _words() -> dict[str, str]:
    return {name: value for name in WORDS if (value := request.args.get(name, "").strip()[:MAX_WORD])}


def _wanted() -> AuditFilter:
    return AuditFilter(**_words())


def _line(entry: AuditEntry) -> dict[str, str]:
    return {
        "at": format_local(entry.at), "actor": entry.actor, "action": action_label(entry.action),
        "detail": entry.detail, "result": result_label(entry.result),
    }  # fmt: skip


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": format_local(entry.at), "actor": entry.actor, "action": entry.action, "detail": entry.detail,
        "result": entry.result,
    }  # fmt: skip
