"""``flask codes``: one-time codes on slips, class codes on a notice."""

from pathlib import Path

import click

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.distribution.access_codes import create_codes, wave_key_name
from survey_app.distribution.slips import slips_pdf
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.translation import _
from survey_app.frame.queries import wave_by_name

from .output import CommandGroup, write_file

group = CommandGroup("codes", help=_("邀请码与班级口令"))


@group.command("issue", help=_("印发邀请码（纸条）或班级口令；再次印发会使前一批作废"))
@click.option("--wave", "wave_name", required=True, help=_("批次名称"))
@click.option("--school", required=True, help=_("学校代码"))
@click.option("--audience", required=True, help=_("对象，如 parent"))
@click.option("--count", required=True, type=int, help=_("纸条张数；班级口令为每班答卷上限"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("PDF 文件"))
def issue_command(wave_name: str, school: str, audience: str, count: int, out: Path) -> None:
    now = clock().now()
    with database().write_session() as session:
        wave = wave_by_name(session, wave_name)
        batches = create_codes(session, wave, school, audience, count, keys().read(wave_key_name(wave.id)), now)
        content = slips_pdf(batches, settings().base_url, wave_name)
        quantity = sum(len(batch.codes) for batch in batches)
        voided = sum(batch.voided_batches for batch in batches)
        add_audit_entry(
            session, now, command_actor(), "codes.issue", f"{wave_name} {school} {audience} {quantity} ({voided})"
        )
        write_file(content, out)
    click.echo(_("已印发 {n} 个码", n=quantity))
    if voided:
        click.echo(_("前一批已作废；已经用它提交的答卷仍然有效"))
