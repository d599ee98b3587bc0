"""``flask questionnaires import``: a file that the office has becomes a draft."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from survey_app.authoring.draft_yaml import write_yaml
from survey_app.foundation.errors import UserError, user_error
from survey_app.foundation.translation import _, render
from survey_app.frame.draft_import import (
    ONE_FORM_ONLY,
    OUTCOME_SENTENCES,
    ImportedDraft,
    import_source,
    refused_content,
)
from survey_app.frame.draft_readers import ReadOptions
from survey_app.frame.instrument_catalogue import InstrumentCatalogue
from survey_app.frame.roster_columns import parse_audience

from .output import AuditedCommand, json_option, write_file

LISTS = ("taken", "asked", "left", "furniture")


@click.command(
    "import",
    cls=AuditedCommand,
    help=_("把已有的问卷（文字、表格）读成草稿：每一行都有下落，不知道的留空；写了 --out 才保存"),
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--audience", default="", help=_("对象，如 parent"))
@click.option("--sheet", default="", help=_("工作表的名字，不写则全部"))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=_("写成问卷文件（YAML）"))
@click.option(
    "--previous",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("上次导入写成的问卷文件：沿用题号、代码和已填的内容，列出新题、改动和少了的题"),
)
@click.option(
    "--faults-out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("表格有问题时，写出原表，前面加一列“问题”"),
)
@json_option
@with_appcontext
def import_command(
    file: Path,
    audience: str,
    sheet: str,
    out: Path | None,
    previous: Path | None,
    faults_out: Path | None,
    as_json: bool,
) -> None:
    catalogue: InstrumentCatalogue = current_app.extensions["catalogue"]
    options = ReadOptions(_audience(audience), sheet, str(catalogue.directory))
    try:
        draft = import_source(file, options, out.stem if out else "", previous, with_sheets=faults_out is not None)
        if draft.goes_on_from_nothing:
            raise UserError(ONE_FORM_ONLY)
    except UserError as error:
        if not as_json:
            raise
        _print_json(refused_content(file.name, error))
        raise SystemExit(1) from error
    if faults_out and draft.sheets and draft.content["faults"]:
        from survey_app.reporting.xlsx.questionnaire_books import workbook_with_faults

        write_file(workbook_with_faults(draft.sheets, draft.fault_messages(), draft.heading_rows), faults_out)
    if out and not draft.is_refused:
        _write_instruments(draft, out)
    if as_json:
        faults = [fault | {"message": render(sentence)} for fault, sentence in draft.fault_messages()]
        _print_json(draft.content | {"faults": faults})
    else:
        for line in _sentences(draft):
            click.echo(line, err=draft.is_refused)
    if draft.is_refused:
        raise SystemExit(1)


def _audience(word: str) -> str:
    if not word:
        return ""
    audience = parse_audience(word)
    if audience is None:
        raise user_error("没有“{word}”这种对象", word=word)
    return audience


def _print_json(content: Mapping[str, Any]) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=render))


def _write_instruments(draft: ImportedDraft, out: Path) -> None:
    for number, content in enumerate(draft.instruments, 1):
        target = out if number == 1 else out.with_stem(f"{out.stem}-{number}")
        write_file(write_yaml(content).encode(), target)


def _sentences(draft: ImportedDraft) -> Iterator[str]:
    counts = draft.content["counts"]
    yield _(
        "{file}：{outcome}", file=draft.content["file"], outcome=render(OUTCOME_SENTENCES[draft.content["outcome"]])
    )
    yield _("共 {source} 行：读入 {taken}，要问的 {asked}，没有读入 {left}，页眉页脚等 {furniture}", **counts)
    if draft.revision:
        yield from _changes(draft.revision)
    for fault, sentence in draft.fault_messages():
        place = _place(fault)
        yield f"{place}{render(sentence)}" if place else render(sentence)


def _changes(revision: Mapping[str, Any]) -> Iterator[str]:
    yield _("沿用 {n} 题", n=len(revision["kept"]))
    for change in revision["changed"]:
        yield _("{id} 改了字：“{before}” → “{after}”", **change)
    if revision["new"]:
        yield _("新题：{ids}", ids=" ".join(revision["new"]))
    if revision["gone"]:
        yield _("不再有：{ids}；已写进 retired，题号不再使用", ids=" ".join(revision["gone"]))


def _place(fault: Mapping[str, Any]) -> str:
    if "line" in fault:
        return _("第 {line} 行：", line=fault["line"])
    if "row" in fault:
        return f"{fault['sheet']}!{fault.get('column', '')}{fault['row']}: "
    return f"{fault['question']}: " if "question" in fault else ""
