"""The glossary names every table and every command."""

from importlib import import_module
from pkgutil import walk_packages

import survey_app
from scripts.glossary_commands import commands
from survey_app.foundation.db import Base
from survey_app.foundation.settings import PROJECT

GLOSSARY = (PROJECT / "docs" / "glossary.md").read_text("utf-8")
ROWS = [line.strip("|\n ").split(" | ") for line in GLOSSARY.splitlines() if line.startswith("| ")]


def test_every_table_has_its_row() -> None:
    for module in walk_packages(survey_app.__path__, "survey_app."):
        if module.name.endswith((".models", ".job", ".stored_settings")):
            import_module(module.name)
    named = {row[0].strip("`") for row in ROWS if len(row) == 5}
    assert len(named) >= 30
    assert Base.metadata.tables.keys() - named == set(), "add a row to 数据库的表 in docs/glossary.md"


def test_every_command_has_its_row() -> None:
    named = {row[0].strip("`").removeprefix("flask ") for row in ROWS if row[0].startswith("`flask ")}
    assert set(commands()) == named, "run python -m scripts.glossary_commands"
