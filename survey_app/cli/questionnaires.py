"""``flask questionnaires``: questionnaire files."""

import json
from pathlib import Path

import click
from flask import current_app

from survey_app.definition.nodes import DefinitionFaulty, Fault
from survey_app.definition.parse import read_instrument
from survey_app.foundation.translation import _, say
from survey_app.frame.instrument_catalogue import InstrumentCatalogue

from .output import Group, json_option

group = Group("questionnaires", help=_("问卷文件"))


@group.command("check", help=_("检查问卷文件，列出每一处错误的文件、行和列；不写文件名则检查全部"))
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@json_option
def check_command(files: tuple[Path, ...], as_json: bool) -> None:
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    paths = list(files) or catalogue.files()
    faults: list[Fault] = []
    for path in paths:
        try:
            read_instrument(path, catalogue.categories())
        except DefinitionFaulty as error:
            faults += error.faults
    if as_json:
        click.echo(json.dumps([_row(fault) for fault in faults], ensure_ascii=False, indent=1))
    elif faults:
        for fault in faults:
            click.echo(f"{fault.place}: {say(fault.message)}", err=True)
    else:
        click.echo(_("{n} 份问卷文件没有错误", n=len(paths)))
    if faults:
        raise SystemExit(1)


def _row(fault: Fault) -> dict[str, object]:
    place = fault.place
    return {"file": place.file, "line": place.line, "column": place.column, "message": say(fault.message)}
