"""A command that a document tells people to type exists, with its options and what it requires."""

import re
import shlex
from importlib import import_module

import click
import pytest

from survey_app.cli import GROUPS
from survey_app.foundation.settings import PROJECT

PAGES = sorted(
    path.relative_to(PROJECT).as_posix()
    for path in [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
    if path.name != "CHANGELOG.md"
)
PROGRAM = re.compile(r"(?:\.venv/bin/flask|(?<![\w/.-])(?:survey-)?flask) (.*)")
FROM_FLASK = {"run", "routes", "shell"}


def lines(page: str) -> list[str]:
    """Command lines of blocks of code, continued lines joined, without remarks."""
    text = re.sub(r"\\\n\s*", " ", (PROJECT / page).read_text("utf-8"))
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.M | re.S)
    typed = [line for block in blocks for line in block.splitlines() if not line.startswith(("  ", "- "))]
    found = [match[1] for line in typed if (match := PROGRAM.search(line))]
    return [re.split(r"\s+#\s|\s{3,}", line)[0] for line in found]


def mentions(page: str) -> list[str]:
    return re.findall(r"`(?:survey-)?flask ([a-z][^`]*)`", (PROJECT / page).read_text("utf-8"))


def find(words: list[str]) -> tuple[click.Command | None, list[str]]:
    """The command of the words, and what follows its name."""
    if not words or words[0] not in GROUPS:
        return None, words
    command: click.Command = import_module(GROUPS[words[0]]).group
    rest = words[1:]
    while isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command, rest = command.commands[rest[0]], rest[1:]
    return command, rest


@pytest.mark.parametrize("page", [page for page in PAGES if lines(page)])
def test_a_line_to_type_is_taken_by_its_command(page: str) -> None:
    for line in lines(page):
        words = shlex.split(line)
        if words[0] in FROM_FLASK:
            continue
        command, rest = find(words)
        assert command is not None, f"{page}: {line}"
        assert not isinstance(command, click.Group), f"{page}: {line} is not whole"
        given = {word.partition("=")[0] for word in rest if word.startswith("--")}
        known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        assert given <= known | {"--help"}, f"{page}: {line}: no {given - known}"
        required = [parameter for parameter in command.params if parameter.required and parameter.opts[0][:2] == "--"]
        lacking = [parameter.opts[0] for parameter in required if not given & set(parameter.opts)]
        assert not lacking, f"{page}: {line} lacks {lacking}"
        if words[:2] == ["wave", "create"]:
            assert "--access" in given, f"{page}: {line} is refused without --access (K1)"


@pytest.mark.parametrize("page", [page for page in PAGES if mentions(page)])
def test_a_command_that_is_mentioned_exists(page: str) -> None:
    for mention in mentions(page):
        words = re.split(r"[\s…/|]+", mention)
        if words[0] in FROM_FLASK:
            continue
        command, rest = find(words)
        assert command is not None, f"{page}: flask {mention}"
        options = {word for word in rest if word.startswith("--")}
        known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        if not isinstance(command, click.Group):
            assert options <= known | {"--help"}, f"{page}: flask {mention}"
        elif rest:
            assert rest[0] in command.commands or rest[0].startswith("-"), f"{page}: flask {mention}"


def test_the_lines_are_found() -> None:
    assert len(lines("README.md")) >= 12
    assert len(lines("docs/operate.md")) >= 12
    assert "--access" in " ".join(lines("README.md"))
