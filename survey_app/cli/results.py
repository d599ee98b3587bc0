"""``flask results``: what a sealed wave says."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from flask import current_app

from survey_app.accounts.audit import command_actor, record
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.translation import _
from survey_app.frame.queries import wave_named
from survey_app.reporting.build import report
from survey_app.reporting.tabular.csv_writer import csv_text
from survey_app.reporting.tabular.tables import (
    FULL_DECIMALS,
    INDICES,
    RANKING,
    index_rows,
    item_columns,
    item_rows,
    ranking_rows,
)
from survey_app.reporting.wave_report import WaveReport
from survey_app.reporting.xlsx.workbook import workbook

from .output import Group, out_option, saved, written
from .scheme import scheme_from

group = Group("results", help=_("结果"))
wave_option = click.option("--wave", "wave_name", required=True, help=_("批次名称"))
format_option = click.option("--format", "form", type=click.Choice(("csv", "json")), default="csv", show_default=True)
scheme_option = click.option(
    "--scheme", type=click.Path(dir_okay=False, path_type=Path), help=_("考核方案文件，不写则用默认方案")
)
full_option = click.option("--full", is_flag=True, help=_("不隐藏小样本、10 位小数，仅供督导室内部；使用会记入审计"))


def _report(wave_name: str, scheme: Path | None, full: bool) -> WaveReport:
    chosen = scheme_from(scheme)
    categories = current_app.extensions["categories"]
    if full:
        with database().committed() as session:
            record(session, clock().now(), command_actor(), "results.full", wave_name)
    with database().reading() as session:
        found = report(session, wave_named(session, wave_name), categories, chosen, full)
    click.echo(_("考核方案：{id}（{document}）", id=chosen.id, document=chosen.document or "—"), err=True)
    return found


def _print(rows: Iterable[dict[str, Any]], columns: tuple[str, ...], form: str, out: Path | None, full: bool) -> None:
    if form == "json":
        written(json.dumps(list(rows), ensure_ascii=False, indent=1) + "\n", out)
    else:
        written(csv_text(rows, columns, FULL_DECIMALS if full else None), out)


@group.command("indices", help=_("学校 × 对象 × 维度的指数、误差和满意率"))
@wave_option
@format_option
@scheme_option
@out_option
@full_option
def indices_command(wave_name: str, form: str, scheme: Path | None, out: Path | None, full: bool) -> None:
    _print(index_rows(_report(wave_name, scheme, full)), INDICES, form, out, full)


@group.command("items", help=_("学校 × 对象 × 题目的分布"))
@wave_option
@format_option
@scheme_option
@out_option
@full_option
def items_command(wave_name: str, form: str, scheme: Path | None, out: Path | None, full: bool) -> None:
    found = _report(wave_name, scheme, full)
    _print(item_rows(found), item_columns(found), form, out, full)


@group.command("ranking", help=_("分类综合得分、名次和名次区间"))
@wave_option
@format_option
@scheme_option
@out_option
@full_option
def ranking_command(wave_name: str, form: str, scheme: Path | None, out: Path | None, full: bool) -> None:
    _print(ranking_rows(_report(wave_name, scheme, full)), RANKING, form, out, full)


@group.command("report", help=_("Excel 工作簿"))
@wave_option
@scheme_option
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("xlsx 文件"))
def report_command(wave_name: str, scheme: Path | None, out: Path) -> None:
    saved(workbook(_report(wave_name, scheme, False), settings().office, clock().now()), out)
