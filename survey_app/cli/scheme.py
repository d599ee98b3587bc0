"""``flask scheme``: assessment schemes."""

from pathlib import Path

import click

from survey_app.assessment.mark_sources import MARK_FUNCTION_TEXTS, MARK_SOURCES
from survey_app.assessment.scheme_difference import compare_schemes
from survey_app.assessment.scheme_rules import Marks
from survey_app.foundation.translation import _, language, render

from . import scheme_trial
from .output import json_option, print_rows
from .scheme_group import group, load_scheme

__all__ = ["group", "scheme_trial"]

_DIFFERENCE_COLUMNS = ("path", "before", "after")


@group.command("check", help=_("检查考核方案；不写文件名则检查默认方案"))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def check_command(file: Path | None) -> None:
    scheme = load_scheme(file)
    click.echo(_("方案“{title}”没有错误", title=scheme.title.in_language(language())))
    for category, weights in scheme.weights.items():
        click.echo(f"{category}: " + ", ".join(f"{audience} {weight:g}" for audience, weight in weights.items()))
    if scheme.rules is not None and scheme.rules.marks is not None:
        _explain_marks(scheme.rules.marks)


def _explain_marks(marks: Marks) -> None:
    click.echo(_("满分 {full:g} 分：", full=marks.full))
    for line in marks.lines:
        points = marks.full * line.share / 100
        limits = f" {line.zero_at:g}–{line.full_at:g}" if line.zero_at is not None else ""
        click.echo(f"{line.id}: {line.source} {points:g}, {line.function}{limits}")
        click.echo(f"  {render(MARK_SOURCES[line.source.kind].explanation)}")
        click.echo(f"  {render(MARK_FUNCTION_TEXTS[line.function].explanation)}")


@group.command("diff", help=_("两份考核方案有哪些不同"))
@click.argument("before", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("after", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def diff_command(before: Path, after: Path, as_json: bool) -> None:
    changes = compare_schemes(load_scheme(before), load_scheme(after))
    rows = [{"path": change.path, "before": change.before, "after": change.after} for change in changes]
    print_rows(rows, _DIFFERENCE_COLUMNS, as_json)
    if not rows:
        click.echo(_("两份方案内容相同"), err=True)
