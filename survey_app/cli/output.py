"""What all commands share: refusals to stderr with exit status 1, and lists as text or JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from survey_app.accounts.audit import refused, watch_audit
from survey_app.definition.nodes import DefinitionError
from survey_app.foundation.errors import UserError
from survey_app.foundation.private_files import make_private_directory, write_private_file
from survey_app.foundation.translation import _, render

from .audit import complete_audit, must_leave_an_entry, record_outcome
from .hints import command_hint

json_option = click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
out_option = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help=_("写入文件，不写则输出到屏幕")
)


class _Refusals(click.Command):
    """A command whose input or moment may be refused: the reasons to stderr, exit status 1. The one place for it."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            for line in error.messages:
                click.echo(render(line), err=True)
                if hint := command_hint(line):
                    click.echo(f"  {hint}", err=True)
        except DefinitionError as error:
            for fault in error.issues:
                click.echo(f"{fault.position}: {render(fault.message)}", err=True)
        ctx.exit(1)


class AuditedCommand(click.Command):
    """A command of a group. What it did, or why it was refused, is in the audit when it has ended."""

    def invoke(self, ctx: click.Context) -> Any:
        if not must_leave_an_entry(ctx):
            return super().invoke(ctx)
        with watch_audit() as stored:
            try:
                result = super().invoke(ctx)
            except UserError as error:
                if not stored:
                    record_outcome(ctx, refused(" ".join(map(str, error.messages))))
                raise
        if not stored:
            complete_audit(ctx)
        return result


class Command(_Refusals):
    """A command that stands alone, such as ``flask doctor``."""


class CommandGroup(_Refusals, AppGroup):
    """A group of commands."""

    command_class = AuditedCommand


def print_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], as_json: bool) -> None:
    """Rows as JSON, or as columns separated by tabs with a heading."""
    if as_json:
        click.echo(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=1, default=str))
        return
    click.echo("\t".join(columns))
    for row in rows:
        click.echo("\t".join("" if row[column] is None else str(row[column]) for column in columns))


def print_warning(text: str) -> None:
    click.echo(_("提醒：") + text, err=True)


def make_directory(path: Path) -> None:
    try:
        make_private_directory(path)
    except OSError as error:
        raise click.FileError(str(path), hint=error.strerror) from error


def write_file(content: bytes, out: Path) -> None:
    """Write a file for its owner only, or say why not: slips, answers and figures are for the office."""
    try:
        write_private_file(out, content)
    except OSError as error:
        raise click.FileError(str(out), hint=error.strerror) from error
    click.echo(_("已写入 {file}", file=str(out)), err=True)
