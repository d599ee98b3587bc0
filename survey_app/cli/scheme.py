"""``flask scheme``: assessment schemes."""

from pathlib import Path

import click
from flask import current_app

from survey_app.assessment.schemes import DEFAULT_SCHEME_FILE, Scheme, read_scheme
from survey_app.foundation.extensions import settings
from survey_app.foundation.translation import _, language

from .output import CommandGroup

group = CommandGroup("scheme", help=_("考核方案"))


def load_scheme(path: Path | None) -> Scheme:
    """The scheme in a file, or the shipped default."""
    return read_scheme(path or settings().assessment_dir / DEFAULT_SCHEME_FILE, current_app.extensions["categories"])


@group.command("check", help=_("检查考核方案；不写文件名则检查默认方案"))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def check_command(file: Path | None) -> None:
    scheme = load_scheme(file)
    click.echo(_("方案“{title}”没有错误", title=scheme.title.in_language(language())))
    for category, weights in scheme.weights.items():
        click.echo(f"{category}: " + ", ".join(f"{audience} {weight:g}" for audience, weight in weights.items()))
