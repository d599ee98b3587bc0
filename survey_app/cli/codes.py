"""``flask codes``: one-time codes on slips, class codes on a notice."""

from pathlib import Path

import click

from survey_app.accounts.audit import command_actor, record
from survey_app.distribution.access_codes import issue, wave_key_name
from survey_app.distribution.slips import slips_pdf
from survey_app.foundation.extensions import clock, database, keys, settings
from survey_app.foundation.translation import _
from survey_app.frame.queries import wave_named

from .output import Group, saved

group = Group("codes", help=_("邀请码与班级口令"))


@group.command("issue", help=_("印发邀请码（纸条）或班级口令；再次印发会使前一批作废"))
@click.option("--wave", "wave_name", required=True, help=_("批次名称"))
@click.option("--school", required=True, help=_("学校代码"))
@click.option("--audience", required=True, help=_("对象，如 parent"))
@click.option("--count", required=True, type=int, help=_("纸条张数；班级口令为每班答卷上限"))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("PDF 文件"))
def issue_command(wave_name: str, school: str, audience: str, count: int, out: Path) -> None:
    now = clock().now()
    with database().committed() as session:
        wave = wave_named(session, wave_name)
        issued = issue(session, wave, school, audience, count, keys().get(wave_key_name(wave.id)), now)
        content = slips_pdf(issued, settings().base_url, wave_name)
        quantity = sum(len(batch.codes) for batch in issued)
        voided = sum(batch.voided for batch in issued)
        record(session, now, command_actor(), "codes.issue", f"{wave_name} {school} {audience} {quantity} ({voided})")
        saved(content, out)
    click.echo(_("已印发 {n} 个码", n=quantity))
    if voided:
        click.echo(_("前一批已作废；已经用它提交的答卷仍然有效"))
