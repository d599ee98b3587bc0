"""``flask run-due``: everything that is due."""

import click
from flask import current_app
from flask.cli import with_appcontext

from survey_app.accounts.sessions import delete_expired
from survey_app.collection.access import save_wrong_code_counts
from survey_app.collection.answer_uploads import delete_old_uploads
from survey_app.distribution.print_files import delete_old_prints
from survey_app.followup.attachment_folder import attachment_folder, move_into_folder, name_folder
from survey_app.followup.attachments import delete_unlisted
from survey_app.foundation.extensions import clock, database, job_worker, keys, settings
from survey_app.foundation.job import delete_old_jobs
from survey_app.foundation.translation import _
from survey_app.frame.queries import wave_by_name
from survey_app.integrity.lifecycle import RUN_ACTOR, run_due

from .output import Command


@click.command("run-due", cls=Command, help=_("处理所有到期事项：截止、封存、计数、清理。可反复运行，供定时器使用"))
@with_appcontext
def group() -> None:
    actions, warnings = do_what_is_due()
    for line in actions:
        click.echo(line)
    for line in warnings:
        click.echo(line, err=True)


def do_what_is_due() -> tuple[list[str], list[str]]:
    """What was done, and what somebody should know; within a context of the application."""
    now, buckets = clock().now(), current_app.extensions["buckets"]
    result = run_due(database(), keys(), current_app.extensions["categories"], now, settings().seal_after)
    sealed = [name for name, action in result.actions if action == "sealed"]
    if sealed:
        _count_sealed(sealed)
    with database().write_session() as session:
        delete_expired(session, now)
        delete_old_jobs(session, now)
        delete_old_uploads(session, now)
        save_wrong_code_counts(session, buckets)
        folder = name_folder(session, attachment_folder(session, settings().secrets_dir))
        move_into_folder(session, folder)
        delete_unlisted(session, folder)
    delete_old_prints()
    buckets.empty_when_due()
    actions = [f"{subject}: {action}" for subject, action in [*result.actions, *job_worker().run_all()]]
    warnings = []
    if result.is_first:
        warnings.append(_("这是第一次运行：只登记时间，不截止也不封存；到期的批次从下一次运行起处理"))
    elif result.only_recorded:
        warnings.append(
            _("离上次运行超过一小时，或时钟倒退：这一次只登记，不截止也不封存。请核对时钟，下一次运行时处理")
        )
    if result.log_kept_by_reader:
        warnings.append(_("有程序正在读数据库，旧的页面还没有清除，下一次运行再试。请结束正在进行的导出、备份或查询"))
    return actions, warnings


def _count_sealed(names: list[str]) -> None:
    """What results need beyond what the seal counted is asked for here, so that no page has to."""
    from survey_app.reporting.count_requests import (
        request_after_change,  # with numpy: a tick that seals nothing has none
    )

    categories = current_app.extensions["categories"]
    folder = settings().assessment_dir
    with database().write_session() as session:
        for name in names:
            request_after_change(session, wave_by_name(session, name), folder, categories, RUN_ACTOR, clock().now())
