"""``flask results``: what a sealed wave says."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask import current_app

from survey_app.accounts.audit import add_audit_entry, command_actor
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _, frame_languages
from survey_app.frame.queries import wave_by_name
from survey_app.integrity.jobs import TALLY_JOB
from survey_app.measurement.ranking import RANKING_ERRORS
from survey_app.reporting.build import TalliesMissing, build_report
from survey_app.reporting.disclosure.figures import DisclosurePolicy
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
from survey_app.reporting.wave_report import WaveReport
from survey_app.reporting.xlsx.workbook import build_workbook

from .foreground import run_jobs_in_foreground
from .output import CommandGroup, make_directory, out_option, write_file
from .scheme_group import load_scheme
from .tables import format_option, require_file_for, write_table

group = CommandGroup("results", help=_("结果"))
wave_option = click.option("--wave", "wave_name", required=True, help=_("批次名称"))
scheme_option = click.option(
    "--scheme", type=click.Path(dir_okay=False, path_type=Path), help=_("考核方案文件，不写则用默认方案")
)
headings_option = click.option(
    "--headings", type=click.Choice(frame_languages()),
    help=_("列名写成这种语言的词（csv、xlsx），不写则是供程序用的名字；json 总是名字"),
)  # fmt: skip
full_option = click.option("--full", is_flag=True, help=_("不隐藏小样本、10 位小数，仅供督导室内部；使用会记入审计"))


def load_report(wave_name: str, scheme: Path | None, full: bool, errors: str = "level") -> WaveReport:
    """The report of a wave; answers that were not counted for the scheme are counted first."""
    loaded_scheme = load_scheme(scheme)
    categories = current_app.extensions["categories"]
    if full:
        with database().write_session() as session:
            add_audit_entry(session, clock().now(), command_actor(), "results.full", wave_name)
    policy = DisclosurePolicy.FULL if full else DisclosurePolicy.PUBLIC

    def build() -> WaveReport:
        with database().read_session() as session:
            wave = wave_by_name(session, wave_name)
            return build_report(session, wave, categories, loaded_scheme, policy, errors=errors)

    try:
        wave_report = build()
    except TalliesMissing as missing:
        run_jobs_in_foreground(TALLY_JOB, missing.parameters, _("按这份方案计数"))
        wave_report = build()
    click.echo(_("考核方案：{id}（{document}）", id=loaded_scheme.id, document=loaded_scheme.document or "—"), err=True)
    return wave_report


def _print_rows(
    rows: Iterable[dict[str, Any]], columns: tuple[str, ...], form: str, out: Path | None, full: bool,
    headings: str | None = None,
) -> None:  # fmt: skip
    words = column_headings(columns, headings) if headings else ()
    write_table(ExportTable(_("结果"), columns, rows, FULL_DECIMALS if full else None, headings=words), form, out)


@group.command("indices", help=_("学校 × 对象 × 维度的指数、误差和满意率"))
@wave_option
@format_option
@scheme_option
@out_option
@full_option
@headings_option
def indices_command(
    wave_name: str, form: str, scheme: Path | None, out: Path | None, full: bool, headings: str | None
) -> None:
    require_file_for(form, out)
    _print_rows(index_rows(load_report(wave_name, scheme, full)), INDEX_COLUMNS, form, out, full, headings)


@group.command("items", help=_("学校 × 对象 × 题目的分布"))
@wave_option
@format_option
@scheme_option
@out_option
@full_option
@headings_option
def items_command(
    wave_name: str, form: str, scheme: Path | None, out: Path | None, full: bool, headings: str | None
) -> None:
    require_file_for(form, out)
    wave_report = load_report(wave_name, scheme, full)
    _print_rows(item_rows(wave_report), item_columns(wave_report), form, out, full, headings)


@group.command("ranking", help=_("分类综合得分、名次和名次区间"))
@wave_option
@format_option
@scheme_option
@out_option
@full_option
@click.option(
    "--errors", type=click.Choice(RANKING_ERRORS), default="level", show_default=True,
    help=_("名次用的误差：level 水平误差；sampling 只含抽样误差，供与其他软件（如 R 的 csranks）核对"),
)  # fmt: skip
@headings_option
def ranking_command(
    wave_name: str, form: str, scheme: Path | None, out: Path | None, full: bool, errors: str, headings: str | None
) -> None:
    require_file_for(form, out)
    wave_report = load_report(wave_name, scheme, full, errors)
    _print_rows(ranking_rows(wave_report), ranking_columns(wave_report), form, out, full, headings)


@group.command("quality", help=_("学校 × 对象的信号，去掉有信号的答卷以后的指数，纸卷和网上的差"))
@wave_option
@format_option
@scheme_option
@out_option
@full_option
@headings_option
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


from . import result_documents, result_marks  # noqa: E402,F401  (they add their verbs to the group)
