"""``flask codes``: one-time codes on slips, class codes on a notice."""

from pathlib import Path

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.distribution.access_codes import create_codes, wave_key_name
from survey_app.distribution.slips import slips_pdf
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.progress import progress_bar
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _, language
from survey_app.frame.queries import wave_by_name
from survey_app.frame.roster_columns import parse_audience
from survey_app.frame.wave_states import close_time_of

from .output import CommandGroup, write_file
from .printing import allow_local_option, check_office

group = CommandGroup("codes", help=_("邀请码与班级口令"))


@group.command("issue", help=_("印发邀请码（纸条）或班级口令；再次印发会使前一批作废"))
@click.option("--wave", "wave_name", required=True, help=_("批次名称"))
@click.option("--school", required=True, help=_("学校代码"))
@click.option("--audience", required=True, help=_("对象，如 parent"))
@click.option("--count", required=True, type=int, help=_("纸条张数；班级口令为每班答卷上限"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("PDF 文件"))
@allow_local_option
def issue_command(wave_name: str, school: str, audience: str, count: int, out: Path, allow_local: bool) -> None:
    now = clock().now()
    categories = current_app.extensions["categories"]
    audience = parse_audience(audience) or audience
    with database().write_session() as session:
        wave = wave_by_name(session, wave_name)
        office = load_office(session, settings())
        key = keys().get(wave_key_name(wave.id))
        batches = create_codes(session, wave, school, audience, count, key, now, categories, language())
        check_office(
            office, allow_local, {wave_name, *(f"{batch.school_name}{batch.class_label}" for batch in batches)}
        )
        with progress_bar(_("纸条"), sum(len(batch.codes) for batch in batches)) as advance:
            content = slips_pdf(batches, office, wave_name, close_time_of(wave), advance)
        quantity = sum(len(batch.codes) for batch in batches)
        voided = sum(batch.voided_batches for batch in batches)
        add_audit_entry(
            session, now, command_actor(), "codes.issue", f"{wave_name} {school} {audience} {quantity} ({voided})"
        )
        write_file(content, out)
    click.echo(_("已印发 {n} 个码", n=quantity))
    if voided:
        click.echo(_("前一批已作废；已经用它提交的答卷仍然有效"))
