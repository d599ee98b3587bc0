"""``flask run-due``: everything that is due."""

import click
from flask import current_app
from flask.cli import with_appcontext

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.accounts.sessions import delete_expired
from survey_app.foundation.extensions import clock, database, job_worker, keys
from survey_app.foundation.job import delete_old_jobs
from survey_app.foundation.translation import _
from survey_app.integrity.seal import run_due

from .output import Command


@click.command("run-due", cls=Command, help=_("处理所有到期事项：截止、封存、计数、清理。可反复运行，供定时器使用"))
@with_appcontext
def group() -> None:
    now = clock().now()
    actions = run_due(database(), keys(), current_app.extensions["categories"], now)
    with database().write_session() as session:
        delete_expired(session, now)
        delete_old_jobs(session, now)
        for wave, action in actions:
            add_audit_entry(session, now, command_actor(), f"wave.{action}", wave)
    for subject, action in [*actions, *job_worker().run_all()]:
        click.echo(f"{subject}: {action}")
