"""``flask doctor``: what is wrong or risky with this installation."""

import click
from flask.cli import with_appcontext

from survey_app.followup.attachment_folder import attachment_folder
from survey_app.followup.attachments import faulty_attachments
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import database, settings
from survey_app.foundation.translation import _, render
from survey_app.integrity.doctor import run_checks

from .output import Command, json_option, print_rows


@click.command("doctor", cls=Command, help=_("检查数据库设置、密钥权限和版本"))
@json_option
@with_appcontext
def group(as_json: bool) -> None:
    findings = run_checks(database(), settings())
    if as_json:
        rows = [{"fatal": finding.is_fatal, "message": render(finding.message)} for finding in findings]
        print_rows(rows, (), as_json)
        click.get_current_context().exit(1 if any(finding.is_fatal for finding in findings) else 0)
    for finding in findings:
        if not finding.is_fatal:
            click.echo(_("提醒：") + render(finding.message), err=True)
    fatal = [finding.message for finding in findings if finding.is_fatal]
    if fatal:
        raise UserError(*fatal)
    with database().read_session() as session:
        for name in faulty_attachments(session, attachment_folder(session, settings().secrets_dir), is_quick=True):
            click.echo(_("提醒：") + _("缺少附件：{name}", name=name), err=True)
    click.echo(_("自检通过"))
