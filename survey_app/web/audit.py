"""What the audit says about a request: done, refused and why, not found; and how denials are counted.

A view that changes something calls :func:`record_done` in its transaction. Whatever the route's ``audit`` names and the
view did not do is written here, after the view's transaction was undone. A view that forgets fails in tests; in use the
entry is made here, late, and the journal says so.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import current_app, g, make_response, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as AnyResponse

from survey_app.accounts.audit import DONE, FAILED, NOT_FOUND, SHOWN, add_audit_entry, refused, watch_audit
from survey_app.accounts.denials import DenialLog, DenialReason
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.keys import KeyMissing
from survey_app.foundation.route import Method, Route

from .session import address_hash

MAX_DETAIL = 300
NOT_READY_YET = 202  # the page says that what was asked for is being made


def record_done(db: Any, detail: str = "", actor: str = "") -> None:
    """Write that the action of this request was done, in the transaction ``db`` that does it."""
    route: Route = g.route
    if not route.audit:
        raise RuntimeError(f"the route {route.endpoint} names no action for the audit")
    _add_entry(db, route, DONE, detail, actor)


def record_shown(db: Any, detail: str, actor: str = "") -> None:
    """Write that somebody looked at what the action of this request would do, and did not do it yet."""
    _add_entry(db, g.route, SHOWN, detail, actor)


def audited_view(route: Route, view: Callable[..., Any]) -> Callable[..., AnyResponse]:
    """Return the view so that each call by somebody who is logged in leaves exactly one entry."""

    def call(**values: object) -> AnyResponse:
        with watch_audit() as stored:
            try:
                response = make_response(view(**values))
            except Exception as error:
                if not stored:
                    with suppress(DatabaseUnavailable):
                        _record_outcome(route, _outcome_of(error))
                raise
        if not stored:
            _complete(route, response.status_code)
        return response

    return call


def _complete(route: Route, status: int) -> None:
    """Write what the view did not: a refusal, something that was only read, or, late, what it forgot."""
    if status >= 400 or status == NOT_READY_YET:
        _record_outcome(route, refused(str(status)))
        return
    if route.method is not Method.GET:
        if current_app.testing:
            raise RuntimeError(f"{route.endpoint} was done without an entry for {route.audit} in the audit")
        current_app.logger.error("%s was done without an entry in the audit", route.endpoint)
    _record_outcome(route, DONE)


def count_denial(reason: DenialReason, account: str = "") -> None:
    """Count that a request was refused, by account where one is known, else by the hash of the address."""
    log: DenialLog = current_app.extensions["denials"]
    endpoint, now = request.endpoint or "", clock().now()
    log.add(f"account:{g.staff.username}" if g.staff else f"address:{address_hash()}", endpoint, reason, now)
    if account:
        log.add(f"account:{account}", endpoint, reason, now)


def _outcome_of(error: Exception) -> str:
    if isinstance(error, DatabaseUnavailable | KeyMissing):
        return FAILED  # why is written in the journal, for who keeps the server
    if isinstance(error, UserError):
        return refused(" ".join(map(str, error.messages)))
    if isinstance(error, NotFound):
        return NOT_FOUND
    return refused(str(error.code)) if isinstance(error, HTTPException) else FAILED


def _record_outcome(route: Route, result: str) -> None:
    """Refusals of people who are not logged in are counted as denials instead: anybody could fill the audit."""
    if g.staff is not None:
        with database().write_session() as db:
            _add_entry(db, route, result)


def _add_entry(db: Any, route: Route, result: str, detail: str = "", actor: str = "") -> None:
    detail = detail or request.full_path.rstrip("?")
    actor = actor or (g.staff.username if g.staff else "")
    add_audit_entry(db, clock().now(), actor, route.audit, detail[:MAX_DETAIL], result)
