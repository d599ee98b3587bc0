"""Writes the commands into ``docs/glossary.md``, with what ``--help`` says of each in both languages.

``python -m scripts.glossary_commands``; the rest of the glossary is written by hand. A test looks that
no command lacks.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click

from survey_app.cli import GROUPS

GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"
BEGIN, END = "<!-- commands -->\n", "<!-- end of commands -->\n"


def commands() -> dict[str, str]:
    """Return every command, with the first sentence of its help in the language of the process."""
    return {
        path: help_text
        for name in sorted(GROUPS)
        for path, help_text in _commands_of(name, import_module(GROUPS[name]).group)
    }


def _commands_of(path: str, command: click.Command) -> Iterator[tuple[str, str]]:
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _commands_of(f"{path} {name}", command.commands[name])
    else:
        yield path, " ".join((command.help or "").partition("\n\n")[0].split())


def main() -> None:
    chinese, english = (_spoken(language) for language in ("zh", "en"))
    rows = [f"| `flask {name}` | {chinese[name]} | {english[name]} |\n" for name in chinese]
    before, _begin, rest = GLOSSARY.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    head = "| 命令 · Command | 说明 | What it does |\n|---|---|---|\n"
    GLOSSARY.write_text("".join([before, BEGIN, head, *rows, END, after]), "utf-8")


def _spoken(language: str) -> dict[str, str]:
    """Help texts are rendered when a command's module is imported: one process a language."""
    program = "import json; from scripts.glossary_commands import commands; print(json.dumps(commands()))"
    environment = os.environ | {"SURVEY_LANGUAGE": language}
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=GLOSSARY.parents[1], capture_output=True, check=True
    )
    spoken: dict[str, str] = json.loads(told.stdout)
    return {name: _of_two(text, language) for name, text in spoken.items()}


def _of_two(text: str, language: str) -> str:
    """The demo's own help is in both languages at once."""
    chinese, separator, english = text.partition(" · ")
    return (english if language == "en" else chinese) if separator else text


if __name__ == "__main__":
    main()
