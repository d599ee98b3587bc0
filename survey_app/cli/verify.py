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

from .output import Command, json_option, print_rows


@click.command("verify", cls=Command, help=_("由数据库重新计算冻结清单、更正记录和计数，指出不一致之处"))
@click.option("--wave", "wave_name", help=_("只核对一个批次"))
@json_option
@with_appcontext
def group(wave_name: str | None, as_json: bool) -> None:
    with database().read_session() as session:
        waves = [wave_by_name(session, wave_name)] if wave_name else list_waves(session)
        opened = [wave for wave in waves if wave.opened_at is not None]
        issues = [verify_wave(session, wave, current_app.extensions["categories"]) for wave in opened]
        notes = [verification_note(session, wave) for wave in opened]
        rows = [
            {"wave": wave.name, "issues": [render(issue) for issue in found], "note": render(note) if note else "",
             "records": len(list_records(session, wave.id)), "sha256": current_hash(session, wave)}
            for wave, found, note in zip(opened, issues, notes, strict=True)
        ]  # fmt: skip
    if as_json:
        print_rows(rows, (), as_json)
        click.get_current_context().exit(1 if any(issues) else 0)
    if any(issues):
        raise UserError(*(issue for found in issues for issue in found))
    lines = [
        _("批次“{name}”一致：更正 {n} 条，SHA-256 {hash}", name=row["wave"], n=row["records"], hash=row["sha256"])
        for row in rows
    ]
    lines += [str(row["note"]) for row in rows if row["note"]]
    click.echo("\n".join(lines) or _("没有开放过的批次"))
