"""Every command that changes or gives away something leaves an entry: what it did, or why it was refused.

A command that changes something writes ``done`` in the transaction of the change. Refusals, and what was only given
away, are written here. A command that is not listed and leaves no entry fails in tests; in use the entry is made late.
"""

from contextlib import suppress

import click
from flask import current_app, has_app_context

from survey_app.accounts.audit import DONE, add_audit_entry, command_actor
from survey_app.foundation.db import DatabaseUnavailable
from survey_app.foundation.extensions import clock, database

MAX_DETAIL = 300
READING = frozenset(
    {
        "codes list",
        "db check",
        "links list",
        "links paper",
        "questionnaires check",
        "questionnaires export",
        "questionnaires import",
        "questionnaires preview",
        "questionnaires review",
        "questionnaires schema",
        "questionnaires template",
        "results from-counts",
        "results from-sample",
        "roster template",
        "scheme check",
        "scheme diff",
        "settings list",
        "staff denials",
        "staff list",
        "wave list",
        "wave show",
        "year list",
        "year show",
    }
)
GIVING_AWAY = frozenset(
    {
        "cases list",
        "documents district-report",
        "documents leader-page",
        "documents school-reports",
        "documents year-book",
        "links posters",
        "responses export",
        "results frames",
        "results indices",
        "results items",
        "results marks",
        "results quality",
        "results ranking",
        "results report",
        "scheme try",
    }
)
BEFORE_THE_TABLES = frozenset({"db upgrade"})  # the audit may not be there yet


def name_of(ctx: click.Context) -> str:
    """``wave close``: the group and the command, as they are typed."""
    return f"{ctx.parent.info_name} {ctx.info_name}" if ctx.parent else str(ctx.info_name)


def must_leave_an_entry(ctx: click.Context) -> bool:
    return name_of(ctx) not in READING | BEFORE_THE_TABLES and not ctx.params.get("dry_run")


def complete_audit(ctx: click.Context) -> None:
    """Write the entry that the command did not."""
    if name_of(ctx) not in GIVING_AWAY:
        if current_app.testing:
            raise RuntimeError(
                f"flask {name_of(ctx)} left no entry in the audit; if it reads only, say so in cli/audit.py"
            )
        current_app.logger.error("flask %s left no entry in the audit", name_of(ctx))
    record_outcome(ctx, DONE)


def record_outcome(ctx: click.Context, result: str) -> None:
    """Write the result of a command with what was asked for; without a database there is nowhere to write it."""
    if not has_app_context():
        return
    detail = " ".join(str(value) for value in ctx.params.values() if value not in (None, "", False))
    with suppress(DatabaseUnavailable), database().write_session() as session:
        action = name_of(ctx).replace(" ", ".")
        add_audit_entry(session, clock().now(), command_actor(), action[:50], detail[:MAX_DETAIL], result)
