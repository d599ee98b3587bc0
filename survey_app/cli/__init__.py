"""The command line: ``flask <group> <verb>``. Each file is one group, and is imported when it is called."""

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

GROUPS = {
    name: f"survey_app.cli.{name.replace('-', '_')}"
    for name in (
        "backup", "cases", "catalogue", "codes", "db", "doctor", "documents", "keys", "links", "questionnaires",
        "responses", "results", "roster", "run-due", "scheme", "settings", "staff", "verify", "wave", "year",
    )
} | {"demo": "survey_app.demo.command", "serve": "survey_app.demo.start"}  # fmt: skip


class LazyCommandGroup(AppGroup):
    """A server that never runs a command does not carry what the commands need."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *GROUPS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in GROUPS:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(GROUPS[cmd_name]).group
        return command


def register(app: Flask) -> None:
    app.cli = LazyCommandGroup(app.name)
