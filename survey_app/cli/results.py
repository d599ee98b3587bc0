"""``flask results``: what a sealed wave says."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _
from survey_app.measurement.ranking import RANKING_ERRORS
from survey_app.reporting.export_formats import ExportTable
from survey_app.reporting.number_format import FULL_DECIMALS
from survey_app.reporting.published_counts import COUNT_COLUMNS, count_rows
from survey_app.reporting.tabular.data_frames import has_parquet, write_data_frames
from survey_app.reporting.tabular.headings import column_headings
from survey_app.reporting.tabular.quality_table import QUALITY_COLUMNS, quality_rows
from survey_app.reporting.tabular.sample_estimate import ESTIMATE_COLUMNS, estimate_from_sample
from survey_app.reporting.tabular.tables import (
    INDEX_COLUMNS,
    index_rows,
    item_columns,
    item_rows,
    ranking_columns,
    ranking_rows,
)
from survey_app.reporting.xlsx.workbook import build_workbook

from . import result_marks  # noqa: F401  (it adds its verb to the group)
from .output import make_directory, out_option, write_file
from .result_group import full_option, group, headings_option, load_report, scheme_option, wave_option
from .tables import format_option, require_file_for, write_table


def _print_rows(
    rows: Iterable[dict[str, Any]], columns: tuple[str, ...], form: str, out: Path | None, full: bool,
    headings: str | None = None,
) -> None:  # fmt: skip
    words = column_headings(columns, headings) if headings else ()
    write_table(ExportTable(_("结果"), columns, rows, FULL_DECIMALS if full else None, headings=words), form, out)


def _table_options(function: Callable[..., None]) -> Callable[..., None]:
    """What every table of a wave takes."""
    for option in (headings_option, full_option, out_option, scheme_option, format_option, wave_option):
        function = option(function)
    return function


@group.command("indices", help=_("学校 × 对象 × 维度的指数、误差和满意率"))
@_table_options
def indices_command(
    wave_name: str, form: str, scheme: Path | None, out: Path | None, full: bool, headings: str | None
) -> None:
    require_file_for(form, out)
    _print_rows(index_rows(load_report(wave_name, scheme, full)), INDEX_COLUMNS, form, out, full, headings)


@group.command("items", help=_("学校 × 对象 × 题目的分布"))
@_table_options
def items_command(
    wave_name: str, form: str, scheme: Path | None, out: Path | None, full: bool, headings: str | None
) -> None:
    require_file_for(form, out)
    wave_report = load_report(wave_name, scheme, full)
    _print_rows(item_rows(wave_report), item_columns(wave_report), form, out, full, headings)


@group.command("ranking", help=_("分类综合得分、名次和名次区间"))
@_table_options
@click.option(
    "--errors", type=click.Choice(RANKING_ERRORS), default="level", show_default=True,
    help=_("名次用的误差：level 水平误差；sampling 只含抽样误差，供与其他软件（如 R 的 csranks）核对"),
)  # fmt: skip
def ranking_command(
    wave_name: str, form: str, scheme: Path | None, out: Path | None, full: bool, errors: str, headings: str | None
) -> None:
    require_file_for(form, out)
    wave_report = load_report(wave_name, scheme, full, errors)
    _print_rows(ranking_rows(wave_report), ranking_columns(wave_report), form, out, full, headings)


@group.command("quality", help=_("学校 × 对象的信号，去掉有信号的答卷以后的指数，纸卷和网上的差"))
@_table_options
def quality_command(
    wave_name: str, form: str, scheme: Path | None, out: Path | None, full: bool, headings: str | None
) -> None:
    require_file_for(form, out)
    _print_rows(quality_rows(load_report(wave_name, scheme, full)), QUALITY_COLUMNS, form, out, full, headings)


@group.command("report", help=_("Excel 工作簿"))
@wave_option
@scheme_option
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=_("xlsx 文件"))
def report_command(wave_name: str, scheme: Path | None, out: Path) -> None:
    with database().read_session() as session:
        office = load_office(session, settings())
    write_file(build_workbook(load_report(wave_name, scheme, False), office.name, clock().now()), out)


@group.command("frames", help=_("把指数、题目、排名写成 pandas 数据表（装有 pyarrow 时为 parquet，否则为 pickle）"))
@wave_option
@scheme_option
@full_option
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help=_("文件夹"))
def frames_command(wave_name: str, scheme: Path | None, full: bool, out: Path) -> None:
    report = load_report(wave_name, scheme, full)
    make_directory(out)
    for path in write_data_frames(report, out):
        click.echo(_("已写入 {file}", file=str(path)), err=True)
    if not has_parquet():
        click.echo(_("没有安装 pyarrow，写成了 pickle；用 pandas.read_pickle 读取"), err=True)


@group.command("from-counts", help=_("由已公布的计数表（每校每题每个选项一行）计算指数和满意率；列见 docs/files.md"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@format_option
@out_option
def from_counts_command(file: Path, form: str, out: Path | None) -> None:
    _print_rows(count_rows(file), COUNT_COLUMNS, form, out, full=True)


@group.command("from-sample", help=_("由抽样调查的答案（每人一行）推算全体的平均值和误差；列见 docs/files.md"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--counts", type=click.Path(dir_okay=False, path_type=Path),
              help=_("已知的总体人数（column, group, count），用来校准权数"))  # fmt: skip
@format_option
@out_option
def from_sample_command(file: Path, counts: Path | None, form: str, out: Path | None) -> None:
    figures = asdict(estimate_from_sample(file, counts))
    row = {name: None if value != value else value for name, value in figures.items()}
    _print_rows([row], ESTIMATE_COLUMNS, form, out, full=True)
