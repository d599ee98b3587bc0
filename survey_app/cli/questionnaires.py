"""``flask questionnaires``: questionnaire files."""

import json
from pathlib import Path

import click
from flask import current_app

from survey_app.authoring.review.file_review import review_file
from survey_app.collection.preview import preview_pages
from survey_app.definition.messages import message
from survey_app.definition.nodes import Issue, SourcePosition
from survey_app.definition.parse import read_instrument
from survey_app.definition.schema import instrument_schema
from survey_app.foundation.translation import _, render
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from survey_app.frame.roster_columns import parse_audience

from .output import CommandGroup, json_option, make_directory, out_option, write_file
from .questionnaire_books import export_command, template_command
from .questionnaire_import import import_command
from .questionnaire_review import accepted_lines, print_review, review_any, review_row

group = CommandGroup("questionnaires", help=_("问卷文件"))
group.add_command(import_command)
group.add_command(export_command)
group.add_command(template_command)


@group.command("check", help=_("检查问卷文件，列出每一处错误的文件、行和列；不写文件名则检查全部"))
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@json_option
def check_command(files: tuple[Path, ...], as_json: bool) -> None:
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    paths = list(files) or catalogue.files()
    issues: list[Issue] = []
    accepted: list[str] = []
    for path in paths:
        review = review_file(path, catalogue.categories())
        issues += review.stopping()
        accepted += accepted_lines(review)
        issues += catalogue.file_name_issues(path, review.instrument) if review.instrument else []
    for path in () if files else catalogue.misnamed_files():
        issues.append(Issue(SourcePosition(str(path), 1, 1), message("扩展名不是 .yaml，这个文件不会被使用")))
    if as_json:
        click.echo(json.dumps([_row(issue) for issue in issues], ensure_ascii=False, indent=1))
    elif issues:
        for issue in issues:
            click.echo(f"{issue.position}: {render(issue.message)}", err=True)
    else:
        for line in (_("{n} 份问卷文件没有错误", n=len(paths)), *accepted):
            click.echo(line)
    if issues:
        raise SystemExit(1)


@group.command("preview", help=_("把问卷文件写成手机上的表单（HTML），不需要数据库"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--audience", required=True, help=_("对象，如 parent"))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help=_("文件夹"))
def preview_command(file: Path, audience: str, out: Path) -> None:
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    categories = catalogue.categories()
    instrument = read_instrument(file, categories)
    with current_app.test_request_context():
        pages = preview_pages(instrument, parse_audience(audience) or audience, categories)
    make_directory(out)
    for name, page in pages.items():
        write_file(page, out / name)


@group.command("review", help=_("审阅题目的说法、选项和整份问卷；不写文件名则审阅全部。有错误的问卷不能开放批次"))
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--audience", default="", help=_("对象，如 parent；要导入的文件没有写明问谁时用"))
@json_option
def review_command(files: tuple[Path, ...], audience: str, as_json: bool) -> None:
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    categories = catalogue.categories()
    reviews = [(str(path), review_any(path, audience, categories)) for path in files or catalogue.files()]
    if as_json:
        click.echo(json.dumps({"files": [review_row(*entry) for entry in reviews]}, ensure_ascii=False, indent=1))
    else:
        for file, review in reviews:
            print_review(file, review)
    if any(review.stopping() for _file, review in reviews):
        raise SystemExit(1)


@group.command("schema", help=_("问卷文件格式的 JSON Schema，编辑器用它补全和指出错误"))
@out_option
def schema_command(out: Path | None) -> None:
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    text = json.dumps(instrument_schema(catalogue.categories()), ensure_ascii=False, indent=1)
    if out:
        write_file(text.encode() + b"\n", out)
    else:
        click.echo(text)


def _row(issue: Issue) -> dict[str, object]:
    position = issue.position
    return {"file": position.file, "line": position.line, "column": position.column, "message": render(issue.message)}
