"""The addresses of documents that are made of the results of a wave."""

from survey_app.foundation.roles import OFFICE, RESULT_READERS, SCHOOL_READERS
from survey_app.foundation.route import Scope

from .route_rows import action_row, page_row

WAVE = "/staff/waves/<int:wave_id>"
SCHOOL_WAVE = "/staff/schools/<code>/waves/<int:wave_id>"
FORM = "<any(docx, pdf):form>"
AUDIT = "results.document"

DOCUMENT_ROUTES = (
    page_row(
        f"{WAVE}/<any(leader, district):kind>.{FORM}", "documents:district_document", RESULT_READERS, AUDIT,
        Scope.RELEASED,
    ),
    page_row(
        f"{WAVE}/results/school/<code>/report.{FORM}", "documents:school_document", RESULT_READERS, AUDIT,
        Scope.RELEASED,
    ),
    page_row(f"{SCHOOL_WAVE}/report.{FORM}", "documents:own_document", SCHOOL_READERS, AUDIT, Scope.SCHOOL),
    action_row(f"{WAVE}/documents", "documents:request_documents", OFFICE, "results.documents"),
    page_row(f"{WAVE}/documents/<int:job_id>", "documents:documents_progress", OFFICE),
    page_row(f"{WAVE}/documents/<int:job_id>/file.zip", "documents:documents_file", OFFICE, "results.documents"),
)  # fmt: skip
