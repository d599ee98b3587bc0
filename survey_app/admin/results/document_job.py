"""The job that writes the reports of all schools: a ZIP with a folder a school, kept for a day on this machine."""

import secrets
import zipfile
from collections.abc import Mapping
from typing import Any

from survey_app.distribution.print_files import delete_old_prints, print_directory
from survey_app.foundation.errors import user_error
from survey_app.foundation.extensions import settings
from survey_app.foundation.job import JobContext
from survey_app.foundation.private_files import make_private_directory, make_private_file
from survey_app.foundation.stored_settings import load_office
from survey_app.foundation.translation import _, use_language
from survey_app.frame.queries import wave_by_id
from survey_app.reporting.build import build_report
from survey_app.reporting.documents.files import DOCUMENT_FORMATS
from survey_app.reporting.documents.model import Document
from survey_app.reporting.documents.school_report import SchoolReports
from survey_app.reporting.documents.sources import ExtraSources
from survey_app.reporting.wave_report import SchoolReport
from survey_app.web.download import file_name

from .report import scheme

EARLIEST = (1980, 1, 1, 0, 0, 0)  # nothing of the file depends on when it was made


def make_documents(context: JobContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Write every school's report in each format; safe to start again."""
    delete_old_prints()
    with context.database.read_session() as session:
        wave = wave_by_id(session, parameters["wave_id"])
        if wave is None or wave.sealed_at is None:
            raise user_error("批次封存以后才有结果，才能写报告")
        report = build_report(session, wave, context.categories, scheme())
        name = f"{wave.id}-reports-{secrets.token_hex(8)}.zip"
        make_private_directory(print_directory())
        make_private_file(print_directory() / name)
        with use_language(parameters["language"]), zipfile.ZipFile(print_directory() / name, "w") as archive:
            sources = ExtraSources(session, wave, report, context.categories, context.clock.now(), with_marks=True)
            reports = SchoolReports(report, load_office(session, settings()).name)
            for number, school in enumerate(report.schools, start=1):
                _add(archive, school, reports.document(school, sources.extras(school.code)))
                context.report_percent(number * 100 // len(report.schools))
    return {"file": name, "schools": len(report.schools)}


def _add(archive: zipfile.ZipFile, school: SchoolReport, document: Document) -> None:
    """The folder of one school."""
    folder = file_name(f"{school.code} {school.name}")
    for format_ in DOCUMENT_FORMATS:
        entry = zipfile.ZipInfo(f"{folder}/{_('学校报告')}.{format_.id}", EARLIEST)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        archive.writestr(entry, format_.write(document))
