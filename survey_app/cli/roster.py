"""``flask roster``: schools and how many people belong to them."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.definition.messages import message
from survey_app.foundation.errors import UserError
from survey_app.foundation.extensions import clock, database
from survey_app.foundation.pdf import missing_glyphs
from survey_app.foundation.translation import _, render
from survey_app.frame.queries import list_enrolment
from survey_app.frame.roster import Roster
from survey_app.frame.roster_columns import column_label
from survey_app.frame.roster_import import RosterChange, apply_roster, change_notes, compare_roster
from survey_app.frame.roster_reader import ReadingOptions, read_rosters
from survey_app.reporting.tabular.csv_writer import csv_text
from survey_app.reporting.tabular.roster_sample import SAMPLE_COLUMNS, sample_rows
from survey_app.reporting.xlsx.roster_books import roster_template, workbook_with_problems

from .hints import command_hint
from .output import CommandGroup, json_option, print_warning, write_file

group = CommandGroup("roster", help=_("学校名册"))
MAX_LISTED = 10
file_argument = click.Path(dir_okay=False, path_type=Path)


@group.command("import", help=_("导入名册（xlsx、csv，可几个文件）：全部成功或一行也不写入；列见 docs/files.md"))
@click.argument("files", nargs=-1, required=True, type=file_argument)
@click.option("--dry-run", is_flag=True, help=_("只看会有什么变化，不写入"))
@click.option("--remove-missing", is_flag=True, help=_("确认名册里没有的学校不再参加"))
@click.option("--keep-missing", is_flag=True, help=_("这份表只是补充：没有列出的学校保留"))
@click.option("--sheet", "sheets", multiple=True, help=_("只读这个工作表，可多次"))
@click.option("--parents-by-children", is_flag=True, help=_("没有家长数的学校，家长数取学生数（每个学生一位家长）"))
@click.option("--faults-out", type=file_argument, help=_("有错误时，把原表加一列“问题”写到这个 xlsx 文件"))
@json_option
def import_command(
    files: tuple[Path, ...], dry_run: bool, remove_missing: bool, keep_missing: bool, sheets: tuple[str, ...],
    parents_by_children: bool, faults_out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    options = ReadingOptions(sheets, parents_by_children)
    roster = read_rosters(files, current_app.extensions["categories"], missing_glyphs, options)
    for issue in roster.warnings:
        print_warning(render(issue.to_message()))
    if faults_out and (roster.errors or roster.warnings):
        write_file(workbook_with_problems(roster), faults_out)
    if roster.errors:
        raise _errors(roster)
    with database().read_session() as session:
        change = compare_roster(session, roster)
    if dry_run:
        _print_change(roster, change, as_json)
        click.echo(_("这是试运行，没有写入"), err=True)
        return
    if change.missing and remove_missing == keep_missing:
        _print_change(roster, change, as_json)
        raise UserError(
            message("有 {n} 所学校不在这份名册里（见上）。没有导入", n=len(change.missing)),
            message(
                "如果这些学校确实不再参加，请加上 --remove-missing 再运行；如果这份表只是补充，请加上 --keep-missing"
            ),
        )
    with database().write_session() as session:
        apply_roster(session, roster, keep_missing)
        names = ", ".join(file.name for file in files)
        add_audit_entry(session, clock().now(), command_actor(), "roster.import", f"{names}: {len(roster.schools)}")
    click.echo(_("已导入 {n} 所学校", n=len(roster.schools)), err=True)
    _print_change(roster, change, as_json)  # after the commit: a pipe that is closed early loses words, not schools


@group.command("template", help=_("写一份可以填写的名册模板（xlsx），附填写说明"))
@click.option("--out", required=True, type=file_argument, help=_("xlsx 文件"))
def template_command(out: Path) -> None:
    write_file(roster_template(current_app.extensions["categories"]), out)


@group.command("sample", help=_("从名册等概率抽样（如网评1%）：每班（年级、学校）抽第几位，可用同一种子重做"))
@click.option("--share", required=True, type=float, help=_("抽样比例，如 0.01"))
@click.option("--seed", required=True, type=int, help=_("随机种子，请事先公布或抽签决定"))
@click.option("--out", required=True, type=file_argument, help=_("csv 文件"))
def sample_command(share: float, seed: int, out: Path) -> None:
    with database().write_session() as session:
        rows = sample_rows(list_enrolment(session), share, seed)
        count = sum(row["sample"] for row in rows)
        detail = f"share {share:g}, seed {seed}: {count}"
        add_audit_entry(session, clock().now(), command_actor(), "roster.sample", detail)
        write_file(csv_text(rows, SAMPLE_COLUMNS).encode(), out)
    click.echo(_("抽取 {n} 人（共 {total} 人）", n=count, total=sum(row["population"] for row in rows)), err=True)


def _errors(roster: Roster) -> UserError:
    return UserError(
        *(issue.to_message() for issue in roster.errors),
        message("名册有 {n} 处错误，没有导入任何内容。请改正后重新导入", n=len(roster.errors)),
    )


def _summary(roster: Roster, change: RosterChange) -> dict[str, Any]:
    return {
        "schools": len(roster.schools),
        "populations": [
            {"school_code": code, "audience": audience, "population": population}
            for (code, audience), population in roster.audience_populations().items()
        ],
        "totals": {audience: {"before": before, "after": after}
                   for audience, (before, after) in change.totals.items()},
        "new": [code for code, _name in change.new],
        "changed": [code for code, _name in change.changed],
        "differences": {code: [{"what": render(entry.label), "before": entry.before, "after": entry.after}
                               for entry in entries] for code, entries in change.differences.items()},
        "gone": [code for code, _name in change.missing],
        "unchanged": change.unchanged,
        "skipped": [{"row": skipped.row, "text": skipped.text} for skipped in roster.skipped],
        "columns": [{"sheet": sheet.name, "column": letters, "heading": word, "means": render(meaning)}
                    for sheet in roster.sheets for letters, word, meaning in sheet.columns],
        "notes": [render(note) for note in change_notes(roster, change)],
    }  # fmt: skip


def _print_change(roster: Roster, change: RosterChange, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_summary(roster, change), ensure_ascii=False, indent=1))
        return
    _print_reading(roster)
    labels = (_("新增"), change.new), (_("有变化"), change.changed), (_("不再列出"), change.missing)
    for label, entries in labels:
        names = _("、").join(f"{name} ({code})" for code, name in entries[:MAX_LISTED]) + (
            "……" if len(entries) > MAX_LISTED else ""
        )
        click.echo(f"{label} {len(entries)}{_('：') + names if names else ''}")
        if entries is change.changed:
            _print_differences(change)
    click.echo(_("没有变化 {n}", n=change.unchanged))
    for audience, (before, after) in change.totals.items():
        click.echo(f"{render(column_label(audience))}{_('：')}{before:,} → {after:,}")
    for note in change_notes(roster, change):
        print_warning(" ".join(filter(None, (render(note), command_hint(note)))))
    sys.stdout.flush()


def _print_reading(roster: Roster) -> None:
    """What the sheets were taken for, and which rows were left out."""
    for sheet in roster.sheets:
        columns = _("、").join(f"{letters} {word} = {render(meaning)}" for letters, word, meaning in sheet.columns)
        click.echo(_("工作表“{sheet}”：{columns}", sheet=sheet.name, columns=columns))
    click.echo(
        _("{schools} 所学校，{cells} 个对象人数", schools=len(roster.schools), cells=len(roster.audience_populations()))
    )
    if roster.skipped:
        rows = _("、").join(f"{skipped.row} “{skipped.text}”" for skipped in roster.skipped[:MAX_LISTED])
        more = "……" if len(roster.skipped) > MAX_LISTED else ""
        click.echo(_("没有当作学校的行 {n}：{rows}", n=len(roster.skipped), rows=rows + more))


def _print_differences(change: RosterChange) -> None:
    for code, name in change.changed[:MAX_LISTED]:
        parts = _("、").join(
            f"{render(entry.label)} {entry.before} → {entry.after}" for entry in change.differences[code]
        )
        click.echo(f"  {name} ({code}){_('：')}{parts}")
