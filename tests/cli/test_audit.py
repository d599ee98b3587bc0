"""What commands did, and what they were refused, is in the audit."""

import click
import pytest
from flask import Flask
from sqlalchemy import text

from survey_app.cli import GROUPS, LazyCommandGroup
from survey_app.cli.audit import BEFORE_THE_TABLES, GIVING_AWAY, READING
from survey_app.cli.output import AuditedCommand, CommandGroup
from testing.district import District
from testing.time import seal_by_time


def entries(district: District) -> list[tuple[str, ...]]:
    with district.app.extensions["database"].read_session() as session:
        rows = session.execute(text("SELECT action, detail, result FROM audit_entry ORDER BY id"))
        return [tuple(row) for row in rows]


def test_a_refused_command_says_why(small_district: District) -> None:
    """S-M13: a refusal left nothing, or "done"."""
    small_district.command("wave", "close", "不存在", code=1)
    ((action, detail, result),) = entries(small_district)
    assert (action, detail) == ("wave.close", "不存在")
    assert result.startswith("refused: ")


def test_a_command_that_was_done_is_one_entry(small_district: District) -> None:
    small_district.command("wave", "close", small_district.wave)
    assert entries(small_district) == [("wave.close", small_district.wave, "done")]


def test_what_is_given_away_is_written_when_it_was_given(small_district: District) -> None:
    """S-M13: tables that the command line printed were missing; an export was "done" before it was refused."""
    wave = small_district.wave
    small_district.command("responses", "export", "--wave", wave, code=1)
    small_district.send_many(small_district.link(), 12)
    small_district.sealed().command("results", "indices", "--wave", wave)
    small_district.command("responses", "export", "--wave", wave)
    refused, *done = entries(small_district)
    assert refused[0] == "responses.export"
    assert refused[2].startswith("refused: ")
    assert [(action, result) for action, _detail, result in done] == [
        ("results.indices", "done"), ("responses.export", "done")
    ]  # fmt: skip


def test_what_the_timer_did_is_written(small_district: District) -> None:
    """S-M13: the seal was missing."""
    seal_by_time(small_district)
    actions = ("wave.close", "wave.seal", "key.destroy", "wave.clean")
    assert entries(small_district) == [(action, small_district.wave, "done") for action in actions]


def test_what_only_reads_leaves_nothing(small_district: District) -> None:
    small_district.command("wave", "list")
    small_district.command("wave", "show", "不存在", code=1)
    assert entries(small_district) == []


def made_up_group() -> CommandGroup:
    group = CommandGroup("invented")

    @group.command("change")
    def change_command() -> None:
        click.echo("changed")

    return group


def test_a_command_that_forgets_its_entry_is_caught(sqlite_app: Flask) -> None:
    sqlite_app.cli.add_command(made_up_group())
    result = sqlite_app.test_cli_runner().invoke(args=["invented", "change"])
    assert isinstance(result.exception, RuntimeError)
    assert "invented change left no entry" in str(result.exception)


def test_in_use_the_forgotten_entry_is_made_all_the_same(small_district: District) -> None:
    small_district.app.testing = False
    small_district.app.cli.add_command(made_up_group())
    small_district.command("invented", "change")
    assert entries(small_district) == [("invented.change", "", "done")]


@pytest.mark.parametrize("names", [READING, GIVING_AWAY, BEFORE_THE_TABLES])
def test_the_lists_name_commands_that_exist(sqlite_app: Flask, names: frozenset[str]) -> None:
    assert isinstance(sqlite_app.cli, LazyCommandGroup)
    context = click.Context(sqlite_app.cli)
    existing = set()
    for name in GROUPS:
        group = sqlite_app.cli.get_command(context, name)
        if isinstance(group, CommandGroup):
            existing |= {f"{name} {command}" for command in group.commands}
            assert all(isinstance(command, AuditedCommand) for command in group.commands.values()), name
    assert names <= existing
