"""``flask results documents``: reports as files to be signed and handed on."""

from pathlib import Path

import click
from flask import current_app

from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import database, settings
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _, frame_languages, language, render, use_language
from survey_app.frame.queries import wave_by_name
from survey_app.reporting.documents.files import DOCUMENT_FORMATS, DOCUMENT_KINDS
from survey_app.reporting.documents.school_report import SchoolReports
from survey_app.reporting.documents.sources import ExtraSources
from survey_app.reporting.wave_report import SchoolReport, WaveReport
from survey_app.web.download import file_name

from .output import make_directory, write_file
from .result_group import group, load_report, scheme_option, wave_option


@group.command("documents", help=_("学校报告（每校一个文件）、领导页或全区报告，Word 或 PDF，可以签字下发"))
@wave_option
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help=_("文件夹"))
@click.option("--kind", type=click.Choice(DOCUMENT_KINDS.ids()), default="school", show_default=True,
              help=_("学校报告、领导页或全区报告"))  # fmt: skip
@click.option("--school", "code", help=_("只写这所学校（代码）"))
@click.option("--format", "form", type=click.Choice(DOCUMENT_FORMATS.ids()), default="pdf", show_default=True,
              help=_("文件格式"))  # fmt: skip
@click.option("--lang", "tag", type=click.Choice(frame_languages()), help=_("文件的语言，不写则同命令行"))
@scheme_option
def documents_command(
    wave_name: str, out: Path, kind: str, code: str | None, form: str, tag: str | None, scheme: Path | None
) -> None:
    build = DOCUMENT_KINDS[kind].build
    if build is not None and code is not None:
        raise user_error("领导页和全区报告不分学校：请去掉 --school")
    report = load_report(wave_name, scheme, False)
    schools = [] if build else _chosen(report, code)
    make_directory(out)
    with use_language(tag or language()):
        if build is None:
            _write_schools(report, schools, out, form)
            return
        document = build(report, _office_name())
        name = _("{wave} {title}", wave=report.wave, title=render(DOCUMENT_KINDS[kind].label))
        write_file(DOCUMENT_FORMATS[form].write(document), out / file_name(f"{name}.{form}"))


def _office_name() -> str:
    with database().read_session() as session:
        return load_office(session, settings()).name


def _chosen(report: WaveReport, code: str | None) -> list[SchoolReport]:
    schools = [school for school in report.schools if code in (None, school.code)]
    if not schools:
        raise user_error("批次“{wave}”里没有代码为 {code} 的学校", wave=report.wave, code=code)
    return schools


def _write_schools(report: WaveReport, schools: list[SchoolReport], out: Path, form: str) -> None:
    format_, reports = DOCUMENT_FORMATS[form], SchoolReports(report, _office_name())
    with database().read_session() as session:
        wave = wave_by_name(session, report.wave)
        sources = ExtraSources(session, wave, report, current_app.extensions["categories"], with_marks=True)
        for school in schools:
            document = reports.document(school, sources.extras(school.code))
            write_file(format_.write(document), out / file_name(f"{school.code} {school.name}.{form}"))
