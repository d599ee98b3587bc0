"""``flask verify``: whether the tables still say what was fixed and counted."""

import click
from flask import current_app
from flask.cli import with_appcontext

from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import database
from survey_app.foundation.translation import _, render
from survey_app.frame.manifest import current_hash, list_records
from survey_app.frame.queries import list_waves, wave_by_name
from survey_app.integrity.verify import verification_note, verify_wave

from .output import Command


@click.command("verify", cls=Command, help=_("由数据库重新计算冻结清单、更正记录和计数，指出不一致之处"))
@click.option("--wave", "wave_name", help=_("只核对一个批次"))
@with_appcontext
def group(wave_name: str | None) -> None:
    with database().read_session() as session:
        waves = [wave_by_name(session, wave_name)] if wave_name else list_waves(session)
        opened = [wave for wave in waves if wave.opened_at is not None]
        issues = [
            issue for wave in opened for issue in verify_wave(session, wave, current_app.extensions["categories"])
        ]
        lines = [
            _("批次“{name}”一致：更正 {n} 条，SHA-256 {hash}",
              name=wave.name, n=len(list_records(session, wave.id)), hash=current_hash(session, wave))
            for wave in opened
        ]  # fmt: skip
        lines += [render(note) for wave in opened if (note := verification_note(session, wave)) is not None]
    if issues:
        raise UserError(*issues)
    click.echo("\n".join(lines) or _("没有开放过的批次"))
