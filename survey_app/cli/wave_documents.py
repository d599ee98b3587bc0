"""``flask documents``: reports of a wave as files to be signed and handed on."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import current_app

from survey_app.assessment.years import wave_of, year_by_name
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import clock, database, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _, frame_languages, language, render, use_language
from survey_app.frame.queries import wave_by_name
from survey_app.reporting.documents.files import DOCUMENT_FORMATS, DOCUMENT_KINDS
from survey_app.reporting.documents.school_report import SchoolReports
from survey_app.reporting.documents.sources import ExtraSources
from survey_app.reporting.wave_report import SchoolReport, WaveReport
from survey_app.web.download import file_name

from .document_group import group
from .output import make_directory, write_file
from .result_group import load_report, scheme_option

_OPTIONS = (
    click.option("--wave", "wave_name", help=_("批次名称")),
    click.option("--year", "year_name", help=_("考核年度，代替批次：写它的批次")),
    click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help=_("文件夹")),
    click.option("--format", "form", type=click.Choice(DOCUMENT_FORMATS.ids()), default="pdf", show_default=True,
                 help=_("文件格式")),
    click.option("--lang", "tag", type=click.Choice(frame_languages()), help=_("文件的语言，不写则同命令行")),
    scheme_option,
)  # fmt: skip


def _document_options(function: Callable[..., None]) -> Callable[..., None]:
    """What the commands of this file have in common."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@group.command("school-reports", help=_("学校报告（每校一个文件），Word 或 PDF，可以签字下发"))
@_document_options
@click.option("--school", "code", help=_("只写这所学校（代码）"))
def school_reports_command(out: Path, form: str, tag: str | None, code: str | None, **of: Any) -> None:
    report = _load(**of)
    schools = [school for school in report.schools if code in (None, school.code)]
    if not schools:
        raise user_error("批次“{wave}”里没有代码为 {code} 的学校", wave=report.wave, code=code)
    make_directory(out)
    with use_language(tag or language()):
        _write_schools(report, schools, out, form)


@group.command("leader-page", help=_("领导页（一页 A4），Word 或 PDF，可以签字下发"))
@_document_options
def leader_page_command(**options: Any) -> None:
    _write_of_district("leader", **options)


@group.command("district-report", help=_("全区报告，Word 或 PDF，可以签字下发"))
@_document_options
def district_report_command(**options: Any) -> None:
    _write_of_district("district", **options)


def _load(wave_name: str | None, year_name: str | None, scheme: Path | None) -> WaveReport:
    if (wave_name is None) is (year_name is None):
        raise click.UsageError(_("请写 --wave 或 --year 中的一个"))
    if wave_name is None:
        with database().read_session() as session:
            wave = wave_of(session, year_by_name(session, str(year_name)))
            assert wave is not None
            wave_name = wave.name
    return load_report(wave_name, scheme, False)


def _write_of_district(kind: str, out: Path, form: str, tag: str | None, **of: Any) -> None:
    build = DOCUMENT_KINDS[kind].build
    assert build is not None
    report = _load(**of)
    make_directory(out)
    with use_language(tag or language()):
        document = build(report, _office_name())
        name = _("{wave} {title}", wave=report.wave, title=render(DOCUMENT_KINDS[kind].label))
        write_file(DOCUMENT_FORMATS[form].write(document), out / file_name(f"{name}.{form}"))


def _office_name() -> str:
    with database().read_session() as session:
        return load_office(session, settings()).name


def _write_schools(report: WaveReport, schools: list[SchoolReport], out: Path, form: str) -> None:
    format_, reports = DOCUMENT_FORMATS[form], SchoolReports(report, _office_name())
    with database().read_session() as session:
        wave = wave_by_name(session, report.wave)
        sources = ExtraSources(
            session, wave, report, current_app.extensions["categories"], clock().now(), with_marks=True
        )
        with click.progressbar(schools, label=_("学校报告"), file=sys.stderr) as bar:
            for school in bar:
                document = reports.document(school, sources.extras(school.code))
                write_file(format_.write(document), out / file_name(f"{school.code} {school.name}.{form}"))
