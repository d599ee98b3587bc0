"""The command line: ``flask <group> <verb>``. Each file is one group, and is imported when it is called."""

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

GROUPS = (
    "backup", "codes", "db", "doctor", "keys", "links", "questionnaires", "responses", "results", "roster", "run-due",
    "scheme", "staff", "verify", "wave",
)  # fmt: skip


class LazyCommandGroup(AppGroup):
    """A server that never runs a command does not carry what the commands need."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *GROUPS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in GROUPS:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(f".{cmd_name.replace('-', '_')}", __name__).group
        return command


def register(app: Flask) -> None:
    app.cli = LazyCommandGroup(app.name)
