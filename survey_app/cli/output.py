"""What all commands share: refusals to stderr with exit status 1, and lists as text or JSON."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from survey_app.definition.nodes import DefinitionFaulty
from survey_app.foundation.errors import Refused
from survey_app.foundation.translation import _, say

json_option = click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
out_option = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help=_("写入文件，不写则输出到屏幕")
)


class _Refusals(click.Command):
    """A command that may raise :class:`Refused` or :class:`DefinitionFaulty`: the reasons to stderr, exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as error:
            for line in error.lines:
                click.echo(say(line), err=True)
        except DefinitionFaulty as error:
            for fault in error.faults:
                click.echo(f"{fault.place}: {say(fault.message)}", err=True)
        ctx.exit(1)


class Command(_Refusals):
    """A command that stands alone, such as ``flask doctor``."""


class Group(_Refusals, AppGroup):
    """A group of commands."""


def listing(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], as_json: bool) -> None:
    """Rows as JSON, or as columns separated by tabs with a heading."""
    if as_json:
        click.echo(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=1, default=str))
        return
    click.echo("\t".join(columns))
    for row in rows:
        click.echo("\t".join("" if row[column] is None else str(row[column]) for column in columns))


def written(text: str, out: Path | None) -> None:
    """To a file, or to the screen as UTF-8."""
    if out is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    else:
        saved(text.encode(), out)


def saved(content: bytes, out: Path) -> None:
    """Writes a file or says why not."""
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.FileError(str(out), hint=error.strerror) from error
    click.echo(_("已写入 {file}", file=str(out)), err=True)
