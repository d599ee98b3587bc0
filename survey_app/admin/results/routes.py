"""The addresses of results, documents, comments, answers as rows, and verification."""

from survey_app.foundation.roles import OFFICE, READERS, RESULT_READERS, SCHOOL_READERS
from survey_app.foundation.route import Scope

from ..route_rows import action_row, page_row

WAVE = "/staff/waves/<int:wave_id>"
SCHOOL = "/staff/schools/<code>"
SCHOOL_WAVE = f"{SCHOOL}/waves/<int:wave_id>"
AUDIT = "results.document"
FORM = "<any(docx, pdf):form>"
COMMENTS = "/staff/waves/<int:wave_id>/comments"
WORDS = "/staff/comment-words"

ROUTES = (
    page_row(f"{WAVE}/results", "results.explorer:results", RESULT_READERS, scope=Scope.RELEASED),
    action_row(
        f"{WAVE}/results/count", "results.report:count_results", RESULT_READERS, "results.count", Scope.RELEASED
    ),
    page_row(f"{WAVE}/results/category", "results.explorer:results_category", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/school", "results.explorer:results_find", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/school/<code>", "results.explorer:results_school", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/questions", "results.explorer:results_questions", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/change", "results.explorer:results_change", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/quality", "results.explorer:results_quality", READERS),
    page_row(f"{WAVE}/results/method", "results.explorer:results_method", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results/all", "results.report:results_all", RESULT_READERS, scope=Scope.RELEASED),
    page_row(f"{WAVE}/results.xlsx", "results.report:workbook_file", RESULT_READERS, "results.report", Scope.RELEASED),
    page_row(f"{WAVE}/<any(indices, items, ranking):table>.csv", "results.report:table_file", READERS, "results.table"),
    page_row(f"{WAVE}/verification", "results.verification:verification", READERS),
    action_row(f"{WAVE}/verification", "results.verification:request_verification", READERS, "wave.verify"),
    page_row(f"{WAVE}/responses", "results.row_export:row_export", READERS),
    action_row(f"{WAVE}/responses/request", "results.row_export:request_row_export", READERS, "responses.request"),
    action_row(
        f"{WAVE}/responses/<int:approval_id>/confirm",
        "results.row_export:confirm_row_export",
        OFFICE,
        "responses.confirm",
    ),
    page_row(f"{WAVE}/responses.csv", "results.row_export:responses_file", READERS, "responses.export"),
    page_row(
        f"{WAVE}/<any(leader, district):kind>.{FORM}",
        "results.documents:district_document",
        RESULT_READERS,
        AUDIT,
        Scope.RELEASED,
    ),
    page_row(
        f"{WAVE}/results/school/<code>/report.{FORM}",
        "results.documents:school_document",
        RESULT_READERS,
        AUDIT,
        Scope.RELEASED,
    ),
    page_row(f"{SCHOOL_WAVE}/report.{FORM}", "results.documents:own_document", SCHOOL_READERS, AUDIT, Scope.SCHOOL),
    action_row(f"{WAVE}/documents", "results.documents:request_documents", OFFICE, "results.documents"),
    page_row(f"{WAVE}/documents/<int:job_id>", "results.documents:documents_progress", OFFICE),
    page_row(
        f"{WAVE}/documents/<int:job_id>/file.zip", "results.documents:documents_file", OFFICE, "results.documents"
    ),
    page_row(COMMENTS, "results.comments:comments", READERS),
    action_row(COMMENTS, "results.comments:save_review", OFFICE, "comments.review"),
    page_row(f"{COMMENTS}.csv", "results.comments:comment_file", READERS, "comments.export"),
    page_row(f"{COMMENTS}.xlsx", "results.comments:comment_book", READERS, "comments.export"),
    page_row(WORDS, "results.comment_words:comment_words", OFFICE),  # names that are covered are for the office only
    action_row(f"{WORDS}/topics", "results.comment_words:save_comment_topics", OFFICE, "comments.topics"),
    action_row(f"{WORDS}/names", "results.comment_words:save_comment_names", OFFICE, "comments.names"),
)
